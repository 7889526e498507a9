//! The interfaces of a section: what their description blocks say, and what a frame takes from it.

use super::super::bytes::ByteOrder;
use super::super::{Interface, Statistics};
use super::options;
use super::timestamp::Clock;
use crate::frame::LinkType;
use crate::limits::Limits;

/// Codes of interface options, of the pcapng specification, section 4.2.
mod code {
    pub(super) const NAME: u16 = 2;
    pub(super) const SPEED: u16 = 8;
    pub(super) const RESOLUTION: u16 = 9;
    pub(super) const TIME_ZONE: u16 = 10;
    pub(super) const CHECK_SEQUENCE: u16 = 13;
    pub(super) const OFFSET: u16 = 14;
    pub(super) const SENDING_SPEED: u16 = 16;
    pub(super) const RECEIVING_SPEED: u16 = 17;
}

/// What the frames of an interface take from its description.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) link_type: LinkType,
    pub(super) snap_length: u32,
    /// `None` where nothing says what its ticks are.
    pub(super) clock: Option<Clock>,
    pub(super) check_sequence_length: u8,
}

/// Reads an interface description block's body, and whether all its options are whole; `None` where its fixed fields are not there.
pub(super) fn describe(body: &[u8], order: ByteOrder) -> Option<(Interface, Reading, bool)> {
    let link_type = LinkType(order.u16_at(body, 0)?);
    let snap_length = order.u32_at(body, 4)?;
    let raw = body.get(8..)?;
    let options: Vec<(u16, Vec<u8>)> =
        options::walk(raw, order).take(Limits::OPTIONS).map(|(code, value)| (code, little_endian(code, value, order))).collect();
    let (mut clock, mut check_sequence_length) = (Clock::default(), 0);
    for (code, value) in &options {
        match (*code, value.as_slice()) {
            (code::RESOLUTION, [resolution, ..]) => clock.set_resolution(*resolution),
            (code::OFFSET, value) => clock.set_offset(value.first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes))),
            // The specification says bits, Wireshark reads bytes, and files have both: no check sequence has 8 bits or less, or more than 8 bytes.
            (code::CHECK_SEQUENCE, [length, ..]) => check_sequence_length = if *length > 8 { length / 8 } else { *length },
            _ => {}
        }
    }
    let name = options.iter().find(|(code, _)| *code == code::NAME).map(|(_, value)| value.clone());
    let interface = Interface { name, link_type, snap_length, options, statistics: Statistics::default() };
    Some((interface, Reading { link_type, snap_length, clock: Some(clock), check_sequence_length }, options::fit(raw, order)))
}

/// Codes of the options of statistics blocks, of the pcapng specification, section 4.6.
mod counted {
    pub(super) const BEGAN: u16 = 2;
    pub(super) const ENDED: u16 = 3;
    pub(super) const RECEIVED: u16 = 4;
    pub(super) const DROPPED_BY_INTERFACE: u16 = 5;
    pub(super) const DROPPED_BY_SYSTEM: u16 = 7;
}

/// The number, in its section, of the interface that a statistics block's body is about.
pub(super) fn counted_on(body: &[u8], order: ByteOrder) -> Option<u32> {
    order.u32_at(body, 0)
}

/// Reads an interface statistics block's body: what was counted, in the ticks of the interface's clock.
pub(super) fn statistics(body: &[u8], order: ByteOrder, clock: Option<Clock>) -> Option<Statistics> {
    let mut statistics = Statistics::default();
    let moment = |value: &[u8]| {
        let ticks = u64::from(order.u32_at(value, 0)?) << 32 | u64::from(order.u32_at(value, 4)?);
        Some(clock?.moment(ticks))
    };
    for (code, value) in options::walk(body.get(12..)?, order).take(Limits::OPTIONS) {
        let number = order.u64_at(value, 0);
        match code {
            counted::BEGAN => statistics.began = moment(value),
            counted::ENDED => statistics.ended = moment(value),
            counted::RECEIVED => statistics.received = number,
            counted::DROPPED_BY_INTERFACE => statistics.dropped_by_interface = number,
            counted::DROPPED_BY_SYSTEM => statistics.dropped_by_system = number,
            _ => {}
        }
    }
    Some(statistics)
}

/// An option's value with its numbers in little endian.
fn little_endian(code: u16, value: &[u8], order: ByteOrder) -> Vec<u8> {
    let mut value = value.to_vec();
    let number = matches!(code, code::SPEED | code::TIME_ZONE | code::OFFSET | code::SENDING_SPEED | code::RECEIVING_SPEED);
    if number && order.is_big() {
        value.reverse();
    }
    value
}
