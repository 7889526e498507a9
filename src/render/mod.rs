//! Rendering: the only room where text is made. One file a format; each appends to a `Vec<u8>` that is reused from frame to frame and that
//! the caller writes out, so that the steady state allocates nothing.
//!
//! What comes from a packet becomes text through [`escape`] (for people) or as a JSON string (for programs), never in another way.

pub mod address;
pub mod bits;
pub mod conversation;
pub mod diff;
pub mod escape;
pub mod export;
pub mod fields;
pub mod filter_error;
pub mod follow;
pub mod har;
pub mod hexdump;
pub mod host;
pub mod http;
pub mod interfaces;
pub mod json;
pub mod lesson;
pub mod line;
pub mod name;
pub mod note;
pub mod number;
pub mod pcap;
pub mod pcapng;
pub mod sentence;
pub mod stop;
pub mod story;
pub mod style;
pub mod time;
pub mod tree;
pub mod value;
mod wrap;

use crate::dissect::Dissection;
use crate::explain::{Finding, Note};
use crate::frame::Frame;
use crate::reassembly::fragments::Fragment;

/// A frame, and what was found out about it: what a form shows.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The frame.
    pub frame: &'a Frame<'a>,
    /// Its layers.
    pub dissection: &'a Dissection,
    /// Its place in its datagram, where it is a fragment.
    pub fragment: Option<&'a Fragment>,
    /// A wrong checksum that nothing explains.
    pub finding: Option<&'a Finding>,
    /// The number of the conversation it belongs to, where somebody counted.
    pub conversation: Option<u64>,
    /// What is new with it.
    pub notes: &'a [Note],
}

#[cfg(test)]
mod damaged;
#[cfg(test)]
mod no_repeats;
#[cfg(test)]
mod sample;
