//! Numbers and addresses as text, without the machinery of `core::fmt`: they are most of what a line is made of.

use std::net::IpAddr;

/// `00` to `99`.
static DECIMAL_PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
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

/// Appends a number in decimal.
pub fn push_decimal(out: &mut Vec<u8>, number: u64) {
    let mut text = [0; 20];
    let at = decimal(&mut text, number);
    out.extend_from_slice(&text[at..]);
}

/// Appends a number in decimal with at least so many digits, zeros in front.
pub fn push_padded(out: &mut Vec<u8>, number: u64, digits: usize) {
    let mut text = [b'0'; 20];
    let at = decimal(&mut text, number);
    out.extend_from_slice(&text[at.min(20 - digits.min(20))..]);
}

/// Appends a number in decimal, spaces in front up to `width` characters.
pub fn push_right(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut text = [b' '; 20];
    let at = decimal(&mut text, number);
    out.extend_from_slice(&text[at.min(20 - width.min(20))..]);
}

/// Writes a number at the end of `text` and says where it begins.
fn decimal(text: &mut [u8; 20], mut number: u64) -> usize {
    let mut at = text.len();
    while number >= 100 {
        at -= 2;
        text[at..at + 2].copy_from_slice(&DECIMAL_PAIRS[(number % 100) as usize]);
        number /= 100;
    }
    let [tens, ones] = DECIMAL_PAIRS[number as usize];
    at -= 1;
    text[at] = ones;
    if number >= 10 {
        at -= 1;
        text[at] = tens;
    }
    at
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
        let [tens, ones] = DECIMAL_PAIRS[usize::from(octet % 100)];
        if octet >= 100 {
            text[at..at + 3].copy_from_slice(&[b'0' + octet / 100, tens, ones]);
            at += 4;
        } else if octet >= 10 {
            text[at..at + 2].copy_from_slice(&[tens, ones]);
            at += 3;
        } else {
            text[at] = ones;
            at += 2;
        }
    }
    out.extend_from_slice(&text[..at - 1]);
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
            prop_assert_eq!(text(|out| push_decimal(out, number >> 48)), (number >> 48).to_string());
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
