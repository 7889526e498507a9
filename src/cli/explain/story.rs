//! The story of a capture.

use crate::cli::arguments::ExplainArguments;
use crate::cli::form::terminal_width;
use crate::cli::input::Input;
use crate::cli::listen::listen;
use crate::cli::notebook::Notebook;
use crate::cli::output::Output;
use crate::explain::story::StoryWatch;
use crate::filter::Filter;
use crate::reassembly::Limits;
use crate::render::story::{Telling, push, push_json};
use crate::render::style::Palette;
use std::path::{Path, PathBuf};

/// Tells the story of captures, which are one time line. Gives what could not be read, in words.
pub(super) fn run(files: &[&Path], arguments: &ExplainArguments, palette: &Palette, out: &mut Output) -> anyhow::Result<Vec<String>> {
    let input = Input { files: files.iter().map(PathBuf::from).collect(), filter: Filter::parse("")? };
    let limits = Limits::default();
    let mut listeners = (StoryWatch::new(&limits), Notebook::default());
    let listened = listen(&input, &limits, arguments.numeric == 0, &mut listeners, |heard, (watch, notebook)| {
        notebook.observe(heard);
        watch.observe(&heard.scene());
        Ok(true)
    })?;
    let (watch, mut notebook) = listeners;
    notebook.finish(&listened);
    let (notes, explainer) = notebook.into_notes();
    let story = watch.tell(&listened.ending(), explainer.surroundings(), notes);
    if arguments.json {
        push_json(&mut out.pending, &story, &listened.names);
    } else {
        let title = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ");
        let telling = Telling { title: &title, names: &listened.names, palette, width: terminal_width(), all: arguments.verbose > 0 };
        push(&mut out.pending, &story, &telling);
    }
    out.settle()?;
    Ok(listened.damage)
}
