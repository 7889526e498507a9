//! From an interface's ticks to nanoseconds since 1970.

use crate::frame::Timestamp;

/// How an interface counts time: `if_tsresol` and `if_tsoffset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    unit: Unit,
    /// Nanoseconds to add.
    offset: i128,
}

/// What a tick is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// So many nanoseconds.
    Nanoseconds(u64),
    /// One nanosecond is so many ticks.
    Fraction(u128),
    /// One second is 2 to this power of ticks.
    Binary(u8),
}

impl Default for Clock {
    /// Microseconds, unless the interface says otherwise.
    fn default() -> Self {
        Self { unit: Unit::Nanoseconds(1_000), offset: 0 }
    }
}

impl Clock {
    /// Sets what a tick is worth: a negative power of ten or, with the first bit set, of two.
    pub(super) fn set_resolution(&mut self, resolution: u8) {
        let power = resolution & 0x7f;
        self.unit = match power {
            _ if resolution & 0x80 != 0 => Unit::Binary(power),
            0..=9 => Unit::Nanoseconds(10_u64.pow(u32::from(9_u8.saturating_sub(power)))),
            _ => Unit::Fraction(10_u128.saturating_pow(u32::from(power.saturating_sub(9)))),
        };
    }

    /// Sets how many seconds are added to every time.
    pub(super) fn set_offset(&mut self, seconds: i64) {
        self.offset = i128::from(seconds).saturating_mul(1_000_000_000);
    }

    /// The moment of a tick; what a time of 64 bits cannot hold stays at its end.
    #[inline]
    pub(super) fn moment(&self, ticks: u64) -> Timestamp {
        // The largest product has 94 bits.
        let nanoseconds = match self.unit {
            Unit::Nanoseconds(unit) => u128::from(ticks).wrapping_mul(u128::from(unit)),
            Unit::Fraction(ticks_in_one) => u128::from(ticks).checked_div(ticks_in_one).unwrap_or_default(),
            Unit::Binary(power) => u128::from(ticks).wrapping_mul(1_000_000_000) >> power,
        };
        let nanoseconds = nanoseconds.cast_signed().wrapping_add(self.offset);
        Timestamp::from_nanoseconds(nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(resolution: u8, offset: i64, ticks: u64) -> i64 {
        let mut clock = Clock::default();
        clock.set_resolution(resolution);
        clock.set_offset(offset);
        clock.moment(ticks).nanoseconds()
    }

    #[test]
    fn ticks_are_powers_of_ten() {
        assert_eq!(moment(0, 0, 7), 7_000_000_000);
        assert_eq!(moment(6, 0, 1_700_000_000_123_456), 1_700_000_000_123_456_000);
        assert_eq!(moment(9, 0, 1_700_000_000_123_456_789), 1_700_000_000_123_456_789);
        assert_eq!(moment(12, 0, 1_999), 1);
        assert_eq!(moment(127, 0, u64::MAX), 0);
    }

    #[test]
    fn ticks_are_powers_of_two() {
        assert_eq!(moment(0x80 | 10, 0, 1_536), 1_500_000_000);
        assert_eq!(moment(0x80, 0, 3), 3_000_000_000);
        assert_eq!(moment(0x80 | 32, 0, 5 << 31), 2_500_000_000);
        assert_eq!(moment(0xff, 0, u64::MAX), 0);
    }

    #[test]
    fn an_offset_is_added_and_nothing_wraps() {
        assert_eq!(moment(6, 10, 1), 10_000_001_000);
        assert_eq!(moment(6, -10, 1), -9_999_999_000);
        assert_eq!(moment(0, 0, u64::MAX), i64::MAX);
        assert_eq!(moment(9, -9_223_372_037, 9_223_372_036_999_999_995), -5);
        assert_eq!(moment(0x80, i64::MIN, u64::MAX), i64::MAX);
        assert_eq!(moment(9, i64::MIN, u64::MAX), i64::MIN);
        assert_eq!(moment(9, i64::MAX, 1), i64::MAX);
    }
}
