use super::*;
use proptest::prelude::*;

fn right(word: &str) -> Written {
    read(word).expect("is meant as an address").unwrap_or_else(|mistake| panic!("{word}: {mistake}"))
}

fn wrong(word: &str) -> Mistake {
    read(word).unwrap_or_else(|| panic!("{word} is meant as an address")).expect_err("is none")
}

fn prefix(text: &str, form: MaskForm) -> Written {
    Written::Prefix { prefix: text.parse().expect("a prefix"), form }
}

#[test]
fn addresses_with_what_belongs_to_them() {
    let address = |text: &str, zone: Option<&str>, port| Written::Address {
        address: text.parse().expect("an address"),
        zone: zone.map(Into::into),
        port,
    };
    assert_eq!(right("192.168.1.11"), address("192.168.1.11", None, None));
    assert_eq!(right("10.0.0.1:80"), address("10.0.0.1", None, Some(80)));
    assert_eq!(right("::1"), address("::1", None, None));
    assert_eq!(right("[::1]:443"), address("::1", None, Some(443)));
    assert_eq!(right("[::1]"), address("::1", None, None));
    assert_eq!(right("fe80::1%eth0"), address("fe80::1", Some("eth0"), None));
    assert_eq!(right("[fe80::1%eth0]:22"), address("fe80::1", Some("eth0"), Some(22)));
    assert_eq!(right("::ffff:192.0.2.1"), address("::ffff:192.0.2.1", None, None));
    assert_eq!(right("11:22:33:44:55:66:77:88"), address("11:22:33:44:55:66:77:88", None, None));
}

#[test]
fn masks_in_three_forms() {
    assert_eq!(right("10.1.2.3/16"), prefix("10.1.2.3/16", MaskForm::Length));
    assert_eq!(right("10.1.2.3/255.255.0.0"), prefix("10.1.2.3/16", MaskForm::Mask));
    assert_eq!(right("10.1.2.3/0.0.255.255"), prefix("10.1.2.3/16", MaskForm::Wildcard));
    assert_eq!(right("0.0.0.0/0.0.0.0"), prefix("0.0.0.0/0", MaskForm::Mask));
    assert_eq!(right("10.1.2.3/255.255.255.255"), prefix("10.1.2.3/32", MaskForm::Mask));
    assert_eq!(right("::/0"), prefix("::/0", MaskForm::Length));
    assert_eq!(right("fe80::1%eth0/64"), prefix("fe80::1/64", MaskForm::Length));
}

#[test]
fn link_addresses_in_four_forms() {
    let expected = Written::Hardware([0x02, 0, 0x5e, 0, 0x53, 0x01]);
    for word in ["02:00:5e:00:53:01", "2:0:5e:0:53:1", "02-00-5E-00-53-01", "0200.5e00.5301", "02005e005301"] {
        assert_eq!(right(word), expected, "{word}");
    }
    assert_eq!(wrong("02:00:5e:00:53"), Mistake::HardwareLength { found: 5 });
    assert_eq!(wrong("02-00-5e-00-53-01-02"), Mistake::HardwareLength { found: 7 });
}

