use crate::dissect::Span;
use crate::dissect::testing::{Dissected, bytes, cut_everywhere, damage_everywhere, dissect_cut, look, tcp, udp};
use crate::frame::LinkType;

const ANSWER: &str = "180f8180 0001000100000000 0977697265736861726b036f7267 0000010001 c00c 0001 0001 00003840 0004 8079327a";
const SUBNET_ANSWER: &str = "4691850000010001000000 01076578616d706c6503636f6d0000010001c00c000100010001518000045db8d822
    000029100000000000000c0008000800012000c0010203";
const HOST_KEY_ANSWER: &str = "c11881800001000100040005076d6f6e616469630563796e6963036e657400002c0001c00c002c00010000011500160101f90fd3
    9646968ea815cccbc8df17d93a6a4475abc01400020001000291700006036e7334c014c01400020001000291700006036e7331c014c01400020001000291700006
    036e7333c014c01400020001000291700006036e7332c014c063000100010002917000047d647ecdc08700010001000291700004c7af89d5c0750001000100
    0291700004cb8d9916c051000100010002917000047a67eeba0000291000000000000000";

fn look_udp(hexadecimal: &str) -> Dissected {
    look(udp(53, &bytes(hexadecimal)))
}

/// A response with one question for the root and one record of a type, with this data.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut message = bytes("0001 8400 0001 0001 0000 0000 00 0010 0001 01 61 00");
    message.extend_from_slice(&kind.to_be_bytes());
    message.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
    message.extend_from_slice(&(data.len() as u16).to_be_bytes());
    message.extend_from_slice(data);
    message
}

fn look_record(kind: u16, data: &[u8]) -> Dissected {
    look(udp(53, &record(kind, data)))
}

#[test]
fn an_answer_gives_its_header_its_question_and_its_records() {
    let outcome = look_udp(ANSWER);
    assert_eq!(outcome.protocols(), "ip:udp:dns");
    for (id, value) in [
        ("dns.id", "6159"),
        ("dns.flags.response", "true"),
        ("dns.flags.opcode", "0"),
        ("dns.flags.authoritative", "false"),
        ("dns.flags.recdesired", "true"),
        ("dns.flags.recavail", "true"),
        ("dns.flags.rcode", "0"),
        ("dns.count.queries", "1"),
        ("dns.count.answers", "1"),
        ("dns.qry.name", "wireshark.org"),
        ("dns.qry.type", "1"),
        ("dns.resp.name", "wireshark.org"),
        ("dns.resp.ttl", "14400"),
        ("dns.resp.len", "4"),
        ("dns.a", "128.121.50.122"),
    ] {
        assert_eq!(outcome.values(id), [value], "{id}");
    }
    assert_eq!(outcome.value("dns.problem"), "");
    // A pointer, type, class, time to live, length and an address.
    assert_eq!(outcome.span("dns.resp.name"), Some(Span { start: 28 + 31, length: 16 }));
}

#[test]
fn a_query_has_no_response_code() {
    let outcome = look_udp("180f 0100 0001 0000 0000 0000 0977697265736861726b036f7267 0000010001");
    assert_eq!([outcome.value("dns.flags.response"), outcome.value("dns.flags.rcode")], ["false", ""]);
}

#[test]
fn extensions_are_described() {
    let outcome = look_udp(SUBNET_ANSWER);
    assert_eq!(outcome.value("dns.rr.udp_payload_size"), "4096");
    assert_eq!(outcome.value("dns.opt.code"), "8");
    assert_eq!(outcome.value("dns.opt.client.addr4"), "192.1.2.3");
    assert_eq!(outcome.value("dns.opt.client.netmask"), "32");
    let outcome =
        look_udp("e1d001200001000000000001076578616d706c6503636f6d0000010001 0000291000000080000 00f 00050001fd 00060001020007000101");
    assert_eq!(outcome.values("dns.opt.code"), ["5", "6", "7"]);
    assert_eq!(outcome.values("dns.opt.dau"), ["253"]);
    assert_eq!(outcome.value("dns.resp.z.do"), "true");
}

