//! What an address is: by the registries, by its form, by its bits, and by who gave it out. And lessons on addresses: what kind each is, and
//! where it has no meaning.

pub mod embedded;
pub mod hardware;
pub mod kind;
pub mod multicast;
pub mod prefix;
pub mod special;
pub mod vendor;
pub mod written;

pub use kind::{Kind, kind};
pub use prefix::{Comparison, Subnet, bits, common_bits, same_subnet};
pub use special::{Purpose, Special, special};

use super::scene::Lessons;
use super::{Rule, Stated, Tell};

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum AddressFacts {}

impl Stated for AddressFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct AddressWatch;

impl Lessons for AddressWatch {}
