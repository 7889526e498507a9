//! Packets by what no router changes of them: sorted, so that two points are joined like two sorted lists.

use super::Pairing;
use crate::diff::point::{Point, Sighting};
use std::collections::HashSet;
use std::net::IpAddr;

/// The flags of TCP that say what a segment is: FIN, SYN, RST and ACK. Offload moves PSH about, and routers may set those of congestion.
const TELLING: u16 = 0x017;

/// A packet's key, and its place among the sightings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Keyed {
    pub(super) key: u64,
    pub(super) place: u32,
}

/// What speaks for two packets that are alike to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Telling {
    /// Nothing that would not be the same in others.
    Nothing,
    /// A number of 16 bits that the sender counts up or draws for each: it meets by chance now and then.
    Counted,
    /// The sequence numbers of TCP: they do not meet by chance.
    Certain,
}

/// The flags that are compared.
pub(super) fn telling_flags(sighting: &Sighting) -> u16 {
    if sighting.is_tcp() { sighting.flags & TELLING } else { sighting.flags }
}

fn mixed(state: u64, value: u64) -> u64 {
    let product = u128::from(state ^ value ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    (product as u64) ^ (product >> 64) as u64
}

/// The numbers that are the same at all points. A translator gives echoes another identifier where two hosts have the same.
fn numbers(sighting: &Sighting) -> (u32, u32) {
    (sighting.sequence, if sighting.is_echo() { 0 } else { sighting.acknowledgement })
}

/// The key of a packet by all that no router changes.
pub(super) fn key_of(sighting: &Sighting) -> u64 {
    mixed(key_without_payload(sighting), sighting.digest)
}

/// The same without what the packet carries: a capture may have kept less of it.
fn key_without_payload(sighting: &Sighting) -> u64 {
    let (first, second) = numbers(sighting);
    let small = u64::from(sighting.length) << 32 | u64::from(telling_flags(sighting)) << 8 | u64::from(sighting.protocol);
    mixed(mixed(1, u64::from(first) << 32 | u64::from(second)), small)
}

/// Whether two packets are the same by all that no router changes, but what they carry where a capture cut one of them; keys alone could
/// meet by chance.
pub(super) fn are_alike(left: &Sighting, right: &Sighting) -> bool {
    let all = |one: &Sighting| (numbers(one), one.length, telling_flags(one), one.protocol);
    let is_cut = left.is_cut() || right.is_cut();
    (is_cut || left.digest == right.digest) && all(left) == all(right)
}

/// Whether its sender counts up something in each packet, so that one that is sent again differs.
pub(super) fn is_counted(sighting: &Sighting) -> bool {
    !sighting.is_version_6() && sighting.identification != 0 || sighting.timestamp_value != 0
}

/// Whether two packets are the same and not one sent again: what the sender counts up with each packet is the same, too.
pub(super) fn are_exact(left: &Sighting, right: &Sighting) -> bool {
    let counted = |one: &Sighting| (one.identification, one.timestamp_value, one.timestamp_echo);
    counted(left) == counted(right)
}

/// How much speaks for two packets that are alike to be one.
pub(super) fn telling(left: &Sighting, right: &Sighting) -> Telling {
    if left.is_tcp() && left.sequence != right.sequence {
        // Something between draws them anew, or made the stream longer.
        return if is_counted(left) && are_exact(left, right) { Telling::Counted } else { Telling::Nothing };
    }
    if left.is_tcp() {
        // Initial sequence numbers are drawn at random; small ones stand in packets that were made by hand.
        let is_drawn = left.sequence > 0xffff || left.acknowledgement > 0xffff;
        return if is_drawn { Telling::Certain } else { Telling::Nothing };
    }
    let counted = !left.is_version_6() && left.identification != 0 && left.identification == right.identification;
    let is_question = left.protocol == 17 && left.acknowledgement != 0;
    if counted || is_question { Telling::Counted } else { Telling::Nothing }
}

/// Whether all frames of all points tell who sent them on their link.
pub(super) fn have_senders(points: [&Point; 2]) -> bool {
    points.iter().all(|point| point.links.iter().all(|link| link.source.is_some()))
}

/// Whether nobody sends at both points.
pub(super) fn are_on_other_links(points: [&Point; 2]) -> bool {
    let senders: HashSet<_> = points[0].links.iter().map(|link| link.source).collect();
    have_senders(points) && !points[1].links.iter().any(|link| senders.contains(&link.source))
}

/// The sender's hardware address of a packet that no router passes on, for which the same are sent on every link (RFC 4291 section 2.5.6).
pub(super) fn sender_on_link(point: &Point, sighting: &Sighting) -> Option<u64> {
    if sighting.protocol == 0 || !sighting.is_of_the_link() {
        return None;
    }
    let [source, destination] = point.ends_of(sighting)?.map(|end| end.address);
    let [.., a, b, c, d, e, f] =
        point.link_of(sighting).source.filter(|_| source.is_unspecified() || is_of_link(source) || is_of_link(destination))?;
    Some(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
}

/// Whether an address is of one link alone (RFC 3927, RFC 5771 section 4, RFC 4291 sections 2.5.6 and 2.7).
pub(super) const fn is_of_link(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_broadcast() || matches!(address.octets(), [224, 0, 0, _]),
        IpAddr::V6(address) => address.is_unicast_link_local() || matches!(address.octets(), [0xff, 1 | 2 | 0x11 | 0x12, ..]),
    }
}

/// The packets of a point that stand opposite nothing yet, by their keys.
/// With `has_senders` the sender's hardware address counts where no router passes a packet on.
pub(super) fn keyed(point: &Point, pairing: &Pairing, side: usize, with_payload: bool, has_senders: bool) -> Vec<Keyed> {
    let free = (0..).zip(&point.sightings).filter(|(place, one)| !one.is_incomplete() && pairing.is_free(side, *place));
    let of_link = has_senders.then_some(point);
    let key = |one: &Sighting| {
        let key = if with_payload { key_of(one) } else { key_without_payload(one) };
        of_link.and_then(|point| sender_on_link(point, one)).map_or(key, |sender| mixed(key, sender))
    };
    let mut keyed: Vec<Keyed> = free.map(|(place, one)| Keyed { key: key(one), place }).collect();
    keyed.sort_unstable();
    keyed
}

/// The packets of both points that have the same key, as two lists in the order of their times.
pub(super) fn joined<'a>(left: &'a [Keyed], right: &'a [Keyed]) -> impl Iterator<Item = [&'a [Keyed]; 2]> {
    let mut lists = [left, right];
    std::iter::from_fn(move || {
        loop {
            let [first, second] = lists.map(|list| list.first().map(|one| one.key));
            let (first, second) = (first?, second?);
            if first < second {
                lists[0] = behind(lists[0], first).1;
            } else if second < first {
                lists[1] = behind(lists[1], second).1;
            } else {
                let (left, rest_left) = behind(lists[0], first);
                let (right, rest_right) = behind(lists[1], second);
                lists = [rest_left, rest_right];
                return Some([left, right]);
            }
        }
    })
}

/// Those at the front that have the key, and the rest.
fn behind(list: &[Keyed], key: u64) -> (&[Keyed], &[Keyed]) {
    let count = list.iter().take_while(|one| one.key == key).count();
    list.split_at(count)
}
