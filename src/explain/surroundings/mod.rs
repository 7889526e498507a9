//! What is known of the networks around: from the host that captured, or inferred from what the frames show.

use super::{Notes, Scene};

/// What is known so far.
#[derive(Debug, Default)]
pub struct Surroundings;

impl Surroundings {
    /// Learns from a frame; called before any lesson looks at it.
    pub(super) fn learn(&mut self, scene: &Scene<'_>, notes: &mut Notes) {
        let _ = (scene, notes);
    }
}
