//! Captures through the table of conversations: what every verb does that is about more than single frames.

use super::input::Input;
use super::unknown_link::UnknownLinks;
use crate::conversation::{Belongs, Conversations, Listener, Packet};
use crate::dissect::{Dissection, dissect};
use crate::reassembly::Limits;
use crate::reassembly::fragments::Fragments;
use crate::source;

/// A frame on its way, with what became of it.
pub(super) struct Heard<'a> {
    /// The frame, with what it was taken apart into.
    pub(super) packet: Packet<'a>,
    /// The conversation it belongs to.
    pub(super) belongs: Option<Belongs>,
    /// Whether it passes the filter.
    pub(super) passes: bool,
}

/// What was heard in all.
pub(super) struct Listened {
    /// All conversations, each told to its end.
    pub(super) conversations: Conversations,
    /// Frames that were read.
    pub(super) frames: u64,
    /// What could not be read, in words.
    pub(super) damage: Vec<String>,
}

/// Takes every frame of the captures through the table. `each` is called behind the listener, and says whether to go on.
pub(super) fn listen<L: Listener>(
    input: &Input,
    limits: &Limits,
    listener: &mut L,
    mut each: impl FnMut(&Heard<'_>, &mut L) -> anyhow::Result<bool>,
) -> anyhow::Result<Listened> {
    let mut source = source::open_all(&input.files)?;
    let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(limits));
    let (mut conversations, mut unknown_links) = (Conversations::new(*limits), UnknownLinks::default());
    let mut frames = 0;
    let failure = loop {
        match source.advance() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        let frame = source.frame();
        frames += 1;
        dissect(&frame, &mut dissection);
        unknown_links.observe(&frame);
        let fragment = fragments.observe(&frame, &dissection);
        let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
        let belongs = conversations.observe(&packet, listener);
        let passes = input.filter.matches(&frame, &dissection);
        let heard = Heard { packet, belongs, passes };
        if !each(&heard, listener)? {
            break None;
        }
    };
    conversations.finish(listener);
    let damage = source.damage().into_iter().chain(&failure).map(ToString::to_string).chain(unknown_links.messages()).collect();
    Ok(Listened { conversations, frames, damage })
}
