#[cfg(test)]
mod frames;
#[cfg(test)]
mod machine;

use super::{KernelLink, KernelProgram};
use crate::dissect::{Dissection, dissect};
use crate::filter::{Filter, Inherited, Whole};
use crate::reassembly::Limits;
use crate::reassembly::fragments::{Fragment, Fragments, Reassembled};
use frames::{Sample, corpus};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

static CORPUS: LazyLock<Vec<Sample>> = LazyLock::new(corpus);

const SNAP_LENGTH: u32 = 262_144;
const LINKS: [KernelLink; 3] = [KernelLink::Ethernet, KernelLink::Cooked, KernelLink::RawIp];

/// Questions of every kind that the language has.
const QUESTIONS: &[&str] = &[
    "",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "arp",
    "rarp",
    "ip",
    "ip6",
    "sctp",
    "igmp",
    "esp",
    "ah",
    "stp",
    "data",
    "eth",
    "sll2",
    "dns",
    "http",
    "tls",
    "dhcp",
    "ntp",
    "quic",
    "ssdp",
    "mdns",
    "gre",
    "vxlan",
    "lldp",
    "vlan",
    "vlan 100",
    "vlan and vlan",
    "vlan and vlan 200",
    "mpls",
    "pppoes",
    "pppoed",
    "geneve",
    "host 192.168.1.11",
    "src host 10.0.0.1",
    "dst net 10.0.0.0/8",
    "net 192.168.0.0 mask 255.255.0.255",
    "host 2001:db8::1",
    "net 2001:db8::/32",
    "src net fe80::/10",
    "src and dst net 192.168.0.0/16",
    "arp host 192.168.1.1",
    "rarp host 192.168.1.1",
    "ip host 192.168.1.1",
    "port 80",
    "tcp port 80",
    "udp port 53",
    "sctp port 80",
    "tcp src port 80",
    "src and dst port 53",
    "portrange 0-1023",
    "udp dst portrange 33434-33534",
    "ether host 02:00:00:00:00:01",
    "ether src 02:00:00:00:00:01",
    "ether broadcast",
    "ether multicast",
    "broadcast",
    "ip broadcast",
    "ip multicast",
    "ip6 multicast",
    "ether proto 0x0800",
    "ether proto 0x8100",
    "ether proto 0x86dd",
    "ether proto 0x6558",
    "ether proto 0x88cc",
    "ether proto 0x42",
    "ip proto 6",
    "ip proto 4",
    "ip6 proto 17",
    "proto 2",
    "ip protochain 17",
    "protochain 51",
    "less 64",
    "greater 100",
    "len = 74",
    "len > 60 and len <= 80",
    "inbound",
    "outbound",
    "ether[0] & 1 != 0",
    "ether[12:2] = 0x0800",
    "ether[14:2] = 100",
    "ether[20:2] & 0x1fff = 0",
    "ether[ether[13]] = 0",
    "ip[8] < 5",
    "ip[0] & 0xf != 5",
    "ip[2:2] > 576",
    "ip[6:2] & 0x1fff = 0",
    "ip6[6] = 6",
    "arp[6:2] = 1",
    "tcp[13] & 2 != 0",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
    "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
    "tcp[20] = 0",
    "tcp[0:2] > tcp[2:2]",
    "tcp[2:2] / tcp[0:2] = 0",
    "udp[4:2] - 8 > 100",
    "ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) != 0",
    "icmp[icmptype] = icmp-echo",
    "icmp6[0] = 135",
    "sctp[0:2] = 80",
    "ipx[0] = 0",
    "-tcp[13] & 0xff = 0xfe",
    "ip.addr == 192.168.1.11",
    "ip.addr != 192.168.1.11",
    "ip.src == 10.0.0.0/8",
    "ip.src in {10.0.0.1 192.168.1.0/24}",
    "ip.src not in {10.0.0.1}",
    "all ip.addr == 192.168.0.0/16",
    "ip.src == ip.dst",
    "ip.src#1 == 192.168.1.11",
    "ip.src#2",
    "ip.ttl < 5",
    "ip.ttl == 64",
    "ip.proto == 17",
    "ip.len > 500",
    "ip.flags.df == 1",
    "ip.flags.mf == 1",
    "ip.flags.mf == 0",
    "ip.frag_offset > 0",
    "ip.dsfield.dscp == 46",
    "ip.dsfield.ecn != 0",
    "ip.checksum.status == bad",
    "ip.opt.type",
    "ip.version == 4",
    "ipv6.addr == 2001:db8::1",
    "ipv6.src > fe80::1",
    "ipv6.dst in {ff02::1 ff02::1:ff00:0/104}",
    "ipv6.nxt == 58",
    "ipv6.hlim == 255",
    "ipv6.plen < 60",
    "tcp.port == 80",
    "tcp.port != 80",
    "tcp.port in {20..25 80 443}",
    "tcp.srcport > 1023",
    "tcp.flags.syn == 1",
    "tcp.flags.syn == 1 and tcp.flags.ack == 0",
    "tcp.flags.reset",
    "tcp.flags & 2",
    "tcp.flags & 0x12 == 2",
    "tcp.flags == 0x018",
    "tcp.flags.ece == 1",
    "tcp.window_size_value == 0",
    "tcp.len > 0",
    "tcp.options.mss_val",
    "udp.port == 53",
    "udp.length > 100",
    "icmp.type == 3",
    "icmp.type in {0 8}",
    "icmp.code == 4",
    "icmpv6.type == 135",
    "arp.opcode == 1",
    "arp.src.proto_ipv4 == 192.168.1.1",
    "arp.dst.hw_mac == 00:00:00:00:00:00",
    "arp.isgratuitous",
    "eth.addr == 02:00:00:00:00:01",
    "eth.dst == ff:ff:ff:ff:ff:ff",
    "eth.src > 02:00:00:00:00:01",
    "eth.src[0:3] == 02:00:00",
    "eth.type == 0x0800",
    "eth.type == 0x8100",
    "eth.len",
    "vlan.id == 100",
    "vlan.id > 100",
    "vlan.id#2 == 200",
    "vlan.priority == 7",
    "vlan.dei == 1",
    "ieee8021ad.id == 5",
    "vlan.etype == 0x0800",
    "frame.len > 100",
    "frame.len & 1",
    "frame.cap_len < 100",
    "frame contains \"GET\"",
    "frame.protocols contains \"tcp\"",
    "tcp contains \"HTTP\"",
    "udp contains \"a\"",
    "dns.qry.name",
    "dns.qry.name contains \"example\"",
    "http.host",
    "http.response.code == 200",
    "tls.handshake.type == 1",
    "tcp.port#1 == 80",
    "gre.proto",
    "tcp[4:4] > 0x80000000",
    "ip[12:4] = 0xc0a8010b",
    "ip6[8:4] = 0x20010db8",
];

