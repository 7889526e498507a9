//! Every input: where frames come from. A source lends one frame at a time and keeps what the capture says about its interfaces.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod administrator;
mod ahead;
mod batch;
mod buffer;
mod bytes;
mod compression;
mod damage;
mod error;
mod file;
mod held;
mod kind;
pub mod live;
mod merge;
mod meter;
pub mod ordered;
mod other;
mod patient;
mod pcap;
mod pcapng;
#[cfg(target_os = "linux")]
pub mod privilege;
#[cfg(test)]
mod properties;
#[cfg(target_os = "linux")]
mod ring;
#[cfg(test)]
mod samples;

pub use ahead::ahead;
pub use error::{Part, SourceError};
pub use file::{STANDARD_INPUT, open, open_all, open_all_metered};
pub use kind::from_reader;
pub use merge::merge;
pub use meter::Meter;

use crate::frame::{Frame, LinkType, Timestamp};
use std::net::IpAddr;

/// What a capture says about an interface it was made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name, where the capture says one; bytes, because nothing promises that they are UTF-8.
    pub name: Option<Vec<u8>>,
    /// How the first bytes of its frames are to be read.
    pub link_type: LinkType,
    /// The most bytes that were kept of a frame; 0 for no limit.
    pub snap_length: u32,
    /// Its pcapng options (code and bytes), the name among them; of pcap the time resolution, where it is nanoseconds. Numbers are little
    /// endian, whatever the file has.
    pub options: Vec<(u16, Vec<u8>)>,
    /// What the capture says was counted on it; known when its end was read.
    pub statistics: Statistics,
}

/// What a pcapng interface statistics block counts, of what it says the last time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// When capturing began on it (`isb_starttime`).
    pub began: Option<Timestamp>,
    /// When it ended (`isb_endtime`).
    pub ended: Option<Timestamp>,
    /// Frames that came (`isb_ifrecv`).
    pub received: Option<u64>,
    /// Frames that the interface dropped for lack of room (`isb_ifdrop`).
    pub dropped_by_interface: Option<u64>,
    /// Frames that the operating system dropped (`isb_osdrop`).
    pub dropped_by_system: Option<u64>,
}

/// A name that the capture itself gives to an address (a pcapng name resolution block).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRecord {
    /// The address.
    pub address: IpAddr,
    /// Its name, as bytes.
    pub name: Vec<u8>,
}

/// Where frames come from. It may be handed to another thread.
pub trait Source: Send {
    /// Goes on to the next frame; `false` at the end.
    ///
    /// # Errors
    /// What is wrong with the input, and where. After an error there are no further frames: the next call says `false`.
    fn advance(&mut self) -> Result<bool, SourceError>;

    /// The frame that the last [`Source::advance`] went to, lent until the next one.
    fn frame(&self) -> Frame<'_>;

    /// What the capture says of itself: the options (code and bytes) of its first pcapng section. 1 is a comment, 2 the hardware, 3 the operating
    /// system and 4 the program that captured, all of them text.
    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        &[]
    }

    /// The interfaces that were described so far; a frame's [`crate::frame::InterfaceId`] is a place in this list.
    fn interfaces(&self) -> &[Interface];

    /// The names that the capture gave so far.
    fn names(&self) -> &[NameRecord];

    /// What was wrong so far without keeping the rest from being read: to be told at the end, as an error is.
    fn damage(&self) -> Vec<&SourceError> {
        Vec::new()
    }

    /// Whether the next frame is there already, so that going on to it waits for nobody. `false` where that is not known.
    fn has_more_at_hand(&self) -> bool {
        false
    }

    /// The next frame, or `None` at the end.
    ///
    /// # Errors
    /// As [`Source::advance`].
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, SourceError> {
        Ok(if self.advance()? { Some(self.frame()) } else { None })
    }
}
