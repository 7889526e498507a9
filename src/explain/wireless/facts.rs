//! What notes on wireless networks state, and the rules.

use crate::explain::{Fact, Rule, Stated, Tell};

/// A station and an access point do not agree on keys.
pub(super) static KEYS_FAILED: Rule = Rule::problem("wireless.keys-failed", "IEEE 802.11-2020 12.7.6, 9.4.1.7, 12.7.6.8");
/// An access point does not let a station in.
pub(super) static REFUSED: Rule = Rule::warning("wireless.refused", "IEEE 802.11-2020 9.3.3.6, 9.3.3.11, 9.4.1.9");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] = &[&KEYS_FAILED, &REFUSED];

/// What an access point refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// That the station is known to it.
    Authentication,
    /// That the station is one of its network.
    Association,
}

/// What a note on wireless networks states.
#[derive(Clone, Debug, PartialEq)]
pub enum WirelessFacts {
    /// The handshake that agrees on keys begins again and again.
    KeysFailed {
        /// The station.
        station: [u8; 6],
        /// The access point.
        access_point: [u8; 6],
        /// How often the access point began.
        begun: u64,
        /// How often the station answered.
        answered: u64,
        /// Why it was sent away then, where it was (IEEE 802.11-2020 table 9-49).
        reason: Option<u16>,
        /// Nanoseconds from the first message to the last.
        over: i64,
    },
    /// The access point says no.
    Refused {
        /// The station.
        station: [u8; 6],
        /// The access point.
        access_point: [u8; 6],
        /// To what.
        step: Step,
        /// Why (IEEE 802.11-2020 table 9-50).
        status: u16,
    },
}

impl Stated for WirelessFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::KeysFailed { .. } => &KEYS_FAILED,
            Self::Refused { .. } => &REFUSED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::KeysFailed { station, access_point, begun, answered, reason, over } => {
                tell("station", Fact::Link(*station));
                tell("access_point", Fact::Link(*access_point));
                tell("begun", Fact::Number(*begun));
                tell("answered", Fact::Number(*answered));
                if let Some(reason) = reason {
                    tell("reason", Fact::Number((*reason).into()));
                }
                tell("over_ms", Fact::Took(*over));
            }
            Self::Refused { station, access_point, step, status } => {
                tell("station", Fact::Link(*station));
                tell("access_point", Fact::Link(*access_point));
                tell("step", Fact::Word(if *step == Step::Authentication { "authentication" } else { "association" }));
                tell("status", Fact::Number((*status).into()));
            }
        }
    }
}
