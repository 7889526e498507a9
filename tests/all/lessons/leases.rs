//! What is told of DHCP: who offered, who gave, and what a client let go of.

use super::made::{Made, datagram, run};
use std::net::Ipv4Addr;

const DISCOVER: u8 = 1;
const OFFER: u8 = 2;
const REQUEST: u8 = 3;
const DECLINE: u8 = 4;
const ACKNOWLEDGED: u8 = 5;
const REFUSED: u8 = 6;
const RELEASE: u8 = 7;
const INFORM: u8 = 8;

const GATEWAY: [u8; 4] = [192, 168, 1, 1];
const OTHER: [u8; 4] = [10, 0, 0, 66];
const GIVEN: [u8; 4] = [192, 168, 1, 50];

fn story(frames: &[Made]) -> String {
    run(&["explain", "-n"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A message: when, its kind, the addresses that the client has and is given, and options behind the kind.
fn message(at: u32, kind: u8, [has, given]: [[u8; 4]; 2], options: &[(u8, &[u8])]) -> Made {
    let is_answer = matches!(kind, OFFER | ACKNOWLEDGED | REFUSED);
    let mut said = vec![if is_answer { 2 } else { 1 }, 1, 6, 0, 0, 0, 0, 7, 0, 0, 0, 0];
    said.extend(has.into_iter().chain(given).chain([0; 8]));
    said.extend([2, 0, 0, 0, 0, 0x11]);
    said.extend([0; 202]);
    said.extend([99, 130, 83, 99, 53, 1, kind]);
    for (code, value) in options {
        said.extend([*code, value.len() as u8]);
        said.extend(*value);
    }
    said.push(255);
    let server = options.iter().find(|(code, _)| *code == 54).and_then(|(_, value)| value.first_chunk().copied()).unwrap_or(GATEWAY);
    let everybody = ([255; 4], if is_answer { 68 } else { 67 });
    let from = if is_answer { (server, 67) } else { (has, 68) };
    datagram(at, [from, everybody], 64, &said)
}

const NONE: [[u8; 4]; 2] = [[0; 4]; 2];

/// What a server of a network offers or gives.
fn gives(at: u32, kind: u8, server: [u8; 4], given: [u8; 4], mask: [u8; 4], router: [u8; 4]) -> Made {
    message(at, kind, [[0; 4], given], &[(54, &server), (1, &mask), (3, &router), (51, &[0, 0, 14, 16])])
}

const MASK: [u8; 4] = [255, 255, 255, 0];

fn offer(at: u32) -> Made {
    gives(at, OFFER, GATEWAY, GIVEN, MASK, GATEWAY)
}

fn acknowledged(at: u32) -> Made {
    gives(at, ACKNOWLEDGED, GATEWAY, GIVEN, MASK, GATEWAY)
}

fn discover(at: u32) -> Made {
    message(at, DISCOVER, NONE, &[])
}

fn request(at: u32) -> Made {
    message(at, REQUEST, NONE, &[(50, &GIVEN), (54, &GATEWAY)])
}

#[test]
fn an_offer_is_no_lease_and_what_was_given_back_is_had_no_more() {
    let offered = story(&[offer(0)]);
    assert!(offered.contains("was offered an address by DHCP") && !offered.contains("has an address"), "{offered}");
    let released = story(&[message(0, RELEASE, [GIVEN, [0; 4]], &[(54, &GATEWAY)])]);
    assert!(released.contains("had an address by DHCP. The host gave 192.168.1.50 back (frame 1)"), "{released}");
    let held = story(&[acknowledged(0)]);
    assert!(held.contains("has an address by DHCP"), "{held}");
}

#[test]
fn what_comes_behind_a_release_is_another_lease() {
    let both = story(&[message(0, RELEASE, [GIVEN, [0; 4]], &[(54, &GATEWAY)]), discover(5_000), discover(9_000)]);
    let [back, asks] = ["back (frame 1)", "asked everybody"].map(|words| both.find(words).unwrap_or_else(|| panic!("{words}: {both}")));
    assert!(back < asks, "{both}");
    assert!(both.contains("2 times in 4.000 s (frame 2)"), "{both}");
}

#[test]
fn how_often_everybody_was_asked_is_counted_and_copies_are_not() {
    let four = story(&[discover(0), discover(4_000), discover(12_000), discover(24_000)]);
    assert!(four.contains("for an address by DHCP, 4 times in 24.000 s (frame 1). The capture shows no answer."), "{four}");
    let copied = story(&[discover(0), discover(1)]);
    assert!(copied.contains("for an address by DHCP (frame 1)"), "{copied}");
}

#[test]
fn an_offer_that_nobody_took_says_nothing_of_the_network() {
    let other = gives(2, OFFER, OTHER, [10, 0, 0, 50], [255, 0, 0, 0], OTHER);
    let taken = story(&[discover(0), offer(1), other.clone(), request(3), acknowledged(4)]);
    assert!(taken.contains("Another server, 10.0.0.66, had offered an address too (frame 3); the host did not take it."), "{taken}");
    assert!(!taken.contains("10.0.0.0/8") && !taken.contains("10.0.0.66 is the gateway") && !taken.contains("66 is a gateway"), "{taken}");
    assert!(taken.contains("192.168.1.0/24"), "{taken}");
    // Where nothing was given yet each may be.
    let open = story(&[discover(0), offer(1), other]);
    assert!(open.contains("10.0.0.0/8") && !open.contains("did not take"), "{open}");
}

#[test]
fn a_gateway_outside_of_the_network_is_told_as_one() {
    let with = |mask, router| story(&[discover(0), gives(1, ACKNOWLEDGED, GATEWAY, GIVEN, mask, router)]);
    assert!(with(MASK, [192, 168, 2, 1]).contains("192.168.2.1, which is not in that network"));
    assert!(!with(MASK, [192, 168, 1, 254]).contains("not in that network"));
    // With a network of one address a route of its own leads there.
    assert!(!with([255; 4], [192, 168, 2, 1]).contains("not in that network"));
}

#[test]
fn who_declines_an_address_does_not_have_it() {
    let mut frames = vec![discover(0), offer(1), request(2), acknowledged(3)];
    let has = "192.168.1.50 got its address by DHCP";
    let sends = |at| super::made::echo(at, GIVEN, GATEWAY, 64, false, 1);
    frames.push(message(10, DECLINE, NONE, &[(50, &GIVEN), (54, &GATEWAY)]));
    frames.extend([sends(20), discover(10_020)]);
    let declined = story(&frames);
    assert!(declined.contains("The host declined it, as another has it already (frame 5)") && !declined.contains(has), "{declined}");
}

#[test]
fn what_was_refused_and_why_is_told() {
    let wanted = Ipv4Addr::from([10, 9, 9, 9]).octets();
    let asks = message(0, REQUEST, NONE, &[(50, &wanted)]);
    let refused = story(&[asks, message(1, REFUSED, NONE, &[(54, &GATEWAY), (56, b"wrong network")])]);
    assert!(refused.contains("to have the address 10.9.9.9 (frame 1). The server refused: wrong network (frame 2)."), "{refused}");
}

#[test]
fn who_only_wants_to_know_is_answered_too() {
    let asks = message(0, INFORM, [GIVEN, [0; 4]], &[]);
    let told = story(&[asks, message(1, ACKNOWLEDGED, [GIVEN, [0; 4]], &[(54, &GATEWAY), (6, &GATEWAY)])]);
    assert!(told.contains("(frame 2)") && !told.contains("shows no answer"), "{told}");
}

#[test]
fn a_router_that_the_host_does_not_reach_is_not_its_gateway() {
    let gives = |router, mask| story(&[discover(0), gives(1, ACKNOWLEDGED, GATEWAY, GIVEN, mask, router)]);
    let told = gives([192, 168, 2, 1], MASK);
    assert!(told.contains("which is not in that network") && !told.contains("192.168.2.1 is"), "{told}");
    assert!(gives(GATEWAY, MASK).contains("192.168.1.1 is the gateway to other networks"));
    // Alone in its network a host is given the way to its gateway otherwise.
    let told = gives([192, 168, 2, 1], [255; 4]);
    assert!(told.contains("192.168.2.1 is the gateway to other networks"), "{told}");
}
