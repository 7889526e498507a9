//! The same thing, done twice.

use super::Seen;
use super::see::{alone, title};
use crate::cli::arguments::DiffArguments;
use crate::cli::input::Input;
use crate::cli::listen::listen;
use crate::cli::notebook::Notebook;
use crate::cli::output::Output;
use crate::diff::runs::{Comparison, Run, RunCollector};
use crate::diff::{Digester, Selection};
use crate::reassembly::Limits;
use crate::render::diff::points::Telling as PointsTelling;
use crate::render::diff::push_why_runs;
use crate::render::diff::runs::{Telling, push, push_brief, push_json, push_side_by_side};
use anyhow::{bail, ensure};

/// Tells what came out otherwise. Gives what could not be read, and whether there is a difference. `seen` is what judged that these are
/// runs; `None` where that was asked for.
pub(super) fn tell(
    input: &Input,
    seen: Option<&Seen>,
    arguments: &DiffArguments,
    selection: &Selection,
    telling: &PointsTelling<'_>,
    out: &mut Output,
) -> anyhow::Result<(Vec<String>, bool)> {
    let [left, right] = input.files.as_slice() else { bail!("two captures are compared as runs, and {} are named", input.files.len()) };
    if seen.is_some() {
        ensure!(
            input.files.iter().all(|file| !super::see::is_standard(file)),
            "the captures share no packet for sure, so they are compared as two runs; that reads them a second time, and standard input can be \
             read once: say --runs, and they are at once, or --points"
        );
    }
    let digester = Digester::new();
    let mut damage = Vec::new();
    let uses_names = arguments.numeric == 0;
    let runs = [run(left, input, digester, uses_names, &mut damage)?, run(right, input, digester, uses_names, &mut damage)?];
    let comparison = Comparison::between(&runs[0], &runs[1], selection);
    let titles = [title(left), title(right)];
    let telling = Telling { titles: [&titles[0], &titles[1]], palette: telling.palette, width: telling.width };
    let pending = &mut out.pending;
    if arguments.json {
        push_json(pending, &comparison, &telling);
    } else if arguments.brief {
        pending.extend_from_slice(b"runs: ");
        push_brief(pending, &comparison, &telling);
    } else {
        push_why_runs(pending, seen.is_none());
        if arguments.side_by_side {
            push_side_by_side(pending, &comparison, &telling);
        } else {
            push(pending, &comparison, &telling);
        }
    }
    Ok((damage, comparison.differs()))
}

/// Reads a capture as what was done in it.
fn run(file: &std::path::Path, input: &Input, digester: Digester, uses_names: bool, damage: &mut Vec<String>) -> anyhow::Result<Run> {
    let limits = Limits::default();
    let mut listeners = (RunCollector::new(&limits, &digester), Notebook::default());
    let listened = listen(&alone(file, input), &limits, uses_names, &mut listeners, |heard, (collector, notebook)| {
        notebook.observe(heard);
        collector.observe(&heard.scene(), heard.passes);
        Ok(true)
    })?;
    let (collector, mut notebook) = listeners;
    notebook.finish(&listened);
    let (notes, _) = notebook.into_notes();
    let run = collector.finish(&listened.ending(), notes);
    damage.extend(listened.damage);
    Ok(run)
}
