use crate::dissect::testing::{Dissected, bytes, dissect, dissect_cut};
use crate::dissect::{StopReason, Tcp};
use crate::frame::LinkType;

/// An IPv4 packet with an ICMP message.
fn packet(message: &str) -> Dissected {
    let length = 20 + bytes(message).len();
    dissect(LinkType::IPV4, &format!("4500 {length:04x} 00000000 4001 0000 0a000001 0a000002 {message}"))
}

#[test]
fn an_echo_tells_who_asks_and_how_often() {
    let got = packet("0800 145c 0500 3400 61626364 65666768 696a6b6c 6d6e6f70 71727374 75767761 62636465 66676869");
    assert_eq!(got.protocols(), "ip:icmp:data");
    assert_eq!([got.value("icmp.ident"), got.value("icmp.seq"), got.value("icmp.checksum.status")], ["1280", "13312", "good"]);
    let cut = bytes("4500003c 00000000 4001 0000 0a000001 0a000002 0800 145c 0500 3400 6162");
    assert_eq!(dissect_cut(LinkType::IPV4, cut, 60).value("icmp.checksum.status"), "unverified");
}

#[test]
fn an_error_shows_the_packet_that_it_quotes() {
    let got = packet("0b00 f4ff 00000000 4500005c ff510000 01018f1a c0a8648a 04020201 0800 baff 0500 3800");
    assert_eq!(got.protocols(), "ip:icmp:ip:icmp");
    assert_eq!(got.values("icmp.type"), ["11", "8"]);
    assert_eq!(got.values("icmp.checksum.status"), ["good", "unverified"]);
    assert_eq!(got.dissection.network().map(|network| network.source.to_string()), Some("10.0.0.1".to_owned()), "the one under way");
    assert!(got.dissection.networks[1].quoted);
    assert!(got.dissection.stop.is_none(), "a quotation may end anywhere");
}

#[test]
fn eight_bytes_of_a_tcp_header_tell_ports_and_sequence_number() {
    let got = packet("0303 0000 00000000 45000028 00010000 40060000 0a000002 0a000001 9c40 0050 01020304");
    assert_eq!(got.protocols(), "ip:icmp:ip:tcp");
    assert_eq!([got.value("tcp.srcport"), got.value("tcp.dstport"), got.value("tcp.seq_raw")], ["40000", "80", "16909060"]);
    let [quoted] = got.dissection.transports[..] else { panic!("one segment") };
    assert_eq!((quoted.source_port, quoted.destination_port, quoted.tcp, quoted.quoted), (40000, 80, None::<Tcp>, true));
    assert!(got.dissection.transport().is_none() && got.dissection.stop.is_none());
}

#[test]
fn a_capture_that_cuts_a_quotation_is_still_said() {
    let whole = bytes("45000044 00000000 4001 0000 0a000001 0a000002 0303 0000 00000000 45000028 00010000 40060000 0a000002 0a000001 9c40");
    let got = dissect_cut(LinkType::IPV4, whole, 68);
    assert_eq!(got.dissection.stop.map(|stop| (stop.protocol, stop.reason)), Some(("tcp", StopReason::Cut)));
}

#[test]
fn the_mtu_of_the_next_link_stands_in_one_code_only() {
    let quoted = "45000028 00010000 40110000 0a000002 0a000001 9c40 0050 0014 0000";
    assert_eq!(packet(&format!("0304 0000 0000 0578 {quoted}")).value("icmp.mtu"), "1400");
    assert_eq!(packet(&format!("0301 0000 0000 0578 {quoted}")).value("icmp.mtu"), "");
    assert_eq!(packet(&format!("0501 0000 0a0000fe {quoted}")).value("icmp.redir_gw"), "10.0.0.254");
    assert_eq!(packet(&format!("0c00 0000 14000000 {quoted}")).value("icmp.pointer"), "20");
}

/// A quotation of 128 bytes whose length nothing tells, with the MPLS label that the packet had.
const LABELLED: &str = "0b00 cd04 00000000 45000028 a54c0000 0111f76f 0c040404 0c010101 a54b 829b 0014 0000";

