use super::*;
use crate::dissect::{Status, View, dissect};
use crate::frame::{Annotations, InterfaceId};
use proptest::collection::vec;
use proptest::prelude::*;

const UDP: u8 = 17;

/// A raw IPv4 packet: a fragment of datagram 0x1234 between 10.0.0.1 and 10.0.0.2.
fn ipv4(offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    ipv4_of(UDP, 0x1234, offset, more, payload)
}

fn ipv4_of(protocol: u8, identification: u16, offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (payload.len() as u16 + 20).to_be_bytes();
    let [i0, i1] = identification.to_be_bytes();
    let [f0, f1] = ((offset / 8) as u16 | if more { 0x2000 } else { 0 }).to_be_bytes();
    [&[0x45, 0, l0, l1, i0, i1, f0, f1, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], payload].concat()
}

/// A raw IPv6 packet: a fragment whose header names `next`.
fn ipv6(next: u8, offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (payload.len() as u16 + 8).to_be_bytes();
    let [f0, f1] = (offset as u16 | u16::from(more)).to_be_bytes();
    let address = |last: u8| [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    [&[0x60, 0, 0, 0, l0, l1, 44, 64], &[address(1), address(2)].concat()[..], &[next, 0, f0, f1, 0, 0, 0x12, 0x34], payload].concat()
}

/// A datagram from port 40000 to port 53 without a checksum.
fn datagram(length: usize) -> Vec<u8> {
    let [l0, l1] = (length as u16).to_be_bytes();
    let mut bytes = vec![0x9c, 0x40, 0, 53, l0, l1, 0, 0];
    bytes.extend((0..).map(|place: u32| (place % 251) as u8).take(length - 8));
    bytes
}

struct Bench {
    fragments: Fragments,
    dissection: Dissection,
    number: u64,
    seconds: i64,
}

impl Bench {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        Self { fragments: Fragments::new(&limits), dissection: Dissection::default(), number: 0, seconds: 0 }
    }

    fn cut(&mut self, bytes: &[u8], captured: usize) -> Option<Fragment> {
        self.number += 1;
        let frame = Frame {
            number: self.number,
            timestamp: Some(Timestamp::from_parts(self.seconds, 0)),
            interface: InterfaceId(0),
            link_type: LinkType::RAW,
            length: bytes.len() as u32,
            check_sequence_length: 0,
            data: &bytes[..captured],
            annotations: Annotations::default(),
        };
        dissect(&frame, &mut self.dissection);
        self.fragments.observe(&frame, &self.dissection)
    }

    fn see(&mut self, bytes: &[u8]) -> Fragment {
        self.cut(bytes, bytes.len()).expect("a fragment")
    }

    fn outcome(&mut self, bytes: &[u8]) -> Outcome {
        self.see(bytes).outcome
    }

    /// What never became whole, after the end.
    fn left(mut self) -> Vec<Incomplete> {
        self.fragments.finish();
        self.fragments.findings().incomplete.clone()
    }
}

fn payload(whole: &Reassembled) -> &[u8] {
    &whole.bytes[whole.header_length..]
}

fn layers(whole: &Reassembled) -> Vec<&'static str> {
    whole.dissection.layers.iter().map(|layer| layer.protocol.name).collect()
}

/// A way to send a datagram in parts: cuts, an order, copies, and parts that reach into others.
#[derive(Clone, Debug)]
struct Plan {
    length: usize,
    cuts: Vec<usize>,
    order: Vec<u32>,
    copies: Vec<prop::sample::Index>,
    overlaps: Vec<(usize, usize)>,
    lost: Option<prop::sample::Index>,
    liar: Option<prop::sample::Index>,
}