#[test]
fn each_section_names_its_records() {
    let outcome = look_udp(HOST_KEY_ANSWER);
    assert_eq!(outcome.values("dns.ns"), ["ns4.cynic.net", "ns1.cynic.net", "ns3.cynic.net", "ns2.cynic.net"]);
    assert_eq!(outcome.value("dns.sshfp.algorithm"), "1");
    assert_eq!(outcome.value("dns.sshfp.fingerprint"), "f90fd39646968ea815cccbc8df17d93a6a4475ab");
    assert_eq!(outcome.values("dns.resp.name").len(), 10);
    assert_eq!(outcome.value("dns.problem"), "");
}

#[test]
fn records_of_many_types_are_described() {
    let soa =
        [b"\x03ns1\xc0\x11\x04root\xc0\x11".as_slice(), &[0, 0, 0, 7, 0, 0, 3, 132, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 14, 16]].concat();
    let outcome = look_record(6, &soa);
    assert_eq!([outcome.value("dns.soa.mname"), outcome.value("dns.soa.rname")], ["ns1.a", "root.a"]);
    assert_eq!([outcome.value("dns.soa.serial_number"), outcome.value("dns.soa.minimum_ttl")], ["7", "3600"]);
    assert_eq!(look_record(16, b"\x05v=one\x00\x03two").values("dns.txt"), ["v=one", "", "two"]);
    let outcome = look_record(33, b"\x00\x01\x00\x02\x13\xc4\x01b\xc0\x11");
    assert_eq!([outcome.value("dns.srv.port"), outcome.value("dns.srv.target")], ["5060", "b.a"]);
    let outcome = look_record(15, b"\x00\x0a\x02mx\xc0\x11");
    assert_eq!([outcome.value("dns.mx.preference"), outcome.value("dns.mx.mail_exchange")], ["10", "mx.a"]);
    let outcome = look_record(257, b"\x80\x05issueca.example");
    assert_eq!([outcome.value("dns.caa.tag"), outcome.value("dns.caa.value")], ["issue", "ca.example"]);
    let outcome = look_record(47, b"\x01c\x00\x00\x06\x40\x00\x00\x00\x00\x03");
    assert_eq!(outcome.value("dns.nsec.next_domain_name"), "c");
    assert_eq!(outcome.values("dns.nsec.type"), ["1", "46", "47"]);
    let outcome = look_record(50, b"\x01\x00\x00\x0c\x04\xaa\xbb\xcc\xdd\x05\x00\x44\x32\x14\xc7\x00\x01\x40");
    assert_eq!([outcome.value("dns.nsec3.hash_value"), outcome.value("dns.nsec3.salt_value")], ["01234567", "aabbccdd"]);
    let outcome = look_record(65, b"\x00\x01\x00\x00\x01\x00\x06\x02h2\x02h3\x00\x04\x00\x04\x0a\x00\x00\x01");
    assert_eq!(outcome.values("dns.svcb.svcparam.alpn"), ["h2", "h3"]);
    assert_eq!([outcome.value("dns.svcb.targetname"), outcome.value("dns.svcb.svcparam.ipv4hint.ip")], [".", "10.0.0.1"]);
    assert_eq!(look_record(999, b"\x01\x02").value("dns.data"), "0102");
}

#[test]
fn the_number_of_a_key_is_worked_out() {
    // The key of RFC 4034 section 5.4.
    let key = "0100 03 0501039e8a247418e318903b215a848acfd5f37f026bd4062db26c774c690968d5d56df8bfda91e6f36d9a2798
        88f41333357c5e6029990d10fdf5663062a512763326980a615ddbf17a05ddfcce7e5fb3abcca05a31b0957452d4521e83870789063115bf97f6c308
        ccf57cdc9ce7fe10f6ed1bd0cc0660038c50dcdb0feb963c2f17";
    let outcome = look_record(48, &bytes(key));
    assert_eq!(outcome.value("dns.dnskey.key_id"), "60485");
    assert_eq!(outcome.value("dns.dnskey.algorithm"), "5");
}

#[test]
fn a_record_that_lies_about_its_length_does_not_hide_the_next() {
    let mut message = record(15, b"\x00");
    message[7] = 2;
    message.extend_from_slice(b"\x01b\x00\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x09");
    let outcome = look(udp(53, &message));
    assert_eq!(outcome.value("dns.a"), "10.0.0.9");
    assert_eq!(outcome.values("dns.problem"), ["a record's data ends before it should"]);
}

