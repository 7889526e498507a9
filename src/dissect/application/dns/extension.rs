//! Extensions of DNS: the OPT record and its options (RFC 6891).

use super::table;
use crate::dissect::{Cursor, Field, Value};

/// The type of the record that carries extensions.
pub(super) const TYPE: u64 = 41;

fields! {
    PAYLOAD_SIZE = Field::number("dns.rr.udp_payload_size", "UDP payload size", "The largest message that the sender can take over UDP.").unit("bytes");
    EXTENDED_CODE = Field::number("dns.resp.ext_rcode", "Extended response code", "The upper eight bits of the response code.");
    VERSION = Field::number("dns.resp.edns0_version", "Version", "Which version of the extensions this is: 0.");
    FLAGS = Field::hexadecimal("dns.resp.z", "Flags", 4, "What the sender understands.").bits(&[(0x8000, "DNSSEC OK")]);
    SECURITY_OK = Field::boolean("dns.resp.z.do", "DNSSEC OK", "The asker wants signatures with the records.");
    OPTION = Field::number("dns.opt.code", "Option", "An extension.").names(table::OPTIONS);
    OPTION_LENGTH = Field::number("dns.opt.len", "Length", "How many bytes the option has.").unit("bytes");
    OPTION_DATA = Field::bytes("dns.opt.data", "Data", "The option's bytes.");
    ALGORITHM_UNDERSTOOD = Field::number("dns.opt.dau", "Understands", "A DNSSEC algorithm that the asker understands.").names(table::ALGORITHMS);
    DIGEST_UNDERSTOOD = Field::number("dns.opt.dhu", "Understands", "A digest of DS records that the asker understands.").names(table::DIGESTS);
    HASH_UNDERSTOOD = Field::number("dns.opt.n3u", "Understands", "A hash of NSEC3 records that the asker understands.").names(&[(1, "SHA-1")]);
    SUBNET_FAMILY = Field::number("dns.opt.client.family", "Address family", "What kind of address follows.").names(&[(1, "IPv4"), (2, "IPv6")]);
    SUBNET_SOURCE = Field::number("dns.opt.client.netmask", "Source prefix length", "How many bits of the client's address are told.").unit("bits");
    SUBNET_SCOPE = Field::number("dns.opt.client.scope", "Scope prefix length", "For how many bits of it the answer holds.").unit("bits");
    SUBNET_ADDRESS = Field::ipv4("dns.opt.client.addr4", "Client subnet", "Where the client is that the server asks for, so that it is sent to something near.");
    SUBNET_ADDRESS_6 = Field::ipv6("dns.opt.client.addr6", "Client subnet", "Where the client is that the server asks for, so that it is sent to something near.");
    COOKIE_CLIENT = Field::bytes("dns.opt.cookie.client", "Client cookie", "The answer repeats it, so that nobody else can have made it up.");
    COOKIE_SERVER = Field::bytes("dns.opt.cookie.server", "Server cookie", "Shows the server that the asker has really been there before.");
    IDLE_TIMEOUT = Field::number("dns.opt.edns_tcp_keepalive.timeout", "Idle timeout", "How long the connection may stay open unused, in tenths of a second.");
    PADDING = Field::bytes("dns.opt.padding", "Padding", "Hides how long the message is where it is encrypted.");
    ERROR_CODE = Field::number("dns.opt.ext_error.info_code", "Error", "Why the query did not go well.").names(table::EXTENDED_ERRORS);
    ERROR_TEXT = Field::text("dns.opt.ext_error.extra_text", "Error text", "The server's own words on it.");
}

/// Gives what stands in an OPT record where others have their class and their time to live.
pub(super) fn describe_header(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&PAYLOAD_SIZE, 2)?;
    cursor.number(&EXTENDED_CODE, 1)?;
    cursor.number(&VERSION, 1)?;
    let flags = cursor.peek(2)?;
    cursor.group(&FLAGS, 2, Value::Number(flags), |cursor| cursor.flag(&SECURITY_OK, 2, 0x8000).map(|_| ()))
}

/// Gives the options, to the end of the part.
pub(super) fn describe_options(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    while !cursor.is_done() {
        let code = cursor.peek(2)?;
        let length = cursor.slice(4).and_then(|head| head.last_chunk::<2>()).map(|length| u16::from_be_bytes(*length))?;
        cursor.group(&OPTION, 4 + usize::from(length), Value::Number(code), |cursor| {
            cursor.skip(2)?;
            cursor.number(&OPTION_LENGTH, 2)?;
            describe_option(cursor, code)?;
            cursor.remainder(&OPTION_DATA)
        })?;
    }
    Some(())
}

fn describe_option(cursor: &mut Cursor<'_, '_, '_>, code: u64) -> Option<()> {
    let length = cursor.left();
    match code {
        5 => each_byte(cursor, &ALGORITHM_UNDERSTOOD)?,
        6 => each_byte(cursor, &DIGEST_UNDERSTOOD)?,
        7 => each_byte(cursor, &HASH_UNDERSTOOD)?,
        8 => describe_subnet(cursor)?,
        10 if length >= 8 => {
            cursor.bytes(&COOKIE_CLIENT, 8)?;
            cursor.remainder(&COOKIE_SERVER)?;
        }
        11 if length == 2 => {
            cursor.number(&IDLE_TIMEOUT, 2)?;
        }
        12 => cursor.remainder(&PADDING)?,
        15 if length >= 2 => {
            cursor.number(&ERROR_CODE, 2)?;
            if length > 2 {
                cursor.text(&ERROR_TEXT, length.saturating_sub(2))?;
            }
        }
        _ => {}
    }
    Some(())
}

fn each_byte(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    while !cursor.is_done() {
        cursor.number(field, 1)?;
    }
    Some(())
}

/// A client subnet (RFC 7871 section 6): only the bytes of the address that the prefix needs are sent.
fn describe_subnet(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let family = cursor.number(&SUBNET_FAMILY, 2)?;
    cursor.number(&SUBNET_SOURCE, 1)?;
    cursor.number(&SUBNET_SCOPE, 1)?;
    let sent = cursor.rest();
    let mut address = [0; 16];
    let room = match family {
        1 => 4,
        2 => 16,
        _ => 0,
    };
    if sent.len() > room {
        return Some(());
    }
    address.iter_mut().zip(sent).for_each(|(place, byte)| *place = *byte);
    match address.first_chunk::<4>() {
        Some(address) if family == 1 => cursor.value(&SUBNET_ADDRESS, sent.len(), Value::Ipv4(*address)),
        _ if family == 2 => cursor.value(&SUBNET_ADDRESS_6, sent.len(), Value::Ipv6(address)),
        _ => Some(()),
    }
}
