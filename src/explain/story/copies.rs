//! Frames that were captured more than once: what a mirror port gives twice, and what is seen on several links of its way.

use crate::dissect::Dissection;
use crate::frame::Timestamp;
use foldhash::fast::RandomState;
use std::collections::VecDeque;
use std::hash::BuildHasher;

/// How many frames are looked back at, and for how long, in nanoseconds: a host that asks again waits longer.
const FRAMES: usize = 16;
const TIME: i64 = 10_000_000;

/// The last frames.
#[derive(Debug, Default)]
pub(super) struct Copies {
    hasher: RandomState,
    last: VecDeque<(u64, Option<Timestamp>)>,
}

impl Copies {
    /// Whether a frame is one that came just before, captured again; it counts among the last ones from now on.
    pub(super) fn is_copy(&mut self, bytes: &[u8], dissection: &Dissection, time: Option<Timestamp>) -> bool {
        let Some(key) = self.key(bytes, dissection) else { return false };
        let near = |before: Option<Timestamp>| time.zip(before).is_some_and(|(now, before)| (0..TIME).contains(&now.since(before)));
        let is_copy = self.last.iter().any(|(other, before)| *other == key && near(*before));
        if self.last.len() >= FRAMES {
            self.last.pop_front();
        }
        self.last.push_back((key, time));
        is_copy
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
            copies.is_copy(&bytes(hexadecimal), &dissect(LinkType::IPV4, hexadecimal).dissection, time)
        };
        frames.iter().map(is_copy).collect()
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
