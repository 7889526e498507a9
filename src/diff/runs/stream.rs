//! What is said in no language that is known: all of it, as one thing; and echoes.

use super::field::Field;
use super::run::{Content, Item, ItemKind, Value};
use crate::conversation::Conversation;
use crate::diff::places::Places;
use crate::diff::{Digest, Digester};
use crate::limits::Limits;
use crate::reassembly::Origin;

/// What one side says.
#[derive(Debug, Default)]
pub(super) struct Stream {
    bytes: Vec<u8>,
    digest: Digest,
    pub(super) missing: u64,
    first: Origin,
    last: u64,
    /// Where datagrams end in it, but for the last one.
    ends: Vec<usize>,
    /// Whether what comes now is another datagram.
    is_ended: bool,
}

impl Stream {
    /// Hears its next bytes; keeps of them what there is room for.
    pub(super) fn hear(&mut self, bytes: &[u8], origin: Origin, digester: &Digester, room: &mut usize) {
        let own = digester.of(bytes);
        self.digest = if self.digest.length == 0 { own } else { digester.joined(self.digest, own) };
        if self.is_ended {
            self.is_ended = false;
            if self.ends.len() < Limits::DATAGRAM_ENDS && self.ends.last() != Some(&self.bytes.len()) {
                self.ends.push(self.bytes.len());
            }
        }
        if self.first.frame == 0 {
            self.first = origin;
        }
        self.last = origin.frame;
        let kept = Limits::STREAM_KEPT.saturating_sub(self.bytes.len()).min(*room).min(bytes.len());
        *room -= kept;
        self.bytes.extend_from_slice(bytes.get(..kept).unwrap_or_default());
    }

    /// What was heard last was all of a datagram.
    pub(super) fn end_datagram(&mut self) {
        self.is_ended = true;
    }
}

/// What both sides of conversations say.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// Where those of each conversation are kept.
    places: Places,
    /// So many together: nothing is moved where there are more and more of them.
    kept: Vec<Vec<[Stream; 2]>>,
    /// Places of what is gone.
    free: Vec<u32>,
}

impl Streams {
    /// What the sides of a conversation say, the originator first.
    pub(super) fn of(&mut self, conversation: u64) -> &mut [Stream; 2] {
        let place = self.places.get(conversation).unwrap_or_else(|| {
            let place = self.free.pop().unwrap_or_else(|| {
                if self.kept.last().is_none_or(|last| last.len() == Limits::STREAMS_TOGETHER) {
                    self.kept.push(Vec::with_capacity(Limits::STREAMS_TOGETHER));
                }
                let before = (self.kept.len() - 1) * Limits::STREAMS_TOGETHER;
                let last = &mut self.kept[before / Limits::STREAMS_TOGETHER];
                last.push(Default::default());
                // Each takes far more than a byte.
                u32::try_from(before + last.len() - 1).unwrap_or(u32::MAX)
            });
            self.places.set(conversation, place);
            place
        }) as usize;
        &mut self.kept[place / Limits::STREAMS_TOGETHER][place % Limits::STREAMS_TOGETHER]
    }

    /// Takes out what the sides of a conversation said; nothing where there is none.
    pub(super) fn remove(&mut self, conversation: u64) -> Option<[Stream; 2]> {
        let place = self.places.take(conversation)?;
        self.free.push(place);
        let place = place as usize;
        self.kept.get_mut(place / Limits::STREAMS_TOGETHER)?.get_mut(place % Limits::STREAMS_TOGETHER).map(std::mem::take)
    }
}

/// What both sides said, in no language that is known; nothing where they said nothing.
pub(super) fn item(streams: [Stream; 2]) -> Option<Item> {
    let spoke = |stream: &&Stream| stream.digest.length > 0;
    let first = streams.iter().filter(spoke).map(|stream| stream.first).min_by_key(|first| first.frame)?;
    let last = streams.iter().map(|stream| stream.last).max().unwrap_or(first.frame);
    let mut item = Item::new(ItemKind::Stream, first, last);
    item.aspects.reserve_exact(streams.iter().filter(spoke).count());
    for (stream, field) in streams.into_iter().zip([Field::Sent, Field::Received]) {
        let Stream { bytes, digest, missing, ends, .. } = stream;
        if digest.length > 0 {
            let is_kept = bytes.len() as u64 == digest.length;
            item.push(
                field,
                Value::Content(Box::new(Content { bytes: bytes.into(), digest, is_kept, missing, ends, ..Content::default() })),
            );
        }
    }
    Some(item)
}

/// Echoes: whether they come back.
pub(super) fn echo(conversation: &Conversation) -> Item {
    let [asked, answered] =
        [0, 1].map(|side| conversation.sent.get(side).map_or(0, |sent: &crate::conversation::Sent| u64::from(sent.frames)));
    let first = Origin { frame: conversation.first_frame, time: conversation.first() };
    let mut item = Item::new(ItemKind::Echo, first, first.frame);
    item.push(Field::EchoAnswered, Value::Flag(answered > 0));
    if answered > 0 && answered < asked {
        item.push(Field::EchoesLost, Value::Number(asked - answered));
    }
    item.push(Field::Echoes, Value::Number(asked));
    item
}
