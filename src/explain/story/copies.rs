//! Frames that were captured more than once: what a mirror port gives twice, and what is seen on several links of its way.

use crate::dissect::Dissection;
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::VecDeque;
use std::hash::BuildHasher;

/// For how long the last frames are looked back at, in nanoseconds: a host that asks again waits longer.
const TIME: i64 = 10_000_000;
/// The same on one link, where a host may send the very same packet again.
const AT_ONCE: i64 = 1_000_000;

/// The last frames.
#[derive(Debug, Default)]
pub(super) struct Copies {
    hasher: RandomState,
    last: VecDeque<Passed>,
}

/// A frame that was captured.
#[derive(Clone, Copy, Debug)]
struct Passed {
    key: u64,
    time: Option<Timestamp>,
    hop_limit: Option<u8>,
    tags: u32,
}

impl Copies {
    /// Whether a frame that says something on its link is one that came just before, captured again; it counts among the last ones from now on.
    /// With the tags of another VLAN it is not: no switch passes anything from one to another. Without tags it may be: a port that is mirrored
    /// may leave them out.
    pub(super) fn is_copy(&mut self, bytes: &[u8], dissection: &Dissection, (time, tags): (Option<Timestamp>, u32)) -> bool {
        let is_same_link = |other: &Passed| other.tags == tags || other.tags == 0 || tags == 0;
        self.before(bytes, dissection, (time, tags), is_same_link).is_some()
    }

    /// Whether a call is one that came just before: on another link of its way, or at once on the same.
    pub(super) fn is_copied_call(&mut self, bytes: &[u8], dissection: &Dissection, time: Option<Timestamp>) -> bool {
        let Some(before) = self.before(bytes, dissection, (time, 0), |_| true) else { return false };
        let is_at_once = || time.zip(before.time).is_some_and(|(now, before)| now.since(before) < AT_ONCE);
        before.hop_limit != dissection.networks.first().map(|network| network.hop_limit) || is_at_once()
    }

    /// Whether a packet is one that came just before, and no other with the same in it: it has the same number, or has passed a router since.
    pub(super) fn is_same_packet(&mut self, bytes: &[u8], dissection: &Dissection, time: Option<Timestamp>) -> bool {
        let Some(before) = self.before(bytes, dissection, (time, 0), |_| true) else { return false };
        let network = dissection.networks.first();
        let start = network
            .filter(|network| network.source.is_ipv4())
            .and_then(|network| dissection.layers.get(network.layer))
            .map(|layer| layer.start);
        let number = start.and_then(|start| bytes.get(start + 4..start + 6)).filter(|number| *number != [0, 0]);
        number.is_some() || before.hop_limit != network.map(|network| network.hop_limit)
    }

    /// The same frame as it came just before; it counts among the last ones from now on.
    fn before(
        &mut self,
        bytes: &[u8],
        dissection: &Dissection,
        (time, tags): (Option<Timestamp>, u32),
        is_same_link: impl Fn(&Passed) -> bool,
    ) -> Option<Passed> {
        let key = self.key(bytes, dissection)?;
        let near = |before: Option<Timestamp>| time.zip(before).is_some_and(|(now, before)| (0..TIME).contains(&now.since(before)));
        let before = self.last.iter().rev().find(|other| other.key == key && near(other.time) && is_same_link(other)).copied();
        if self.last.len() >= Limits::STORY_COPIES {
            self.last.pop_front();
        }
        self.last.push_back(Passed { key, time, hop_limit: dissection.networks.first().map(|network| network.hop_limit), tags });
        before
    }

    /// A number for what a frame carries: its network layer, without what routers change in a packet; all of it where it has none.
    fn key(&self, bytes: &[u8], dissection: &Dissection) -> Option<u64> {
        let inside = dissection.layers.iter().find(|layer| matches!(layer.protocol.name, "ip" | "ipv6" | "arp"))?;
        let body = bytes.get(inside.start..)?;
        Some(match (inside.protocol.name, body) {
            ("ip", body) => self.hasher.hash_one((body.get(..8), body.get(9), body.get(12..))),
            ("ipv6", body) => self.hasher.hash_one((body.get(..7), body.get(8..))),
            (_, body) => self.hasher.hash_one(body),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, dissect};
    use crate::frame::LinkType;

    fn copies(frames: &[(&str, i64)]) -> Vec<bool> {
        let mut copies = Copies::default();
        let is_copy = |(hexadecimal, microseconds): &(&str, i64)| {
            let time = Some(Timestamp::from_nanoseconds(microseconds * 1_000));
            copies.is_copy(&bytes(hexadecimal), &dissect(LinkType::IPV4, hexadecimal).dissection, (time, 0))
        };
        frames.iter().map(is_copy).collect()
    }

    #[test]
    fn datagrams_that_say_the_same_are_the_same_packet_only_where_something_else_shows_it() {
        let counted = "4500001c 00010000 4001 f00d c0a8010b 0a820104 0800f7ff 00000000";
        let uncounted = "4500001c 00000000 4001 f00e c0a8010b 0a820104 0800f7ff 00000000";
        let passed_on = uncounted.replace("4001 f00e", "3f01 f10e");
        for (frames, is_same) in [([counted, counted], true), ([uncounted, uncounted], false), ([uncounted, &passed_on], true)] {
            let mut copies = Copies::default();
            let again = frames.map(|hexadecimal| {
                let dissection = dissect(LinkType::IPV4, hexadecimal).dissection;
                copies.is_same_packet(&bytes(hexadecimal), &dissection, Some(Timestamp::from_nanoseconds(0)))
            });
            assert_eq!(again, [false, is_same], "{frames:?}");
        }
    }

    #[test]
    fn a_call_that_comes_again_on_the_same_link_is_another_unless_it_comes_at_once() {
        let call = "4500001c 00010000 8001 b00d c0a8010b 0a820104 0800f7ff 00000000";
        let passed_on = call.replace("8001 b00d", "7f01 b10d");
        for (again, microseconds, is_copy) in [(call, 40, true), (call, 5_000, false), (&passed_on, 5_000, true)] {
            let mut copies = Copies::default();
            let told = [(call, 0), (again, microseconds)].map(|(hexadecimal, microseconds)| {
                let dissection = dissect(LinkType::IPV4, hexadecimal).dissection;
                copies.is_copied_call(&bytes(hexadecimal), &dissection, Some(Timestamp::from_nanoseconds(microseconds * 1_000)))
            });
            assert_eq!(told, [false, is_copy], "{again} after {microseconds}");
        }
    }

    #[test]
    fn what_a_router_passed_on_is_the_same_packet_and_what_is_sent_again_is_not() {
        let sent = "4500001c 00010000 4001 f00d c0a8010b 0a820104 0800f7ff 00000000";
        let passed_on = sent.replace("4001 f00d", "3f01 f10d");
        let next = sent.replace("00010000", "00020000");
        let told = copies(&[(sent, 0), (&passed_on, 40), (&next, 80), (&next, 9_000), (sent, 20_000)]);
        assert_eq!(told, [false, true, false, true, false]);
    }
}
