use crate::dissect::testing::{Dissected, bytes, cut_everywhere, damage_everywhere, dissect_cut, look, tcp};
use crate::frame::LinkType;
use proptest::collection;
use proptest::prelude::{Just, any, prop_oneof, proptest};

const CLIENT_HELLO: &str =
    "16030100da010000d603036a40063aee534db4445f4dc8f2fb54996e465f76d77cab1a1371e2661a0a6b20000038c02cc030009fcca9cca8ccaac02bc02f009ec0
    24c028006bc023c0270067c00ac0140039c009c0130033009d009c003d003c0035002f00ff0100007500000014001200000f7777772e6578616d706c652e636f6d
    000b000403000102000a000c000a001d0017001e001900180010000b000908687474702f312e310016000000170000000d002a0028040305030603080708080809
    080a080b080408050806040105010601030303010302040205020602";
const SERVER_FLIGHT: &str =
    "16030300700200006c0303c6ce28bdb49b026cbb7b6f56cab0a9fb091086bb7b5667c3444f574e4752440120e14dcc310e0a38b0ea046849b97e634b1ab34208e9
    43b45625cc275a73861a68c02c000024ff0100010000000000000b0004030001020010000b000908687474702f312e310017000016030301d80b0001d40001d100
    01ce308201ca30820170a003020102021435aa43a4f1982809b74e6826bdbaa21eae2e5cf4300a06082a8648ce3d04030230313111300f060355040a0c08576972
    656c6f7265311c301a06035504030c135265636f7264696e6720617574686f72697479301e170d3236313132323136323334365a170d3237313132323136323334
    365a302c3110300e060355040a0c074578616d706c653118301606035504030c0f7777772e6578616d706c652e636f6d3059301306072a8648ce3d020106082a86
    48ce3d030107034200047b30727256e14c6d5a8348b2a60b64b79a9a3089baabc99dc0e4bca6aaeedcaef79550006ed4f0142e0ff08a6718cb5792bd38cdd0f66e
    a0869d79a4f5e9c0b1a36b306930270603551d110420301e820f7777772e6578616d706c652e636f6d820b6578616d706c652e636f6d301d0603551d0e04160414
    067695167a1c68b8d754cb3076de18fa572fc898301f0603551d230418301680142b0bf9ca5b8e90fe96f11a02a0ab0446e8c1074a300a06082a8648ce3d040302
    0348003045022100d47febcc323fedd64709e4b0815a30ea46cfefa0096423c140efea20d1b14101022031677cffd2f702d8d81fc0e3f3d1a1dc58f0c70dbfeffc
    78b41192c74b73a21f16030300720c00006e03001d205100299f36a89e742d00edd3bcd2688f1f446fda3554bdfcbf1cc5ea7679655704030046304402200b9410
    8bd309bba40b55d071ea13c3fcb8c10cd576415b555b529299f938626302203c22c7647789ea79c743affcac41e8d99825b78586373ead4a7aeb1c464ef29c1603
    0300040e000000";
const CLIENT_FINISH: &str =
    "16030300251000002120c20800e4a2a9189ef89b01b205e53d4d331502393396f3c5303cce691106bf091403030001011603030028e62913dbe3dad579a8d88951
    a088ac9fb943809109e758773bdc45fb756f66395be2fe7060643169";
const CLIENT_HELLO_13: &str =
    "1603010200010001fc03033b366e36ee01280ec95fcb5e58c618744e4fba0672b0a4a17dd78272bcc3516c200a7d6b6eaa7afc89e44806feba87fda9949a8199ec
    a722d408f3df4f979c7247000813021303130100ff010001ab00000014001200000f7777772e6578616d706c652e636f6d000b000403000102000a00160014001d
    0017001e00190018010001010102010301040010000b000908687474702f312e31001600000017000000310000000d001e001c040305030603080708080809080a
    080b080408050806040105010601002b0003020304002d00020101003300260024001d0020ae1fb17d7f7e772576c1fa8c2d6b73973e98b09932595469cdc89645
    29000110001500f9000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
const SERVER_FLIGHT_13: &str =
    "160303007a020000760303857c884bf8369391bb17f8186bd5fad849fb2eec3fdd5bb9492889fdd4bd53e6200a7d6b6eaa7afc89e44806feba87fda9949a8199ec
    a722d408f3df4f979c7247130200002e002b0002030400330024001d0020b5b3ad6aee844f0d2869acf80eb4d94be7f21f69d08f44aeaff00a6e8ffa2d22140303
    000101170303002aafd9d2db381b62daa22b932e598e6260e6b6ead2a4d8";

