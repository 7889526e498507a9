//! The way of nearly every segment: what comes next in an open connection, with nothing missing on either side.
//!
//! It is short on purpose. The code for everything that may happen to a segment does not fit into a processor's cache together with what else is done
//! for a frame, and would be loaded anew for each.

use super::received::Received;
use super::record::{Moment, OVER, SPOKE, TOLD};
use super::table::{Belongs, Packet, near};
use super::tcp::{Segment, Voice, direction};
use super::{Conversations, Endpoint, Kind, Listener, Side};
use crate::dissect::Dissection;
use crate::dissect::transport::tcp::ACK;
use crate::dissect::transport::tcp::PSH;
use crate::reassembly::Origin;

impl Conversations {
    /// Takes a segment that is as nearly all are. `None` where it is another: nothing was done then.
    pub(super) fn expected(&mut self, packet: &Packet<'_>, listener: &mut impl Listener) -> Option<Belongs> {
        let Packet { frame, dissection, fragment: None } = *packet else { return None };
        let Dissection { layers, networks, transports, .. } = dissection;
        let ([network], [transport]) = (networks.as_slice(), transports.as_slice()) else { return None };
        let tcp = transport.tcp.filter(|tcp| tcp.flags & !PSH == ACK && tcp.window != 0)?;
        let layer = layers.get(transport.layer).filter(|layer| layer.network == Some(0))?;
        if network.protocol != 6 || network.fragment.is_some() || network.quoted || transport.quoted {
            return None;
        }
        let Self { slots, near: nearby, packets, samples, used, .. } = self;
        let slot = *nearby.get(near(transport.source_port, transport.destination_port))?;
        let conversation = slots.get_mut(slot as usize)?;
        if conversation.kind != Kind::Tcp || conversation.marks & (TOLD | OVER) != TOLD {
            return None;
        }
        let source = Endpoint { address: network.source, port: transport.source_port };
        let destination = Endpoint { address: network.destination, port: transport.destination_port };
        let [originator, responder] = &conversation.ends;
        let from = match (*originator == source && *responder == destination, *originator == destination && *responder == source) {
            (true, false) => Side::Originator,
            (false, true) => Side::Responder,
            // Another conversation, or one whose ends cannot be told apart.
            (false, false) | (true, true) => return None,
        };
        let [own, other] = [from.index(), from.other().index()];
        let payload = frame.data.get(transport.payload_start..layer.end)?;
        let length = u32::try_from(payload.len()).ok().filter(|length| *length as usize == transport.payload_length)?;
        let [sent, peer] = [&conversation.sent[own], &conversation.sent[other]];
        let before = peer.stream.acknowledged();
        let is_next = sent.stream.is_next(tcp.sequence) && peer.stream.has(tcp.acknowledgement) && sent.stalled | peer.stalled == 0;
        let is_more = peer.stream.place(tcp.acknowledgement) > Some(before) || length > 0 || sent.window != tcp.window;
        let ends_handshake = from == Side::Originator && conversation.handshake[0] != u32::MAX && conversation.handshake[1] == u32::MAX;
        if !is_next || !is_more || ends_handshake {
            return None;
        }
        let origin = Origin { frame: frame.number, time: frame.timestamp };
        let received = Received { frame, origin, bytes: frame.data, dissection, network, transport, tcp, payload };
        let (fingerprint, exact) = received.fingerprint(direction(slot, from));
        // Nobody has captured the next bytes before.
        if length > 0 {
            packets.remember(fingerprint, frame, network.hop_limit);
        } else if packets.original(fingerprint, frame, network.hop_limit, exact).is_some() {
            return None;
        }
        self.last_origin = origin;
        let idle = frame.timestamp.zip(conversation.last()).map_or(0, |(now, before)| now.since(before));
        conversation.last = Moment::from(frame.timestamp);
        let hop_limit = std::mem::replace(&mut conversation.hop_limits[own], network.hop_limit);
        let sent = &mut conversation.sent[own];
        sent.frames = sent.frames.saturating_add(1);
        sent.bytes += u64::from(frame.length);
        sent.window = tcp.window;
        sent.mark(SPOKE);
        let (highest, acknowledged, window) = (sent.stream.highest(), sent.stream.acknowledged(), sent.window_bytes());
        let peer = &mut conversation.sent[other];
        let reached = peer.stream.acknowledge(tcp.acknowledgement);
        peer.time_round_trip(samples.acknowledged(direction(slot, from.other()), reached, origin.time));
        let acknowledgement = peer.stream.place(tcp.acknowledgement);
        if reached > before {
            conversation.sent[own].asking = 0;
        }
        if length > 0 {
            let mut stream = std::mem::take(&mut conversation.sent[own].stream);
            let remembered = stream.remembers();
            stream.give_next(payload, origin, used, &mut Voice::new(conversation, from, listener));
            samples.sent(direction(slot, from), stream.highest(), origin.time);
            if stream.remembers() && !remembered {
                self.remembering.push_back((slot, from));
            }
            let sent = &mut conversation.sent[own];
            sent.stream = stream;
            sent.payload += u64::from(length);
        }
        let segment = Segment {
            sequence: Some(highest),
            acknowledgement,
            length,
            flags: tcp.flags,
            window,
            highest,
            acknowledged,
            repeated: 0,
            idle,
            original: None,
            remark: None,
        };
        let hop_limit_before = Some(hop_limit).filter(|limit| *limit != 0);
        let belongs = Belongs { conversation: conversation.id, from, segment: Some(segment), hop_limit_before, slot };
        self.forget_oldest();
        Some(belongs)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Conversation;
    use crate::conversation::{Conversations, Listener, Packet, Side};
    use crate::dissect::{Dissection, dissect};
    use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
    use crate::reassembly::{Limits, Overlap, Piece};
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Writes down what is told, and what is known of the conversation then.
    #[derive(Default)]
    struct Diary(Vec<String>);

    impl Listener for Diary {
        fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
            self.0.push(format!("{from:?} {piece:?} {conversation:?}"));
        }

        fn overlap(&mut self, _: &Conversation, from: Side, overlap: &Overlap<'_>) {
            self.0.push(format!("{from:?} {overlap:?}"));
        }
    }

