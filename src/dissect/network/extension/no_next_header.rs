//! No next header: whatever follows is to be ignored (RFC 8200 section 4.7).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// What stands behind the last header of a packet that carries nothing.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6.nonxt",
    label: "NONXT",
    title: "IPv6 no next header",
    reference: "RFC 8200 section 4.7",
    claims: &[Selector::NextHeader(59)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

fields! {
    IGNORED = Field::bytes("ipv6.nonxt.data", "Ignored", "Bytes behind the last header: routers pass them on, the receiver does not look at them.");
}

fn dissect(_: &mut Walk<'_>) -> Result<Next, Stop> {
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bytes(&IGNORED, 0, d.view.bytes().len())?;
    Some(())
}
