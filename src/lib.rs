//! wirelore reads what is on the wire and says what happened and why.
//!
//! Data runs one way, and a room may use the rooms to its left, never one to its right; `tests/all/house.rs` holds that.
//!
//! ```text
//! source -> frame -> dissect -> filter -> reassembly -> conversation -> explain -> diff -> render -> cli
//! ```
//!
//! - [`source`]: every input. pcap and pcapng, compressed or not, files and standard input; several files are one time line.
//! - [`frame`]: what a source lends: bytes with a time, a link type and two lengths, nothing decoded.
//! - [`host`]: what a machine knows of the network, as data, and where it would send a packet.
//! - [`dissect`]: from bytes to layers, and from a layer to its fields. One file a protocol, which claims its parents' numbers.
//! - [`filter`]: one language of tcpdump's words and Wireshark's fields, asked of the decoded frame.
//! - [`reassembly`]: from pieces that came in any order to the bytes that were sent; what overlaps is compared, a hole stays a hole.
//! - [`conversation`]: who talks to whom, what TCP did for them, and what they said.
//! - [`explain`]: what the evidence shows, as data: a rule, typed facts, and the frames that prove it.
//! - [`diff`]: what differs between captures, and why, as data: between two points of a way, or between two runs of one thing.
//! - [`render`]: the only room where text is made. One file a format: line, tree, bytes, JSON, columns, pcapng.
//! - [`cli`]: what was typed, what it means, and running it. Only here is anything printed, and only here is there a clock.
//!
//! Beside the rooms stand two that every room may ask: [`limits`], how much is believed and kept, and `nearest`, the word that somebody may
//! have meant.
//!
//! A capture through all of them:
//!
//! ```
//! use wirelore::conversation::NameWatch;
//! use wirelore::dissect::{Dissection, dissect};
//! use wirelore::explain::ChecksumWatch;
//! use wirelore::filter::Filter;
//! use wirelore::render::line::LineForm;
//! use wirelore::render::style::Palette;
//! use wirelore::render::time::{Clock, Precision, TimeForm};
//! use wirelore::source;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let filter = Filter::parse("tcp port 80 and http.request.method == \"GET\"")?;
//! let mut source = source::open("captures/http-geocode.pcapng".as_ref())?;
//! let mut line = LineForm::new(Clock::new(TimeForm::Without, Precision::Microseconds), Palette::plain(), false);
//! let mut names = NameWatch::default();
//! let (mut dissection, mut checksums, mut out) = (Dissection::default(), ChecksumWatch::default(), Vec::new());
//! while let Some(frame) = source.next_frame()? {
//!     dissect(&frame, &mut dissection);
//!     if filter.matches(&frame, &dissection) {
//!         let finding = checksums.observe(frame.data, frame.number, &dissection);
//!         line.write_frame(&mut out, &frame, &dissection, names.names(), finding.as_ref());
//!     }
//!     names.observe(frame.data, frame.number, &dissection);
//! }
//! assert!(String::from_utf8(out)?.contains("GET /maps/api/geocode/json?address=207+N.+Defiance+St"));
//! # Ok(())
//! # }
//! ```

pub mod cli;
pub mod conversation;
pub mod diff;
pub mod dissect;
pub mod explain;
pub mod filter;
pub mod frame;
pub mod host;
pub mod limits;
mod nearest;
pub mod reassembly;
pub mod render;
pub mod source;
