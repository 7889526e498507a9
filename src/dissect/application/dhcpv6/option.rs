//! Options (RFC 8415 section 21, and those of other documents that people meet).

use super::{describe_message, identifier, table};
use crate::dissect::application::dns::name::Name;
use crate::dissect::{Cursor, Field, Value};
use crate::limits::Limits;

fields! {
    OPTION = Field::number("dhcpv6.option.type", "Option", "Something that the client needs to know, or the server does.").names(table::OPTIONS);
    LENGTH = Field::number("dhcpv6.option.length", "Length", "How many bytes the option has behind this number.").unit("bytes");
    VALUE = Field::bytes("dhcpv6.option.value", "Value", "The option's bytes.");
    ASSOCIATION = Field::hexadecimal("dhcpv6.iaid", "Association", 8, "Which interface of the client the addresses are for.");
    TEMPORARY_ASSOCIATION = Field::hexadecimal("dhcpv6.iata", "Association", 8, "Which interface of the client the addresses are for.");
    RENEW = Field::number("dhcpv6.iaid.t1", "Renewal time", "When the client shall ask its server to prolong them.").unit("seconds");
    REBIND = Field::number("dhcpv6.iaid.t2", "Rebinding time", "When the client shall ask any server to prolong them.").unit("seconds");
    ADDRESS = Field::ipv6("dhcpv6.iaaddr.ip", "Address", "The address that the client gets, or has.").in_line();
    ADDRESS_PREFERRED = Field::number("dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime", "How long new conversations may begin with the address.").unit("seconds");
    ADDRESS_VALID = Field::number("dhcpv6.iaaddr.valid_lifetime", "Valid lifetime", "How long the address may be used at all.").unit("seconds");
    PREFIX_PREFERRED = Field::number("dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime", "How long new addresses may be made of the prefix.").unit("seconds");
    PREFIX_VALID = Field::number("dhcpv6.iaprefix.valid_lifetime", "Valid lifetime", "How long the prefix may be used at all.").unit("seconds");
    PREFIX_LENGTH = Field::number("dhcpv6.iaprefix.pref_len", "Prefix length", "How many bits of an address tell the network.").unit("bits");
    PREFIX = Field::ipv6("dhcpv6.iaprefix.pref_addr", "Prefix", "The network that the client may use for hosts behind it.").in_line();
    REQUESTED = Field::number("dhcpv6.requested_option_code", "Requested option", "What the client would like to know.").names(table::OPTIONS);
    PREFERENCE = Field::number("dhcpv6.option_preference", "Preference", "How much the server wants to be chosen: 255 at once.");
    ELAPSED = Field::number("dhcpv6.elapsed_time", "Elapsed time", "How long the client has been trying.").unit("milliseconds");
    UNICAST = Field::ipv6("dhcpv6.unicast", "Server address", "The client may speak to the server alone from now on.");
    STATUS = Field::number("dhcpv6.status_code", "Status", "How it went.").names(table::STATUSES);
    STATUS_TEXT = Field::text("dhcpv6.status_msg", "Message", "The same in the server's words.").in_line();
    USER_CLASS_LENGTH = Field::number("dhcpv6.userclass.length", "Length", "How many bytes the class has.").unit("bytes");
    USER_CLASS = Field::bytes("dhcpv6.userclass.opaque_data", "User class", "What kind of user the client has.");
    VENDOR_ENTERPRISE = Field::number("dhcpv6.vendorclass.enterprise", "Enterprise", "Who made the client: a number that IANA gave to a company.");
    VENDOR_CLASS = Field::text("dhcpv6.vendorclass.data", "Vendor class", "What kind of client it is.");
    VENDOR_OPTION_ENTERPRISE = Field::number("dhcpv6.vendoropts.enterprise", "Enterprise", "Whose information this is: a number that IANA gave to a company.");
    VENDOR_OPTION_CODE = Field::number("dhcpv6.vendoropts.enterprise.option_code", "Vendor's option", "Its number among the vendor's.");
    VENDOR_OPTION_LENGTH = Field::number("dhcpv6.vendoropts.enterprise.option_length", "Length", "How many bytes it has.").unit("bytes");
    VENDOR_OPTION_DATA = Field::bytes("dhcpv6.vendoropts.enterprise.option_data", "Data", "Its bytes.");
    INTERFACE = Field::bytes("dhcpv6.interface_id", "Interface", "The relay's interface on which it heard the client.");
    RECONFIGURE = Field::number("dhcpv6.reconf_msg", "Shall send", "What the client shall send now.").names(table::MESSAGE_TYPES);
    VOICE_DOMAIN = Field::text("dhcpv6.sip_server_domain_search_fqdn", "SIP server domain", "Where the client looks for telephony.");
    VOICE_SERVER = Field::ipv6("dhcpv6.sip_server_a", "SIP server", "A telephony server.");
    NAME_SERVER = Field::ipv6("dhcpv6.dns_server", "Name server", "A server to ask for names.");
    SEARCH = Field::text("dhcpv6.search_list_entry", "Search", "What to append to short names, in turn.");
    NIS_SERVER = Field::ipv6("dhcpv6.nis_server", "NIS server", "A server that knows users and hosts.");
    NIS_DOMAIN = Field::text("dhcpv6.nis_fqdn", "NIS domain", "The client's domain for NIS.");
    TIME_SERVER = Field::ipv6("dhcpv6.sntp_server", "SNTP server", "A server to set the clock by.");
    REFRESH = Field::number("dhcpv6.lifetime", "Refresh time", "When the client shall ask again.").unit("seconds");
    REMOTE_ENTERPRISE = Field::number("dhcpv6.remoteid.enterprise", "Enterprise", "Who made the relay: a number that IANA gave to a company.");
    REMOTE = Field::bytes("dhcpv6.remoteid_enterprise_id", "Remote", "The other end of the circuit on which the relay heard the client.");
    SUBSCRIBER = Field::text("dhcpv6.subscriber_id", "Subscriber", "Who pays for the circuit.");
    NAME_FLAGS = Field::hexadecimal("dhcpv6.client_fqdn_flags", "Flags", 2, "Who shall tell DNS about the name.").bits(&[(4, "nobody"), (2, "server overrides"), (1, "server")]);
    NAME = Field::text("dhcpv6.client_domain", "Client name", "The client's name.").in_line();
    ZONE_POSIX = Field::text("dhcpv6.timezone", "Time zone", "The client's time zone, as POSIX writes it.");
    ZONE_NAME = Field::text("dhcpv6.tzdb", "Time zone", "The client's time zone, by its name.");
    LAST_TRANSACTION = Field::number("dhcpv6.clt_time", "Last transaction", "How long ago the server heard of the client.").unit("seconds");
    CONTROLLER = Field::ipv6("dhcpv6.capwap_ac_v6", "CAPWAP controller", "What controls the access point.");
    CLOCK_OPTION = Field::number("dhcpv6.ntpserver.option.type", "Suboption", "How the server is told.").names(&[(1, "address"), (2, "multicast address"), (3, "name")]);
    CLOCK_ADDRESS = Field::ipv6("dhcpv6.ntpserver.addr", "NTP server", "A server to set the clock by.");
    CLOCK_MULTICAST = Field::ipv6("dhcpv6.ntpserver.mc_addr", "NTP multicast", "Where to listen for the time.");
    CLOCK_NAME = Field::text("dhcpv6.ntpserver.fqdn", "NTP server", "A server to set the clock by.");
    TUNNEL_END = Field::text("dhcpv6.aftr_name", "Tunnel end", "The router that takes IPv4 out of the client's IPv6 (DS-Lite, RFC 6334).");
    PORTAL = Field::text("dhcpv6.captive_portal", "Captive portal", "The page on which users must log in before they get out.");
    USAGE = Field::text("dhcpv6.mudurl", "Usage description", "Where the manufacturer says what the device needs to be allowed (RFC 8520).");
    RELAY_PORT = Field::number("dhcpv6.relay_port", "Relay port", "The port at which the relay listens for the answer.");
}

