//! Moments as text. Everything is UTC: a capture does not say where it was made, and a line must read the same everywhere.

use super::number::{push_decimal, push_padded};
use crate::frame::Timestamp;

/// How a line begins: tcpdump's forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// `13:15:32.253318`
    #[default]
    TimeOfDay,
    /// `-t`: none.
    Without,
    /// `-tt`: seconds since 1970, `1795353332.253318`.
    Epoch,
    /// `-ttt`: the time since the line before, ` 00:00:00.000120`.
    SincePrevious,
    /// `-tttt`: `2026-11-22 13:15:32.253318`
    DateAndTime,
    /// `-ttttt`: the time since the first line, ` 00:00:01.500000`.
    SinceFirst,
}

impl TimeForm {
    /// The form that so many `-t` ask for; more than five ask for nothing else than five do.
    #[must_use]
    pub const fn from_count(count: u8) -> Self {
        match count {
            0 => Self::TimeOfDay,
            1 => Self::Without,
            2 => Self::Epoch,
            3 => Self::SincePrevious,
            4 => Self::DateAndTime,
            5.. => Self::SinceFirst,
        }
    }
}

/// How much of a second is shown; what is finer is cut off, not rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Precision {
    /// Six digits.
    #[default]
    Microseconds,
    /// Nine digits.
    Nanoseconds,
}

/// Writes the time of line after line in one form.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    form: TimeForm,
    precision: Precision,
    calendar: Calendar,
    first: Option<Timestamp>,
    previous: Option<Timestamp>,
}

impl Clock {
    /// A clock of a form.
    #[must_use]
    pub fn new(form: TimeForm, precision: Precision) -> Self {
        Self { form, precision, ..Self::default() }
    }

    /// Whether there is a time to show.
    #[must_use]
    pub fn shows_time(&self) -> bool {
        self.form != TimeForm::Without
    }

    /// Appends a line's time, without a space behind it; nothing with [`TimeForm::Without`], and dashes where the capture says no time.
    pub fn push(&mut self, out: &mut Vec<u8>, timestamp: Option<Timestamp>) {
        let Some(timestamp) = timestamp else {
            match self.form {
                TimeForm::Without => {}
                // As wide as a time, so that what stands behind it stands where it always does.
                TimeForm::TimeOfDay => out.extend_from_slice(b"--:--:--"),
                TimeForm::DateAndTime => out.extend_from_slice(b"---------- --:--:--"),
                TimeForm::Epoch => out.extend_from_slice(b"----------"),
                TimeForm::SincePrevious | TimeForm::SinceFirst => out.extend_from_slice(b" --:--:--"),
            }
            if self.form != TimeForm::Without {
                out.extend_from_slice(match self.precision {
                    Precision::Microseconds => b".------",
                    Precision::Nanoseconds => b".---------",
                });
            }
            return;
        };
        let (seconds, nanoseconds) = timestamp.parts();
        match self.form {
            TimeForm::Without => {}
            TimeForm::TimeOfDay => {
                out.extend_from_slice(&self.calendar.second(seconds)[11..]);
                self.push_fraction(out, nanoseconds);
            }
            TimeForm::DateAndTime => {
                let text = *self.calendar.second(seconds);
                out.extend_from_slice(&text[..10]);
                out.push(b' ');
                out.extend_from_slice(&text[11..]);
                self.push_fraction(out, nanoseconds);
            }
            TimeForm::Epoch => {
                let (negative, seconds, nanoseconds) = magnitude(timestamp.nanoseconds());
                if negative {
                    out.push(b'-');
                }
                push_decimal(out, seconds);
                self.push_fraction(out, nanoseconds);
            }
            TimeForm::SincePrevious => self.push_span(out, timestamp.since(self.previous.unwrap_or(timestamp))),
            TimeForm::SinceFirst => self.push_span(out, timestamp.since(self.first.unwrap_or(timestamp))),
        }
        self.first.get_or_insert(timestamp);
        self.previous = Some(timestamp);
    }

