//! TCP segments of few hosts, in any order and with any numbers, through the table of conversations: what listeners are promised.

use super::super::operations::Operations;
use std::collections::{HashMap, HashSet};
use wirelore::conversation::application::ApplicationWatch;
use wirelore::conversation::dns::DnsWatch;
use wirelore::conversation::tls::TlsWatch;
use wirelore::conversation::{Conversation, Conversations, Listener, Packet, Side};
use wirelore::dissect::{Dissection, dissect};
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use wirelore::reassembly::{Limits, Origin, Overlap, Piece};

/// Holds what is told to what is promised.
#[derive(Default)]
struct Promised {
    next: HashMap<(u64, usize), u64>,
    ended: HashSet<(u64, usize)>,
    finished: HashSet<u64>,
}

impl Listener for Promised {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let stream = (conversation.id, from.index());
        assert!(!self.finished.contains(&conversation.id), "nothing is told of what is over");
        assert!(!self.ended.contains(&stream), "nothing comes after the end");
        let next = self.next.entry(stream).or_default();
        let (offset, length) = match *piece {
            Piece::Data { offset, bytes, .. } => (offset, bytes.len() as u64),
            Piece::Gap { offset, length, .. } => (offset, length),
            Piece::End { offset, .. } => {
                self.ended.insert(stream);
                (offset, 0)
            }
        };
        assert!(offset == *next && (length > 0 || self.ended.contains(&stream)), "pieces follow each other: {piece:?} at {next}");
        *next += length;
    }

    fn overlap(&mut self, conversation: &Conversation, _: Side, overlap: &Overlap<'_>) {
        assert!(!self.finished.contains(&conversation.id), "nothing is told of what is over");
        assert_eq!(overlap.kept.len(), overlap.other.len());
    }

    fn datagram(&mut self, conversation: &Conversation, _: Side, _: &[u8], _: Origin) {
        assert!(!self.finished.contains(&conversation.id), "nothing is told of what is over");
    }

    fn finished(&mut self, conversation: &Conversation) {
        assert!(self.finished.insert(conversation.id), "a conversation ends once");
    }
}

pub(super) fn run(mut input: Operations<'_>) {
    let small = Limits {
        conversations: 2,
        conversation_share: 2,
        stream_bytes: 64,
        streams_bytes: 512,
        history_bytes: 128,
        lookup_bytes: 256,
        handshake_message: 64,
        handshake_bytes: 128,
        handshake_summaries: 256,
        ..Limits::default()
    };
    let limits = if input.byte() & 1 == 0 { Limits::default() } else { small };
    let watches = (ApplicationWatch::default(), (DnsWatch::new(&limits), TlsWatch::new(&limits)));
    let mut listeners = (Promised::default(), watches);
    let (mut conversations, mut dissection) = (Conversations::new(limits), Dissection::default());
    let (mut number, mut time) = (0, 0);
    while !input.is_over() {
        let (who, flags) = (input.byte(), input.byte());
        let (sequence, acknowledgement) = (number_near(&mut input, flags), number_near(&mut input, flags));
        let payload = usize::from(input.byte());
        let payload = input.bytes(payload);
        number += 1;
        time += i64::from(who >> 4) * 50_000_000;
        let data = segment(who, flags, sequence, acknowledgement, payload);
        let frame = Frame {
            number,
            timestamp: Some(Timestamp::from_nanoseconds(time)),
            interface: InterfaceId(0),
            link_type: LinkType::IPV4,
            // Every other frame of a side was cut when it was captured.
            length: data.len() as u32 + u32::from(flags >> 6 & 1) * 5,
            check_sequence_length: 0,
            data: &data,
            annotations: Annotations::default(),
        };
        dissect(&frame, &mut dissection);
        let _belongs = conversations.observe(&Packet::new(&frame, &dissection), &mut listeners);
        assert!(conversations.iter().count() <= limits.conversations.max(1), "more conversations than the limit");
    }
    conversations.finish(&mut listeners);
    let told = listeners.0;
    assert_eq!(told.finished.len() as u64, conversations.count(), "every conversation ends");
}

/// A sequence number: near to 1000, or with the highest bit of the flags anywhere.
fn number_near(input: &mut Operations<'_>, flags: u8) -> u32 {
    if flags & 0x80 == 0 { 1_000 + u32::from(input.byte()) } else { input.word() }
}

/// A packet between two hosts that know four ports.
fn segment(who: u8, flags: u8, sequence: u32, acknowledgement: u32, payload: &[u8]) -> Vec<u8> {
    let (client, server) = ([0xc3, who >> 1 & 1], [[0, 80], [0, 21], [1, 187], [0, 53]][usize::from(who >> 2 & 3)]);
    let total = (40 + payload.len() as u16 + u16::from(flags >> 6 & 1) * 5).to_be_bytes();
    let (ends, ports) = if who & 1 == 0 { ([1, 2], [client, server]) } else { ([2, 1], [server, client]) };
    let network = [0x45, 0, total[0], total[1], 0, who, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, ends[0], 192, 0, 2, ends[1]];
    let transport = [&ports.concat()[..], &sequence.to_be_bytes(), &acknowledgement.to_be_bytes(), &[0x50, flags & 0x1f, 1, 0, 0, 0, 0, 0]];
    [&network[..], &transport.concat(), payload].concat()
}
