//! The story of a capture in words: paragraphs, wrapped, or one JSON object a line.

mod air;
mod datagrams;
mod event;
mod held;
mod host;
mod json;
mod layers;
mod lease;
mod lease6;
mod lookup;
mod ping;
mod report;
mod so_far;
mod words;
mod wrong;

use so_far::SoFar;

pub use json::push_json;
pub use layers::{push_layers, push_layers_json};

use super::sentence::{Counted, Grouped, Link, Sentence, Took};
use super::style::{Palette, Role};
use super::time::{Clock, Precision, TimeForm};
use super::wrap;
use crate::conversation::Names;
use crate::dissect::Protocol;
use crate::explain::story::{Detail, Event, Group, Story, What, Wrong, groups, is_always_told};
use crate::explain::{Facts, Note, RouteFacts, SubnetFacts};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

/// How many paragraphs on events of one kind are told, and how many in all, where not everything is asked for.
const OF_A_KIND: u64 = 6;
const IN_ALL: u64 = 24;
/// How many notes of one rule are told with events.
const OF_A_RULE: u64 = 3;
/// How many hosts are told of.
const HOSTS: usize = 12;
/// How many characters the time before a paragraph takes, and the space behind it.
const TIME: usize = 12;
/// What stands before other lines.
const INDENT: usize = 2;

/// How a story is told.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// What the capture is called.
    pub title: &'a str,
    /// What addresses are called.
    pub names: &'a Names,
    /// The colours.
    pub palette: &'a Palette,
    /// How many characters a line may have.
    pub width: usize,
    /// Whether everything is told.
    pub all: bool,
}

/// Appends the story.
pub fn push(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    push_summary(out, story, telling);
    if story.span.frames == 0 {
        return;
    }
    push_capture(out, story, telling);
    if !story.hosts.is_empty() {
        push_head(out, telling, "Who is there");
        host::push_all(out, story, telling);
    }
    if !story.networks.is_empty() {
        push_head(out, telling, "The networks they are on");
        host::push_networks(out, story, telling);
    }
    if !story.events.is_empty() || !story.others.is_empty() {
        push_head(out, telling, "What happened");
        push_events(out, story, telling);
    }
    push_head(out, telling, "What is wrong");
    wrong::push(out, story, telling);
}

fn push_head(out: &mut Vec<u8>, telling: &Telling<'_>, head: &str) {
    out.push(b'\n');
    telling.palette.paint(out, Role::Transport, |out| out.extend_from_slice(head.as_bytes()));
    out.push(b'\n');
}

/// Appends the capture in numbers.
fn push_summary(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let span = &story.span;
    let mut text = Vec::new();
    super::escape::push_message(&mut text, telling.title);
    let sentence = &mut Sentence::new(&mut text, telling.names);
    if span.frames == 0 {
        sentence.say(" has no frame that could be read: there is nothing to tell.");
    } else {
        write!(sentence, " has {} with {}", Counted(span.frames, "frame"), Counted(span.bytes, "byte"));
        if let (Some(took), Some(first)) = (span.took(), span.first) {
            let is_steady = story.clock.is_steady(0, u64::MAX) && took >= 0;
            if span.frames > 1 && is_steady {
                write!(sentence, ", captured in {}", Took(took));
            }
            sentence.say(if !is_steady {
                ", captured from "
            } else if span.frames > 1 {
                " from "
            } else {
                ", captured at "
            });
            Clock::new(TimeForm::DateAndTime, Precision::Microseconds).push(sentence.out(), Some(first));
            sentence.say(" UTC");
        }
        write!(
            sentence,
            " on. It shows {} {} and {}.",
            // A machine may have several, and nothing tells of all which are of one.
            Grouped(story.hosts.len() as u64),
            if story.hosts.len() == 1 { "address" } else { "addresses" },
            Counted(span.conversations, "conversation")
        );
        for ((count, first), what) in [
            (
                span.cut,
                [
                    "not kept whole by the capture: what is said of it rests on its first bytes",
                    "not kept whole by the capture: what is said of them rests on their first bytes",
                ],
            ),
            (span.damaged, ["damaged, and could be read only in part"; 2]),
        ] {
            let [one, several] = what;
            match count {
                0 => {}
                1 if span.frames == 1 => write!(sentence, " The frame is {one}."),
                1 => write!(sentence, " Of the frames one is {one} (frame {first})."),
                _ if count == span.frames => write!(sentence, " All of them are {several}."),
                _ => write!(sentence, " Of them {} are {several} (from frame {first} on).", Grouped(count)),
            }
        }
    }
    wrap::push(out, &String::from_utf8_lossy(&text), 0, telling.width);
}

/// Appends what happened.
fn push_events(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let detail = if telling.all { Detail::All } else { Detail::Chosen };
    push_groups(out, story, telling, &groups(&story.events, &story.scans(), detail));
    for (place, other) in story.others.iter().enumerate() {
        if place >= HOSTS && !telling.all {
            break;
        }
        paragraph(out, telling, "", |sentence| {
            let Protocol { label, title, .. } = other.protocol;
            let (counted, first) = (Counted(other.frames, "frame"), other.first);
            let is_one = other.frames == 1;
            match other.meaning.split_once(' ') {
                Some((verb, rest)) => {
                    write!(sentence, "{counted} {verb}{} {rest} ({label}), the first is frame {first}.", if is_one { "s" } else { "" })
                }
                // What is called by its full name needs no explanation.
                None if label == title => {
                    write!(sentence, "{counted} {} {label}, the first is frame {first}.", if is_one { "speaks" } else { "speak" })
                }
                None => {
                    write!(sentence, "{counted} {} {label} ({title}), the first is frame {first}.", if is_one { "speaks" } else { "speak" })
                }
            }
        });
    }
    if story.left_out > 0 {
        paragraph(out, telling, "", |sentence| {
            write!(
                sentence,
                "{} could not be kept within the limits of memory and are not told.",
                Counted(story.left_out, "further event")
            );
        });
    }
}

