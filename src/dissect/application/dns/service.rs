//! Service bindings: SVCB and HTTPS records (RFC 9460).

use super::message::Message;
use super::{data, table};
use crate::dissect::{Cursor, Field, Value};

fields! {
    PRIORITY = Field::number("dns.svcb.svcpriority", "Priority", "Which binding to try first: the lowest; 0 says that the name is an alias of another.");
    TARGET = Field::text("dns.svcb.targetname", "Target", "The host that offers the service; the root, ., means the name itself.").presented();
    PARAMETER = Field::number("dns.svcb.svcparam.key", "Parameter", "Something that a client should know before it connects.").names(table::SERVICE_PARAMETERS);
    LENGTH = Field::number("dns.svcb.svcparam.value.length", "Length", "How many bytes the parameter has.").unit("bytes");
    MANDATORY = Field::number("dns.svcb.svcparam.mandatory.key", "Mandatory", "A parameter that a client must understand, or leave the binding alone.").names(table::SERVICE_PARAMETERS);
    APPLICATION = Field::text("dns.svcb.svcparam.alpn", "Application protocol", "A protocol that the server speaks: h2 is HTTP/2, h3 is HTTP/3.");
    PORT = Field::number("dns.svcb.svcparam.port", "Port", "The port of the service.");
    ADDRESS = Field::ipv4("dns.svcb.svcparam.ipv4hint.ip", "Address", "An IPv4 address of the host, to save asking for it.");
    ADDRESS_6 = Field::ipv6("dns.svcb.svcparam.ipv6hint.ip", "Address", "An IPv6 address of the host, to save asking for it.");
    HELLO_KEYS = Field::bytes("dns.svcb.svcparam.echconfig", "Encrypted hello keys", "What a client needs to hide the server's name in its greeting (ECH).");
    PATH = Field::text("dns.svcb.svcparam.dohpath", "DNS over HTTPS at", "The path under which the server answers DNS over HTTPS (RFC 9461).");
    VALUE = Field::bytes("dns.svcb.svcparam.value", "Value", "The parameter's bytes.");
}

/// Gives the data of an SVCB or HTTPS record.
pub(super) fn describe<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>) -> Option<()> {
    cursor.number(&PRIORITY, 2)?;
    message.name(cursor, &TARGET)?;
    while !cursor.is_done() {
        let key = cursor.peek(2)?;
        let length = cursor.slice(4).and_then(|head| head.last_chunk::<2>()).map(|length| u16::from_be_bytes(*length))?;
        cursor.group(&PARAMETER, 4 + usize::from(length), Value::Number(key), |cursor| {
            cursor.skip(2)?;
            cursor.number(&LENGTH, 2)?;
            describe_value(cursor, key)?;
            cursor.remainder(&VALUE)
        })?;
    }
    Some(())
}

fn describe_value(cursor: &mut Cursor<'_, '_, '_>, key: u64) -> Option<()> {
    match key {
        0 => {
            while cursor.left() >= 2 {
                cursor.number(&MANDATORY, 2)?;
            }
        }
        1 => {
            while !cursor.is_done() {
                data::string(cursor, &APPLICATION)?;
            }
        }
        3 if cursor.left() == 2 => {
            cursor.number(&PORT, 2)?;
        }
        4 => {
            while cursor.left() >= 4 {
                cursor.ipv4(&ADDRESS)?;
            }
        }
        5 => cursor.remainder(&HELLO_KEYS)?,
        6 => {
            while cursor.left() >= 16 {
                cursor.ipv6(&ADDRESS_6)?;
            }
        }
        7 => {
            let length = cursor.rest().len();
            cursor.text(&PATH, length)?;
        }
        _ => {}
    }
    Some(())
}
