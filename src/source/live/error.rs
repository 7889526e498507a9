//! Why nothing can be captured, or no longer.

#[cfg(target_os = "linux")]
use crate::source::privilege::Denial;
use std::io;

/// Why nothing can be captured, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no such interface.
    #[error("{}: there is no such interface{}", shown(name), meant(nearest.as_deref(), there))]
    NoSuchInterface {
        /// The name that was given.
        name: String,
        /// The one whose name is nearly the same.
        nearest: Option<String>,
        /// All that there are, and the name that stands for all of them.
        there: Vec<String>,
    },
    /// The interface is switched off.
    #[error("{name}: the interface is down")]
    Down {
        /// Its name.
        name: String,
    },
    /// There is no interface at all.
    #[error("there is no interface that is up; `wirelore interfaces` lists all of them")]
    NoInterface,
    /// This user may not capture.
    #[cfg(target_os = "linux")]
    #[error("{name}: capturing is not allowed: {denial}")]
    Denied {
        /// The interface.
        name: String,
        /// Why not, and what allows it.
        denial: Denial,
    },
    /// The backend is not there on this system.
    #[error("the ring is a way of Linux alone; use --backend pnet")]
    NoRing,
    /// All interfaces at once cannot be had on this system.
    #[error("{}: all interfaces at once take the ring of Linux (--backend ring); name each: -i NAME -i NAME", super::ANY)]
    NoAny,
    /// The kernel refused.
    #[error("{name}: {what}: {source}")]
    Kernel {
        /// The interface.
        name: String,
        /// What it was asked for.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The interface was switched off, or went away, while frames were captured from it.
    #[error("{name}: the interface {}; no more frames come from it", if *.gone { "went away" } else { "went down" })]
    Ended {
        /// Its name.
        name: String,
        /// Whether it is there no longer.
        gone: bool,
    },
}

/// A name, which may be nothing.
fn shown(name: &str) -> &str {
    if name.is_empty() { "-i ''" } else { name }
}

fn meant(nearest: Option<&str>, there: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean {nearest}?"),
        None => format!("; there are {} (`wirelore interfaces`)", there.join(", ")),
    }
}
