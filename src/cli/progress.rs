//! The line on a terminal that says how far a long reading is: after a second, on standard error, and gone at the end.

use super::output;
use crate::frame::Frame;
use crate::render::sentence::Grouped;
use crate::source::{self, Interface, Meter, NameRecord, Source, SourceError};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often the line is written anew; the first time after as long.
const EACH: Duration = Duration::from_secs(1);
/// Of how many frames one looks at the clock.
const LOOK: u64 = 1024;

/// Captures of fewer bytes are read before it is known how many cores there are.
const LONG: u64 = 1 << 19;

/// The one line that there is.
static LINE: Mutex<Line> = Mutex::new(Line { readings: 0, began: None, written: None, size: 0, read: 0, frames: 0, stands: false });

/// Opens captures as one time line. Where they are files and somebody sees it, a line tells how far they are.
///
/// # Errors
/// As [`source::open_all`].
pub(super) fn open_all(paths: &[impl AsRef<Path>]) -> Result<Box<dyn Source>, SourceError> {
    open(paths, |source, _| source)
}

/// The same for captures that are all that is read: another core reads them ahead, where there is one and that gains.
///
/// # Errors
/// As [`source::open_all`].
pub(super) fn open_all_ahead(paths: &[impl AsRef<Path>]) -> Result<Box<dyn Source>, SourceError> {
    let has_another_core = || thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    // What is no file may come from somebody who waits to see what becomes of it.
    open(paths, |source, size| if size.is_some_and(|size| size >= LONG) && has_another_core() { source::ahead(source) } else { source })
}

fn open(
    paths: &[impl AsRef<Path>],
    arrange: impl FnOnce(Box<dyn Source>, Option<u64>) -> Box<dyn Source>,
) -> Result<Box<dyn Source>, SourceError> {
    let size: Option<u64> =
        paths.iter().map(|path| path.as_ref().metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len())).sum();
    let Some(told) = size.filter(|_| is_seen()) else { return Ok(arrange(source::open_all(paths)?, size)) };
    let meter = Meter::default();
    let inner = arrange(source::open_all_metered(paths, &meter)?, size);
    line().enter(told, Instant::now());
    Ok(Box::new(Reading { inner, meter, size: told, told: (0, 0), frames: 0 }))
}

/// Removes the line: something else is to be shown. It comes again with the next look.
pub(super) fn clear() {
    if line().clear() {
        write("\r\x1b[K");
    }
}

/// Whether standard error is a terminal, and nothing else is shown there by another program: a pager is one.
fn is_seen() -> bool {
    std::io::stderr().is_terminal() && !output::is_pipe()
}

fn line() -> MutexGuard<'static, Line> {
    // What another thread left is a line of text, whole or not.
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(text: &str) {
    // Nobody is left to be told where standard error is closed.
    let _unheard = std::io::stderr().write_all(text.as_bytes());
}

/// What is read at the same time is told in one line.
struct Line {
    readings: u64,
    began: Option<Instant>,
    written: Option<Instant>,
    /// How large the files are that are being read, and how many bytes and frames of them were read.
    size: u64,
    read: u64,
    frames: u64,
    stands: bool,
}

impl Line {
    fn enter(&mut self, size: u64, now: Instant) {
        if self.readings == 0 {
            (self.began, self.written) = (Some(now), Some(now));
        }
        self.readings += 1;
        self.size += size;
    }

    fn leave(&mut self, size: u64, (read, frames): (u64, u64)) {
        self.readings -= 1;
        self.size -= size;
        self.read -= read;
        self.frames -= frames;
    }

    fn add(&mut self, (read, frames): (u64, u64)) {
        self.read += read;
        self.frames += frames;
    }

    /// The line, where it is time to write it.
    fn due(&mut self, now: Instant) -> Option<String> {
        let (began, written) = (self.began?, self.written?);
        if now.duration_since(written) < EACH {
            return None;
        }
        (self.written, self.stands) = (Some(now), true);
        Some(text(self.read, self.size, self.frames, now.duration_since(began)))
    }

    fn clear(&mut self) -> bool {
        std::mem::take(&mut self.stands)
    }
}

