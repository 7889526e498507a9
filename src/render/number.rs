//! Numbers and addresses as text, without the machinery of `core::fmt`: they are most of what a line is made of.

use std::net::IpAddr;

/// The decimal digits of each byte, from the left, and behind them how many they are.
static OCTETS: [[u8; 4]; 256] = {
    let mut octets = [[0; 4]; 256];
    let mut number = 0;
    while number < 256 {
        let (hundreds, tens, ones) = (b'0' + (number / 100) as u8, b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8);
        octets[number] = match number {
            0..10 => [ones, 0, 0, 1],
            10..100 => [tens, ones, 0, 2],
            _ => [hundreds, tens, ones, 3],
        };
        number += 1;
    }
    octets
};

/// `00` to `ff`.
static HEXADECIMAL_PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[b'0'; 2]; 256];
    let mut number = 0;
    while number < 256 {
        pairs[number] = [digits[number >> 4], digits[number & 15]];
        number += 1;
    }
    pairs
};

/// What eight decimal digits can say, and one.
const EIGHT_DIGITS: u64 = 100_000_000;

/// Appends a number in decimal.
#[inline]
pub fn push_decimal(out: &mut Vec<u8>, number: u64) {
    push_padded(out, number, 1);
}

/// Appends a number in decimal with at least so many digits (at most 20), zeros in front.
#[inline]
pub fn push_padded(out: &mut Vec<u8>, number: u64, digits: usize) {
    if number < EIGHT_DIGITS && digits <= 8 {
        let (text, zeros) = eight_digits(number);
        let without = zeros.min(8 - digits);
        push_first(out, &(text >> (8 * without)).to_le_bytes(), 8 - without);
    } else {
        push_long(out, number, digits);
    }
}

#[inline(never)]
fn push_long(out: &mut Vec<u8>, number: u64, digits: usize) {
    push_padded(out, number / EIGHT_DIGITS, digits.min(20).saturating_sub(8));
    out.extend_from_slice(&eight_digits(number % EIGHT_DIGITS).0.to_le_bytes());
}

/// Appends a number in decimal, spaces in front up to `width` characters (at most 20).
pub fn push_right(out: &mut Vec<u8>, number: u64, width: usize) {
    let digits = number.checked_ilog10().unwrap_or_default() as usize + 1;
    push_first(out, &[b' '; 20], width.min(20).saturating_sub(digits));
    push_decimal(out, number);
}

/// The digits of a number of at most eight, one a byte and the first of them lowest, and how many of them are zeros in front.
///
/// All of them are worked out at once, in halves, quarters and eighths of a register: how many there are costs nothing, and is not
/// guessed wrong by the processor. A hundredth is 10486 / 2^20 below 10,000, a tenth 103 / 2^10 below 100.
fn eight_digits(number: u64) -> (u64, usize) {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | ((pairs - 10 * tens) << 8);
    (digits | 0x3030_3030_3030_3030, (digits.trailing_zeros() as usize / 8).min(7))
}

/// Appends the first `length` of some bytes, at most all. Copying as many as the compiler knows of and taking back the rest costs a few
/// instructions; copying so many and no more is a call.
pub(super) fn push_first<const N: usize>(out: &mut Vec<u8>, bytes: &[u8; N], length: usize) {
    let end = out.len() + length;
    out.extend_from_slice(bytes);
    out.truncate(end);
}

/// Appends a number in hexadecimal with at least so many digits (at most 16), without `0x`.
pub fn push_hex(out: &mut Vec<u8>, number: u64, digits: usize) {
    let mut text = [0; 16];
    for (pair, byte) in text.chunks_exact_mut(2).zip(number.to_be_bytes()) {
        pair.copy_from_slice(&HEXADECIMAL_PAIRS[usize::from(byte)]);
    }
    let needed = 16 - number.leading_zeros() as usize / 4;
    out.extend_from_slice(&text[16 - needed.max(digits).clamp(1, 16)..]);
}

/// The two hexadecimal digits of a byte.
pub(super) fn hex_pair(byte: u8) -> [u8; 2] {
    HEXADECIMAL_PAIRS[usize::from(byte)]
}

/// Appends the two hexadecimal digits of a byte.
pub fn push_hex_byte(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(&HEXADECIMAL_PAIRS[usize::from(byte)]);
}

/// Appends a link address: `02:00:5e:00:53:01`.
pub fn push_mac(out: &mut Vec<u8>, address: [u8; 6]) {
    let mut text = [b':'; 17];
    for (place, byte) in text.chunks_mut(3).zip(address) {
        place[..2].copy_from_slice(&HEXADECIMAL_PAIRS[usize::from(byte)]);
    }
    out.extend_from_slice(&text);
}

/// Appends an IPv4 address: `192.0.2.1`.
pub fn push_ipv4(out: &mut Vec<u8>, address: [u8; 4]) {
    let mut text = [b'.'; 16];
    let mut at = 0;
    for octet in address {
        let [hundreds, tens, ones, digits] = OCTETS[usize::from(octet)];
        text[at..at + 4].copy_from_slice(&[hundreds, tens, ones, b'.']);
        at += usize::from(digits);
        text[at] = b'.';
        at += 1;
    }
    push_first(out, &text, at - 1);
}

