//! Neighbour discovery: how hosts find routers and each other's link addresses (RFC 4861 section 4).

use super::option;
use crate::dissect::{Describe, Field};

/// Where a redirect's options begin.
pub(super) const REDIRECT_OPTIONS: usize = 40;
/// Names of a router's preference (RFC 4191 section 2.1).
pub(super) const PREFERENCES: &[(u64, &str)] = &[(0, "medium"), (1, "high"), (2, "reserved"), (3, "low")];

fields! {
    HOP_LIMIT = Field::number("icmpv6.nd.ra.cur_hop_limit", "Hop limit", "What hosts should put into the hop limit of their packets; 0 where the router does not say.");
    MANAGED = Field::boolean("icmpv6.nd.ra.flag.m", "Managed addresses", "Addresses come from DHCPv6.");
    OTHER = Field::boolean("icmpv6.nd.ra.flag.o", "Other configuration", "The rest of the configuration, name servers for example, comes from DHCPv6.");
    HOME_AGENT = Field::boolean("icmpv6.nd.ra.flag.h", "Home agent", "The router keeps in touch with hosts that have moved.");
    PREFERENCE = Field::number("icmpv6.nd.ra.flag.prf", "Preference", "Whether the router is to be preferred to others.").names(PREFERENCES);
    PROXY = Field::boolean("icmpv6.nd.ra.flag.p", "Proxy", "Another router's advertisement, passed on.");
    ROUTER_LIFETIME = Field::number("icmpv6.nd.ra.router_lifetime", "Router lifetime", "How long the router may be used as the default; 0: it is none.").unit("seconds").in_line();
    REACHABLE_TIME = Field::number("icmpv6.nd.ra.reachable_time", "Reachable time", "How long a neighbour counts as reachable after it was heard of; 0 where the router does not say.").unit("milliseconds");
    RETRANSMISSION_TIMER = Field::number("icmpv6.nd.ra.retrans_timer", "Retransmission timer", "How long to wait before asking a neighbour again; 0 where the router does not say.").unit("milliseconds");
    SOLICITATION_TARGET = Field::ipv6("icmpv6.nd.ns.target_address", "Target", "The address whose owner is asked for its link address.").in_line();
    IS_ROUTER = Field::boolean("icmpv6.nd.na.flag.r", "Router", "The sender is a router.");
    IS_SOLICITED = Field::boolean("icmpv6.nd.na.flag.s", "Solicited", "The answer to a question; the neighbour is reachable.");
    IS_OVERRIDE = Field::boolean("icmpv6.nd.na.flag.o", "Override", "The link address replaces one that is remembered.");
    ADVERTISEMENT_TARGET = Field::ipv6("icmpv6.nd.na.target_address", "Target", "The address whose link address is told.").in_line();
    REDIRECT_TARGET = Field::ipv6("icmpv6.nd.rd.target_address", "Better next hop", "Where packets for the destination should go: a router, or the destination itself where it is a neighbour.").in_line();
    REDIRECT_DESTINATION = Field::ipv6("icmpv6.rd.na.destination_address", "Destination", "The destination that has a better way.").in_line();
}

pub(super) fn describe_router_advertisement(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&HOP_LIMIT, 4, 1)?;
    d.flag(&MANAGED, 5, 1, 0x80)?;
    d.flag(&OTHER, 5, 1, 0x40)?;
    d.flag(&HOME_AGENT, 5, 1, 0x20)?;
    d.bits(&PREFERENCE, 5, 1, 0x18)?;
    d.flag(&PROXY, 5, 1, 0x04)?;
    d.number(&ROUTER_LIFETIME, 6, 2)?;
    d.number(&REACHABLE_TIME, 8, 4)?;
    d.number(&RETRANSMISSION_TIMER, 12, 4)?;
    option::describe(d, 16)
}

pub(super) fn describe_solicitation(d: &mut Describe<'_, '_>) -> Option<()> {
    d.ipv6(&SOLICITATION_TARGET, 8)?;
    option::describe(d, 24)
}

pub(super) fn describe_advertisement(d: &mut Describe<'_, '_>) -> Option<()> {
    d.flag(&IS_ROUTER, 4, 1, 0x80)?;
    d.flag(&IS_SOLICITED, 4, 1, 0x40)?;
    d.flag(&IS_OVERRIDE, 4, 1, 0x20)?;
    d.ipv6(&ADVERTISEMENT_TARGET, 8)?;
    option::describe(d, 24)
}

pub(super) fn describe_redirect(d: &mut Describe<'_, '_>) -> Option<()> {
    d.ipv6(&REDIRECT_TARGET, 8)?;
    d.ipv6(&REDIRECT_DESTINATION, 24)?;
    option::describe(d, REDIRECT_OPTIONS)
}
