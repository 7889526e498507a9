//! Lessons on a page: one in full, all in a list, and all as a page of the manual.

use super::{Lesson, lessons};
use crate::explain::{Rule, rules};
use crate::render::note::severity_word;
use crate::render::style::{Palette, Role};
use crate::render::wrap;

/// What stands before the text of a lesson's part.
const INDENT: usize = 2;

/// Appends a lesson in full, in lines of at most `width` characters.
pub fn push_lesson(out: &mut Vec<u8>, rule: &Rule, lesson: &Lesson, palette: &Palette, width: usize) {
    palette.paint(out, Role::Network, |out| out.extend_from_slice(rule.id.as_bytes()));
    out.extend_from_slice(b": ");
    out.extend_from_slice(lesson.title.as_bytes());
    palette.paint(out, Role::Dim, |out| {
        out.extend_from_slice(b" (");
        out.extend_from_slice(severity_word(rule.severity).as_bytes());
        out.push(b')');
    });
    out.extend_from_slice(b"\n");
    for (head, text) in parts(lesson) {
        out.push(b'\n');
        palette.paint(out, Role::Transport, |out| out.extend_from_slice(head.as_bytes()));
        out.push(b'\n');
        for line in Lines::of(text) {
            match line {
                Line::Paragraph(text) => wrap::push(out, &text, INDENT, width),
                Line::AsItIs(line) => {
                    out.resize(out.len() + INDENT, b' ');
                    out.extend_from_slice(line.as_bytes());
                    out.push(b'\n');
                }
                Line::Empty => out.push(b'\n'),
            }
        }
    }
    out.extend_from_slice(b"\n");
    palette.paint(out, Role::Transport, |out| out.extend_from_slice(b"Where it is specified"));
    out.push(b'\n');
    wrap::push(out, rule.reference, INDENT, width);
}

/// The parts of a lesson that have text, each with its head.
fn parts(lesson: &Lesson) -> impl Iterator<Item = (&'static str, &'static str)> {
    [("What is seen", lesson.seen), ("Why it happens", lesson.why), ("Worked out", lesson.worked), ("What to try", lesson.advice)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
}

/// Appends every rule whose id begins with `under`, a line each.
pub fn push_list(out: &mut Vec<u8>, under: &str, palette: &Palette) {
    let chosen = || rules().filter(|rule| rule.id.starts_with(under));
    let width = chosen().map(|rule| rule.id.len()).max().unwrap_or_default();
    for rule in chosen() {
        let title = super::lesson(rule.id).map_or("", |lesson| lesson.title);
        palette.paint(out, Role::Network, |out| out.extend_from_slice(rule.id.as_bytes()));
        out.resize(out.len() + width - rule.id.len() + 2, b' ');
        palette.paint(out, Role::Dim, |out| out.extend_from_slice(severity_word(rule.severity).as_bytes()));
        out.resize(out.len() + "warning".len() - severity_word(rule.severity).len() + 2, b' ');
        out.extend_from_slice(title.as_bytes());
        out.push(b'\n');
    }
}

/// Appends all lessons as the body of a manual page, in the language of man(7).
pub fn push_manual(out: &mut Vec<u8>) {
    let mut subject = "";
    for lesson in lessons() {
        let Some(rule) = rules().find(|rule| rule.id == lesson.rule) else { continue };
        if rule.subject() != subject {
            subject = rule.subject();
            out.extend_from_slice(b".SH ");
            out.extend_from_slice(subject.to_uppercase().as_bytes());
            out.push(b'\n');
        }
        out.extend_from_slice(b".SS ");
        push_roff(out, rule.id);
        out.extend_from_slice(b": ");
        push_roff(out, lesson.title);
        out.extend_from_slice(b"\n");
        for (head, text) in parts(lesson) {
            out.extend_from_slice(b".TP\n.B ");
            push_roff(out, head);
            out.extend_from_slice(b"\n");
            push_roff_text(out, text);
        }
        out.extend_from_slice(b".TP\n.B Specified in\n");
        push_roff(out, rule.reference);
        out.push(b'\n');
    }
}

fn push_roff_text(out: &mut Vec<u8>, text: &'static str) {
    let mut as_it_is = false;
    for line in Lines::of(text) {
        let is = matches!(line, Line::AsItIs(_));
        if is != as_it_is {
            out.extend_from_slice(if is { b".sp\n.nf\n".as_slice() } else { b".fi\n" });
            as_it_is = is;
        }
        match line {
            Line::Paragraph(text) => push_roff(out, &text),
            Line::AsItIs(line) => push_roff(out, line),
            Line::Empty => out.extend_from_slice(b".sp"),
        }
        out.push(b'\n');
    }
    if as_it_is {
        out.extend_from_slice(b".fi\n");
    }
}

/// Appends text as roff shows it: nothing at the beginning of a line is a request, no dash becomes a hyphen.
fn push_roff(out: &mut Vec<u8>, text: &str) {
    if text.starts_with(['.', '\'']) {
        out.extend_from_slice(b"\\&");
    }
    for character in text.chars() {
        match character {
            '\\' => out.extend_from_slice(b"\\e"),
            '-' => out.extend_from_slice(b"\\-"),
            '\'' => out.extend_from_slice(b"\\(aq"),
            '^' => out.extend_from_slice(b"\\(ha"),
            '~' => out.extend_from_slice(b"\\(ti"),
            '`' => out.extend_from_slice(b"\\(ga"),
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// A line, or a paragraph to be wrapped.
enum Line {
    Paragraph(String),
    AsItIs(&'static str),
    Empty,
}

/// The paragraphs of a text.
struct Lines {
    rest: std::iter::Peekable<std::str::Lines<'static>>,
}

impl Lines {
    fn of(text: &'static str) -> Self {
        Self { rest: text.trim_matches('\n').lines().peekable() }
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let first = self.rest.next()?;
        if first.trim().is_empty() {
            return Some(Line::Empty);
        }
        if first.starts_with("    ") {
            return Some(Line::AsItIs(first));
        }
        let mut text = first.to_owned();
        while let Some(next) = self.rest.next_if(|next| !next.trim().is_empty() && !next.starts_with("    ")) {
            text.push(' ');
            text.push_str(next.trim());
        }
        Some(Line::Paragraph(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule = Rule::lesson("test.rule", "RFC 0 1");
    static LESSON: Lesson = Lesson {
        rule: "test.rule",
        title: "A title",
        seen: "One line\nand its end.\n\nAnother.",
        why: "",
        worked: "The bits:\n    1010",
        advice: "",
    };

    #[test]
    fn paragraphs_are_wrapped_and_what_is_indented_stands_as_it_is() {
        let mut out = Vec::new();
        push_lesson(&mut out, &RULE, &LESSON, &Palette::plain(), 20);
        let expected = "test.rule: A title (info)\n\nWhat is seen\n  One line and its\n  end.\n\n  Another.\n\nWorked out\n  The bits:\n      1010\n\n\
                        Where it is specified\n  RFC 0 1\n";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn nothing_in_a_lesson_is_taken_for_a_request_of_roff() {
        let mut out = Vec::new();
        push_roff(&mut out, ".x -a\\");
        assert_eq!(String::from_utf8_lossy(&out), "\\&.x \\-a\\e");
    }
}
