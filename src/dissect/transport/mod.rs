//! The transport layer.

pub mod tcp;
mod tcp_option;
pub mod udp;
