//! The way of a frame from its source to what is shown of it, which `read` and `capture` have in common.

use super::held::HeldFrames;
use super::shower::Shower;
use super::told::say_left_out;
use super::{Outcome, say};
use crate::dissect::{Dissection, dissect};
use crate::explain::{ChecksumWatch, Explainer, fragment_notes};
use crate::frame::{Frame, Timestamp};
use crate::limits::Limits;
use crate::reassembly::fragments::Fragments;
use crate::render::json::Totals;
use crate::source::Source;
use crate::source::live::Counters;

/// How long a fragment waits for its datagram before it is shown without, where somebody may be watching: nanoseconds of packet time.
pub(super) const PATIENCE: i64 = 1_000_000_000;

/// The way of a frame from its source to what is shown of it.
pub(super) struct Pipeline {
    fragments: Fragments,
    held: HeldFrames,
    dissection: Dissection,
    shower: Shower,
    /// Whether notes are wanted at the end.
    tells: bool,
}

impl Pipeline {
    /// Nothing is on its way yet. `patience` is how long a fragment is held back, in nanoseconds of packet time; `tells` is whether notes are
    /// wanted at the end.
    pub(super) fn new(shower: Shower, patience: i64, tells: bool) -> Self {
        let fragments = Fragments::new(&Limits::default());
        let mut pipeline = Self { fragments, held: HeldFrames::new(patience), dissection: Dissection::default(), shower, tells };
        pipeline.shower.form.begin(&mut pipeline.shower.out.pending);
        pipeline
    }

    /// Whether as many frames were shown as are wanted.
    pub(super) fn is_done(&self) -> bool {
        self.shower.is_done()
    }

    /// How many frames were shown.
    pub(super) fn shown(&self) -> u64 {
        self.shower.shown
    }

    /// Takes the frame that the source lends.
    pub(super) fn take(&mut self, source: &dyn Source) -> anyhow::Result<()> {
        self.take_frame(&source.frame(), source)
    }

    /// Takes a frame of that source.
    pub(super) fn take_frame(&mut self, frame: &Frame<'_>, source: &dyn Source) -> anyhow::Result<()> {
        let Self { fragments, held, dissection, shower, .. } = self;
        dissect(frame, dissection);
        let mut fragment = fragments.observe(frame, dissection);
        if held.may_pass(fragment.as_ref(), fragments) {
            if let Some(fragment) = &mut fragment {
                held.complete(fragment, fragments);
            }
            return shower.show(frame, dissection, fragment.as_ref(), held, source);
        }
        let now = frame.timestamp;
        held.push(frame, dissection, fragment);
        self.let_go(now, source)
    }

    /// Shows what was held back and need not wait any longer.
    pub(super) fn let_go(&mut self, now: Option<Timestamp>, source: &dyn Source) -> anyhow::Result<()> {
        while let Some(first) = self.held.pop(&self.fragments, now) {
            self.shower.show_held(first, &mut self.held, source)?;
        }
        Ok(())
    }

    /// Hands on what was shown so far: all of it where somebody is to see it at once, else where it is enough to be worth it.
    pub(super) fn settle(&mut self, at_once: bool) -> anyhow::Result<()> {
        if at_once {
            self.shower.form.flush()?;
            self.shower.out.flush()
        } else {
            self.shower.out.settle()
        }
    }

    /// Ends it: what is still held back is shown, and what is only certain at the end is said. `damage` is what was wrong with the source,
    /// `counted` what a live one counted. Returns how many frames passed as well.
    pub(super) fn finish(mut self, source: &dyn Source, damage: Vec<String>, counted: Option<Counters>) -> anyhow::Result<(Outcome, u64)> {
        while let Some(first) = self.held.pop_first(&self.fragments) {
            self.shower.show_held(first, &mut self.held, source)?;
        }
        self.fragments.finish();
        let mut notes = self.shower.last_notes(source);
        notes.extend(self.shower.checksums.iter().flat_map(ChecksumWatch::notes));
        notes.extend(fragment_notes(self.fragments.findings(), self.shower.last));
        if !self.tells {
            notes.clear();
        }
        let Shower { mut form, mut out, unknown_links, numbered_to, mut told, sample, names, explainer, read, shown, .. } = self.shower;
        if form.is_for_people() {
            notes.retain(|note| told.tells(note));
        }
        let read = counted.map_or(read, |counted| counted.read);
        let notes_left_out = explainer.as_ref().map_or(0, Explainer::left_out);
        let forgotten = explainer.as_ref().map_or(0, Explainer::forgotten);
        let totals = Totals { read, shown, counted, notes_left_out, forgotten, unnumbered_from: numbered_to };
        form.finish(&mut out.pending, &totals, &notes, names.names());
        form.flush()?;
        out.flush()?;
        told.say_rest();
        say_left_out(notes_left_out, forgotten);
        if let Some(message) = sample.message() {
            say(&message);
        }
        if let Some(frame) = numbered_to {
            say(&format!(
                "frame {frame} and those behind it do not say their conversation: there are more than {}; wirelore conversations lists them",
                Limits::CONVERSATIONS_NUMBERED
            ));
        }
        // Where frames are only copied nothing was to be decoded.
        let undecoded = unknown_links.messages().filter(|_| !form.is_capture());
        let mut outcome = Outcome::Done;
        for message in damage.into_iter().chain(undecoded) {
            say(&message);
            outcome = Outcome::Damaged;
        }
        Ok((outcome, shown))
    }
}
