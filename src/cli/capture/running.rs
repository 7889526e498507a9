//! Taking frames, and looking after everything else in between.

use super::ending::Ending;
use super::now;
use super::progress::Progress;
use super::recorder::Shared;
use super::summary::{Summary, Totals};
use super::way::Way;
use crate::cli::Outcome;
use crate::source::Source;
use crate::source::live::{Arrival, LiveSource};
use std::time::{Duration, Instant};

/// How long to wait for a frame before anything else is looked after: a signal that comes just before is seen this late.
const A_WHILE: Duration = Duration::from_millis(250);
/// After how many frames clocks and signals are looked at where there is never a quiet moment.
const OFTEN: u64 = 1024;

/// A capture that has begun.
pub(super) struct Run {
    pub(super) source: LiveSource,
    pub(super) way: Way,
    pub(super) recorder: Option<Shared>,
    pub(super) ending: Ending,
    pub(super) summary: Summary,
    pub(super) progress: Progress,
}

impl Run {
    /// Takes frames until the end comes, and says what was captured.
    pub(super) fn run(mut self) -> anyhow::Result<Outcome> {
        let mut damage = Vec::new();
        let failure = self.frames(&mut damage).err();
        let counters = self.source.end().to_vec();
        let Self { source, way, recorder, ending, summary, mut progress } = self;
        let end = ending.end();
        progress.clear();
        let passed = way.passed();
        // Where writing failed nothing more is written: what is there is whole.
        let ended = match failure {
            Some(failure) => Err(failure),
            None => way.finish(&source, damage, counters.iter().copied().sum()),
        };
        let ended = ended.and_then(|ended| {
            let written = recorder.as_ref().map(|recorder| recorder.borrow_mut().end(&counters, end));
            written.unwrap_or(Ok(())).map(|()| ended)
        });
        let captured = ended.as_ref().map_or(passed, |(_, passed)| *passed);
        let lost = recorder.map_or(0, |recorder| captured.saturating_sub(recorder.borrow().kept()));
        summary.say(&counters, Totals { captured, lost }, end);
        ended.map(|(outcome, _)| outcome)
    }

    /// Takes frames until the end comes.
    fn frames(&mut self, damage: &mut Vec<String>) -> anyhow::Result<()> {
        let mut frames: u64 = 0;
        // Where frames are filtered here the recorder sees to it: only what passes begins a new file.
        let is_straight = matches!(self.way, Way::Straight { .. });
        let rotates = is_straight && self.recorder.as_ref().is_some_and(|recorder| recorder.borrow().rotates());
        while !self.way.is_done() {
            match self.source.wait(self.ending.patience(A_WHILE)) {
                Ok(Arrival::Frame) => {
                    if self.ending.is_past(|| self.source.came()) {
                        self.source.pass_over();
                        return Ok(());
                    }
                    if rotates {
                        self.rotate()?;
                    }
                    self.way.take(&self.source)?;
                    frames += 1;
                    let more = self.source.has_more_at_hand();
                    if !more || frames.is_multiple_of(OFTEN) {
                        self.way.settle(!more && self.recorder.is_none())?;
                        self.look_around()?;
                    }
                }
                Ok(Arrival::Quiet) => {
                    self.way.rest(now(), &self.source)?;
                    self.look_around()?;
                    if self.ending.has_come() {
                        return Ok(());
                    }
                }
                Ok(Arrival::Ended) => return Ok(()),
                Err(error) => damage.push(error.to_string()),
            }
        }
        Ok(())
    }

    /// Goes on in a new file where the frame at hand is to go into one.
    fn rotate(&mut self) -> anyhow::Result<()> {
        if let Some(recorder) = &self.recorder
            && recorder.borrow_mut().is_due(&self.source.frame(), self.source.interfaces(), &[])
        {
            // The frame at hand is counted already, and goes into the new file.
            self.source.pass_over();
            recorder.borrow_mut().rotate(self.source.counters())?;
            self.source.take_up();
        }
        Ok(())
    }

    /// Looks at signals and clocks.
    fn look_around(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        if self.ending.look() {
            self.source.take_only_what_came();
        }
        if let Some(recorder) = &self.recorder {
            let mut recorder = recorder.borrow_mut();
            recorder.settle(now)?;
            if recorder.rotates() {
                recorder.know(self.source.counters());
            }
            if self.progress.is_due(now) {
                self.progress.write(now, recorder.progress(), self.source.counters());
            }
        }
        if self.ending.is_asked_to_report() {
            self.progress.clear();
            let counters = self.source.counters();
            if let Some(recorder) = &self.recorder {
                recorder.borrow_mut().end(counters, self.ending.end())?;
            }
            self.summary.say(counters, Totals { captured: self.way.passed(), lost: 0 }, self.ending.end());
        }
        Ok(())
    }
}
