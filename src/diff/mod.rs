//! What differs between captures, and why, as data: `wirelore diff`.
//!
//! Two questions are asked of two captures. *Points*: the same traffic, captured at two places of its way; what was lost, added and
//! changed between them? *Runs*: the same thing, done twice; what came out otherwise, and where does it begin?

mod change;
mod digest;
mod selection;

pub use change::{Cause, Change, PacketField, Toward, Value};
pub use digest::{Digest, Digester};
pub use selection::{Selection, UnknownName};