/// `38 % of 1.4 GB, 3,400,000 frames, 1,234,567 frames/s, 12 s left`
fn text(read: u64, size: u64, frames: u64, since: Duration) -> String {
    // A file may have grown since it was opened.
    let (read, seconds) = (read.min(size), since.as_secs_f64().max(0.001));
    let percent = (read * 100).checked_div(size).unwrap_or(100);
    let rate = Grouped((frames as f64 / seconds) as u64);
    let mut text = format!("{percent} % of {}, {} frames, {rate} frames/s", size_in_words(size), Grouped(frames));
    if read > 0 {
        text += &format!(", {} left", duration(seconds * (size - read) as f64 / read as f64));
    }
    text
}

/// A size as people say it, in steps of a thousand.
pub(super) fn size_in_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes as f64 / 1_000.0, 0);
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS.get(unit).unwrap_or(&""))
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

/// A source of which it is told how far it is.
struct Reading {
    inner: Box<dyn Source>,
    meter: Meter,
    size: u64,
    /// How many bytes and frames the line knows of.
    told: (u64, u64),
    frames: u64,
}

impl Reading {
    fn look(&mut self) {
        let now = (self.meter.bytes(), self.frames);
        let new = (now.0 - self.told.0, now.1 - self.told.1);
        self.told = now;
        let mut line = line();
        line.add(new);
        if let Some(text) = line.due(Instant::now()) {
            write(&format!("\r{text}\x1b[K"));
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        clear();
        line().leave(self.size, self.told);
    }
}

impl Source for Reading {
    fn advance(&mut self) -> Result<bool, SourceError> {
        self.frames += 1;
        if self.frames.is_multiple_of(LOOK) {
            self.look();
        }
        self.inner.advance()
    }

    fn frame(&self) -> Frame<'_> {
        self.inner.frame()
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        self.inner.section_options()
    }

    fn interfaces(&self) -> &[Interface] {
        self.inner.interfaces()
    }

    fn names(&self) -> &[NameRecord] {
        self.inner.names()
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.inner.damage()
    }

    fn has_more_at_hand(&self) -> bool {
        self.inner.has_more_at_hand()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_bytes_frames_the_rate_and_the_time_left() {
        let second = Duration::from_secs(1);
        assert_eq!(text(380, 1_000, 1_234, second), "38 % of 1.0 kB, 1,234 frames, 1,234 frames/s, 2 s left");
        assert_eq!(text(1_000_000, 3_600_000_000, 2_000_000, 2 * second), "0 % of 3.6 GB, 2,000,000 frames, 1,000,000 frames/s, 2 h left");
        assert_eq!(text(0, 50_000_000, 0, second), "0 % of 50.0 MB, 0 frames, 0 frames/s");
        assert_eq!(text(30_000_000, 20_000_000, 7, second), "100 % of 20.0 MB, 7 frames, 7 frames/s, 0 s left");
        assert_eq!([99.0, 100.0, 5_999.0, 5_999.5].map(duration), ["99 s", "2 min", "100 min", "2 h"]);
        assert_eq!(
            [0, 999, 999_949, 999_950, 5_000_000_000_000_000].map(size_in_words),
            ["0.0 kB", "1.0 kB", "999.9 kB", "1.0 MB", "5000.0 TB"]
        );
    }

    #[test]
    fn it_is_written_after_a_second_and_what_is_read_at_once_is_one_line() {
        let mut line = Line { readings: 0, began: None, written: None, size: 0, read: 0, frames: 0, stands: false };
        let (began, second) = (Instant::now(), Duration::from_secs(1));
        line.enter(1_000, began);
        line.enter(3_000, began + second / 2);
        line.add((1_000, 10));
        assert_eq!(line.due(began + second / 2), None);
        assert!(!line.clear());
        assert_eq!(line.due(began + second).as_deref(), Some("25 % of 4.0 kB, 10 frames, 10 frames/s, 3 s left"));
        assert_eq!(line.due(began + second * 3 / 2), None);
        assert!(line.clear() && !line.clear());
        line.leave(1_000, (1_000, 10));
        assert_eq!(line.due(began + 2 * second).as_deref(), Some("0 % of 3.0 kB, 0 frames, 0 frames/s"));
    }
}