#[test]
fn what_is_wrong_is_named() {
    let part = |text: &str| -> Box<str> { text.into() };
    assert_eq!(wrong("256.1.1.1"), Mistake::OctetTooLarge { part: part("256") });
    assert_eq!(wrong("010.1.2.3"), Mistake::LeadingZero { part: part("010"), decimal: 10, octal: 8 });
    assert_eq!(wrong("1.2.3.08"), Mistake::Padded { part: part("08"), decimal: 8 });
    assert_eq!(wrong("1.2.3"), Mistake::Octets { found: 3 });
    assert_eq!(wrong("1.2.3.4.5"), Mistake::Octets { found: 5 });
    assert_eq!(wrong("1..2.3"), Mistake::EmptyOctet);
    assert_eq!(wrong("3232235787"), Mistake::OneNumber { address: Ipv4Addr::new(192, 168, 1, 11) });
    assert_eq!(wrong("1::2::3"), Mistake::TwoGaps);
    assert_eq!(wrong("1:::2"), Mistake::TwoGaps);
    assert_eq!(wrong("2001:db8:1:2:3:4:5"), Mistake::TooFewGroups { found: 7 });
    assert_eq!(wrong("1:2:3:4:5:6:7:8:9"), Mistake::TooManyGroups { found: 9, gap: false });
    assert_eq!(wrong("1:2:3:4:5:6:7:8::"), Mistake::TooManyGroups { found: 8, gap: true });
    assert_eq!(wrong("2001:db8::12345"), Mistake::GroupTooLong { part: part("12345") });
    assert_eq!(wrong("2001:db8::g"), Mistake::NoGroup { part: part("g") });
    assert_eq!(wrong("2001:db8:0:0:0:0:0:"), Mistake::LoneColon);
    assert_eq!(wrong("::192.0.2.1:1"), Mistake::Ipv4NotLast);
    assert_eq!(wrong("::ffff:192.0.2.256"), Mistake::OctetTooLarge { part: part("256") });
    assert_eq!(wrong("10.0.0.0/33"), Mistake::LengthTooLong { length: part("33"), bits: 32 });
    assert_eq!(wrong("::/129"), Mistake::LengthTooLong { length: part("129"), bits: 128 });
    assert_eq!(wrong("10.0.0.0/x"), Mistake::NoLength { text: part("x") });
    assert_eq!(wrong("10.0.0.0/"), Mistake::NoLength { text: part("") });
    assert_eq!(wrong("10.0.0.0/255.0.255.0"), Mistake::BrokenMask { mask: Ipv4Addr::new(255, 0, 255, 0), bit: 17 });
    assert_eq!(wrong("::/255.255.0.0"), Mistake::MaskOfOther);
    assert_eq!(wrong("10.0.0.1:0"), Mistake::NoPort { port: part("0") });
    assert_eq!(wrong("[::1]:65536"), Mistake::NoPort { port: part("65536") });
    assert_eq!(wrong("[::1"), Mistake::OpenBracket);
    assert_eq!(wrong("fe80::1%"), Mistake::Zone);
    assert_eq!(wrong("10.0.0.1%eth0"), Mistake::Zone);
}

#[test]
fn a_mistake_says_what_would_be_right() {
    assert_eq!(
        wrong("10.0.0.0/255.0.255.0").to_string(),
        "255.0.255.0 is no mask: its bits are ones and then zeros, and here bit 17 is a one behind a zero; near are 255.0.0.0 and 255.255.0.0"
    );
    assert_eq!(wrong("010.1.2.3").to_string(), "010 has a zero in front: some programs read it as 8 (octal), others as 10; write 10 or 8");
}

#[test]
fn names_are_not_meant_as_addresses() {
    for word in ["www.example.com", "h1", "route.gateway", "capture.pcapng", "", ".", "a:b", "1a.example", "beef", "-"] {
        assert_eq!(read(word), None, "{word}");
    }
}

proptest! {
    #[test]
    fn what_the_standard_library_reads_is_read(v4: u32, v6: u128, length in 0_u8..=32, port in 1_u16..) {
        let (v4, v6) = (Ipv4Addr::from(v4), Ipv6Addr::from(v6));
        let plain = |address: IpAddr, port| Written::Address { address, zone: None, port };
        prop_assert_eq!(right(&v4.to_string()), plain(v4.into(), None));
        prop_assert_eq!(right(&std::net::SocketAddr::new(v4.into(), port).to_string()), plain(v4.into(), Some(port)));
        prop_assert_eq!(right(&std::net::SocketAddr::new(v6.into(), port).to_string()), plain(v6.into(), Some(port)));
        let net = ipnet::Ipv4Net::new(v4, length).expect("a prefix");
        let expected = Written::Prefix { prefix: net.into(), form: MaskForm::Mask };
        prop_assert_eq!(right(&format!("{v4}/{}", net.netmask())), expected);
    }

    #[test]
    fn any_word_is_read_or_told(word in "[0-9a-f:./%\\[\\]x]{0,20}") {
        if let Some(Err(mistake)) = read(&word) {
            prop_assert!(!mistake.to_string().is_empty());
        }
    }
}