/// Whether a frame passes by itself, as far as so much of it is kept.
fn accepts(filter: &Filter, sample: &Sample, snap_length: u32) -> bool {
    let frame = sample.frame(snap_length);
    if sample.captured.len() <= snap_length as usize {
        return filter.matches(&frame, &sample.dissection);
    }
    let mut dissection = Dissection::default();
    dissect(&frame, &mut dissection);
    filter.matches(&frame, &dissection)
}

struct Programs([KernelProgram; 3]);

impl Programs {
    fn new(filter: &Filter, snap_length: u32) -> Self {
        Self(LINKS.map(|link| {
            let program = filter.kernel_program(link, snap_length);
            machine::check(&program.instructions).unwrap();
            program
        }))
    }

    fn of(&self, link: KernelLink) -> &KernelProgram {
        &self.0[LINKS.iter().position(|known| *known == link).unwrap()]
    }

    fn passes(&self, sample: &Sample) -> bool {
        machine::run(&self.of(sample.link).instructions, &sample.packet) != 0
    }
}

/// What a program loses, of what an expression accepts; and what it passes in spite of saying that it decides exactly.
fn wrong(expression: &str, samples: &[Sample], snap_length: u32) -> Option<String> {
    let filter = Filter::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let programs = Programs::new(&filter, snap_length);
    samples.iter().find_map(|sample| {
        let (accepted, passed) = (accepts(&filter, sample, snap_length), programs.passes(sample));
        let wrong = if programs.of(sample.link).exact { accepted != passed } else { accepted && !passed };
        let layers: Vec<&str> = sample.dissection.layers.iter().map(|layer| layer.protocol.name).collect();
        wrong.then(|| {
            let bytes: String = sample.captured.iter().take(100).map(|byte| format!("{byte:02x}")).collect();
            format!("{expression}: accepted {accepted}, passed {passed}: {} {:?} {layers:?} {bytes}", sample.name, sample.link)
        })
    })
}

