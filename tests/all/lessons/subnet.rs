//! What proves the rules on subnet.

use super::made::{ACK, Made, SYN, echo, run_on, segment, told};
use super::{Case, hold};

const CASES: &[Case] = &[
    // Who asks beyond any usual mask says nothing of its own.
    Case { rule: "subnet.same", fires: &["captures/arp.pcapng"], near_miss: &["captures/proxy-arp.pcapng"] },
    Case {
        rule: "subnet.other",
        fires: &["captures/asks-beyond-lease.pcapng"],
        near_miss: &["captures/arp.pcapng", "captures/http-ipv4.pcapng"],
    },
    // In a subnet of 23 bits .0 and .255 are hosts like others.
    Case {
        rule: "subnet.network-address",
        fires: &["captures/network-address-used.pcapng"],
        near_miss: &["captures/last-byte-0-and-255.pcapng"],
    },
    Case {
        rule: "subnet.broadcast-address",
        fires: &["captures/broadcast-address-used.pcapng"],
        near_miss: &["captures/last-byte-0-and-255.pcapng"],
    },
    // Answers come by another router, but both ends agree that they are strangers.
    Case { rule: "subnet.masks-disagree", fires: &["captures/mask-disagreement.pcapng"], near_miss: &["captures/asymmetric-path.pcapng"] },
    // One after the other: the address moved.
    Case { rule: "subnet.duplicate-address", fires: &["captures/arp-duplicate.pcapng"], near_miss: &["captures/address-moved.pcapng"] },
    // Two cards answer for one address alone.
    Case { rule: "subnet.two-cards", fires: &["captures/two-cards.pcap"], near_miss: &["captures/arp-duplicate.pcapng"] },
    Case { rule: "subnet.address-taken", fires: &["captures/arp-probe-conflict.pcapng"], near_miss: &["captures/arp-announced.pcapng"] },
    Case { rule: "subnet.address-probe", fires: &["captures/arp-announced.pcapng"], near_miss: &["captures/arp.pcapng"] },
    Case { rule: "subnet.gratuitous-arp", fires: &["captures/arp-announced.pcapng"], near_miss: &["captures/address-moved.pcapng"] },
    Case { rule: "subnet.address-moved", fires: &["captures/address-moved.pcapng"], near_miss: &["captures/arp-announced.pcapng"] },
    // The router passes on what is not its own, but answers for nobody else.
    Case { rule: "subnet.proxy-arp", fires: &["captures/proxy-arp.pcapng"], near_miss: &["captures/mask-disagreement.pcapng"] },
    // A gateway that takes over, a router that answers for others, an address with two owners: none of them asks for what it claims.
    Case {
        rule: "subnet.arp-spoofing",
        fires: &["captures/arp-spoofing.pcapng"],
        near_miss: &["captures/gateway-takes-over.pcapng", "captures/proxy-arp.pcapng", "captures/arp-duplicate.pcapng"],
    },
    // A server that looks whether the address is free that it is about to give hopes for silence.
    Case { rule: "subnet.unanswered", fires: &["captures/arp.pcapng"], near_miss: &["captures/dhcp.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("subnet", CASES);
}

#[test]
fn what_ipv6_hosts_say_is_told_too() {
    let rules = super::fired(&["captures/ipv6-duplicate.pcapng"]);
    assert!(rules.contains("subnet.address-taken") && rules.contains("subnet.address-probe"), "{rules:?}");
    assert!(super::fired(&["captures/neighbour-silent-ipv6.pcapng"]).contains("subnet.unanswered"));
    assert!(super::fired(&["captures/mask-disagreement-router.pcapng"]).contains("subnet.masks-disagree"));
}

#[test]
fn who_pretends_is_told_however_it_does_it() {
    for capture in ["arp-spoofing-unasked", "arp-spoofing-both-ways", "arp-in-turn"] {
        assert!(super::fired(&[&format!("captures/{capture}.pcap")]).contains("subnet.arp-spoofing"), "{capture}");
    }
}

#[test]
fn who_takes_an_address_over_does_not_pretend() {
    for capture in ["fail-over-and-back.pcap", "card-replaced.pcap", "address-moved.pcapng", "arp-announced.pcapng", "any-router.pcapng"] {
        assert!(!super::fired(&[&format!("captures/{capture}")]).contains("subnet.arp-spoofing"), "{capture}");
    }
}

/// Two that answer for one address both have it: what one of them announces later took nothing over. Where nobody disputed it, it did.
#[test]
fn an_address_that_two_have_has_not_moved() {
    let cards = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 0x0a], [2, 0, 0, 0, 0, 0x0b]];
    let arp = |at: u32, operation: u8, (source, from): ([u8; 6], u8), (target, to): ([u8; 6], u8)| {
        let body = [&[0, 1, 8, 0, 6, 4, 0, operation][..], &source, &[192, 168, 1, from], &target, &[192, 168, 1, to]].concat();
        let destination = if operation == 1 { [0xff; 6] } else { target };
        Made { at, bytes: [&destination[..], &source, &[8, 6], &body].concat() }
    };
    let asked = arp(0, 1, (cards[0], 1), ([0; 6], 11));
    let answers = [1, 2].map(|one: usize| arp(one as u32, 2, (cards[one], 11), (cards[0], 1)));
    let announced = arp(700, 1, (cards[2], 11), ([0; 6], 11));
    let [first, second] = answers;
    let disputed = [asked.clone(), first.clone(), second, announced.clone()];
    assert_eq!(told("subnet.duplicate-address", &disputed).len(), 1);
    assert_eq!(told("subnet.address-moved", &disputed), [0; 0]);
    assert_eq!(told("subnet.address-moved", &[asked, first, announced]).len(), 1);
}

