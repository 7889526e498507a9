use crate::dissect::testing::{Dissected, bytes, cut_everywhere, damage_everywhere, look, udp};

const ADVERTISE: &str = "02 100874 0001000e 00010001 1c39cf88 080027fe8f95 0002000a 00030001 080027d410bb
    0003 003a 27fe8f95 00000e10 00001518 0005 0018 20010db80000000000000000000000ff 00000e10 00001c20
    000d 000e 0000 416c6c20697320776f6e6421
    0017 0010 20010db8000000000000000000000053 0018 000d 076578616d706c6503636f6d00";

fn look_message(hexadecimal: &str) -> Dissected {
    look(udp(546, &bytes(hexadecimal)))
}

#[test]
fn an_advertisement_gives_addresses_servers_and_names() {
    let outcome = look_message(ADVERTISE);
    assert_eq!(outcome.protocols(), "ip:udp:dhcpv6");
    for (id, value) in [
        ("dhcpv6.msgtype", "2"),
        ("dhcpv6.xid", "1050740"),
        ("dhcpv6.duidllt.link_layer_addr", "08:00:27:fe:8f:95"),
        ("dhcpv6.duidllt.time", "1420235528000000000"),
        ("dhcpv6.duidll.link_layer_addr", "08:00:27:d4:10:bb"),
        ("dhcpv6.iaid", "670994325"),
        ("dhcpv6.iaid.t1", "3600"),
        ("dhcpv6.iaaddr.ip", "2001:db8::ff"),
        ("dhcpv6.iaaddr.valid_lifetime", "7200"),
        ("dhcpv6.status_code", "0"),
        ("dhcpv6.status_msg", "All is wond!"),
        ("dhcpv6.dns_server", "2001:db8::53"),
        ("dhcpv6.search_list_entry", "example.com"),
    ] {
        assert_eq!(outcome.values(id), [value], "{id}");
    }
}

#[test]
fn a_relay_wraps_a_message_with_more_about_it() {
    let address = "20010db8000000000000000000000001";
    let outcome = look_message(&format!("0c 00 {address} {address} 0012 0004 65746830 0009 000a 01 aabbcc 0008 0002 0064"));
    assert_eq!(outcome.values("dhcpv6.msgtype"), ["12", "1"]);
    assert_eq!(outcome.value("dhcpv6.interface_id"), "65746830");
    assert_eq!(outcome.value("dhcpv6.elapsed_time"), "1000");
}

#[test]
fn prefixes_and_identifiers_of_every_kind_are_taken_apart() {
    let prefix = "20010db8000000000000000000000000";
    let outcome = look_message(&format!("07 000001 0019 0029 00000001 00000e10 00001518 001a 0019 00000e10 00001c20 38 {prefix}"));
    assert_eq!([outcome.value("dhcpv6.iaprefix.pref_len"), outcome.value("dhcpv6.iaprefix.pref_addr")], ["56", "2001:db8::"]);
    let outcome = look_message("07 000001 0001 0009 0002 00000009 aabbcc 0002 0006 0004 01020304");
    assert_eq!([outcome.value("dhcpv6.duiden.enterprise"), outcome.value("dhcpv6.duiduuid.bytes")], ["9", "01020304"]);
    assert_eq!(outcome.values("dhcpv6.duid.bytes"), ["000200000009aabbcc", "000401020304"]);
}

#[test]
fn an_option_that_is_not_as_it_should_be_is_bytes_and_hides_nothing() {
    let outcome = look_message("07 000001 0005 0003 200102 0007 0001 ff");
    assert_eq!([outcome.value("dhcpv6.option.value"), outcome.value("dhcpv6.option_preference")], ["200102", "255"]);
}

#[test]
fn wrapping_without_end_has_a_limit() {
    let mut message = bytes("01 000001");
    for _ in 0..200 {
        let inner = message;
        message = [&[12; 1], &[0; 33][..], &[0, 9], &(inner.len() as u16).to_be_bytes(), inner.as_slice()].concat();
    }
    assert_eq!(look(udp(547, &message)).values("dhcpv6.msgtype").len(), 33);
    let mut options = Vec::new();
    for _ in 0..2000 {
        let inner = options;
        options = [&[0, 45], &(inner.len() as u16).to_be_bytes()[..], inner.as_slice()].concat();
    }
    assert_eq!(look(udp(547, &[&[1, 0, 0, 1], options.as_slice()].concat())).values("dhcpv6.option.type").len(), 33);
}

#[test]
fn damaged_messages_are_described_as_far_as_they_go() {
    let address = "20010db8000000000000000000000001";
    let relayed = format!("0c 00 {address} {address} 0012 0004 65746830 0009 000a 01 aabbcc 0008 0002 0064");
    for message in [ADVERTISE, relayed.as_str(), "01 000001 0027 0005 01 03 683100 0038 0009 0003 0005 0361626300"] {
        let packet = udp(547, &bytes(message));
        cut_everywhere(&packet);
        damage_everywhere(&packet, 28);
    }
    assert_eq!(look(udp(547, &[0; 20])).protocols(), "ip:udp:data");
}
