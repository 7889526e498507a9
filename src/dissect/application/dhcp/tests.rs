use crate::dissect::testing::{Dissected, bytes, cut_everywhere, damage_everywhere, look, udp};

/// A message of an operation: for 192.0.2.9, from a client with an Ethernet address.
fn message(operation: u8, server: &[u8], file: &[u8], options: &[u8]) -> Vec<u8> {
    let mut message = vec![operation, 1, 6, 0];
    message.extend(bytes("388c3458 0000 8000 00000000 c0000209 00000000 00000000 0200c0a8010b"));
    for (name, end) in [(&[][..], 44), (server, 108), (file, 236)] {
        message.extend_from_slice(name);
        message.resize(end, 0);
    }
    message.extend(bytes("63825363"));
    message.extend_from_slice(options);
    message
}

fn look_options(options: &str) -> Dissected {
    look(udp(68, &message(2, b"", b"", &bytes(options))))
}

#[test]
fn an_offer_gives_the_address_and_everything_around_it() {
    let outcome = look(udp(
        68,
        &message(
            2,
            b"boot",
            b"/pxe.0",
            &bytes("350102 3604c0a80101 330400000e10 0104ffffff00 0308c0a80101c0a80102 0f04686f6d65 06040a010101 ff 0000"),
        ),
    ));
    assert_eq!(outcome.protocols(), "ip:udp:dhcp");
    for (id, value) in [
        ("dhcp.type", "2"),
        ("dhcp.id", "948712536"),
        ("dhcp.flags.bc", "true"),
        ("dhcp.ip.your", "192.0.2.9"),
        ("dhcp.hw.mac_addr", "02:00:c0:a8:01:0b"),
        ("dhcp.server", "boot"),
        ("dhcp.file", "/pxe.0"),
        ("dhcp.option.dhcp", "2"),
        ("dhcp.option.dhcp_server_id", "192.168.1.1"),
        ("dhcp.option.ip_address_lease_time", "3600"),
        ("dhcp.option.subnet_mask", "255.255.255.0"),
        ("dhcp.option.domain_name", "home"),
        ("dhcp.option.domain_name_server", "10.1.1.1"),
        ("dhcp.option.padding", "0000"),
    ] {
        assert_eq!(outcome.values(id), [value], "{id}");
    }
    assert_eq!(outcome.values("dhcp.option.router"), ["192.168.1.1", "192.168.1.2"]);
}

#[test]
fn overloaded_names_hold_options() {
    let outcome = look(udp(68, &message(2, &bytes("0c02 6831 ff"), &bytes("0f03 6c616e ff"), &bytes("3401 03 350102 ff"))));
    assert_eq!(outcome.values("dhcp.option.hostname"), ["h1"]);
    assert_eq!(outcome.values("dhcp.option.domain_name"), ["lan"]);
    assert_eq!(outcome.values("dhcp.server"), [""; 0]);
    let outcome = look(udp(68, &message(2, b"name", &bytes("0f03 6c616e ff"), &bytes("00 3401 01 ff"))));
    assert_eq!([outcome.value("dhcp.server"), outcome.value("dhcp.option.domain_name")], ["name", "lan"]);
}

#[test]
fn options_with_more_inside_are_taken_apart() {
    let outcome = look_options("3d07 01 0200c0a8010c  5206 0104 00000001 ff");
    assert_eq!(outcome.values("dhcp.hw.mac_addr"), ["02:00:c0:a8:01:0b", "02:00:c0:a8:01:0c"]);
    assert_eq!(outcome.value("dhcp.option.agent_information_option.agent_circuit_id"), "00000001");
    let outcome = look_options("790d 18 c00002 c0a80101 00 c0a80102 ff");
    assert_eq!(outcome.values("dhcp.option.classless_static_route.destination"), ["192.0.2.0", "0.0.0.0"]);
    assert_eq!(outcome.values("dhcp.option.classless_static_route.prefix_length"), ["24", "0"]);
    assert_eq!(outcome.values("dhcp.option.classless_static_route.router"), ["192.168.1.1", "192.168.1.2"]);
    let outcome = look_options("770b 03656e67 016100 0162 c004 ff");
    assert_eq!(outcome.values("dhcp.option.dhcp_dns_domain_search_list_fqdn"), ["eng.a", "b.a"]);
    let outcome = look_options("5106 04 00 00 02 6831 5105 00 ff ff 6832 ff");
    assert_eq!(outcome.values("dhcp.fqdn.name"), ["h1", "h2"]);
}

#[test]
fn text_ends_before_the_zeros_that_c_puts_behind_it() {
    assert_eq!(look_options("0c04 68310000 ff").values("dhcp.option.hostname"), ["h1"]);
    assert_eq!(look_options("0c04 68310000 ff").values("dhcp.option.value"), [""; 0]);
}

#[test]
fn an_option_that_is_not_as_it_should_be_is_bytes_and_hides_nothing() {
    let outcome = look_options("0103 ffffff 7903 21c0a8 350105 ff");
    assert_eq!(outcome.values("dhcp.option.value"), ["ffffff", "21c0a8"]);
    assert_eq!(outcome.value("dhcp.option.dhcp"), "5");
}

#[test]
fn what_is_older_than_options_and_what_is_no_message_at_all() {
    let mut old = message(1, b"", b"", b"");
    old[236] = 1;
    assert_eq!(look(udp(67, &old)).value("dhcp.vendor_specific_options"), "01825363");
    assert_eq!(look(udp(67, &[7; 300])).protocols(), "ip:udp:data");
    assert!(look(udp(67, &[1; 200])).dissection.stop.is_some());
}

#[test]
fn damaged_messages_are_described_as_far_as_they_go() {
    let options =
        "350102 3d0701020406080a0c 7709 03656e67016100c000 790d18c00002c0a8010100c0a80102 520601040000000 1510604000002683134 0103 ff";
    let packet = udp(68, &message(2, &bytes("0c026831ff"), b"file", &bytes(options)));
    cut_everywhere(&packet);
    damage_everywhere(&packet, 28 + 236);
    damage_everywhere(&packet, 28);
}