/// A frame on the link of .1 and its neighbours.
fn arp(at: u32, operation: u8, (source, from): ([u8; 6], u8), (target, to): ([u8; 6], u8), destination: [u8; 6]) -> Made {
    let body = [&[0, 1, 8, 0, 6, 4, 0, operation][..], &source, &[192, 168, 1, from], &target, &[192, 168, 1, to]].concat();
    Made { at, bytes: [&destination[..], &source, &[8, 6], &body].concat() }
}

/// That the capture sees what is for the asker alone may show only after its last question; and where it never shows, nobody knows.
#[test]
fn what_was_asked_in_vain_is_told_at_the_end_too() {
    let [asker, other] = [[2, 0, 192, 168, 1, 5], [2, 0, 192, 168, 1, 11]];
    let asks: Vec<Made> = [0, 1_000, 2_000].map(|at| arp(at, 1, (asker, 5), ([0; 6], 99), [0xff; 6])).to_vec();
    let seen = |destination| [asks.clone(), vec![arp(2_500, 1, (other, 11), ([0; 6], 5), destination)]].concat();
    assert_eq!(told("subnet.unanswered", &seen(asker)).len(), 1);
    assert_eq!(told("subnet.unanswered", &seen([0xff; 6])), [0; 0]);
    let answered = [seen(asker), vec![arp(2_600, 2, ([2, 0, 192, 168, 1, 99], 99), (asker, 5), asker)]].concat();
    assert_eq!(told("subnet.unanswered", &answered), [0; 0]);
}

/// Two cards that answer for the same addresses may be one machine's. Where one of them answers for an address without the other, they are two's.
#[test]
fn cards_with_an_address_of_their_own_are_two_machines() {
    const ASKER: [u8; 6] = [2, 0, 192, 168, 1, 5];
    let asked = |at: u32, address: u8, cards: &[u8], to: [u8; 6]| {
        let answers = cards.iter().map(|card| arp(at + u32::from(*card), 2, ([2, 0, 0, 0, 0, *card], address), (ASKER, 5), ASKER));
        std::iter::once(arp(at, 1, (ASKER, 5), ([0; 6], address), to)).chain(answers).collect::<Vec<_>>()
    };
    let everybody = [0xff; 6];
    let both = [asked(10_000, 100, &[1, 2], everybody), asked(11_000, 101, &[2, 1], everybody)].concat();
    let own = |at: u32| [asked(at, 2, &[1], everybody), asked(at + 1_000, 3, &[2], everybody)].concat();
    let rules = |frames: &[Made]| ["subnet.two-cards", "subnet.duplicate-address"].map(|rule| told(rule, frames).len());
    assert_eq!(rules(&both), [1, 0]);
    assert_eq!(rules(&[own(1_000), both.clone()].concat()), [0, 2]);
    assert_eq!(rules(&[both.clone(), own(12_000)].concat()), [0, 2]);
    // Who is asked alone answers alone.
    assert_eq!(rules(&[both, asked(12_000, 100, &[1], [2, 0, 0, 0, 0, 1])].concat()), [1, 0]);
    let alone =
        [asked(10_000, 100, &[1, 2], everybody), asked(11_000, 101, &[2, 1], everybody), asked(12_000, 102, &[1], [2, 0, 0, 0, 0, 1])];
    assert_eq!(rules(&alone.concat()), [1, 0]);
}

/// A router answers for a host and shows no address of its own: the host's answer to a ping has passed a router. A TCP answer may come from inside
/// of the machine itself.
#[test]
fn a_proxy_that_shows_no_address_of_its_own_is_told() {
    let [asker, far] = [[192, 168, 1, 5], [192, 168, 1, 9]];
    let [card, router] = [[2, 0, 192, 168, 1, 5], [2, 0, 192, 168, 1, 9]];
    let asked = [arp(0, 1, (card, 5), ([0; 6], 9), [0xff; 6]), arp(1, 2, (router, 9), (card, 5), card), echo(2, asker, far, 64, false, 1)];
    let with = |answer: Made| [asked.to_vec(), vec![answer]].concat();
    assert_eq!(told("subnet.proxy-arp", &with(echo(3, far, asker, 62, true, 1))).len(), 1);
    assert_eq!(told("subnet.proxy-arp", &with(echo(3, far, asker, 64, true, 1))), [0; 0]);
    let answer = segment(3, [(far, 80), (asker, 4000)], 63, (SYN | ACK, 0, 1), "");
    assert_eq!(told("subnet.proxy-arp", &with(answer)), [0; 0]);
}

#[test]
fn what_the_machine_itself_asks_in_vain_on_any_interface_is_told() {
    // A cooked capture (LINUX_SLL) keeps no receiver: that it sees answers follows from who asks.
    const COOKED: u8 = 113;
    let asks = |at: u32, kind: u8| {
        let mut bytes = vec![0, kind, 0, 1, 0, 6, 2, 0, 192, 168, 1, 11, 0, 0, 8, 6];
        bytes.extend([0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 192, 168, 1, 11, 192, 168, 1, 11, 0, 0, 0, 0, 0, 0, 192, 168, 1, 99]);
        Made { at, bytes }
    };
    let told = |kind: u8| {
        let frames = [asks(0, kind), asks(1_000, kind), asks(2_000, kind)];
        run_on(COOKED, &["read", "--json"], &frames).out.contains("subnet.unanswered")
    };
    assert!(told(4));
    // Asked by others, to everybody: the answer may go where the capture does not see it.
    assert!(!told(1));
}
