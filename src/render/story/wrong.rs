//! What is wrong, most serious first, with the proof and what to try.

use super::words::{say_frames, say_other_ports};
use super::{INDENT, Telling};
use crate::explain::story::{Story, Wrong};
use crate::explain::{Note, Severity};
use crate::render::lesson::lesson;
use crate::render::note::{push_at_length, push_in_brief, push_statement};
use crate::render::sentence::{Counted, Sentence};
use crate::render::style::Role;
use crate::render::wrap;

/// How many notes of one rule are told, and of how many rules.
const OF_A_RULE: usize = 2;
const RULES: usize = 10;
/// How many frames are named that show the same at other ports.
const FRAMES: usize = 12;

/// Appends what is wrong.
pub(super) fn push(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    if story.wrong.is_empty() {
        let text = "No rule of wirelore finds something wrong in it. (That says what this capture shows and what the rules look for, and no more: \
                    wirelore explain --list names them.)";
        return wrap::push(out, text, INDENT, telling.width);
    }
    let mut rules: Vec<(&'static str, Vec<&Wrong>)> = Vec::new();
    for wrong in &story.wrong {
        let id = wrong.note.rule().id;
        match rules.iter_mut().find(|(other, _)| *other == id) {
            Some((_, notes)) => notes.push(wrong),
            None => rules.push((id, vec![wrong])),
        }
    }
    let shown = if telling.all { rules.len() } else { RULES };
    for (id, notes) in rules.iter().take(shown) {
        push_rule(out, telling, id, notes);
    }
    let more: usize = rules.iter().skip(shown).map(|(_, notes)| notes.len()).sum();
    if more > 0 {
        line(out, telling, INDENT, |sentence| {
            write!(sentence, "And {}, of other rules. With -v all of them are told.", Counted(more as u64, "more note"));
        });
    }
}

/// Appends the notes of one rule, and what to try.
fn push_rule(out: &mut Vec<u8>, telling: &Telling<'_>, id: &str, all: &[&Wrong]) {
    let most = if telling.all { all.len() } else { OF_A_RULE };
    // What says the same word for word is said once: as of the questions for both kinds of address of one name.
    let mut said: Vec<Vec<u8>> = Vec::new();
    let mut shown = 0;
    for wrong in all {
        let mut statement = Vec::new();
        push_statement(&mut statement, &wrong.note, telling.names);
        if said.len() >= most || !telling.all && wrong.effects.is_empty() && said.contains(&statement) {
            continue;
        }
        said.push(statement);
        shown += 1;
        push_note(out, telling, &wrong.note);
        push_effects(out, telling, &wrong.effects);
        push_other_ports(out, telling, wrong);
        if wrong.more_places > 0 {
            line(out, telling, INDENT + 2, |sentence| {
                write!(sentence, "So it is in {} of that connection.", Counted(wrong.more_places, "more place"));
            });
        }
    }
    if all.len() > shown {
        line(out, telling, INDENT + 2, |sentence| write!(sentence, "So it is in {}.", Counted((all.len() - shown) as u64, "more place")));
    }
    let advice = lesson(id).map(|lesson| first_paragraph(lesson.advice)).unwrap_or_default();
    line(out, telling, INDENT + 2, |sentence| {
        if !advice.is_empty() {
            write!(sentence, "What to try: {advice} ");
        }
        write!(sentence, "More: wirelore explain {id}");
    });
}

fn push_note(out: &mut Vec<u8>, telling: &Telling<'_>, note: &Note) {
    let (word, role) = match note.rule().severity {
        Severity::Information => ("note", Role::Dim),
        Severity::Warning => ("warning", Role::Warning),
        Severity::Problem => ("problem", Role::Error),
    };
    let mut text = Vec::new();
    text.extend_from_slice(word.as_bytes());
    text.extend_from_slice(b": ");
    push_at_length(&mut text, note, telling.names);
    let mut lines = Vec::new();
    wrap::push(&mut lines, &String::from_utf8_lossy(&text), INDENT, telling.width);
    telling.palette.paint(out, role, |out| out.extend_from_slice(&lines));
}

/// Appends what follows from something: one note of each rule, unless all are told.
fn push_effects(out: &mut Vec<u8>, telling: &Telling<'_>, effects: &[Note]) {
    let mut told: Vec<&'static str> = Vec::new();
    for note in effects {
        let id = note.rule().id;
        let more = effects.iter().filter(|other| other.rule().id == id).count() as u64 - 1;
        if telling.all || !told.contains(&id) {
            told.push(id);
            line(out, telling, INDENT + 2, |sentence| {
                sentence.say("With it goes: ");
                push_in_brief(sentence.out(), note, telling.names);
                if !telling.all && more > 0 {
                    write!(sentence, " So it is in {}.", Counted(more, "more place"));
                }
            });
        }
    }
}

/// Appends the other ports of the same host at which it is so.
fn push_other_ports(out: &mut Vec<u8>, telling: &Telling<'_>, wrong: &Wrong) {
    if telling.all {
        for note in &wrong.at_other_ports {
            line(out, telling, INDENT + 2, |sentence| {
                sentence.say("Likewise: ");
                push_in_brief(sentence.out(), note, telling.names);
            });
        }
        return;
    }
    let ports = wrong.other_ports();
    if !ports.is_empty() {
        line(out, telling, INDENT + 2, |sentence| {
            say_other_ports(sentence, &ports);
            let firsts = wrong.at_other_ports.iter().filter_map(|note| note.evidence.frames.first().copied());
            say_frames(sentence, &firsts.take(FRAMES).collect::<Vec<_>>());
            sentence.say(".");
        });
    }
}

/// The first paragraph of a lesson's text, without lines that stand as they are.
fn first_paragraph(text: &str) -> String {
    let lines = text.trim_matches('\n').lines().take_while(|line| !line.trim().is_empty());
    let words: Vec<&str> = lines.take_while(|line| !line.starts_with("    ")).map(str::trim).collect();
    let joined = words.join(" ");
    match joined.strip_suffix(':') {
        Some(without) => [without, "."].concat(),
        None => joined,
    }
}

fn line(out: &mut Vec<u8>, telling: &Telling<'_>, indent: usize, say: impl FnOnce(&mut Sentence<'_>)) {
    let mut text = Vec::new();
    say(&mut Sentence::new(&mut text, telling.names));
    let mut lines = Vec::new();
    wrap::push(&mut lines, &String::from_utf8_lossy(&text), indent, telling.width);
    telling.palette.paint(out, Role::Dim, |out| out.extend_from_slice(&lines));
}
