//! What a word that was typed is: decided by how it looks, and by whether there is such a file.

use crate::cli::arguments::looks_like_a_file;
use crate::explain::address::written::{self, Written};
use crate::explain::rules;
use crate::render::escape;
use crate::source;
use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::path::Path;

/// A word, and what it is.
#[derive(Debug)]
pub(super) enum Word<'a> {
    /// A capture: a file that there is, or `-`.
    Capture(&'a Path),
    /// A lesson (`route.gateway`), or the subject of several (`route`).
    Lesson(&'a str),
    /// An address, a prefix or a link address.
    Address(Written),
    /// A name, of a host or of nothing at all.
    Name(&'a str),
}

impl<'a> Word<'a> {
    /// The capture, where it is one.
    pub(super) fn capture(&self) -> Option<&'a Path> {
        match self {
            Self::Capture(file) => Some(file),
            Self::Lesson(_) | Self::Address(_) | Self::Name(_) => None,
        }
    }
}

/// Decides what a word is: a lesson by its id, then a file, then an address, then a name. What is a lesson's name and a file's is told.
pub(super) fn decide(word: &OsStr) -> anyhow::Result<Word<'_>> {
    let is_file = word == source::STANDARD_INPUT || Path::new(word).is_file();
    let Some(text) = word.to_str() else {
        if is_file {
            return Ok(Word::Capture(Path::new(word)));
        }
        bail!("{}: no file has this name, and an address or a name is text", escape::text(word.as_encoded_bytes()));
    };
    if rules().any(|rule| rule.id == text || rule.subject() == text) {
        if is_file {
            bail!("{text} is a lesson and a file: write ./{text} for the file, or go where there is no such file for the lesson");
        }
        return Ok(Word::Lesson(text));
    }
    if is_file {
        return Ok(Word::Capture(Path::new(word)));
    }
    if let Some(read) = written::read(text) {
        return read.map(Word::Address).with_context(|| text.to_owned());
    }
    if looks_like_a_file(word) || text.contains('/') {
        // Says that there is none, and which was meant.
        source::open(Path::new(word))?;
    }
    Ok(Word::Name(text))
}
