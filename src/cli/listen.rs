//! Captures through the table of conversations: what every verb does that is about more than single frames.

use super::held::HeldFrames;
use super::input::Input;
use super::progress;
use super::unknown_link::UnknownLinks;
use crate::conversation::{Belongs, Conversations, Listener, NameWatch, Names, Packet};
use crate::dissect::{Dissection, dissect};
use crate::explain::{Ending, Scene};
use crate::filter::Filter;
use crate::frame::Timestamp;
use crate::reassembly::Limits;
use crate::reassembly::fragments::{Fragment, Fragments};
use crate::source::{Interface, Source};

/// A frame on its way, with what became of it.
pub(super) struct Heard<'a> {
    /// The frame, with what it was taken apart into.
    pub(super) packet: Packet<'a>,
    /// The conversation it belongs to.
    pub(super) belongs: Option<Belongs>,
    /// All conversations, this frame counted.
    pub(super) conversations: &'a Conversations,
    /// Whether it passes the filter.
    pub(super) passes: bool,
    /// What addresses are called, as far as the frames up to this one say.
    pub(super) names: &'a Names,
    /// Where it comes from.
    pub(super) source: &'a dyn Source,
}

impl<'a> Heard<'a> {
    /// The same, as lessons look at it.
    pub(super) fn scene(&self) -> Scene<'a> {
        let Heard { packet, belongs, conversations, names, source, .. } = *self;
        Scene { packet, belongs, conversations, names, interfaces: source.interfaces() }
    }
}

/// What was heard in all.
pub(super) struct Listened {
    /// All conversations, each told to its end.
    pub(super) conversations: Conversations,
    /// What addresses are called; nothing where nobody wanted to know.
    pub(super) names: Names,
    /// What became of datagrams that came in fragments.
    pub(super) fragments: Fragments,
    /// The interfaces of the captures.
    pub(super) interfaces: Vec<Interface>,
    /// Frames that were read.
    pub(super) frames: u64,
    /// When the last frame came.
    pub(super) last: Option<Timestamp>,
    /// Whether that was all of the captures.
    pub(super) is_end: bool,
    /// What could not be read, in words.
    pub(super) damage: Vec<String>,
}

impl Listened {
    /// The same, as lessons look at it in the end.
    pub(super) fn ending(&self) -> Ending<'_> {
        let Self { conversations, names, interfaces, last, is_end, .. } = self;
        Ending { conversations, names, interfaces, last: *last, is_end: *is_end }
    }
}

/// Takes every frame of the captures through the table. `each` is called behind the listener, and says whether to go on.
pub(super) fn listen<L: Listener>(
    input: &Input,
    limits: &Limits,
    uses_names: bool,
    listener: &mut L,
    each: impl FnMut(&Heard<'_>, &mut L) -> anyhow::Result<bool>,
) -> anyhow::Result<Listened> {
    let mut source = progress::open_all_ahead(&input.files)?;
    listen_to(source.as_mut(), &input.filter, limits, uses_names, listener, each)
}

/// The same of a source that is open.
pub(super) fn listen_to<L: Listener>(
    source: &mut dyn Source,
    filter: &Filter,
    limits: &Limits,
    uses_names: bool,
    listener: &mut L,
    each: impl FnMut(&Heard<'_>, &mut L) -> anyhow::Result<bool>,
) -> anyhow::Result<Listened> {
    let keep: fn(&mut L, &mut Names) = |_, _| {};
    listen_lending(source, filter, limits, Some(keep).filter(|_| uses_names), listener, each)
}

/// The same for a listener that has use for names while it listens: `lend` gives them to it before each frame, and takes them back behind it.
/// Without it no names are learnt.
pub(super) fn listen_lending<L: Listener>(
    source: &mut dyn Source,
    filter: &Filter,
    limits: &Limits,
    lend: Option<fn(&mut L, &mut Names)>,
    listener: &mut L,
    mut each: impl FnMut(&Heard<'_>, &mut L) -> anyhow::Result<bool>,
) -> anyhow::Result<Listened> {
    let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(limits));
    let (mut conversations, mut unknown_links) = (Conversations::new(*limits), UnknownLinks::default());
    // Nothing is held back here: what a fragment belongs to is asked when it is known.
    let held = HeldFrames::new(0);
    let (mut names, mut frames, mut last, mut is_end) = (NameWatch::default(), 0, None, true);
    let failure = loop {
        match source.advance() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        let frame = source.frame();
        frames += 1;
        last = frame.timestamp.or(last);
        dissect(&frame, &mut dissection);
        unknown_links.observe(&frame);
        let fragment = fragments.observe(&frame, &dissection);
        let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
        if let Some(lend) = lend {
            lend(listener, names.names_mut());
        }
        let belongs = conversations.observe(&packet, listener);
        if let Some(lend) = lend {
            lend(listener, names.names_mut());
            names.names_mut().learn_records(source.names());
            names.observe(frame.data, frame.number, &dissection);
            if let Some(whole) = fragment.as_ref().and_then(Fragment::innermost_whole) {
                names.observe(&whole.bytes, frame.number, &whole.dissection);
            }
        }
        let passes = held.passes(filter, &frame, &dissection, fragment.as_ref());
        let heard = Heard { packet, belongs, conversations: &conversations, passes, names: names.names(), source: &*source };
        if !each(&heard, listener)? {
            is_end = false;
            break None;
        }
    };
    if let Some(lend) = lend {
        lend(listener, names.names_mut());
    }
    conversations.finish(listener);
    if let Some(lend) = lend {
        lend(listener, names.names_mut());
    }
    fragments.finish();
    let damage = source.damage().into_iter().chain(&failure).map(ToString::to_string).chain(unknown_links.messages()).collect();
    let (names, interfaces) = (std::mem::take(names.names_mut()), source.interfaces().to_vec());
    Ok(Listened { conversations, names, fragments, interfaces, frames, last, is_end, damage })
}
