//! Which words of the command line are captures and which are the filter.

use super::arguments::looks_like_a_file;
use crate::filter::Filter;
use anyhow::bail;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// What a verb that reads captures was given.
pub(super) struct Input {
    /// The captures; never empty.
    pub(super) files: Vec<PathBuf>,
    /// Which of their frames count.
    pub(super) filter: Filter,
}

impl Input {
    /// The first word is a capture; those that follow are captures as long as they look like files and not like a filter (`./tcp` is the
    /// file), and from there on it is the filter.
    pub(super) fn parse(words: &[OsString], filter: Option<&str>) -> anyhow::Result<Self> {
        let Some((first, rest)) = words.split_first() else {
            bail!("which capture? Try `wirelore read FILE`, or `-` for standard input");
        };
        let files = 1 + rest.iter().take_while(|word| looks_like_a_file(word) && !is_a_filter(word)).count();
        let behind = words[files..].iter().map(|word| utf8(word)).collect::<anyhow::Result<Vec<_>>>()?.join(" ");
        let text = match (filter, behind.is_empty()) {
            (Some(filter), true) => filter,
            (Some(_), false) => bail!("two filters: one behind --filter and one behind the files; join them with `and`"),
            (None, _) => &behind,
        };
        let files = std::iter::once(first).chain(&rest[..files - 1]).map(PathBuf::from).collect();
        Ok(Self { files, filter: Filter::parse(text)? })
    }
}

fn is_a_filter(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| Filter::parse(word).is_ok())
}

fn utf8(word: &OsStr) -> anyhow::Result<&str> {
    match word.to_str() {
        Some(word) => Ok(word),
        None => bail!("{}: there is no such file, and a filter is UTF-8", word.to_string_lossy()),
    }
}
