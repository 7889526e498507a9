//! The notes on every frame, before the first is written: what is only certain later stands with the frame that it is about.

use super::input::Input;
use super::listen::listen;
use super::notebook::Notebook;
use crate::explain::{Explainer, Note, Repeat};
use crate::reassembly::Limits;
use std::collections::{HashMap, HashSet};

/// Notes by the number of the frame that they stand with.
pub(super) type Annotations = HashMap<u64, Vec<Note>>;

/// Reads the captures once, for the notes alone.
pub(super) fn annotations(input: &Input, uses_names: bool, explainer: Explainer) -> anyhow::Result<Annotations> {
    let mut notebook = Notebook::new(explainer);
    let listened = listen(input, &Limits::default(), uses_names, &mut notebook, |heard, notebook| {
        notebook.observe(heard);
        Ok(true)
    })?;
    notebook.finish(&listened);
    let mut annotations = Annotations::new();
    let mut placed: Vec<(u64, Note)> = notebook.into_placed().collect();
    placed.sort_by_key(|(frame, _)| *frame);
    // A lesson stands once, as it does under frames.
    let mut taught = HashSet::new();
    placed.retain(|(_, note)| note.rule().repeat == Repeat::Each || taught.insert(note.rule().id));
    for (frame, note) in placed {
        annotations.entry(frame).or_default().push(note);
    }
    Ok(annotations)
}
