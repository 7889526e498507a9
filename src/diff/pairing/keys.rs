//! Packets by what no router changes of them: sorted, so that two points are joined like two sorted lists.

use crate::diff::point::{Point, Sighting};

/// The flags of TCP that say what a segment is: FIN, SYN, RST and ACK. Offload moves PSH about, and routers may set those of congestion.
const TELLING: u16 = 0x017;

/// A packet's key, and its place among the sightings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Keyed {
    pub(super) key: u64,
    pub(super) place: u32,
}

/// The flags that are compared.
pub(super) fn telling_flags(sighting: &Sighting) -> u16 {
    if sighting.is_tcp() { sighting.flags & TELLING } else { sighting.flags }
}

/// The other number: of an echo it is the identifier, which a translator draws anew.
fn lasting_acknowledgement(sighting: &Sighting) -> u32 {
    if sighting.is_echo() { 0 } else { sighting.acknowledgement }
}

fn mixed(state: u64, value: u64) -> u64 {
    let product = u128::from(state ^ value ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64 | 1);
    (product as u64) ^ (product >> 64) as u64
}

/// The key of a packet by all that no router changes.
pub(super) fn key_of(sighting: &Sighting) -> u64 {
    let numbers = u64::from(sighting.sequence) << 32 | u64::from(lasting_acknowledgement(sighting));
    let small = u64::from(sighting.length) << 32 | u64::from(telling_flags(sighting)) << 8 | u64::from(sighting.protocol);
    mixed(mixed(mixed(1, numbers), small), sighting.digest)
}

/// Whether two packets are the same by all that no router changes; keys alone could meet by chance.
pub(super) fn are_alike(left: &Sighting, right: &Sighting) -> bool {
    let numbers = |one: &Sighting| (one.sequence, lasting_acknowledgement(one), one.length, telling_flags(one), one.protocol);
    left.digest == right.digest && numbers(left) == numbers(right)
}

/// Whether two packets are the same and not one sent again: what the sender counts up with each packet is the same, too.
pub(super) fn are_exact(left: &Sighting, right: &Sighting) -> bool {
    left.identification == right.identification && left.timestamp_value == right.timestamp_value
}

/// Whether what two packets have in common cannot be chance: numbers that a sender draws or counts up for each.
pub(super) fn is_telling(left: &Sighting, right: &Sighting) -> bool {
    if left.is_tcp() {
        // Initial sequence numbers are drawn at random; small ones stand in packets that were made by hand.
        return left.sequence > 0xffff || left.acknowledgement > 0xffff;
    }
    let counted = !left.is_version_6() && left.identification != 0 && left.identification == right.identification;
    counted || left.protocol == 17 && left.flags != 0 && left.sequence != 0
}

/// The packets of a point that are to be found at another one, by their keys.
pub(super) fn keyed(point: &Point) -> Vec<Keyed> {
    let mut keyed: Vec<Keyed> =
        (0..).zip(&point.sightings).filter(|(_, one)| !one.is_incomplete()).map(|(place, one)| Keyed { key: key_of(one), place }).collect();
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
