//! What differs between captures, and why, as data: `wirelore diff`.
//!
//! Two questions are asked of two captures. *Points*: the same traffic, captured at two places of its way; what was lost, added and
//! changed between them? *Runs*: the same thing, done twice; what came out otherwise, and where does it begin?
//!
//! - [`point`] keeps of each packet what a router does not change, and what it does: 80 bytes, whatever the packet's length.
//! - [`pairing`] finds the packets of one point at the other.
//! - [`hop`] tells what happened between two points; [`path`] puts hops together.
//! - [`runs`] gathers what each of two captures did, and compares that.
//! - [`question`] sees which of the two is asked.
//! - [`order`] sees whether a capture's frames follow each other by their times.

mod change;
mod digest;
pub mod hop;
pub mod order;
pub mod pairing;
pub mod path;
mod places;
pub mod point;
pub mod question;
pub mod runs;
mod selection;

pub use change::{Cause, Change, PacketField, Toward, Value};
pub use digest::{Digest, Digester};
pub use selection::{Selection, UnknownName};
