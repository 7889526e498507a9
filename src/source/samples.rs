//! Small captures for tests, made byte by byte.

use super::bytes::ByteOrder;
use super::{Source, SourceError};

/// A frame as a test compares it: number, time in nanoseconds, interface, length, bytes.
pub(super) type Seen = (u64, Option<i64>, u32, u32, Vec<u8>);

/// All frames, and the error that ended them.
pub(super) fn read_all(source: &mut dyn Source) -> (Vec<Seen>, Option<SourceError>) {
    let mut seen = Vec::new();
    loop {
        match source.next_frame() {
            Ok(Some(frame)) => {
                let time = frame.timestamp.map(|time| time.nanoseconds());
                seen.push((frame.number, time, frame.interface.0, frame.length, frame.data.to_vec()));
            }
            Ok(None) => return (seen, None),
            Err(error) => return (seen, Some(error)),
        }
    }
}

/// A capture being made in one byte order.
pub(super) struct Writer {
    pub(super) order: ByteOrder,
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn new(order: ByteOrder) -> Self {
        Self { order, bytes: Vec::new() }
    }

    pub(super) fn u16(&mut self, number: u16) -> &mut Self {
        self.bytes.extend(if self.order.is_big() { number.to_be_bytes() } else { number.to_le_bytes() });
        self
    }

    pub(super) fn u32(&mut self, number: u32) -> &mut Self {
        self.bytes.extend(if self.order.is_big() { number.to_be_bytes() } else { number.to_le_bytes() });
        self
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend(bytes);
        self
    }

    /// A pcap file's header, version 2.4.
    pub(super) fn pcap(&mut self, magic: u32, network: u32) -> &mut Self {
        self.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65_535).u32(network)
    }

    /// A pcap record.
    pub(super) fn record(&mut self, seconds: u32, fraction: u32, length: u32, data: &[u8]) -> &mut Self {
        self.u32(seconds).u32(fraction).u32(data.len() as u32).u32(length).raw(data)
    }

    /// A pcapng block around a body, which is padded.
    pub(super) fn block(&mut self, kind: u32, body: impl FnOnce(&mut Self)) -> &mut Self {
        let mut inner = Self::new(self.order);
        body(&mut inner);
        inner.bytes.resize(inner.bytes.len().next_multiple_of(4), 0);
        let length = inner.bytes.len() as u32 + 12;
        self.u32(kind).u32(length).raw(&inner.bytes).u32(length)
    }

    pub(super) fn section(&mut self) -> &mut Self {
        self.block(0x0a0d_0d0a, |body| {
            body.u32(0x1a2b_3c4d).u16(1).u16(0).u32(u32::MAX).u32(u32::MAX);
        })
    }

    pub(super) fn option(&mut self, code: u16, value: &[u8]) -> &mut Self {
        self.u16(code).u16(value.len() as u16).raw(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self
    }

    pub(super) fn interface(&mut self, link_type: u16, snap_length: u32, options: impl FnOnce(&mut Self)) -> &mut Self {
        self.block(1, |body| {
            body.u16(link_type).u16(0).u32(snap_length);
            options(body);
        })
    }

    pub(super) fn enhanced(&mut self, interface: u32, ticks: u64, length: u32, data: &[u8], options: impl FnOnce(&mut Self)) -> &mut Self {
        self.block(6, |body| {
            body.u32(interface).u32((ticks >> 32) as u32).u32(ticks as u32).u32(data.len() as u32).u32(length).raw(data);
            body.bytes.resize(body.bytes.len().next_multiple_of(4), 0);
            options(body);
        })
    }
}
