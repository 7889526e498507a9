//! What a capture gives: bytes with a time, a link type and two lengths. Nothing here is decoded.

/// A moment, in nanoseconds since 1970-01-01 00:00 UTC. It comes from the capture; nothing in this library asks a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many nanoseconds after (or, negative, before) 1970-01-01 00:00 UTC.
    #[must_use]
    pub const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// Seconds and nanoseconds as most captures store them. What would pass the range of 64 bits (the year 2262) stays at its end.
    #[must_use]
    pub const fn from_parts(seconds: i64, nanoseconds: u32) -> Self {
        Self(seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds as i64))
    }

    /// So many seconds and nanoseconds after a day of the Gregorian calendar began, in UTC; month and day count from 1.
    #[must_use]
    pub const fn from_date(year: i64, month: i64, day: i64, seconds: i64, nanoseconds: u32) -> Self {
        // Years are taken to begin in March, so that the leap day is the last.
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469;
        Self::from_parts(days.saturating_mul(86_400).saturating_add(seconds), nanoseconds)
    }

    /// Nanoseconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970 and the nanoseconds (0 to 999,999,999) after them.
    #[must_use]
    pub const fn parts(self) -> (i64, u32) {
        (self.0.div_euclid(1_000_000_000), self.0.rem_euclid(1_000_000_000) as u32)
    }

    /// Nanoseconds from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The kind of link a frame was captured on: a `LINKTYPE_` number of <https://www.tcpdump.org/linktypes.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: a protocol family in the byte order of the machine that captured.
    pub const NULL: Self = Self(0);
    /// Ethernet, with or without 802.3 lengths.
    pub const ETHERNET: Self = Self(1);
    /// Raw IP, version told by the first four bits.
    pub const RAW: Self = Self(101);
    /// IEEE 802.11, as it comes in monitor mode.
    pub const WIRELESS: Self = Self(105);
    /// OpenBSD loopback: a protocol family in network byte order.
    pub const LOOP: Self = Self(108);
    /// Linux cooked capture, version 1.
    pub const LINUX_SLL: Self = Self(113);
    /// IEEE 802.11 behind what a Prism card says of the reception.
    pub const WIRELESS_PRISM: Self = Self(119);
    /// IEEE 802.11 behind a radiotap header.
    pub const WIRELESS_RADIOTAP: Self = Self(127);
    /// Raw IPv4.
    pub const IPV4: Self = Self(228);
    /// Raw IPv6.
    pub const IPV6: Self = Self(229);
    /// Linux cooked capture, version 2: what `-i any` gives.
    pub const LINUX_SLL2: Self = Self(276);
}

/// An interface a capture was made on, by its place in [`crate::source::Source::interfaces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct InterfaceId(pub u32);

/// Which way a frame went, seen from the machine that captured it (pcapng `epb_flags`, bits 0-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Received by it.
    Inbound,
    /// Sent by it.
    Outbound,
}

/// One captured frame, lent by a source until the next one is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its place in the capture (in all captures together where several are read), from 1.
    pub number: u64,
    /// When it was captured; `None` where the capture does not say (pcapng simple packet blocks).
    pub timestamp: Option<Timestamp>,
    /// The interface it was captured on.
    pub interface: InterfaceId,
    /// How its first bytes are to be read.
    pub link_type: LinkType,
    /// How many bytes it had on the wire; never less than `data.len()`.
    pub length: u32,
    /// How many of its last bytes on the wire are a frame check sequence.
    pub check_sequence_length: u8,
    /// The bytes that were kept.
    pub data: &'a [u8],
    /// What the capture's format says beside the bytes.
    pub annotations: Annotations<'a>,
}

impl Frame<'_> {
    /// How many bytes were kept.
    #[must_use]
    pub fn captured(&self) -> u32 {
        u32::try_from(self.data.len()).unwrap_or(u32::MAX)
    }

    /// Whether the capture kept less than was on the wire.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.captured() < self.length
    }
}

/// The options that a pcapng packet block carries, still as the file has them: reading them costs nothing until somebody asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Annotations<'a> {
    /// The options' bytes, from the first option's code.
    pub options: &'a [u8],
    /// Whether codes and lengths in them are big endian.
    pub big_endian: bool,
}

impl<'a> Annotations<'a> {
    /// Each option: its code and its bytes, to the end mark or to the first one that does not fit.
    pub fn options(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        let (mut rest, big) = (self.options, self.big_endian);
        std::iter::from_fn(move || {
            let [a, b, c, d, after @ ..] = rest else { return None };
            let read = |x: u8, y: u8| if big { u16::from_be_bytes([x, y]) } else { u16::from_le_bytes([x, y]) };
            let (code, length) = (read(*a, *b), usize::from(read(*c, *d)));
            if code == 0 {
                return None;
            }
            let value = after.get(..length)?;
            rest = after.get(length.next_multiple_of(4)..).unwrap_or_default();
            Some((code, value))
        })
    }

    /// The comments on the frame (`opt_comment`, code 1), as bytes: nothing promises that they are UTF-8.
    pub fn comments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.options().filter(|(code, _)| *code == 1).map(|(_, value)| value)
    }

    /// Which way the frame went, where the capture says (`epb_flags`, code 2).
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let (_, value) = self.options().find(|(code, value)| *code == 2 && value.len() == 4)?;
        let low = if self.big_endian { value.last()? } else { value.first()? };
        match low & 3 {
            1 => Some(Direction::Inbound),
            2 => Some(Direction::Outbound),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_1970_has_positive_nanoseconds() {
        assert_eq!(Timestamp::from_nanoseconds(-1).parts(), (-1, 999_999_999));
        assert_eq!(Timestamp::from_parts(-1, 999_999_999).nanoseconds(), -1);
    }

    #[test]
    fn a_date_is_so_many_days_after_1970() {
        assert_eq!(Timestamp::from_date(1970, 1, 1, 0, 0).nanoseconds(), 0);
        assert_eq!(Timestamp::from_date(2024, 2, 29, 86_399, 0).parts(), (1_709_251_199, 0));
        assert_eq!(Timestamp::from_date(1969, 12, 31, 86_399, 999_999_999).nanoseconds(), -1);
    }

    #[test]
    fn options_are_read_in_both_byte_orders_and_stop_at_what_does_not_fit() {
        let little = Annotations { options: &[1, 0, 2, 0, b'h', b'i', 0, 0, 2, 0, 4, 0, 2, 0, 0, 0, 1, 0, 99, 0], big_endian: false };
        assert_eq!(little.comments().collect::<Vec<_>>(), [b"hi"]);
        assert_eq!(little.direction(), Some(Direction::Outbound));
        let big = Annotations { options: &[0, 2, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0], big_endian: true };
        assert_eq!(big.direction(), Some(Direction::Inbound));
    }
}
