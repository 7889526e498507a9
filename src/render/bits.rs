//! Addresses as bits, with the border between the network's and the host's marked: what a mask does, to be seen.
//!
//! IPv4 is drawn in bits, IPv6 in hexadecimal digits of four bits each; the digit that the border goes through is drawn in bits.

use super::style::{Palette, Role};
use crate::explain::address::{bits, common_bits};
use ipnet::IpNet;
use std::fmt::Write as _;
use std::net::IpAddr;

/// An address drawn, and where each of its bits stands in the drawing.
struct Drawn {
    text: String,
    columns: Vec<usize>,
}

impl Drawn {
    fn new(address: IpAddr, border: Option<u8>) -> Self {
        let mut drawn = Self { text: String::new(), columns: Vec::new() };
        match address {
            IpAddr::V4(address) => drawn.binary(u32::from(address), border),
            IpAddr::V6(address) => drawn.hexadecimal(u128::from(address), border),
        }
        if border == Some(bits(address)) {
            drawn.text.push('|');
        }
        drawn
    }

    fn binary(&mut self, value: u32, border: Option<u8>) {
        for place in 0..32_u8 {
            self.between(place, border, 8, ' ');
            self.bit(u128::from(value), 31 - u32::from(place));
        }
    }

    fn hexadecimal(&mut self, value: u128, border: Option<u8>) {
        for place in (0..128_u8).step_by(4) {
            self.between(place, border, 16, ':');
            let cut = border.filter(|border| (place + 1..place + 4).contains(border));
            let Some(cut) = cut else {
                self.columns.extend([self.text.len(); 4]);
                let digit = (value >> (124 - u32::from(place))) as u32 & 15;
                self.text.extend(char::from_digit(digit, 16));
                continue;
            };
            self.text.push('(');
            for inside in place..place + 4 {
                if inside == cut {
                    self.text.push('|');
                }
                self.bit(value, 127 - u32::from(inside));
            }
            self.text.push(')');
        }
    }

    /// What stands before a bit: the border, or what parts groups.
    fn between(&mut self, place: u8, border: Option<u8>, group: u8, separator: char) {
        if border == Some(place) {
            self.text.push('|');
        } else if place > 0 && place.is_multiple_of(group) {
            self.text.push(separator);
        }
    }

    fn bit(&mut self, value: u128, shift: u32) {
        self.columns.push(self.text.len());
        self.text.push(if value >> shift & 1 == 1 { '1' } else { '0' });
    }
}

/// An address drawn, with a border behind so many bits.
#[must_use]
pub fn drawing(address: IpAddr, border: Option<u8>) -> String {
    Drawn::new(address, border).text
}

/// Appends how a mask makes a network of an address: each line after `indent` spaces.
///
/// ```text
/// 11000000 10101000 00000001 01|001101   192.168.1.77
/// 11111111 11111111 11111111 11|000000   255.255.255.192, the mask
/// 11000000 10101000 00000001 01|000000   192.168.1.64, the network: a one where both have a one
/// ```
pub fn push_masked(out: &mut Vec<u8>, prefix: IpNet, indent: usize, palette: &Palette) {
    let border = Some(prefix.prefix_len());
    let network = prefix.network();
    let mask = prefix.netmask();
    push_row(out, indent, &drawing(prefix.addr(), border), &prefix.addr().to_string(), palette);
    let words = if mask.is_ipv4() { format!("{mask}, the mask") } else { format!("/{}, the mask", prefix.prefix_len()) };
    push_row(out, indent, &drawing(mask, border), &words, palette);
    push_row(out, indent, &drawing(network, border), &format!("{network}, the network: a one where both have a one"), palette);
}

/// Appends two addresses above each other, and where they first differ: each line after `indent` spaces. Nothing where their versions
/// differ.
///
/// ```text
/// 11000000 10101000 00000001|00001011   192.168.1.11
/// 00001010 10000010 00000001|00000100   10.130.1.4
/// ^ bit 1 is the first that differs
/// ```
pub fn push_compared(out: &mut Vec<u8>, a: IpAddr, b: IpAddr, border: Option<u8>, indent: usize, palette: &Palette) {
    let Some(common) = common_bits(a, b) else { return };
    let (first, second) = (Drawn::new(a, border), Drawn::new(b, border));
    push_row(out, indent, &first.text, &a.to_string(), palette);
    push_row(out, indent, &second.text, &b.to_string(), palette);
    if let Some(column) = first.columns.get(usize::from(common)) {
        let mut mark = " ".repeat(indent + column);
        let _written = write!(mark, "^ bit {} is the first that differs", u16::from(common) + 1);
        palette.paint(out, Role::Dim, |out| out.extend_from_slice(mark.as_bytes()));
        out.push(b'\n');
    }
}

