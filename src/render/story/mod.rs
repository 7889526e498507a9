//! The story of a capture in words: paragraphs, wrapped, or one JSON object a line.

mod event;
mod held;
mod host;
mod json;
mod layers;
mod ping;
mod report;
mod words;
mod wrong;

pub use json::push_json;
pub use layers::{push_layers, push_layers_json};

use super::sentence::{Counted, Grouped, Sentence, Took};
use super::style::{Palette, Role};
use super::time::{Clock, Precision, TimeForm};
use super::wrap;
use crate::conversation::Names;
use crate::explain::story::{Event, Group, Story, What, groups};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

/// How many paragraphs on events of one kind are told, and how many in all, where not everything is asked for.
const OF_A_KIND: u64 = 6;
const IN_ALL: u64 = 24;
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
            if span.frames > 1 {
                write!(sentence, ", captured in {}", Took(took));
            }
            sentence.say(if span.frames > 1 { " from " } else { ", captured at " });
            Clock::new(TimeForm::DateAndTime, Precision::Microseconds).push(sentence.out(), Some(first));
            sentence.say(" UTC");
        }
        write!(
            sentence,
            " on. It shows {} and {}.",
            Counted(story.hosts.len() as u64, "host"),
            Counted(span.conversations, "conversation")
        );
        for ((count, first), what) in [
            (span.cut, "not kept whole by the capture: what is said of them rests on their first bytes"),
            (span.damaged, "damaged, and could be read only in part"),
        ] {
            if count > 0 {
                let verb = if count == 1 { "is" } else { "are" };
                let of = if count == span.frames { "All of them" } else { "Of them" };
                let (from, count) = (if count == 1 { "frame" } else { "from frame" }, Grouped(count));
                match of {
                    "All of them" => write!(sentence, " All of them {verb} {what}."),
                    _ => write!(sentence, " {of} {count} {verb} {what} ({from} {first} on)."),
                }
            }
        }
    }
    wrap::push(out, &String::from_utf8_lossy(&text), 0, telling.width);
}

/// Appends what happened.
fn push_events(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    if telling.all {
        for event in &story.events {
            push_group(out, story, telling, &Group { first: event, alike: Vec::new() });
        }
    } else {
        push_chosen(out, story, telling);
    }
    for (place, (protocol, count, first)) in story.others.iter().enumerate() {
        if place >= HOSTS && !telling.all {
            break;
        }
        paragraph(out, telling, "", |sentence| {
            let counted = Counted(*count, "frame");
            let verb = if *count == 1 { "speaks" } else { "speak" };
            write!(sentence, "{counted} {verb} {} ({}), the first is frame {first}.", protocol.label, protocol.title);
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

/// Appends the first events of each kind, with those that are alike summed up, and counts the rest.
fn push_chosen(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let mut told: HashMap<Discriminant<What>, u64> = HashMap::new();
    let mut rest: Vec<(&'static str, u64)> = Vec::new();
    let mut paragraphs = 0;
    for group in groups(&story.events) {
        let of_kind = told.entry(discriminant(&group.first.what)).or_default();
        if *of_kind < OF_A_KIND && paragraphs < IN_ALL {
            *of_kind += 1;
            paragraphs += 1;
            push_group(out, story, telling, &group);
            continue;
        }
        let name = words::kind(&group.first.what);
        let more = 1 + group.alike.len() as u64;
        match rest.iter_mut().find(|(other, _)| *other == name) {
            Some((_, count)) => *count += more,
            None => rest.push((name, more)),
        }
    }
    if !rest.is_empty() {
        paragraph(out, telling, "", |sentence| {
            sentence.say("There is more: ");
            sentence.list(rest.iter().map(|(name, count)| Counted(*count, name)));
            sentence.say(". With -v all of it is told.");
        });
    }
}

fn push_group(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>, group: &Group<'_>) {
    let event: &Event = group.first;
    let mut time = Vec::new();
    if let (Some(first), Some(now)) = (story.span.first, event.time) {
        super::conversation::cell::push_duration(&mut time, now.since(first));
    }
    paragraph(out, telling, &String::from_utf8_lossy(&time), |sentence| event::say(sentence, group));
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
    out.extend_from_slice(lines.get(TIME.max(time.len())..).unwrap_or_default());
}
