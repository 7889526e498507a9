//! What proves the rules on fragments.

use super::super::support::read;
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "fragments.incomplete", fires: &["captures/fragments-refused.pcap"], near_miss: &["captures/fragments-repeated.pcap"] },
    // The same fragments with all of their bytes.
    Case { rule: "fragments.cut-by-capture", fires: &["captures/ping-large-clipped.pcapng"], near_miss: &["captures/ping-large.pcapng"] },
    Case { rule: "fragments.given-up", fires: &["captures/fragments-lost.pcap"], near_miss: &["captures/fragments-refused.pcap"] },
    Case { rule: "fragments.conflict", fires: &["captures/dns-fragments-conflict.pcapng"], near_miss: &["captures/dns-fragments.pcapng"] },
    Case { rule: "fragments.dropped", fires: &["captures/fragments-overlap-ipv6.pcap"], near_miss: &["captures/ping-large-ipv6.pcapng"] },
    Case { rule: "fragments.repeated", fires: &["captures/fragments-repeated.pcap"], near_miss: &["captures/dns-fragments.pcapng"] },
    // What is told one by one is not counted once more.
    Case { rule: "fragments.overlaps", fires: &[MANY], near_miss: &["captures/dns-fragments-conflict.pcapng"] },
    Case { rule: "fragments.refused", fires: &["captures/fragments-refused.pcap"], near_miss: &["captures/fragments-lost.pcap"] },
];

/// More conflicts than are told one by one, written by the test.
const MANY: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/many-conflicts.pcap");

/// Writes a capture of raw IPv4: of each datagram a fragment of 16 bytes, and one with others for its second half.
fn write_conflicts(path: &str, datagrams: u8) {
    let mut file = [&0xa1b2_c3d4_u32.to_le_bytes()[..], &[2, 0, 4, 0], &[0; 8], &65_535_u32.to_le_bytes(), &228_u32.to_le_bytes()].concat();
    for datagram in 1..=datagrams {
        for (offset, said) in [(0, b"what was written"), (1, b"FORGED!!and more")] {
            let header = [0x45, 0, 0, 36, 0, datagram, 0x20, offset, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
            file.extend([&u32::from(datagram).to_le_bytes()[..], &[0; 4], &[36, 0, 0, 0, 36, 0, 0, 0], &header, &said[..]].concat());
        }
    }
    std::fs::write(path, file).expect("the test's folder takes files");
}

#[test]
fn an_overlap_is_told_once() {
    let ran = read(["--json", "captures/fragments-overlap-ipv6.pcap"]);
    let told: Vec<_> = ran.out.matches("\"rule\":\"fragments.").collect();
    assert_eq!(told.len(), 1, "{}", ran.out);
    assert!(!ran.out.contains("is used"), "{}", ran.out);
    assert!(ran.out.contains("\"bytes\":[40,47]"), "{}", ran.out);
    let ran = read(["--json", "captures/dns-fragments-conflict.pcapng"]);
    assert!(ran.out.contains("fragments.conflict") && !ran.out.contains("fragments.overlaps"), "{}", ran.out);
}

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    write_conflicts(MANY, 100);
    hold("fragments", CASES);
}

#[test]
fn what_the_capture_lacks_is_not_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    // The fragments of its first datagram are in frames 3 to 5.
    let of = |filter: &str| {
        let path = folder.path().join("part.pcapng");
        let path = path.to_str().expect("UTF-8");
        assert_eq!(read(["--force", "-w", path, "-f", filter, "captures/ping-large.pcapng"]).status, Some(0));
        let rules = fired(&[path]);
        (rules.contains("fragments.cut-by-capture"), rules.contains("fragments.incomplete"))
    };
    assert_eq!(of("frame.number <= 4"), (true, false));
    assert_eq!(of("frame.number >= 4"), (true, false));
    assert_eq!(of("frame.number != 4"), (false, true));
    assert!(!fired(&["captures/ping-large-clipped.pcapng"]).contains("fragments.incomplete"));
}
