//! Bodies: what stands in a message behind its head, without the codings it was sent in, and as characters where it is text.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod charset;
pub mod decode;
mod keeper;
mod reading;
pub mod sniff;

pub use keeper::{Bodies, Break, Keeper, KeptBody, Taker, Wanted};
pub use reading::Reading;
