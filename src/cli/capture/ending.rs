//! When capturing ends: by a signal, or because its time is over.

use super::{hangup, now};
use crate::frame::Timestamp;
use crate::source::live::LEFT_OVER;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// What a second Ctrl-C exits with: what shells say of a program that it ended.
const INTERRUPTED: i32 = 130;

/// When capturing ends.
pub(super) struct Ending {
    /// A signal asked for it.
    asked: Arc<AtomicBool>,
    /// When a signal asked for it.
    came: Arc<OnceLock<Timestamp>>,
    /// Where signals that ask for it are told, until somebody waits for that.
    #[cfg(unix)]
    told: Option<std::io::PipeReader>,
    /// A signal asked for the summary.
    report: Arc<AtomicBool>,
    began: Instant,
    lasts: Option<Duration>,
    /// When it will be over, by the clock of frames.
    due: Option<Timestamp>,
    /// When it was seen that the end has come: by the clock of frames, and by ours.
    seen: Option<(Timestamp, Instant)>,
}

impl Ending {
    /// Listens to signals from now on: SIGINT, SIGTERM and SIGHUP end capturing, the second of them at once; SIGUSR1 asks for the summary.
    /// A SIGHUP that was ignored when the program began stays so.
    pub(super) fn new(lasts: Option<Duration>) -> std::io::Result<Self> {
        let (asked, report) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        #[cfg(unix)]
        let (told, tells) = std::io::pipe()?;
        for signal in [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| *signal != SIGHUP || !hangup::is_ignored()) {
            // In this order: what the first one sets makes the second one exit.
            flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
            #[cfg(unix)]
            signal_hook::low_level::pipe::register(signal, tells.try_clone()?)?;
        }
        flag::register(SIGUSR1, Arc::clone(&report))?;
        Ok(Self {
            asked,
            came: Arc::new(OnceLock::new()),
            #[cfg(unix)]
            told: Some(told),
            report,
            began: Instant::now(),
            lasts,
            due: None,
            seen: None,
        })
    }

    /// Capturing begins: its time runs from now on. Privileges are given up: a thread begins, which looks at the clock when a signal comes.
    /// Who takes frames may be held up by whoever reads them, and see much later that it came.
    pub(super) fn begin(&mut self) {
        self.began = Instant::now();
        self.due = self.lasts.map(from_now);
        #[cfg(unix)]
        if let Some(mut told) = self.told.take() {
            let came = Arc::clone(&self.came);
            let waits = move || {
                if std::io::Read::read(&mut told, &mut [0]).is_ok() {
                    came.get_or_init(now);
                }
            };
            // Where there is no thread it came when it is seen.
            let _not_begun = std::thread::Builder::new().name("wirelore-signals".to_owned()).spawn(waits);
        }
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
        let end = if self.seen.is_none() { self.asked_end() } else { None };
        self.seen = self.seen.or_else(|| end.map(|end| (end, Instant::now())));
        end.is_some()
    }

    /// The end that was asked for, where it has come.
    fn asked_end(&self) -> Option<Timestamp> {
        let over = self.lasts.and_then(|lasts| self.began.elapsed().checked_sub(lasts)).map(before_now);
        let asked = self.asked.load(Ordering::Relaxed).then(|| self.came.get().copied().unwrap_or_else(now));
        over.into_iter().chain(asked).min_by_key(|end| end.nanoseconds())
    }

    /// When the end came: now, where nothing asked for it.
    pub(super) fn end(&self) -> Timestamp {
        self.seen.map(|(end, _)| end).or_else(|| self.asked_end()).unwrap_or_else(now)
    }

    /// Whether a frame came behind the end. The end may have come since this was asked for the last frame: a full pipe holds up who writes.
    #[inline]
    pub(super) fn is_past(&self, time: impl FnOnce() -> Option<Timestamp>) -> bool {
        match self.seen {
            Some((end, _)) => time().is_some_and(|time| time > end),
            None if self.due.is_none() && self.came.get().is_none() => false,
            // Clocks of the day are set: that of the machine decides.
            None => time().is_some_and(|time| {
                let may_be = self.came.get().is_some() || self.due.is_some_and(|due| time > due);
                may_be && self.asked_end().is_some_and(|end| time > end)
            }),
        }
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

/// The time so long ago.
fn before_now(ago: Duration) -> Timestamp {
    Timestamp::from_nanoseconds(now().nanoseconds().saturating_sub(nanoseconds(ago)))
}

/// The time so far ahead.
fn from_now(ahead: Duration) -> Timestamp {
    Timestamp::from_nanoseconds(now().nanoseconds().saturating_add(nanoseconds(ahead)))
}

fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
