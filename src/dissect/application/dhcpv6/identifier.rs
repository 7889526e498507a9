//! Unique identifiers of clients and servers (RFC 8415 section 11).

use super::table;
use crate::dissect::network::arp;
use crate::dissect::{Cursor, Field, Value};
use crate::frame::Timestamp;

/// When the time in an identifier begins: 2000-01-01 00:00 UTC, in seconds since 1970.
const EPOCH: i64 = 946_684_800;

fields! {
    IDENTIFIER = Field::bytes("dhcpv6.duid.bytes", "Identifier", "Which host it is, whichever link address it has.");
    TYPE = Field::number("dhcpv6.duid.type", "Type", "What the identifier was made of.").names(table::IDENTIFIER_TYPES);
    TIMED_HARDWARE = Field::number("dhcpv6.duidllt.hwtype", "Hardware type", "The kind of link whose address it was made of.").names(arp::HARDWARE);
    TIME = Field::time("dhcpv6.duidllt.time", "Time", "When it was made.");
    TIMED_ADDRESS = Field::mac("dhcpv6.duidllt.link_layer_addr", "Link address", "The link address of which it was made; the host may have got another card since.");
    HARDWARE = Field::number("dhcpv6.duidll.hwtype", "Hardware type", "The kind of link whose address it was made of.").names(arp::HARDWARE);
    ADDRESS = Field::mac("dhcpv6.duidll.link_layer_addr", "Link address", "The link address of which it was made.");
    ENTERPRISE = Field::number("dhcpv6.duiden.enterprise", "Enterprise", "Who gave the identifier out: a number that IANA gave to a company.");
    ENTERPRISE_IDENTIFIER = Field::bytes("dhcpv6.duiden.identifier", "Identifier", "What the company chose.");
    UNIVERSAL = Field::bytes("dhcpv6.duiduuid.bytes", "UUID", "The machine's own number.");
    REST = Field::bytes("dhcpv6.duid.rest", "Rest", "What the identifier was made of, in bytes.");
}

/// Gives the identifier that the part is.
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let bytes = cursor.rest();
    cursor.group(&IDENTIFIER, cursor.left(), Value::Bytes(bytes), |cursor| {
        let kind = cursor.number(&TYPE, 2)?;
        describe_inside(cursor, kind)?;
        cursor.remainder(&REST)
    })
}

fn describe_inside(cursor: &mut Cursor<'_, '_, '_>, kind: u64) -> Option<()> {
    match kind {
        1 => {
            cursor.number(&TIMED_HARDWARE, 2)?;
            let seconds = i64::try_from(cursor.peek(4)?).ok()?;
            cursor.value(&TIME, 4, Value::Time(Timestamp::from_parts(EPOCH.saturating_add(seconds), 0)))?;
            if cursor.left() == 6 {
                cursor.mac(&TIMED_ADDRESS)?;
            }
        }
        2 => {
            cursor.number(&ENTERPRISE, 4)?;
            cursor.remainder(&ENTERPRISE_IDENTIFIER)?;
        }
        3 => {
            cursor.number(&HARDWARE, 2)?;
            if cursor.left() == 6 {
                cursor.mac(&ADDRESS)?;
            }
        }
        4 => cursor.remainder(&UNIVERSAL)?,
        _ => {}
    }
    Some(())
}
