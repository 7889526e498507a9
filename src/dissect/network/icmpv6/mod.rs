//! Internet Control Message Protocol for IPv6 (RFC 4443; IANA, "ICMPv6 Parameters").

mod listener;
mod name;
mod names;
mod neighbour;
mod node_information;
mod option;

use super::by_version;
use super::icmp::{extension, named};
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, View, Walk, checksum};

/// ICMPv6.
pub static PROTOCOL: Protocol = Protocol {
    name: "icmpv6",
    label: "ICMPv6",
    title: "Internet Control Message Protocol version 6",
    reference: "RFC 4443",
    claims: &[Selector::IpProtocol(58)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS, neighbour::FIELDS, option::FIELDS, listener::FIELDS, node_information::FIELDS, extension::FIELDS],
};

const UNREACHABLE: u8 = 1;
const TOO_BIG: u8 = 2;
const TIME_EXCEEDED: u8 = 3;
const PARAMETER_PROBLEM: u8 = 4;
const ECHO: u8 = 128;
const ECHO_REPLY: u8 = 129;
const LISTENER_QUERY: u8 = 130;
const LISTENER_REPORT: u8 = 131;
const LISTENER_DONE: u8 = 132;
const ROUTER_SOLICITATION: u8 = 133;
const ROUTER_ADVERTISEMENT: u8 = 134;
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;
const REDIRECT: u8 = 137;
const RENUMBERING: u8 = 138;
const INFORMATION_QUERY: u8 = 139;
const INFORMATION_RESPONSE: u8 = 140;
const INVERSE_SOLICITATION: u8 = 141;
const INVERSE_ADVERTISEMENT: u8 = 142;
const LISTENER_REPORT_2: u8 = 143;
const HOME_AGENT_REQUEST: u8 = 144;
const HOME_AGENT_REPLY: u8 = 145;
const PREFIX_SOLICITATION: u8 = 146;
const PREFIX_ADVERTISEMENT: u8 = 147;
const MULTICAST_ROUTER_ADVERTISEMENT: u8 = 151;
const EXTENDED_ECHO: u8 = 160;
const EXTENDED_ECHO_REPLY: u8 = 161;
const HEADER_LENGTH: usize = 8;
const CODE_MEANING: &str = "What the message says more exactly, by its type.";

fields! {
    TYPE = Field::number("icmpv6.type", "Type", "What the message says: below 128 an error, from there on information.").names(names::TYPES).in_line();
    CODE = Field::number("icmpv6.code", "Code", CODE_MEANING);
    CODE_UNREACHABLE = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::UNREACHABLE).in_line();
    CODE_TIME_EXCEEDED = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::TIME_EXCEEDED).in_line();
    CODE_PARAMETER = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::PARAMETER).in_line();
    CODE_RENUMBERING = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::RENUMBERING).in_line();
    CODE_INFORMATION_QUERY = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::INFORMATION_QUERY);
    CODE_INFORMATION_RESPONSE = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::INFORMATION_RESPONSE).in_line();
    CODE_EXTENDED_ECHO = Field::number("icmpv6.code", "Code", CODE_MEANING).names(names::EXTENDED_ECHO).in_line();
    CHECKSUM = Field::checksum("icmpv6.checksum", "Checksum", "Guards the whole message and the addresses of the packet.");
    CHECKSUM_STATUS = Field::status("icmpv6.checksum.status", "Checksum status", "Whether the message adds up.");
    QUOTED_LENGTH = Field::number("icmpv6.length", "Length of the quotation", "How much of the packet is quoted, in units of 8 bytes; what stands behind it are extensions (RFC 4884).");
    MTU = Field::number("icmpv6.mtu", "MTU of the next link", "The largest packet that the link can carry for which the quoted one was too large.").unit("bytes").in_line();
    POINTER = Field::number("icmpv6.pointer", "Pointer", "Which byte of the quoted packet is wrong, counted from 0.").in_line();
    IDENTIFIER = Field::number("icmpv6.echo.identifier", "Identifier", "Tells the questions of one program from those of others: ping takes one a run.").in_line();
    SEQUENCE = Field::number("icmpv6.echo.sequence_number", "Sequence number", "Counts the questions; the answer repeats it.").in_line();
    MOBILE_IDENTIFIER = Field::number("icmpv6.mip6.identifier", "Identifier", "Tells the questions apart; the answer repeats it.");
    MOBILE_MANAGED = Field::boolean("icmpv6.mip6.flag.m", "Managed addresses", "Addresses come from DHCPv6.");
    MOBILE_OTHER = Field::boolean("icmpv6.mip6.flag.o", "Other configuration", "The rest of the configuration comes from DHCPv6.");
    HOME_AGENT = Field::ipv6("icmpv6.mip6.home_agent_address", "Home agent", "The address of a router that keeps in touch with hosts that have moved.");
    QUERY_INTERVAL = Field::number("icmpv6.mcast_ra.query_interval", "Query interval", "How often the router asks who listens to which group.").unit("seconds");
    ROBUSTNESS = Field::number("icmpv6.mcast_ra.robustness_variable", "Robustness", "How many lost packets in a row the router reckons with.");
    DATA = Field::bytes("icmpv6.data", "Data", "What the message says.");
}

