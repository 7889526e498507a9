//! `wirelore read`: every frame of captures, decoded.

use super::annotate::{Annotations, annotations};
use super::arguments::ReadArguments;
use super::form::Form;
use super::held::{HeldFrame, HeldFrames};
use super::host_file;
use super::input::{Input, check_standard_input};
use super::output::Output;
use super::pace::Pace;
use super::sample::Sample;
use super::told::{Told, say_left_out};
use super::unknown_link::UnknownLinks;
use super::{Outcome, say};
use crate::conversation::{Conversations, NameWatch, Packet};
use crate::dissect::{Dissection, dissect};
use crate::explain::{ChecksumWatch, Ending, Explainer, Note, Scene, fragment_notes};
use crate::filter::Filter;
use crate::frame::{Frame, Timestamp};
use crate::reassembly::Limits;
use crate::reassembly::fragments::{Fragment, Fragments};
use crate::render::Seen;
use crate::source::{self, Source};
use std::io::IsTerminal;

/// How long a fragment waits for its datagram before it is shown without, where somebody may be watching: nanoseconds of packet time.
const PATIENCE: i64 = 1_000_000_000;

/// Of how many conversations frames say the number: they are read in little memory, whatever the size of the capture.
const NUMBERED: usize = 100_000;
/// How many conversations lessons know at once: few enough to stay in a processor's cache.
const EXPLAINED: usize = 16_384;

/// Runs the verb.
pub(super) fn run(arguments: &ReadArguments) -> anyhow::Result<Outcome> {
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    check_standard_input(input.files.iter().chain(&arguments.host))?;
    // Before the form: what -w names is only begun where there is a capture, and may itself be the one that is read.
    let mut source = source::open_all(&input.files)?;
    // Also before what -w names: facts that make no sense leave no file.
    let host = (!arguments.host.is_empty()).then(|| host_file::load(&arguments.host)).transpose()?;
    let form = Form::choose(arguments, source.as_ref(), host.clone())?;
    let mut out = Output::new();
    form.begin(&mut out.pending);
    // Somebody may be watching: then each frame is shown as soon as nothing more is at hand.
    let is_piped = input.files.iter().any(|file| file.as_os_str() == source::STANDARD_INPUT);
    let watched = std::io::stdout().is_terminal() || is_piped;
    let limits = Limits::default();
    let mut fragments = Fragments::new(&limits);
    let mut held = HeldFrames::new(if is_piped { PATIENCE } else { limits.fragment_wait });
    let mut dissection = Dissection::default();
    let uses_names = arguments.numeric == 0 && form.uses_names();
    let explains = !arguments.quiet && (form.has_notes() || arguments.annotate);
    let numbers = form.uses_conversations();
    let known = if numbers { NUMBERED } else { EXPLAINED };
    let conversations = (explains || form.uses_conversations())
        .then(|| Conversations::new(Limits { conversations: known, conversation_share: 8, history_bytes: 0, ..limits }));
    let mut explainer = explains.then(|| host.map_or_else(Explainer::default, Explainer::with_host));
    let ahead = match explainer.take_if(|_| arguments.annotate && !is_piped) {
        Some(explainer) => annotations(&input, arguments.numeric == 0, explainer)?,
        None => Annotations::default(),
    };
    let mut shower = Shower {
        filter: input.filter,
        form,
        out,
        pace: arguments.pace.map(Pace::new),
        checksums: ChecksumWatch::default(),
        names: NameWatch::default(),
        conversations,
        numbers,
        explainer,
        ahead,
        told: Told::default(),
        sample: Sample::default(),
        notes: Vec::new(),
        last: None,
        numbered_to: None,
        uses_names,
        unknown_links: UnknownLinks::default(),
        count: arguments.count.unwrap_or(u64::MAX),
        read: 0,
        shown: 0,
    };
    let damage = loop {
        if shower.is_done() {
            break None;
        }
        match source.advance() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        let frame = source.frame();
        dissect(&frame, &mut dissection);
        let mut fragment = fragments.observe(&frame, &dissection);
        if held.may_pass(fragment.as_ref(), &fragments) {
            if let Some(fragment) = &mut fragment {
                held.complete(fragment, &fragments);
            }
            shower.show(&frame, &dissection, fragment.as_ref(), &held, source.as_ref())?;
        } else {
            let now = frame.timestamp;
            held.push(&frame, &mut dissection, fragment);
            while let Some(first) = held.pop(&fragments, now) {
                shower.show_held(first, &mut held, source.as_ref())?;
            }
        }
        // Also behind a frame that did not pass: one that did may stand before it, and the next may be long in coming.
        if watched && !source.has_more_at_hand() {
            shower.form.flush()?;
            shower.out.flush()?;
        } else {
            shower.out.settle()?;
        }
    };
    while let Some(first) = held.pop_first(&fragments) {
        shower.show_held(first, &mut held, source.as_ref())?;
    }
    fragments.finish();
    let mut notes = shower.last_notes(source.as_ref());
    notes.extend(shower.checksums.notes());
    notes.extend(fragment_notes(fragments.findings()));
    if arguments.quiet {
        notes.clear();
    }
    let Shower { mut form, mut out, unknown_links, numbered_to, mut told, sample, names, explainer, read, shown, .. } = shower;
    if form.is_for_people() {
        notes.retain(|note| told.tells(note));
    }
    form.finish(&mut out.pending, (read, shown), &notes, names.names());
    form.flush()?;
    out.flush()?;
    told.say_rest();
    say_left_out(explainer.as_ref().map_or(0, Explainer::left_out));
    if let Some(message) = sample.message() {
        say(&message);
    }
    if let Some(frame) = numbered_to {
        say(&format!(
            "frame {frame} and those behind it do not say their conversation: there are more than {NUMBERED}; wirelore conversations lists them"
        ));
    }
    let mut outcome = Outcome::Done;
    // Where frames are only copied nothing was to be decoded.
    let undecoded = unknown_links.messages().filter(|_| arguments.write.is_none());
    for damage in source.damage().into_iter().chain(&damage).map(ToString::to_string).chain(undecoded) {
        say(&damage);
        outcome = Outcome::Damaged;
    }
    Ok(outcome)
}

