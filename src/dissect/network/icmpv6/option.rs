//! Options of neighbour discovery messages (RFC 4861 section 4.6; IANA, "IPv6 Neighbor Discovery Option Formats").

use super::name::Name;
use super::neighbour::PREFERENCES;
use crate::dissect::{Describe, Field, Value};
use crate::frame::Timestamp;

const TYPES: &[(u64, &str)] = &[
    (1, "Source link address"),
    (2, "Target link address"),
    (3, "Prefix information"),
    (4, "Redirected packet"),
    (5, "MTU"),
    (6, "NBMA shortcut limit"),
    (7, "Advertisement interval"),
    (8, "Home agent information"),
    (9, "Source address list"),
    (10, "Target address list"),
    (11, "Cryptographically generated address"),
    (12, "RSA signature"),
    (13, "Timestamp"),
    (14, "Nonce"),
    (15, "Trust anchor"),
    (16, "Certificate"),
    (17, "IP address or prefix"),
    (18, "New router prefix"),
    (19, "Link-layer address"),
    (20, "Neighbour advertisement acknowledgement"),
    (23, "Mobility anchor point"),
    (24, "Route information"),
    (25, "Recursive DNS servers"),
    (26, "More flags"),
    (27, "Handover key request"),
    (28, "Handover key reply"),
    (29, "Handover assist information"),
    (30, "Mobile node identifier"),
    (31, "DNS search list"),
    (32, "Proxy signature"),
    (33, "Address registration"),
    (34, "6LoWPAN context"),
    (35, "Authoritative border router"),
    (36, "6LoWPAN capability"),
    (37, "Captive portal"),
    (38, "NAT64 prefix (PREF64)"),
    (39, "Crypto-identifier parameters"),
    (40, "NDP signature"),
    (138, "Candidate access router request"),
    (139, "Candidate access router reply"),
    (144, "Encrypted DNS"),
    (253, "Experiment 1"),
    (254, "Experiment 2"),
];
/// The lengths of a NAT64 prefix by their code (RFC 8781 section 4).
const NAT64_LENGTHS: &[(u64, &str)] = &[(0, "96 bits"), (1, "64 bits"), (2, "56 bits"), (3, "48 bits"), (4, "40 bits"), (5, "32 bits")];
const REDIRECTED: u64 = 4;

