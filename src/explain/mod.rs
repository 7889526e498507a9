//! What the evidence shows: notes, as data. Words are put on them by render.

mod checksum;
mod fragments;
mod note;

pub use checksum::{ChecksumWatch, Finding};
pub use fragments::{FragmentFacts, fragment_notes};
pub use note::{Facts, Note, Severity};
