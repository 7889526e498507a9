//! Names of `--ignore` and `--only`: of fields, headers and causes.

use crate::cli::arguments::DiffArguments;
use crate::diff::hop::Fate;
use crate::diff::runs;
use crate::diff::{Cause, PacketField, Selection};
use crate::nearest::nearest;
use crate::render::diff::runs::field_called;
use anyhow::bail;

/// Which differences count. Where it is not known yet what is compared, any header's name may stand there.
pub(super) fn selection(arguments: &DiffArguments, is_points: bool) -> anyhow::Result<Selection> {
    let check = |names: &[String]| names.iter().map(|name| check(name.trim(), is_points)).collect::<anyhow::Result<Vec<Box<str>>>>();
    let selection = Selection { ignore: check(&arguments.ignore)?, only: check(&arguments.only)?, strict: arguments.strict };
    if !selection.only.is_empty() && selection.only.iter().all(|name| !selection.counts(&[name])) {
        bail!("--ignore takes all of --only away: nothing is left to be compared");
    }
    Ok(selection)
}

/// What a name of a report stands for: a field by its word, what is behind that word, or the last part of a path in a JSON document.
fn meant(name: &str) -> Option<String> {
    if let Some(field) = field_called(name) {
        return Some(field.id().to_owned());
    }
    let spaces = name.char_indices().filter(|(_, letter)| *letter == ' ').map(|(at, _)| at);
    let parts = spaces.filter_map(|at| Some((name.get(..at)?, name.get(at + 1..)?)));
    let own = parts.filter(|(word, _)| field_called(word).is_some()).map(|(_, own)| own).next_back().unwrap_or(name);
    let last = own.rsplit('/').find(|part| !part.is_empty() && part.parse::<u64>().is_err());
    last.filter(|last| *last != name && runs::check_name(last).is_ok()).map(str::to_owned)
}

/// The names of what can differ between points.
fn of_points() -> impl Iterator<Item = &'static str> + Clone {
    let fields = PacketField::ALL.into_iter().flat_map(|field| std::iter::once(field.id()).chain(field.other_ids().iter().copied()));
    let causes = Cause::ALL.into_iter().map(Cause::word);
    fields.chain(causes).chain(Fate::ALL.into_iter().flat_map(|fate| fate.words().iter().copied()))
}

/// A name that stands for something, or for a family of it.
fn check(name: &str, is_points: bool) -> anyhow::Result<Box<str>> {
    let holds = |known: &str| {
        known.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
            && known.get(name.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if name.is_empty() {
        bail!("--ignore and --only take names: of fields (ip.ttl), headers (User-Agent) or causes (router)");
    }
    if of_points().any(holds) || !is_points && runs::check_name(name).is_ok() {
        return Ok(name.into());
    }
    let of_runs = runs::known_names().filter(|_| !is_points);
    let what =
        if is_points { "no field of packets and no cause of a change between points" } else { "no field, header or cause of a difference" };
    let meant = if is_points { None } else { meant(name) };
    match meant.as_deref().or_else(|| nearest(name, of_points().chain(of_runs))) {
        Some(nearest) => bail!("{name}: {what} is called so; did you mean {nearest}?"),
        None => bail!("{name}: {what} is called so; man wirelore-diff tells of them"),
    }
}
