//! Captures of the same traffic at several places: what happened to the packets between.

mod brief;
mod change;
mod excerpt;
mod head;
mod introduced;
mod json;
mod ladder;
mod only;
mod packet;
mod path;
mod stray;
mod tally;
mod time;
mod translation;
mod value;
mod way;

pub use brief::push_brief;
pub use excerpt::{Excerpt, Excerpts, wanted};
pub use json::{push_along_json, push_json};
pub use ladder::push_side_by_side;
pub use path::{Along, is_everywhere, push_along, push_brief_along};
pub use tally::Tally;
pub use way::{push_way, push_way_json};

use crate::conversation::Names;
use crate::conversation::names::Between;
use crate::diff::hop::Hop;
use crate::diff::pairing::ConversationPair;
use crate::diff::point::{Point, Sighting};
use crate::diff::question::Judgement;
use crate::diff::{Cause, Selection, Toward};
use crate::render::conversation::{push_end_called, push_kind};
use crate::render::sentence::Sentence;
use crate::render::style::{Palette, Role};
use crate::render::time::TimeForm;

/// Two captures of the same traffic, compared.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// What the captures are called, the left one first.
    pub titles: [&'a str; 2],
    /// What they hold.
    pub points: [&'a Point; 2],
    /// What hosts are called in each.
    pub names: [&'a Names; 2],
    /// What happened between.
    pub hop: &'a Hop,
    /// Why they were compared packet by packet.
    pub judgement: Judgement,
    /// Whether that was asked for.
    pub is_forced: bool,
    /// Which differences count.
    pub selection: &'a Selection,
    /// Where payloads differ.
    pub excerpts: &'a Excerpts,
    /// Which hop of a longer way this is, from 1.
    pub number: Option<u64>,
}

/// How it is told.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// In which colours.
    pub palette: &'a Palette,
    /// How wide a line is.
    pub width: usize,
    /// Whether everything is told, not only the first of each kind.
    pub all: bool,
    /// How times are written.
    pub time: TimeForm,
}

impl Telling<'_> {
    /// How many of a kind are told one by one.
    fn most(&self) -> usize {
        const TOLD: usize = 20;
        if self.all { usize::MAX } else { TOLD }
    }
}

/// What each side is called, and the sign that its lines begin with.
const SIDES: [&str; 2] = ["left", "right"];
const SIGNS: [&str; 2] = ["-", "+"];

/// The colour of a side.
fn role(side: usize) -> Role {
    if side == 0 { Role::Error } else { Role::Application }
}

/// Appends the report: what is unexplained first, then what was lost, added and changed, the time, and what it comes to.
pub fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    head::push(out, compared, telling);
    if !compared.is_unrelated() {
        stray::push_unexplained(out, compared, telling);
        change::push(out, compared, telling, |cause| cause == Cause::Unexplained);
        stray::push(out, compared, telling);
        translation::push_relays(out, compared, telling);
        change::push(out, compared, telling, |cause| cause != Cause::Unexplained);
        translation::push(out, compared, telling);
        time::push_routers(out, compared, telling);
        time::push(out, compared, telling);
        only::push(out, compared, telling);
        introduced::push(out, compared, telling);
    }
    push_verdict(out, compared, telling);
}

/// Appends what it comes to.
fn push_verdict(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    out.push(b'\n');
    let tally = Tally::of(compared);
    let role = if tally.differs { Role::Warning } else { Role::Application };
    telling.palette.paint(out, role, |out| tally.push_verdict(out, compared));
    out.push(b'\n');
}

impl Compared<'_> {
    /// Whether nothing that one holds is in the other, but perhaps frames of the link: who asks whom for an address is the same in many
    /// captures. Where there are no others, most of them must be. Where each frame of both is in the other they are not unrelated, whatever it is.
    #[must_use]
    pub fn is_unrelated(&self) -> bool {
        let pairing = &self.hop.pairing;
        let hold_more = self.points.iter().all(|point| !point.conversations.is_empty());
        let fewer = self.points.iter().map(|point| point.sightings.len()).min().unwrap_or_default();
        let are_few = pairing.pairs.len() * 2 < fewer || pairing.pairs.is_empty();
        let is_all_there = !pairing.pairs.is_empty() && self.hop.strays.iter().all(Vec::is_empty);
        pairing.conversations.is_empty() && pairing.recut.is_empty() && (are_few || hold_more) && !is_all_there
    }

    fn sighting(&self, side: usize, place: u32) -> Option<&Sighting> {
        self.points.get(side)?.sightings.get(place as usize)
    }

    /// Appends both ends of a conversation, and its numbers: `conversation 1 (right: 2), 192.168.1.11:40000 > www.example.com:80, TCP`.
    fn push_pair(&self, out: &mut Vec<u8>, pair: &ConversationPair) {
        let places = [pair.left, pair.right];
        let ends = [0, 1].map(|side| self.points[side].conversations.get(places[side] as usize));
        let [Some(left), Some(right)] = ends else { return };
        let mut sentence = Sentence::new(out, self.names[0]);
        write!(sentence, "conversation {}", left.number);
        if left.number != right.number {
            write!(sentence, " (right: {})", right.number);
        }
        sentence.say(", ");
        self.push_ends(out, 0, pair.left);
    }

    /// Appends both ends of a conversation of one point, and what it is made of.
    fn push_ends(&self, out: &mut Vec<u8>, side: usize, place: u32) {
        let Some(one) = self.points[side].conversations.get(place as usize) else { return };
        let [originator, responder] = &one.ends;
        let between = Between::since(one.first_frame, one.kind, one.ends);
        let called = |address| self.names[side].called_in(address, Some(&between));
        push_end_called(out, called(originator.address), one.kind, originator);
        out.extend_from_slice(b" > ");
        push_end_called(out, called(responder.address), one.kind, responder);
        out.extend_from_slice(b", ");
        push_kind(out, one.kind);
    }
}

/// Which way, in words.
fn way(toward: Toward) -> &'static str {
    match toward {
        Toward::Left => "to the left",
        Toward::Right => "to the right",
        Toward::Unknown => "which way is not known",
    }
}

/// Appends a heading behind an empty line.
fn push_heading(out: &mut Vec<u8>, telling: &Telling<'_>, role: Role, text: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'\n');
    telling.palette.paint(out, role, text);
    out.push(b'\n');
}

/// Appends frames: `frame 5`, `frames 5, 9, 12, ..`.
fn push_frames(out: &mut Vec<u8>, names: &Names, frames: &[u64], packets: u64) {
    let mut sentence = Sentence::new(out, names);
    sentence.say(if frames.len() == 1 { "frame " } else { "frames " });
    for (place, frame) in frames.iter().enumerate() {
        write!(sentence, "{}{frame}", if place > 0 { ", " } else { "" });
    }
    if packets > frames.len() as u64 {
        sentence.say(", ..");
    }
}
