//! Qualifiers: what stands before a value and says what it is (`tcp dst port`).

use super::Parser;
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::Side;
use crate::filter::lexer::Sign;
use crate::filter::vocabulary::ProtocolWord;

/// The qualifiers of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Qualifiers {
    /// The protocol, where one is named.
    pub(super) protocol: Option<&'static ProtocolWord>,
    /// Which end, where it is said.
    pub(super) side: Option<Side>,
    /// What the value is, where it is said; a host where it is not.
    pub(super) what: Option<What>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Host,
    Network,
    Port,
    PortRange,
    Protocol,
    ProtocolChain,
}

impl What {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Network => "net",
            Self::Port => "port",
            Self::PortRange => "portrange",
            Self::Protocol => "proto",
            Self::ProtocolChain => "protochain",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Host, Self::Network, Self::Port, Self::PortRange, Self::Protocol, Self::ProtocolChain]
            .into_iter()
            .find(|what| what.word() == word)
    }
}

impl Qualifiers {
    /// The error that the protocol has nothing of the kind that is asked for.
    pub(super) fn conflict(&self, parser: &Parser<'_>) -> FilterError {
        let first = self.protocol.map_or("", |protocol| protocol.word);
        let second = self.what.map_or("host", What::word).to_owned();
        parser
            .error(FilterErrorKind::Conflict { first: plain(first), second })
            .advice("a question of its own is joined with `and`: icmp and host 10.0.0.1")
    }
}

impl Parser<'_> {
    /// `src`, `dst`, `src or dst`, `src and dst`, where they are next.
    pub(super) fn side(&mut self) -> Option<Side> {
        let (first, other) = match self.word(0)? {
            "src" => (Side::Source, "dst"),
            "dst" => (Side::Destination, "src"),
            _ => return None,
        };
        self.advance();
        let joined = match self.sign(0) {
            Some(Sign::Or) => Side::Either,
            Some(Sign::And) => Side::Both,
            Some(_) | None => return Some(first),
        };
        if self.word(1) != Some(other) {
            return Some(first);
        }
        self.advance();
        self.advance();
        Some(joined)
    }

    /// `host`, `net`, .., where one is next.
    pub(super) fn what(&mut self) -> Option<What> {
        let what = What::of(self.word(0)?)?;
        self.advance();
        Some(what)
    }
}
