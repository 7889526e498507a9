//! One exchange as the stack that it is: what each layer added to what was said, byte by byte.
//!
//! [`super::finder::Finder`] hears a capture once and finds what was asked for; [`StackWatch`] sees it again and counts. What it counts adds up to the bytes
//! of the frames, whatever they hold.

use super::stack::{Amount, Part, Row, Stack, Target};
use crate::conversation::application::{Application, ApplicationWatch};
use crate::conversation::http1::{Exchange, ExchangeId, HttpWatch, Message, Sink};
use crate::conversation::{Conversation, Endpoint, Kind, Listener, Side};
use crate::dissect::transport::tcp::SYN;
use crate::explain::Scene;
use crate::reassembly::{Limits, Origin, Piece};
use std::ops::Range;

/// Counts what each layer adds.
#[derive(Debug)]
pub struct StackWatch {
    target: Target,
    http: HttpWatch<Kept>,
    applications: ApplicationWatch,
    application: Option<Application>,
    ends: Option<[Endpoint; 2]>,
    kind: Option<Kind>,
    frames: Vec<u64>,
    /// By who began the conversation, not by who is the client.
    sent: [Amount; 2],
    rows: Vec<Row>,
    purposes: [[Amount; 2]; 4],
    segments: Vec<(Side, Range<u64>)>,
    /// Payload that has no place, or no room to be remembered.
    placeless: [u64; 2],
    is_ethernet: bool,
}

#[derive(Debug)]
struct Kept {
    wanted: Option<ExchangeId>,
    exchange: Option<Box<Exchange>>,
}

impl Sink for Kept {
    fn exchange(&mut self, exchange: Exchange) {
        if self.wanted == Some(exchange.id) {
            self.exchange = Some(Box::new(exchange));
        }
    }
}

impl StackWatch {
    /// Counts for this.
    #[must_use]
    pub fn new(target: Target, limits: &Limits) -> Self {
        let wanted = match target {
            Target::Exchange(id, ..) => Some(id),
            Target::Conversation(_) | Target::Frame(_) => None,
        };
        Self {
            target,
            http: HttpWatch::new(Kept { wanted, exchange: None }, *limits),
            applications: ApplicationWatch::default(),
            application: None,
            ends: None,
            kind: None,
            frames: Vec::new(),
            sent: [Amount::default(); 2],
            rows: Vec::new(),
            purposes: Default::default(),
            segments: Vec::new(),
            placeless: [0; 2],
            is_ethernet: true,
        }
    }

    /// Looks at a frame.
    pub fn observe(&mut self, scene: &Scene<'_>) {
        let number = scene.number();
        let conversation = scene.belongs.map(|belongs| belongs.conversation);
        let is_wanted = match self.target {
            Target::Exchange(id, first, last) => conversation == Some(id.conversation) && (first..=last).contains(&number),
            Target::Conversation(id) => conversation == Some(id),
            Target::Frame(frame) => frame == number,
        };
        if !is_wanted {
            return;
        }
        let from = scene.belongs.map_or(Side::Originator, |belongs| belongs.from);
        if let Some(conversation) = scene.conversation() {
            self.ends = Some(conversation.ends);
            self.kind = Some(conversation.kind);
            self.application = self.applications.application(conversation).map(|(application, _)| application);
        }
        if self.frames.len() < Limits::STORY_EXCHANGE_FRAMES {
            self.frames.push(number);
        }
        self.take_apart(scene, from);
    }

