//! Link layers: how a frame begins, and what stands between it and a packet.

pub mod ethernet;
pub mod raw;
