//! Dissecting: from a frame's bytes to its layers, and from a layer to its fields.
//!
//! There are two speeds. [`dissect`] only finds where each layer starts, ends and what comes next, and fills the summaries that later
//! rooms need ([`Network`], [`Transport`]). [`View::describe`] gives a layer's fields when somebody asks for them. Neither allocates.
//!
//! A protocol is one file that declares a [`Protocol`], and one line in [`registry::PROTOCOLS`]. It claims its parents' numbers; a parent
//! knows no child. Layers are a list, so a tunnel is just more layers. A damaged layer is a value, [`Stop`]: what was before it stays.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

#[macro_use]
mod field;
pub mod application;
pub mod checksum;
mod cursor;
mod describe;
mod layer;
pub mod link;
pub mod network;
mod protocol;
pub mod registry;
#[cfg(test)]
pub(crate) mod testing;
pub mod transport;
pub mod tunnel;
mod walk;

pub use checksum::{Checksum, Status};
pub use cursor::Cursor;
use describe::describe_bytes;
pub use describe::{Describe, View};
pub use field::{Field, FieldSink, Kind, Names, Span, Value};
pub use layer::{Dissection, FragmentPart, Layer, Network, Stop, StopReason, Tcp, Transport};
pub use protocol::{Guess, Next, Protocol, Selector};
pub use walk::{Walk, dissect, dissect_bytes};