    /// Counts the bytes of a frame: each is counted once.
    fn take_apart(&mut self, scene: &Scene<'_>, from: Side) {
        let (frame, dissection) = (scene.packet.frame, scene.packet.dissection);
        let length = u64::from(frame.length);
        let check_sequence = u64::from(frame.check_sequence_length).min(length);
        let transport = dissection.transport();
        let headers = match transport {
            Some(transport) => transport.layer + 1,
            None => dissection.layers.iter().position(|layer| layer.protocol.name == "data").unwrap_or(dissection.layers.len()),
        };
        let stack = dissection.layers.get(..headers).unwrap_or(&dissection.layers);
        let mut at = 0;
        for (depth, layer) in stack.iter().enumerate() {
            let end = match (stack.get(depth + 1), transport) {
                (Some(next), _) => next.start,
                (None, Some(transport)) => transport.payload_start,
                (None, None) => layer.payload_start(),
            };
            let bytes = (end as u64).saturating_sub(at).min(length - check_sequence - at);
            at += bytes;
            self.add(Part::Header(layer.protocol), depth, from, bytes);
        }
        let room = length - check_sequence - at;
        let payload = match (transport, stack.last()) {
            (Some(transport), _) => transport.payload_length as u64,
            (None, Some(last)) => (last.wire_end as u64).saturating_sub(at),
            (None, None) => room,
        };
        let payload = payload.min(room);
        match scene.belongs.and_then(|belongs| belongs.segment?.sequence) {
            Some(place) if payload > 0 && self.segments.len() < Limits::STORY_SEGMENTS => {
                self.segments.push((from, place..place + payload))
            }
            Some(_) | None => self.placeless[from.index()] += payload,
        }
        if room > payload {
            self.add(Part::Padding, 0, from, room - payload);
        }
        if check_sequence > 0 {
            self.add(Part::CheckSequence, 0, from, check_sequence);
        }
        self.is_ethernet &= dissection.layers.first().is_some_and(|layer| layer.protocol.name == "eth");
        let purpose = purpose_of(scene, payload);
        for amount in [Some(&mut self.sent[from.index()]), self.purposes.get_mut(purpose).map(|sides| &mut sides[from.index()])] {
            let Some(amount) = amount else { continue };
            amount.frames += 1;
            amount.bytes += length;
        }
    }

    fn add(&mut self, part: Part, depth: usize, from: Side, bytes: u64) {
        let place = self.rows.iter().position(|row| row.depth == depth && row.part.is(part));
        let place = place.unwrap_or_else(|| {
            self.rows.push(Row { part, bytes: [0; 2], times: [0; 2], depth });
            self.rows.len() - 1
        });
        if let Some(row) = self.rows.get_mut(place) {
            row.bytes[from.index()] += bytes;
            row.times[from.index()] += 1;
        }
    }

    /// All was seen.
    #[must_use]
    pub fn finish(mut self) -> Stack {
        let kept = std::mem::replace(&mut self.http, HttpWatch::new(Kept { wanted: None, exchange: None }, Limits::default()));
        let exchange = kept.finish().exchange;
        let mut rows: Vec<Row> = match &exchange {
            Some(exchange) => self.exchange_rows(exchange),
            None => {
                let bytes = Side::BOTH.map(|side| self.placeless[side.index()] + self.segment_bytes(side));
                vec![Row { part: Part::Payload(self.application), bytes, times: [0; 2], depth: 0 }]
            }
        };
        let is_header = |row: &&Row| matches!(row.part, Part::Header(_));
        let mut headers: Vec<Row> = self.rows.iter().filter(is_header).copied().collect();
        headers.sort_by_key(|row| std::cmp::Reverse(row.depth));
        rows.extend(headers);
        rows.extend(self.rows.iter().filter(|row| !is_header(row)));
        rows.retain(|row| row.bytes != [0; 2]);
        let client = exchange.as_ref().map_or(Side::Originator, |exchange| exchange.client);
        let (mut sent, mut purposes, mut ends) = (self.sent, self.purposes, self.ends);
        if client == Side::Responder {
            sent.swap(0, 1);
            purposes.iter_mut().for_each(|sides| sides.swap(0, 1));
            ends.iter_mut().for_each(|ends| ends.swap(0, 1));
            for row in &mut rows {
                row.bytes.swap(0, 1);
                row.times.swap(0, 1);
            }
        }
        Stack {
            target: self.target,
            exchange,
            ends,
            kind: self.kind,
            application: self.application,
            frames: self.frames,
            sent,
            rows,
            purposes,
            is_ethernet: self.is_ethernet,
        }
    }

    fn segment_bytes(&self, side: Side) -> u64 {
        self.segments.iter().filter(|(from, _)| *from == side).map(|(_, range)| range.end - range.start).sum()
    }

