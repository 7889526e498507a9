//! Options with more inside than one kind of value.

use super::{ETHERNET, describe_link_address, table};
use crate::dissect::application::dns::name::Name;
use crate::dissect::{Cursor, Field, Value};

fields! {
    IDENTIFIER_TYPE = Field::number("dhcp.client_id.type", "Type", "What the identifier is.").names(&[(0, "text or bytes"), (255, "RFC 4361 identifier")]);
    IDENTIFIER = Field::bytes("dhcp.client_id", "Identifier", "By it the server knows who asks, whichever link address the client has.");
    MACHINE = Field::bytes("dhcp.client_id.uuid", "Machine", "The number of the machine, which its maker gave it.");
    NETWORK_MAJOR = Field::number("dhcp.client_network_id_major", "Major version", "Which version of the boot interface the client's card has.");
    NETWORK_MINOR = Field::number("dhcp.client_network_id_minor", "Minor version", "Which version of the boot interface the client's card has.");
    NAME_FLAGS = Field::hexadecimal("dhcp.fqdn.flags", "Flags", 2, "Who shall tell DNS about the name.").bits(&[(8, "nobody"), (4, "written as DNS does"), (2, "server overrides"), (1, "server")]);
    NAME_CODE_1 = Field::number("dhcp.fqdn.rcode1", "First result", "How telling DNS went; no longer used.");
    NAME_CODE_2 = Field::number("dhcp.fqdn.rcode2", "Second result", "How telling DNS went; no longer used.");
    NAME = Field::text("dhcp.fqdn.name", "Name", "The client's name.");
    RELAY_OPTION = Field::number("dhcp.option.agent_information_option.suboption", "Suboption", "What a relay adds about where the client is.").names(table::RELAY_OPTIONS);
    RELAY_CIRCUIT = Field::bytes("dhcp.option.agent_information_option.agent_circuit_id", "Circuit", "The port or the circuit on which the relay heard the client.");
    RELAY_REMOTE = Field::bytes("dhcp.option.agent_information_option.agent_remote_id", "Remote", "The other end of that circuit.");
    RELAY_LINK = Field::ipv4("dhcp.option.agent_information_option.link_selection", "Link", "The network from which the address shall be.");
    RELAY_SUBSCRIBER = Field::text("dhcp.option.agent_information_option.subscriber_id", "Subscriber", "Who pays for the circuit.");
    RELAY_SERVER = Field::ipv4("dhcp.option.agent_information_option.server_id_override", "Server identifier override", "What the server shall call itself, so that the relay hears everything.");
    RELAY_VALUE = Field::bytes("dhcp.option.agent_information_option.value", "Value", "The suboption's bytes.");
    SEARCH_NAME = Field::text("dhcp.option.dhcp_dns_domain_search_list_fqdn", "Search", "What to append to short names, in turn.");
    ROUTE = Field::group("dhcp.option.classless_static_route", "Route", "A way to a network.");
    ROUTE_TO = Field::ipv4("dhcp.option.classless_static_route.destination", "To", "The network's address.");
    ROUTE_LENGTH = Field::number("dhcp.option.classless_static_route.prefix_length", "Prefix length", "How many bits of an address tell the network.").unit("bits");
    ROUTE_BY = Field::ipv4("dhcp.option.classless_static_route.router", "By router", "The way there; 0.0.0.0 where the network is on this link.");
    ENTERPRISE = Field::number("dhcp.option.vi.enterprise", "Enterprise", "Whose information this is: a number that IANA gave to a company.");
    ENTERPRISE_LENGTH = Field::number("dhcp.option.vi.length", "Length", "How many bytes the information has.").unit("bytes");
    ENTERPRISE_VALUE = Field::bytes("dhcp.option.vi.value", "Value", "The information.");
    CLASS_ENTERPRISE = Field::number("dhcp.option.vi_class.enterprise", "Enterprise", "Who has made the client: a number that IANA gave to a company.");
    CLASS_LENGTH = Field::number("dhcp.option.vi_class.length", "Length", "How many bytes the class has.").unit("bytes");
    CLASS_VALUE = Field::text("dhcp.option.vi_class.data", "Class", "What kind of client it is.");
}

