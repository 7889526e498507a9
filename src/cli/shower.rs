//! Showing frames that pass the filter, with what lessons say of them.

use super::annotate::Annotations;
use super::arguments::ShowArguments;
use super::form::Form;
use super::held::{HeldFrame, HeldFrames};
use super::host_file;
use super::output::Output;
use super::pace::Pace;
use super::sample::Sample;
use super::told::Told;
use super::unknown_link::UnknownLinks;
use crate::conversation::names::Between;
use crate::conversation::{Conversations, NameWatch, Packet};
use crate::dissect::Dissection;
use crate::explain::{ChecksumWatch, Ending, Explainer, Note, Scene};
use crate::filter::Filter;
use crate::frame::{Frame, Timestamp};
use crate::reassembly::Limits;
use crate::reassembly::fragments::Fragment;
use crate::render::Seen;
use crate::source::Source;

/// Shows frames that pass the filter.
pub(super) struct Shower {
    filter: Filter,
    pub(super) form: Form,
    pub(super) out: Output,
    pace: Option<Pace>,
    /// Where something is told of wrong checksums.
    pub(super) checksums: Option<ChecksumWatch>,
    pub(super) names: NameWatch,
    /// Where the form says which conversation a frame belongs to, or lessons ask.
    conversations: Option<Conversations>,
    /// Whether frames say which conversation they belong to.
    numbers: bool,
    pub(super) explainer: Option<Explainer>,
    /// The notes on frames, where all of them are known before the first is shown.
    ahead: Annotations,
    pub(super) told: Told,
    pub(super) sample: Sample,
    /// The notes on the frame at hand.
    notes: Vec<Note>,
    /// When the last frame came.
    pub(super) last: Option<Timestamp>,
    /// The first frame that does not say it, where there are too many.
    pub(super) numbered_to: Option<u64>,
    uses_names: bool,
    pub(super) unknown_links: UnknownLinks,
    /// How many frames are shown at most.
    count: u64,
    pub(super) read: u64,
    pub(super) shown: u64,
}

impl Shower {
    /// Shows frames in this form. `explainer` is there where lessons are asked.
    pub(super) fn new(show: &ShowArguments, filter: Filter, form: Form, explainer: Option<Explainer>) -> Self {
        let numbers = form.uses_conversations();
        let known = if numbers { Limits::CONVERSATIONS_NUMBERED } else { Limits::CONVERSATIONS_EXPLAINED };
        let limits = Limits { conversations: known, conversation_share: 8, history_bytes: 0, ..Limits::default() };
        Self {
            uses_names: uses_names(show, &form),
            conversations: (explainer.is_some() || numbers).then(|| Conversations::new(limits)),
            checksums: (form.shows_findings() || !show.quiet).then(ChecksumWatch::default),
            filter,
            form,
            out: Output::new(),
            pace: None,
            names: NameWatch::default(),
            numbers,
            explainer,
            ahead: Annotations::default(),
            told: Told::default(),
            sample: Sample::default(),
            notes: Vec::new(),
            last: None,
            numbered_to: None,
            unknown_links: UnknownLinks::default(),
            count: show.count.unwrap_or(u64::MAX),
            read: 0,
            shown: 0,
        }
    }

    /// As far apart as they were, divided by so much.
    pub(super) fn with_pace(self, speed: Option<f64>) -> Self {
        Self { pace: speed.map(Pace::new), ..self }
    }

    /// With notes that are all known before the first frame is shown. No lesson is asked on the way.
    pub(super) fn with_annotations(self, ahead: Annotations) -> Self {
        Self { ahead, ..self }
    }

    /// Whether as many frames were shown as are wanted.
    pub(super) fn is_done(&self) -> bool {
        self.shown >= self.count
    }