/// What a type and a code of it say, by the names that IANA's registry has; `None` where it has none.
#[must_use]
pub fn meaning(kind: u8, code: u8) -> [Option<&'static str>; 2] {
    let codes = match kind {
        UNREACHABLE => names::UNREACHABLE,
        TIME_EXCEEDED => names::TIME_EXCEEDED,
        PARAMETER_PROBLEM => names::PARAMETER,
        RENUMBERING => names::RENUMBERING,
        INFORMATION_QUERY => names::INFORMATION_QUERY,
        INFORMATION_RESPONSE => names::INFORMATION_RESPONSE,
        EXTENDED_ECHO_REPLY => names::EXTENDED_ECHO,
        _ => &[],
    };
    [named(names::TYPES, kind), named(codes, code)]
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[kind, ..] = walk.header_bytes::<4>()?;
    walk.need(least_length(kind), "header")?;
    let message = walk.bytes();
    Ok(match kind {
        UNREACHABLE | TOO_BIG | TIME_EXCEEDED | PARAMETER_PROBLEM => {
            walk.header(HEADER_LENGTH);
            walk.quote();
            if let Some(quotation) = extension::quotation_length(message, walk.wire_length(), stated_quotation(kind, message)) {
                walk.limit_payload(quotation);
            }
            by_version(message.get(HEADER_LENGTH..).unwrap_or_default())
        }
        REDIRECT => match option::redirected_packet(message, neighbour::REDIRECT_OPTIONS) {
            Some((start, length)) => {
                walk.header(start);
                walk.quote();
                walk.limit_payload(length);
                by_version(message.get(start..).unwrap_or_default())
            }
            None => Next::Nothing,
        },
        ECHO | ECHO_REPLY => {
            walk.header(HEADER_LENGTH);
            Next::Payload
        }
        _ => Next::Nothing,
    })
}

/// How long a message of a type must be.
fn least_length(kind: u8) -> usize {
    match kind {
        LISTENER_QUERY..=LISTENER_DONE | NEIGHBOUR_SOLICITATION | NEIGHBOUR_ADVERTISEMENT => 24,
        ROUTER_ADVERTISEMENT | INFORMATION_QUERY | INFORMATION_RESPONSE | RENUMBERING => 16,
        REDIRECT => neighbour::REDIRECT_OPTIONS,
        _ => HEADER_LENGTH,
    }
}

/// How many bytes of a packet an error says that it quotes (RFC 4884 section 4); 0 where it says nothing.
fn stated_quotation(kind: u8, message: &[u8]) -> usize {
    match kind {
        UNREACHABLE | TIME_EXCEEDED => message.get(4).map_or(0, |eights| usize::from(*eights) * 8),
        _ => 0,
    }
}

