//! The value behind tcpdump's qualifiers: a port or a range of them, a protocol's number or name. Addresses have a file of their own.

use super::Parser;
use super::qualifier::{Qualifiers, What};
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{Family, Node, PortProtocol, Primitive, Side};
use crate::filter::services::{SERVICES, service};
use crate::filter::vocabulary::{self, Presence, Realm};
use crate::nearest::nearest;

/// A number as C writes it: decimal, hexadecimal (`0x1f`), octal (`017`), binary (`0b11`).
pub(super) fn number(word: &str) -> Option<u64> {
    if !word.bytes().next()?.is_ascii_digit() {
        return None;
    }
    let (digits, radix) = match word.as_bytes() {
        [b'0', b'x' | b'X', ..] => (word.get(2..)?, 16),
        [b'0', b'b' | b'B', ..] => (word.get(2..)?, 2),
        [b'0', _, ..] => (word.get(1..)?, 8),
        _ => (word, 10),
    };
    // `from_str_radix` would take a sign.
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, radix).ok() }
}

fn port(word: &str) -> Option<u16> {
    number(word).and_then(|number| u16::try_from(number).ok()).or_else(|| service(word))
}

impl Parser<'_> {
    /// The question whether what the qualifiers speak of is the next value.
    pub(super) fn value(&mut self, qualifiers: Qualifiers) -> Result<Node, FilterError> {
        let primitive = match qualifiers.what() {
            What::Host | What::Network => self.address(qualifiers)?,
            What::Port => self.port(qualifiers)?,
            What::PortRange => self.port_range(qualifiers)?,
            What::Protocol => self.protocol(qualifiers)?,
            What::ProtocolChain => self.protocol_chain(qualifiers)?,
        };
        Ok(Node::Primitive(primitive))
    }

    fn port(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        let protocol = self.port_protocol(qualifiers)?;
        let Some(word) = self.name(0) else { return Err(self.expected("a port")) };
        let Some(port) = port(word) else { return Err(self.no_port(word)) };
        self.advance();
        Ok(Primitive::Port { protocol, side: qualifiers.side.unwrap_or(Side::Either), low: port, high: port })
    }

    fn port_range(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        let protocol = self.port_protocol(qualifiers)?;
        let Some(word) = self.name(0) else { return Err(self.expected("a range of ports, such as 6000-6008,")) };
        // Names hold hyphens too (`ftp-data-http`): the one that leaves a port on both sides divides.
        let mut pairs = word.match_indices('-').filter_map(|(at, _)| Some((port(word.get(..at)?)?, port(word.get(at + 1..)?)?)));
        let Some((first, last)) = pairs.next().or_else(|| port(word).map(|port| (port, port))) else {
            return Err(match word.split('-').find(|part| port(part).is_none()) {
                Some(part) if !part.is_empty() => self.no_port(part),
                Some(_) | None => self.expected("a range of ports, such as 6000-6008,"),
            });
        };
        self.advance();
        let side = qualifiers.side.unwrap_or(Side::Either);
        Ok(Primitive::Port { protocol, side, low: first.min(last), high: first.max(last) })
    }

    fn port_protocol(&self, qualifiers: Qualifiers) -> Result<PortProtocol, FilterError> {
        match qualifiers.protocol.map(|protocol| protocol.realm) {
            None => Ok(PortProtocol::Any),
            Some(Realm::Ports(protocol)) => Ok(protocol),
            Some(Realm::Link | Realm::Ipv4 | Realm::Ipv6 | Realm::Arp | Realm::Rarp | Realm::Nothing) => Err(qualifiers.conflict(self)),
        }
    }

    /// The error that a word is no port.
    fn no_port(&self, word: &str) -> FilterError {
        if number(word).is_some() {
            return self.error(FilterErrorKind::TooLarge { found: plain(word), what: "a port", most: 0xffff });
        }
        let kind = FilterErrorKind::WrongValue { subject: "this".to_owned(), class: "a port's number or name", found: plain(word) };
        let error = self.error(kind);
        if word.split_once('-').is_some_and(|(low, high)| port(low).is_some() && port(high).is_some()) {
            return error.did_you_mean(Some(format!("portrange {word}")));
        }
        error.did_you_mean(nearest(word, SERVICES.iter().map(|(name, _)| *name)))
    }

    fn protocol(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        if qualifiers.side.is_some() {
            return Err(self.error(FilterErrorKind::Conflict { first: "src` or `dst".to_owned(), second: "proto".to_owned() }));
        }
        if qualifiers.protocol.is_some_and(|protocol| protocol.realm == Realm::Link) {
            return self.ether_type();
        }
        let family = qualifiers.family().ok_or_else(|| qualifiers.conflict(self))?;
        Ok(Primitive::IpProtocol(family, self.ip_protocol()?))
    }

    fn protocol_chain(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        let family: Family = qualifiers.family().ok_or_else(|| qualifiers.conflict(self))?;
        Ok(Primitive::ProtocolChain(family, self.ip_protocol()?))
    }

    fn ip_protocol(&mut self) -> Result<u8, FilterError> {
        let Some(word) = self.name(0) else { return Err(self.expected("the number or name of a protocol")) };
        if let Some(number) = vocabulary::look_up(vocabulary::IP_PROTOCOLS, word) {
            self.advance();
            return Ok(number);
        }
        if number(word).is_none() {
            let names = vocabulary::IP_PROTOCOLS.iter().map(|(name, _)| *name);
            return Err(self.expected("the number or name of a protocol").did_you_mean(nearest(word, names)));
        }
        let number = self.number_up_to("the number of an IP protocol", 0xff)?;
        Ok(number as u8)
    }

    fn ether_type(&mut self) -> Result<Primitive, FilterError> {
        const WANTED: &str = "an EtherType, such as 0x86dd or \\ip6,";
        let Some(word) = self.name(0) else { return Err(self.expected(WANTED)) };
        let primitive = match vocabulary::protocol_word(word).map(|known| known.presence) {
            Some(Presence::EtherType(number)) => Primitive::EtherType(number),
            Some(Presence::ServiceAccessPoint(number)) => Primitive::ServiceAccessPoint(number),
            Some(Presence::Layer("ip")) => Primitive::EtherType(0x0800),
            Some(Presence::Layer(_)) => Primitive::EtherType(0x86dd),
            Some(Presence::IpProtocol(..) | Presence::Chain(_) | Presence::Link) => {
                return Err(self.expected(WANTED).advice("this protocol has no EtherType: ask `ip proto` or its name alone"));
            }
            None if number(word).is_none() => {
                let names = vocabulary::PROTOCOL_WORDS.iter().map(|known| known.word);
                return Err(self.expected(WANTED).did_you_mean(nearest(word, names)));
            }
            None => {
                // What is too small for a type is an 802.2 service access point (IEEE 802.3-2022 section 3.2.6).
                let number = self.number_up_to("an EtherType", 0xffff)? as u16;
                return Ok(u8::try_from(number).map_or(Primitive::EtherType(number), Primitive::ServiceAccessPoint));
            }
        };
        self.advance();
        Ok(primitive)
    }
}
