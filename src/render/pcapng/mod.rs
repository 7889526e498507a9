//! Captures as pcapng: what `-w` writes, one little-endian section with each interface described where its first frame comes.
//!
//! Times are written in the interface's own resolution where that is a power of ten and can tell them, else in nanoseconds; lengths, packet
//! options, names and what the capture says of itself stay as they came. A frame without a time becomes a simple packet block where that can
//! say all there is to say (the first interface, no options, cut at the snap length only); elsewhere it gets the time 0, for no other block can
//! go without.

mod clock;
mod options;
mod plain;
mod statistics;

#[cfg(test)]
mod tests;

use crate::frame::{Frame, InterfaceId, Timestamp};
use crate::host::{Host, capture};
use crate::source::{Interface, NameRecord, Statistics};
use clock::Clock;
use options::Options;
use pcap_file::Endianness;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::{PcapNgWriteError, PcapNgWriter, RawBlock};
pub use statistics::Counted;
use std::borrow::Cow;
use std::io::{self, Write};
use std::net::IpAddr;

/// Kinds of block.
mod kind {
    pub(super) const INTERFACE: u32 = 1;
    pub(super) const SIMPLE_PACKET: u32 = 3;
    pub(super) const NAMES: u32 = 4;
    pub(super) const STATISTICS: u32 = 5;
    pub(super) const ENHANCED_PACKET: u32 = 6;
}

/// How many of the bytes of a capture are whole blocks where it ends behind so many, and how many packets these hold. It must begin with a
/// block, as what is written here does.
#[must_use]
pub fn whole(capture: &[u8], end: usize) -> (usize, u64) {
    let (mut length, mut packets) = (0, 0);
    while let Some(header) = capture.get(length..).and_then(|rest| rest.first_chunk::<8>()) {
        let [a, b, c, d, size @ ..] = *header;
        let next = length.saturating_add(u32::from_le_bytes(size).max(12) as usize);
        if next > end {
            break;
        }
        packets += u64::from([kind::SIMPLE_PACKET, kind::ENHANCED_PACKET].contains(&u32::from_le_bytes([a, b, c, d])));
        length = next;
    }
    (length, packets)
}

/// How many names one block holds.
const NAMES_A_BLOCK: usize = 1_000;

/// Writes frames as pcapng. It writes small pieces: give it a [`std::io::BufWriter`].
pub struct PcapngWriter<W: Write> {
    writer: PcapNgWriter<W>,
    /// For each interface of the source, the clocks it was described with, and its number then.
    described: Vec<Vec<(Clock, u32)>>,
    /// For each interface of the source whose own times are nanoseconds, its number once it is described: asked for every frame.
    precise: Vec<Option<u32>>,
    interfaces: u32,
    /// The snap length of the first described interface, the one that simple packet blocks are of.
    snap_length: u32,
    names: usize,
    /// The machine that the capture was made on, where it is known.
    host: Option<Host>,
    /// What the section is to say and has no room for: comments of the first interface.
    surplus: Vec<String>,
    body: Vec<u8>,
}

impl<W: Write> PcapngWriter<W> {
    /// Begins a capture: writes its section header, with what the source says of itself ([`crate::source::Source::section_options`]).
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(writer: W, section_options: &[(u16, Vec<u8>)]) -> io::Result<Self> {
        Self::begin(writer, options::of_section(section_options), Vec::new())
    }

    /// The same for a pipe: its section header has 2,048 bytes at most, for dumpcap, which reads pipes for Wireshark and tshark, has room for no
    /// more and crashes (4.0). What the section says beyond that stands in comments of the first interface, whose description may be of any length.
    ///
    /// # Errors
    /// Writing failed.
    pub fn for_pipe(writer: W, section_options: &[(u16, Vec<u8>)]) -> io::Result<Self> {
        let (kept, surplus) = options::of_short_section(section_options);
        Self::begin(writer, kept, surplus)
    }

    fn begin(writer: W, options: Vec<SectionHeaderOption<'_>>, surplus: Vec<String>) -> io::Result<Self> {
        let section = SectionHeaderBlock { endianness: Endianness::Little, options, ..Default::default() };
        let writer = PcapNgWriter::with_section_header(writer, section).map_err(failure)?;
        Ok(Self {
            writer,
            described: Vec::new(),
            precise: Vec::new(),
            interfaces: 0,
            snap_length: 0,
            names: 0,
            host: None,
            surplus,
            body: Vec::new(),
        })
    }

