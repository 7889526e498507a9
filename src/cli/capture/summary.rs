//! What was captured and what was lost, said on standard error.

use super::super::say;
use crate::cli::arguments::CaptureArguments;
use crate::source::live::{Counters, LiveSource};
use std::time::Instant;

/// What was captured and what was lost.
pub(super) struct Summary {
    interfaces: String,
    began: Instant,
    silent: bool,
}

impl Summary {
    pub(super) fn new(arguments: &CaptureArguments, interfaces: &[String]) -> Self {
        Self { interfaces: interfaces.join(", "), began: Instant::now(), silent: arguments.no_summary }
    }

    /// Says that it begins.
    pub(super) fn begin(&self) {
        if !self.silent {
            say(&format!("capturing on {}; Ctrl-C ends it", self.interfaces));
        }
    }

    /// Says what was counted so far.
    pub(super) fn say(&self, source: &mut LiveSource) {
        if self.silent {
            return;
        }
        let mut all = Counters::default();
        for counted in source.counters() {
            all.received += counted.received;
            all.dropped += counted.dropped;
            all.read += counted.read;
        }
        let unread = all.received.saturating_sub(all.dropped).saturating_sub(all.read);
        say(&format!(
            "{} captured on {} in {:.1} s; {} received by the filter, {} dropped by the kernel, {unread} not read",
            frames(all.read),
            self.interfaces,
            self.began.elapsed().as_secs_f64(),
            all.received,
            all.dropped,
        ));
    }
}

fn frames(count: u64) -> String {
    if count == 1 { "1 frame".to_owned() } else { format!("{count} frames") }
}