    /// How a segment differs from the next one of its side.
    #[derive(Clone, Copy, Debug)]
    struct Act {
        from_client: bool,
        port: u16,
        flags: u8,
        length: usize,
        captured: usize,
        /// How far it stands from where its side is, and its acknowledgement from where the other is.
        ahead: i32,
        acknowledges: i32,
        window: u16,
        hops: u8,
        identification: u16,
        pause: i64,
    }

    prop_compose! {
        fn act()(
            (from_client, port) in (any::<bool>(), prop_oneof![9 => Just(40_000), 1 => Just(40_064)]),
            flags in prop_oneof![2 => Just(2_u8), 2 => Just(18), 30 => Just(16), 15 => Just(24), 1 => Just(17), 1 => Just(4), 1 => Just(20), 1 => Just(48)],
            (length, lost) in (prop_oneof![2 => Just(0_usize), 3 => 0_usize..30], prop_oneof![20 => Just(0_usize), 1 => 0_usize..9]),
            ahead in prop_oneof![12 => Just(0), 1 => -30..30],
            acknowledges in prop_oneof![12 => Just(0), 1 => -30..30],
            window in prop_oneof![9 => Just(500_u16), 2 => Just(600), 1 => Just(0)],
            hops in prop_oneof![9 => Just(64_u8), 1 => Just(63)],
            identification in prop_oneof![Just(0_u16), any::<u16>()],
            pause in prop_oneof![9 => Just(10_000_000_i64), 1 => Just(0), 1 => Just(500_000)],
        ) -> Act {
            Act { from_client, port, flags, length, captured: length.saturating_sub(lost), ahead, acknowledges, window, hops, identification, pause }
        }
    }

