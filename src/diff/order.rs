//! In which order the frames of a capture were on the wire: that of their times, or that in which they stand.
//!
//! The two are not the same where files were put together, and where the clock was set back. What acknowledges a byte comes behind what
//! acknowledged one before it (RFC 9293 section 3.4): the order counts in which acknowledgements step back less often.

use crate::dissect::Dissection;
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::frame::Frame;
use crate::limits::Limits;
use foldhash::fast::{FixedState, RandomState};
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::net::IpAddr;

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
        self.seen.len() < Limits::ORDER_SEGMENTS
    }

    /// What tells in which order the frames were on the wire. Where nothing does, their times do.
    #[must_use]
    pub fn order(mut self) -> Order {
        let as_it_stands = steps_back(&self.seen);
        self.seen.sort_by_key(|one| one.time);
        let together = self.seen.windows(2).filter(|two| two[0].time == two[1].time).count();
        match steps_back(&self.seen) <= as_it_stands {
            false => Order::Places,
            true if together * COARSE > self.seen.len() => Order::TimesAndNumbers,
            true => Order::Times,
        }
    }
}

/// What tells in which order frames were on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Their places in the file.
    Places,
    /// Their times.
    Times,
    /// Their times, and of the many that have one and the same the numbers of TCP.
    TimesAndNumbers,
}

/// One of how many segments must have the time of another for the clock to be a coarse one.
const COARSE: usize = 4;

/// One end of a connection.
type End = (IpAddr, u16);

/// How far a connection has come at each of its segments (RFC 9293 section 3.4): what both ends have sent until then.
#[derive(Debug, Default)]
pub struct Progress {
    /// By both ends, the lower first: the first number that was seen of each.
    connections: HashMap<[End; 2], [Option<u32>; 2], RandomState>,
}

impl Progress {
    /// How far the connection of a segment has come: less than with any that is sent behind it, unless something is sent again. 0 for all that
    /// is not TCP.
    pub fn of(&mut self, dissection: &Dissection) -> i64 {
        let Some((transport, network)) = dissection.transport().zip(dissection.network()) else { return 0 };
        let Some(tcp) = transport.tcp else { return 0 };
        let from = (network.source, transport.source_port);
        let to = (network.destination, transport.destination_port);
        let sender = usize::from(from > to);
        let ends = if sender == 0 { [from, to] } else { [to, from] };
        if self.connections.len() >= Limits::ORDER_CONNECTIONS && !self.connections.contains_key(&ends) {
            return 0;
        }
        let first = self.connections.entry(ends).or_default();
        let mut since = |end: usize, number: u32| {
            let first = first.get_mut(end).map_or(number, |first| *first.get_or_insert(number));
            i64::from(number.wrapping_sub(first).cast_signed())
        };
        let sent = since(sender, tcp.sequence);
        if tcp.flags & ACK == 0 {
            // Who begins acknowledges nothing, and who resets need not.
            return if tcp.flags & SYN != 0 { i64::MIN } else { i64::MAX };
        }
        let acknowledged = since(1 - sender, tcp.acknowledgement);
        // Of segments that begin at one place the one that takes numbers is the last.
        let kind = match (tcp.flags & (FIN | RST), transport.payload_length) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => 2,
        };
        (sent + acknowledged) * 4 + kind
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
        assert_eq!(watch(&[(1, 5, 500), (2, 1, 7), (1, 2, 100), (1, 4, 300)]).order(), Order::Times);
        assert_eq!(watch(&[(1, 5, 100), (2, 6, 7), (1, 2, 300), (1, 3, 400)]).order(), Order::Places);
        assert_eq!(watch(&[(1, 5, 500), (2, 1, 7), (1, 5, 600), (1, 1, 400)]).order(), Order::TimesAndNumbers);
    }

    #[test]
    fn where_nothing_tells_times_count_and_numbers_begin_anew_behind_the_last() {
        assert_eq!(watch(&[]).order(), Order::Times);
        assert_eq!(watch(&[(1, 9, 5), (2, 1, 9)]).order(), Order::Times);
        assert_eq!(watch(&[(1, 9, u32::MAX - 3), (1, 8, 2)]).order(), Order::Places);
    }
}
