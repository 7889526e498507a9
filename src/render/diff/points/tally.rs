//! What it all comes to.

use super::translation::{NAMES, relays};
use super::{Compared, time};
use crate::diff::hop::Fate;
use crate::diff::{Cause, Change};
use crate::render::sentence::{Counted, Grouped, Sentence};

/// How much of each kind differs and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whether anything does.
    pub differs: bool,
    /// Packets that went right and were lost; packets that went left and were.
    pub lost: [u64; 2],
    /// Packets whose time to live ended in a router: those that went right, and those that went left.
    pub expired: [u64; 2],
    /// Packets before the first frame of the other capture, of the left one and of the right.
    pub before_the_beginning: [u64; 2],
    /// Packets behind the last frame of the other capture, of the left one and of the right.
    pub after_the_end: [u64; 2],
    /// Packets that are only left, or only right, and were made between.
    pub added: [u64; 2],
    /// Packets that are once more only left, or only right.
    pub doubled: [u64; 2],
    /// Packets that are only left, or only right, and nothing tells why.
    pub unexplained: [u64; 2],
    /// Packets that are only left, or only right, and count because everything does.
    pub only: [u64; 2],
    /// Fields that were changed, each way and each cause for itself.
    pub changes: u64,
    /// Those of them that nothing explains.
    pub unexplained_changes: u64,
    /// Ends of conversations that have other addresses or ports.
    pub translations: u64,
    /// Connections that ended in between.
    pub relayed: u64,
    /// Packets that passed routers.
    pub routed: u64,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(compared: &Compared<'_>) -> Self {
        let Compared { hop, selection, .. } = compared;
        let count = |fates: &[Fate]| {
            [0, 1].map(|side| hop.strays[side].iter().filter(|stray| fates.contains(&stray.fate) && stray.counts(selection)).count() as u64)
        };
        let counted: Vec<&Change> = hop.changes.iter().filter(|change| selection.counts_field(change.field, change.cause)).collect();
        let routed = hop.routers.iter().map(|routers| routers.packets).sum::<u64>();
        let relayed = relays(compared).count() as u64;
        let tally = Self {
            differs: false,
            lost: count(&[Fate::Lost]),
            expired: count(&[Fate::Expired]),
            before_the_beginning: count(&[Fate::BeforeTheBeginning]),
            after_the_end: count(&[Fate::AfterTheEnd]),
            added: count(&[Fate::Added]),
            doubled: count(&[Fate::Doubled]),
            unexplained: count(&[Fate::Unknown]),
            only: count(&[Fate::Relayed, Fate::OutsideOfCapture, Fate::OfTheLink, Fate::Elsewhere]),
            changes: counted.len() as u64,
            unexplained_changes: counted.iter().filter(|change| change.cause == Cause::Unexplained).count() as u64,
            translations: if selection.counts(&NAMES) { hop.translations.len() as u64 } else { 0 },
            relayed: if selection.counts(&["relay"]) { relayed } else { 0 },
            routed: if selection.counts(&time::ROUTER_NAMES) { routed } else { 0 },
        };
        let differs = tally != Self::default() || compared.is_unrelated() && compared.points.iter().any(|point| point.frames > 0);
        Self { differs, ..tally }
    }

    /// Appends the verdict: `different: 2 packets lost to the right, 1 router`.
    pub(super) fn push_verdict(&self, out: &mut Vec<u8>, compared: &Compared<'_>) {
        out.extend_from_slice(if self.differs { b"different: " } else { b"" });
        self.push_parts(out, compared);
    }

    /// Appends what differs.
    pub(super) fn push_parts(&self, out: &mut Vec<u8>, compared: &Compared<'_>) {
        let mut sentence = Sentence::new(out, compared.names[0]);
        if !self.differs {
            sentence.say("no difference");
            return;
        }
        if compared.is_unrelated() {
            let is_nothing = compared.hop.pairing.pairs.is_empty();
            sentence.say(if is_nothing { "nothing of one is in the other" } else { "nothing but frames of the link is in both" });
            return;
        }
        let mut parts: Vec<String> = Vec::new();
        let unexplained = self.unexplained[0] + self.unexplained[1];
        if unexplained + self.unexplained_changes > 0 {
            parts.push(format!("{} unexplained", Grouped(unexplained + self.unexplained_changes)));
        }
        for (counts, what) in [
            (self.lost, ["lost to the right", "lost to the left"]),
            (self.expired, ["ended by a router on the way to the right", "ended by a router on the way to the left"]),
            (self.before_the_beginning, ["before the beginning of the right", "before the beginning of the left"]),
            (self.after_the_end, ["behind the end of the right", "behind the end of the left"]),
            (self.added, ["added at the left", "added at the right"]),
            (self.doubled, ["doubled at the left", "doubled at the right"]),
            (self.only, ["more only at the left", "more only at the right"]),
        ] {
            for (count, what) in counts.into_iter().zip(what).filter(|(count, _)| *count > 0) {
                parts.push(format!("{} {what}", Counted(count, "packet")));
            }
        }
        if self.relayed > 0 {
            parts.push(format!("{} relayed", Counted(self.relayed, "connection")));
        }
        if self.changes > self.unexplained_changes {
            parts.push(format!("{} changed", Counted(self.changes - self.unexplained_changes, "field")));
        }
        if self.translations > 0 {
            parts.push("addresses translated".to_owned());
        }
        if self.routed > 0 {
            let most = compared.hop.routers.iter().map(|routers| routers.routers).max().unwrap_or_default();
            parts.push(format!("{} between", Counted(most.into(), "router")));
        }
        sentence.list(parts);
    }
}
