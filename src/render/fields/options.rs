//! What `-E` asks of the columns, in tshark's words.

use super::FieldsError;

/// Which values of a field that occurs more than once in a frame are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Occurrence {
    /// All of them, joined.
    #[default]
    All,
    /// The first.
    First,
    /// The last.
    Last,
}

/// How columns are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldsOptions {
    /// What stands between two columns.
    pub separator: char,
    /// What stands between two values of one column.
    pub aggregator: char,
    /// What stands around a column that is not empty; a quote in it is doubled, as in CSV (RFC 4180).
    pub quote: Option<char>,
    /// Whether the names stand in a first line.
    pub header: bool,
    /// Which values are shown.
    pub occurrence: Occurrence,
}

impl Default for FieldsOptions {
    fn default() -> Self {
        Self { separator: '\t', aggregator: ',', quote: None, header: false, occurrence: Occurrence::All }
    }
}

impl FieldsOptions {
    /// Reads options like `separator=,` and `header=y`; a later one counts.
    ///
    /// # Errors
    /// Where a word is none of the options, or its value none that the option takes.
    pub fn parse<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Result<Self, FieldsError> {
        let mut options = Self::default();
        for word in words {
            options.set(word.as_ref()).ok_or_else(|| FieldsError::Option { word: word.as_ref().to_owned() })?;
        }
        Ok(options)
    }

    fn set(&mut self, word: &str) -> Option<()> {
        match word.split_once('=')? {
            ("separator", value) => self.separator = character(value)?,
            ("aggregator", value) => self.aggregator = character(value)?,
            ("header", "y") => self.header = true,
            ("header", "n") => self.header = false,
            ("quote", "d") => self.quote = Some('"'),
            ("quote", "s") => self.quote = Some('\''),
            ("quote", "n") => self.quote = None,
            ("occurrence", "a") => self.occurrence = Occurrence::All,
            ("occurrence", "f") => self.occurrence = Occurrence::First,
            ("occurrence", "l") => self.occurrence = Occurrence::Last,
            _ => return None,
        }
        Some(())
    }
}

/// `/t` for a tab, `/s` for a space, or a character as it is.
fn character(value: &str) -> Option<char> {
    let mut characters = value.chars();
    match (characters.next()?, characters.next(), characters.next()) {
        ('/', Some('t'), None) => Some('\t'),
        ('/', Some('s'), None) => Some(' '),
        (character, None, None) => Some(character),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_tshark() {
        let options = FieldsOptions::parse(["header=y", "separator=,", "quote=d", "aggregator=/s", "occurrence=l"]).unwrap();
        let expected = FieldsOptions { separator: ',', aggregator: ' ', quote: Some('"'), header: true, occurrence: Occurrence::Last };
        assert_eq!(options, expected);
        assert_eq!(FieldsOptions::parse(["separator=/t", "header=y", "header=n"]).unwrap(), FieldsOptions::default());
    }

    #[test]
    fn what_is_no_option_is_named_with_those_that_are() {
        for word in ["header", "header=maybe", "separator=ab", "separator=", "seperator=,"] {
            let error = FieldsOptions::parse([word]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("-E {word}: ")) && error.contains("separator="), "{error}");
        }
    }
}
