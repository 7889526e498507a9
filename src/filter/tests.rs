use super::Filter;
use super::subject::{PLACES, Subject};
use crate::dissect::registry::fields_named;
use crate::dissect::{Dissection, Field, FieldSink, Span, Value, View, dissect};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use proptest::prelude::*;

/// A frame of a link type with these bytes.
fn frame(link_type: LinkType, data: &[u8]) -> Frame<'_> {
    Frame {
        number: 7,
        timestamp: Some(Timestamp::from_parts(1_000_000_000, 500_000_000)),
        interface: InterfaceId(1),
        link_type,
        length: data.len() as u32,
        check_sequence_length: 0,
        data,
        annotations: Annotations::default(),
    }
}

fn passes_frame(expression: &str, frame: &Frame<'_>) -> bool {
    let mut dissection = Dissection::default();
    dissect(frame, &mut dissection);
    Filter::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}")).matches(frame, &dissection)
}

fn passes(expression: &str, data: &[u8]) -> bool {
    passes_frame(expression, &frame(LinkType::ETHERNET, data))
}

/// Bytes from hexadecimal digits; spaces do not count.
fn bytes(hexadecimal: &str) -> Vec<u8> {
    super::text::hexadecimal(&hexadecimal.replace(' ', "")).expect("hexadecimal digits")
}

const LINK: &str = "020000000002 020000000001 ";
/// 10.0.0.1:1000 > 10.0.0.2:80, a SYN with a segment size.
const SYN: &str = "4500002c123440004006 0000 0a000001 0a000002 03e8 0050 00000001 00000000 6002 ffff 0000 0000 020405b4";
/// 192.168.0.1 > 192.168.0.2, carrying an IPv4 packet.
const OUTER: &str = "45000040000000004004 0000 c0a80001 c0a80002 ";
/// 10.0.0.1:9 > 10.0.0.2:1024, "hello".
const DATAGRAM: &str = "45000021000000002011 0000 0a000001 0a000002 0009 0400 000d 0000 68656c6c6f";

fn plain() -> Vec<u8> {
    bytes(&format!("{LINK} 0800 {SYN}"))
}

fn tagged() -> Vec<u8> {
    bytes(&format!("{LINK} 8100 0064 0800 {SYN}"))
}

fn tunnelled() -> Vec<u8> {
    bytes(&format!("{LINK} 0800 {OUTER} {SYN}"))
}

#[test]
fn words_see_through_tags_and_tunnels() {
    for expression in [
        "tcp port 80",
        "src host 10.0.0.1 and dst net 10.0.0.0/30",
        "tcp[tcpflags] = tcp-syn",
        "tcp[2:2] = 80",
        "ip.src == 10.0.0.1 and tcp.flags.syn == 1",
        "tcp.options.mss_val == 1460",
        "ip and not udp",
    ] {
        for frame in [plain(), tagged(), tunnelled()] {
            assert!(passes(expression, &frame), "{expression}");
        }
    }
    for expression in ["vlan", "vlan 100", "ether proto 0x8100", "ether proto \\ip", "vlan 100 and tcp"] {
        assert!(passes(expression, &tagged()), "{expression}");
    }
    assert!(!passes("vlan 101", &tagged()) && !passes("vlan", &plain()));
}

#[test]
fn tags_stand_behind_one_another() {
    let twice = bytes(&format!("{LINK} 88a8 0064 8100 00c8 0800 {SYN}"));
    for expression in [
        "vlan and vlan",
        "vlan 100 and vlan 200",
        "vlan and vlan 200 and tcp",
        "vlan 200",
        "vlan 1 or vlan 100",
        "(vlan) and (vlan) and (vlan)",
        "vlan.id == 200",
    ] {
        assert!(passes(expression, &twice), "{expression}");
    }
    for expression in ["vlan 200 and vlan 100", "vlan and vlan and vlan", "vlan and vlan 100", "not vlan 1 and not vlan 200"] {
        assert!(!passes(expression, &twice), "{expression}");
    }
    assert!(!passes("vlan and vlan", &tagged()) && passes("not vlan 1 and vlan 100", &tagged()));
}

#[test]
fn layers_can_be_told_apart() {
    let frame = tunnelled();
    for expression in ["host 192.168.0.2", "ip proto 4", "ip.src#1 == 192.168.0.1", "ip.src#2 == 10.0.0.1", "ip[12:4] = 0xc0a80001"] {
        assert!(passes(expression, &frame), "{expression}");
    }
    for expression in ["ip.src#1 == 10.0.0.1", "ip.src#3", "ip.addr != 10.0.0.1", "all ip.src == 10.0.0.1"] {
        assert!(!passes(expression, &frame), "{expression}");
    }
}

#[test]
fn a_fragment_other_than_the_first_has_a_protocol_and_no_ports() {
    let later =
        bytes(&format!("{LINK} 0800 4500002c123400024006 0000 0a000001 0a000002 03e8 0050 00000001 00000000 6002 ffff 0000 0000 020405b4"));
    assert!(passes("tcp and host 10.0.0.1", &later));
    for expression in ["port 80", "tcp[13] = 2", "tcp.port == 80", "tcp.srcport"] {
        assert!(!passes(expression, &later), "{expression}");
    }
    let first =
        bytes(&format!("{LINK} 0800 4500002c123420004006 0000 0a000001 0a000002 03e8 0050 00000001 00000000 6002 ffff 0000 0000 020405b4"));
    assert!(passes("port 80 and tcp[13] = 2", &first));
}