/// Appends an IPv6 address in its one canonical form (RFC 5952): lower case, no leading zeros, the longest run of at least two zero
/// groups (the first of equal ones) as `::`, and IPv4-mapped and IPv4-compatible addresses with the IPv4 address in them (section 5), as
/// `inet_ntop` and everything built on it has them.
pub fn push_ipv6(out: &mut Vec<u8>, address: [u8; 16]) {
    if let [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] = address {
        out.extend_from_slice(b"::ffff:");
        return push_ipv4(out, [a, b, c, d]);
    }
    let mut groups = [0_u16; 8];
    for (group, pair) in groups.iter_mut().zip(address.as_chunks().0) {
        *group = u16::from_be_bytes(*pair);
    }
    let (run_start, run_length) = longest_zero_run(&groups);
    if (run_start, run_length) == (0, 6) {
        let [.., a, b, c, d] = address;
        out.extend_from_slice(b"::");
        return push_ipv4(out, [a, b, c, d]);
    }
    let mut place = 0;
    while place < 8 {
        if place == run_start && run_length >= 2 {
            out.extend_from_slice(b"::");
            place += run_length;
            continue;
        }
        if place > 0 && !(run_length >= 2 && place == run_start + run_length) {
            out.push(b':');
        }
        push_hex(out, u64::from(groups[place]), 1);
        place += 1;
    }
}

fn longest_zero_run(groups: &[u16; 8]) -> (usize, usize) {
    let (mut best, mut current) = ((0, 0), (0, 0));
    for (place, group) in groups.iter().enumerate() {
        current = if *group == 0 { (current.0, current.1 + 1) } else { (place + 1, 0) };
        if current.1 > best.1 {
            best = current;
        }
    }
    best
}

/// Appends an IP address of either version.
pub fn push_address(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => push_ipv4(out, address.octets()),
        IpAddr::V6(address) => push_ipv6(out, address.octets()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn padding_never_cuts_a_number() {
        assert_eq!(text(|out| push_padded(out, 7, 3)), "007");
        assert_eq!(text(|out| push_padded(out, 12345, 3)), "12345");
        assert_eq!(text(|out| push_right(out, 42, 5)), "   42");
        assert_eq!(text(|out| push_right(out, u64::MAX, 200)), u64::MAX.to_string());
        assert_eq!(text(|out| push_hex(out, 0, 0)), "0");
        assert_eq!(text(|out| push_hex(out, 0xabc, 2)), "abc");
        assert_eq!(text(|out| push_hex(out, 0xabc, 4)), "0abc");
    }

    #[test]
    fn every_four_digits_come_out_right_in_both_halves() {
        for four in 0..10_000 {
            assert_eq!(text(|out| push_decimal(out, four * 10_001)), (four * 10_001).to_string());
            assert_eq!(text(|out| push_padded(out, four, 4)), format!("{four:04}"));
        }
    }

    #[test]
    fn addresses_of_rfc_5952() {
        for canonical in [
            "::",
            "::1",
            "1::",
            "2001:db8::1",
            "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1::1",
            "2001:db8::1:0:0:1",
            "fe80::1",
            "::ffff:192.0.2.1",
            "::192.0.2.1",
            "::102",
            "64:ff9b::c000:201",
            "0:1::",
        ] {
            let address: Ipv6Addr = canonical.parse().expect("an address");
            assert_eq!(text(|out| push_ipv6(out, address.octets())), canonical);
        }
        assert_eq!(text(|out| push_mac(out, [0x02, 0, 0x5e, 0, 0x53, 0xff])), "02:00:5e:00:53:ff");
    }

    proptest! {
        #[test]
        fn as_the_standard_library_writes_them(number: u64, v4: [u8; 4], v6: [u8; 16], mask: u16) {
            prop_assert_eq!(text(|out| push_decimal(out, number)), number.to_string());
            let shorter = number >> (mask % 64);
            prop_assert_eq!(text(|out| push_decimal(out, shorter)), shorter.to_string());
            prop_assert_eq!(text(|out| push_padded(out, shorter, 9)), format!("{shorter:09}"));
            prop_assert_eq!(text(|out| push_padded(out, shorter, 6)), format!("{shorter:06}"));
            prop_assert_eq!(text(|out| push_hex(out, number, 1)), format!("{number:x}"));
            prop_assert_eq!(text(|out| push_address(out, Ipv4Addr::from(v4).into())), Ipv4Addr::from(v4).to_string());
            let mut sparse = v6;
            for (place, byte) in sparse.iter_mut().enumerate() {
                *byte *= u8::from(mask & 1 << place != 0);
            }
            for octets in [v6, sparse].into_iter().filter(|octets| !octets.starts_with(&[0; 12])) {
                prop_assert_eq!(text(|out| push_address(out, Ipv6Addr::from(octets).into())), Ipv6Addr::from(octets).to_string());
            }
        }
    }
}
