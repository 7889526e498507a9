//! The pcapng format: sections of blocks. See <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>.

mod block;
mod failure;
mod framing;
mod interface;
mod names;
mod options;
mod packet;
mod timestamp;

use super::buffer::ReadBuffer;
use super::bytes::ByteOrder;
use super::damage::Damage;
use super::error::{Part, SourceError};
use super::held::Held;
use super::{Interface, NameRecord, Source, Statistics};
use crate::frame::{Frame, InterfaceId, LinkType};
use crate::limits::Limits;
use block::kind;
use interface::Reading;
use packet::Packet;

/// The first four bytes, the same in both byte orders.
pub(super) const MAGIC: [u8; 4] = kind::SECTION.to_le_bytes();

/// The link type of a frame whose interface was never described: the registry gives it to nothing.
const UNDESCRIBED: LinkType = LinkType(u16::MAX);

/// The option of a packet that holds its flags.
const FLAGS: u16 = 2;

/// A pcapng file.
pub(super) struct PcapngSource {
    name: String,
    buffer: ReadBuffer,
    order: ByteOrder,
    section_options: Vec<(u16, Vec<u8>)>,
    interfaces: Vec<Interface>,
    /// Beside each of `interfaces`.
    readings: Vec<Reading>,
    /// What the capture says was counted on each of them, the last time it said so.
    counted: Vec<Statistics>,
    /// The places in `interfaces` of the section's own, by their numbers in it.
    section: Vec<u32>,
    /// The place of the one that stands for all that the section did not describe.
    undescribed: Option<u32>,
    undescribed_told: bool,
    names: Vec<NameRecord>,
    /// Bytes of descriptions and names.
    kept: usize,
    damage: Damage,
    held: Held,
    /// How many bytes the block takes that the source stands on.
    block: usize,
    ended: bool,
}

impl PcapngSource {
    /// An input that begins with a section's [`MAGIC`]; reads the section's header.
    pub(super) fn new(name: String, buffer: ReadBuffer) -> Result<Self, SourceError> {
        let mut source = Self {
            section_options: Vec::new(),
            damage: Damage::new(&name),
            name,
            buffer,
            order: ByteOrder::Little,
            interfaces: Vec::new(),
            readings: Vec::new(),
            counted: Vec::new(),
            section: Vec::new(),
            undescribed: None,
            undescribed_told: false,
            names: Vec::new(),
            kept: 0,
            held: Held::NONE,
            block: 0,
            ended: false,
        };
        if let Some(start) = source.next_block()? {
            source.begin_section(start.order);
            let options = source.body().get(16..).unwrap_or_default();
            source.section_options =
                options::walk(options, start.order).take(Limits::OPTIONS).map(|(code, value)| (code, value.to_vec())).collect();
        }
        Ok(source)
    }

    fn next_packet(&mut self) -> Result<bool, SourceError> {
        self.held.data = 0..0;
        self.held.options = 0..0;
        while let Some(start) = self.next_block()? {
            if block::is_packet(start.kind) && self.take_packet(start.kind)? {
                return Ok(true);
            }
            match start.kind {
                kind::SECTION => self.begin_section(start.order),
                kind::INTERFACE => self.describe_interface()?,
                kind::NAMES => self.take_names()?,
                kind::STATISTICS => self.take_statistics(),
                _ => {}
            }
        }
        Ok(false)
    }

    fn begin_section(&mut self, order: ByteOrder) {
        self.order = order;
        self.section.clear();
        self.undescribed = None;
        self.undescribed_told = false;
        let version = (order.u16_at(self.body(), 4).unwrap_or_default(), order.u16_at(self.body(), 6).unwrap_or_default());
        if version.0 != 1 {
            self.unknown_version(version);
        }
        let said = self.body().get(16..).unwrap_or_default();
        let (fits, are_many) = (options::fit(said, order), options::are_many(said, order));
        if !fits {
            self.misfit(Part::Block(self.held.number));
        }
        if are_many {
            self.many_options();
        }
    }

    fn describe_interface(&mut self) -> Result<(), SourceError> {
        let place = match interface::describe(self.body(), self.order) {
            Some((interface, reading, fits)) => {
                self.keep(interface.options.iter().map(|(_, value)| value.len().saturating_add(size_of::<(u16, Vec<u8>)>())).sum())?;
                if !fits {
                    self.misfit(Part::Block(self.held.number));
                }
                if options::are_many(self.body().get(8..).unwrap_or_default(), self.order) {
                    self.many_options();
                }
                self.add_interface(interface, reading)?
            }
            None => {
                self.short();
                self.placeholder()?
            }
        };
        self.section.push(place);
        Ok(())
    }

    fn add_interface(&mut self, interface: Interface, reading: Reading) -> Result<u32, SourceError> {
        if self.interfaces.len() >= Limits::INTERFACES {
            return Err(self.too_many(Limits::INTERFACES, "interfaces"));
        }
        self.interfaces.push(interface);
        self.readings.push(reading);
        self.counted.push(Statistics::default());
        Ok((self.interfaces.len() as u32).saturating_sub(1))
    }

