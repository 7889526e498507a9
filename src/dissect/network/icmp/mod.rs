//! Internet Control Message Protocol for IPv4 (RFC 792; IANA, "ICMP Parameters").

pub(super) mod extension;
pub(super) mod names;

use super::by_version;
use crate::dissect::{Checksum, Describe, Field, Names, Next, Protocol, Selector, Stop, View, Walk, checksum};

/// ICMP.
pub static PROTOCOL: Protocol = Protocol {
    name: "icmp",
    label: "ICMP",
    title: "Internet Control Message Protocol",
    reference: "RFC 792",
    claims: &[Selector::IpProtocol(1)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS, extension::FIELDS],
};

const ECHO_REPLY: u8 = 0;
const UNREACHABLE: u8 = 3;
const SOURCE_QUENCH: u8 = 4;
const REDIRECT: u8 = 5;
const ECHO: u8 = 8;
const ROUTER_ADVERTISEMENT: u8 = 9;
const TIME_EXCEEDED: u8 = 11;
const PARAMETER_PROBLEM: u8 = 12;
const TIMESTAMP: u8 = 13;
const TIMESTAMP_REPLY: u8 = 14;
const MASK: u8 = 17;
const MASK_REPLY: u8 = 18;
const PHOTURIS: u8 = 40;
const EXTENDED_ECHO: u8 = 42;
const EXTENDED_ECHO_REPLY: u8 = 43;
/// Type, code, checksum, and four bytes whose meaning depends on the type.
const HEADER_LENGTH: usize = 8;
const FRAGMENTATION_NEEDED: u64 = 4;
const CODE_MEANING: &str = "What the message says more exactly, by its type.";

fields! {
    TYPE = Field::number("icmp.type", "Type", "What the message says.").names(names::TYPES).in_line();
    CODE = Field::number("icmp.code", "Code", CODE_MEANING);
    CODE_UNREACHABLE = Field::number("icmp.code", "Code", CODE_MEANING).names(names::UNREACHABLE).in_line();
    CODE_REDIRECT = Field::number("icmp.code", "Code", CODE_MEANING).names(names::REDIRECT);
    CODE_ADVERTISEMENT = Field::number("icmp.code", "Code", CODE_MEANING).names(names::ADVERTISEMENT);
    CODE_TIME_EXCEEDED = Field::number("icmp.code", "Code", CODE_MEANING).names(names::TIME_EXCEEDED).in_line();
    CODE_PARAMETER = Field::number("icmp.code", "Code", CODE_MEANING).names(names::PARAMETER).in_line();
    CODE_PHOTURIS = Field::number("icmp.code", "Code", CODE_MEANING).names(names::PHOTURIS).in_line();
    CODE_EXTENDED_ECHO = Field::number("icmp.code", "Code", CODE_MEANING).names(names::EXTENDED_ECHO).in_line();
    CHECKSUM = Field::checksum("icmp.checksum", "Checksum", "Guards the whole message.");
    CHECKSUM_STATUS = Field::status("icmp.checksum.status", "Checksum status", "Whether the message adds up.");
    IDENTIFIER = Field::number("icmp.ident", "Identifier", "Tells the questions of one program from those of others: ping takes one a run.").in_line();
    SEQUENCE = Field::number("icmp.seq", "Sequence number", "Counts the questions; the answer repeats it.").in_line();
    MTU = Field::number("icmp.mtu", "MTU of the next link", "The largest packet that the link can carry for which the quoted one was too large (RFC 1191); 0 from old routers.").unit("bytes").in_line();
    QUOTED_LENGTH = Field::number("icmp.length", "Length of the quotation", "How much of the packet is quoted, in units of 4 bytes; what stands behind it are extensions (RFC 4884).");
    GATEWAY = Field::ipv4("icmp.redir_gw", "Better router", "The router that packets for this destination should go to.").in_line();
    POINTER = Field::number("icmp.pointer", "Pointer", "Which byte of the quoted packet is wrong, counted from 0.").in_line();
    ADDRESS_COUNT = Field::number("icmp.num_addrs", "Addresses", "How many router addresses follow.");
    ADDRESS_SIZE = Field::number("icmp.addr_entry_size", "Entry length", "How long each entry is, in units of 4 bytes.");
    LIFETIME = Field::number("icmp.lifetime", "Lifetime", "How long the routers may be used without hearing of them again.").unit("seconds");
    ROUTER = Field::ipv4("icmp.router_address", "Router", "An address of a router on this link.").in_line();
    PREFERENCE = Field::hexadecimal("icmp.pref_level", "Preference", 8, "The larger this number with a sign, the rather the router is to be used; 0x80000000: not at all, unless told.");
    ORIGINATE = Field::number("icmp.originate_timestamp", "Originated", "When the question was sent, after midnight UTC.").unit("milliseconds");
    RECEIVE = Field::number("icmp.receive_timestamp", "Received", "When it arrived, after midnight UTC.").unit("milliseconds");
    TRANSMIT = Field::number("icmp.transmit_timestamp", "Answered", "When the answer was sent, after midnight UTC.").unit("milliseconds");
    ADDRESS_MASK = Field::ipv4("icmp.address_mask", "Subnet mask", "Which bits of an address name the subnet (RFC 950).").in_line();
}

/// What a type and a code of it say, by the names that IANA's registry has; `None` where it has none.
#[must_use]
pub fn meaning(kind: u8, code: u8) -> [Option<&'static str>; 2] {
    let codes = match kind {
        UNREACHABLE => names::UNREACHABLE,
        REDIRECT => names::REDIRECT,
        ROUTER_ADVERTISEMENT => names::ADVERTISEMENT,
        TIME_EXCEEDED => names::TIME_EXCEEDED,
        PARAMETER_PROBLEM => names::PARAMETER,
        PHOTURIS => names::PHOTURIS,
        EXTENDED_ECHO_REPLY => names::EXTENDED_ECHO,
        _ => &[],
    };
    [named(names::TYPES, kind), named(codes, code)]
}