/// Gives options to the end of the part; `depth` relays have wrapped the message.
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>, depth: u8) -> Option<()> {
    while !cursor.is_done() {
        let &[high, low, length_high, length_low] = cursor.slice(4)?.first_chunk::<4>()?;
        let (kind, length) = (u16::from_be_bytes([high, low]), u16::from_be_bytes([length_high, length_low]));
        cursor.group(&OPTION, 4 + usize::from(length), Value::Number(u64::from(kind)), |cursor| {
            cursor.skip(2)?;
            cursor.number(&LENGTH, 2)?;
            // Where the inside is not as it should be, what is left of it is shown as bytes.
            let _gave_up = describe_one(cursor, kind, depth);
            cursor.remainder(&VALUE)
        })?;
    }
    Some(())
}

fn describe_one(cursor: &mut Cursor<'_, '_, '_>, kind: u16, depth: u8) -> Option<()> {
    match kind {
        1 | 2 | 53 => identifier::describe(cursor),
        3 | 25 => {
            cursor.number(&ASSOCIATION, 4)?;
            cursor.number(&RENEW, 4)?;
            cursor.number(&REBIND, 4)?;
            nested(cursor, depth)
        }
        4 => {
            cursor.number(&TEMPORARY_ASSOCIATION, 4)?;
            nested(cursor, depth)
        }
        5 => {
            cursor.ipv6(&ADDRESS)?;
            cursor.number(&ADDRESS_PREFERRED, 4)?;
            cursor.number(&ADDRESS_VALID, 4)?;
            nested(cursor, depth)
        }
        26 => {
            cursor.number(&PREFIX_PREFERRED, 4)?;
            cursor.number(&PREFIX_VALID, 4)?;
            cursor.number(&PREFIX_LENGTH, 1)?;
            cursor.ipv6(&PREFIX)?;
            nested(cursor, depth)
        }
        8 => {
            // In hundredths of a second.
            let elapsed = cursor.peek(2)?.saturating_mul(10);
            cursor.value(&ELAPSED, 2, Value::Number(elapsed))
        }
        9 if depth < Limits::RELAYS => describe_message(cursor, depth.saturating_add(1)),
        13 => {
            cursor.number(&STATUS, 2)?;
            text(cursor, &STATUS_TEXT)
        }
        45 | 66 => nested(cursor, depth),
        6 => numbers(cursor, &REQUESTED, 2),
        7 => numbers(cursor, &PREFERENCE, 1),
        19 => numbers(cursor, &RECONFIGURE, 1),
        32 => numbers(cursor, &REFRESH, 4),
        46 => numbers(cursor, &LAST_TRANSACTION, 4),
        135 => numbers(cursor, &RELAY_PORT, 2),
        12 => addresses(cursor, &UNICAST),
        22 => addresses(cursor, &VOICE_SERVER),
        23 => addresses(cursor, &NAME_SERVER),
        27 => addresses(cursor, &NIS_SERVER),
        31 => addresses(cursor, &TIME_SERVER),
        52 => addresses(cursor, &CONTROLLER),
        21 => names(cursor, &VOICE_DOMAIN),
        24 => names(cursor, &SEARCH),
        29 => names(cursor, &NIS_DOMAIN),
        64 => names(cursor, &TUNNEL_END),
        39 => {
            cursor.number(&NAME_FLAGS, 1)?;
            names(cursor, &NAME)
        }
        38 => text(cursor, &SUBSCRIBER),
        41 => text(cursor, &ZONE_POSIX),
        42 => text(cursor, &ZONE_NAME),
        103 => text(cursor, &PORTAL),
        112 => text(cursor, &USAGE),
        15..=18 | 37 | 56 => describe_special(cursor, kind),
        _ => Some(()),
    }
}