#[test]
fn no_question_loses_a_frame_nor_does_its_contrary() {
    let mut found = Vec::new();
    for question in QUESTIONS {
        found.extend(wrong(question, &CORPUS, SNAP_LENGTH));
        if !question.is_empty() {
            found.extend(wrong(&format!("not ({question})"), &CORPUS, SNAP_LENGTH));
        }
    }
    assert!(found.is_empty(), "{} of {}\n{}", found.len(), QUESTIONS.len() * 2, found.join("\n"));
}

/// Questions joined at random.
fn tree() -> impl Strategy<Value = String> {
    let asked: Vec<&str> = QUESTIONS.iter().copied().filter(|question| !question.is_empty()).collect();
    let question = prop::sample::select(asked).prop_map(|question| format!("({question})"));
    let tree = question.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not {inner}")),
            prop::collection::vec((inner, prop::sample::select(vec![" and ", " or "])), 2..4).prop_map(|parts| {
                let text: String = parts.iter().flat_map(|(part, joint)| [part.as_str(), joint]).collect();
                format!("({})", text.trim_end_matches(" and ").trim_end_matches(" or "))
            }),
        ]
    });
    // Behind `port 80` the word `http` may be meant as a port: the parser asks which.
    tree.prop_filter("a word may be meant in two ways", |expression| Filter::parse(expression).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_expression_loses_a_frame(expression in tree(), chance: u64) {
        let mut chance = frames::Chance(chance);
        let mut samples = Vec::new();
        for _ in 0..300 {
            let sample = &CORPUS[chance.below(CORPUS.len())];
            let way = chance.below(frames::WAYS);
            samples.extend(frames::made(&sample.captured, way, &mut chance));
            samples.push(sample.clone());
        }
        prop_assert_eq!(wrong(&expression, &samples, SNAP_LENGTH), None);
    }

    #[test]
    fn what_is_not_kept_is_not_asked(expression in tree(), snap_length in prop_oneof![Just(0_u32), Just(14), 16_u32..150, Just(96)], from: prop::sample::Index) {
        let from = from.index(CORPUS.len());
        prop_assert_eq!(wrong(&expression, &CORPUS[from..CORPUS.len().min(from + 200)], snap_length.max(1)), None);
    }

    #[test]
    fn no_fragment_is_lost(expression in tree(), place in 0_usize..8) {
        for capture in FRAGMENTED.iter().skip(place).step_by(8) {
            prop_assert_eq!(lost_with_fragments(&expression, capture), None);
        }
    }
}