    fn take_names(&mut self) -> Result<(), SourceError> {
        let before = self.names.len();
        let body = self.buffer.bytes().get(8..self.block.saturating_sub(4)).unwrap_or_default();
        self.names.extend(names::records(body, self.order));
        let added = self.names.get(before..).unwrap_or_default();
        self.keep(added.iter().map(|record| record.name.len().saturating_add(size_of::<NameRecord>())).sum())
    }

    fn take_statistics(&mut self) {
        let number = interface::counted_on(self.body(), self.order);
        let Some(place) = number.and_then(|number| self.section.get(number as usize)).map(|place| *place as usize) else { return };
        let clock = self.readings.get(place).and_then(|reading| reading.clock);
        if let Some(statistics) = interface::statistics(self.body(), self.order, clock)
            && let Some(counted) = self.counted.get_mut(place)
        {
            *counted = statistics;
        }
    }

    fn keep(&mut self, bytes: usize) -> Result<(), SourceError> {
        self.kept = self.kept.saturating_add(bytes);
        if self.kept > Limits::DESCRIPTIONS {
            Err(self.too_many(Limits::DESCRIPTIONS, "bytes of interface descriptions and names"))
        } else {
            Ok(())
        }
    }

    #[inline]
    fn take_packet(&mut self, kind: u32) -> Result<bool, SourceError> {
        let Some(packet) = packet::read(kind, self.body(), self.order) else {
            self.short();
            return Ok(false);
        };
        self.held.number = self.held.number.saturating_add(1);
        let place = match self.section.get(packet.interface as usize) {
            Some(place) => *place,
            None => self.undescribed(packet.interface)?,
        };
        let Some(reading) = self.readings.get(place as usize).copied() else { return Ok(false) };
        self.hold(packet, place, &reading);
        Ok(true)
    }

    #[inline]
    fn hold(&mut self, packet: Packet, place: u32, reading: &Reading) {
        let mut data = packet.data.start.saturating_add(8)..packet.data.end.saturating_add(8);
        if let Some(captured) = packet.captured
            && (captured as usize) > data.len()
        {
            self.overstated(captured, data.len());
        } else if packet.captured.is_none() && reading.snap_length != 0 {
            data.end = data.end.min(data.start.saturating_add(reading.snap_length as usize));
        }
        self.held.timestamp = packet.ticks.and_then(|ticks| reading.clock.map(|clock| clock.moment(ticks)));
        self.held.interface = InterfaceId(place);
        self.held.link_type = reading.link_type;
        self.held.length = packet.length.max(data.len() as u32);
        self.held.data = data;
        self.held.options = packet.options.start.saturating_add(8)..packet.options.end.saturating_add(8);
        self.held.big_endian = self.order.is_big();
        self.held.check_sequence_length = reading.check_sequence_length;
        if !packet.options.is_empty() {
            self.read_options();
        }
    }

    /// What a packet's own options say beside what is asked of them later.
    fn read_options(&mut self) {
        let options = self.buffer.bytes().get(self.held.options.clone()).unwrap_or_default();
        let flags = options::walk(options, self.order).find(|(code, _)| *code == FLAGS).and_then(|(_, value)| self.order.u32_at(value, 0));
        // Bits 5 to 8 are the length of the frame check sequence, 0 where it is not known.
        if let Some(length @ 1..) = flags.map(|flags| (flags >> 5) as u8 & 0xf) {
            self.held.check_sequence_length = length;
        }
        if !options::fit(options, self.order) {
            self.misfit(Part::Frame(self.held.number));
        }
    }

    /// The interface that stands for those of the section that were not described; the first time it is damage.
    #[cold]
    fn undescribed(&mut self, interface: u32) -> Result<u32, SourceError> {
        if !self.undescribed_told {
            self.undescribed_told = true;
            let (frame, offset) = (self.held.number, self.buffer.offset());
            self.damage.add(SourceError::UndescribedInterface { name: self.name.clone(), frame, offset, interface });
        }
        self.placeholder()
    }

    fn placeholder(&mut self) -> Result<u32, SourceError> {
        if let Some(place) = self.undescribed {
            return Ok(place);
        }
        let described =
            Interface { name: None, link_type: UNDESCRIBED, snap_length: 0, options: Vec::new(), statistics: Statistics::default() };
        let reading = Reading { link_type: UNDESCRIBED, snap_length: 0, clock: None, check_sequence_length: 0 };
        let place = self.add_interface(described, reading)?;
        self.undescribed = Some(place);
        Ok(place)
    }
}

impl Source for PcapngSource {
    fn advance(&mut self) -> Result<bool, SourceError> {
        if self.ended {
            return Ok(false);
        }
        let found = self.next_packet();
        self.ended = !matches!(found, Ok(true));
        if self.ended {
            for (interface, counted) in self.interfaces.iter_mut().zip(&self.counted) {
                interface.statistics = *counted;
            }
        }
        found
    }

    fn frame(&self) -> Frame<'_> {
        self.held.lend(self.buffer.bytes())
    }

    fn has_more_at_hand(&self) -> bool {
        let rest = self.buffer.bytes().get(self.block..).unwrap_or_default();
        let start = rest.first_chunk().and_then(|bytes| block::start(bytes, self.order));
        start.is_some_and(|start| rest.len() >= start.length as usize)
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        &self.section_options
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    fn names(&self) -> &[NameRecord] {
        &self.names
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.damage.places()
    }
}

#[cfg(test)]
mod tests;
