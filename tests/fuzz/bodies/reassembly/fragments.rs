//! Fragments of datagrams, of both versions, that lie about where they belong.

use super::super::operations::Operations;
use std::collections::BTreeMap;
use wirelore::dissect::{Dissection, dissect};
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use wirelore::reassembly::Limits;
use wirelore::reassembly::fragments::{Fragment, Fragments};

pub(super) fn run(mut input: Operations<'_>) {
    let choice = input.byte();
    let small =
        Limits { fragment_bytes: 4_096, fragments_of_datagram: 4, fragment_wait: 1_000, fragment_history: 2_048, ..Limits::default() };
    let mut fragments = Fragments::new(&if choice & 1 == 0 { Limits::default() } else { small });
    let mut dissection = Dissection::default();
    // What came for each place of each datagram.
    let mut came: BTreeMap<(bool, u8, u64), Vec<u8>> = BTreeMap::new();
    let (mut number, mut time) = (0, 0);
    while !input.is_over() {
        let (what, units, length) = (input.byte(), input.short(), input.byte());
        let (is_6, more, id, protocol) = (what & 1 != 0, what & 2 != 0, what >> 2 & 1, [17, 6, 44, 41][usize::from(what >> 3 & 3)]);
        time += i64::from(what >> 5) * 100;
        number += 1;
        // Mostly near to each other, so that datagrams become whole.
        let units = if units & 0x8000 == 0 { units % 32 } else { units & 0x1fff };
        let payload = input.bytes(length.into());
        for (place, byte) in (u64::from(units) * 8..).zip(payload) {
            came.entry((is_6, id, place)).or_default().push(*byte);
        }
        let data = if is_6 { packet_6(id, protocol, units, more, payload) } else { packet_4(id, protocol, units, more, payload) };
        let frame = Frame {
            number,
            timestamp: Some(Timestamp::from_nanoseconds(time)),
            interface: InterfaceId(0),
            link_type: LinkType::RAW,
            length: data.len() as u32,
            check_sequence_length: 0,
            data: &data,
            annotations: Annotations::default(),
        };
        dissect(&frame, &mut dissection);
        let fragment = fragments.observe(&frame, &dissection);
        if let Some(whole) = fragment.as_ref().and_then(Fragment::completed) {
            assert!(whole.length() <= 65_535, "a datagram of {} bytes", whole.length());
            assert_eq!(whole.piece_lengths().sum::<usize>(), whole.length(), "every byte came in some frame");
            for (place, byte) in (0..).zip(&whole.bytes[whole.header_length..]) {
                assert!(came.get(&(is_6, id, place)).is_some_and(|came| came.contains(byte)), "no fragment brought byte {place}");
            }
        }
    }
    fragments.finish();
}

fn packet_4(id: u8, protocol: u8, units: u16, more: bool, payload: &[u8]) -> Vec<u8> {
    let [length_high, length_low] = (20 + payload.len() as u16).to_be_bytes();
    let [high, low] = (units & 0x1fff | u16::from(more) << 13).to_be_bytes();
    let header = [0x45, 0, length_high, length_low, 0, id, high, low, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    [&header, payload].concat()
}

fn packet_6(id: u8, protocol: u8, units: u16, more: bool, payload: &[u8]) -> Vec<u8> {
    let [length_high, length_low] = (8 + payload.len() as u16).to_be_bytes();
    let [high, low] = (units << 3 | u16::from(more)).to_be_bytes();
    let header = [0x60, 0, 0, 0, length_high, length_low, 44, 64];
    [&header[..], &[0x20; 16], &[0x21; 16], &[protocol, 0, high, low, 0, 0, 0, id], payload].concat()
}
