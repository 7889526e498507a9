//! Where the contents of a run are kept: each once, however often it was sent.

use super::collect::Room;
use super::opener::{Opened, Opener};
use super::run::Content;
use super::sealed::Sealed;
use crate::diff::{Digest, Digester};
use crate::reassembly::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

/// What a content takes beside its bytes.
const COST: usize = 96;

/// Contents, each once.
pub(super) struct Shelf {
    pub(super) opener: Opener,
    kept: HashMap<Digest, Arc<[u8]>, RandomState>,
}

impl Shelf {
    pub(super) fn new(digester: &Digester, limits: &Limits) -> Self {
        Self { opener: Opener::new(digester, limits), kept: HashMap::default() }
    }

    /// A content of which all was sent: with its codings, where it can be kept. `None` where it is known to be empty.
    pub(super) fn sealed(&mut self, sealed: &mut Sealed, media_type: Option<&[u8]>, room: &mut Room) -> Option<Content> {
        let Sealed { codings, bytes } = sealed;
        if codings.is_empty() {
            let opened = Opened { bytes: mem::take(bytes), left_out: 0 };
            let (content, back) = self.opened(opened, media_type, room);
            *bytes = back;
            return (content.digest.length > 0).then_some(content);
        }
        let names: Vec<u8> = codings.iter().map(|coding| *coding as u8).collect();
        let digest = self.opener.digester.of_parts(&[&names, bytes]);
        if let Some(bytes) = self.keep(digest, bytes, room) {
            let media_type = media_type.map(Into::into);
            return Some(Content { digest, media_type, is_kept: true, bytes, codings: mem::take(codings), ..Content::default() });
        }
        // What is not kept cannot be opened later.
        let (content, _) = self.opened(self.opener.decoded(codings, bytes), media_type, room);
        (content.digest.length > 0).then_some(content)
    }

    /// A content that has no codings any more, and the room that its bytes took.
    pub(super) fn opened(&mut self, opened: Opened, media_type: Option<&[u8]>, room: &mut Room) -> (Content, Vec<u8>) {
        let (Opened { bytes, left_out }, digest) = self.opener.whole(opened, media_type);
        let kept = self.keep(digest, &bytes, room);
        room.contents += u64::from(kept.is_none());
        let is_kept = left_out == 0 && kept.is_some();
        let content =
            Content { digest, media_type: media_type.map(Into::into), is_kept, bytes: kept.unwrap_or_default(), ..Content::default() };
        (content, bytes)
    }

    /// Keeps what has a digest, where that is not kept and there is room.
    fn keep(&mut self, digest: Digest, bytes: &[u8], room: &mut Room) -> Option<Arc<[u8]>> {
        if let Some(kept) = self.kept.get(&digest) {
            return Some(Arc::clone(kept));
        }
        if bytes.len() > Limits::CONTENT_OF_ONE || bytes.len() + COST > room.bytes {
            return None;
        }
        room.bytes -= bytes.len() + COST;
        let kept: Arc<[u8]> = bytes.into();
        self.kept.insert(digest, Arc::clone(&kept));
        Some(kept)
    }
}
