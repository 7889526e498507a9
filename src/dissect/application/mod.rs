//! What applications say, as far as one frame shows it.

pub mod dhcp;
pub mod dhcpv6;
pub mod dns;
pub mod http;
pub mod payload;
pub mod tls;
