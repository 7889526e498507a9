//! `wirelore explain`: what a word means: an address, a prefix, a link address, a name, a capture or a lesson.

mod address;
mod known;
mod lesson;
mod story;
mod word;

use super::arguments::ExplainArguments;
use super::input::check_standard_input;
use super::output::Output;
use super::{Outcome, color, say};
use crate::render::style::Palette;
use known::Known;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use word::Word;

/// Runs the verb.
pub(super) fn run(arguments: &ExplainArguments) -> anyhow::Result<Outcome> {
    if let (Some(wanted), true) = (&arguments.layers, arguments.words.is_empty()) {
        anyhow::bail!("--layers {wanted}: a number and then the capture are wanted: `wirelore explain --layers 1 FILE`");
    }
    let words = arguments.words.iter().map(|word| word::decide(word)).collect::<anyhow::Result<Vec<Word<'_>>>>()?;
    anyhow::ensure!(
        !words.is_empty() || arguments.list,
        "explain what? An address (192.168.1.11), a prefix (10.0.0.0/8), a link address, a name, a capture or a lesson (--list names them)"
    );
    let captures: Vec<&Path> = words.iter().filter_map(Word::capture).collect();
    let read: Vec<PathBuf> = captures.iter().map(PathBuf::from).collect();
    check_standard_input(read.iter().chain(&arguments.host).chain(&arguments.from))?;
    let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
    colored::control::set_override(coloured);
    let palette = if coloured { Palette::coloured() } else { Palette::plain() };
    let asks = words.iter().any(|word| matches!(word, Word::Address(_) | Word::Name(_)));
    let known = if asks { Known::gather(arguments)? } else { Known::default() };
    let mut out = Output::new();
    let mut damage = known.damage().to_vec();
    if arguments.list {
        lesson::run("", &palette, &mut out)?;
    }
    match &arguments.layers {
        Some(wanted) => {
            anyhow::ensure!(!captures.is_empty(), "--layers is about an exchange of a capture: which capture?");
            damage.extend(story::layers(&captures, wanted, arguments, &palette, &mut out)?);
        }
        None if captures.is_empty() => {}
        None => damage.extend(story::run(&captures, arguments, &palette, &mut out)?),
    }
    let mut others = Vec::new();
    for word in words {
        match word {
            Word::Capture(_) => {}
            Word::Lesson(id) => lesson::run(id, &palette, &mut out)?,
            Word::Address(_) | Word::Name(_) => others.push(word),
        }
    }
    if !others.is_empty() && !captures.is_empty() && !arguments.json {
        out.pending.push(b'\n');
    }
    address::run(&others, &known, arguments.json, &palette, &mut out)?;
    out.flush()?;
    for damage in &damage {
        say(damage);
    }
    Ok(if damage.is_empty() { Outcome::Done } else { Outcome::Damaged })
}