/// Gives the value of an option that has more inside.
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>, kind: u64) -> Option<()> {
    match kind {
        61 => {
            if cursor.peek(1)? == ETHERNET && cursor.left() == 7 {
                return describe_link_address(cursor);
            }
            cursor.number(&IDENTIFIER_TYPE, 1)?;
            cursor.remainder(&IDENTIFIER)
        }
        81 => describe_name(cursor),
        82 => {
            while !cursor.is_done() {
                describe_relay(cursor)?;
            }
            Some(())
        }
        94 => {
            cursor.skip(1)?;
            cursor.number(&NETWORK_MAJOR, 1)?;
            cursor.number(&NETWORK_MINOR, 1).map(drop)
        }
        97 => {
            cursor.skip(1)?;
            cursor.remainder(&MACHINE)
        }
        119 => describe_search(cursor),
        121 | 249 => {
            while !cursor.is_done() {
                describe_route(cursor)?;
            }
            Some(())
        }
        124 => {
            while !cursor.is_done() {
                cursor.number(&CLASS_ENTERPRISE, 4)?;
                let length = cursor.length(&CLASS_LENGTH, 1)?;
                cursor.text(&CLASS_VALUE, length)?;
            }
            Some(())
        }
        125 => {
            while !cursor.is_done() {
                cursor.number(&ENTERPRISE, 4)?;
                let length = cursor.length(&ENTERPRISE_LENGTH, 1)?;
                cursor.bytes(&ENTERPRISE_VALUE, length)?;
            }
            Some(())
        }
        _ => Some(()),
    }
}

/// The client's name (RFC 4702): as DNS writes it, or as text by old clients.
fn describe_name(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let flags = cursor.number(&NAME_FLAGS, 1)?;
    cursor.number(&NAME_CODE_1, 1)?;
    cursor.number(&NAME_CODE_2, 1)?;
    let length = cursor.rest().len();
    if flags & 4 == 0 {
        return cursor.text(&NAME, length).map(drop);
    }
    let name = Name::read(cursor.rest(), 0);
    // A name without its domain has no end.
    cursor.value(&NAME, name.length.min(length), Value::Text(name.text()))
}

fn describe_relay(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let &[kind, length] = cursor.slice(2)?.first_chunk::<2>()?;
    cursor.group(&RELAY_OPTION, 2 + usize::from(length), Value::Number(u64::from(kind)), |cursor| {
        cursor.skip(2)?;
        let length = cursor.left();
        match kind {
            1 => cursor.remainder(&RELAY_CIRCUIT)?,
            2 => cursor.remainder(&RELAY_REMOTE)?,
            5 if length == 4 => cursor.ipv4(&RELAY_LINK).map(drop)?,
            6 => cursor.text(&RELAY_SUBSCRIBER, length).map(drop)?,
            11 if length == 4 => cursor.ipv4(&RELAY_SERVER).map(drop)?,
            _ => {}
        }
        cursor.remainder(&RELAY_VALUE)
    })
}

/// Domains (RFC 3397); pointers count from the option's first byte.
fn describe_search(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let (start, list) = (cursor.at(), cursor.rest());
    while !cursor.is_done() {
        let name = Name::read(list, cursor.at().saturating_sub(start));
        if name.flaw.is_some() {
            return None;
        }
        cursor.value(&SEARCH_NAME, name.length, Value::Text(name.text()))?;
    }
    Some(())
}

/// A route (RFC 3442): only the bytes of the network's address that its prefix needs are sent.
fn describe_route(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let prefix = cursor.peek_length(1)?;
    let used = prefix.div_ceil(8);
    if prefix > 32 {
        return None;
    }
    cursor.group(&ROUTE, used.saturating_add(1 + 4), Value::Present, |cursor| {
        cursor.number(&ROUTE_LENGTH, 1)?;
        let mut address = [0; 4];
        address.iter_mut().zip(cursor.slice(used)?).for_each(|(place, byte)| *place = *byte);
        cursor.value(&ROUTE_TO, used, Value::Ipv4(address))?;
        cursor.ipv4(&ROUTE_BY).map(drop)
    })
}
