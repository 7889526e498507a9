//! A mistake in a filter, shown where it stands: the expression, a caret under the word, and what was probably meant.

use super::escape;
use crate::filter::{FilterError, Hint};

/// How many columns of an expression are shown: with more it would wrap on many a terminal, and the caret would point elsewhere.
const COLUMNS: usize = 76;

/// Appends the message, without a line end.
///
/// ```text
/// filter: I know no word `prot`
///   prot 80 and host 10.0.0.1
///   ^^^^ did you mean `port`?
/// ```
pub fn push(out: &mut Vec<u8>, error: &FilterError) {
    out.extend_from_slice(format!("filter: {error}\n  ").as_bytes());
    // Backslashes are words of the language: they are shown as they were typed.
    let text = |range: Option<&str>| escape::text(range.unwrap_or_default().as_bytes()).replace("\\\\", "\\");
    let before = text(error.expression.get(..error.span.start));
    let word = text(error.expression.get(error.span.clone()));
    let after = text(error.expression.get(error.span.end..));

    let word = first_columns(&word, COLUMNS / 2);
    let word_width = width(word);
    let room = COLUMNS - word_width;
    let after_width = width(&after);
    let before_shown = last_columns(&before, room.saturating_sub(after_width).max(room / 2));
    let before_cut = before_shown.len() < before.len();
    let before_width = width(before_shown) + if before_cut { 2 } else { 0 };
    let after_shown = first_columns(&after, room.saturating_sub(before_width));

    if before_cut {
        out.extend_from_slice(b"..");
    }
    out.extend_from_slice(before_shown.as_bytes());
    out.extend_from_slice(word.as_bytes());
    out.extend_from_slice(after_shown.as_bytes());
    if after_shown.len() < after.len() {
        out.extend_from_slice(b"..");
    }
    out.extend_from_slice(b"\n  ");
    out.extend(std::iter::repeat_n(b' ', before_width));
    out.extend(std::iter::repeat_n(b'^', word_width.max(1)));
    match &error.hint {
        Some(Hint::DidYouMean(suggestion)) => out.extend_from_slice(format!(" did you mean `{suggestion}`?").as_bytes()),
        Some(Hint::Advice(advice)) => out.extend_from_slice(format!(" {advice}").as_bytes()),
        None => {}
    }
}

/// How many columns a text takes on a terminal.
fn width(text: &str) -> usize {
    text.chars().map(column_count).sum()
}

/// The beginning of a text that fits into so many columns.
fn first_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += column_count(*character);
        used > columns
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The end of a text that fits into so many columns.
fn last_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let start = text.char_indices().rev().find(|(_, character)| {
        used += column_count(*character);
        used > columns
    });
    start.and_then(|(at, character)| text.get(at + character.len_utf8()..)).unwrap_or(text)
}

/// How many columns a character takes: none for marks that stand over another, two for the wide scripts (Unicode annex 11).
fn column_count(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{64b}'..='\u{65f}'
        | '\u{200c}'..='\u{200d}'
        | '\u{20d0}'..='\u{20f0}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    fn drawn(expression: &str) -> String {
        let mut out = Vec::new();
        push(&mut out, &Filter::parse(expression).unwrap_err());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_caret_stands_under_the_word() {
        assert_eq!(
            drawn("prot 80 and host 10.0.0.1"),
            "filter: I know no word `prot`\n  prot 80 and host 10.0.0.1\n  ^^^^ did you mean `port`?"
        );
        assert_eq!(
            drawn("host 10.0.0.1 and"),
            "filter: the filter ends where a question, such as `host 10.0.0.1` or `tcp.port == 80`, should stand\n  host 10.0.0.1 and\n                   ^"
        );
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        // Wide characters take two columns, escaped ones as many as their escape.
        let wide = drawn("frame.comment == \"日本\u{1b}\\\\é\" foo");
        let lines: Vec<&str> = wide.lines().collect();
        assert_eq!(lines[1], "  frame.comment == \"日本\\x1b\\\\é\" foo");
        assert_eq!(lines[2].find('^'), Some("  frame.comment == \"1122\\x1b\\\\.\" ".len()));
    }

    #[test]
    fn a_long_expression_is_cut_around_the_word() {
        let long = format!("{}prot 80{}", "host 10.0.0.1 or ".repeat(50), " or host 10.0.0.1".repeat(50));
        let lines = drawn(&long);
        let lines: Vec<&str> = lines.lines().collect();
        assert!(lines[1].len() <= COLUMNS + 6, "{}", lines[1].len());
        let caret = lines[2].find('^').unwrap();
        assert_eq!(&lines[1][caret..caret + 4], "prot");
    }
}
