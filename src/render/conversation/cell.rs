//! What stands in a column: numbers in groups of three, times in the unit that fits.

use super::super::number::{push_decimal, push_padded};

/// Appends a number with its digits in groups of three: `1,234,567`.
pub(in crate::render) fn push_grouped(out: &mut Vec<u8>, number: u64) {
    if number < 1000 {
        return push_decimal(out, number);
    }
    push_grouped(out, number / 1000);
    out.push(b',');
    push_padded(out, number % 1000, 3);
}

/// Appends a count and what is counted: `1 segment`, `1,234 segments`.
pub(in crate::render) fn push_count(out: &mut Vec<u8>, number: u64, one: &str) {
    push_grouped(out, number);
    out.push(b' ');
    out.extend_from_slice(one.as_bytes());
    if number != 1 {
        out.push(b's');
    }
}

/// Appends a time that something took, to three digits behind the point: `0.137 ms`, `12.500 s`, `3 h 05 min`.
pub(in crate::render) fn push_duration(out: &mut Vec<u8>, nanoseconds: i64) {
    if nanoseconds < 0 {
        out.push(b'-');
    }
    let nanoseconds = nanoseconds.unsigned_abs();
    let thousandths = |out: &mut Vec<u8>, unit: u64, name: &[u8]| {
        push_decimal(out, nanoseconds / unit);
        out.push(b'.');
        push_padded(out, nanoseconds % unit / (unit / 1000), 3);
        out.extend_from_slice(name);
    };
    let seconds = nanoseconds / 1_000_000_000;
    match seconds {
        0 => thousandths(out, 1_000_000, b" ms"),
        1..600 => thousandths(out, 1_000_000_000, b" s"),
        600..3600 => {
            push_decimal(out, seconds / 60);
            out.extend_from_slice(b" min ");
            push_padded(out, seconds % 60, 2);
            out.extend_from_slice(b" s");
        }
        _ => {
            push_decimal(out, seconds / 3600);
            out.extend_from_slice(b" h ");
            push_padded(out, seconds / 60 % 60, 2);
            out.extend_from_slice(b" min");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(push: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn digits_stand_in_groups() {
        let grouped = |number| text(|out| push_grouped(out, number));
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(12_045_006)], ["0", "999", "1,000", "12,045,006"]);
        assert_eq!(text(|out| push_count(out, 1, "gap")), "1 gap");
    }

    #[test]
    fn a_time_is_told_in_the_unit_that_fits() {
        let told = |nanoseconds| text(|out| push_duration(out, nanoseconds));
        assert_eq!([told(137_400), told(999_999_999), told(12_500_000_000)], ["0.137 ms", "999.999 ms", "12.500 s"]);
        assert_eq!([told(605_000_000_000), told(11_100_000_000_000), told(-5_000_000)], ["10 min 05 s", "3 h 05 min", "-5.000 ms"]);
    }
}
