//! A packet in a few words.

use crate::conversation::{Names, Side};
use crate::diff::point::{Point, Sighting};
use crate::dissect::network::ip_protocol_name;
use crate::render::line::push_flags;
use crate::render::sentence::{Counted, Sentence};

/// Ports that DNS, multicast DNS and LLMNR are spoken on.
const NAME_PORTS: [u16; 3] = [53, 5353, 5355];

/// Appends who sent it, as an arrow, and what it is: `> PSH, ACK, bytes 0-172`.
pub(super) fn push(out: &mut Vec<u8>, point: &Point, sighting: &Sighting, names: &Names) {
    if point.conversation_of(sighting).is_some() {
        out.extend_from_slice(match sighting.from() {
            Side::Originator => b"> ",
            Side::Responder => b"< ",
        });
    }
    push_words(out, point, sighting, names);
}

/// Appends what a packet is.
pub(super) fn push_words(out: &mut Vec<u8>, point: &Point, sighting: &Sighting, names: &Names) {
    let length = u64::from(sighting.length);
    let mut sentence = Sentence::new(out, names);
    if sighting.is_incomplete() {
        let protocol = ip_protocol_name(sighting.protocol.into()).unwrap_or("IP");
        write!(sentence, "{} of a {protocol} datagram, the rest is missing", Counted(sighting.pieces.into(), "fragment"));
        return;
    }
    match sighting.protocol {
        0 => write!(sentence, "no IP packet, {}", Counted(length, "byte")),
        6 => push_segment(out, point, sighting, names),
        17 => {
            let named = point.ends_of(sighting).is_some_and(|ends| ends.iter().any(|end| NAME_PORTS.contains(&end.port)));
            if named && sighting.acknowledgement != 0 {
                let kind = if sighting.flags & 0x8000 != 0 { "answer" } else { "question" };
                write!(sentence, "DNS {kind} {:#06x}, ", sighting.sequence);
            }
            write!(sentence, "{}", Counted(length, "byte"));
        }
        1 | 58 => {
            let [kind, code] = sighting.flags.to_be_bytes();
            match (sighting.protocol, kind) {
                (1, 8) | (58, 128) => write!(sentence, "echo request {}", sighting.sequence),
                (1, 0) | (58, 129) => write!(sentence, "echo reply {}", sighting.sequence),
                (1, _) => write!(sentence, "ICMP type {kind} code {code}"),
                (_, _) => write!(sentence, "ICMPv6 type {kind} code {code}"),
            }
        }
        protocol => match ip_protocol_name(protocol.into()) {
            Some(name) => write!(sentence, "{name}, {}", Counted(length, "byte")),
            None => write!(sentence, "IP protocol {protocol}, {}", Counted(length, "byte")),
        },
    }
    if sighting.pieces > 1 {
        write!(Sentence::new(out, names), " in {}", Counted(sighting.pieces.into(), "fragment"));
    }
}

/// Appends which of a segment's bytes are meant: where they stand in the stream, as [`push_words`] tells of all of them.
pub(super) fn push_part(out: &mut Vec<u8>, point: &Point, sighting: &Sighting, [begin, length]: [u32; 2], names: &Names) {
    let initial = point.conversation_of(sighting).and_then(|one| one.initial[sighting.from().index()]);
    let mut sentence = Sentence::new(out, names);
    match initial.map(|initial| sighting.sequence.wrapping_sub(initial).wrapping_sub(1)) {
        Some(start) => {
            let first = u64::from(start) + u64::from(begin);
            write!(sentence, ", of these {first}-{}", (first + u64::from(length)).saturating_sub(1));
        }
        None => write!(sentence, ", of these {} from seq {} on", Counted(length.into(), "byte"), sighting.sequence.wrapping_add(begin)),
    }
}

/// A segment: its flags, and where it stands in its stream, counted from 0 where the SYN was seen.
fn push_segment(out: &mut Vec<u8>, point: &Point, sighting: &Sighting, names: &Names) {
    push_flags(out, sighting.flags);
    let initial = |side: Side| point.conversation_of(sighting).and_then(|one| one.initial[side.index()]);
    let from = sighting.from();
    let mut sentence = Sentence::new(out, names);
    if sighting.length > 0 {
        match initial(from).map(|initial| sighting.sequence.wrapping_sub(initial).wrapping_sub(1)) {
            Some(start) => {
                let last = u64::from(start) + u64::from(sighting.length) - 1;
                if last > u64::from(start) {
                    write!(sentence, ", bytes {start}-{last}");
                } else {
                    write!(sentence, ", byte {start}");
                }
            }
            None => write!(sentence, ", seq {}, {}", sighting.sequence, Counted(sighting.length.into(), "byte")),
        }
    } else if sighting.acknowledges() && !sighting.is_syn() {
        match initial(from.other()).map(|initial| sighting.acknowledgement.wrapping_sub(initial).wrapping_sub(1)) {
            Some(acknowledged) => write!(sentence, ", ack {acknowledged}"),
            None => write!(sentence, ", ack {}", sighting.acknowledgement),
        }
    } else if sighting.is_reset() {
        write!(sentence, ", seq {}", sighting.sequence);
    }
}