    /// Goes on, before the first frame, with what is known of the machine that the capture was made on: its names are written, and each of its interfaces is described
    /// with its addresses. The section's own options are to hold the rest ([`capture::section_options`]).
    ///
    /// # Errors
    /// Writing failed.
    pub fn begin_host(&mut self, host: Host) -> io::Result<()> {
        for block in capture::names(&host).chunks(NAMES_A_BLOCK) {
            self.write_names(block)?;
        }
        self.host = Some(host);
        Ok(())
    }

    /// Writes a frame, and before it what was not written yet of its source's `interfaces` and `names`, and `comments` beside its own.
    ///
    /// # Errors
    /// Writing failed. Then the capture is not to be written on.
    pub fn write(&mut self, frame: &Frame<'_>, interfaces: &[Interface], names: &[NameRecord], comments: &[&str]) -> io::Result<()> {
        if let (true, Some((interface, nanoseconds, flags))) = (comments.is_empty() && names.len() <= self.names, self.plain(frame)) {
            return plain::write(self.writer.get_mut(), interface, nanoseconds, frame, flags);
        }
        let added = names.get(self.names..).unwrap_or_default();
        self.names += added.len();
        for block in added.chunks(NAMES_A_BLOCK) {
            match &self.host {
                // Those that the machine gives were written at the beginning.
                Some(host) => {
                    let known = |record: &&NameRecord| host.names_of(record.address).any(|name| name.as_bytes() == record.name);
                    let new: Vec<NameRecord> = block.iter().filter(|record| !known(record)).cloned().collect();
                    self.write_names(&new)?;
                }
                None => self.write_names(block)?,
            }
        }
        let (interface, clock) = self.interface(frame, interfaces)?;
        let mut options = Options::default();
        options.take_over(frame, interfaces.get(frame.interface.0 as usize));
        comments.iter().for_each(|comment| options.comment(comment));
        let simple = frame.timestamp.is_none() && interface == 0 && options.is_empty() && self.is_cut_at_snap_length(frame);
        self.body.clear();
        if simple {
            self.body.extend(frame.length.to_le_bytes());
        } else {
            let ticks = clock.ticks(frame.timestamp.unwrap_or_default());
            for number in [interface, (ticks >> 32) as u32, ticks as u32, frame.captured(), frame.length] {
                self.body.extend(number.to_le_bytes());
            }
        }
        self.body.extend_from_slice(frame.data);
        self.body.resize(self.body.len().next_multiple_of(4), 0);
        options.end(&mut self.body);
        self.block(if simple { kind::SIMPLE_PACKET } else { kind::ENHANCED_PACKET })
    }

