//! Conversations: who talks to whom, in both directions, and what they say.
//!
//! [`Conversations`] takes every frame, finds the conversation that it belongs to, keeps what is counted about it, puts TCP's segments in
//! order, and tells a [`Listener`] what was said as it becomes certain. What applications say (HTTP, DNS, TLS, lines of text) is read by
//! listeners; each is a room of its own below this one.

pub mod application;
pub mod body;
mod by_conversation;
mod departures;
pub mod dns;
mod expected;
pub mod http1;
mod key;
mod late;
mod latest;
mod listener;
pub mod names;
mod received;
mod recent;
mod record;
mod scattered;
mod table;
mod tcp;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod text;
pub mod tls;

pub(crate) use by_conversation::ByConversation;
pub(crate) use latest::Latest;
pub use listener::{Listener, Side};
pub use names::{NameSource, NameWatch, Names};
pub use recent::Original;
pub use record::{Conversation, Count, Endpoint, Incidents, Kind, Sent, State};
pub use table::{Belongs, Conversations, Packet, PutAway};
pub use tcp::{Remark, Segment};