    /// The time zone of its moments, with a space before it; nothing where it shows none, or spans.
    #[must_use]
    pub const fn zone(&self) -> &'static str {
        match self.form {
            TimeForm::TimeOfDay | TimeForm::DateAndTime => " UTC",
            TimeForm::Without | TimeForm::Epoch | TimeForm::SincePrevious | TimeForm::SinceFirst => "",
        }
    }

    fn push_span(&self, out: &mut Vec<u8>, span: i64) {
        let (negative, seconds, nanoseconds) = magnitude(span);
        out.push(if negative { b'-' } else { b' ' });
        push_padded(out, seconds / 3600, 2);
        out.push(b':');
        push_padded(out, seconds / 60 % 60, 2);
        out.push(b':');
        push_padded(out, seconds % 60, 2);
        self.push_fraction(out, nanoseconds);
    }

    fn push_fraction(&self, out: &mut Vec<u8>, nanoseconds: u32) {
        out.push(b'.');
        match self.precision {
            Precision::Microseconds => push_padded(out, u64::from(nanoseconds / 1000), 6),
            Precision::Nanoseconds => push_padded(out, u64::from(nanoseconds), 9),
        }
    }
}

/// The sign, the whole seconds and the nanoseconds of a span.
fn magnitude(nanoseconds: i64) -> (bool, u64, u32) {
    let size = nanoseconds.unsigned_abs();
    (nanoseconds < 0, size / 1_000_000_000, (size % 1_000_000_000) as u32)
}

/// Appends seconds since 1970 with nine digits behind the point: `1795353332.253318000`.
pub fn push_epoch(out: &mut Vec<u8>, timestamp: Timestamp) {
    Clock::new(TimeForm::Epoch, Precision::Nanoseconds).push(out, Some(timestamp));
}

/// Knows the date of a second, and remembers the last one it was asked for: frames come many to a second.
#[derive(Clone, Debug)]
pub struct Calendar {
    second: i64,
    text: [u8; 19],
}

impl Default for Calendar {
    fn default() -> Self {
        Self { second: 0, text: *b"1970-01-01T00:00:00" }
    }
}

impl Calendar {
    /// Appends a moment as RFC 3339 has it, in UTC with nanoseconds: `2026-11-22T13:15:32.253318000Z`.
    pub fn push_rfc3339(&mut self, out: &mut Vec<u8>, timestamp: Timestamp) {
        let (seconds, nanoseconds) = timestamp.parts();
        out.extend_from_slice(self.second(seconds));
        out.push(b'.');
        push_padded(out, u64::from(nanoseconds), 9);
        out.push(b'Z');
    }

