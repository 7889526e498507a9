//! What it all comes to.

use super::translation::{NAMES, relays};
use super::{Compared, SIDES, head, time};
use crate::diff::hop::{Fate, Stray};
use crate::diff::{Cause, Change, PacketField, Selection, Toward};
use crate::render::sentence::{Counted, Grouped, Sentence};

/// Whether it is that fragments of a datagram were lost on its way.
fn is_lost_in_part(change: &Change) -> bool {
    change.cause == Cause::Loss && change.field == PacketField::Pieces && change.toward != Toward::Unknown
}

/// How much of each kind differs and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whether anything does.
    pub differs: bool,
    /// Packets that went right and were lost; packets that went left and were.
    pub lost: [u64; 2],
    /// Datagrams that came in fragments of which some were lost: those that went right, and those that went left.
    pub lost_in_part: [u64; 2],
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
        let (in_part, counted): (Vec<&Change>, Vec<&Change>) = counted.into_iter().partition(|change| is_lost_in_part(change));
        let lost_in_part = [Toward::Right, Toward::Left]
            .map(|toward| in_part.iter().filter(|change| change.toward == toward).map(|change| change.packets).sum::<u64>());
        let routed = hop.routers.iter().map(|routers| routers.packets).sum::<u64>();
        let relayed = relays(compared).count() as u64;
        let tally = Self {
            differs: false,
            lost: count(&[Fate::Lost]),
            lost_in_part,
            expired: count(&[Fate::Expired]),
            before_the_beginning: count(&[Fate::BeforeTheBeginning]),
            after_the_end: count(&[Fate::AfterTheEnd]),
            added: count(&[Fate::Added]),
            doubled: count(&[Fate::Doubled]),
            unexplained: count(&[Fate::Unknown]),
            only: count(&[Fate::OneWay, Fate::Relayed, Fate::OutsideOfCapture, Fate::OfTheLink, Fate::Elsewhere]),
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
        if let Some(side) = compared.points.iter().position(|point| point.frames == 0) {
            head::push_nothing(&mut sentence, compared.points, side);
            return;
        }
        if compared.is_unrelated() {
            let is_nothing = compared.hop.pairing.pairs.is_empty();
            sentence.say("the captures are unrelated: ");
            sentence.say(if is_nothing { "nothing of one is in the other" } else { "nothing but frames of the link is in both" });
            return;
        }
        let mut parts: Vec<String> = Vec::new();
        let unexplained = self.unexplained[0] + self.unexplained[1];
        if unexplained + self.unexplained_changes > 0 {
            parts.push(format!("{} unexplained", Grouped(unexplained + self.unexplained_changes)));
        }
        for (count, what) in self.lost_in_part.into_iter().zip(["to the right", "to the left"]).filter(|(count, _)| *count > 0) {
            parts.push(format!("{} lost in part {what}", Counted(count, "datagram")));
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

    /// Appends what differs and does not count as the user asked for that.
    pub(super) fn push_ignored(&self, out: &mut Vec<u8>, compared: &Compared<'_>) {
        let Selection { ignore, only, strict } = compared.selection;
        if ignore.is_empty() && only.is_empty() {
            return;
        }
        let everything = Selection { strict: *strict, ..Selection::default() };
        let all = Self::of(&Compared { selection: &everything, ..*compared });
        let both = |all: [u64; 2], own: [u64; 2]| [0, 1].map(|side: usize| all[side].saturating_sub(own[side]));
        let ignored = Self {
            differs: true,
            lost: both(all.lost, self.lost),
            lost_in_part: both(all.lost_in_part, self.lost_in_part),
            expired: both(all.expired, self.expired),
            before_the_beginning: both(all.before_the_beginning, self.before_the_beginning),
            after_the_end: both(all.after_the_end, self.after_the_end),
            added: both(all.added, self.added),
            doubled: both(all.doubled, self.doubled),
            unexplained: both(all.unexplained, self.unexplained),
            only: both(all.only, self.only),
            changes: all.changes.saturating_sub(self.changes),
            unexplained_changes: all.unexplained_changes.saturating_sub(self.unexplained_changes),
            translations: all.translations.saturating_sub(self.translations),
            relayed: all.relayed.saturating_sub(self.relayed),
            routed: all.routed.saturating_sub(self.routed),
        };
        if ignored != (Self { differs: true, ..Self::default() }) && !compared.is_unrelated() {
            out.extend_from_slice(b"; ignored: ");
            ignored.push_parts(out, compared);
        }
    }

    /// Appends what there is of which nothing can be said: nothing to be compared, or nothing opposite, as the other capture was not running.
    pub(super) fn push_not_compared(out: &mut Vec<u8>, compared: &Compared<'_>) {
        let mut sentence = Sentence::new(out, compared.names[0]);
        if compared.points.iter().all(|point| point.frames == 0) {
            sentence.say("; both captures hold no frames");
        }
        for side in 0..2 {
            let is_it = |stray: &&Stray| stray.fate == Fate::OutsideOfCapture && !stray.counts(compared.selection);
            let count = compared.hop.strays[side].iter().filter(is_it).count() as u64;
            if count > 0 {
                let verb = if count == 1 { "is" } else { "are" };
                let other = SIDES[1 - side];
                write!(sentence, "; {} at the {} {verb} from while the {other} was not capturing", Counted(count, "packet"), SIDES[side]);
            }
        }
    }
}
