//! A capture through everything that is asked of every frame, as the verbs do it.

use std::io::Cursor;
use wirelore::conversation::{Belongs, Conversations, Listener, NameWatch, Names, Packet};
use wirelore::dissect::{Dissection, dissect};
use wirelore::explain::{Ending, Scene};
use wirelore::frame::Timestamp;
use wirelore::reassembly::Limits;
use wirelore::reassembly::fragments::{Fragment, Fragments};
use wirelore::source::{Interface, Source, from_reader};

/// The most frames that are looked at: an input is small, but one that is compressed may hold many.
const FRAMES: u64 = 512;

/// A frame, with what became of it.
pub(super) struct Heard<'a> {
    pub(super) packet: Packet<'a>,
    pub(super) belongs: Option<Belongs>,
    pub(super) conversations: &'a Conversations,
    pub(super) names: &'a Names,
    pub(super) source: &'a dyn Source,
}

impl<'a> Heard<'a> {
    /// The same, as lessons look at it.
    pub(super) fn scene(&self) -> Scene<'a> {
        let Heard { packet, belongs, conversations, names, source } = *self;
        Scene { packet, belongs, conversations, names, interfaces: source.interfaces() }
    }
}

/// What was heard in all.
pub(super) struct Ended {
    pub(super) conversations: Conversations,
    pub(super) names: Names,
    pub(super) interfaces: Vec<Interface>,
    pub(super) last: Option<Timestamp>,
    /// What could not be read, in words.
    pub(super) damage: Vec<String>,
}

impl Ended {
    /// The same, as lessons look at it in the end.
    pub(super) fn ending(&self) -> Ending<'_> {
        let Self { conversations, names, interfaces, last, .. } = self;
        Ending { conversations, names, interfaces, last: *last, is_end: true }
    }
}

/// Reads a capture to its end, or to where it is damaged. What cannot be opened at all has no frames.
pub(super) fn hear<L: Listener>(bytes: &[u8], limits: Limits, listener: &mut L, mut each: impl FnMut(&Heard<'_>, &mut L)) -> Ended {
    let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(&limits));
    let (mut conversations, mut names, mut last) = (Conversations::new(limits), NameWatch::default(), None);
    let (mut interfaces, mut damage) = (Vec::new(), Vec::new());
    match from_reader(Cursor::new(bytes.to_vec()), "fuzz") {
        Err(error) => damage.push(error.to_string()),
        Ok(mut source) => {
            let mut frames = 0;
            loop {
                match source.advance() {
                    Ok(true) if frames < FRAMES => frames += 1,
                    Ok(_) => break,
                    Err(error) => {
                        damage.push(error.to_string());
                        assert!(matches!(source.advance(), Ok(false)), "after an error comes nothing");
                        break;
                    }
                }
                let frame = source.frame();
                last = frame.timestamp.or(last);
                assert!(frame.data.len() <= frame.length as usize, "more was kept than there was");
                dissect(&frame, &mut dissection);
                let fragment = fragments.observe(&frame, &dissection);
                let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
                let belongs = conversations.observe(&packet, listener);
                names.names_mut().learn_records(source.names());
                names.observe(frame.data, frame.number, &dissection);
                if let Some(whole) = fragment.as_ref().and_then(Fragment::innermost_whole) {
                    names.observe(&whole.bytes, frame.number, &whole.dissection);
                }
                each(&Heard { packet, belongs, conversations: &conversations, names: names.names(), source: source.as_ref() }, listener);
            }
            interfaces = source.interfaces().to_vec();
            damage.extend(source.damage().iter().map(ToString::to_string));
        }
    }
    conversations.finish(listener);
    fragments.finish();
    let names = std::mem::take(names.names_mut());
    Ended { conversations, names, interfaces, last, damage }
}
