//! Link layers: how a frame begins, and what stands between it and a packet.

pub mod cooked;
pub mod ethernet;
pub mod llc;
pub mod loopback;
pub mod raw;
pub mod stp;
pub mod vlan;
