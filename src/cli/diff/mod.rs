//! `wirelore diff`: what differs between captures, and why.

mod names;
mod nothing;
mod order;
mod points;
mod runs;
mod see;

use super::arguments::DiffArguments;
use super::form::terminal_width;
use super::input::{Input, check_standard_input};
use super::output::Output;
use super::{Outcome, color, say};
use crate::diff::Digester;
use crate::diff::path::Path;
use crate::diff::question::{Judgement, Question};
use crate::render::diff::points::Telling;
use crate::render::style::Palette;
use crate::render::time::TimeForm;
use anyhow::{bail, ensure};
use see::{Seen, see};
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &DiffArguments) -> anyhow::Result<Outcome> {
    ensure!(!arguments.words.is_empty(), "compare what? Two captures are wanted: `wirelore diff LEFT RIGHT`");
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    check_standard_input(&input.files)?;
    if let [only] = input.files.as_slice() {
        bail!("{}: compare it with what? Two captures are wanted: `wirelore diff {0} RIGHT`", only.display());
    }
    ensure!(input.files.len() == 2 || !arguments.runs, "--runs compares two captures, and {} are named", input.files.len());
    ensure!(
        input.files.len() == 2 || !arguments.side_by_side,
        "-y shows two captures beside each other, and {} are named: name those of one hop",
        input.files.len()
    );
    let is_forced = arguments.points || arguments.packet.is_some();
    let selection = names::selection(arguments, is_forced || input.files.len() > 2)?;
    let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
    colored::control::set_override(coloured);
    let palette = if coloured { Palette::coloured() } else { Palette::plain() };
    let time = if arguments.time_letters == 0 { TimeForm::TimeOfDay } else { TimeForm::from_count(arguments.time_letters) };
    let telling = Telling { palette: &palette, width: terminal_width(), all: arguments.verbose > 0, time };
    let mut out = Output::new();
    if arguments.runs {
        let (damage, differs) = runs::tell(&input, false, arguments, &selection, &telling, &mut out)?;
        out.flush()?;
        return Ok(ended(&damage, differs));
    }
    let mut seen = Seen::default();
    let digester = Digester::new();
    for file in &input.files {
        if let Err(error) = see(file, &input, digester, arguments.numeric == 0, &mut seen) {
            // What is left of several points is compared, and then it is said what is missing.
            ensure!(input.files.len() > 2, error);
            seen.damage.push(format!("{error:#}; it is left out"));
        }
    }
    if seen.points.len() < 2 {
        bail!("{}", seen.damage.join("\n"));
    }
    ensure!(
        input.filter.passes_everything() || seen.points.iter().any(|point| point.frames > 0),
        "no frame of any of these captures passes the filter: nothing is compared"
    );
    if !input.filter.passes_everything() {
        let words = arguments.words.iter().map(|word| word.to_string_lossy());
        let asked: Vec<_> = words.chain(arguments.filter.as_deref().map(Into::into)).collect();
        nothing::explain(&input, &asked.join(" "), &seen);
    }
    let path = Path::along(&seen.points);
    if !is_forced && input.files.len() == 2 && are_runs(&seen, &path) {
        // They are read once more, as runs: what is known of them as points would take its memory beside that.
        drop((path, seen));
        let (damage, differs) = runs::tell(&input, true, arguments, &selection, &telling, &mut out)?;
        out.flush()?;
        return Ok(ended(&damage, differs));
    }
    let selection = names::selection(arguments, true)?;
    let differs = points::tell(&input, &seen, &path, arguments, &selection, &telling, &mut out)?;
    out.flush()?;
    Ok(ended(&seen.damage, differs))
}

/// Whether two captures are the same thing done twice. Where one holds nothing, or neither a conversation, there is nothing to tell of that.
fn are_runs(seen: &Seen, path: &Path) -> bool {
    let ([left, right], [hop]) = (seen.points.as_slice(), path.hops.as_slice()) else { return false };
    let both_hold_frames = left.frames > 0 && right.frames > 0;
    let has_conversations = !left.conversations.is_empty() || !right.conversations.is_empty();
    both_hold_frames && has_conversations && Judgement::of(left, right, &hop.pairing).question == Question::Runs
}

/// Says what could not be read, and how it ended.
fn ended(damage: &[String], differs: bool) -> Outcome {
    damage.iter().for_each(|damage| say(damage));
    match (damage.is_empty(), differs) {
        (false, _) => Outcome::Damaged,
        (true, true) => Outcome::Different,
        (true, false) => Outcome::Done,
    }
}
