//! Lessons: one in full, or a list of them.

use crate::cli::form::terminal_width;
use crate::cli::output::Output;
use crate::explain::rules;
use crate::render::lesson::{lesson, push_lesson, push_list};
use crate::render::style::Palette;

/// Shows the lesson of a rule; of a subject the list of its rules.
pub(super) fn run(word: &str, palette: &Palette, out: &mut Output) -> anyhow::Result<()> {
    let rule = rules().find(|rule| rule.id == word);
    match rule.and_then(|rule| Some((rule, lesson(rule.id)?))) {
        Some((rule, lesson)) => push_lesson(&mut out.pending, rule, lesson, palette, terminal_width()),
        None => push_list(&mut out.pending, word, palette),
    }
    out.settle()
}
