//! What an interface's times are written in.

use crate::frame::Timestamp;
use crate::source::Interface;

/// The option of an interface that says its resolution.
const RESOLUTION: u16 = 9;

/// What is added to times before 1970, in seconds, for pcapng's ticks have no sign: the earliest that 64 bits of nanoseconds reach.
const EARLIEST: i64 = i64::MIN.div_euclid(1_000_000_000);

/// A resolution and an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Ticks are this negative power of ten of a second, 0 to 9.
    pub(super) digits: u8,
    /// Seconds that are added to every time.
    pub(super) offset: i64,
}

impl Clock {
    /// Nanoseconds since 1970.
    pub(super) const NANOSECONDS: Self = Self { digits: 9, offset: 0 };

    /// The clock for a time of an interface: the interface's own resolution where that can tell it, else nanoseconds.
    pub(super) fn of(time: Option<Timestamp>, interface: &Interface) -> Self {
        let nanoseconds = time.map_or(0, Timestamp::nanoseconds);
        let own = interface.options.iter().find(|(code, _)| *code == RESOLUTION).and_then(|(_, value)| value.first().copied());
        let own = Self { digits: own.unwrap_or(6), offset: 0 };
        match nanoseconds {
            ..0 => Self { digits: 9, offset: EARLIEST },
            _ if own.digits <= 9 && nanoseconds % own.unit() == 0 => own,
            _ => Self::NANOSECONDS,
        }
    }

    /// A time in ticks.
    pub(super) fn ticks(self, time: Timestamp) -> u64 {
        let nanoseconds = i128::from(time.nanoseconds()) - i128::from(self.offset) * 1_000_000_000;
        u64::try_from(nanoseconds / i128::from(self.unit())).unwrap_or_default()
    }

    /// Nanoseconds in a tick.
    fn unit(self) -> i64 {
        10_i64.saturating_pow(9_u8.saturating_sub(self.digits).into())
    }
}