    /// The second as `2026-11-22T13:15:32`. A timestamp lies between 1677 and 2262, so that a year always has four digits.
    fn second(&mut self, second: i64) -> &[u8; 19] {
        if self.second != second {
            self.second = second;
            let (year, month, day) = civil(second.div_euclid(86_400));
            let within = second.rem_euclid(86_400) as u64;
            let parts = [(0, 4, year), (5, 2, month), (8, 2, day), (11, 2, within / 3600), (14, 2, within / 60 % 60), (17, 2, within % 60)];
            for (at, digits, number) in parts {
                let mut rest = number;
                for digit in self.text[at..at + digits].iter_mut().rev() {
                    *digit = b'0' + (rest % 10) as u8;
                    rest /= 10;
                }
            }
        }
        &self.text
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Years are taken from March on, so that the day that comes and goes is a year's last, and 400 of them are always 146,097 days.
fn civil(day: i64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    // From 0000-03-01 to 1970-01-01.
    let day = day + 719_468;
    let cycle = day.div_euclid(DAYS_OF_400_YEARS);
    let of_cycle = day.rem_euclid(DAYS_OF_400_YEARS) as u64;
    let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year as i64 + i64::from(month <= 2);
    (year.unsigned_abs(), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(clock: &mut Clock, nanoseconds: i64) -> String {
        let mut out = Vec::new();
        clock.push(&mut out, Some(Timestamp::from_nanoseconds(nanoseconds)));
        String::from_utf8(out).expect("text")
    }

    fn rfc3339(timestamp: Timestamp) -> String {
        let mut out = Vec::new();
        Calendar::default().push_rfc3339(&mut out, timestamp);
        String::from_utf8(out).expect("text")
    }

    const MOMENT: i64 = 1_795_353_332_253_318_999;

    #[test]
    fn each_form() {
        let form = |form, precision| line(&mut Clock::new(form, precision), MOMENT);
        assert_eq!(form(TimeForm::TimeOfDay, Precision::Microseconds), "13:15:32.253318");
        assert_eq!(form(TimeForm::TimeOfDay, Precision::Nanoseconds), "13:15:32.253318999");
        assert_eq!(form(TimeForm::Without, Precision::Microseconds), "");
        assert_eq!(form(TimeForm::Epoch, Precision::Microseconds), "1795353332.253318");
        assert_eq!(form(TimeForm::DateAndTime, Precision::Microseconds), "2026-11-22 13:15:32.253318");
        assert_eq!(form(TimeForm::SincePrevious, Precision::Microseconds), " 00:00:00.000000");
    }

    #[test]
    fn spans_count_from_the_line_before_or_from_the_first() {
        let mut since_previous = Clock::new(TimeForm::SincePrevious, Precision::Microseconds);
        let mut since_first = Clock::new(TimeForm::SinceFirst, Precision::Nanoseconds);
        line(&mut since_previous, MOMENT);
        line(&mut since_first, MOMENT);
        assert_eq!(line(&mut since_previous, MOMENT + 1_500_000_000), " 00:00:01.500000");
        assert_eq!(line(&mut since_previous, MOMENT), "-00:00:01.500000");
        line(&mut since_first, MOMENT + 1);
        assert_eq!(line(&mut since_first, MOMENT + 100 * 3_600_000_000_000), " 100:00:00.000000000");
    }

    #[test]
    fn a_frame_without_a_time_changes_no_span() {
        let mut clock = Clock::new(TimeForm::SincePrevious, Precision::Microseconds);
        line(&mut clock, MOMENT);
        let mut out = Vec::new();
        clock.push(&mut out, None);
        assert_eq!(out, b" --:--:--.------");
        assert_eq!(line(&mut clock, MOMENT + 1_000), " 00:00:00.000001");
    }

    #[test]
    fn dates_from_the_first_to_the_last_that_64_bits_hold() {
        assert_eq!(rfc3339(Timestamp::from_nanoseconds(0)), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(rfc3339(Timestamp::from_nanoseconds(-1)), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(rfc3339(Timestamp::from_parts(951_782_400, 5)), "2000-02-29T00:00:00.000000005Z");
        assert_eq!(rfc3339(Timestamp::from_parts(4_107_542_399, 0)), "2100-02-28T23:59:59.000000000Z");
        assert_eq!(rfc3339(Timestamp::from_parts(4_107_542_400, 0)), "2100-03-01T00:00:00.000000000Z");
        assert_eq!(rfc3339(Timestamp::from_nanoseconds(i64::MIN)), "1677-09-21T00:12:43.145224192Z");
        assert_eq!(rfc3339(Timestamp::from_nanoseconds(i64::MAX)), "2262-04-11T23:47:16.854775807Z");
        assert_eq!(line(&mut Clock::new(TimeForm::Epoch, Precision::Microseconds), -1_500_000_000), "-1.500000");
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = (1677, 9, 22);
        for day in -106_751..=106_751 {
            assert_eq!(civil(day), expected);
            let (year, month, of_month) = expected;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (of_month < length, month < 12) {
                (true, _) => (year, month, of_month + 1),
                (false, true) => (year, month + 1, 1),
                (false, false) => (year + 1, 1, 1),
            };
        }
    }
}
