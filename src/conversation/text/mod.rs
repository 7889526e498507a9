//! Dialogues: conversations held in lines of text, read as what they are. Mail, file transfer, chat and Telnet.
//!
//! [`Dialogue`] takes the pieces of both streams and tells what was said: each line once it is whole, with the command or the reply that it
//! is; what is handed over between commands; what Telnet says about the connection itself. What is in no language that it knows, and what
//! is encrypted, is told as bytes and records. Every byte is told, in its side's order.

mod authentication;
pub mod base64;
mod chat;
mod dialogue;
mod mail_access;
mod numbered;
mod post_office;
mod recognize;
mod records;
mod said;
mod turn;

pub mod telnet;
#[cfg(test)]
mod tests;

pub use dialogue::Dialogue;
pub use said::{Aside, Language, Record, Said, Utterance};
