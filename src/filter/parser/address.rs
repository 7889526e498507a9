//! Addresses behind `host`, `net` and `ether host`.

use super::qualifier::{Qualifiers, What};
use super::{Parser, is_plain_word, value};
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{AddressRange, AddressScope, Primitive, Side};
use crate::filter::lexer::{Sign, TokenKind};
use crate::filter::services::service;
use crate::filter::subject::Subject;
use crate::filter::vocabulary::Realm;
use std::net::{Ipv4Addr, Ipv6Addr};

const NAMES: &str = "give the address; names in packets are fields: http.host, dns.qry.name, tls.handshake.extensions_server_name";

/// An IPv4 address of one to four numbers, as (address with the missing ones 0, how many bits were given).
fn ipv4(word: &str) -> Option<(u32, u32)> {
    let mut address: u32 = 0;
    let mut bits = 0;
    for part in word.split('.') {
        if part.is_empty() || part.len() > 3 || bits == 32 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        address = address << 8 | u32::from(part.parse::<u8>().ok()?);
        bits += 8;
    }
    Some((address << (32 - bits), bits))
}

/// A link address: six numbers between colons, hyphens or dots, three of four digits, or twelve digits.
pub(super) fn mac(word: &str) -> Option<[u8; 6]> {
    let parts: Vec<&str> = word.split([':', '-', '.']).collect();
    let number = |part: &str| if part.starts_with('+') { None } else { u64::from_str_radix(part, 16).ok() };
    let (digits, width) = match parts.len() {
        6 => (1..=2, 8),
        3 => (4..=4, 16),
        1 => (12..=12, 48),
        _ => return None,
    };
    let mut address = 0;
    for part in parts {
        if !digits.contains(&part.len()) {
            return None;
        }
        address = address << width | number(part)?;
    }
    let [_, _, bytes @ ..] = address.to_be_bytes();
    Some(bytes)
}

/// The mask of a prefix of 32 bits.
fn mask32(length: u32) -> u32 {
    u32::MAX.checked_shl(32 - length).unwrap_or(0)
}

/// The mask of a prefix of 128 bits.
fn mask128(length: u32) -> u128 {
    u128::MAX.checked_shl(128 - length).unwrap_or(0)
}

