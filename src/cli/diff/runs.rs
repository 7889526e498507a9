//! The same thing, done twice.

use super::order::in_order;
use super::see::title;
use crate::cli::arguments::DiffArguments;
use crate::cli::input::Input;
use crate::cli::listen::listen_to;
use crate::cli::output::Output;
use crate::cli::progress::open_all;
use crate::cli::say;
use crate::diff::runs::{Comparison, Run, RunCollector, is_field, known_names, settle};
use crate::diff::{Digester, Selection};
use crate::explain::Explainer;
use crate::nearest::nearest;
use crate::reassembly::Limits;
use crate::render::diff::points::Telling as PointsTelling;
use crate::render::diff::push_why_runs;
use crate::render::diff::runs::{Telling, field_called, push, push_brief, push_json, push_side_by_side};
use crate::render::time::TimeForm;
use crate::source::Source;
use crate::source::ordered::Copies;
use anyhow::{bail, ensure};
use std::mem;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

/// Tells what came out otherwise. Gives what could not be read, and whether there is a difference. `is_judged` where the captures were read
/// before and are runs by what they hold; else that was asked for.
pub(super) fn tell(
    input: &Input,
    is_judged: bool,
    arguments: &DiffArguments,
    selection: &Selection,
    telling: &PointsTelling<'_>,
    out: &mut Output,
) -> anyhow::Result<(Vec<String>, bool)> {
    let [left, right] = input.files.as_slice() else { bail!("two captures are compared as runs, and {} are named", input.files.len()) };
    if is_judged {
        ensure!(
            input.files.iter().all(|file| !super::see::is_standard(file)),
            "the captures share no packet for sure, so they are compared as two runs; that reads them a second time, and standard input can be \
             read once: say --runs, and they are at once, or --points"
        );
    }
    let (mut runs, damage) = both([left, right], input)?;
    ensure!(
        input.filter.passes_everything() || runs.iter().any(|run| run.frames > 0),
        "no frame of either capture passes the filter: nothing is compared"
    );
    settle(&mut runs);
    check_names(&runs, selection)?;
    ensure!(runs.iter().any(|run| run.holds_any_of(selection)), "neither capture holds anything of what --only names: nothing is compared");
    let comparison = Comparison::between(&runs[0], &runs[1], selection);
    let titles = [title(left), title(right)];
    let telling = Telling {
        titles: [&titles[0], &titles[1]],
        palette: telling.palette,
        width: telling.width,
        all: telling.all,
        // Two runs are of other times: they are shown where one asks for them.
        time: if arguments.time_letters == 0 { TimeForm::Without } else { telling.time },
        numeric: arguments.numeric > 0,
    };
    let pending = &mut out.pending;
    if arguments.json {
        push_json(pending, &comparison, &telling);
    } else if arguments.brief {
        pending.extend_from_slice(b"runs: ");
        push_brief(pending, &comparison, &telling);
    } else {
        push_why_runs(pending, !is_judged);
        if arguments.side_by_side {
            push_side_by_side(pending, &comparison, &telling);
        } else {
            push(pending, &comparison, &telling);
        }
    }
    let differs = comparison.differs();
    // The process ends now: giving back millions of small pieces of memory one by one would take a tenth of its time.
    mem::forget(comparison);
    mem::forget(runs);
    Ok((damage, differs))
}

/// Names that are no field's may be those of headers, parameters, cookies and keys; one of them must be there, where only that is to be
/// compared. What is to be ignored need not be there, and that is said.
fn check_names(runs: &[Run; 2], selection: &Selection) -> anyhow::Result<()> {
    let is_known = |name: &str| is_field(name) || runs.iter().any(|run| run.has_name(name));
    let meant = |name: &str| {
        let called = field_called(name).map(|field| field.id().to_owned());
        let said = runs.iter().flat_map(Run::names_said);
        let known: Vec<&str> = known_names().collect();
        called.or_else(|| nearest(name, said.chain(known)).map(str::to_owned))
    };
    let none = "neither capture has a header, parameter, cookie or key of this name, and it is no field of runs";
    if let Some(name) = selection.only.iter().find(|name| !is_known(name)) {
        match meant(name) {
            Some(meant) => bail!("--only {name}: {none}; did you mean {meant}?"),
            None => bail!("--only {name}: {none}; man wirelore-diff tells of the fields"),
        }
    }
    for name in selection.ignore.iter().filter(|name| !is_known(name)) {
        match meant(name) {
            Some(meant) => say(&format!("--ignore {name}: {none}; did you mean {meant}?")),
            None => say(&format!("--ignore {name}: {none}: it takes nothing away")),
        }
    }
    Ok(())
}

/// Reads two captures at once, and gives what could not be read.
fn both([left, right]: [&PathBuf; 2], input: &Input) -> anyhow::Result<([Run; 2], Vec<String>)> {
    let digester = Digester::new();
    let (left, right) = thread::scope(|scope| {
        match thread::Builder::new().spawn_scoped(scope, || run(right, input, digester)) {
            Ok(other) => (run(left, input, digester), other.join().unwrap_or_else(|panic| resume_unwind(panic))),
            // There is no room for another thread.
            Err(_) => (run(left, input, digester), run(right, input, digester)),
        }
    });
    let ((left, mut damage), (right, more)) = (left?, right?);
    damage.extend(more);
    Ok(([left, right], damage))
}

/// Reads a capture as what was done in it, and gives what could not be read.
fn run(file: &Path, input: &Input, digester: Digester) -> anyhow::Result<(Run, Vec<String>)> {
    // Both are read at once: a core for each.
    let ((mut run, mut damage), arranged) =
        in_order(file, Copies::LeftOut, |file| open_all(&[file]), |source| heard(source, input, digester))?;
    run.repeated = arranged.repeated;
    damage.extend(arranged.damage(file));
    Ok((run, damage))
}

fn heard(source: &mut dyn Source, input: &Input, digester: Digester) -> anyhow::Result<(Run, Vec<String>)> {
    let limits = Limits::default();
    let mut listeners = (RunCollector::new(&limits, &digester), Explainer::of_conversations());
    let mut notes = Vec::new();
    // Conversations are matched by the names of their servers, whatever is shown.
    let listened = listen_to(source, &input.filter, &limits, true, &mut listeners, |heard, (collector, explainer)| {
        let scene = heard.scene();
        explainer.observe(&scene);
        notes.extend(explainer.take_notes());
        collector.observe(&scene, heard.passes);
        Ok(true)
    })?;
    let (collector, mut explainer) = listeners;
    explainer.finish(&listened.ending());
    notes.extend(explainer.take_notes());
    let run = collector.finish(&listened.ending(), notes);
    Ok((run, listened.damage))
}
