//! Fragments, held against etherparse (the plain case: any order, nothing that overlaps) and, for the captures, against tshark.

use super::support::{captures, peer};
use etherparse::defrag::IpDefragPool;
use etherparse::{
    IpFragOffset, IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, Ipv6Extensions, Ipv6FragmentHeader, Ipv6Header, PacketBuilder,
    SlicedPacket,
};
use proptest::prelude::*;
use wirelore::dissect::{Dissection, dissect};
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType};
use wirelore::reassembly::Limits;
use wirelore::reassembly::fragments::Fragments;
use wirelore::source;

/// A frame with a part of a datagram, as etherparse writes it.
fn fragment(is_ipv6: bool, offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let eights = IpFragOffset::try_new(offset as u16 / 8).expect("13 bits");
    let headers = if is_ipv6 {
        let header = Ipv6Header { hop_limit: 64, source: [1; 16], destination: [2; 16], ..Ipv6Header::default() };
        let fragment = Ipv6FragmentHeader::new(IpNumber::UDP, eights, more, 0x1234_5678);
        IpHeaders::Ipv6(header, Ipv6Extensions { fragment: Some(fragment), ..Ipv6Extensions::default() })
    } else {
        let mut header = Ipv4Header::new(0, 64, IpNumber::UDP, [10, 0, 0, 1], [10, 0, 0, 2]).expect("a length of 0");
        (header.identification, header.dont_fragment, header.fragment_offset, header.more_fragments) = (0x1234, false, eights, more);
        IpHeaders::Ipv4(header, Ipv4Extensions::default())
    };
    let mut bytes = Vec::new();
    let builder = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]).ip(headers);
    builder.write(&mut bytes, IpNumber::UDP, payload).expect("etherparse writes what it made");
    bytes
}

fn frame(number: u64, data: &[u8]) -> Frame<'_> {
    Frame {
        number,
        timestamp: None,
        interface: InterfaceId(0),
        link_type: LinkType::ETHERNET,
        length: data.len() as u32,
        check_sequence_length: 0,
        data,
        annotations: Annotations::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn etherparse_puts_the_same_datagram_together(
        is_ipv6: bool,
        payload in prop::collection::vec(any::<u8>(), 9..900),
        cuts in prop::collection::btree_set(1usize..120, 1..8),
        order in prop::collection::vec(any::<u32>(), 10),
        copied in any::<prop::sample::Index>(),
    ) {
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut * 8).filter(|cut| *cut < payload.len()).chain([0, payload.len()]).collect();
        ends.sort_unstable();
        let parts = ends.windows(2).map(|pair| fragment(is_ipv6, pair[0], pair[1] < payload.len(), &payload[pair[0]..pair[1]]));
        let mut frames: Vec<(u32, Vec<u8>)> = order.iter().copied().zip(parts).collect();
        prop_assume!(frames.len() > 1);
        frames.push((order[9], frames[copied.index(frames.len())].1.clone()));
        frames.sort();
        let mut pool = IpDefragPool::<(), ()>::new();
        let (mut fragments, mut dissection) = (Fragments::new(&Limits::default()), Dissection::default());
        for (number, (_, bytes)) in (1..).zip(&frames) {
            let sliced = SlicedPacket::from_ethernet(bytes).expect("a packet");
            let theirs = pool.process_sliced_packet(&sliced, (), ()).expect("nothing is wrong with it");
            let frame = frame(number, bytes);
            dissect(&frame, &mut dissection);
            let ours = fragments.observe(&frame, &dissection).expect("a fragment");
            let ours = ours.completed().map(|whole| whole.bytes[whole.header_length..].to_vec());
            prop_assert_eq!(&ours, &theirs.map(|whole| whole.payload));
            if let Some(ours) = ours {
                prop_assert_eq!(ours, payload);
                return Ok(());
            }
        }
        prop_assert!(false, "it never became whole");
    }
}

/// The frames that complete a datagram, each with the length of the datagram.
fn ours(path: &std::path::Path) -> Vec<(u64, usize)> {
    let mut source = source::open(path).expect("a capture of captures/ opens");
    let (mut fragments, mut dissection) = (Fragments::new(&Limits::default()), Dissection::default());
    let mut found = Vec::new();
    while let Ok(Some(frame)) = source.next_frame() {
        dissect(&frame, &mut dissection);
        let fragment = fragments.observe(&frame, &dissection);
        found.extend(fragment.as_ref().and_then(|fragment| fragment.completed()).map(|whole| (frame.number, whole.length())));
    }
    found
}

#[test]
fn the_same_frames_complete_datagrams_as_in_tshark() {
    if peer("tshark").is_none() {
        return;
    }
    let mut datagrams = 0;
    for path in captures() {
        // IPv6 fragments that overlap are thrown away (RFC 5722), and tshark puts them together.
        if path.file_name().is_some_and(|name| name == "fragments-overlap-ipv6.pcap") {
            continue;
        }
        let ours = ours(&path);
        let words =
            ["-T", "fields", "-E", "occurrence=l", "-e", "frame.number", "-e", "ip.reassembled.length", "-e", "ipv6.reassembled.length"];
        let output = std::process::Command::new("tshark").args(["-n", "-r"]).arg(&path).args(words).output().expect("tshark runs");
        let theirs: Vec<(u64, usize)> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let number = cells.next()?.parse().ok()?;
                Some((number, cells.find_map(|cell| cell.parse().ok())?))
            })
            .collect();
        assert_eq!(ours, theirs, "{}", path.display());
        datagrams += ours.len();
    }
    assert!(datagrams > 10, "captures/ has {datagrams} datagrams in fragments");
}