impl Parser<'_> {
    /// A word as a link address.
    pub(super) fn mac(&self, word: &str) -> Option<[u8; 6]> {
        mac(word).filter(|_| word.contains([':', '-', '.']))
    }

    /// The question whether an address is the next value.
    pub(super) fn address(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        let side = qualifiers.side.unwrap_or(Side::Either);
        let scope = match qualifiers.protocol.map(|protocol| protocol.realm) {
            None => AddressScope::Any,
            Some(Realm::Ipv4 | Realm::Ipv6) => AddressScope::Packets,
            Some(Realm::Arp) => AddressScope::Arp,
            Some(Realm::Rarp) => AddressScope::Rarp,
            Some(Realm::Link) => return self.link_address(qualifiers, side),
            Some(Realm::Ports(_)) if qualifiers.what.is_none() && self.name(0).is_some_and(is_port) => {
                let port = self.name(0).map(|word| format!("port {word}"));
                return Err(self.expected("`port` or `portrange`").did_you_mean(port));
            }
            Some(Realm::Ports(_) | Realm::Nothing) => return Err(qualifiers.conflict(self)),
        };
        let first = self.at;
        let range = self.address_range(qualifiers)?;
        let fits = match (range, qualifiers.protocol.map(|protocol| protocol.realm)) {
            (AddressRange::Ipv4 { .. }, Some(Realm::Ipv6)) => false,
            (AddressRange::Ipv6 { .. }, Some(Realm::Ipv4 | Realm::Arp | Realm::Rarp)) => false,
            (AddressRange::Ipv4 { .. } | AddressRange::Ipv6 { .. }, _) => true,
        };
        if !fits {
            let protocol = qualifiers.protocol.map_or("", |protocol| protocol.word);
            let span = self.span_from(first);
            let second = plain(self.text(span.clone()));
            return Err(self.error_at(span, FilterErrorKind::Conflict { first: protocol.to_owned(), second }));
        }
        Ok(Primitive::Address { scope, side, range })
    }

    fn link_address(&mut self, qualifiers: Qualifiers, side: Side) -> Result<Primitive, FilterError> {
        if qualifiers.what == Some(What::Network) {
            return Err(qualifiers.conflict(self));
        }
        let Some(word) = self.word(0) else { return Err(self.expected("a link address, such as 00:11:22:33:44:55,")) };
        let Some(address) = mac(word) else { return Err(self.expected("a link address, such as 00:11:22:33:44:55,")) };
        self.advance();
        Ok(Primitive::LinkAddress { side, address })
    }

    /// An address with its prefix or mask.
    fn address_range(&mut self, qualifiers: Qualifiers) -> Result<AddressRange, FilterError> {
        let is_network = qualifiers.what == Some(What::Network);
        let wanted = if is_network { "a network, such as 10.0.0.0/8," } else { "an address" };
        let Some(word) = self.name(0) else { return Err(self.expected(wanted)) };
        let first = self.at;
        let with_prefix = self.sign(1) == Some(Sign::Divide);
        if with_prefix && !is_network {
            let length = self.word(2).unwrap_or_default();
            let error = self.expected("a single address");
            return Err(error.did_you_mean(Some(format!("net {word}/{length}"))));
        }
        if word.contains(':') {
            if let Ok(address) = word.parse::<Ipv6Addr>() {
                self.advance();
                let length = if with_prefix { self.prefix_length(128)? } else { 128 };
                let (address, mask) = (address.to_bits(), mask128(length));
                if address & !mask != 0 {
                    return Err(self.host_bits(first, format!("{}/{length}", Ipv6Addr::from_bits(address & mask))));
                }
                return Ok(AddressRange::Ipv6 { address, mask });
            }
            let error = self.expected(wanted);
            return Err(if mac(word).is_some() { error.did_you_mean(Some(format!("ether host {word}"))) } else { error });
        }
        let Some((address, bits)) = ipv4(word).filter(|(_, bits)| is_network || *bits > 8) else {
            return Err(self.no_address(word, wanted));
        };
        self.advance();
        let mask = if with_prefix {
            mask32(self.prefix_length(32)?)
        } else if is_network && self.eat_word("mask") {
            let mask = self.word(0).and_then(ipv4).map(|(mask, _)| mask);
            let mask = mask.ok_or_else(|| self.expected("a mask, such as 255.255.255.0,"))?;
            self.advance();
            mask
        } else {
            mask32(bits)
        };
        if address & !mask != 0 {
            let network = Ipv4Addr::from_bits(address & mask);
            return Err(self.host_bits(first, if with_prefix { format!("{network}/{}", mask.count_ones()) } else { network.to_string() }));
        }
        Ok(AddressRange::Ipv4 { address, mask })
    }

    /// `/8` behind an address.
    pub(super) fn prefix_length(&mut self, most: u32) -> Result<u32, FilterError> {
        self.advance();
        self.number_up_to("the length of this prefix", most)
    }

    fn host_bits(&self, first: usize, network: String) -> FilterError {
        let span = self.span_from(first);
        let written = plain(self.text(span.clone()));
        self.error_at(span, FilterErrorKind::HostBits(written)).did_you_mean(Some(network))
    }

    fn no_address(&self, word: &str, wanted: &'static str) -> FilterError {
        let is_word = self.token(0).is_some_and(|token| token.kind == TokenKind::Word);
        let known = super::every_word().any(|known| known == word) || Subject::field(word).is_some();
        if is_word && known {
            return self.expected(wanted);
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) && !word.contains(|letter: char| letter.is_alphabetic()) {
            let error = self.expected(wanted);
            return if is_port(word) { error.did_you_mean(Some(format!("port {word}"))) } else { error };
        }
        if is_plain_word(word) && service(word).is_some() {
            return self.expected(wanted).did_you_mean(Some(format!("port {word}")));
        }
        self.error(FilterErrorKind::NameLookUp(plain(word))).advice(NAMES)
    }
}

/// Whether a word can be a port.
fn is_port(word: &str) -> bool {
    service(word).is_some() || value::number(word).is_some_and(|number| number <= 0xffff)
}
