//! tcpdump's words: a protocol's name, qualifiers with their value, tags, lengths, directions.

use super::qualifier::{Qualifiers, What};
use super::{Parsed, Parser, value};
use crate::dissect::registry::protocol_named;
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{Family, Node, Primitive, Relation, Tag};
use crate::filter::lexer::Sign;
use crate::filter::vocabulary::{self, Presence, ProtocolWord, Realm};
use crate::frame::Direction;

impl Parser<'_> {
    /// Whether the next word is one of tcpdump's that begin a question.
    pub(super) fn begins_primitive(&self) -> bool {
        let Some(word) = self.word(0) else { return false };
        vocabulary::protocol_word(word).is_some()
            || vocabulary::tag(word).is_some()
            || vocabulary::SIDES.contains(&word)
            || vocabulary::TYPES.contains(&word)
            || matches!(word, "broadcast" | "multicast" | "less" | "greater" | "inbound" | "outbound" | "pppoed")
    }

    /// A question in tcpdump's words.
    pub(super) fn primitive(&mut self) -> Result<Parsed, FilterError> {
        if let Some(node) = self.special()? {
            return Ok(node.into());
        }
        let protocol = self.word(0).and_then(vocabulary::protocol_word);
        let named = self.span();
        if protocol.is_some() {
            self.advance();
        }
        let side = self.side();
        let what = self.what();
        match protocol {
            Some(protocol) if side.is_none() && what.is_none() => {
                if let Some(node) = self.cast(protocol.realm)? {
                    return Ok(node.into());
                }
                let presence = protocol.presence();
                presence.map(Parsed::from).ok_or_else(|| self.error_at(named, FilterErrorKind::UnknownWord(plain(protocol.word))))
            }
            Some(_) | None => {
                let qualifiers = Qualifiers { protocol, side, what };
                Ok(Parsed { node: self.qualified(qualifiers)?, carried: Some(qualifiers) })
            }
        }
    }

    /// The value behind qualifiers: one, its contrary, or several in parentheses.
    fn qualified(&mut self, qualifiers: Qualifiers) -> Result<Node, FilterError> {
        let mut negated = false;
        while self.eat(Sign::Not) {
            negated = !negated;
        }
        let node = if self.sign(0) == Some(Sign::Open) { self.parentheses(Some(qualifiers))?.node } else { self.value(qualifiers)? };
        Ok(if negated { Node::Not(Box::new(node)) } else { node })
    }

    /// The questions that follow no pattern.
    fn special(&mut self) -> Result<Option<Node>, FilterError> {
        let Some(word) = self.word(0) else { return Ok(None) };
        if let Some(tag) = vocabulary::tag(word) {
            return self.tag(tag).map(Some);
        }
        let primitive = match word {
            "inbound" => Primitive::Direction(Direction::Inbound),
            "outbound" => Primitive::Direction(Direction::Outbound),
            "broadcast" => Primitive::LinkBroadcast,
            "multicast" => Primitive::LinkMulticast,
            "pppoed" => protocol_named(word).map_or(Primitive::EtherType(0x8863), Primitive::Layer),
            "less" | "greater" => {
                self.advance();
                let relation = if word == "less" { Relation::LessOrEqual } else { Relation::GreaterOrEqual };
                Primitive::Length(relation, self.number_up_to("a length", u32::MAX)?)
            }
            _ => return Ok(None),
        };
        if !matches!(primitive, Primitive::Length(..)) {
            self.advance();
        }
        Ok(Some(Node::Primitive(primitive)))
    }

    fn tag(&mut self, tag: &'static Tag) -> Result<Node, FilterError> {
        self.advance();
        let is_number = self.word(0).is_some_and(|word| value::number(word).is_some());
        let wanted = if is_number { Some(self.number_up_to("the number of a tag", tag.mask >> tag.mask.trailing_zeros())?) } else { None };
        Ok(Node::Primitive(Primitive::Tag { tag, wanted, behind: 0 }))
    }

    /// `broadcast`, `multicast` behind a protocol.
    fn cast(&mut self, realm: Realm) -> Result<Option<Node>, FilterError> {
        let Some(word @ ("broadcast" | "multicast" | "gateway")) = self.word(0) else { return Ok(None) };
        let primitive = match (realm, word) {
            (Realm::Link, "broadcast") => Primitive::LinkBroadcast,
            (Realm::Link, "multicast") => Primitive::LinkMulticast,
            (Realm::Ipv4, "broadcast") => Primitive::Ipv4Broadcast,
            (Realm::Ipv4, "multicast") => Primitive::Ipv4Multicast,
            (Realm::Ipv6, "multicast") => Primitive::Ipv6Multicast,
            (Realm::Ipv6, "broadcast") => {
                let reason = "IPv6 has no broadcasts; ask `ip6 multicast`";
                return Err(self.error(FilterErrorKind::Unsupported { word: plain(word), reason }));
            }
            (_, "gateway") => return Err(self.unknown_word()),
            _ => return Err(self.expected("`and`, `or` or the end").advice("`broadcast` and `multicast` follow `ether` or `ip`")),
        };
        self.advance();
        Ok(Some(Node::Primitive(primitive)))
    }

    /// A number that has a largest value.
    pub(super) fn number_up_to(&mut self, what: &'static str, most: u32) -> Result<u32, FilterError> {
        let Some(number) = self.word(0).and_then(value::number) else { return Err(self.expected("a number")) };
        let Some(number) = u32::try_from(number).ok().filter(|number| *number <= most) else {
            let found = plain(self.text(self.span()));
            return Err(self.error(FilterErrorKind::TooLarge { found, what, most: most.into() }));
        };
        self.advance();
        Ok(number)
    }
}

impl ProtocolWord {
    /// What the word asks by itself; `None` where its protocol is not decoded.
    fn presence(&self) -> Option<Node> {
        let primitive = match self.presence {
            Presence::Link => return Some(Node::Everything),
            Presence::Layer(name) => Primitive::Layer(protocol_named(name)?),
            Presence::EtherType(number) => Primitive::EtherType(number),
            Presence::ServiceAccessPoint(number) => Primitive::ServiceAccessPoint(number),
            Presence::IpProtocol(family, number) => Primitive::IpProtocol(family, number),
            Presence::Chain(number) => Primitive::ProtocolChain(Family::Any, number),
        };
        Some(Node::Primitive(primitive))
    }
}

impl Qualifiers {
    /// Which versions of the Internet Protocol are asked; `None` where the protocol has no addresses.
    pub(super) fn family(&self) -> Option<Family> {
        match self.protocol.map(|protocol| protocol.realm) {
            None => Some(Family::Any),
            Some(Realm::Ipv4) => Some(Family::Ipv4),
            Some(Realm::Ipv6) => Some(Family::Ipv6),
            Some(Realm::Link | Realm::Arp | Realm::Rarp | Realm::Ports(_) | Realm::Nothing) => None,
        }
    }

    /// What the value is.
    pub(super) fn what(&self) -> What {
        self.what.unwrap_or(What::Host)
    }
}
