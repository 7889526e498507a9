//! Showing frames as far apart as they were.

use super::output::Output;
use crate::frame::Timestamp;
use std::time::{Duration, Instant};

/// When each frame is due, by when the first one was shown.
pub(super) struct Pace {
    speed: f64,
    began: Option<(Instant, Timestamp)>,
}

impl Pace {
    /// So many times as fast as it happened.
    pub(super) fn new(speed: f64) -> Self {
        Self { speed, began: None }
    }

    /// Waits until it is this frame's turn; what was shown before is on the screen by then.
    pub(super) fn wait(&mut self, timestamp: Option<Timestamp>, out: &mut Output) -> anyhow::Result<()> {
        let Some(timestamp) = timestamp else { return Ok(()) };
        let (instant, first) = *self.began.get_or_insert_with(|| (Instant::now(), timestamp));
        let after = Duration::from_nanos(u64::try_from(timestamp.since(first)).unwrap_or_default());
        let due = after.div_f64(self.speed).saturating_sub(instant.elapsed());
        if !due.is_zero() {
            out.flush()?;
            std::thread::sleep(due);
        }
        Ok(())
    }
}