fn verify(view: &View<'_>) -> Checksum {
    checksum::verify_with_pseudo_header(view, 58, view.wire_length(), 2)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let kind = u8::try_from(d.number(&TYPE, 0, 1)?).ok()?;
    let code = d.number(code_field(kind), 1, 1)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 2)?;
    match kind {
        UNREACHABLE | TOO_BIG | TIME_EXCEEDED | PARAMETER_PROBLEM => describe_error(d, kind),
        ECHO | ECHO_REPLY => {
            d.number(&IDENTIFIER, 4, 2)?;
            d.number(&SEQUENCE, 6, 2)?;
            Some(())
        }
        EXTENDED_ECHO | EXTENDED_ECHO_REPLY => {
            d.number(&IDENTIFIER, 4, 2)?;
            extension::describe_extended_echo(d, kind == EXTENDED_ECHO)
        }
        LISTENER_QUERY => listener::describe_query(d),
        LISTENER_REPORT | LISTENER_DONE => listener::describe_address(d),
        LISTENER_REPORT_2 => listener::describe_report(d),
        ROUTER_SOLICITATION => option::describe(d, 8),
        ROUTER_ADVERTISEMENT => neighbour::describe_router_advertisement(d),
        NEIGHBOUR_SOLICITATION => neighbour::describe_solicitation(d),
        NEIGHBOUR_ADVERTISEMENT => neighbour::describe_advertisement(d),
        REDIRECT => neighbour::describe_redirect(d),
        INVERSE_SOLICITATION | INVERSE_ADVERTISEMENT => option::describe(d, 8),
        INFORMATION_QUERY => node_information::describe_query(d, code),
        INFORMATION_RESPONSE => node_information::describe_response(d),
        HOME_AGENT_REQUEST..=PREFIX_ADVERTISEMENT => describe_mobile(d, kind),
        MULTICAST_ROUTER_ADVERTISEMENT => {
            d.number(&QUERY_INTERVAL, 4, 2)?;
            d.number(&ROBUSTNESS, 6, 2)?;
            Some(())
        }
        _ => {
            let length = d.view.bytes().len().saturating_sub(4);
            if length > 0 {
                d.bytes(&DATA, 4, length)?;
            }
            Some(())
        }
    }
}

fn code_field(kind: u8) -> &'static Field {
    match kind {
        UNREACHABLE => &CODE_UNREACHABLE,
        TIME_EXCEEDED => &CODE_TIME_EXCEEDED,
        PARAMETER_PROBLEM => &CODE_PARAMETER,
        RENUMBERING => &CODE_RENUMBERING,
        INFORMATION_QUERY => &CODE_INFORMATION_QUERY,
        INFORMATION_RESPONSE => &CODE_INFORMATION_RESPONSE,
        EXTENDED_ECHO_REPLY => &CODE_EXTENDED_ECHO,
        _ => &CODE,
    }
}

fn describe_error(d: &mut Describe<'_, '_>, kind: u8) -> Option<()> {
    let stated = stated_quotation(kind, d.view.bytes());
    match kind {
        TOO_BIG => {
            d.number(&MTU, 4, 4)?;
        }
        PARAMETER_PROBLEM => {
            d.number(&POINTER, 4, 4)?;
        }
        _ if stated != 0 => {
            d.number(&QUOTED_LENGTH, 4, 1)?;
        }
        _ => {}
    }
    extension::describe_behind_quotation(d, stated)
}

/// Home agent discovery and mobile prefixes (RFC 6275 sections 6.5 to 6.8).
fn describe_mobile(d: &mut Describe<'_, '_>, kind: u8) -> Option<()> {
    d.number(&MOBILE_IDENTIFIER, 4, 2)?;
    match kind {
        HOME_AGENT_REPLY => {
            let end = d.view.bytes().len();
            for at in (HEADER_LENGTH..end).step_by(16) {
                d.ipv6(&HOME_AGENT, at)?;
            }
            Some(())
        }
        PREFIX_ADVERTISEMENT => {
            d.flag(&MOBILE_MANAGED, 6, 1, 0x80)?;
            d.flag(&MOBILE_OTHER, 6, 1, 0x40)?;
            option::describe(d, HEADER_LENGTH)
        }
        PREFIX_SOLICITATION => option::describe(d, HEADER_LENGTH),
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests;
