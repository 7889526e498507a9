//! Link layers: how a frame begins, and what stands between it and a packet.

pub mod chdlc;
pub mod cooked;
pub mod eap;
pub mod ethernet;
pub mod llc;
pub mod loopback;
pub mod ppp;
pub mod ppp_authentication;
pub mod ppp_control;
pub mod pppoe;
pub mod raw;
pub mod stp;
pub mod vlan;