#[test]
fn a_name_that_points_at_itself_is_a_problem_and_no_loop() {
    let outcome = look_udp("0001 8180 0001 0000 0000 0000 c00c 0001 0001");
    assert_eq!(outcome.value("dns.problem"), "a name's pointer does not point backwards");
}

#[test]
fn more_records_than_there_are_is_a_problem() {
    let outcome = look_udp("0001 8180 0001 ffff 0000 0000 00 0001 0001");
    assert_eq!(outcome.value("dns.problem"), "the message ends before the records that it counts");
    assert_eq!(outcome.value("dns.count.answers"), "65535");
}

#[test]
fn what_the_capture_cut_is_no_problem_of_the_message() {
    let packet = udp(53, &bytes(ANSWER));
    for length in 40..packet.len() {
        let outcome = dissect_cut(LinkType::IPV4, packet[..length].to_vec(), packet.len());
        assert_eq!(outcome.value("dns.problem"), "", "cut to {length}");
    }
}

#[test]
fn bytes_behind_the_message_are_shown() {
    let mut message = bytes(ANSWER);
    message.extend_from_slice(&[1, 2, 3]);
    assert_eq!(look(udp(53, &message)).value("dns.extraneous.data"), "010203");
}

#[test]
fn over_tcp_every_message_of_a_segment_is_a_layer() {
    let message = bytes(ANSWER);
    let one = [&(message.len() as u16).to_be_bytes(), message.as_slice()].concat();
    let two = [one.as_slice(), &one].concat();
    let outcome = look(tcp(53, &two));
    assert_eq!(outcome.protocols(), "ip:tcp:dns:dns");
    assert_eq!(outcome.values("dns.a"), ["128.121.50.122", "128.121.50.122"]);
    assert_eq!(outcome.values("dns.length"), ["47", "47"]);
}

#[test]
fn a_message_that_goes_on_in_the_next_segment_says_so_and_is_no_problem() {
    let message = bytes(ANSWER);
    let one = [&(message.len() as u16).to_be_bytes(), message.as_slice()].concat();
    for length in 14..one.len() {
        let outcome = look(tcp(53, &one[..length]));
        assert_eq!(outcome.protocols(), "ip:tcp:dns");
        assert_eq!([outcome.value("dns.continues"), outcome.value("dns.problem")], ["true", ""], "cut to {length}");
        assert!(outcome.dissection.stop.is_none());
    }
}

#[test]
fn the_middle_of_a_message_is_not_taken_for_a_beginning() {
    let message = bytes(HOST_KEY_ANSWER);
    for from in 1..message.len() - 12 {
        let outcome = look(tcp(53, &message[from..]));
        assert_eq!(outcome.protocols(), "ip:tcp:data", "from {from}");
    }
}

#[test]
fn multicast_flags_are_taken_out_of_the_class() {
    let message = bytes("0000 8400 0001 0001 0000 0000 0161056c6f63616c00 0001 8001 c00c 0001 8001 00000078 0004 0a000001");
    let outcome = look(udp(5353, &message));
    assert_eq!(outcome.protocols(), "ip:udp:mdns");
    assert_eq!([outcome.value("dns.qry.class"), outcome.value("dns.qry.qu")], ["1", "true"]);
    assert_eq!([outcome.value("dns.resp.class"), outcome.value("dns.resp.cache_flush")], ["1", "true"]);
    assert_eq!(look(udp(5355, &message)).protocols(), "ip:udp:llmnr");
}

#[test]
fn damaged_messages_are_described_as_far_as_they_go() {
    for message in [ANSWER, SUBNET_ANSWER, HOST_KEY_ANSWER] {
        let packet = udp(53, &bytes(message));
        cut_everywhere(&packet);
        damage_everywhere(&packet, 28);
        let message = bytes(message);
        damage_everywhere(&tcp(53, &[&(message.len() as u16).to_be_bytes(), message.as_slice()].concat()), 40);
    }
    for kind in [6, 15, 16, 33, 35, 46, 47, 48, 50, 64, 250, 257] {
        damage_everywhere(&udp(53, &record(kind, &[1; 40])), 28);
    }
}
