use crate::dissect::StopReason;
use crate::dissect::testing::{Dissected, bytes, dissect, dissect_cut};
use crate::frame::LinkType;

const SOLICITATION: &str = "3333ff001000000c292f803186dd6000000000203aff20010db8000100020000000000001003ff0200000000000000000001ff00100087\
    0044b70000000020010db80001000200000000000010000101000c292f8031";
const ADVERTISEMENT: &str = "000c292f8031000c291fa75586dd6000000000203aff20010db800010002000000000000100020010db800010002000000000000100388\
    008beb6000000020010db80001000200000000000010000201000c291fa755";
const ROUTER: &str = "333300000001b09928c8d66c86dd6000000000b03afffe80000000000000b29928fffec8d66cff0200000000000000000000000000018600240140\
    20000f0000000000000000030448c000278d0000093a8000000000222233334444555566000000000000001905000000000005abcd00000000000000000000000\
    0efef123456780000000000000000000000011f07000000000005076578616d706c6503636f6d00076578616d706c65036f72670004646f6d3104646f6d320374\
    6c64000000000000000005010000000000640101b09928c8d66c070100000000138808010000c351000f";
const NAT64: &str = "333300000001e21581b4b94586dd6009fc7200483afffe80000000000000e01581fffeb4b945ff020000000000000000000000000001860015e85040\
    01f400000000000000000101e21581b4b9450304408000000e10000007080000000020010db800cc00dd00000000000000002602000020010db800010064ff9b\
    0000";
const QUERY: &str = "333300000001b0a86e0cd4e886dd6000000000240001fe80000000000000b2a86efffe0cd4e8ff0200000000000000000000000000013a0005020000\
    01008200623a2710000000000000000000000000000000000000023c0000";
const REPORT: &str = "33330000001608002746e88486dd60000000004c000100000000000000000000000000000000ff0200000000000000000000000000163a00050200\
    0001008f007e8b0000000304000000ff0200000000000000000001ff46e88404000000ff02000000000000000000000000000204000000ff0200000000000000\
    00000000000202";
const PARAMETER_PROBLEM: &str = "ac1f6b469eda00a09815ece786dd6000000000483a40200106300042011002a098fffe15ece72001063000420110ae1f6bfffe469eda\
    0403994c000000306000000000182c402001063000420110ae1f6bfffe469eda200106300042011002a098fffe15ece7290000010000d6b16227605c78303\
    05c7830305c7830305c";

fn frame(hexadecimal: &str) -> Dissected {
    let got = dissect(LinkType::ETHERNET, hexadecimal);
    assert_eq!(got.value("icmpv6.checksum.status"), "good");
    assert!(got.dissection.stop.is_none());
    got
}

/// A packet from fe80::1 to fe80::2 with a message, whatever its checksum.
fn packet(message: &str) -> Dissected {
    let length = bytes(message).len();
    let addresses = "fe800000000000000000000000000001 fe800000000000000000000000000002";
    dissect(LinkType::IPV6, &format!("60000000 {length:04x} 3a ff {addresses} {message}"))
}

#[test]
fn a_neighbour_is_asked_for_and_answers() {
    let got = frame(SOLICITATION);
    assert_eq!(got.protocols(), "eth:ipv6:icmpv6");
    assert_eq!(
        [got.value("icmpv6.nd.ns.target_address"), got.value("icmpv6.opt.src_linkaddr")],
        ["2001:db8:1:2::1000", "00:0c:29:2f:80:31"]
    );
    let got = frame(ADVERTISEMENT);
    assert_eq!([got.value("icmpv6.nd.na.flag.s"), got.value("icmpv6.nd.na.flag.r")], ["true", "false"]);
    assert_eq!(got.value("icmpv6.opt.target_linkaddr"), "00:0c:29:1f:a7:55");
}

#[test]
fn a_router_advertises_prefixes_servers_and_names() {
    let got = frame(ROUTER);
    assert_eq!(got.values("icmpv6.opt.type"), ["3", "25", "31", "5", "1", "7", "8"]);
    assert_eq!([got.value("icmpv6.opt.prefix"), got.value("icmpv6.opt.prefix.length")], ["2222:3333:4444:5555:6600::", "72"]);
    assert_eq!(got.values("icmpv6.opt.rdnss"), ["abcd::efef", "1234:5678::1"]);
    assert_eq!(got.values("icmpv6.opt.dnssl"), ["example.com", "example.org", "dom1.dom2.tld"]);
    assert_eq!([got.value("icmpv6.opt.mtu"), got.value("icmpv6.opt.home_agent_lifetime")], ["100", "15"]);
    assert_eq!([got.value("icmpv6.nd.ra.flag.h"), got.value("icmpv6.nd.ra.router_lifetime")], ["true", "15"]);
    let got = frame(NAT64);
    assert_eq!([got.value("icmpv6.opt.pref64.prefix"), got.value("icmpv6.opt.pref64.plc")], ["2001:db8:1:64:ff9b::", "0"]);
}

#[test]
fn routes_nonces_and_timestamps_among_the_options() {
    let options = "1802 3008 00000708 20010db800020000 0e01 010203040506 0d02 000000000000 0000000005f5e100 8000 2503 687474703a2f2f6c6f67696e2f0000000000000000 000000";
    let got = packet(&format!("8500 0000 00000000 {}", options.replace("0000000005f5e100", "000005f5e100")));
    assert_eq!([got.value("icmpv6.opt.prefix"), got.value("icmpv6.opt.route_info.flag.route_preference")], ["2001:db8:2::", "1"]);
    assert_eq!(got.value("icmpv6.opt.nonce"), "010203040506");
    assert_eq!(got.value("icmpv6.opt.timestamp"), "100000000500000000");
    assert_eq!(got.value("icmpv6.opt.captive_portal"), "http://login/");
}