/// Options with a structure of their own.
fn describe_special(cursor: &mut Cursor<'_, '_, '_>, kind: u16) -> Option<()> {
    match kind {
        15 => {
            while !cursor.is_done() {
                let length = cursor.length(&USER_CLASS_LENGTH, 2)?;
                cursor.bytes(&USER_CLASS, length)?;
            }
            Some(())
        }
        16 => {
            cursor.number(&VENDOR_ENTERPRISE, 4)?;
            while !cursor.is_done() {
                let length = cursor.peek_length(2)?;
                cursor.skip(2)?;
                cursor.text(&VENDOR_CLASS, length)?;
            }
            Some(())
        }
        17 => {
            cursor.number(&VENDOR_OPTION_ENTERPRISE, 4)?;
            while !cursor.is_done() {
                cursor.number(&VENDOR_OPTION_CODE, 2)?;
                let length = cursor.length(&VENDOR_OPTION_LENGTH, 2)?;
                cursor.bytes(&VENDOR_OPTION_DATA, length)?;
            }
            Some(())
        }
        18 => cursor.remainder(&INTERFACE),
        37 => {
            cursor.number(&REMOTE_ENTERPRISE, 4)?;
            cursor.remainder(&REMOTE)
        }
        56 => {
            while !cursor.is_done() {
                let &[high, low, length_high, length_low] = cursor.slice(4)?.first_chunk::<4>()?;
                let (kind, length) = (u16::from_be_bytes([high, low]), u16::from_be_bytes([length_high, length_low]));
                cursor.group(&CLOCK_OPTION, 4 + usize::from(length), Value::Number(u64::from(kind)), |cursor| {
                    cursor.skip(4)?;
                    match kind {
                        1 => addresses(cursor, &CLOCK_ADDRESS)?,
                        2 => addresses(cursor, &CLOCK_MULTICAST)?,
                        3 => names(cursor, &CLOCK_NAME)?,
                        _ => {}
                    }
                    cursor.remainder(&VALUE)
                })?;
            }
            Some(())
        }
        _ => Some(()),
    }
}

/// Options in an option. They nest as deep as their bytes reach, each at least four further in; a limit keeps the stack small.
fn nested(cursor: &mut Cursor<'_, '_, '_>, depth: u8) -> Option<()> {
    if depth < Limits::RELAYS { describe(cursor, depth.saturating_add(1)) } else { Some(()) }
}

fn numbers(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field, size: usize) -> Option<()> {
    while cursor.left() >= size {
        cursor.number(field, size)?;
    }
    Some(())
}

fn addresses(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    while cursor.left() >= 16 {
        cursor.ipv6(field)?;
    }
    Some(())
}

fn text(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    let length = cursor.rest().len();
    if length > 0 {
        cursor.text(field, length)?;
    }
    Some(())
}

/// Names as DNS writes them, without pointers (RFC 8415 section 10); the last may lack its end, where it is not whole.
fn names(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    while !cursor.is_done() {
        let name = Name::read(cursor.rest(), 0);
        let length = name.length;
        if length == 0 {
            return None;
        }
        cursor.value(field, length, Value::Text(name.text()))?;
    }
    Some(())
}