fields! {
    TYPE = Field::number("icmpv6.opt.type", "Option", "An option of the message.").names(TYPES);
    LENGTH = Field::number("icmpv6.opt.length", "Length", "How long the option is, in units of 8 bytes.");
    SOURCE_LINK = Field::mac("icmpv6.opt.src_linkaddr", "Source link address", "The sender's link address: whoever hears it may remember it.").in_line();
    LINK_BYTES = Field::bytes("icmpv6.opt.linkaddr", "Link address", "The link address of sender or target, on a link that is not Ethernet.");
    TARGET_LINK = Field::mac("icmpv6.opt.target_linkaddr", "Target link address", "The link address that the target is reached at.").in_line();
    PREFIX_LENGTH = Field::number("icmpv6.opt.prefix.length", "Prefix length", "How many leading bits of the prefix count.").unit("bits");
    ON_LINK = Field::boolean("icmpv6.opt.prefix.flag.l", "On link", "Addresses with this prefix are neighbours: they need no router.");
    AUTONOMOUS = Field::boolean("icmpv6.opt.prefix.flag.a", "Autonomous", "Hosts may make themselves an address with this prefix (SLAAC).");
    ROUTER_ADDRESS = Field::boolean("icmpv6.opt.prefix.flag.r", "Router address", "The prefix holds the router's whole address.");
    VALID_LIFETIME = Field::number("icmpv6.opt.prefix.valid_lifetime", "Valid lifetime", "How long addresses with this prefix may be used at all; 4294967295 is for ever.").unit("seconds");
    PREFERRED_LIFETIME = Field::number("icmpv6.opt.prefix.preferred_lifetime", "Preferred lifetime", "How long new conversations should use them; 4294967295 is for ever.").unit("seconds");
    PREFIX = Field::ipv6("icmpv6.opt.prefix", "Prefix", "The leading bits of addresses on this link, or of a route.").in_line();
    ROUTE_PREFERENCE = Field::number("icmpv6.opt.route_info.flag.route_preference", "Preference", "Whether the route is to be preferred to others.").names(PREFERENCES);
    ROUTE_LIFETIME = Field::number("icmpv6.opt.route_lifetime", "Route lifetime", "How long the route may be used; 4294967295 is for ever.").unit("seconds");
    MTU = Field::number("icmpv6.opt.mtu", "MTU", "The largest packet that hosts should send on this link.").unit("bytes");
    SHORTCUT_LIMIT = Field::number("icmpv6.opt.nbma.shortcut_limit", "Shortcut limit", "How far a shortcut may reach on a link without broadcast (RFC 2491).");
    ADVERTISEMENT_INTERVAL = Field::number("icmpv6.opt.advertisement_interval", "Advertisement interval", "The longest time between two advertisements of the router (RFC 6275).").unit("milliseconds");
    HOME_AGENT_PREFERENCE = Field::number("icmpv6.opt.home_agent_preference", "Home agent preference", "Which of several home agents to use: the larger the rather.");
    HOME_AGENT_LIFETIME = Field::number("icmpv6.opt.home_agent_lifetime", "Home agent lifetime", "How long the router is a home agent.").unit("seconds");
    LISTED_ADDRESS = Field::ipv6("icmpv6.opt.ipv6_address", "Address", "An address of the one that the message is about.");
    TIMESTAMP = Field::new("icmpv6.opt.timestamp", "Timestamp", crate::dissect::Kind::Time, "When the message was sent, by the sender's clock: old ones are sent again by somebody else (RFC 3971).");
    NONCE = Field::bytes("icmpv6.opt.nonce", "Nonce", "A random number that the answer has to repeat; a host that sees its own again knows that the link loops.");
    KEY_HASH = Field::bytes("icmpv6.opt.rsa.key_hash", "Key hash", "Which key the signature was made with.");
    DNS_LIFETIME = Field::number("icmpv6.opt.rdnss.lifetime", "Lifetime", "How long the servers may be used; 4294967295 is for ever, 0 is no longer.").unit("seconds");
    DNS_SERVER = Field::ipv6("icmpv6.opt.rdnss", "DNS server", "A server that answers questions for names (RFC 8106).");
    SEARCH_LIFETIME = Field::number("icmpv6.opt.dnssl.lifetime", "Lifetime", "How long the names may be used; 4294967295 is for ever, 0 is no longer.").unit("seconds");
    SEARCH_NAME = Field::text("icmpv6.opt.dnssl", "Search domain", "What may be added to a name that is not whole (RFC 8106).");
    MORE_FLAGS = Field::bytes("icmpv6.opt.efo.rsv", "Flags", "Flags that found no place in the message itself (RFC 5175).");
    REGISTRATION_STATUS = Field::number("icmpv6.opt.aro.status", "Status", "Whether the address was registered (RFC 8505).");
    REGISTRATION_LIFETIME = Field::number("icmpv6.opt.aro.registration_lifetime", "Registration lifetime", "How long the registration lasts.").unit("minutes");
    CAPTIVE_PORTAL = Field::text("icmpv6.opt.captive_portal", "Captive portal", "Where a guest has to log in before the network lets packets through (RFC 8910).");
    NAT64_LIFETIME = Field::number("icmpv6.opt.pref64.scaled_lifetime", "Scaled lifetime", "How long the prefix may be used, in units of 8 seconds.");
    NAT64_LENGTH = Field::number("icmpv6.opt.pref64.plc", "Prefix length", "How many leading bits of the prefix count.").names(NAT64_LENGTHS);
    NAT64_PREFIX = Field::ipv6("icmpv6.opt.pref64.prefix", "Prefix", "The prefix that IPv4 addresses are reached with through a translator (RFC 8781).");
    DATA = Field::bytes("icmpv6.opt.data", "Data", "The option's bytes.");
}

/// The packet in a redirect's option: where it begins in the message, and how long it is at most.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
pub(super) fn redirected_packet(message: &[u8], options: usize) -> Option<(usize, usize)> {
    let mut at = options;
    loop {
        let &[kind, eights, ..] = message.get(at..)? else { return None };
        let length = usize::from(eights) * 8;
        if length == 0 {
            return None;
        }
        if u64::from(kind) == REDIRECTED {
            return (length > 8).then_some((at + 8, length - 8));
        }
        at += length;
    }
}

/// Gives the options from `from` to the end of the message.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from; an option ends behind its first byte")]
pub(super) fn describe(d: &mut Describe<'_, '_>, from: usize) -> Option<()> {
    let (captured, end) = (d.view.bytes().len(), d.view.wire_length());
    let mut at = from;
    while at < end {
        let kind = d.peek(at, 1)?;
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()? * 8;
        let option_end = (at + length.max(2)).min(captured);
        d.under(&TYPE, at, option_end - at, Value::Number(kind), |d| {
            d.number(&LENGTH, at + 1, 1)?;
            describe_one(d, kind, at, option_end)
        })?;
        // A length of 0 would never end (RFC 4861 section 4.6): what follows cannot be told apart any more.
        if length == 0 {
            break;
        }
        at += length;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "the match says how many bytes there are between `at` and `end`")]
