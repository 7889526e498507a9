//! The data of records, by their type.

use super::message::Message;
use super::{security, service, table};
use crate::dissect::{Cursor, Field};

fields! {
    ADDRESS = Field::ipv4("dns.a", "Address", "An IPv4 address of the name.");
    ADDRESS_6 = Field::ipv6("dns.aaaa", "Address", "An IPv6 address of the name.");
    NAME_SERVER = Field::text("dns.ns", "Name server", "A server that is responsible for the name and those below it.").presented();
    CANONICAL_NAME = Field::text("dns.cname", "Alias of", "The name that this one is only another name for.").presented();
    DELEGATION_NAME = Field::text("dns.dname", "Names below are below", "All names below this one are aliases of the same names below that one.").presented();
    POINTER = Field::text("dns.ptr.domain_name", "Name", "The name that belongs to an address, or an instance of a service.").presented();
    PRIMARY = Field::text("dns.soa.mname", "Primary server", "The server on which the zone is edited.").presented();
    RESPONSIBLE = Field::text("dns.soa.rname", "Responsible", "The mail address of who keeps the zone, the first dot standing for the @.").presented();
    SERIAL = Field::number("dns.soa.serial_number", "Serial number", "Grows with every change, so that other servers know that they must fetch the zone again.");
    REFRESH = Field::number("dns.soa.refresh_interval", "Refresh interval", "How often other servers look whether the zone has changed.").unit("seconds");
    RETRY = Field::number("dns.soa.retry_interval", "Retry interval", "How soon they try again when they could not.").unit("seconds");
    EXPIRE = Field::number("dns.soa.expire_limit", "Expire limit", "When they stop answering for it after they could not look for so long.").unit("seconds");
    MINIMUM = Field::number("dns.soa.minimum_ttl", "Negative time to live", "How long it may be remembered that a name does not exist (RFC 2308).").unit("seconds");
    MAIL_PREFERENCE = Field::number("dns.mx.preference", "Preference", "Which mail server to try first: the lowest.");
    MAIL_EXCHANGE = Field::text("dns.mx.mail_exchange", "Mail server", "A server that takes mail for the name.").presented();
    TEXT = Field::text("dns.txt", "Text", "Text about the name, for programs or people.");
    SENDER_POLICY = Field::text("dns.spf", "Sender policy", "Which servers may send mail in the name's name.");
    SERVICE_PRIORITY = Field::number("dns.srv.priority", "Priority", "Which server to try first: the lowest.");
    SERVICE_WEIGHT = Field::number("dns.srv.weight", "Weight", "How to share the load among servers of one priority.");
    SERVICE_PORT = Field::number("dns.srv.port", "Port", "The port of the service.");
    SERVICE_TARGET = Field::text("dns.srv.target", "Server", "The host that offers the service.").presented();
    PROCESSOR = Field::text("dns.hinfo.cpu", "Processor", "What kind of machine the host is; RFC8482 where a server declines to answer ANY.");
    SYSTEM = Field::text("dns.hinfo.os", "Operating system", "What runs on the host.");
    PERSON_MAILBOX = Field::text("dns.rp.mailbox", "Mailbox", "The mail address of who is responsible, the first dot standing for the @.").presented();
    PERSON_TEXT = Field::text("dns.rp.txt_rr", "Text at", "A name with text about that person.").presented();
    POINTER_ORDER = Field::number("dns.naptr.order", "Order", "Which rule to apply first: the lowest.");
    POINTER_PREFERENCE = Field::number("dns.naptr.preference", "Preference", "Which rule to prefer among those of one order: the lowest.");
    POINTER_FLAGS = Field::text("dns.naptr.flags", "Flags", "What the outcome is: S for servers, A for addresses, U for a URI.");
    POINTER_SERVICE = Field::text("dns.naptr.service", "Service", "The service and how to speak to it.");
    POINTER_RULE = Field::text("dns.naptr.regex", "Rule", "How to rewrite what was asked for.");
    POINTER_REPLACEMENT = Field::text("dns.naptr.replacement", "Replacement", "The name to ask for next.").presented();
    LOCATION_PRIORITY = Field::number("dns.uri.priority", "Priority", "Which URI to try first: the lowest.");
    LOCATION_WEIGHT = Field::number("dns.uri.weight", "Weight", "How to share the load among URIs of one priority.");
    LOCATION_TARGET = Field::text("dns.uri.target", "URI", "Where the service is.");
    DATA = Field::bytes("dns.data", "Data", "The record's bytes.");
}

/// Gives the data of a record of a type; `None` where it ends before it should.
pub(super) fn describe<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>, kind: u64, length: usize) -> Option<()> {
    if length == 0 {
        // An update deletes with empty records (RFC 2136 section 2.5).
        return Some(());
    }
    match kind {
        1 if length == 4 => {
            cursor.ipv4(&ADDRESS)?;
        }
        28 if length == 16 => {
            cursor.ipv6(&ADDRESS_6)?;
        }
        2 => message.name(cursor, &NAME_SERVER)?,
        5 => message.name(cursor, &CANONICAL_NAME)?,
        12 => message.name(cursor, &POINTER)?,
        39 => message.name(cursor, &DELEGATION_NAME)?,
        6 => {
            message.name(cursor, &PRIMARY)?;
            message.name(cursor, &RESPONSIBLE)?;
            for field in [&SERIAL, &REFRESH, &RETRY, &EXPIRE, &MINIMUM] {
                cursor.number(field, 4)?;
            }
        }
        15 => {
            cursor.number(&MAIL_PREFERENCE, 2)?;
            message.name(cursor, &MAIL_EXCHANGE)?;
        }
        16 => strings(cursor, &TEXT)?,
        99 => strings(cursor, &SENDER_POLICY)?,
        33 => {
            for field in [&SERVICE_PRIORITY, &SERVICE_WEIGHT, &SERVICE_PORT] {
                cursor.number(field, 2)?;
            }
            message.name(cursor, &SERVICE_TARGET)?;
        }
        13 => {
            string(cursor, &PROCESSOR)?;
            string(cursor, &SYSTEM)?;
        }
        17 => {
            message.name(cursor, &PERSON_MAILBOX)?;
            message.name(cursor, &PERSON_TEXT)?;
        }
        35 => {
            cursor.number(&POINTER_ORDER, 2)?;
            cursor.number(&POINTER_PREFERENCE, 2)?;
            for field in [&POINTER_FLAGS, &POINTER_SERVICE, &POINTER_RULE] {
                string(cursor, field)?;
            }
            message.name(cursor, &POINTER_REPLACEMENT)?;
        }
        256 => {
            cursor.number(&LOCATION_PRIORITY, 2)?;
            cursor.number(&LOCATION_WEIGHT, 2)?;
            let length = cursor.left();
            cursor.text(&LOCATION_TARGET, length)?;
        }
        64 | 65 => service::describe(message, cursor)?,
        _ if table::SECURITY_TYPES.contains(&kind) => security::describe(message, cursor, kind)?,
        _ => {}
    }
    cursor.remainder(&DATA)
}

/// Gives strings that each have a byte of length before them, to the end of the part.
fn strings(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    while !cursor.is_done() {
        string(cursor, field)?;
    }
    Some(())
}

/// Gives a string that has a byte of length before it (RFC 1035 section 3.3).
pub(super) fn string(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    let length = cursor.peek_length(1)?;
    cursor.skip(1)?;
    let there = length.min(cursor.rest().len());
    cursor.text(field, there)?;
    (there == length).then_some(())
}
