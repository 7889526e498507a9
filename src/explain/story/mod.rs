//! The story of a capture, as data: who is there, and what happened in order. Words are put on it by render.
//!
//! [`StoryWatch`] hears conversations and is shown every frame; [`StoryWatch::tell`] makes a [`Story`] of what it kept. What is wrong are the
//! notes of the lessons, which whoever tells the story has already. [`layers`] shows one exchange as the stack that it is.

mod advertisement;
mod air;
mod cast;
mod clock;
mod copies;
mod dialogue;
mod echoes;
mod event;
mod exchanges;
pub mod finder;
mod group;
pub mod layers;
mod lease6;
mod link;
mod machines;
mod neighbours;
mod passed;
mod report;
mod shelf;
pub mod stack;
mod tell;
mod vlans;
mod watch;
mod wrong;

pub use advertisement::Advertisement;
pub use air::{AccessPoint, Joining, Protection};
pub use cast::{HardwareAddress, Host, Role};
pub use clock::Clock;
pub use dialogue::{Dialogue, Line};
pub use event::{Asks, Event, Exchanged, Fragmented, Held, Hop, Lease, Objection, Opening, Ping, Resolution, Trace, What};
pub use group::{Detail, Group, groups};
pub use lease6::Lease6;
pub use machines::Machine;
pub use report::Report;
pub use tell::{Other, Span, Story, is_always_told, is_turned_away};
pub use watch::StoryWatch;
pub use wrong::Wrong;