#[test]
fn what_is_not_there_answers_no() {
    let frame = plain();
    for expression in
        ["udp[0] = 0", "udp[0] != 0", "tcp[100] = 0", "tcp[100] != 0", "udp.port != 80", "udp.port == 80", "ip[0] / (ip[1] & 0) = 0"]
    {
        assert!(!passes(expression, &frame), "{expression}");
    }
    assert!(passes("not udp.port == 80 and udp.port not in {80}", &frame));
}

#[test]
fn and_and_or_bind_equally_from_left_to_right() {
    let frame = plain();
    assert!(!passes("tcp or udp and udp", &frame));
    assert!(passes("tcp or (udp and udp)", &frame));
    assert!(passes("udp and udp or tcp", &frame));
    assert!(!passes("not tcp or udp", &frame));
}

#[test]
fn qualifiers_carry_over() {
    let frame = plain();
    for expression in [
        "src host 10.9.9.9 or 10.0.0.1",
        "tcp dst port 79 or 80",
        "tcp dst port (79 or 80)",
        "host not 10.9.9.9",
        "not port 81 and 80",
        "host 10.0.0.1 and 10.0.0.2 and not 10.0.0.3",
        "tcp port http or ssh",
        "host 10.0.0.9 or tcp.port == 80",
    ] {
        assert!(passes(expression, &frame), "{expression}");
    }
    assert!(!passes("src host 10.9.9.9 or 10.0.0.2", &frame));
}

#[test]
fn fields_are_held_against_every_kind_of_value() {
    let frame = bytes(&format!("{LINK} 0800 {DATAGRAM}"));
    for expression in [
        "ip.ttl == 32 and ip.ttl == 0x20 and ip.ttl == 040",
        "ip.src in {10.0.0.0/31, 192.168.0.1..192.168.0.9}",
        "ip.src in 10.0.0.0/8",
        "ip.src < ip.dst and ip.src != ip.dst",
        "eth.src[0:3] == 02:00:00 and eth.src[-1:] == 01",
        "eth.dst == 02-00-00-00-00-02",
        "udp.port in {9 80}",
        "udp.length & 0x0c == 0x0c and udp.length & 1",
        "ip.proto == udp and ip.proto == \"UDP\"",
        "udp contains \"hell\" and udp contains 6c:6c:6f and not udp contains \"help\"",
        "frame matches \"HE.{2}o$\" and not frame matches \"(?-i)HE\"",
        "frame matches r\"\\x68el+o\" and udp matches \"h\\\\w+o\"",
        "udp[8:5] == \"hello\" and udp[8:4] = 0x68656c6c",
        "frame.number == 7 and frame.len == frame.cap_len and frame.interface_id == 1",
        "frame.time_epoch == 1000000000.5 and frame.time > \"2001-09-09\" and frame.time < 2001-09-09T02:00:00Z",
        "ip.checksum.status == bad and udp.checksum.status == \"not present\"",
        "ip.flags.df == false and ip.flags.df == 0 and ip.flags.df",
        "udp and ip.src and data",
        "frame.protocols == \"eth:ip:udp:data\" and frame.protocols contains ip:udp",
    ] {
        assert!(passes(expression, &frame), "{expression}");
    }
}

#[test]
fn arp_messages_have_hosts() {
    let question = bytes("ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002");
    for expression in ["arp", "host 10.0.0.1", "src host 10.0.0.1", "dst 10.0.0.2", "arp net 10.0.0.0/8", "broadcast", "not rarp"] {
        assert!(passes(expression, &question), "{expression}");
    }
    for expression in ["ip host 10.0.0.1", "rarp host 10.0.0.1", "src host 10.0.0.2", "ip", "dst port 1"] {
        assert!(!passes(expression, &question), "{expression}");
    }
}

#[test]
fn a_packet_to_a_subnet_is_told_by_its_frame() {
    let to_all = bytes(&format!("ffffffffffff 020000000001 0800 {DATAGRAM}"));
    assert!(passes("ip broadcast", &to_all));
    assert!(!passes("ip broadcast", &plain()));
}

#[test]
fn directions_are_the_captures() {
    let mut sent = frame(LinkType::ETHERNET, &[0; 14]);
    assert!(!passes_frame("inbound or outbound", &sent));
    sent.annotations = Annotations { options: &[2, 0, 4, 0, 2, 0, 0, 0], big_endian: false };
    assert!(passes_frame("outbound and not inbound", &sent));
    let cooked = bytes("0004 0001 0006 020000000001 0000 0800");
    assert!(passes_frame("outbound", &frame(LinkType::LINUX_SLL, &cooked)));
}

