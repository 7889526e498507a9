//! DNS, and those who speak its language: questions and the answers to them.

mod framing;
mod lookup;
mod message;
#[cfg(test)]
mod tests;
mod watch;

pub use framing::Framing;
pub use lookup::{Answer, Lookup, Service};
pub use message::{Aliases, Asked, Data, Message, Record, Section, Text, kind};
pub use watch::{DnsWatch, describe, service};
