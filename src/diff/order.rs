//! In which order the frames of a capture were on the wire: that of their times, or that in which they stand.
//!
//! The two are not the same where files were put together, and where the clock was set back. What acknowledges a byte comes behind what
//! acknowledged one before it (RFC 9293 section 3.4): the order counts in which acknowledgements step back less often.

use crate::dissect::Dissection;
use crate::dissect::transport::tcp::ACK;
use crate::frame::Frame;
use foldhash::fast::{FixedState, RandomState};
use std::collections::HashMap;
use std::hash::BuildHasher;

/// How many segments are looked at.
const MOST: usize = 1 << 17;

/// A segment that acknowledges something: whose it is, when it came, and what it acknowledges.
#[derive(Clone, Copy, Debug)]
struct Acknowledgement {
    sender: u64,
    time: i64,
    number: u32,
}

/// Sees the frames of a capture as they stand in it.
#[derive(Debug, Default)]
pub struct OrderWatch {
    seen: Vec<Acknowledgement>,
}

impl OrderWatch {
    /// Looks at a frame. Whether it wants to see more.
    pub fn observe(&mut self, frame: &Frame<'_>, dissection: &Dissection) -> bool {
        let transport = dissection.transport().zip(dissection.network());
        if let Some((transport, network)) = transport
            && let Some(tcp) = transport.tcp.filter(|tcp| tcp.flags & ACK != 0)
            && let Some(time) = frame.timestamp
        {
            let ends = (network.source, network.destination, transport.source_port, transport.destination_port);
            let sender = FixedState::default().hash_one(ends);
            self.seen.push(Acknowledgement { sender, time: time.nanoseconds(), number: tcp.acknowledgement });
        }
        self.seen.len() < MOST
    }

    /// Whether the frames follow each other by their times. Where nothing tells, they do.
    #[must_use]
    pub fn is_by_time(mut self) -> bool {
        let as_it_stands = steps_back(&self.seen);
        self.seen.sort_by_key(|one| one.time);
        steps_back(&self.seen) <= as_it_stands
    }
}

/// How often a sender acknowledges less than before.
fn steps_back(list: &[Acknowledgement]) -> u64 {
    let mut before: HashMap<u64, u32, RandomState> = HashMap::default();
    let is_back = |one: &&Acknowledgement| {
        before.insert(one.sender, one.number).is_some_and(|before| one.number.wrapping_sub(before).cast_signed() < 0)
    };
    list.iter().filter(is_back).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(list: &[(u64, i64, u32)]) -> OrderWatch {
        OrderWatch { seen: list.iter().map(|&(sender, time, number)| Acknowledgement { sender, time, number }).collect() }
    }

    #[test]
    fn shuffled_frames_follow_their_times_and_those_of_a_clock_that_was_set_back_their_places() {
        assert!(watch(&[(1, 5, 500), (2, 1, 7), (1, 2, 100), (1, 4, 300)]).is_by_time());
        assert!(!watch(&[(1, 5, 100), (2, 6, 7), (1, 2, 300), (1, 3, 400)]).is_by_time());
    }

    #[test]
    fn where_nothing_tells_times_count_and_numbers_begin_anew_behind_the_last() {
        assert!(watch(&[]).is_by_time());
        assert!(watch(&[(1, 9, 5), (2, 1, 9)]).is_by_time());
        assert!(!watch(&[(1, 9, u32::MAX - 3), (1, 8, 2)]).is_by_time());
    }
}
