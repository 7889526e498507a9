//! The transport layer.

pub mod sctp;
pub mod tcp;
mod tcp_option;
pub mod udp;
