//! What was counted on an interface, as a block (pcapng specification, section 4.6).

use super::options::Options;
use crate::frame::Timestamp;

/// Options of interface statistics.
mod option {
    pub(super) const BEGAN: u16 = 2;
    pub(super) const ENDED: u16 = 3;
    pub(super) const RECEIVED: u16 = 4;
    pub(super) const ACCEPTED: u16 = 6;
    pub(super) const DROPPED_BY_SYSTEM: u16 = 7;
    pub(super) const DELIVERED: u16 = 8;
}

/// What was counted on an interface from one moment to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// When counting began (`isb_starttime`).
    pub began: Timestamp,
    /// When it ended (`isb_endtime`).
    pub ended: Timestamp,
    /// Frames that came to the interface (`isb_ifrecv`); `None` where only those are known that passed a filter.
    pub received: Option<u64>,
    /// Frames that the filter accepted (`isb_filteraccept`).
    pub accepted: u64,
    /// Those of them that the system dropped (`isb_osdrop`).
    pub dropped: u64,
    /// Those that were handed on to us (`isb_usrdeliv`).
    pub delivered: u64,
}

impl Counted {
    /// The options of the block, in ticks of nanoseconds.
    pub(super) fn options(&self) -> Options {
        let mut options = Options::default();
        for (code, time) in [(option::BEGAN, self.began), (option::ENDED, self.ended)] {
            let ticks = u64::try_from(time.nanoseconds()).unwrap_or_default();
            let [a, b, c, d, rest @ ..] = ticks.to_le_bytes();
            // The upper half stands first.
            let [e, f, g, h] = rest;
            options.add(code, &[e, f, g, h, a, b, c, d]);
        }
        let counts = [
            (option::RECEIVED, self.received),
            (option::ACCEPTED, Some(self.accepted)),
            (option::DROPPED_BY_SYSTEM, Some(self.dropped)),
            (option::DELIVERED, Some(self.delivered)),
        ];
        counts.iter().for_each(|(code, count)| count.iter().for_each(|count| options.add(*code, &count.to_le_bytes())));
        options
    }
}