fn describe_one(d: &mut Describe<'_, '_>, kind: u64, at: usize, end: usize) -> Option<()> {
    match (kind, end - at) {
        (1, 8) => {
            d.mac(&SOURCE_LINK, at + 2)?;
        }
        (2, 8) => {
            d.mac(&TARGET_LINK, at + 2)?;
        }
        (3, 32..) => describe_prefix(d, at)?,
        // The packet is a layer of its own.
        (REDIRECTED, _) => {}
        (5, 8..) => {
            d.number(&MTU, at + 4, 4)?;
        }
        (6, 8..) => {
            d.number(&SHORTCUT_LIMIT, at + 2, 1)?;
        }
        (7, 8..) => {
            d.number(&ADVERTISEMENT_INTERVAL, at + 4, 4)?;
        }
        (8, 8..) => {
            d.number(&HOME_AGENT_PREFERENCE, at + 4, 2)?;
            d.number(&HOME_AGENT_LIFETIME, at + 6, 2)?;
        }
        (9 | 10, 8..) => describe_addresses(d, &LISTED_ADDRESS, at + 8, end)?,
        (12, 24..) => {
            d.bytes(&KEY_HASH, at + 4, 16)?;
            d.bytes(&DATA, at + 20, end - at - 20)?;
        }
        (13, 16..) => describe_timestamp(d, at + 8)?,
        (24, 8..) => describe_route(d, at, end)?,
        (25, 8..) => {
            d.number(&DNS_LIFETIME, at + 4, 4)?;
            describe_addresses(d, &DNS_SERVER, at + 8, end)?;
        }
        (31, 8..) => {
            d.number(&SEARCH_LIFETIME, at + 4, 4)?;
            describe_names(d, at + 8, end)?;
        }
        (33, 16..) => {
            d.number(&REGISTRATION_STATUS, at + 2, 1)?;
            d.number(&REGISTRATION_LIFETIME, at + 6, 2)?;
            d.bytes(&DATA, at + 8, end - at - 8)?;
        }
        (37, 3..) => {
            let text = d.slice(at + 2, end - at - 2)?;
            let length = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
            d.text(&CAPTIVE_PORTAL, at + 2, length)?;
        }
        (38, 16) => describe_nat64(d, at)?,
        (_, 3..) => {
            let field = match kind {
                1 | 2 => &LINK_BYTES,
                14 => &NONCE,
                26 => &MORE_FLAGS,
                _ => &DATA,
            };
            d.bytes(field, at + 2, end - at - 2)?;
        }
        _ => {}
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_prefix(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    d.number(&PREFIX_LENGTH, at + 2, 1)?;
    d.flag(&ON_LINK, at + 3, 1, 0x80)?;
    d.flag(&AUTONOMOUS, at + 3, 1, 0x40)?;
    d.flag(&ROUTER_ADDRESS, at + 3, 1, 0x20)?;
    d.number(&VALID_LIFETIME, at + 4, 4)?;
    d.number(&PREFERRED_LIFETIME, at + 8, 4)?;
    d.ipv6(&PREFIX, at + 16)?;
    Some(())
}

/// The prefix is as long as it needs to be: 0, 8 or 16 bytes (RFC 4191 section 2.3).
#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_route(d: &mut Describe<'_, '_>, at: usize, end: usize) -> Option<()> {
    d.number(&PREFIX_LENGTH, at + 2, 1)?;
    d.bits(&ROUTE_PREFERENCE, at + 3, 1, 0x18)?;
    d.number(&ROUTE_LIFETIME, at + 4, 4)?;
    describe_short_prefix(d, &PREFIX, at + 8, end)
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_nat64(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    d.bits(&NAT64_LIFETIME, at + 2, 2, 0xfff8)?;
    d.bits(&NAT64_LENGTH, at + 2, 2, 0x0007)?;
    describe_short_prefix(d, &NAT64_PREFIX, at + 4, at + 16)
}

/// An address whose last bytes are left out.
fn describe_short_prefix(d: &mut Describe<'_, '_>, field: &'static Field, from: usize, end: usize) -> Option<()> {
    let length = end.saturating_sub(from).min(16);
    let mut prefix = [0; 16];
    prefix.get_mut(..length)?.copy_from_slice(d.slice(from, length)?);
    d.value(field, from, length, Value::Ipv6(prefix));
    Some(())
}

fn describe_addresses(d: &mut Describe<'_, '_>, field: &'static Field, from: usize, end: usize) -> Option<()> {
    for at in (from..end).step_by(16).take_while(|at| at.saturating_add(16) <= end) {
        d.ipv6(field, at)?;
    }
    Some(())
}

fn describe_names(d: &mut Describe<'_, '_>, from: usize, end: usize) -> Option<()> {
    let mut at = from;
    while let Some(name) = d.slice(at, end.saturating_sub(at)).and_then(Name::read) {
        // Zeros fill the option up.
        if name.text().is_empty() {
            break;
        }
        d.value(&SEARCH_NAME, at, name.consumed, Value::Text(name.text()));
        at = at.saturating_add(name.consumed);
    }
    Some(())
}

/// 48 bits of seconds since 1970, and 16 bits of a second's fraction (RFC 3971 section 5.3.1).
#[expect(clippy::arithmetic_side_effects, reason = "16 bits times a billion, in 64 bits")]
fn describe_timestamp(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    let stamp = d.peek(at, 8)?;
    let nanoseconds = u32::try_from(((stamp & 0xffff) * 1_000_000_000) >> 16).ok()?;
    let time = Timestamp::from_parts(i64::try_from(stamp >> 16).ok()?, nanoseconds);
    d.value(&TIMESTAMP, at, 8, Value::Time(time));
    Some(())
}