    /// What the payload of an exchange is made of. Arrays are by who began the conversation.
    fn exchange_rows(&self, exchange: &Exchange) -> Vec<Row> {
        let mut rows: Vec<Row> = [Part::Body, Part::Chunks, Part::StartLine, Part::Headers, Part::Interim, Part::Again, Part::Others]
            .map(|part| Row { part, bytes: [0; 2], times: [0; 2], depth: 0 })
            .to_vec();
        let mut add = |place: usize, side: Side, bytes: u64| {
            if let Some(row) = rows.get_mut(place) {
                row.bytes[side.index()] += bytes;
            }
        };
        for side in Side::BOTH {
            let mut covered: Vec<Range<u64>> = Vec::new();
            let mut again = 0;
            for (_, range) in self.segments.iter().filter(|(from, _)| *from == side) {
                again += cover(&mut covered, range.clone());
            }
            let of = |range: Range<u64>| covered.iter().map(|part| shared(part, &range)).sum::<u64>();
            let mut own = 0;
            let is_client = side == exchange.client;
            let finals = if is_client { &exchange.request } else { &exchange.response };
            for interim in exchange.informational.iter().filter(|_| !is_client) {
                let bytes = of(interim.offset..interim.offset + length_of(interim));
                own += bytes;
                add(4, side, bytes);
            }
            if let Some(message) = finals {
                let head = message.head.bytes();
                let line = head.iter().position(|byte| *byte == b'\n').map_or(head.len(), |at| at + 1) as u64;
                let head_end = message.offset + head.len() as u64;
                let end = message.offset + length_of(message);
                let (first, fields, body) =
                    (of(message.offset..message.offset + line), of(message.offset + line..head_end), of(head_end..end));
                own += first + fields + body;
                add(2, side, first);
                add(3, side, fields);
                let wrapping = message.body.transferred.saturating_sub(message.body.length - message.body.missing.min(message.body.length));
                let wrapping = wrapping.min(body);
                add(0, side, body - wrapping);
                add(1, side, wrapping);
            }
            let all: u64 = covered.iter().map(|part| part.end - part.start).sum();
            add(5, side, again);
            add(6, side, all - own.min(all) + self.placeless[side.index()]);
        }
        rows
    }
}

/// How many bytes of its stream a message took.
fn length_of(message: &Message) -> u64 {
    message.head.bytes().len() as u64 + message.body.transferred + message.body.missing
}

/// Bytes that two ranges share.
fn shared(a: &Range<u64>, b: &Range<u64>) -> u64 {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// Adds a range to those that are covered, which are sorted and do not touch; gives how many of its bytes were covered before.
fn cover(covered: &mut Vec<Range<u64>>, range: Range<u64>) -> u64 {
    let first = covered.partition_point(|part| part.end < range.start);
    let behind = covered.partition_point(|part| part.start <= range.end);
    let met = covered.get(first..behind).unwrap_or_default();
    let again = met.iter().map(|part| shared(part, &range)).sum();
    let start = met.first().map_or(range.start, |part| part.start.min(range.start));
    let end = met.last().map_or(range.end, |part| part.end.max(range.end));
    covered.splice(first..behind.max(first), std::iter::once(start..end));
    again
}

/// The place in [`PURPOSES`](super::stack::PURPOSES) of what a frame is there for.
fn purpose_of(scene: &Scene<'_>, payload: u64) -> usize {
    const ENDS: u16 = 5;
    match scene.belongs.and_then(|belongs| belongs.segment) {
        Some(segment) if segment.flags & SYN != 0 => 1,
        Some(_) | None if payload > 0 => 0,
        Some(segment) if segment.flags & ENDS != 0 => 3,
        Some(_) => 2,
        None => 0,
    }
}

impl Listener for StackWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.http.piece(conversation, from, piece);
        self.applications.piece(conversation, from, piece);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.applications.datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.http.finished(conversation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_covered_once_and_what_comes_again_add_up(ranges in prop::collection::vec((0_u64..40, 1_u64..12), 0..20)) {
            let (mut covered, mut again, mut marks, mut twice) = (Vec::new(), 0, [false; 60], 0);
            for (start, length) in ranges {
                again += cover(&mut covered, start..start + length);
                for place in start..start + length {
                    twice += u64::from(std::mem::replace(&mut marks[place as usize], true));
                }
            }
            prop_assert_eq!(again, twice);
            let once: u64 = covered.iter().map(|part| part.end - part.start).sum();
            prop_assert_eq!(once, marks.iter().filter(|mark| **mark).count() as u64);
            prop_assert!(covered.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
