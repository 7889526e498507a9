//! Dynamic host configuration for IPv6 (RFC 8415).

mod identifier;
mod option;
pub mod table;
#[cfg(test)]
mod tests;

use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// DHCPv6.
pub static PROTOCOL: Protocol = Protocol {
    name: "dhcpv6",
    label: "DHCPv6",
    title: "Dynamic Host Configuration Protocol for IPv6",
    reference: "RFC 8415",
    claims: &[Selector::UdpPort(546), Selector::UdpPort(547)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, option::FIELDS, identifier::FIELDS],
};

const RELAY_FORWARD: u64 = 12;
const RELAY_REPLY: u64 = 13;

fields! {
    TYPE = Field::number("dhcpv6.msgtype", "Message", "What the message is: a client solicits, servers advertise, it requests, one replies.").names(table::MESSAGE_TYPES).in_line();
    TRANSACTION = Field::hexadecimal("dhcpv6.xid", "Transaction", 6, "A number that the answer repeats, so that the client knows which question it belongs to.");
    HOPS = Field::number("dhcpv6.hopcount", "Hops", "How many relays have passed the message on before.");
    LINK_ADDRESS = Field::ipv6("dhcpv6.linkaddr", "Link", "An address of the link on which the relay heard the client.");
    PEER_ADDRESS = Field::ipv6("dhcpv6.peeraddr", "Peer", "The client or the relay from which the message came, or to which it goes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    match walk.bytes().first() {
        Some(1..=37) => {}
        _ => return Ok(Next::Foreign),
    }
    walk.need(4, "header")?;
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let length = d.view.bytes().len();
    describe_message(&mut Cursor::new(d, 0, length), 0)
}

/// Gives a message; `depth` relays have wrapped it.
fn describe_message(cursor: &mut Cursor<'_, '_, '_>, depth: u8) -> Option<()> {
    let kind = cursor.number(&TYPE, 1)?;
    if matches!(kind, RELAY_FORWARD | RELAY_REPLY) {
        cursor.number(&HOPS, 1)?;
        cursor.ipv6(&LINK_ADDRESS)?;
        cursor.ipv6(&PEER_ADDRESS)?;
    } else {
        cursor.number(&TRANSACTION, 3)?;
    }
    option::describe(cursor, depth)
}
