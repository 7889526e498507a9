//! One conversation, in the order in which it was said: as text, as hexadecimal, as JSON, or as the bytes alone.
//!
//! Each form takes what a [`crate::conversation::Listener`] is told, and appends what it makes of it at once: nothing grows with the
//! conversation. Lines of the conversation begin with `> ` for what the originator said and `< ` for the responder; lines of ours begin
//! with `-- `, which no conversation can do.

mod form;
pub mod hex;
pub mod json;
pub mod raw;
mod stream;
pub mod text;
mod voice;
mod words;

pub use form::FollowForm;
pub use words::Whose;

pub(super) use words::language_name;

#[cfg(test)]
mod tests;
