//! Node information: asking a neighbour for its names and addresses (RFC 4620).

use super::name::Name;
use crate::dissect::{Describe, Field, Value};

const QUERY_TYPES: &[(u64, &str)] =
    &[(0, "nothing"), (1, "supported kinds"), (2, "node name"), (3, "node addresses"), (4, "IPv4 addresses")];
const NODE_NAME: u64 = 2;
const NODE_ADDRESSES: u64 = 3;
const IPV4_ADDRESSES: u64 = 4;
/// Where a query's subject or a response's data begins.
const DATA_START: usize = 16;

fields! {
    QUERY_TYPE = Field::number("icmpv6.ni.qtype", "Asked for", "What the question is about.").names(QUERY_TYPES).in_line();
    GLOBAL = Field::boolean("icmpv6.ni.flag.g", "Global addresses", "Addresses that are valid everywhere are asked for or told.");
    SITE_LOCAL = Field::boolean("icmpv6.ni.flag.s", "Site-local addresses", "Addresses of one site are asked for or told.");
    LINK_LOCAL = Field::boolean("icmpv6.ni.flag.l", "Link-local addresses", "Addresses of this link are asked for or told.");
    COMPATIBLE = Field::boolean("icmpv6.ni.flag.c", "IPv4 compatible addresses", "Addresses that hold an IPv4 address are asked for or told.");
    ALL = Field::boolean("icmpv6.ni.flag.a", "All addresses", "Those of all interfaces are asked for or told.");
    TRUNCATED = Field::boolean("icmpv6.ni.flag.t", "Truncated", "There are more than fit.");
    NONCE = Field::hexadecimal("icmpv6.ni.nonce", "Nonce", 16, "A random number that the answer has to repeat.");
    SUBJECT_IPV6 = Field::ipv6("icmpv6.ni.query.subject_ipv6", "About", "The address whose node is asked.");
    SUBJECT_NAME = Field::text("icmpv6.ni.query.subject_fqdn", "About", "The name whose node is asked.");
    SUBJECT_IPV4 = Field::ipv4("icmpv6.ni.query.subject_ipv4", "About", "The IPv4 address whose node is asked.");
    TIME_TO_LIVE = Field::number("icmpv6.ni.reply.node_ttl", "Time to live", "How long the answer stays true.").unit("seconds");
    NAME = Field::text("icmpv6.ni.reply.node_name", "Node name", "A name of the node.");
    ADDRESS_IPV6 = Field::ipv6("icmpv6.ni.reply.node_address", "Node address", "An address of the node.");
    ADDRESS_IPV4 = Field::ipv4("icmpv6.ni.reply.ipv4_address", "Node address", "An IPv4 address of the node.");
}

pub(super) fn describe_query(d: &mut Describe<'_, '_>, code: u64) -> Option<()> {
    describe_head(d)?;
    match (code, d.view.bytes().len().saturating_sub(DATA_START)) {
        (0, 16..) => {
            d.ipv6(&SUBJECT_IPV6, DATA_START)?;
        }
        (1, 1..) => describe_names(d, &SUBJECT_NAME, DATA_START)?,
        (2, 4..) => {
            d.ipv4(&SUBJECT_IPV4, DATA_START)?;
        }
        _ => {}
    }
    Some(())
}

pub(super) fn describe_response(d: &mut Describe<'_, '_>) -> Option<()> {
    let kind = describe_head(d)?;
    let end = d.view.bytes().len();
    match kind {
        NODE_NAME if end > DATA_START => {
            d.number(&TIME_TO_LIVE, DATA_START, 4)?;
            describe_names(d, &NAME, DATA_START + 4)?;
        }
        NODE_ADDRESSES => {
            for at in (DATA_START..end).step_by(20) {
                d.number(&TIME_TO_LIVE, at, 4)?;
                d.ipv6(&ADDRESS_IPV6, at.saturating_add(4))?;
            }
        }
        IPV4_ADDRESSES => {
            for at in (DATA_START..end).step_by(8) {
                d.number(&TIME_TO_LIVE, at, 4)?;
                d.ipv4(&ADDRESS_IPV4, at.saturating_add(4))?;
            }
        }
        _ => {}
    }
    Some(())
}

fn describe_head(d: &mut Describe<'_, '_>) -> Option<u64> {
    let kind = d.number(&QUERY_TYPE, 4, 2)?;
    let flags = [(&GLOBAL, 0x20), (&SITE_LOCAL, 0x10), (&LINK_LOCAL, 0x08), (&COMPATIBLE, 0x04), (&ALL, 0x02), (&TRUNCATED, 0x01)];
    for (field, mask) in flags {
        d.flag(field, 6, 2, mask)?;
    }
    d.number(&NONCE, 8, 8)?;
    Some(kind)
}

fn describe_names(d: &mut Describe<'_, '_>, field: &'static Field, from: usize) -> Option<()> {
    let end = d.view.bytes().len();
    let mut at = from;
    while let Some(name) = d.slice(at, end.saturating_sub(at)).and_then(Name::read) {
        // An empty label after a name says that it is not whole.
        if !name.text().is_empty() {
            d.value(field, at, name.consumed, Value::Text(name.text()));
        }
        at = at.saturating_add(name.consumed);
    }
    Some(())
}
