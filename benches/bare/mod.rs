//! The least that a program must do for a line a frame: go from record to record, let etherparse find the headers, and write numbers with
//! itoa. It knows one file format, one link type and two transports, verifies nothing and explains nothing: a limit, not a rival.

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use std::collections::HashMap;

/// A pcap record, little endian, in microseconds.
pub(crate) struct Record<'a> {
    pub(crate) seconds: u32,
    pub(crate) microseconds: u32,
    pub(crate) data: &'a [u8],
}

/// The records of a pcap file.
pub(crate) fn records(file: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = file.get(24..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (header, behind) = rest.split_first_chunk::<16>()?;
        let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let (data, after) = behind.split_at_checked(number(8) as usize)?;
        rest = after;
        Some(Record { seconds: number(0), microseconds: number(4), data })
    })
}

/// Appends `13:15:32.253318 10.0.0.1:40000 > 10.0.0.2:80 TCP 18 seq 1 ack 2 win 502 len 1448`.
pub(crate) fn push_line(out: &mut Vec<u8>, record: &Record<'_>) {
    let mut numbers = itoa::Buffer::new();
    let mut push = |out: &mut Vec<u8>, number: u32, behind: &[u8]| {
        out.extend_from_slice(numbers.format(number).as_bytes());
        out.extend_from_slice(behind);
    };
    push(out, record.seconds / 3600 % 24, b":");
    push(out, record.seconds / 60 % 60, b":");
    push(out, record.seconds % 60, b".");
    push(out, record.microseconds, b" ");
    let Ok(packet) = SlicedPacket::from_ethernet(record.data) else { return out.push(b'\n') };
    let Some(NetSlice::Ipv4(network)) = packet.net else { return out.push(b'\n') };
    let ports = match &packet.transport {
        Some(TransportSlice::Tcp(tcp)) => (tcp.source_port(), tcp.destination_port()),
        Some(TransportSlice::Udp(udp)) => (udp.source_port(), udp.destination_port()),
        _ => (0, 0),
    };
    for (address, port, behind) in [(network.header().source(), ports.0, &b" > "[..]), (network.header().destination(), ports.1, b" ")] {
        let [a, b, c, d] = address.map(u32::from);
        push(out, a, b".");
        push(out, b, b".");
        push(out, c, b".");
        push(out, d, b":");
        push(out, port.into(), behind);
    }
    match &packet.transport {
        Some(TransportSlice::Tcp(tcp)) => {
            out.extend_from_slice(b"TCP ");
            push(out, tcp.slice().get(13).copied().unwrap_or_default().into(), b" seq ");
            push(out, tcp.sequence_number(), b" ack ");
            push(out, tcp.acknowledgment_number(), b" win ");
            push(out, tcp.window_size().into(), b" len ");
            push(out, tcp.payload().len() as u32, b"\n");
        }
        Some(TransportSlice::Udp(udp)) => {
            out.extend_from_slice(b"UDP len ");
            push(out, udp.payload().len() as u32, b"\n");
        }
        _ => out.push(b'\n'),
    }
}

/// Both ends of a flow, the smaller first, and its protocol.
type Ends = (([u8; 4], u16), ([u8; 4], u16), u8);

/// A table of flows: how many packets and bytes there were between two ends. It keeps no state, no order and no stream, and forgets nothing.
#[derive(Default)]
pub(crate) struct Flows(HashMap<Ends, (u64, u64), foldhash::fast::RandomState>);

impl Flows {
    /// Counts a packet.
    pub(crate) fn count(&mut self, record: &Record<'_>) {
        let Ok(packet) = SlicedPacket::from_ethernet(record.data) else { return };
        let Some(NetSlice::Ipv4(network)) = packet.net else { return };
        let header = network.header();
        let ports = match &packet.transport {
            Some(TransportSlice::Tcp(tcp)) => (tcp.source_port(), tcp.destination_port()),
            Some(TransportSlice::Udp(udp)) => (udp.source_port(), udp.destination_port()),
            _ => (0, 0),
        };
        let (one, other) = ((header.source(), ports.0), (header.destination(), ports.1));
        let counts = self.0.entry((one.min(other), one.max(other), header.protocol().0)).or_default();
        *counts = (counts.0 + 1, counts.1 + record.data.len() as u64);
    }

    /// How many flows there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