/// Captures with fragments in them, as they are and in tunnels.
static FRAGMENTED: LazyLock<Vec<Vec<Sample>>> = LazyLock::new(|| {
    let is_fragment = |sample: &Sample| sample.dissection.networks.iter().any(|network| network.fragment.is_some());
    let captured = frames::captures().into_iter().map(|path| frames::of_capture(&path, 30));
    let fragmented: Vec<Vec<Sample>> = captured.filter(|samples| samples.iter().any(is_fragment)).take(8).collect();
    let mut all = fragmented.clone();
    for way in [0, 5] {
        let made = fragmented.iter().map(|samples| {
            let mut chance = frames::Chance(1);
            let made = samples.iter().filter_map(|sample| {
                let made = frames::made(&sample.captured, way, &mut chance)?;
                Some(Sample { time: sample.time, name: format!("{} made {way}", sample.name), ..made })
            });
            made.collect()
        });
        all.extend(made);
    }
    all
});

/// Which frames of a capture pass, of those that `keeps` lets through, each asked together with its datagram.
fn passing(filter: &Filter, capture: &[Sample], keeps: impl Fn(&Sample) -> bool) -> Vec<String> {
    let mut fragments = Fragments::new(&Limits::default());
    let mut wholes: HashMap<u64, Arc<Reassembled>> = HashMap::new();
    let mut seen = Vec::new();
    for sample in capture.iter().filter(|sample| keeps(sample)) {
        let fragment = fragments.observe(&sample.frame(SNAP_LENGTH), &sample.dissection);
        let mut next = fragment.as_ref();
        while let Some(fragment) = next {
            if let Some(whole) = &fragment.whole {
                wholes.insert(fragment.datagram, whole.clone());
            }
            next = fragment.whole.as_ref().and_then(|whole| whole.inside.as_ref());
        }
        seen.push((sample, fragment));
    }
    let passes = |sample: &Sample, fragment: &Option<Fragment>| {
        let (mut inherited, mut ports, mut next) = (Vec::new(), None, fragment.as_ref());
        while let Some(fragment) = next {
            let known = fragments.known(fragment.datagram).and_then(|(ports, _)| ports).or(fragment.ports);
            ports = known.map(|ports| (ports.protocol, ports.source, ports.destination)).or(ports);
            let whole = fragment.whole.as_deref().or_else(|| wholes.get(&fragment.datagram).map(|whole| &**whole));
            inherited.extend(whole.map(|whole| Whole {
                bytes: &whole.bytes,
                dissection: &whole.dissection,
                first_layer: whole.first_layer(),
            }));
            next = whole.and_then(|whole| whole.inside.as_ref());
        }
        filter.matches_fragment(&sample.frame(SNAP_LENGTH), &sample.dissection, Inherited { wholes: &inherited, ports })
    };
    seen.iter().filter(|(sample, fragment)| passes(sample, fragment)).map(|(sample, _)| sample.name.clone()).collect()
}

/// What an expression accepts of a capture, and does not where the kernel has its program.
fn lost_with_fragments(expression: &str, capture: &[Sample]) -> Option<String> {
    let filter = Filter::parse(expression).unwrap();
    let programs = Programs::new(&filter, SNAP_LENGTH);
    let (all, filtered) = (passing(&filter, capture, |_| true), passing(&filter, capture, |sample| programs.passes(sample)));
    (all != filtered).then(|| format!("{expression}: {all:?} became {filtered:?}"))
}

