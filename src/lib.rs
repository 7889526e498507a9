//! wirelore reads what is on the wire and says what happened and why.
//!
//! The house: data runs one way, and a room may use the rooms to its left, never one to its right.
//!
//! ```text
//! source -> frame -> dissect -> filter -> explain -> render -> cli
//! ```

pub mod cli;
pub mod dissect;
pub mod explain;
pub mod filter;
pub mod frame;
pub mod render;
pub mod source;
