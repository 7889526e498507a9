//! What applications say, as far as one frame shows it.

pub mod http;
pub mod payload;