    /// The packet, where both sides stand at so many bytes; `next` goes on by what it says.
    fn packet(act: &Act, next: &mut [u32; 2]) -> Vec<u8> {
        let (own, other) = if act.from_client { (0, 1) } else { (1, 0) };
        let (client, server) = (([10, 0, 0, 1], act.port), ([10, 0, 0, 2], 80_u16));
        let (source, destination) = if act.from_client { (client, server) } else { (server, client) };
        let sequence = next[own].wrapping_add_signed(act.ahead);
        let mut bytes = vec![0x45, 0];
        bytes.extend(u16::try_from(40 + act.length).unwrap().to_be_bytes());
        bytes.extend(act.identification.to_be_bytes());
        bytes.extend([0, 0, act.hops, 6, 0, 0]);
        bytes.extend(source.0.into_iter().chain(destination.0));
        bytes.extend(source.1.to_be_bytes().into_iter().chain(destination.1.to_be_bytes()));
        bytes.extend(sequence.to_be_bytes());
        bytes.extend(next[other].wrapping_add_signed(act.acknowledges).to_be_bytes());
        bytes.extend([0x50, act.flags]);
        bytes.extend(act.window.to_be_bytes().into_iter().chain([0; 4]));
        bytes.extend((0..act.captured).map(|place| sequence.wrapping_add(place as u32) as u8 & 0x7f));
        if act.ahead >= 0 {
            next[own] = sequence.wrapping_add(act.length as u32 + u32::from(act.flags & 3 != 0));
        }
        bytes
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_expected_is_taken_as_anything_is(acts in vec(act(), 1..120), remembers: bool, opens: bool) {
            let limits = if remembers { Limits { history_bytes: 4_000, ..Limits::default() } } else { Limits { history_bytes: 0, ..Limits::default() } };
            let (mut short, mut long) = (Conversations::new(limits), Conversations::new(limits));
            let (mut heard, mut wanted) = (Diary::default(), Diary::default());
            let plain = Act { from_client: true, port: 40_000, flags: 2, length: 0, captured: 0, ahead: 0, acknowledges: 0, window: 500, hops: 64, identification: 0, pause: 1_000_000 };
            let opening = [plain, Act { from_client: false, flags: 18, ..plain }, Act { flags: 16, ..plain }];
            let opening: &[Act] = if opens { &opening } else { &[] };
            let (mut next, mut now) = ([u32::MAX - 100, 5_000], 0);
            for (number, act) in (1..).zip(opening.iter().chain(&acts)) {
                now += act.pause;
                let bytes = packet(act, &mut next);
                let frame = Frame {
                    number,
                    timestamp: Some(Timestamp::from_nanoseconds(now)),
                    interface: InterfaceId(0),
                    link_type: LinkType::RAW,
                    length: u32::try_from(40 + act.length).unwrap(),
                    check_sequence_length: 0,
                    data: &bytes,
                    annotations: Annotations::default(),
                };
                let mut dissection = Dissection::default();
                dissect(&frame, &mut dissection);
                let packet = Packet::new(&frame, &dissection);
                let found = short.expected(&packet, &mut heard);
                let found = found.or_else(|| short.observe_any(&packet, &mut heard));
                prop_assert_eq!(found, long.observe_any(&packet, &mut wanted));
                prop_assert_eq!(format!("{:?} {:?} {:?}", short.slots, short.used, short.remembering), format!("{:?} {:?} {:?}", long.slots, long.used, long.remembering));
                prop_assert_eq!(&heard.0, &wanted.0);
            }
            short.finish(&mut heard);
            long.finish(&mut wanted);
            prop_assert_eq!(heard.0, wanted.0);
        }
    }

    #[test]
    fn a_segment_in_order_is_expected() {
        let mut conversations = Conversations::new(Limits { history_bytes: 0, ..Limits::default() });
        let plain = Act {
            from_client: true,
            port: 40_000,
            flags: 2,
            length: 0,
            captured: 0,
            ahead: 0,
            acknowledges: 0,
            window: 500,
            hops: 64,
            identification: 7,
            pause: 0,
        };
        let say = Act { flags: 24, length: 9, captured: 9, ..plain };
        let answer = Act { from_client: false, ..say };
        let acts = [
            plain,
            Act { from_client: false, flags: 18, ..plain },
            Act { flags: 16, ..plain },
            say,
            answer,
            answer,
            Act { flags: 16, ..plain },
            say,
        ];
        let mut next = [7, 9];
        let taken = (1..).zip(&acts).map(|(number, act)| {
            let bytes = packet(act, &mut next);
            let frame = Frame {
                number,
                timestamp: Some(Timestamp::from_nanoseconds(i64::try_from(number).unwrap() * 1_000_000)),
                interface: InterfaceId(0),
                link_type: LinkType::RAW,
                length: u32::try_from(bytes.len()).unwrap(),
                check_sequence_length: 0,
                data: &bytes,
                annotations: Annotations::default(),
            };
            let mut dissection = Dissection::default();
            dissect(&frame, &mut dissection);
            let packet = Packet::new(&frame, &dissection);
            let found = conversations.expected(&packet, &mut ()).is_some();
            found || conversations.observe_any(&packet, &mut ()).is_none()
        });
        assert_eq!(taken.collect::<Vec<_>>(), [false, false, false, false, true, true, true, true]);
    }
}
