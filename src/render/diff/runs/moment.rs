//! When things were said, where that was asked for.

use super::Told;
use crate::diff::runs::{ItemPair, TalkPair};
use crate::frame::Timestamp;
use crate::render::time::{Clock, Precision, TimeForm};

/// When something began: itself, the conversation that it is in, and the capture.
#[derive(Clone, Copy)]
struct Moment {
    own: Timestamp,
    conversation: Option<Timestamp>,
    capture: Option<Timestamp>,
}

impl Told<'_, '_> {
    /// Appends when two conversations began: `, at 13:15:32.253318 | 13:20:01.000100`.
    pub(super) fn push_talk_times(&self, out: &mut Vec<u8>, pair: &TalkPair) {
        let moments = [0, 1].map(|side| {
            let own = self.comparison.talk(pair, side)?.began?;
            Some(Moment { own, conversation: Some(own), capture: self.comparison.runs.get(side)?.began })
        });
        self.push_times(out, moments);
    }

    /// The same of what was said.
    pub(super) fn push_item_times(&self, out: &mut Vec<u8>, pair: &ItemPair) {
        self.push_times(out, [0, 1].map(|side| self.item_moment(pair, side)));
    }

    /// Appends when something was said on one side, and a space behind it.
    pub(super) fn push_item_time(&self, out: &mut Vec<u8>, pair: &ItemPair, side: usize) {
        if let Some(moment) = self.item_moment(pair, side).filter(|_| self.telling.time != TimeForm::Without) {
            self.push_time(out, &moment);
            out.push(b' ');
        }
    }

    fn item_moment(&self, pair: &ItemPair, side: usize) -> Option<Moment> {
        let run = self.comparison.runs.get(side)?;
        let (talk, _) = (*pair.places.get(side)?)?;
        let own = self.comparison.item(pair, side)?.began?;
        Some(Moment { own, conversation: run.talks.get(talk)?.began, capture: run.began })
    }

    fn push_times(&self, out: &mut Vec<u8>, moments: [Option<Moment>; 2]) {
        if self.telling.time == TimeForm::Without {
            return;
        }
        for (moment, lead) in moments.iter().zip([", at ", " | "]) {
            out.extend_from_slice(lead.as_bytes());
            match moment {
                Some(moment) => self.push_time(out, moment),
                None => out.push(b'-'),
            }
        }
    }

    /// Appends a moment; spans are those since the conversation began, or since the capture did.
    fn push_time(&self, out: &mut Vec<u8>, moment: &Moment) {
        let mut clock = Clock::new(self.telling.time, Precision::Microseconds);
        let since = if self.telling.time == TimeForm::SincePrevious { moment.conversation } else { moment.capture };
        clock.push(&mut Vec::new(), since);
        let mut text = Vec::new();
        clock.push(&mut text, Some(moment.own));
        out.extend_from_slice(text.trim_ascii_start());
    }
}
