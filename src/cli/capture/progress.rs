//! The line on a terminal that says how a capture goes, while it is written.

use crate::cli::progress::size_in_words;
use crate::render::sentence::Grouped;
use crate::source::live::Counters;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line is written anew.
const EACH: Duration = Duration::from_secs(1);

/// The line on a terminal.
pub(super) struct Progress {
    /// When it was written last, and how many frames there were; `None` where nobody would see it.
    last: Option<(Instant, u64)>,
    stands: bool,
}

impl Progress {
    /// There is a line where standard error is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        let is_seen = wanted && std::io::stderr().is_terminal();
        Self { last: is_seen.then(|| (Instant::now(), 0)), stands: false }
    }

    /// Whether it is time for the next line.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.last.is_some_and(|(last, _)| now.duration_since(last) >= EACH)
    }

    /// Writes the line anew.
    pub(super) fn write(&mut self, now: Instant, (frames, bytes): (u64, u64), counters: &[Counters]) {
        let Some((last, before)) = self.last.replace((now, frames)) else { return };
        let dropped = counters.iter().map(|counted| counted.dropped).sum();
        let line = line(frames, bytes, dropped, frames.saturating_sub(before), now.duration_since(last));
        tell(format!("\r{line}\x1b[K").as_bytes());
        self.stands = true;
    }

    /// Removes the line: something else is to be said.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.stands) {
            tell(b"\r\x1b[K");
        }
    }
}

fn line(frames: u64, bytes: u64, dropped: u64, new: u64, since: Duration) -> String {
    let rate = u128::from(new) * 1_000_000_000 / since.as_nanos().max(1);
    let [frames, dropped, rate] = [frames, dropped, u64::try_from(rate).unwrap_or(u64::MAX)].map(Grouped);
    format!("{frames} frames, {}, {dropped} dropped, {rate} frames/s", size_in_words(bytes))
}

fn tell(text: &[u8]) {
    // Nobody is left to be told where standard error is closed.
    let _unheard = std::io::stderr().write_all(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_frames_bytes_drops_and_the_rate() {
        assert_eq!(
            line(1_234_567, 98_765_432, 3, 1_000, Duration::from_millis(500)),
            "1,234,567 frames, 98.8 MB, 3 dropped, 2,000 frames/s"
        );
    }
}
