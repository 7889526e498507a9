//! What the evidence shows: notes, as data. Words are put on them by render.

mod checksum;
mod note;

pub use checksum::{ChecksumWatch, Finding};
pub use note::{Facts, Note, Severity};
