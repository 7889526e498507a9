//! Filtering whole frames before they are cut (`-s`): whether a frame passes is asked of all of it, as tcpdump does, and what is shown, told
//! and written knows no more of it than is kept.

use crate::cli::held::{HeldFrame, HeldFrames};
use crate::cli::pipeline::PATIENCE;
use crate::dissect::{Dissection, dissect};
use crate::filter::Filter;
use crate::frame::{Frame, Timestamp};
use crate::reassembly::Limits;
use crate::reassembly::fragments::Fragments;

/// Lets frames through that pass, cut.
pub(super) struct Sieve {
    filter: Filter,
    snap_length: usize,
    fragments: Fragments,
    held: HeldFrames,
    dissection: Dissection,
}

impl Sieve {
    /// Nothing was asked yet. Of frames that pass so many bytes are kept.
    pub(super) fn new(filter: Filter, snap_length: u32) -> Self {
        Self {
            filter,
            snap_length: snap_length as usize,
            fragments: Fragments::new(&Limits::default()),
            held: HeldFrames::new(PATIENCE),
            dissection: Dissection::default(),
        }
    }

    /// Takes a frame. `each` gets those that pass, in their order.
    pub(super) fn take(&mut self, frame: &Frame<'_>, each: &mut impl FnMut(&Frame<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let Self { filter, snap_length, fragments, held, dissection } = self;
        dissect(frame, dissection);
        let mut fragment = fragments.observe(frame, dissection);
        if held.may_pass(fragment.as_ref(), fragments) {
            if let Some(fragment) = &mut fragment {
                held.complete(fragment, fragments);
            }
            return if held.passes(filter, frame, dissection, fragment.as_ref()) { each(&cut(frame, *snap_length)) } else { Ok(()) };
        }
        held.push(frame, dissection, fragment);
        self.let_go(frame.timestamp, each)
    }

    /// Asks frames that were held back and need not wait any longer.
    pub(super) fn let_go(&mut self, now: Option<Timestamp>, each: &mut impl FnMut(&Frame<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.ask(|held, fragments| held.pop(fragments, now), each)
    }

    /// Asks all frames that are still held back.
    pub(super) fn finish(&mut self, each: &mut impl FnMut(&Frame<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.ask(HeldFrames::pop_first, each)
    }

    fn ask(
        &mut self,
        next: impl Fn(&mut HeldFrames, &Fragments) -> Option<Box<HeldFrame>>,
        each: &mut impl FnMut(&Frame<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        while let Some(first) = next(&mut self.held, &self.fragments) {
            let frame = first.frame();
            if self.held.passes(&self.filter, &frame, &first.dissection, first.fragment.as_ref()) {
                each(&cut(&frame, self.snap_length))?;
            }
            self.held.give_back(first);
        }
        Ok(())
    }
}

/// What is kept of a frame.
fn cut<'a>(frame: &Frame<'a>, snap_length: usize) -> Frame<'a> {
    Frame { data: frame.data.get(..snap_length).unwrap_or(frame.data), ..*frame }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    /// Numbers, lengths and bytes kept of the frames of a capture that pass.
    fn passed(capture: &str, filter: &str, snap_length: u32) -> Vec<(u64, u32, u32)> {
        let mut source = source::open(capture.as_ref()).expect("a capture");
        let (mut sieve, mut all) = (Sieve::new(Filter::parse(filter).expect("a filter"), snap_length), Vec::new());
        let mut each = |frame: &Frame<'_>| {
            all.push((frame.number, frame.length, frame.captured()));
            Ok(())
        };
        while source.advance().expect("whole") {
            sieve.take(&source.frame(), &mut each).expect("nothing fails");
        }
        sieve.finish(&mut each).expect("nothing fails");
        all
    }

    #[test]
    fn the_whole_frame_is_asked_and_a_part_is_kept() {
        let whole = passed("captures/http-geocode.pcapng", r#"http.request.method == "GET""#, 1 << 18);
        assert!(!whole.is_empty() && whole.iter().all(|(_, length, captured)| length == captured && *length > 60));
        let cut: Vec<_> = whole.iter().map(|(number, length, _)| (*number, *length, 20)).collect();
        assert_eq!(passed("captures/http-geocode.pcapng", r#"http.request.method == "GET""#, 20), cut);
    }

    #[test]
    fn fragments_are_asked_with_their_datagram_and_keep_their_order() {
        let all = passed("captures/dns-fragments.pcapng", "", 30);
        assert!(all.is_sorted() && all.iter().all(|(.., captured)| *captured <= 30));
        let whole = passed("captures/dns-fragments.pcapng", "udp port 53", 1 << 18);
        let numbers = |all: &[(u64, u32, u32)]| all.iter().map(|(number, ..)| *number).collect::<Vec<_>>();
        assert_eq!(numbers(&passed("captures/dns-fragments.pcapng", "udp port 53", 30)), numbers(&whole));
    }
}