    /// Takes a frame through its conversation and all lessons, and shows it where it passes.
    pub(super) fn show(
        &mut self,
        frame: &Frame<'_>,
        dissection: &Dissection,
        fragment: Option<&Fragment>,
        held: &HeldFrames,
        source: &dyn Source,
    ) -> anyhow::Result<()> {
        if self.is_done() {
            return Ok(());
        }
        self.read += 1;
        self.unknown_links.observe(frame);
        if self.uses_names {
            self.names.names_mut().learn_records(source.names());
        }
        self.last = frame.timestamp.or(self.last);
        let packet = Packet { frame, dissection, fragment };
        let conversation = self.explain(&packet, source);
        if held.passes(&self.filter, frame, dissection, fragment) {
            self.shown += 1;
            if let Some(pace) = &mut self.pace {
                pace.wait(frame.timestamp, &mut self.out)?;
            }
            if self.form.is_for_people() {
                self.notes.retain(|note| self.told.tells(note));
            }
            if self.uses_names {
                let innermost = fragment.and_then(Fragment::innermost_whole).map_or(dissection, |whole| &whole.dissection);
                self.names.names_mut().turn_to(Some(Between::of_frame(frame.number, innermost)));
            }
            let notes = self.ahead.get(&frame.number).unwrap_or(&self.notes);
            let seen = Seen { frame, dissection, fragment, finding: None, conversation, notes };
            self.form.write(&mut self.out.pending, &seen, source, self.names.names(), self.checksums.as_mut())?;
            self.out.settle()?;
        }
        // Also of a frame that did not pass: those that do may be called by what it shows.
        if self.uses_names {
            self.names.observe(frame.data, frame.number, dissection);
            if let Some(whole) = fragment.and_then(Fragment::innermost_whole) {
                self.names.observe(&whole.bytes, frame.number, &whole.dissection);
            }
        }
        Ok(())
    }

    /// Takes a frame through its conversation and all lessons, and returns the number of its conversation where that is told. Where more are
    /// known than fit, none is told from there on: it could be another's.
    fn explain(&mut self, packet: &Packet<'_>, source: &dyn Source) -> Option<u64> {
        self.notes.clear();
        let conversations = self.conversations.as_mut()?;
        if !self.numbers && !self.sample.has(packet, conversations.count()) {
            return None;
        }
        let belongs = match &mut self.explainer {
            Some(explainer) => conversations.observe(packet, explainer),
            None => conversations.observe(packet, &mut ()),
        };
        if let Some(explainer) = &mut self.explainer {
            host_file::learn_carried(explainer, packet.frame.number, source);
            explainer.observe(&Scene {
                packet: *packet,
                belongs,
                conversations,
                names: self.names.names(),
                interfaces: source.interfaces(),
            });
            if explainer.has_notes() {
                self.notes.extend(explainer.take_notes());
            }
        }
        if !self.numbers {
            return None;
        }
        if conversations.put_away().conversations > 0 {
            self.numbers = false;
            self.numbered_to = Some(packet.frame.number);
            if self.explainer.is_none() {
                self.conversations = None;
            }
            return None;
        }
        belongs.map(|belongs| belongs.conversation)
    }

    /// What lessons say when the last frame has come.
    pub(super) fn last_notes(&mut self, source: &dyn Source) -> Vec<Note> {
        let is_end = !self.is_done();
        let (Some(explainer), Some(conversations)) = (&mut self.explainer, &mut self.conversations) else { return Vec::new() };
        conversations.finish(explainer);
        explainer.finish(&Ending { conversations, names: self.names.names(), interfaces: source.interfaces(), last: self.last, is_end });
        explainer.take_notes().collect()
    }

    /// Shows a frame that was held back, and gives it back for its memory.
    pub(super) fn show_held(&mut self, first: Box<HeldFrame>, held: &mut HeldFrames, source: &dyn Source) -> anyhow::Result<()> {
        self.show(&first.frame(), &first.dissection, first.fragment.as_ref(), held, source)?;
        held.give_back(first);
        Ok(())
    }
}

/// Whether addresses are called by their names.
pub(super) fn uses_names(show: &ShowArguments, form: &Form) -> bool {
    show.numeric == 0 && form.uses_names()
}

/// Whether lessons are asked.
pub(super) fn explains(show: &ShowArguments, form: &Form) -> bool {
    !show.quiet && (form.has_notes() || show.annotate)
}