/// Appends events: where not all is told the first of each kind, with those that are alike summed up, and counts the rest.
fn push_groups(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>, groups: &[Group<'_>]) {
    let mut told: HashMap<Discriminant<What>, u64> = HashMap::new();
    let mut of_rules: HashMap<&'static str, u64> = HashMap::new();
    let mut rest: Vec<([&'static str; 2], u64)> = Vec::new();
    let mut count = |name: [&'static str; 2], more: u64| match rest.iter_mut().find(|(other, _)| *other == name) {
        Some((_, count)) => *count += more,
        None => rest.push((name, more)),
    };
    let mut paragraphs = 0;
    let mut so_far = SoFar::new(telling.names);
    for group in groups {
        let telling = &Telling { names: so_far.at(group.first), ..*telling };
        let of_kind = told.entry(discriminant(&group.first.what)).or_default();
        if !telling.all && (*of_kind >= OF_A_KIND || paragraphs >= IN_ALL) {
            count(words::kind(&group.first.what), 1 + group.alike.len() as u64);
            count(words::NOTE, group.notes.len() as u64);
            continue;
        }
        *of_kind += 1;
        paragraphs += 1;
        push_group(out, story, telling, group);
        for note in &group.notes {
            let of_rule = of_rules.entry(note.rule().id).or_default();
            *of_rule += 1;
            if telling.all || *of_rule <= OF_A_RULE {
                paragraph(out, telling, "", |sentence| explain(sentence, story, note));
            } else {
                count(words::NOTE, 1);
            }
        }
    }
    rest.retain(|(_, count)| *count > 0 && !telling.all);
    if !rest.is_empty() {
        paragraph(out, telling, "", |sentence| {
            sentence.say("There is more: ");
            sentence.list(
                rest.iter().map(|([one, several], count)| format!("{} {}", Grouped(*count), if *count == 1 { one } else { several })),
            );
            sentence.say(". With -v all of it is told.");
        });
    }
}

fn push_group(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>, group: &Group<'_>) {
    let event: &Event = group.first;
    let mut time = Vec::new();
    if let (Some(first), Some(now)) = (story.span.first, event.time)
        && story.clock.is_steady(1, event.frame)
    {
        super::conversation::cell::push_duration(&mut time, now.since(first));
    }
    paragraph(out, telling, &String::from_utf8_lossy(&time), |sentence| match (&event.what, group.scan) {
        (What::Explained(note), _) => explain(sentence, story, note),
        (_, Some(scan)) => event::briefly(sentence, scan),
        _ => event::say(sentence, &story.clock, group),
    });
}

/// Says what a note states; whose card it is where the one that it calls the gateway's is another's.
fn explain(sentence: &mut Sentence<'_>, story: &Story, note: &Note) {
    let claimed = |card: &[u8; 6]| {
        story.wrong.iter().flat_map(Wrong::notes).find_map(|wrong| match &wrong.facts {
            Facts::Subnet(SubnetFacts::Spoofed { card: claims, address, own }) if claims == card => Some((*address, *own)),
            _ => None,
        })
    };
    if let Facts::Route(RouteFacts::Gateway { to, card, .. }) = &note.facts
        && let Some((address, own)) = claimed(card)
    {
        write!(sentence, "What is for {to} goes to {}, the card of {own}, which only claims to be the gateway {address}", Link(*card));
        words::say_frames(sentence, &note.evidence.frames);
        return sentence.say(": see what is wrong.");
    }
    event::explained(sentence, note);
}

/// Appends what is to be known of how it was captured.
fn push_capture(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let mut told: HashMap<&'static str, u64> = HashMap::new();
    let shown: Vec<&Note> = story
        .capture
        .iter()
        .filter(|note| {
            let before = told.entry(note.rule().id).or_default();
            *before += 1;
            telling.all || is_always_told(note) && *before == 1
        })
        .collect();
    if shown.is_empty() {
        return;
    }
    push_head(out, telling, "How it was captured");
    for note in shown {
        let mut text = Vec::new();
        event::explained(&mut Sentence::new(&mut text, telling.names), note);
        wrap::push(out, &String::from_utf8_lossy(&text), INDENT, telling.width);
    }
}

/// Appends a paragraph behind its time.
fn paragraph(out: &mut Vec<u8>, telling: &Telling<'_>, time: &str, say: impl FnOnce(&mut Sentence<'_>)) {
    let mut text = Vec::new();
    say(&mut Sentence::new(&mut text, telling.names));
    let mut lines = Vec::new();
    wrap::push(&mut lines, &String::from_utf8_lossy(&text), TIME + 2, telling.width.max(TIME + 20));
    telling.palette.paint(out, Role::Time, |out| {
        out.resize(out.len() + TIME.saturating_sub(time.len()), b' ');
        out.extend_from_slice(time.as_bytes());
    });
    // A time that is too long for its column stands on a line of its own.
    if time.len() > TIME {
        out.push(b'\n');
        return out.extend_from_slice(&lines);
    }
    out.extend_from_slice(lines.get(TIME..).unwrap_or_default());
}