#[test]
fn fragments_of_what_is_asked_for_all_pass() {
    assert!(FRAGMENTED.len() > 10, "{} captures", FRAGMENTED.len());
    let asked = QUESTIONS.iter().filter(|question| !question.is_empty());
    let expressions =
        asked.flat_map(|question| [(*question).to_owned(), format!("not ({question})"), format!("({question}) and less 600")]);
    let found: Vec<String> = expressions
        .zip(0..)
        .flat_map(|(expression, place)| {
            let captures = FRAGMENTED.iter().skip(place % 8).step_by(8);
            captures.filter_map(|capture| lost_with_fragments(&expression, capture)).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{}\n{}", found.len(), found.join("\n"));
}

/// For how long a processor has worked for this thread, so that a busy machine makes nothing slow; `None` where that is not told.
fn worked() -> Option<std::time::Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(std::time::Duration::from_nanos(told.split_whitespace().next()?.parse().ok()?))
}

#[test]
fn long_expressions_fit_and_lose_nothing() {
    let hosts = |count: u32, host: &dyn Fn(u32) -> String| (0..count).map(host).collect::<Vec<_>>().join(" or ");
    let ipv4 = |number: u32| format!("10.{}.{}.{}", number % 7, number * 37 % 256, number * 11 % 256);
    let ipv6 = |number: u32| format!("2001:db8:{:x}:{:x}::{:x}", number % 50, number * 31 % 1000, number * 7919 % 65_521);
    let rejects = |expression: &str, most: u128| {
        let (begin, worked) = (std::time::Instant::now(), worked());
        let filter = Filter::parse(expression).unwrap();
        let programs = Programs::new(&filter, SNAP_LENGTH);
        let took = self::worked().zip(worked).map_or(begin.elapsed(), |(after, before)| after - before);
        assert!(took.as_millis() < most, "{} ms", took.as_millis());
        assert_eq!(wrong(expression, &CORPUS[..200], SNAP_LENGTH), None);
        CORPUS.iter().filter(|sample| !programs.passes(sample)).count() * 100 / CORPUS.len()
    };
    let few = rejects("host 10.0.0.1", 1000);
    let exactly = hosts(1000, &|number| format!("host {}", ipv4(number)));
    assert!(rejects(&exactly, 20_000) > few - 20);
    assert!(rejects(&hosts(1000, &|number| format!("host {}", ipv6(number))), 20_000) > 50);
    assert!(rejects(&hosts(2500, &|number| format!("host {}", ipv4(number * 97))), 60_000) > 10);
    assert!(rejects(&hosts(700, &|number| format!("(host {} and tcp port {number})", ipv4(number))), 60_000) > 10);
    let none = (0..1000).map(|number| format!("not host {}", ipv4(number))).collect::<Vec<_>>().join(" and ");
    rejects(&none, 20_000);
    let mixed = hosts(300, &|number| format!("tcp[{}] = {} or udp[{number}] = 7", number % 200, number % 256));
    rejects(&mixed, 60_000);
}

#[test]
fn only_what_is_decided_without_layers_is_exact() {
    let program = |expression: &str, link| Filter::parse(expression).unwrap().kernel_program(link, SNAP_LENGTH);
    for expression in ["", "less 100", "greater 100 and not len = 200", "ether[0] & 1 != 0", "frame.len in {60..70}"] {
        assert!(program(expression, KernelLink::Ethernet).exact, "{expression}");
    }
    for expression in ["tcp", "host 10.0.0.1", "frame.number < 9", "vlan"] {
        assert!(!program(expression, KernelLink::Ethernet).exact, "{expression}");
    }
    // How many frames came before is for wirelore to count: none may be missing.
    assert_eq!(program("frame.number < 9 and tcp", KernelLink::Ethernet).instructions.len(), 1);
    let other = program("tcp", KernelLink::Other);
    assert_eq!((other.exact, other.instructions.len(), other.instructions[0].value), (false, 1, SNAP_LENGTH));
}

#[test]
fn what_is_kept_changes_nothing_of_the_answer() {
    let program = Filter::parse("icmp or less 80").unwrap().kernel_program(KernelLink::Ethernet, SNAP_LENGTH);
    let short = program.clone().keeping(20);
    assert_eq!(short.exact, program.exact);
    for sample in CORPUS.iter().filter(|sample| sample.link == KernelLink::Ethernet).take(500) {
        let [whole, cut] = [&program, &short].map(|program| machine::run(&program.instructions, &sample.packet));
        assert_eq!(cut, whole.min(20), "{}", sample.name);
    }
    assert!(Filter::parse("").unwrap().kernel_program(KernelLink::Other, SNAP_LENGTH).exact, "nothing is left to be asked");
}

/// Of how many of a hundred frames a program says alone whether they pass: that of the expression rejects them, or that of its contrary does.
fn decided(expression: &str, samples: &[&Sample]) -> usize {
    let programs = |expression: &str| Programs::new(&Filter::parse(expression).unwrap(), SNAP_LENGTH);
    let (program, contrary) = (programs(expression), programs(&format!("not ({expression})")));
    let count = samples.iter().filter(|sample| !program.passes(sample) || !contrary.passes(sample)).count();
    count * 100 / samples.len()
}

/// What people filter by, and of how many of a hundred Ethernet frames of all captures the program says alone whether they pass. The rest
/// is tunnels, fragments and extension headers, of which the captures have more than any network.
const USUAL: &[(&str, usize)] = &[
    ("host 192.168.1.11", 88),
    ("src host 192.168.1.11", 88),
    ("dst host 192.168.1.11", 88),
    ("host 2001:db8::1", 88),
    ("net 192.168.0.0/16", 88),
    ("src net 10.0.0.0/8", 88),
    ("not net 192.168.1.0/24", 88),
    ("ip", 88),
    ("ip6", 88),
    ("arp", 88),
    ("tcp", 88),
    ("udp", 88),
    ("icmp", 88),
    ("icmp6", 88),
    ("icmp or icmp6", 88),
    ("port 53", 88),
    ("not port 22", 88),
    ("tcp port 80", 88),
    ("tcp port 80 or tcp port 443", 88),
    ("udp port 53", 88),
    ("tcp dst port 25", 88),
    ("portrange 6000-6008", 88),
    ("host 192.168.1.11 and port 80", 88),
    ("host 192.168.1.11 and not port 22", 88),
    ("src host 192.168.1.11 and (dst port 80 or dst port 443)", 88),
    ("tcp and not port 22", 88),
    ("udp and not port 53", 88),
    ("arp or icmp", 88),
    ("arp host 192.168.1.1", 88),
    ("ether host 02:00:00:00:00:01", 88),
    ("ether src 02:00:00:00:00:01", 88),
    ("ether broadcast", 88),
    ("ether multicast", 88),
    ("ip multicast", 88),
    ("ip broadcast", 88),
    ("vlan", 88),
    ("vlan 100", 88),
    ("ip proto 17", 88),
    ("ether proto 0x0806", 88),
    ("less 100", 100),
    ("greater 1000", 100),
    ("tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", 88),
    ("tcp[13] & 4 != 0", 88),
    ("tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420", 88),
    ("icmp[icmptype] = icmp-echo", 88),
    ("ip[8] < 5", 88),
    ("ip[6:2] & 0x1fff = 0", 88),
    ("ip.addr == 192.168.1.11", 88),
    ("ip.src == 192.168.1.0/24", 88),
    ("ip.addr in {192.168.1.11 192.168.1.12}", 88),
    ("ip.ttl < 5", 88),
    ("ipv6.addr == 2001:db8::1", 88),
    ("tcp.port == 80", 88),
    ("tcp.port in {80 443 8080}", 88),
    ("tcp.flags.syn == 1 and tcp.flags.ack == 0", 88),
    ("tcp.flags.reset == 1", 88),
    ("tcp.port == 80 and ip.src == 192.168.1.11", 88),
    ("udp.port == 53", 88),
    ("icmp.type == 8", 88),
    ("arp.opcode == 1", 88),
    ("eth.addr == 02:00:00:00:00:01", 88),
    ("eth.type == 0x0800", 88),
    ("frame.len > 1000", 100),
    ("dns", 80),
    ("dhcp", 88),
    ("dns.qry.name contains \"example\"", 80),
];

#[test]
fn the_kernel_decides_alone_of_most_frames() {
    let samples: Vec<Sample> = frames::captured(50);
    let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.link == KernelLink::Ethernet).collect();
    for (question, least) in USUAL {
        let share = decided(question, &samples);
        assert!(share >= *least, "{question}: {share}");
    }
}
