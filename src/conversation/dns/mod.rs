//! DNS, and those who speak its language: questions and the answers to them.

mod message;

pub use message::{Aliases, Asked, Data, Message, Record, Section, Text, kind};
