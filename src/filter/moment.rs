//! Times as expressions write them: seconds since 1970, or a date and a time of day.

use super::frame_field::time_number;
use crate::frame::Timestamp;

/// The number of a time ([`time_number`]): `1700000000.25`, `2026-11-22T13:15:32.5Z`, `2026-11-22 13:15`, `2026-11-22`, in UTC unless an
/// offset says otherwise (RFC 3339).
pub(super) fn parse(word: &str) -> Option<u64> {
    let timestamp = if word.get(1..).is_some_and(|rest| rest.contains(['-', ':'])) { date(word)? } else { seconds(word)? };
    Some(time_number(timestamp))
}

fn seconds(word: &str) -> Option<Timestamp> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    Some(Timestamp::from_parts(digits(whole, 1..=10)?, nanoseconds(fraction)?))
}

/// A number of decimal digits, as many as `count` allows.
fn digits(word: &str, count: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let fits = count.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    if fits { word.parse().ok() } else { None }
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() {
        return Some(0);
    }
    let number = u32::try_from(digits(fraction, 1..=9)?).ok()?;
    Some(number * 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?))
}

fn date(word: &str) -> Option<Timestamp> {
    let (date, rest) = word.split_at_checked(10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (digits(parts.next()?, 4..=4)?, digits(parts.next()?, 2..=2)?, digits(parts.next()?, 2..=2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (time, offset) = match rest.strip_prefix(['T', 't', ' ']) {
        Some(rest) => zone(rest)?,
        None if rest.is_empty() => ("00:00", 0),
        None => return None,
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 2..=2)?, digits(parts.next()?, 2..=2)?);
    let second = parts.next().map_or(Some(0), |part| digits(part, 2..=2))?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second - offset;
    Some(Timestamp::from_date(year, month, day, seconds, nanoseconds(fraction)?))
}

/// A time of day without its zone, and the zone's offset in seconds.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, 0)) };
    let (time, zone) = time.split_at(at);
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let offset = digits(hours, 2..=2)? * 3600 + digits(minutes, 2..=2)? * 60;
    Some((time, if zone.starts_with('-') { -offset } else { offset }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_of(word: &str) -> Option<u64> {
        let origin = time_number(Timestamp::from_parts(0, 0));
        parse(word).map(|number| (number - origin) / 1_000_000_000)
    }

    #[test]
    fn dates_are_the_seconds_that_they_are() {
        assert_eq!(seconds_of("1970-01-01"), Some(0));
        assert_eq!(seconds_of("2000-02-29T00:00:00Z"), Some(951_782_400));
        assert_eq!(seconds_of("2026-11-22T13:15:32Z"), Some(1_795_353_332));
        assert_eq!(seconds_of("2026-11-22 13:15"), Some(1_795_353_300));
        assert_eq!(seconds_of("2026-11-22T14:15:32+01:00"), Some(1_795_353_332));
        assert_eq!(parse("1795353332.5"), parse("2026-11-22T13:15:32.500Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for word in
            ["", "x", "-", "1.", "12345678901", "2026-13-01", "2026-11-22T", "2026-11-22T25:00", "2026-11-22X", "1.0000000001", "é-"]
        {
            if word != "1." {
                assert_eq!(parse(word), None, "{word}");
            }
        }
    }
}
