//! Which addresses are of one machine: those that one card has. Behind a router's card stand many, and only what the router says of itself is its own.

use super::cast::{HardwareAddress, Host, Role};
use crate::explain::surroundings::{is_card, is_shared_by_routers};
use crate::explain::{LinkId, Origin, Surroundings};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Systems begin with one of these in the time to live.
const BEGINNINGS: [u8; 3] = [64, 128, 255];
/// How many routers a packet must have passed to prove that who sent its frame is one: a machine that runs others in it takes off 1 too.
const PASSED: u8 = 2;

/// A machine, of which several addresses are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The hardware address that they have in common.
    pub card: [u8; 6],
    /// All of its addresses, in the order in which they came up.
    pub addresses: Vec<IpAddr>,
    /// The frames that show it.
    pub frames: Vec<u64>,
}

/// An address that a card was told to have, or sends from.
#[derive(Clone, Copy, Debug)]
struct Member {
    address: IpAddr,
    frame: u64,
    /// The address spoke for itself: nobody asks or advertises in another's name.
    is_its_own: bool,
    is_gateway: bool,
    first: u64,
}

/// Finds the gateways that only the way of packets gives away, and the machines with several addresses.
pub(super) fn find(hosts: &mut [Host], surroundings: &Surroundings) {
    let mut cards: BTreeMap<(LinkId, [u8; 6]), Vec<IpAddr>> = BTreeMap::new();
    for (link, address, neighbour) in surroundings.neighbours() {
        if is_card(&neighbour.card) && !is_shared_by_routers(neighbour.card) {
            cards.entry((link, neighbour.card)).or_default().push(address);
        }
    }
    for ((link, card), own) in cards {
        let passed = passed(hosts, surroundings, link, card);
        let is_router = passed.is_some()
            || surroundings.gateway_by_card(link, card).is_some()
            || surroundings.card(link, card).is_some_and(|known| known.forwarded > 0);
        if let (Some(frame), None) = (passed, surroundings.gateway_by_card(link, card)) {
            let its_own = |host: &&mut Host| own.contains(&host.address) && host.links.len() == 1 && host.own_word.is_some();
            for host in hosts.iter_mut().filter(its_own) {
                host.roles.push((Role::Gateway(Origin::Forwarding), frame));
            }
        }
        let mut members: Vec<Member> = hosts.iter().filter_map(|host| member(host, card, &own)).collect();
        if is_router {
            members.retain(|member| member.is_its_own || member.is_gateway);
        } else {
            members.extend(alone(hosts, surroundings, link, card));
        }
        // Who has several addresses of IPv4 may answer for others.
        if members.iter().filter(|member| member.address.is_ipv4()).count() > 1 {
            members.retain(|member| member.address.is_ipv6());
        }
        if members.len() < 2 {
            continue;
        }
        members.sort_by_key(|member| (member.first, member.address));
        let mut frames: Vec<u64> = members.iter().map(|member| member.frame).filter(|frame| *frame > 0).collect();
        frames.sort_unstable();
        frames.dedup();
        let machine = Machine { card, addresses: members.iter().map(|member| member.address).collect(), frames };
        for host in hosts.iter_mut().filter(|host| machine.addresses.contains(&host.address)) {
            host.machine.get_or_insert_with(|| machine.clone());
        }
    }
}

/// A host that said that it has a card, where nothing speaks against that.
fn member(host: &Host, card: [u8; 6], own: &[IpAddr]) -> Option<Member> {
    let [HardwareAddress { address: said, frame, .. }] = *host.links.as_slice() else { return None };
    let is_doubtful = host.proxy.is_some() || host.spoofer.is_some() || host.is_contested;
    let is_gateway = host.roles.iter().any(|(role, _)| matches!(role, Role::Gateway(_) | Role::Advertiser));
    let frame = host.own_word.unwrap_or(frame);
    let member = Member { address: host.address, frame, is_its_own: host.own_word.is_some(), is_gateway, first: host.first };
    (said == card && own.contains(&host.address) && !is_doubtful).then_some(member)
}

/// The address of IPv4 that a card sends from, where it is the only one, nobody told whose it is, and its packets passed no router.
fn alone(hosts: &[Host], surroundings: &Surroundings, link: LinkId, card: [u8; 6]) -> Option<Member> {
    let known = surroundings.card(link, card)?;
    let mut senders = known.speaks_for.iter().filter(|(address, _)| address.is_ipv4());
    let (&(address, frame), None) = (senders.next()?, senders.next()) else { return None };
    let is_all = known.sources as usize == known.speaks_for.len();
    let host = hosts.iter().find(|host| host.address == address)?;
    let is_near = host.links.is_empty() && !host.several_hop_limits && host.hop_limit.is_some_and(|limit| BEGINNINGS.contains(&limit));
    (is_all && is_near).then_some(Member { address, frame, is_its_own: true, is_gateway: false, first: host.first })
}

/// The first frame that a card passed on: its packet is of a host that is several routers away.
fn passed(hosts: &[Host], surroundings: &Surroundings, link: LinkId, card: [u8; 6]) -> Option<u64> {
    let is_far = |address: &IpAddr| {
        let host = hosts.iter().find(|host| host.address == *address);
        host.is_some_and(|host| {
            host.links.is_empty() && host.hop_limit != Some(60) && host.routers().is_some_and(|routers| routers >= PASSED)
        })
    };
    surroundings.speaks_for(link, card).iter().filter(|(address, _)| is_far(address)).map(|(_, frame)| *frame).min()
}