fn plans() -> impl Strategy<Value = Plan> {
    (8usize..600).prop_flat_map(|length| {
        let index = any::<prop::sample::Index>;
        let lost = prop::option::weighted(0.3, index());
        let liar = prop::option::weighted(0.3, index());
        let overlaps = vec((0..length / 8 + 1, 1usize..20), 0..4);
        (Just(length), vec(1..length / 8 + 2, 0..8), vec(any::<u32>(), 40), vec(index(), 0..4), overlaps, lost, liar)
            .prop_map(|(length, cuts, order, copies, overlaps, lost, liar)| Plan { length, cuts, order, copies, overlaps, lost, liar })
    })
}

impl Plan {
    /// The parts, each with what it says: where it begins, whether more follow, and its bytes.
    fn parts(&self) -> Vec<(usize, bool, Vec<u8>)> {
        let bytes = datagram(self.length);
        let mut cuts: Vec<usize> = self.cuts.iter().map(|cut| cut * 8).filter(|cut| *cut < self.length).chain([0, self.length]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut parts: Vec<(usize, bool, Vec<u8>)> =
            cuts.windows(2).map(|pair| (pair[0], pair[1] < self.length, bytes[pair[0]..pair[1]].to_vec())).collect();
        if let Some(lost) = self.lost {
            parts.remove(lost.index(parts.len()));
        }
        for copy in self.copies.iter().filter(|_| !parts.is_empty()).map(|index| index.index(parts.len())).collect::<Vec<_>>() {
            parts.push(parts[copy].clone());
        }
        for (start, eights) in &self.overlaps {
            let (start, end) = (start * 8, (start * 8 + eights * 8).min(self.length / 8 * 8));
            if start < end && end < self.length {
                parts.push((start, true, bytes[start..end].to_vec()));
            }
        }
        if let Some(liar) = self.liar.filter(|_| !parts.is_empty()) {
            let index = liar.index(parts.len());
            parts[index].2.iter_mut().for_each(|byte| *byte ^= 0x55);
        }
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|place| self.order[*place]);
        order.into_iter().map(|place| parts[place].clone()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Any cuts, order, copies and overlaps: the first version of every byte, or what is missing; and a conflict exactly where versions
    /// differ. Held against an array with a byte for each offset.
    #[test]
    fn ipv4_gives_the_first_version_of_every_byte_or_says_what_is_missing(plan in plans()) {
        let mut bench = Bench::new();
        let mut model: Vec<Option<u8>> = vec![None; plan.length];
        let (mut ended, mut whole) = (false, None);
        for (start, more, bytes) in plan.parts() {
            if !more && start == 0 {
                continue;
            }
            let fragment = bench.see(&ipv4(start, more, &bytes));
            if whole.is_some() {
                // What comes later is a copy, or begins anew.
                break;
            }
            let (mut same, mut different) = (0, 0);
            for (place, byte) in bytes.iter().enumerate() {
                match model[start + place] {
                    Some(first) if first == *byte => same += 1,
                    Some(_) => different += 1,
                    None => model[start + place] = Some(*byte),
                }
            }
            prop_assert_eq!((fragment.same, fragment.different), (same, different));
            ended |= !more;
            prop_assert_eq!(fragment.total, ended.then_some(plan.length as u32));
            whole = fragment.completed().cloned();
            let expected: Option<Vec<u8>> = model.iter().copied().collect::<Option<_>>().filter(|_| ended);
            prop_assert_eq!(whole.as_ref().map(|whole| payload(whole).to_vec()), expected);
        }
        if whole.is_none() {
            let missing: Vec<u32> = (0..plan.length as u32).filter(|place| model[*place as usize].is_none()).collect();
            for told in bench.left() {
                let told_missing: Vec<u32> = told.missing.iter().cloned().flatten().collect();
                let end = told.total.unwrap_or(told.reach);
                prop_assert_eq!(told.more_missing, 0);
                prop_assert_eq!(told_missing, missing.iter().copied().filter(|place| *place < end).collect::<Vec<_>>());
            }
        }
    }

    /// The same for IPv6: whole where nothing overlaps but copies; otherwise thrown away and said so.
    #[test]
    fn ipv6_throws_away_what_overlaps(plan in plans()) {
        let mut bench = Bench::new();
        let mut seen: Vec<(usize, usize, Vec<u8>)> = Vec::new();
        let (mut clash, mut ended) = (false, false);
        for (start, more, bytes) in plan.parts() {
            if !more && start == 0 {
                continue;
            }
            let end = start + bytes.len();
            let is_copy = seen.contains(&(start, end, bytes.clone()));
            clash |= !is_copy && seen.iter().any(|(from, to, _)| start < *to && *from < end);
            let fragment = bench.see(&ipv6(UDP, start, more, &bytes));
            prop_assert_eq!(fragment.outcome == Outcome::Dropped, clash);
            if !is_copy {
                seen.push((start, end, bytes));
            }
            ended |= !more;
            let have: usize = seen.iter().map(|(start, end, _)| end - start).sum();
            if let Some(whole) = fragment.completed() {
                prop_assert!(ended && !clash && have == plan.length);
                seen.iter().for_each(|(start, end, bytes)| assert_eq!(payload(whole).get(*start..*end), Some(&bytes[..])));
                return Ok(());
            }
            prop_assert!(clash || !ended || have < plan.length);
        }
        let dropped = bench.fragments.findings().dropped_count;
        prop_assert_eq!(dropped, u64::from(clash));
    }

    /// Whatever the fragments say: nothing panics, and the books balance at the end.
    #[test]
    fn any_fragments_are_borne(parts in vec((0u16..3, any::<u16>(), 0usize..90, any::<u8>(), 0usize..90, any::<bool>()), 0..60)) {
        let limits = Limits { fragment_bytes: 20_000, fragments_of_datagram: 6, fragment_history: 5_000, ..Limits::default() };
        let mut bench = Bench::with(limits);
        for (identification, flags, length, protocol, cut, narrow) in parts {
            let offset = usize::from(if narrow { flags & 0x0f } else { flags & 0x1fff }) * 8;
            let more = flags & 0x4000 != 0;
            let payload = vec![protocol; length];
            let bytes = match identification {
                0 | 1 => ipv4_of([4, UDP][usize::from(identification)], identification, offset, more, &payload),
                _ => ipv6(protocol, offset, more, &payload),
            };
            bench.seconds += i64::from(protocol & 7);
            bench.cut(&bytes, bytes.len().saturating_sub(cut));
        }
        bench.fragments.finish();
        prop_assert_eq!(bench.fragments.waiting_cost, 0);
        prop_assert!(bench.fragments.whole_cost <= limits.fragment_history);
    }
}

#[test]
fn the_fragment_that_completes_a_datagram_says_what_it_is() {
    let bytes = datagram(40);
    let mut bench = Bench::new();
    assert_eq!(bench.outcome(&ipv4(16, false, &bytes[16..])), Outcome::Waits);
    let fragment = bench.see(&ipv4(0, true, &bytes[..16]));
    assert_eq!((fragment.outcome, fragment.range.clone(), fragment.total), (Outcome::Completes, 0..16, Some(40)));
    assert_eq!(fragment.ports, Some(Ports { protocol: 17, source: 40000, destination: 53 }));
    assert_eq!((fragment.place(2), fragment.place(1)), (Some((1, 2)), None));
    let whole = fragment.completed().unwrap();
    assert_eq!((payload(whole), &whole.frames[..], whole.length()), (&bytes[..], &[2, 1][..], 40));
    assert_eq!((layers(whole), whole.first_layer()), (vec!["ip", "udp", "dns"], 1));
    let header = View::new(&whole.bytes, &whole.dissection, 0).and_then(|view| view.checksum());
    assert_eq!(header.map(|checksum| checksum.status), Some(Status::Good));
    assert!(whole.dissection.network().is_some_and(|network| network.fragment.is_none()));
}

#[test]
fn ports_are_known_from_the_first_fragment_on() {
    let bytes = datagram(48);
    let mut bench = Bench::new();
    assert_eq!(bench.see(&ipv4(32, false, &bytes[32..])).ports, None);
    assert_eq!(bench.see(&ipv4(0, true, &bytes[..16])).ports.map(|ports| ports.destination), Some(53));
    assert_eq!(bench.see(&ipv4(16, true, &bytes[16..24])).ports.map(|ports| ports.source), Some(40000));
    assert_eq!(bench.fragments.known(0).and_then(|(ports, _)| ports).map(|ports| ports.destination), Some(53));
}

#[test]
fn headers_of_ipv6_may_stand_before_and_behind_the_fragment_header() {
    // Destination options and a datagram, cut after the options.
    let fragmentable = [&[UDP, 0, 1, 4, 0, 0, 0, 0][..], &datagram(24)].concat();
    let mut bench = Bench::new();
    // A hop-by-hop header before the fragment header: in both.
    let with_options = |packet: Vec<u8>| {
        let length = packet.len() as u16 - 40 + 8;
        let (before, after) = packet.split_at(40);
        let mut packet = [before, &[44, 0, 1, 4, 0, 0, 0, 0], after].concat();
        packet[4..6].copy_from_slice(&length.to_be_bytes());
        packet[6] = 0;
        packet
    };
    assert_eq!(bench.outcome(&with_options(ipv6(60, 8, false, &fragmentable[8..]))), Outcome::Waits);
    let last = bench.see(&with_options(ipv6(60, 0, true, &fragmentable[..8])));
    let whole = last.completed().unwrap();
    assert_eq!(layers(whole), ["ipv6", "ipv6.hopopts", "ipv6.dstopts", "udp", "dns"]);
    assert_eq!((whole.length(), whole.first_layer(), whole.dissection.stop.map(|stop| stop.protocol)), (32, 2, None));
}

#[test]
fn a_checksum_is_verified_with_the_addresses() {
    // An ICMPv6 echo of 8 bytes of data: its checksum covers the pseudo-header.
    let mut echo = vec![128, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8];
    let status = |echo: &[u8]| {
        let mut bench = Bench::new();
        bench.see(&ipv6(58, 0, true, &echo[..8]));
        let last = bench.see(&ipv6(58, 8, false, &echo[8..]));
        let whole = last.completed().unwrap();
        View::new(&whole.bytes, &whole.dissection, 1).and_then(|view| view.checksum()).unwrap()
    };
    let wrong = status(&echo);
    assert_eq!(wrong.status, Status::Bad);
    echo[2..4].copy_from_slice(&wrong.expected.to_be_bytes());
    assert_eq!(status(&echo).status, Status::Good);
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |packets: &[Vec<u8>]| {
        let mut bench = Bench::new();
        let mut outcomes: Vec<Outcome> = packets.iter().map(|packet| bench.outcome(packet)).collect();
        outcomes.pop().unwrap()
    };
    let some = [7; 64];
    for (packets, defect) in [
        (vec![ipv4(0, true, &[])], Defect::Empty),
        (vec![ipv4(8, true, &some[..15])], Defect::Odd),
        (vec![ipv4(65_504, false, &some[..20])], Defect::TooLong),
        (vec![ipv4(16, true, &some[..16]), ipv4(8, false, &some[..8])], Defect::Shrinks),
        (vec![ipv4(16, false, &some[..16]), ipv4(16, false, &some[..17])], Defect::OtherEnd),
        (vec![ipv4(16, false, &some[..16]), ipv4(24, true, &some[..16])], Defect::BeyondEnd),
        (vec![ipv6(UDP, 65_528, false, &some[..16])], Defect::TooLong),
    ] {
        assert_eq!(refused(&packets), Outcome::Refused(defect));
    }
    assert_eq!(refused(&[ipv4(65_504, false, &some[..11])]), Outcome::Waits);
    let mut open = ipv4(8, false, &some);
    open[2..4].fill(0);
    assert_eq!(refused(&[open]), Outcome::Refused(Defect::LengthOpen));
}

#[test]
fn a_refused_fragment_changes_nothing() {
    let bytes = datagram(40);
    let mut bench = Bench::new();
    bench.see(&ipv4(16, false, &bytes[16..]));
    assert_eq!(bench.outcome(&ipv4(8, false, &[0; 8])), Outcome::Refused(Defect::OtherEnd));
    assert_eq!(payload(bench.see(&ipv4(0, true, &bytes[..16])).completed().unwrap()), bytes);
    assert_eq!(bench.fragments.findings().refused[&Defect::OtherEnd], Tally { count: 1, frames: vec![2] });
}

#[test]
fn both_versions_of_a_conflict_are_kept() {
    let bytes = datagram(40);
    let mut other = bytes.clone();
    other[18..20].copy_from_slice(b"XY");
    let mut bench = Bench::new();
    bench.see(&ipv4(8, true, &bytes[8..24]));
    let late = bench.see(&ipv4(16, false, &other[16..]));
    assert_eq!((late.outcome, late.same, late.different, late.rival), (Outcome::Waits, 6, 2, Some(1)));
    assert_eq!(payload(bench.see(&ipv4(0, true, &bytes[..8])).completed().unwrap()), bytes);
    let [conflict] = &bench.fragments.findings().conflicts[..] else { panic!("one conflict") };
    assert_eq!(
        (conflict.range.clone(), &conflict.kept[..], &conflict.other[..], conflict.frames),
        (18..20, &bytes[18..20], &b"XY"[..], [1, 2])
    );
}

#[test]
fn copies_after_the_end_are_copies_and_other_bytes_begin_anew() {
    let bytes = datagram(40);
    let mut bench = Bench::new();
    bench.see(&ipv4(0, true, &bytes[..16]));
    bench.see(&ipv4(16, false, &bytes[16..]));
    let copy = bench.see(&ipv4(0, true, &bytes[..16]));
    assert_eq!((copy.outcome, copy.datagram, copy.whole.is_some()), (Outcome::Again, 0, true));
    let anew = bench.see(&ipv4(0, true, &[9; 16]));
    assert_eq!((anew.outcome, anew.datagram), (Outcome::Waits, 1));
}

#[test]
fn what_the_capture_cut_is_missing_and_is_not_waited_for() {
    let bytes = datagram(1000);
    let mut bench = Bench::new();
    let first = ipv4(0, true, &bytes[..800]);
    assert_eq!(bench.cut(&first, 120).map(|fragment| (fragment.range, fragment.outcome)), Some((0..800, Outcome::Waits)));
    assert!(!bench.fragments.is_awaited(0));
    bench.see(&ipv4(800, false, &bytes[800..]));
    let [left] = &bench.left()[..] else { panic!("one") };
    assert_eq!((left.missing.first(), left.cut, left.total, left.why), (Some(&(100..800)), 1, Some(1000), GivenUp::End));
    assert_eq!((left.missing.len(), left.more_missing, left.is_complete), (1, 0, true));
    assert_eq!(left.frames, [1, 2]);
    // Cut, and one is missing.
    let mut bench = Bench::new();
    bench.cut(&first, 120);
    bench.see(&ipv4(808, false, &bytes[808..]));
    assert!(matches!(&bench.left()[..], [left] if left.cut == 1 && !left.is_complete));
}

#[test]
fn datagrams_wait_for_so_long_and_so_much_waits() {
    let mut bench = Bench::new();
    bench.see(&ipv4(8, true, &[1; 8]));
    bench.seconds = 31;
    assert_eq!(bench.see(&ipv4(0, true, &[1; 8])).datagram, 1);
    assert_eq!(bench.fragments.findings().incomplete[0].why, GivenUp::Time);
    let mut bench = Bench::with(Limits { fragment_bytes: 100_000, ..Limits::default() });
    for identification in 0..1000 {
        bench.see(&ipv4_of(UDP, identification, 8, true, &[1; 800]));
        assert!(bench.fragments.waiting_cost <= 100_000);
    }
    let evicted = bench.fragments.findings().given_up[&GivenUp::Memory];
    assert!(evicted > 900, "{evicted}");
    bench.fragments.finish();
    assert_eq!(bench.fragments.findings().given_up.values().sum::<u64>(), 1000);
    let mut bench = Bench::with(Limits { fragments_of_datagram: 2, ..Limits::default() });
    bench.see(&ipv4(8, true, &[1; 8]));
    bench.see(&ipv4(24, true, &[1; 8]));
    assert_eq!(bench.outcome(&ipv4(40, true, &[1; 8])), Outcome::Refused(Defect::TooMany));
}

/// A fragment in a VLAN, or in a tunnel, is none of one outside.
#[test]
fn tags_and_tunnels_keep_datagrams_apart() {
    let tagged = |number: u8, packet: Vec<u8>| [&[2; 12][..], &[0x81, 0, 0x60, number, 8, 0], &packet].concat();
    let mut bench = Bench::new();
    let bytes = datagram(40);
    let mut ethernet = |bytes: &[u8]| {
        bench.number += 1;
        let frame = Frame {
            number: bench.number,
            timestamp: None,
            interface: InterfaceId(bench.number as u32),
            link_type: LinkType::ETHERNET,
            length: bytes.len() as u32,
            check_sequence_length: 0,
            data: bytes,
            annotations: Annotations::default(),
        };
        dissect(&frame, &mut bench.dissection);
        bench.fragments.observe(&frame, &bench.dissection).unwrap().outcome
    };
    assert_eq!(ethernet(&tagged(5, ipv4(0, true, &bytes[..16]))), Outcome::Waits);
    assert_eq!(ethernet(&tagged(6, ipv4(16, false, &bytes[16..]))), Outcome::Waits);
    // Padding is not of the packet.
    let padded = [tagged(5, ipv4(16, false, &bytes[16..])), vec![0xee; 9]].concat();
    assert_eq!(ethernet(&padded), Outcome::Completes);
}

#[test]
fn a_datagram_may_carry_the_fragment_of_another() {
    let bytes = datagram(400);
    let inner = [ipv4_of(UDP, 7, 0, true, &bytes[..200]), ipv4_of(UDP, 7, 200, false, &bytes[200..])];
    let mut bench = Bench::new();
    // The first travels in two fragments, the second whole, in the same tunnel.
    bench.see(&ipv4_of(4, 1, 0, true, &inner[0][..104]));
    let outer = bench.see(&ipv4_of(4, 1, 104, false, &inner[0][104..]));
    assert!(outer.outcome == Outcome::Completes && outer.completed().is_none());
    let waiting = outer.whole.as_ref().and_then(|whole| whole.inside.as_ref()).unwrap();
    assert_eq!((waiting.outcome, waiting.range.clone()), (Outcome::Waits, 0..200));
    assert_eq!(outer.innermost_ports().map(|ports| ports.destination), Some(53));
    let mut packet = ipv4_of(4, 2, 0, false, &inner[1]);
    packet[6..8].fill(0);
    let last = bench.see(&packet);
    assert_eq!(last.completed().map(payload), Some(&bytes[..]));
}

#[test]
fn a_quoted_fragment_is_not_under_way() {
    let error = [&[3, 4, 0, 0, 0, 0, 0, 0][..], &ipv4(8, true, &[1; 8])].concat();
    let mut packet = ipv4_of(1, 1, 0, false, &error);
    packet[6..8].fill(0);
    assert!(Bench::new().cut(&packet, packet.len()).is_none());
}
