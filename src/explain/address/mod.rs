//! What an address is: by the registries, by its form, by its bits, and by who gave it out. And lessons on addresses: what kind each is, and
//! where it has no meaning.

pub mod embedded;
pub mod facts;
pub mod hardware;
pub mod kind;
pub mod multicast;
pub mod prefix;
pub mod special;
mod translated;
pub mod vendor;
mod watch;
pub mod written;

pub use kind::{Kind, kind};
pub use prefix::{Comparison, Subnet, bits, common_bits, same_subnet};
pub use special::{Purpose, Special, special};

pub use facts::AddressFacts;
pub(super) use facts::RULES;
pub(super) use watch::AddressWatch;