fn push_row(out: &mut Vec<u8>, indent: usize, drawing: &str, words: &str, palette: &Palette) {
    out.resize(out.len() + indent, b' ');
    out.extend_from_slice(drawing.as_bytes());
    out.extend_from_slice(b"   ");
    palette.paint(out, Role::Dim, |out| out.extend_from_slice(words.as_bytes()));
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn drawn(address: &str, border: u8) -> String {
        drawing(address.parse().expect("an address"), Some(border))
    }

    #[test]
    fn the_border_stands_behind_its_bit() {
        assert_eq!(drawn("192.168.1.77", 24), "11000000 10101000 00000001|01001101");
        assert_eq!(drawn("192.168.1.77", 26), "11000000 10101000 00000001 01|001101");
        assert_eq!(drawn("0.0.0.0", 0), "|00000000 00000000 00000000 00000000");
        assert_eq!(drawn("10.0.0.7", 32), "00001010 00000000 00000000 00000111|");
        assert_eq!(drawn("2001:db8::1", 64), "2001:0db8:0000:0000|0000:0000:0000:0001");
        assert_eq!(drawn("2001:db8::1", 36), "2001:0db8:0|000:0000:0000:0000:0000:0001");
        assert_eq!(drawn("2001:db8:0:9::1", 61), "2001:0db8:0000:000(1|001):0000:0000:0000:0001");
    }

    #[test]
    fn a_mask_makes_a_network() {
        let mut out = Vec::new();
        push_masked(&mut out, "192.168.1.77/26".parse().expect("a prefix"), 2, &Palette::plain());
        assert_eq!(
            String::from_utf8_lossy(&out),
            "  11000000 10101000 00000001 01|001101   192.168.1.77\n\
             \x20 11111111 11111111 11111111 11|000000   255.255.255.192, the mask\n\
             \x20 11000000 10101000 00000001 01|000000   192.168.1.64, the network: a one where both have a one\n"
        );
    }

    #[test]
    fn the_first_bit_that_differs_is_pointed_at() {
        let compared = |a: &str, b: &str, border| {
            let mut out = Vec::new();
            push_compared(&mut out, a.parse().expect("an address"), b.parse().expect("an address"), border, 0, &Palette::plain());
            String::from_utf8(out).expect("text")
        };
        assert_eq!(
            compared("192.168.1.11", "192.168.9.11", Some(24)),
            "11000000 10101000 00000001|00001011   192.168.1.11\n\
             11000000 10101000 00001001|00001011   192.168.9.11\n\
             \x20                     ^ bit 21 is the first that differs\n"
        );
        assert!(
            compared("fe80::1", "fe80::2", None).ends_with("\n                                      ^ bit 127 is the first that differs\n")
        );
        assert!(!compared("10.0.0.1", "10.0.0.1", None).contains('^'));
        assert_eq!(compared("10.0.0.1", "::1", None), "");
    }

    proptest! {
        #[test]
        fn what_is_drawn_is_the_address(v4: u32, v6: u128, border in 0_u8..=128) {
            let four = Drawn::new(Ipv4Addr::from(v4).into(), Some(border.min(32)));
            let digits: String = four.text.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(u32::from_str_radix(&digits, 2), Ok(v4));
            prop_assert_eq!((four.columns.len(), four.text.matches('|').count()), (32, 1));
            let six = Drawn::new(Ipv6Addr::from(v6).into(), Some(border));
            prop_assert_eq!((six.columns.len(), six.text.matches('|').count()), (128, 1));
            if border % 4 == 0 {
                let digits: String = six.text.chars().filter(char::is_ascii_hexdigit).collect();
                prop_assert_eq!(u128::from_str_radix(&digits, 16), Ok(v6));
            }
        }
    }
}
