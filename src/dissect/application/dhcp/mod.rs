//! Dynamic host configuration for IPv4: BOOTP (RFC 951) with the options of DHCP (RFC 2131, RFC 2132).

mod option;
mod special;
pub mod table;
#[cfg(test)]
mod tests;

use crate::dissect::network::arp;
use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// DHCP.
pub static PROTOCOL: Protocol = Protocol {
    name: "dhcp",
    label: "DHCP",
    title: "Dynamic Host Configuration Protocol",
    reference: "RFC 2131",
    claims: &[Selector::UdpPort(67), Selector::UdpPort(68)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, option::FIELDS, special::FIELDS],
};

/// What every message has before its options.
const FIXED_LENGTH: usize = 236;
/// Where the name of the server stands, which may hold options instead, and how long it is.
const SERVER_NAME: (usize, usize) = (44, 64);
/// Where the name of the boot file stands, which may hold options instead, and how long it is.
const FILE_NAME: (usize, usize) = (108, 128);
/// The kind of link whose addresses have six bytes.
const ETHERNET: u64 = 1;
/// What stands before the options (RFC 1497).
const COOKIE: u64 = 0x6382_5363;

fields! {
    OPERATION = Field::number("dhcp.type", "Operation", "Whether a client asks or a server answers.").names(&[(1, "request"), (2, "reply")]);
    HARDWARE_TYPE = Field::number("dhcp.hw.type", "Hardware type", "The kind of link that the client is on.").names(arp::HARDWARE);
    HARDWARE_LENGTH = Field::number("dhcp.hw.len", "Hardware address length", "How many bytes the client's link address has.").unit("bytes");
    HOPS = Field::number("dhcp.hops", "Hops", "How many relays have passed the message on.");
    TRANSACTION = Field::hexadecimal("dhcp.id", "Transaction", 8, "A number that the answer repeats, so that the client knows which question it belongs to.");
    SECONDS = Field::number("dhcp.secs", "Seconds elapsed", "How long the client has been trying.").unit("seconds");
    FLAGS = Field::hexadecimal("dhcp.flags", "Flags", 4, "How the client can be answered.").bits(&[(0x8000, "broadcast")]);
    BROADCAST = Field::boolean("dhcp.flags.bc", "Broadcast", "The client cannot take packets for its address yet: the answer must go to everybody.");
    CLIENT_ADDRESS = Field::ipv4("dhcp.ip.client", "Client address", "The address that the client has already; 0.0.0.0 while it has none.");
    YOUR_ADDRESS = Field::ipv4("dhcp.ip.your", "Your address", "The address that the server gives to the client.");
    SERVER_ADDRESS = Field::ipv4("dhcp.ip.server", "Next server address", "The server from which the client shall boot.");
    RELAY_ADDRESS = Field::ipv4("dhcp.ip.relay", "Relay address", "The relay that passed the message on from the client's link to a server elsewhere.");
    HARDWARE_ADDRESS_48 = Field::mac("dhcp.hw.mac_addr", "Client link address", "The link address of the client: by it the server knows who asks.");
    HARDWARE_ADDRESS = Field::bytes("dhcp.hw.addr", "Client link address", "The link address of the client: by it the server knows who asks.");
    PADDING = Field::bytes("dhcp.hw.addr_padding", "Padding", "Room for longer link addresses that is not empty.");
    SERVER = Field::text("dhcp.server", "Server name", "The name of the server from which the client shall boot.");
    FILE = Field::text("dhcp.file", "Boot file", "What the client shall load to boot.");
    COOKIE_FIELD = Field::ipv4("dhcp.cookie", "Magic cookie", "Says that options follow: 99.130.83.99.");
    VENDOR = Field::bytes("dhcp.vendor_specific_options", "Vendor's bytes", "What stands where options would, in a message older than they are.");
    OPTIONS_IN_FILE = Field::group("dhcp.options_in_file", "Options in the place of the boot file", "There was no room for them behind.");
    OPTIONS_IN_SERVER = Field::group("dhcp.options_in_server", "Options in the place of the server name", "There was no room for them behind.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.bytes().first().is_some_and(|operation| !matches!(operation, 1 | 2)) {
        return Ok(Next::Foreign);
    }
    walk.need(FIXED_LENGTH, "header")?;
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let bytes = d.view.bytes();
    let mut cursor = Cursor::new(d, 0, bytes.len());
    describe_fixed(&mut cursor)?;
    let overload = bytes.get(FIXED_LENGTH + 4..).map_or(0, option::overload);
    for (field, group, (at, length), bit) in [(&SERVER, &OPTIONS_IN_SERVER, SERVER_NAME, 2), (&FILE, &OPTIONS_IN_FILE, FILE_NAME, 1)] {
        if overload & bit != 0 {
            cursor.group(group, length, Value::Present, option::describe)?;
        } else {
            let name = bytes.get(at..)?.get(..length)?;
            let used = name.iter().position(|byte| *byte == 0).unwrap_or(length);
            if used > 0 {
                cursor.part(length).text(field, used)?;
            } else {
                cursor.skip(length)?;
            }
        }
    }
    if cursor.peek(4) == Some(COOKIE) {
        cursor.ipv4(&COOKIE_FIELD)?;
        option::describe(&mut cursor)
    } else {
        cursor.remainder(&VENDOR)
    }
}

/// Gives what stands before the names.
fn describe_fixed(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&OPERATION, 1)?;
    let kind = cursor.number(&HARDWARE_TYPE, 1)?;
    let length = cursor.length(&HARDWARE_LENGTH, 1)?;
    cursor.number(&HOPS, 1)?;
    cursor.number(&TRANSACTION, 4)?;
    cursor.number(&SECONDS, 2)?;
    let flags = cursor.peek(2)?;
    cursor.group(&FLAGS, 2, Value::Number(flags), |cursor| cursor.flag(&BROADCAST, 2, 0x8000).map(drop))?;
    for field in [&CLIENT_ADDRESS, &YOUR_ADDRESS, &SERVER_ADDRESS, &RELAY_ADDRESS] {
        cursor.ipv4(field)?;
    }
    let mut room = cursor.part(16);
    if kind == ETHERNET && length == 6 {
        room.mac(&HARDWARE_ADDRESS_48)?;
    } else {
        room.bytes(&HARDWARE_ADDRESS, length.min(16))?;
    }
    if room.rest().iter().any(|byte| *byte != 0) {
        room.remainder(&PADDING)?;
    }
    Some(())
}

/// Gives the kind of a link and an address of Ethernet.
fn describe_link_address(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&HARDWARE_TYPE, 1)?;
    cursor.mac(&HARDWARE_ADDRESS_48).map(drop)
}