fn look_tcp(hexadecimal: &str) -> Dissected {
    look(tcp(8443, &bytes(hexadecimal)))
}

/// A record of a type in TLS 1.2.
fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3], &(content.len() as u16).to_be_bytes()[..], content].concat()
}

#[test]
fn a_client_hello_says_what_the_client_wants_and_can() {
    let outcome = look_tcp(CLIENT_HELLO);
    assert_eq!(outcome.protocols(), "ip:tcp:tls");
    for (id, values) in [
        ("tls.record.content_type", &["22"][..]),
        ("tls.record.version", &["769"]),
        ("tls.handshake.type", &["1"]),
        ("tls.handshake.version", &["771"]),
        ("tls.handshake.extensions_server_name", &["www.example.com"]),
        ("tls.handshake.extensions_alpn_str", &["http/1.1"]),
        ("tls.handshake.extensions_supported_group", &["29", "23", "30", "25", "24"]),
        ("tls.record.continues", &[]),
    ] {
        assert_eq!(outcome.values(id), values, "{id}");
    }
    assert_eq!(outcome.values("tls.handshake.ciphersuite").len(), 28);
    assert_eq!(outcome.value("tls.handshake.ciphersuite"), 0xc02c.to_string());
    assert_eq!(outcome.values("tls.handshake.extension.type"), ["0", "11", "10", "16", "22", "23", "13"]);
}

#[test]
fn a_server_of_tls_12_shows_its_choice_and_its_certificate() {
    let outcome = look_tcp(SERVER_FLIGHT);
    assert_eq!(outcome.values("tls.handshake.type"), ["2", "11", "12", "14"]);
    assert_eq!(outcome.values("tls.handshake.ciphersuite"), [0xc02c.to_string()]);
    assert_eq!(outcome.value("x509.issuer"), "CN=Recording authority,O=Wirelore");
    assert_eq!(outcome.value("x509.subject"), "CN=www.example.com,O=Example");
    assert_eq!(outcome.value("x509.subject.common_name"), "www.example.com");
    assert_eq!(outcome.values("x509ce.dNSName"), ["www.example.com", "example.com"]);
    assert_eq!(outcome.value("x509.validity.not_before"), "1795364626000000000");
    assert_eq!(outcome.value("x509.validity.not_after"), "1826900626000000000");
    assert_eq!(outcome.value("tls.handshake.server_named_curve"), "29");
    assert_eq!([outcome.value("tls.handshake.sig_hash_alg"), outcome.value("tls.handshake.sig_len")], ["1027", "70"]);
}

#[test]
fn after_the_cipher_change_everything_is_encrypted() {
    let outcome = look_tcp(CLIENT_FINISH);
    assert_eq!(outcome.values("tls.record.content_type"), ["22", "20", "22"]);
    assert_eq!(outcome.values("tls.handshake.type"), ["16"]);
    assert_eq!(outcome.values("tls.record.encrypted").len(), 1);
}

#[test]
fn a_handshake_that_is_encrypted_is_not_read() {
    let content: Vec<u8> = (0..40u8).map(|byte| byte.wrapping_mul(7).wrapping_add(3)).collect();
    let outcome = look(tcp(443, &record(22, &content)));
    assert_eq!(outcome.values("tls.handshake.type"), [""; 0]);
    assert_eq!(outcome.values("tls.record.encrypted").len(), 1);
}

#[test]
fn tls_13_says_its_version_in_an_extension() {
    let outcome = look_tcp(CLIENT_HELLO_13);
    assert!(outcome.values("tls.handshake.extensions.supported_version").contains(&0x0304.to_string()));
    assert!(outcome.values("tls.handshake.extensions_key_share_group").contains(&0x001d.to_string()));
    let outcome = look_tcp(SERVER_FLIGHT_13);
    assert_eq!(outcome.values("tls.handshake.extensions.supported_version"), [0x0304.to_string()]);
    assert_eq!(outcome.values("tls.record.content_type"), ["22", "20", "23"]);
    assert_eq!(outcome.values("tls.record.continues"), ["true"], "the last record is cut");
}

#[test]
fn alerts_are_told_and_encrypted_ones_are_not_guessed() {
    let outcome = look(tcp(443, &record(21, &[2, 40])));
    assert_eq!([outcome.value("tls.alert_message.level"), outcome.value("tls.alert_message.desc")], ["2", "40"]);
    let outcome = look(tcp(443, &record(21, &[0x5a; 26])));
    assert_eq!([outcome.value("tls.alert_message.desc"), outcome.value("tls.record.encrypted")], ["".to_owned(), "5a".repeat(26)]);
}

