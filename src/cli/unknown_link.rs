//! Link types that nobody here decodes: their frames are shown as bytes, and that is said once.

use crate::dissect::Selector;
use crate::dissect::registry::registry;
use crate::frame::{Frame, LinkType};
use crate::limits::Limits;

/// What pcapng gives frames of an interface that it never described: told as damage already.
const UNDESCRIBED: LinkType = LinkType(u16::MAX);

/// The unknown link types of a run, each with the first frame of it.
#[derive(Default)]
pub(super) struct UnknownLinks {
    seen: Vec<(LinkType, u64)>,
}

impl UnknownLinks {
    /// Looks at a frame.
    pub(super) fn observe(&mut self, frame: &Frame<'_>) {
        if self.seen.iter().any(|(link_type, _)| *link_type == frame.link_type) || self.seen.len() >= Limits::UNKNOWN_LINKS {
            return;
        }
        if frame.link_type != UNDESCRIBED && registry().find(Selector::LinkType(frame.link_type.0)).is_none() {
            self.seen.push((frame.link_type, frame.number));
        }
    }

    /// What is to be said, a line a link type.
    pub(super) fn messages(&self) -> impl Iterator<Item = String> {
        self.seen.iter().map(|(LinkType(number), frame)| {
            format!(
                "frame {frame} (at its byte 0): link type {number} is none that wirelore decodes, so such frames are shown as bytes (all of them \
                 with -x); what it is: https://www.tcpdump.org/linktypes.html"
            )
        })
    }
}
