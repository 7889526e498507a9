//! All notes on captures, each with the frame that it stands with: for verbs that show something when everything was seen.

use super::host_file;
use super::listen::{Heard, Listened};
use crate::conversation::{Conversation, Listener, Side};
use crate::explain::{ChecksumWatch, Explainer, Note, fragment_notes};
use crate::reassembly::fragments::Fragment;
use crate::reassembly::{Origin, Overlap, Piece};
use std::collections::HashMap;

/// Listens to conversations, looks at every frame, and keeps the notes that are made.
#[derive(Default)]
pub(super) struct Notebook {
    /// All lessons.
    pub(super) explainer: Explainer,
    checksums: ChecksumWatch,
    notes: Vec<(Option<u64>, Note)>,
    /// The places of the notes on each conversation.
    of_conversations: HashMap<u64, Vec<usize>>,
}

impl Notebook {
    /// With these lessons.
    pub(super) fn new(explainer: Explainer) -> Self {
        Self { explainer, ..Self::default() }
    }

    /// Looks at a frame that was heard.
    pub(super) fn observe(&mut self, heard: &Heard<'_>) {
        let frame = heard.packet.frame;
        self.checksums.observe(frame.data, frame.number, heard.packet.dissection);
        if let Some(whole) = heard.packet.fragment.and_then(Fragment::innermost_whole) {
            self.checksums.observe_whole(whole, frame.number);
        }
        host_file::learn_carried(&mut self.explainer, frame.number, heard.source);
        self.explainer.observe(&heard.scene());
        self.notes.extend(self.explainer.take_notes().map(|note| (Some(frame.number), note)));
    }

    /// All of it was heard.
    pub(super) fn finish(&mut self, listened: &Listened) {
        self.explainer.finish(&listened.ending());
        let last = self
            .explainer
            .take_notes()
            .chain(self.checksums.notes())
            .chain(fragment_notes(listened.fragments.findings(), listened.ending().last));
        self.notes.extend(last.map(|note| (None, note)));
        for (place, (_, note)) in self.notes.iter().enumerate() {
            if let Some(conversation) = note.conversation {
                self.of_conversations.entry(conversation).or_default().push(place);
            }
        }
    }

    /// The notes on one conversation, once all was heard.
    pub(super) fn of(&self, conversation: u64) -> Vec<&Note> {
        let places = self.of_conversations.get(&conversation).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.notes.get(*place)).map(|(_, note)| note).collect()
    }

    /// All notes, and what is known of the networks around.
    pub(super) fn into_notes(self) -> (Vec<Note>, Explainer) {
        (self.notes.into_iter().map(|(_, note)| note).collect(), self.explainer)
    }

    /// Each note with the frame that it stands with: the one it was made at, or the last one that proves it.
    pub(super) fn into_placed(self) -> impl Iterator<Item = (u64, Note)> {
        self.notes.into_iter().filter_map(|(frame, note)| Some((frame.or_else(|| note.evidence.frames.last().copied())?, note)))
    }
}

impl Listener for Notebook {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.explainer.piece(conversation, from, piece);
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.explainer.overlap(conversation, from, overlap);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.explainer.datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.explainer.finished(conversation);
    }
}
