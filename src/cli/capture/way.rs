//! The way of a live frame: straight into a file where nobody is to look at it, else through the pipeline of `read`.

use super::recorder::Shared;
use super::sieve::Sieve;
use crate::cli::Outcome;
use crate::cli::pipeline::Pipeline;
use crate::frame::Timestamp;
use crate::source::Source;
use crate::source::live::{Counters, LiveSource};

/// The way of a live frame.
pub(super) enum Way {
    /// Into a file as it is: the kernel decided already which frames pass.
    Straight {
        /// The file.
        recorder: Shared,
        /// How many frames are taken at most.
        count: u64,
        /// How many were.
        taken: u64,
    },
    /// Decoded, filtered and shown.
    Pipeline {
        /// What asks whole frames, where they are cut behind that.
        sieve: Option<Box<Sieve>>,
        /// The rest.
        pipeline: Box<Pipeline>,
    },
}

impl Way {
    /// Whether as many frames passed as are wanted.
    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Straight { count, taken, .. } => taken >= count,
            Self::Pipeline { pipeline, .. } => pipeline.is_done(),
        }
    }

    /// How many frames passed.
    pub(super) fn passed(&self) -> u64 {
        match self {
            Self::Straight { taken, .. } => *taken,
            Self::Pipeline { pipeline, .. } => pipeline.shown(),
        }
    }

    /// Takes the frame that the source lends.
    #[inline]
    pub(super) fn take(&mut self, source: &LiveSource) -> anyhow::Result<()> {
        match self {
            Self::Straight { recorder, taken, .. } => {
                *taken += 1;
                recorder.borrow_mut().write(&source.frame(), source.interfaces(), &[])
            }
            Self::Pipeline { sieve: None, pipeline } => pipeline.take(source),
            Self::Pipeline { sieve: Some(sieve), pipeline } => sieve.take(&source.frame(), &mut |frame| pipeline.take_frame(frame, source)),
        }
    }

    /// Nothing more is at hand: shows what waits for nothing else, `at_once` where somebody looks on.
    pub(super) fn settle(&mut self, at_once: bool) -> anyhow::Result<()> {
        match self {
            Self::Straight { .. } => Ok(()),
            Self::Pipeline { pipeline, .. } => pipeline.settle(at_once),
        }
    }

    /// Nothing came for a while.
    pub(super) fn rest(&mut self, now: Timestamp, source: &LiveSource) -> anyhow::Result<()> {
        match self {
            Self::Straight { recorder, .. } => recorder.borrow_mut().flush(),
            Self::Pipeline { sieve, pipeline } => {
                if let Some(sieve) = sieve {
                    sieve.let_go(Some(now), &mut |frame| pipeline.take_frame(frame, source))?;
                }
                pipeline.let_go(Some(now), source)?;
                pipeline.settle(true)
            }
        }
    }

    /// Ends it. Returns how many frames passed as well.
    pub(super) fn finish(self, source: &LiveSource, damage: Vec<String>, counted: Counters) -> anyhow::Result<(Outcome, u64)> {
        match self {
            Self::Straight { taken, .. } => {
                let outcome = if damage.is_empty() { Outcome::Done } else { Outcome::Damaged };
                damage.iter().for_each(|message| crate::cli::say(message));
                Ok((outcome, taken))
            }
            Self::Pipeline { sieve, mut pipeline } => {
                if let Some(mut sieve) = sieve {
                    sieve.finish(&mut |frame| pipeline.take_frame(frame, source))?;
                }
                pipeline.finish(source, damage, Some(counted))
            }
        }
    }
}
