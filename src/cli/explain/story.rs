//! The story of a capture.

use crate::cli::arguments::ExplainArguments;
use crate::cli::form::terminal_width;
use crate::cli::host_file;
use crate::cli::input::Input;
use crate::cli::listen::listen;
use crate::cli::notebook::Notebook;
use crate::cli::output::Output;
use crate::cli::say;
use crate::cli::told::{say_holes, say_left_out};
use crate::conversation::names::Between;
use crate::explain::story::StoryWatch;
use crate::explain::story::finder::{Finder, Wanted};
use crate::explain::story::layers::StackWatch;
use crate::filter::Filter;
use crate::reassembly::Limits;
use crate::render::story::{Telling, push, push_json, push_layers, push_layers_json};
use crate::render::style::Palette;
use crate::source::STANDARD_INPUT;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Tells the story of captures, which are one time line. Gives what could not be read, in words.
pub(super) fn run(files: &[&Path], arguments: &ExplainArguments, palette: &Palette, out: &mut Output) -> anyhow::Result<Vec<String>> {
    let input = Input { files: files.iter().map(PathBuf::from).collect(), filter: Filter::parse("")? };
    let limits = Limits { conversations: Limits::STORY_KNOWN, ..Limits::default() };
    let mut listeners = (StoryWatch::new(&limits), Notebook::new(host_file::explainer(&arguments.host)?));
    let listened = listen(&input, &limits, arguments.numeric == 0, &mut listeners, |heard, (watch, notebook)| {
        notebook.observe(heard);
        watch.observe(&heard.scene());
        Ok(true)
    })?;
    let (watch, mut notebook) = listeners;
    notebook.finish(&listened);
    let (notes, explainer) = notebook.into_notes();
    let story = watch.tell(&listened.ending(), explainer.surroundings(), notes);
    let holes = listened.conversations.put_away().holes;
    if arguments.json {
        let limits = [("notes", explainer.left_out()), ("forgotten", explainer.forgotten()), ("holes", holes)];
        push_json(&mut out.pending, &story, &listened.names, &limits);
    } else {
        let telling =
            Telling { title: &title(files), names: &listened.names, palette, width: terminal_width(), all: arguments.verbose > 0 };
        push(&mut out.pending, &story, &telling);
    }
    out.settle()?;
    say_holes(holes);
    say_left_out(explainer.left_out(), explainer.forgotten());
    Ok(listened.damage)
}

/// What captures are called.
fn title(files: &[&Path]) -> String {
    let name = |file: &&Path| {
        if file.as_os_str() == STANDARD_INPUT { "standard input".to_owned() } else { file.display().to_string() }
    };
    let names: Vec<String> = files.iter().map(name).collect();
    match names.as_slice() {
        [one] => one.clone(),
        many => format!("The time line of {}", many.join(", ")),
    }
}

/// Shows one exchange as the stack that it is.
pub(super) fn layers(
    files: &[&Path],
    wanted: &str,
    arguments: &ExplainArguments,
    palette: &Palette,
    out: &mut Output,
) -> anyhow::Result<Vec<String>> {
    let wanted = wanted_of(wanted)?;
    anyhow::ensure!(
        files.iter().all(|file| file.as_os_str() != STANDARD_INPUT),
        "--layers reads the capture twice, and standard input can be read only once: write it to a file first"
    );
    let input = Input { files: files.iter().map(PathBuf::from).collect(), filter: Filter::parse("")? };
    let limits = Limits::default();
    let mut finder = Finder::new(wanted, &limits);
    let listened = listen(&input, &limits, false, &mut finder, |heard, finder| {
        finder.observe(&heard.scene());
        Ok(true)
    })?;
    let target = match finder.finish() {
        Ok(target) => target,
        Err((exchanges, frames)) => {
            listened.damage.iter().for_each(|damage| say(damage));
            bail!("--layers: there is no {}", how_many(wanted, exchanges, frames));
        }
    };
    let mut watch = StackWatch::new(target, &limits);
    let mut listened = listen(&input, &limits, arguments.numeric == 0, &mut watch, |heard, watch| {
        watch.observe(&heard.scene());
        Ok(true)
    })?;
    let stack = watch.finish();
    if let (Some(kind), Some(ends), Some(last)) = (stack.kind, stack.ends, stack.frames.last()) {
        listened.names.turn_to(Some(Between::until(*last, kind, ends)));
    }
    if arguments.json {
        push_layers_json(&mut out.pending, &stack);
    } else {
        push_layers(&mut out.pending, &stack, &listened.names, palette, terminal_width());
    }
    out.settle()?;
    Ok(listened.damage)
}

/// What was asked for: `3`, or `frame:17`.
fn wanted_of(text: &str) -> anyhow::Result<Wanted> {
    let number = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
    let wanted = match text.strip_prefix("frame:") {
        Some(frame) => number(frame).map(Wanted::Frame),
        None => number(text).map(Wanted::Exchange),
    };
    wanted.with_context(|| {
        format!("--layers {text}: a number is wanted, 1 for the first line of `wirelore http`, or frame:17 for the conversation of a frame")
    })
}

/// What there is instead of what was wanted.
fn how_many(wanted: Wanted, exchanges: u64, frames: u64) -> String {
    match wanted {
        Wanted::Exchange(number) if exchanges == 1 => {
            format!("exchange {number}: `wirelore http` lists one; frame:{number} means a frame")
        }
        Wanted::Exchange(number) if exchanges > 0 => {
            format!("exchange {number}: `wirelore http` lists 1 to {exchanges}; frame:{number} means a frame")
        }
        Wanted::Exchange(number) => format!("HTTP in the capture, and no frame {number} either: it has {frames}"),
        Wanted::Frame(number) => format!("frame {number}: the capture has {frames}"),
    }
}