/// Shows frames that pass the filter.
struct Shower {
    filter: Filter,
    form: Form,
    out: Output,
    pace: Option<Pace>,
    checksums: ChecksumWatch,
    names: NameWatch,
    /// Where the form says which conversation a frame belongs to, or lessons ask.
    conversations: Option<Conversations>,
    /// Whether frames say which conversation they belong to.
    numbers: bool,
    explainer: Option<Explainer>,
    /// The notes on frames, where all of them are known before the first is shown.
    ahead: Annotations,
    told: Told,
    sample: Sample,
    /// The notes on the frame at hand.
    notes: Vec<Note>,
    /// When the last frame came.
    last: Option<Timestamp>,
    /// The first frame that does not say it, where there are too many.
    numbered_to: Option<u64>,
    uses_names: bool,
    unknown_links: UnknownLinks,
    /// How many frames are shown at most.
    count: u64,
    read: u64,
    shown: u64,
}

impl Shower {
    fn is_done(&self) -> bool {
        self.shown >= self.count
    }

    fn show(
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
            let notes = self.ahead.get(&frame.number).unwrap_or(&self.notes);
            let seen = Seen { frame, dissection, fragment, finding: None, conversation, notes };
            self.form.write(&mut self.out.pending, &seen, source, self.names.names(), &mut self.checksums)?;
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
            self.notes.extend(explainer.take_notes());
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
    fn last_notes(&mut self, source: &dyn Source) -> Vec<Note> {
        let is_end = !self.is_done();
        let (Some(explainer), Some(conversations)) = (&mut self.explainer, &mut self.conversations) else { return Vec::new() };
        conversations.finish(explainer);
        explainer.finish(&Ending { conversations, names: self.names.names(), interfaces: source.interfaces(), last: self.last, is_end });
        explainer.take_notes().collect()
    }

    fn show_held(&mut self, first: Box<HeldFrame>, held: &mut HeldFrames, source: &dyn Source) -> anyhow::Result<()> {
        self.show(&first.frame(), &first.dissection, first.fragment.as_ref(), held, source)?;
        held.give_back(first);
        Ok(())
    }
}
