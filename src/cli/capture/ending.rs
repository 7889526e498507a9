//! When capturing ends: by a signal, or because its time is over.

use super::now;
use crate::frame::Timestamp;
use crate::source::live::LEFT_OVER;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What a second Ctrl-C exits with: what shells say of a program that it ended.
const INTERRUPTED: i32 = 130;

/// When capturing ends.
pub(super) struct Ending {
    /// A signal asked for it.
    asked: Arc<AtomicBool>,
    /// A signal asked for the summary.
    report: Arc<AtomicBool>,
    began: Instant,
    lasts: Option<Duration>,
    /// When it was seen that the end has come: by the clock of frames, and by ours.
    seen: Option<(Timestamp, Instant)>,
}

impl Ending {
    /// Listens to signals from now on: SIGINT, SIGTERM and SIGHUP end capturing, the second of them at once; SIGUSR1 asks for the summary.
    pub(super) fn new(lasts: Option<Duration>) -> std::io::Result<Self> {
        let (asked, report) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: what the first one sets makes the second one exit.
            flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        flag::register(SIGUSR1, Arc::clone(&report))?;
        Ok(Self { asked, report, began: Instant::now(), lasts, seen: None })
    }

    /// Capturing begins: its time runs from now on.
    pub(super) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// Whether a signal asked for the end.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether the summary was asked for since this was asked last.
    pub(super) fn is_asked_to_report(&self) -> bool {
        self.report.load(Ordering::Relaxed) && self.report.swap(false, Ordering::Relaxed)
    }

    /// Looks whether the end has come: asked often, but not of every frame. Whether it came just now.
    pub(super) fn look(&mut self) -> bool {
        let over = self.lasts.is_some_and(|lasts| self.began.elapsed() >= lasts);
        let comes = self.seen.is_none() && (over || self.asked.load(Ordering::Relaxed));
        if comes {
            self.seen = Some((now(), Instant::now()));
        }
        comes
    }

    /// Whether a frame came behind the end.
    #[inline]
    pub(super) fn is_past(&self, time: impl FnOnce() -> Option<Timestamp>) -> bool {
        self.seen.is_some_and(|(end, _)| time().is_some_and(|time| time > end))
    }

    /// Whether the end has come, and what came before it was handed on: the kernel does that later.
    pub(super) fn has_come(&self) -> bool {
        self.seen.is_some_and(|(_, seen)| seen.elapsed() >= LEFT_OVER)
    }

    /// How long to wait for a frame, at most.
    pub(super) fn patience(&self, most: Duration) -> Duration {
        match (self.seen, self.lasts) {
            (Some((_, seen)), _) => LEFT_OVER.saturating_sub(seen.elapsed()),
            (None, Some(lasts)) => most.min(lasts.saturating_sub(self.began.elapsed())),
            (None, None) => most,
        }
    }
}