    /// Number, time and flags of a frame that becomes a block without anything else to be said.
    #[inline]
    fn plain<'a>(&self, frame: &Frame<'a>) -> Option<(u32, u64, &'a [u8])> {
        let interface = (*self.precise.get(frame.interface.0 as usize)?)?;
        let nanoseconds = u64::try_from(frame.timestamp?.nanoseconds()).ok()?;
        Some((interface, nanoseconds, plain::flags(frame)?))
    }

    /// Describes all of a source's interfaces now, not each where its first frame comes: where it is known beforehand what they are.
    ///
    /// # Errors
    /// Writing failed.
    pub fn describe_all(&mut self, interfaces: &[Interface]) -> io::Result<()> {
        for (place, interface) in interfaces.iter().enumerate() {
            self.number(place, interface, None)?;
        }
        Ok(())
    }

    /// Writes what was counted on an interface that is described, and has times in nanoseconds.
    ///
    /// # Errors
    /// Writing failed.
    pub fn write_statistics(&mut self, interface: InterfaceId, counted: &Counted) -> io::Result<()> {
        let Some(Some(number)) = self.precise.get(interface.0 as usize) else { return Ok(()) };
        self.body.clear();
        self.body.extend(number.to_le_bytes());
        self.body.extend(Clock::NANOSECONDS.ticks(counted.ended).rotate_left(32).to_le_bytes());
        counted.options().end(&mut self.body);
        self.block(kind::STATISTICS)
    }

    /// Where it is written.
    pub fn get_mut(&mut self) -> &mut W {
        self.writer.get_mut()
    }

    /// Hands everything on to where it is written.
    ///
    /// # Errors
    /// Writing failed.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.get_mut().flush()
    }

    /// What a simple packet block leaves to its reader: that as much was kept as the interface keeps.
    fn is_cut_at_snap_length(&self, frame: &Frame<'_>) -> bool {
        let limit = if self.snap_length == 0 { u32::MAX } else { self.snap_length };
        frame.captured() == frame.length.min(limit)
    }

    /// The number of a frame's interface in what is written, and its clock; describes it where it is the first time.
    fn interface(&mut self, frame: &Frame<'_>, interfaces: &[Interface]) -> io::Result<(u32, Clock)> {
        let place = frame.interface.0 as usize;
        let unknown =
            Interface { name: None, link_type: frame.link_type, snap_length: 0, options: Vec::new(), statistics: Statistics::default() };
        self.number(place, interfaces.get(place).unwrap_or(&unknown), frame.timestamp)
    }

    /// The number of the source's interface at a place, with a clock that can tell a time.
    fn number(&mut self, place: usize, interface: &Interface, time: Option<Timestamp>) -> io::Result<(u32, Clock)> {
        let clock = Clock::of(time, interface);
        if self.described.len() <= place {
            self.described.resize_with(place + 1, Vec::new);
        }
        let known = self.described.get(place).and_then(|numbers| numbers.iter().find(|(known, _)| *known == clock));
        if let Some((_, number)) = known {
            return Ok((*number, clock));
        }
        match self.host.as_ref().map(|host| capture::described(host, interface)) {
            Some(described) => self.describe(&described, clock)?,
            None => self.describe(interface, clock)?,
        }
        let number = self.interfaces;
        self.interfaces += 1;
        if let Some(numbers) = self.described.get_mut(place) {
            numbers.push((clock, number));
        }
        if clock == Clock::NANOSECONDS && Clock::of(None, interface) == clock {
            self.precise.resize(self.precise.len().max(place + 1), None);
            if let Some(precise) = self.precise.get_mut(place) {
                *precise = Some(number);
            }
        }
        Ok((number, clock))
    }

    fn describe(&mut self, interface: &Interface, clock: Clock) -> io::Result<()> {
        if self.interfaces == 0 {
            self.snap_length = interface.snap_length;
        }
        let surplus = std::mem::take(&mut self.surplus);
        self.begin_description(interface);
        Options::of_interface(interface, clock).commented(&surplus).end(&mut self.body);
        match self.write_block(kind::INTERFACE) {
            Err(error @ PcapNgWriteError::Io(_)) => Err(failure(error)),
            Ok(_) => Ok(()),
            // The writer reads descriptions itself, and strictly: text must be UTF-8, addresses must have their length. Then the name is what stays.
            Err(_) => {
                self.begin_description(interface);
                let name = interface.name.as_deref().map(String::from_utf8_lossy);
                Options::of_plain_interface(name.as_deref(), clock).commented(&surplus).end(&mut self.body);
                self.block(kind::INTERFACE)
            }
        }
    }

    fn begin_description(&mut self, interface: &Interface) {
        self.body.clear();
        self.body.extend(interface.link_type.0.to_le_bytes());
        self.body.extend([0; 2]);
        self.body.extend(interface.snap_length.to_le_bytes());
    }

    fn write_names(&mut self, names: &[NameRecord]) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut records = Options::default();
        for record in names {
            let (kind, mut value) = match record.address {
                IpAddr::V4(address) => (1, address.octets().to_vec()),
                IpAddr::V6(address) => (2, address.octets().to_vec()),
            };
            value.extend_from_slice(&record.name);
            value.push(0);
            records.add(kind, &value);
        }
        self.body.clear();
        records.end(&mut self.body);
        self.block(kind::NAMES)
    }

    fn block(&mut self, kind: u32) -> io::Result<()> {
        self.write_block(kind).map(|_| ()).map_err(failure)
    }

    fn write_block(&mut self, kind: u32) -> Result<usize, PcapNgWriteError> {
        let length = u32::try_from(self.body.len() + 12).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.writer.write_raw_block(&RawBlock { type_: kind, initial_len: length, body: Cow::Borrowed(&self.body), trailer_len: length })
    }
}

fn failure(error: PcapNgWriteError) -> io::Error {
    match error {
        PcapNgWriteError::Io(error) => error,
        error => io::Error::new(io::ErrorKind::InvalidData, error),
    }
}