#[test]
fn labels_behind_a_quotation_of_128_bytes() {
    let zeros = "00".repeat(100);
    let got = packet(&format!("{LABELLED}{zeros} 2000 c55f 0008 0101 18960101"));
    assert_eq!(got.protocols(), "ip:icmp:ip:udp:data");
    assert_eq!([got.value("icmp.mpls.label"), got.value("icmp.mpls.s"), got.value("icmp.mpls.ttl")], ["100704", "true", "1"]);
    assert_eq!([got.value("icmp.checksum.status"), got.value("icmp.ext.checksum.status")], ["good", "good"]);
    let other = packet(&format!("{LABELLED}{zeros} 2000 c550 0008 0101 18960101"));
    assert_eq!(other.value("icmp.ext.version"), "", "what does not add up is more of the packet");
}

#[test]
fn a_stated_quotation_and_the_interface_that_the_packet_arrived_on() {
    let quoted = format!("45000028 a54c0000 0111f76f 0c040404 0c010101 a54b 829b 0014 0000 {}", "00".repeat(100));
    let object = "0024 02 0f 0000000f 00010000 0a0a0a0a 0c 657468302f302e3137 00 00 000005dc";
    let got = packet(&format!("0b00 0000 00 20 0000 {quoted} 2000 0000 {object}"));
    assert_eq!([got.value("icmp.int_info.index"), got.value("icmp.int_info.ipv4")], ["15", "10.10.10.10"]);
    assert_eq!([got.value("icmp.int_info.name"), got.value("icmp.int_info.mtu")], ["eth0/0.17", "1500"]);
    assert_eq!([got.value("icmp.length"), got.value("icmp.ext.checksum.status")], ["32", "not present".replace(' ', "").as_str()]);
}

#[test]
fn lengths_of_objects_that_lie_end_the_list() {
    let quoted = format!("45000028 a54c0000 0111f76f 0c040404 0c010101 a54b 829b 0014 0000 {}", "00".repeat(100));
    for object in
        ["0000 0101 18960101", "0003 0101 18960101", "ffff 0101 18960101", "0008 0202 ff000000", "0008 020c 00010000", "0004 0301"]
    {
        let got = packet(&format!("0b00 0000 00 20 0000 {quoted} 2000 0000 {object}"));
        assert_eq!(got.value("icmp.ext.version"), "2");
        assert!(got.dissection.stop.is_none());
    }
}

#[test]
fn an_extended_echo_names_the_interface_and_may_carry_more() {
    let got = packet("2a00 6314 f6ea 0001 2000 dcf4 0008 0302 00000001 65933a33 000ddc2b");
    assert_eq!([got.value("icmp.int_ident.index"), got.value("icmp.ext.checksum.status")], ["1", "good"]);
    let got = packet("2a00 0cad f707 0001 2000 9424 000a 0301 656e70317330 65933a48 00063268");
    assert_eq!([got.value("icmp.int_ident.name"), got.value("icmp.ext.checksum.status")], ["enp1s0", "good"]);
    let got = packet("2b00 0000 f707 00 47");
    assert_eq!([got.value("icmp.ext.echo.rsp.state"), got.value("icmp.ext.echo.rsp.ipv4")], ["2", "true"]);
}

#[test]
fn router_advertisements_timestamps_and_masks() {
    let got = packet("0900 0000 02 02 0708 0a000001 00000000 0a000002 80000000");
    assert_eq!(got.values("icmp.router_address"), ["10.0.0.1", "10.0.0.2"]);
    assert_eq!([got.value("icmp.lifetime"), got.values("icmp.pref_level")[1].clone()], ["1800", "2147483648"]);
    let got = packet("0d00 0000 0001 0002 00000064 00000000 00000000");
    assert_eq!(got.value("icmp.originate_timestamp"), "100");
    assert_eq!(packet("1200 0000 0001 0002 ffffff00").value("icmp.address_mask"), "255.255.255.0");
    let short = packet("0900 0000 ff ff 0708 0a000001 00000000");
    assert_eq!(short.dissection.stop.map(|stop| (stop.reason, stop.needed)), Some((StopReason::Short, 8 + 255 * 255 * 4)));
}
