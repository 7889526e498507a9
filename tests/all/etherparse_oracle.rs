//! Packets that etherparse makes and takes apart: both must find the same layers at the same places, and every checksum must add up.

use etherparse::{
    IpAuthHeader, IpFragOffset, IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, Ipv6Extensions, Ipv6FlowLabel, Ipv6FragmentHeader,
    Ipv6Header, Ipv6RawExtHeader, NetSlice, PacketBuilder, SlicedPacket, TcpOptionElement, TransportSlice, VlanId,
};
use proptest::prelude::*;
use std::net::IpAddr;
use wirelore::dissect::{Dissection, Layer, Status, View, dissect_bytes};
use wirelore::frame::LinkType;

#[derive(Clone, Debug)]
enum Packet {
    Version4 { source: [u8; 4], destination: [u8; 4], time_to_live: u8, options: Vec<u8>, part: Option<(u16, bool)> },
    Version6 { source: [u8; 16], destination: [u8; 16], hop_limit: u8, flow: u32, extensions: Extensions },
}

/// Extension headers, by the bytes behind their lengths in units of 8 and 2 bytes less.
#[derive(Clone, Debug)]
struct Extensions {
    hop_by_hop: Option<u8>,
    destination: Option<u8>,
    fragment: Option<(u16, bool, u32)>,
    authentication: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Carried {
    Udp(u16, u16),
    Tcp(u16, u16, u32, bool),
    Echo(u16, u16),
}

fn packets() -> impl Strategy<Value = Packet> {
    let part = prop::option::weighted(0.3, (0_u16..0x1000, any::<bool>()));
    let version_4 = (any::<[u8; 4]>(), any::<[u8; 4]>(), any::<u8>(), 0_usize..3, part).prop_map(
        |(source, destination, time_to_live, options, part)| Packet::Version4 {
            source,
            destination,
            time_to_live,
            options: vec![1; options * 4],
            part,
        },
    );
    let extensions = (
        prop::option::of(0_u8..4),
        prop::option::of(0_u8..4),
        prop::option::weighted(0.3, (prop_oneof![Just(0_u16), 0_u16..0x1000], any::<bool>(), any::<u32>())),
        prop::option::of(0_u8..4),
    )
        .prop_map(|(hop_by_hop, destination, fragment, authentication)| {
            // etherparse reads headers even in the middle of a fragmented packet, where there are none.
            let authentication = authentication.filter(|_| fragment.is_none_or(|(offset, ..)| offset == 0));
            Extensions { hop_by_hop, destination, fragment, authentication }
        });
    let version_6 = (any::<[u8; 16]>(), any::<[u8; 16]>(), any::<u8>(), 0_u32..0x10_0000, extensions).prop_map(
        |(source, destination, hop_limit, flow, extensions)| Packet::Version6 { source, destination, hop_limit, flow, extensions },
    );
    prop_oneof![version_4, version_6]
}

fn carried() -> impl Strategy<Value = Carried> {
    prop_oneof![
        any::<(u16, u16)>().prop_map(|(source, destination)| Carried::Udp(source, destination)),
        any::<(u16, u16, u32, bool)>().prop_map(|(source, destination, sequence, options)| Carried::Tcp(
            source,
            destination,
            sequence,
            options
        )),
        any::<(u16, u16)>().prop_map(|(identifier, sequence)| Carried::Echo(identifier, sequence)),
    ]
}

fn headers(packet: &Packet) -> IpHeaders {
    match packet {
        Packet::Version4 { source, destination, time_to_live, options, part } => {
            let mut header = Ipv4Header::new(0, *time_to_live, IpNumber::UDP, *source, *destination).expect("a length of 0");
            header.options = options[..].try_into().expect("a multiple of 4");
            if let Some((offset, more)) = part {
                header.dont_fragment = false;
                header.fragment_offset = IpFragOffset::try_new(*offset).expect("13 bits");
                header.more_fragments = *more;
            }
            IpHeaders::Ipv4(header, Ipv4Extensions::default())
        }
        Packet::Version6 { source, destination, hop_limit, flow, extensions } => {
            let header = Ipv6Header {
                traffic_class: 0xb8,
                flow_label: Ipv6FlowLabel::try_new(*flow).expect("20 bits"),
                payload_length: 0,
                next_header: IpNumber::UDP,
                hop_limit: *hop_limit,
                source: *source,
                destination: *destination,
            };
            // Four bytes of padding options and more of them: nothing that changes what the packet means.
            let options =
                |units: u8| Ipv6RawExtHeader::new_raw(IpNumber::UDP, &vec![0; usize::from(units) * 8 + 6]).expect("the length fits");
            let extensions = Ipv6Extensions {
                hop_by_hop_options: extensions.hop_by_hop.map(options),
                destination_options: extensions.destination.map(options),
                routing: None,
                fragment: extensions.fragment.map(|(offset, more, identification)| {
                    Ipv6FragmentHeader::new(IpNumber::UDP, IpFragOffset::try_new(offset).expect("13 bits"), more, identification)
                }),
                auth: extensions
                    .authentication
                    .map(|words| IpAuthHeader::new(IpNumber::UDP, 256, 19, &vec![7; usize::from(words) * 4]).expect("a multiple of 4")),
            };
            IpHeaders::Ipv6(header, extensions)
        }
    }
}

/// A frame as etherparse writes it, with padding behind the packet.
fn frame(tags: u8, packet: &Packet, carried: Carried, payload: &[u8], padding: usize) -> Vec<u8> {
    let link = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
    let tag = |number| VlanId::try_new(number).expect("12 bits");
    let builder = match tags {
        0 => link.ip(headers(packet)),
        1 => link.single_vlan(tag(5)).ip(headers(packet)),
        _ => link.double_vlan(tag(5), tag(6)).ip(headers(packet)),
    };
    let mut bytes = Vec::new();
    match carried {
        Carried::Udp(source, destination) => builder.udp(source, destination).write(&mut bytes, payload),
        Carried::Tcp(source, destination, sequence, false) => builder.tcp(source, destination, sequence, 8192).write(&mut bytes, payload),
        Carried::Tcp(source, destination, sequence, true) => {
            let options = [TcpOptionElement::MaximumSegmentSize(1460), TcpOptionElement::Timestamp(1, 2)];
            builder.tcp(source, destination, sequence, 8192).syn().options(&options).expect("they fit").write(&mut bytes, payload)
        }
        Carried::Echo(identifier, sequence) => match packet {
            Packet::Version4 { .. } => builder.icmpv4_echo_request(identifier, sequence).write(&mut bytes, payload),
            Packet::Version6 { .. } => builder.icmpv6_echo_request(identifier, sequence).write(&mut bytes, payload),
        },
    }
    .expect("etherparse writes what it made");
    bytes.resize(bytes.len() + padding, 0);
    bytes
}

fn dissect(bytes: &[u8]) -> Dissection {
    let mut dissection = Dissection::default();
    dissect_bytes(bytes, bytes.len(), LinkType::ETHERNET, &mut dissection);
    dissection
}

/// Where a part of a frame begins and ends in it.
fn place(frame: &[u8], part: &[u8]) -> (usize, usize) {
    let start = part.as_ptr().addr() - frame.as_ptr().addr();
    (start, start + part.len())
}

/// Whether a layer carries what the packet is about: none that stands between.
fn is_carried(layer: &Layer) -> bool {
    matches!(layer.protocol.name, "tcp" | "udp" | "icmp" | "icmpv6")
}

fn hold(bytes: &[u8]) -> Result<(), TestCaseError> {
    let ours = dissect(bytes);
    let theirs = SlicedPacket::from_ethernet(bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(
        ours.layers.iter().filter(|layer| matches!(layer.protocol.name, "vlan" | "ieee8021ad")).count(),
        theirs.vlan_ids().len()
    );
    let network = ours.network().ok_or_else(|| TestCaseError::fail("no packet"))?;
    let (header, source, destination, hop_limit) = match theirs.net.as_ref() {
        Some(NetSlice::Ipv4(slice)) => {
            let header = slice.header();
            (place(bytes, header.slice()), IpAddr::from(header.source()), IpAddr::from(header.destination()), header.ttl())
        }
        Some(NetSlice::Ipv6(slice)) => {
            let header = slice.header();
            (place(bytes, header.slice()), IpAddr::from(header.source()), IpAddr::from(header.destination()), header.hop_limit())
        }
        other => return Err(TestCaseError::fail(format!("{other:?}"))),
    };
    let layer = &ours.layers[network.layer];
    prop_assert_eq!((layer.start, layer.payload_start()), header);
    prop_assert_eq!((network.source, network.destination, network.hop_limit), (source, destination, hop_limit));
    let payload = theirs.ip_payload().ok_or_else(|| TestCaseError::fail("no payload"))?;
    prop_assert_eq!((network.protocol, network.fragment.is_some()), (payload.ip_number.0, payload.fragmented));
    prop_assert_eq!(layer.end, place(bytes, payload.payload).1);
    let begins = ours.layers.iter().find(|layer| is_carried(layer) || layer.protocol.name == "data").map(|layer| layer.start);
    prop_assert!(payload.payload.is_empty() || begins == Some(place(bytes, payload.payload).0), "{begins:?}");
    match theirs.transport {
        Some(TransportSlice::Udp(datagram)) => {
            let transport = ours.transport().ok_or_else(|| TestCaseError::fail("no datagram"))?;
            prop_assert_eq!((transport.source_port, transport.destination_port), (datagram.source_port(), datagram.destination_port()));
            prop_assert_eq!(
                (transport.payload_start, transport.payload_start + transport.payload_length),
                place(bytes, datagram.payload())
            );
        }
        Some(TransportSlice::Tcp(segment)) => {
            let transport = ours.transport().ok_or_else(|| TestCaseError::fail("no segment"))?;
            let tcp = transport.tcp.ok_or_else(|| TestCaseError::fail("no flags"))?;
            prop_assert_eq!((transport.source_port, transport.destination_port), (segment.source_port(), segment.destination_port()));
            prop_assert_eq!((transport.payload_start, transport.payload_start + transport.payload_length), place(bytes, segment.payload()));
            prop_assert_eq!(
                (tcp.sequence, tcp.window, tcp.flags & 2 != 0),
                (segment.sequence_number(), segment.window_size(), segment.syn())
            );
        }
        Some(TransportSlice::Icmpv4(_) | TransportSlice::Icmpv6(_)) => prop_assert!(ours.transport().is_none()),
        Some(TransportSlice::Igmp(_)) => return Err(TestCaseError::fail("nobody made one")),
        // What is left is a part of a packet: etherparse does not look into the first one, and we only look.
        None => prop_assert!(network.fragment.is_some()),
    }
    Ok(())
}

/// What verifying every checksum gives, outermost first.
fn statuses(bytes: &[u8]) -> Vec<(&'static str, Status)> {
    let dissection = dissect(bytes);
    (0..dissection.layers.len())
        .filter_map(|index| View::new(bytes, &dissection, index))
        .filter(|view| view.layer().protocol.name == "ip" || is_carried(view.layer()))
        .filter_map(|view| Some((view.layer().protocol.name, view.checksum()?.status)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_find_the_same_layers_at_the_same_places(
        tags in 0_u8..3,
        packet in packets(),
        carried in carried(),
        payload in prop::collection::vec(any::<u8>(), 0..100),
        padding in 0_usize..8,
    ) {
        hold(&frame(tags, &packet, carried, &payload, padding))?;
    }

    #[test]
    fn what_etherparse_computes_adds_up_until_a_bit_is_flipped(
        packet in packets(),
        carried in carried(),
        payload in prop::collection::vec(any::<u8>(), 1..100),
        place in any::<prop::sample::Index>(),
        bit in 0_u32..8,
    ) {
        let mut bytes = frame(0, &packet, carried, &payload, 0);
        let is_part = dissect(&bytes).network().is_some_and(|network| network.fragment.is_some());
        for (name, status) in statuses(&bytes) {
            prop_assert_eq!(status, if is_part && name != "ip" { Status::Unverified } else { Status::Good }, "{}", name);
        }
        let flipped = bytes.len() - payload.len() + place.index(payload.len());
        bytes[flipped] ^= 1 << bit;
        for (name, status) in statuses(&bytes).into_iter().filter(|(name, _)| *name != "ip" && !is_part) {
            prop_assert_eq!(status, Status::Bad, "{}", name);
        }
    }
}