#[test]
fn comments_are_fields() {
    let mut noted = frame(LinkType::ETHERNET, &[0; 14]);
    noted.annotations = Annotations { options: &[1, 0, 2, 0, b'h', b'i', 0, 0], big_endian: false };
    assert!(passes_frame("frame.comment == hi and frame.comment matches \"^H\"", &noted));
}

/// Collects the values of one field.
struct Collect(&'static Field, Vec<String>);

impl FieldSink for Collect {
    fn field(&mut self, field: &'static Field, _span: Span, value: Value<'_>) {
        if self.0.is(field) {
            self.1.push(format!("{value:?}"));
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

#[test]
fn values_read_at_their_place_are_those_that_the_layer_describes() {
    let ipv6 = "6000000000080640 20010db8000000000000000000000001 20010db8000000000000000000000002 ";
    let samples = [plain(), bytes(&format!("{LINK} 0800 {DATAGRAM}")), bytes(&format!("{LINK} 86dd {ipv6} 03e8005000000001"))];
    let mut seen = 0;
    for (id, _) in PLACES {
        // Several protocols may show the same field.
        let (_, field) = fields_named(id).next().unwrap();
        for data in &samples {
            let frame = frame(LinkType::ETHERNET, data);
            let mut dissection = Dissection::default();
            dissect(&frame, &mut dissection);
            let mut described = Collect(field, Vec::new());
            for index in 0..dissection.layers.len() {
                View::new(data, &dissection, index).unwrap().describe(&mut described);
            }
            let mut read = Vec::new();
            let packet = super::evaluate::Packet { frame: &frame, data: frame.data, dissection: &dissection, first_layer: 0 };
            let flow = packet.visit(&Subject::field(id).unwrap(), &mut |value| {
                read.push(format!("{value:?}"));
                std::ops::ControlFlow::Continue(())
            });
            assert!(flow.is_continue());
            assert_eq!(read, described.1, "{id}");
            seen += read.len();
        }
    }
    assert!(seen > 20, "only {seen} values were compared");
}

/// Questions of every kind, for random trees; but `vlan` and `mpls`, which ask for the next tag where they stand a second time.
const QUESTIONS: &[&str] = &[
    "tcp",
    "udp",
    "arp",
    "ip6",
    "vlan.id == 100",
    "host 10.0.0.1",
    "dst net 10.0.0.0/8",
    "src port 9",
    "portrange 1-100",
    "ether broadcast",
    "less 60",
    "ip[8] > 40",
    "tcp[13] & 2 != 0",
    "len = 58",
    "ip.src == 10.0.0.1",
    "ip.addr != 10.0.0.1",
    "tcp.port in {80}",
    "udp contains \"hello\"",
    "frame matches \"h.l\"",
    "tcp.options.mss_val",
    "eth.src[0:1] == 02",
    "tcp.flags & 2",
    "ip protochain 17",
    "ether proto 0x0800",
    "ip.src == ip.dst",
    "all tcp.port > 79",
    "icmp[0] = 8",
    "mpls.label",
    "frame.len > 50",
    "ip multicast",
    "outbound",
];

fn tree() -> impl Strategy<Value = String> {
    let question = prop::sample::select(QUESTIONS).prop_map(|question| format!("({question})"));
    question.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not {inner}")),
            prop::collection::vec((inner, prop::sample::select(vec!["and", "or"])), 2..4).prop_map(|parts| {
                let mut text = parts.iter().map(|(part, joint)| format!("{part} {joint} ")).collect::<String>();
                text.truncate(text.trim_end_matches(" and ").trim_end_matches(" or ").len());
                format!("({text})")
            }),
        ]
    })
}

/// Frames that say something, damaged ones, and noise.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let datagram = bytes(&format!("ffffffffffff 020000000001 0800 {DATAGRAM}"));
    let sample = prop::sample::select(vec![plain(), tagged(), tunnelled(), datagram]);
    prop_oneof![
        sample.clone(),
        (sample.clone(), any::<prop::sample::Index>()).prop_map(|(frame, length)| frame[..length.index(frame.len())].to_vec()),
        (sample, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut frame, place, byte)| {
            let place = place.index(frame.len());
            frame[place] = byte;
            frame
        }),
        prop::collection::vec(any::<u8>(), 0..80),
    ]
}

proptest! {
    #[test]
    fn logic_holds_on_every_frame(a in tree(), b in tree(), frame in any_frame()) {
        let passes = |expression: String| passes(&expression, &frame);
        let (left, right) = (passes(a.clone()), passes(b.clone()));
        prop_assert_eq!(passes(format!("not not {a}")), left);
        prop_assert_eq!(passes(format!("not {a}")), !left);
        prop_assert_eq!(passes(format!("{a} and {b}")), left && right);
        prop_assert_eq!(passes(format!("{a} or {b}")), left || right);
        prop_assert_eq!(passes(format!("not ({a} and {b})")), passes(format!("not {a} or not {b}")));
        prop_assert_eq!(passes(format!("not ({a} or {b})")), passes(format!("not {a} and not {b}")));
        // From left to right: were `and` stronger, `a` alone would do.
        prop_assert_eq!(passes(format!("{a} or {b} and {b}")), right);
        prop_assert!(passes(String::new()));
    }
}
