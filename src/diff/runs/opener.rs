//! Takes the codings off contents that are kept as they were sent.

use super::lasting;
use super::run::{Content, Run, Value};
use crate::conversation::body::decode::{Coding, Decoder};
use crate::diff::{Digest, Digester};
use crate::reassembly::Limits;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashSet;

/// Takes the codings off contents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opener {
    pub(super) digester: Digester,
    limits: Limits,
}

/// What came out of what was sent.
pub(super) struct Opened {
    /// As much as may be kept of one.
    pub(super) bytes: Vec<u8>,
    /// How many bytes more there are.
    pub(super) left_out: u64,
}

impl Opener {
    pub(super) fn new(digester: &Digester, limits: &Limits) -> Self {
        Self { digester: *digester, limits: *limits }
    }

    /// What comes out of a content, and its digest.
    pub(super) fn open<'c>(&self, content: &'c Content) -> Cow<'c, Content> {
        if content.codings.is_empty() {
            return Cow::Borrowed(content);
        }
        let media_type = content.media_type.clone();
        let opened = self.decoded(&content.codings, &content.bytes);
        let (opened, digest) = self.whole(opened, media_type.as_deref());
        let is_kept = opened.left_out == 0 && opened.bytes.len() <= Limits::CONTENT_OF_ONE;
        let bytes = if is_kept { opened.bytes.into() } else { Default::default() };
        Cow::Owned(Content { bytes, digest, is_kept, media_type, ..Content::default() })
    }

    /// The digest of what came out, and that without what is another every time.
    pub(super) fn whole(&self, mut opened: Opened, media_type: Option<&[u8]>) -> (Opened, Digest) {
        if let Some(boundary) = media_type.and_then(lasting::boundary) {
            lasting::blank(&mut opened.bytes, boundary);
        }
        let mut digest = self.digester.of_whole(&opened.bytes);
        digest.length += opened.left_out;
        (opened, digest)
    }

    /// Takes codings off.
    pub(super) fn decoded(&self, codings: &[Coding], sent: &[u8]) -> Opened {
        let mut decoder = Decoder::new(codings, &self.limits);
        let (most, mut bytes, mut left_out) = (self.limits.http_body_bytes, Vec::new(), 0);
        let mut take = |more: &[u8]| {
            let kept = more.get(..most.saturating_sub(bytes.len())).unwrap_or(more);
            bytes.extend_from_slice(kept);
            left_out += (more.len() - kept.len()) as u64;
        };
        decoder.push(sent, &mut take);
        decoder.finish(&mut take);
        Opened { bytes, left_out }
    }
}

/// Has contents that are coded, and that the other run does not hold as they were sent, go by the digest of what they are without their
/// codings: the same may have been coded otherwise. Two runs are compared behind this.
pub fn settle(runs: &mut [Run; 2]) {
    let sent = runs.each_ref().map(|run| coded(run).map(|content| content.digest).collect::<HashSet<Digest, RandomState>>());
    for (run, other) in runs.iter_mut().zip(sent.iter().rev()) {
        let Run { talks, opener, .. } = run;
        for item in talks.iter_mut().flat_map(|talk| &mut talk.items) {
            item.aspects.retain_mut(|aspect| {
                let Value::Content(content) = &mut aspect.value else { return true };
                if content.codings.is_empty() || other.contains(&content.digest) {
                    return true;
                }
                content.digest = opener.open(content).digest;
                // A coded nothing is nothing.
                content.digest.length > 0
            });
        }
    }
}

/// The contents of a run that are coded.
fn coded(run: &Run) -> impl Iterator<Item = &Content> {
    let aspects = run.talks.iter().flat_map(|talk| &talk.items).flat_map(|item| &item.aspects);
    aspects.filter_map(|aspect| match &aspect.value {
        Value::Content(content) if !content.codings.is_empty() => Some(&**content),
        _other => None,
    })
}
