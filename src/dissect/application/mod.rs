//! What applications say, as far as one frame shows it.

pub mod dhcp;
pub mod dhcpv6;
pub mod dns;
pub mod http;
pub mod nbns;
pub mod ntp;
pub mod payload;
pub mod quic;
pub mod syslog;
pub mod text_line;
pub mod tftp;
pub mod tls;
