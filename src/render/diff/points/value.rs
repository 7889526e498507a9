//! Fields and what they hold, in words.

use crate::conversation::Names;
use crate::diff::{PacketField, Value};
use crate::dissect::network::ipv4::{DSCP_NAMES, ECN_NAMES};
use crate::render::line::push_flags;
use crate::render::name::push_endpoint;
use crate::render::sentence::{Counted, Grouped, Link, Sentence};

/// What a field is called.
pub(super) const fn label(field: PacketField) -> &'static str {
    match field {
        PacketField::LinkSource => "sender's link address (MAC)",
        PacketField::LinkDestination => "receiver's link address (MAC)",
        PacketField::Vlan => "VLAN",
        PacketField::Source => "source",
        PacketField::Destination => "destination",
        PacketField::HopLimit => "time to live (TTL), set anew on the way",
        PacketField::Dscp => "differentiated services (DSCP)",
        PacketField::Ecn => "congestion notification (ECN)",
        PacketField::Identification => "identification (IP ID)",
        PacketField::DontFragment => "don't fragment (DF)",
        PacketField::Pieces => "fragments",
        PacketField::Segmentation => "the same bytes in other segments",
        PacketField::Sequence => "sequence number",
        PacketField::Acknowledgement => "acknowledgement number",
        PacketField::TcpFlags => "flags",
        PacketField::Window => "window, not scaled",
        PacketField::MaximumSegmentSize => "largest segment (MSS)",
        PacketField::WindowScale => "window scale",
        PacketField::SackPermitted => "selective acknowledgements (SACK)",
        PacketField::Timestamps => "timestamps",
        PacketField::TcpOptions => "other TCP options",
        PacketField::Checksum => "checksum of TCP or UDP",
        PacketField::Payload => "payload",
        PacketField::EchoIdentifier => "identifier of the echo",
    }
}

/// Congestion in the flags of TCP; in IP it is a number up to 3.
const MOST_IN_IP: u64 = 3;

/// Appends what a field holds. `other` is what it holds at the other point.
pub(super) fn push(out: &mut Vec<u8>, names: &Names, field: PacketField, value: Value, other: Value) {
    let mut sentence = Sentence::new(out, names);
    match value {
        Value::Absent => sentence.say(match field {
            PacketField::Vlan => "no tag",
            _ => "none",
        }),
        Value::Carried { length, same, .. } => {
            write!(sentence, "{}", Counted(length, "byte"));
            if same > 0 {
                write!(sentence, ", the first {} the same", Grouped(same));
            }
        }
        Value::Incomplete(pieces) => write!(sentence, "{}, the rest is missing", Counted(pieces, "fragment")),
        Value::Good => sentence.say("correct"),
        Value::Bad => sentence.say("wrong"),
        Value::Partial => sentence.say("left to the network card"),
        Value::Link(address) => write!(sentence, "{}", Link(address)),
        Value::Endpoint(end) => push_endpoint(out, None, end.address, Some(end.port).filter(|port| *port != 0)),
        Value::Bytes { length, .. } => write!(sentence, "{}", Counted(length, "byte")),
        Value::Flag(is_set) => sentence.say(match (field, is_set) {
            (PacketField::TcpFlags, true) => "PSH",
            (PacketField::TcpFlags, false) => "no PSH",
            (PacketField::SackPermitted, true) => "permitted",
            (PacketField::SackPermitted, false) => "not permitted",
            (PacketField::Timestamps, true) => "offered",
            (PacketField::Timestamps, false) => "not offered",
            (_, true) => "set",
            (_, false) => "not set",
        }),
        Value::Number(number) => push_number(sentence, field, number, other),
    }
}

fn push_number(mut sentence: Sentence<'_>, field: PacketField, number: u64, other: Value) {
    let named = |names: &[(u64, &'static str)]| names.iter().find(|(value, _)| *value == number).map(|(_, name)| *name);
    match field {
        PacketField::Dscp => match named(DSCP_NAMES) {
            Some(name) => write!(sentence, "{number} ({name})"),
            None => write!(sentence, "{number}"),
        },
        PacketField::Ecn if number.max(numeric(other)) > MOST_IN_IP => push_some_flags(sentence, number),
        PacketField::Ecn => match named(ECN_NAMES) {
            Some(name) => write!(sentence, "{number} ({name})"),
            None => write!(sentence, "{number}"),
        },
        PacketField::Identification => write!(sentence, "{number:#06x}"),
        PacketField::TcpFlags => push_some_flags(sentence, number),
        PacketField::Segmentation => write!(sentence, "{}", Counted(number, "segment")),
        PacketField::Pieces if number == 1 => sentence.say("in one piece"),
        PacketField::Pieces => write!(sentence, "{}", Counted(number, "fragment")),
        PacketField::WindowScale => write!(sentence, "{number} (times {})", Grouped(1 << number.min(63))),
        PacketField::Timestamps | PacketField::TcpOptions if number == 0 => sentence.say("none"),
        // What these hash to tells nobody anything.
        PacketField::TcpOptions => sentence.say(if numeric(other) == 0 { "some" } else { "others" }),
        PacketField::LinkSource
        | PacketField::LinkDestination
        | PacketField::Vlan
        | PacketField::Source
        | PacketField::Destination
        | PacketField::HopLimit
        | PacketField::DontFragment
        | PacketField::Sequence
        | PacketField::Acknowledgement
        | PacketField::Window
        | PacketField::MaximumSegmentSize
        | PacketField::SackPermitted
        | PacketField::Timestamps
        | PacketField::Checksum
        | PacketField::Payload
        | PacketField::EchoIdentifier => write!(sentence, "{number}"),
    }
}

fn push_some_flags(mut sentence: Sentence<'_>, flags: u64) {
    if flags == 0 {
        sentence.say("none");
    } else {
        push_flags(sentence.out(), flags as u16);
    }
}

fn numeric(value: Value) -> u64 {
    if let Value::Number(number) = value { number } else { 0 }
}
