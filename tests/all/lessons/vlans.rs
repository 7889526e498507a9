//! The same addresses in two VLANs are those of other hosts, and what is the same in both is no copy.

use super::claims::{HOST, connected};
use super::links::{arp, card, story};
use super::made::{Made, echo, told};

const OTHER: [u8; 4] = [192, 168, 1, 12];

/// The same frames in a VLAN.
fn tagged(vlan: u8, frames: Vec<Made>) -> Vec<Made> {
    let tag = |Made { at, bytes }: Made| Made { at, bytes: [&bytes[..12], &[0x81, 0, 0, vlan], &bytes[12..]].concat() };
    frames.into_iter().map(tag).collect()
}

fn calls(at: u32, port: u16) -> Vec<Made> {
    connected(at, [(HOST, port), (OTHER, 4_433)], "hello")
}

fn asks(at: u32, owner: u8) -> Vec<Made> {
    vec![arp(at, None, (card(5), HOST), (None, OTHER)), arp(at + 1, None, (card(owner), OTHER), (Some(card(5)), HOST))]
}

#[test]
fn what_was_held_in_another_vlan_is_told_apart() {
    let both = [tagged(10, calls(0, 50_000)), tagged(20, calls(100, 50_001))].concat();
    let told = story(&both);
    for vlan in [10, 20] {
        assert!(told.contains(&format!("In VLAN {vlan}, 192.168.1.5 connected to port 4433 of 192.168.1.12")), "{told}");
    }
    assert!(!told.contains("of the same kind"), "{told}");
    // In one VLAN, or without any, they are alike; where a mirrored port leaves the tag out they are the same.
    let copies =
        |port| tagged(10, calls(100, port)).into_iter().zip(calls(100, port)).flat_map(|(with, without)| [with, without]).collect();
    for frames in [
        [tagged(10, calls(0, 50_000)), tagged(10, calls(100, 50_001))].concat(),
        [calls(0, 50_000), calls(100, 50_001)].concat(),
        [tagged(10, calls(0, 50_000)), copies(50_001)].concat(),
    ] {
        let told = story(&frames);
        assert!(told.contains("1 more conversation of the same kind") && !told.contains("In VLAN"), "{told}");
    }
}

#[test]
fn pings_in_another_vlan_are_told_apart() {
    let ping = |at: u32| vec![echo(at, HOST, OTHER, 64, false, 1), echo(at + 1, OTHER, HOST, 64, true, 1)];
    let another = |at: u32| {
        let mut frames = ping(at);
        for frame in &mut frames {
            // Another program's: by its identifier.
            frame.bytes[39] ^= 1;
            frame.bytes[37] ^= 1;
        }
        frames
    };
    let told = story(&[tagged(10, ping(0)), tagged(20, another(1_000))].concat());
    assert!(told.contains("In VLAN 10, 192.168.1.5 asked") && told.contains("In VLAN 20, 192.168.1.5 asked"), "{told}");
    let told = story(&[tagged(10, ping(0)), tagged(10, another(1_000))].concat());
    assert!(!told.contains("In VLAN"), "{told}");
}

#[test]
fn the_same_question_in_another_vlan_is_no_copy() {
    let told = story(&[tagged(10, asks(0, 7)), tagged(20, asks(2, 8))].concat());
    for (vlan, owner) in [(10, 7), (20, 8)] {
        let wanted = format!("on its link (VLAN {vlan}) who has 192.168.1.12, and was told the hardware address 02:00:00:00:00:0{owner}");
        assert!(told.contains(&wanted), "{told}");
    }
    // The same with its tag and without it came by a port that is mirrored.
    let told = story(&[tagged(10, asks(0, 7)), asks(2, 7)].concat());
    assert_eq!(told.matches("who has 192.168.1.12").count(), 1, "{told}");
}

#[test]
fn a_packet_with_its_tag_and_without_it_was_captured_at_two_places() {
    let both = |first: fn(Vec<Made>) -> Vec<Made>, second: fn(Vec<Made>) -> Vec<Made>| -> Vec<Made> {
        let later = |frame: Made| Made { at: frame.at + 5, ..frame };
        let pairs = first(calls(0, 50_000)).into_iter().zip(second(calls(0, 50_000)).into_iter().map(later));
        let mut frames: Vec<Made> = pairs.flat_map(|(one, other)| [one, other]).collect();
        frames.sort_by_key(|frame| frame.at);
        frames
    };
    for frames in [both(|frames| frames, |frames| tagged(10, frames)), both(|frames| tagged(10, frames), |frames| tagged(20, frames))] {
        let notes = told("capture.copies", &frames);
        assert_eq!((notes.len(), notes[0]["facts"]["how"].as_str()), (1, Some("link")), "{notes:?}");
        assert!(told("loss.summary", &frames).is_empty() && told("loss.lost", &frames).is_empty());
    }
}
