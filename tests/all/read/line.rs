//! What the one line says of packets on which a careless reader goes wrong.

use super::*;

/// The words of a line behind the protocol, for an Ethernet frame in hexadecimal.
fn words_of(frame: &str) -> String {
    let digits: Vec<u8> = frame.bytes().filter_map(|digit| char::from(digit).to_digit(16)).map(|digit| digit as u8).collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let (_folder, path) = written("one.pcap", &pcap(1, &[&bytes]));
    let [line] = &lines(&["-t", "-q", text(&path)])[..] else { panic!("one line") };
    let behind = line.split_once(" > ").map_or(line.as_str(), |(_, behind)| behind);
    behind.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")
}

/// A DNS message from a server, in a datagram.
fn from_server(message: &str) -> String {
    let length = message.len() / 2;
    let ip = format!("4500{:04x}000100004011 0000 0a000001 0a000002", length + 28);
    format!("020000000002 020000000001 0800 {ip} 00351388{:04x}0000 {message}", length + 8)
}

#[test]
fn an_answer_without_records_says_why_there_are_none() {
    let question = "03777777076578616d706c6503636f6d0000010001";
    let referral = "076578616d706c6503636f6d00000200010000003c0004026e7300";
    let empty = from_server(&format!("00018180 0001000000000000{question}").replace(' ', ""));
    assert_eq!(words_of(&empty), "answer www.example.com A: no such record");
    let refers = from_server(&format!("00018100 0001000000010000{question}{referral}").replace(' ', ""));
    assert_eq!(words_of(&refers), "answer www.example.com A: refers to ns");
    let updated = from_server("0001a8000001000000000000076578616d706c6503636f6d0000060001");
    assert_eq!(words_of(&updated), "answer dynamic update example.com SOA: done");
    let bound = from_server("0001818000010001000000000161000041 0001c00c004100010000003c0003000100".replace(' ', "").as_str());
    assert_eq!(words_of(&bound), "answer a HTTPS: service at the name itself");
    let other = from_server("00018180000100010000000001610000300001c00c003000010000003c000401000308");
    assert_eq!(words_of(&other), "answer a DNSKEY: DNSKEY");
}

#[test]
fn a_message_that_ends_too_early_is_marked() {
    let short = from_server("82c301000001010000000000 0573686f727403636f6d0000010001".replace(' ', "").as_str());
    assert_eq!(words_of(&short), "query short.com A [the message ends before the records that it counts]");
}

#[test]
fn where_there_are_no_words_nothing_goes_on_from_them() {
    let tagged = words_of("020000000002 020000000001 8100 0064 0800 4500001c 00010000");
    assert_eq!(tagged, "in VLAN 100 [too short: ip header needs 20 bytes, 8 are there]");
    let datagram = words_of("020000000002 020000000001 0800 4500001c0001000040110000 0a0000010a000002 0035 0035 0008");
    assert_eq!(datagram, "[ip says 28 bytes, 26 are there]");
}

#[test]
fn an_error_about_a_tunnel_names_one_packet_and_not_two() {
    let quoted = "4500003100010000400474c30101010102020202 4500001d00010000401158bf0a0707010a070702 03e807d000095a1378";
    let error = format!("020000000002 020000000001 0800 4500004d00010000400166ad0a0000010a000002 03011f2a00000000 {quoted}");
    assert_eq!(words_of(&error), "destination unreachable, host unreachable, about 1.1.1.1 > 2.2.2.2 IPv4");
}

#[test]
fn a_redirect_names_the_better_router() {
    let quoted = "4500002e00010000400666c70a0000010a000002 03e8005000000064";
    let redirect = format!("020000000002 020000000001 0800 4500003800010000400166c20a0000020a000001 0501ec590a000009 {quoted}");
    assert_eq!(words_of(&redirect), "redirect for the host, use 10.0.0.9, about 10.0.0.1:1000 > 10.0.0.2:80 TCP");
}

#[test]
fn what_nothing_decodes_is_named_by_its_number() {
    assert_eq!(words_of("020000000002 020000000001 1234 7a7a7a"), "EtherType 0x1234, 17 bytes");
    assert_eq!(words_of("020000000002 020000000001 0800 4500001400010000403b66ac0a0000010a000002"), "protocol 59 (IPv6-NoNxt), 0 bytes");
}

#[test]
fn the_reverse_way_of_asking_has_words() {
    let hosts = "020000000001 00000000 020000000003 0a000005";
    assert_eq!(
        words_of(&format!("ffffffffffff 020000000001 8035 0001080006040003 {hosts}")),
        "which address has 02:00:00:00:00:03? tell 02:00:00:00:00:01"
    );
    assert_eq!(words_of(&format!("020000000003 020000000001 8035 0001080006040004 {hosts}")), "02:00:00:00:00:03 has 10.0.0.5");
}

#[test]
fn a_datagram_over_ipv6_needs_a_checksum() {
    let addresses = format!("{}{}", "20010db8000000000000000000000001", "20010db8000000000000000000000002");
    let frame = format!("020000000002 020000000001 86dd 60000000000a1140 {addresses} 03e807d0000a0000 7878");
    assert_eq!(words_of(&frame), "2 bytes [UDP checksum 0: over IPv6 there must be one]");
}