#[test]
fn an_option_of_length_0_or_beyond_the_end_is_the_last() {
    let got = packet("8700 0000 00000000 fe800000000000000000000000000003 0100 000c292f8031 0101 000c292f8031");
    assert_eq!(got.values("icmpv6.opt.type"), ["1"]);
    let got = packet("8700 0000 00000000 fe800000000000000000000000000003 0110 000c292f8031");
    assert_eq!(got.values("icmpv6.opt.type"), ["1"]);
}

#[test]
fn listeners_are_asked_and_report() {
    let got = frame(QUERY);
    assert_eq!(got.protocols(), "eth:ipv6:ipv6.hopopts:icmpv6");
    assert_eq!(
        [got.value("icmpv6.mld.maximum_response_code"), got.value("icmpv6.mld.qqi"), got.value("icmpv6.mld.flag.qrv")],
        ["10000", "60", "2"]
    );
    let got = frame(REPORT);
    assert_eq!(got.values("icmpv6.mldr.mar.multicast_address"), ["ff02::1:ff46:e884", "ff02::2", "ff02::202"]);
    let first = packet("8200 0000 2710 0000 ff020000000000000000000000000005");
    assert_eq!([first.value("icmpv6.mld.maximum_response_delay"), first.value("icmpv6.mld.multicast_address")], ["10000", "ff02::5"]);
}

#[test]
fn records_with_sources_and_auxiliary_data() {
    let got = packet(
        "8f00 0000 0000 0002 0101 0001 ff020000000000000000000000000005 20010db8000000000000000000000001 aabbccdd 0300 0000 ff020000000000000000000000000006",
    );
    assert_eq!([got.value("icmpv6.mldr.mar.source_address"), got.value("icmpv6.mldr.mar.auxiliary_data")], ["2001:db8::1", "aabbccdd"]);
    assert_eq!(got.values("icmpv6.mldr.mar.record_type"), ["1", "3"]);
    let lying = packet("8f00 0000 0000 ffff 0101 ffff ff020000000000000000000000000005");
    assert_eq!(lying.values("icmpv6.mldr.mar.record_type"), ["1"]);
}

#[test]
fn an_error_shows_the_packet_that_it_quotes() {
    let got = frame(PARAMETER_PROBLEM);
    assert_eq!(got.protocols(), "eth:ipv6:icmpv6:ipv6:ipv6.fraghdr:ipv6");
    assert_eq!(got.value("icmpv6.pointer"), "48");
    assert!(got.dissection.networks[1].quoted);
    assert!(got.dissection.network().is_some_and(|network| network.fragment.is_none()), "only the quoted packet is a fragment");
    let big = packet(
        "0200 0000 00000500 60000000 0008 11 40 fe800000000000000000000000000002 fe800000000000000000000000000001 1000 0035 0008 0000",
    );
    assert_eq!([big.value("icmpv6.mtu"), big.value("udp.dstport"), big.value("udp.checksum.status")], ["1280", "53", "illegal"]);
}

#[test]
fn a_redirect_shows_the_packet_in_its_option_and_the_options_around_it() {
    let quoted = "60000000 0008 11 40 fe800000000000000000000000000002 20010db8000000000000000000000001 1000 0035 0008 0000";
    let got = packet(&format!(
        "8900 0000 00000000 fe800000000000000000000000000003 20010db8000000000000000000000001 0201 000c291fa755 0407 000000000000 {quoted} 0501 0000 000005dc"
    ));
    assert_eq!(got.protocols(), "ipv6:icmpv6:ipv6:udp");
    assert_eq!(got.values("icmpv6.opt.type"), ["2", "4", "5"]);
    assert_eq!([got.value("icmpv6.nd.rd.target_address"), got.value("icmpv6.rd.na.destination_address")], ["fe80::3", "2001:db8::1"]);
    assert_eq!(
        got.dissection.transports.iter().map(|transport| (transport.destination_port, transport.quoted)).collect::<Vec<_>>(),
        [(53, true)]
    );
}

#[test]
fn a_node_tells_its_addresses_and_names() {
    let got = dissect(
        LinkType::IPV6,
        "6000000000283a4000000000000000000000000000000001000000000000000000000000000000018c004dd500040002160428df3558ad7f000000007f00000100000000c000020100000000c1000201",
    );
    assert_eq!(got.values("icmpv6.ni.reply.ipv4_address"), ["127.0.0.1", "192.0.2.1", "193.0.2.1"]);
    assert_eq!(got.value("icmpv6.checksum.status"), "good");
    let got = packet("8c00 0000 0002 0000 0102030405060708 00000e10 05686f737431 00 00");
    assert_eq!([got.value("icmpv6.ni.reply.node_name"), got.value("icmpv6.ni.reply.node_ttl")], ["host1", "3600"]);
    let got = packet("8b00 0000 0003 003e 0102030405060708 fe800000000000000000000000000002");
    assert_eq!([got.value("icmpv6.ni.query.subject_ipv6"), got.value("icmpv6.ni.flag.a")], ["fe80::2", "true"]);
}

#[test]
fn a_message_that_ends_early_is_said() {
    let got = packet("8700 0000 00000000 fe80");
    assert_eq!(got.dissection.stop.map(|stop| (stop.reason, stop.needed, stop.had)), Some((StopReason::Short, 24, 10)));
    let whole = bytes(SOLICITATION);
    let cut = dissect_cut(LinkType::ETHERNET, whole[..80].to_vec(), whole.len());
    assert_eq!([cut.value("icmpv6.nd.ns.target_address"), cut.value("icmpv6.checksum.status")], ["2001:db8:1:2::1000", "unverified"]);
}
