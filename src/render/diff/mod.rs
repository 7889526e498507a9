//! What differs between captures, in words and as JSON.

pub mod points;
pub mod runs;