#[test]
fn what_a_segment_cuts_continues_and_what_the_capture_cuts_is_only_cut() {
    let whole = bytes(SERVER_FLIGHT);
    for length in 200..whole.len() - 130 {
        let packet = tcp(443, &whole[..length]);
        let outcome = look(packet);
        assert_eq!(outcome.values("tls.record.continues"), if length == 117 + 477 { &[][..] } else { &["true"] }, "{length}");
        let packet = tcp(443, &whole);
        let outcome = dissect_cut(LinkType::IPV4, packet[..40 + length].to_vec(), packet.len());
        assert_eq!(outcome.values("tls.record.continues"), [""; 0], "{length}");
    }
    // Names that stand before the cut are shown.
    let outcome = look(tcp(443, &whole[..400]));
    assert_eq!(outcome.value("x509.subject"), "CN=www.example.com,O=Example");
}

#[test]
fn a_message_over_two_records_is_not_read_anew_in_the_second() {
    let hello = bytes(CLIENT_HELLO);
    let both = [record(22, &hello[5..60]), record(22, &hello[60..]), record(22, &[14, 0, 0, 0])].concat();
    let outcome = look(tcp(443, &both));
    assert_eq!(outcome.values("tls.handshake.type"), ["1", "14"]);
    assert_eq!(outcome.value("tls.handshake.rest").len(), 2 * (hello.len() - 60));
    assert_eq!(outcome.values("tls.handshake.continues"), ["true"]);
    assert_eq!(outcome.values("tls.record.continues"), [""; 0]);
}

#[test]
fn a_server_that_asks_for_another_hello_says_so() {
    let random = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
    let body = bytes(&format!("0303 {random} 00 1301 00 000c 002b00020304 003300020017"));
    let outcome = look(tcp(443, &record(22, &[&[2, 0, 0, body.len() as u8], body.as_slice()].concat())));
    assert_eq!(outcome.value("tls.handshake.hello_retry"), "true");
    assert_eq!(outcome.value("tls.handshake.extensions_key_share_selected_group"), "23");
}

#[test]
fn numbers_without_meaning_are_told_from_unknown_ones() {
    assert_eq!(super::table::grease(0x0a0a), Some("GREASE: to be ignored"));
    assert_eq!(super::table::grease(0xfafa), Some("GREASE: to be ignored"));
    assert_eq!(super::table::grease(0x1a2a), None);
    assert_eq!(super::table::draft_version(0x7f1c), Some("TLS 1.3 draft"));
}

#[test]
fn the_oldest_hello_is_read_too() {
    let hello = "802e 01 0301 0015 0000 0010 000004 000005 00000a 010080 0700c0 030080 000009 00112233445566778899aabbccddeeff";
    let outcome = look_tcp(hello);
    assert_eq!(outcome.protocols(), "ip:tcp:tls");
    assert_eq!([outcome.value("tls.handshake.type"), outcome.value("tls.handshake.version")], ["1", "769"]);
    assert_eq!(outcome.values("tls.handshake.cipherspec").len(), 7);
}

#[test]
fn other_bytes_are_not_taken_for_records() {
    for other in
        ["1703", "160301", "16030100", "1603010000 01", "1503030002 05", "14030300010a", "1603090010 0100", "802e0103010015000000ff"]
    {
        assert_eq!(look_tcp(other).protocols(), "ip:tcp:data", "{other}");
    }
    let outcome = look(tcp(443, &[record(21, &[1, 0]).as_slice(), b"plain"].concat()));
    assert_eq!(outcome.value("tls.segment.data"), "706c61696e");
}

#[test]
fn damaged_records_are_described_as_far_as_they_go() {
    for flight in [CLIENT_HELLO, SERVER_FLIGHT, CLIENT_FINISH, CLIENT_HELLO_13, SERVER_FLIGHT_13] {
        let packet = tcp(443, &bytes(flight));
        cut_everywhere(&packet);
        damage_everywhere(&packet, 40);
    }
}

proptest! {
    #[test]
    fn no_certificate_leads_outside_of_the_frame(der in collection::vec(prop_oneof![Just(0x30u8), Just(0x31), Just(0x06), Just(0x82), any::<u8>()], 0..200)) {
        let length = der.len() as u8;
        let list = [&[0, 0, length.saturating_add(3), 0, 0, length], der.as_slice()].concat();
        let message = [&[11, 0, 0, list.len() as u8], list.as_slice()].concat();
        look(tcp(443, &record(22, &message))).fields();
    }
}
