//! Which words of the command line are captures and which are the filter.

use super::arguments::looks_like_a_file;
use crate::filter::{Filter, FilterError, FilterErrorKind};
use crate::source::{self, SourceError};
use anyhow::bail;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

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
            bail!("which capture? Name its file behind the verb (`wirelore read FILE`), or `-` for standard input");
        };
        if !looks_like_a_file(first) && is_a_filter(first) {
            bail!("{}: a filter stands behind the capture: FILE {0} (and -e names a field only with -T fields)", first.display());
        }
        let files = 1 + rest.iter().take_while(|word| looks_like_a_file(word) && !is_a_filter(word)).count();
        let behind = words[files..].iter().map(|word| utf8(word)).collect::<anyhow::Result<Vec<_>>>()?.join(" ");
        let text = match (filter, behind.is_empty()) {
            (Some(filter), true) => filter,
            (Some(_), false) => bail!("two filters: one behind --filter and one behind the files; join them with `and`"),
            (None, _) => &behind,
        };
        let filter = match Filter::parse(text) {
            Ok(filter) => filter,
            Err(error) => match words.get(files).and_then(|word| missing_file(word, &error)) {
                Some(missing) => return Err(missing.into()),
                None => return Err(source::open(Path::new(first)).err().filter(is_missing).map_or_else(|| error.into(), Into::into)),
            },
        };
        let files = std::iter::once(first).chain(&rest[..files - 1]).map(PathBuf::from).collect();
        Ok(Self { files, filter })
    }
}

/// Standard input can be named once: whoever reads it second finds nothing there.
///
/// # Errors
/// It is named twice.
pub(super) fn check_standard_input<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    let times = files.into_iter().filter(|file| file.as_os_str() == source::STANDARD_INPUT).count();
    anyhow::ensure!(times < 2, "standard input (-) is named {times} times and can be read once: write what comes first to a file");
    Ok(())
}

/// Takes the number of a conversation from behind the files. Behind a filter stands none: `tcp port 80` ends with a port.
pub(super) fn split_number(words: &[OsString]) -> (&[OsString], Option<u64>) {
    let number = words.split_last().filter(|(_, files)| !files.is_empty() && files.iter().all(|word| looks_like_a_file(word)));
    match number.and_then(|(last, files)| Some((files, last.to_str()?.parse().ok()?))) {
        Some((files, number)) => (files, Some(number)),
        None => (words, None),
    }
}

/// Where the first word behind the files makes no sense as a filter but would as a file: that there is none. `captures/arp.pcapn` is
/// not meant as a word of the language.
fn missing_file(word: &OsStr, error: &FilterError) -> Option<SourceError> {
    let unknown = matches!(*error.kind, FilterErrorKind::UnknownWord(_) | FilterErrorKind::UnknownField(_));
    let is_path = ["/", "./", "../"].iter().any(|begin| word.to_string_lossy().starts_with(begin));
    if !(unknown || is_path) || error.span.start > word.len() || !is_path && error.span.end > word.len() {
        return None;
    }
    let missing = source::open(Path::new(word)).err()?;
    match &missing {
        SourceError::NotFound { nearest, .. } if nearest.is_some() || word.to_string_lossy().contains('/') => Some(missing),
        _ => None,
    }
}

fn is_missing(error: &SourceError) -> bool {
    matches!(error, SourceError::NotFound { .. })
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