/// The name of a number.
pub(super) fn named(names: Names, number: u8) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == u64::from(number)).map(|(_, name)| *name)
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[kind, ..] = walk.header_bytes::<4>()?;
    let length = least_length(kind, walk.bytes());
    walk.need(length, "header")?;
    walk.header(length);
    Ok(match kind {
        UNREACHABLE | SOURCE_QUENCH | REDIRECT | TIME_EXCEEDED | PARAMETER_PROBLEM => {
            walk.quote();
            let message = walk.bytes();
            if let Some(quotation) = extension::quotation_length(message, walk.wire_length(), stated_quotation(kind, message)) {
                walk.limit_payload(quotation);
            }
            by_version(message.get(HEADER_LENGTH..).unwrap_or_default())
        }
        ECHO | ECHO_REPLY => Next::Payload,
        _ => Next::Nothing,
    })
}

/// How long a message of a type must be.
#[expect(clippy::arithmetic_side_effects, reason = "two numbers of 8 bits, times 4")]
fn least_length(kind: u8, message: &[u8]) -> usize {
    match kind {
        TIMESTAMP | TIMESTAMP_REPLY => 20,
        MASK | MASK_REPLY => 12,
        ROUTER_ADVERTISEMENT => match *message {
            [_, _, _, _, count, size, ..] => HEADER_LENGTH + usize::from(count) * usize::from(size) * 4,
            _ => HEADER_LENGTH,
        },
        0..=18 | EXTENDED_ECHO | EXTENDED_ECHO_REPLY | PHOTURIS => HEADER_LENGTH,
        _ => 4,
    }
}

/// How many bytes of a packet an error says that it quotes (RFC 4884 section 4); 0 where it says nothing.
fn stated_quotation(kind: u8, message: &[u8]) -> usize {
    match kind {
        UNREACHABLE | TIME_EXCEEDED | PARAMETER_PROBLEM => message.get(5).map_or(0, |words| usize::from(*words) * 4),
        _ => 0,
    }
}

fn verify(view: &View<'_>) -> Checksum {
    checksum::verify_alone(view, 2)
}

#[expect(clippy::arithmetic_side_effects, reason = "two numbers of 8 bits, times 4")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let kind = u8::try_from(d.number(&TYPE, 0, 1)?).ok()?;
    let code = d.number(code_field(kind), 1, 1)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 2)?;
    match kind {
        ECHO | ECHO_REPLY | TIMESTAMP..=MASK_REPLY => {
            d.number(&IDENTIFIER, 4, 2)?;
            d.number(&SEQUENCE, 6, 2)?;
            describe_answer(d, kind)?;
        }
        EXTENDED_ECHO | EXTENDED_ECHO_REPLY => {
            d.number(&IDENTIFIER, 4, 2)?;
            extension::describe_extended_echo(d, kind == EXTENDED_ECHO)?;
        }
        REDIRECT => {
            d.ipv4(&GATEWAY, 4)?;
        }
        ROUTER_ADVERTISEMENT => {
            let count = usize::try_from(d.number(&ADDRESS_COUNT, 4, 1)?).ok()?;
            let size = usize::try_from(d.number(&ADDRESS_SIZE, 5, 1)?).ok()? * 4;
            d.number(&LIFETIME, 6, 2)?;
            for at in (0..count).map(|place| HEADER_LENGTH + place * size).take_while(|_| size >= 8) {
                d.ipv4(&ROUTER, at)?;
                d.number(&PREFERENCE, at + 4, 4)?;
            }
        }
        UNREACHABLE | TIME_EXCEEDED | PARAMETER_PROBLEM => {
            if kind == PARAMETER_PROBLEM {
                d.number(&POINTER, 4, 1)?;
            }
            let stated = stated_quotation(kind, d.view.bytes());
            if stated != 0 {
                d.number(&QUOTED_LENGTH, 5, 1)?;
            }
            if kind == UNREACHABLE && code == FRAGMENTATION_NEEDED {
                d.number(&MTU, 6, 2)?;
            }
            extension::describe_behind_quotation(d, stated)?;
        }
        _ => {}
    }
    Some(())
}

fn code_field(kind: u8) -> &'static Field {
    match kind {
        UNREACHABLE => &CODE_UNREACHABLE,
        REDIRECT => &CODE_REDIRECT,
        ROUTER_ADVERTISEMENT => &CODE_ADVERTISEMENT,
        TIME_EXCEEDED => &CODE_TIME_EXCEEDED,
        PARAMETER_PROBLEM => &CODE_PARAMETER,
        PHOTURIS => &CODE_PHOTURIS,
        EXTENDED_ECHO_REPLY => &CODE_EXTENDED_ECHO,
        _ => &CODE,
    }
}

/// What stands behind identifier and sequence number.
fn describe_answer(d: &mut Describe<'_, '_>, kind: u8) -> Option<()> {
    match kind {
        TIMESTAMP | TIMESTAMP_REPLY => {
            d.number(&ORIGINATE, 8, 4)?;
            d.number(&RECEIVE, 12, 4)?;
            d.number(&TRANSMIT, 16, 4)?;
        }
        MASK | MASK_REPLY => {
            d.ipv4(&ADDRESS_MASK, 8)?;
        }
        _ => {}
    }
    Some(())
}

#[cfg(test)]
mod tests;
