//! What proves the rules on loss.

use super::super::support::{Ran, read, wirelore};
use super::made::{ACK, End, Made, SYN, packet, run, segment, told};
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "loss.lost", fires: &["captures/loss.pcapng", "captures/loss-near.pcapng"], near_miss: &["captures/ack-lost.pcapng"] },
    Case { rule: "loss.acknowledgement-lost", fires: &["captures/ack-lost.pcapng"], near_miss: &["captures/loss-timeout.pcapng"] },
    Case { rule: "loss.spurious", fires: &["captures/retransmission-spurious.pcapng"], near_miss: &["captures/loss-timeout.pcapng"] },
    Case { rule: "loss.fast-retransmit", fires: &["captures/loss.pcapng"], near_miss: &["captures/reordered.pcapng"] },
    Case { rule: "loss.timeout", fires: &["captures/server-gone.pcapng"], near_miss: &["captures/loss-timeout.pcapng"] },
    Case { rule: "loss.tail-probe", fires: &["captures/tail-probe.pcap"], near_miss: &["captures/loss-timeout.pcapng"] },
    Case {
        rule: "loss.out-of-order",
        fires: &["captures/reordered.pcapng"],
        near_miss: &["captures/loss.pcapng", "captures/loss-near.pcapng"],
    },
    Case { rule: "loss.zero-window", fires: &["captures/zero-window.pcapng"], near_miss: &["captures/nagle.pcapng"] },
    Case { rule: "loss.nagle-delayed-ack", fires: &["captures/nagle.pcapng"], near_miss: &["captures/nagle-off.pcapng"] },
    Case { rule: "loss.keep-alive", fires: &["captures/tcp-keep-alive.pcapng"], near_miss: &["captures/zero-window.pcapng"] },
    Case { rule: "loss.summary", fires: &["captures/http-slow-network.pcapng"], near_miss: &["captures/loss-timeout.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("loss", CASES);
}

/// An answer that is sent again 265 ms later, acknowledged first at `heard`; the receiver says that it has it twice.
fn sent_again(heard: u32) -> Vec<Made> {
    let (client, server): (End, End) = (([10, 1, 0, 1], 40_000), ([10, 2, 0, 1], 80));
    let (up, down) = ([client, server], [server, client]);
    let mut twice = [client.1.to_be_bytes(), server.1.to_be_bytes()].concat();
    let [own, first, end] = [1_003_u32, 1_000, 1_005].map(u32::to_be_bytes);
    twice.extend([own, end].concat());
    twice.extend([0x80, ACK, 0xff, 0, 0, 0, 0, 0, 1, 1, 5, 10]);
    twice.extend([first, end].concat());
    vec![
        segment(0, up, 64, (SYN, 0, 0), ""),
        segment(80, down, 50, (SYN | ACK, 0, 0), ""),
        segment(80, up, 64, (ACK, 0, 0), ""),
        segment(81, up, 64, (ACK, 0, 0), "ask"),
        segment(170, down, 50, (ACK, 0, 3), "reply"),
        segment(heard, up, 64, (ACK, 3, 5), ""),
        segment(435, down, 50, (ACK, 0, 3), "reply"),
        packet(435, client.0, server.0, (6, 64), twice, 16),
    ]
}

/// An acknowledgement that had no time to get there was not lost.
#[test]
fn an_acknowledgement_that_was_kept_back_was_not_lost() {
    let [late, early] = [368, 171].map(sent_again);
    let count = |frames: &[Made]| ["loss.acknowledgement-lost", "loss.spurious"].map(|rule| told(rule, frames).len());
    assert_eq!((count(&late), count(&early)), ([0, 1], [1, 0]));
}

/// What one end shows as well as the other.
#[test]
fn the_cause_is_the_same_wherever_it_was_captured() {
    for (rule, captures) in [
        ("loss.lost", ["captures/loss.pcapng", "captures/loss-sender.pcapng"]),
        ("loss.acknowledgement-lost", ["captures/ack-lost.pcapng", "captures/ack-lost-receiver.pcapng"]),
        ("loss.spurious", ["captures/retransmission-spurious.pcapng", "captures/retransmission-spurious-sender.pcapng"]),
    ] {
        for capture in captures {
            assert!(fired(&[capture]).contains(rule), "{capture} does not fire {rule}");
        }
    }
}

/// Nothing was lost where the capture itself lacks frames, a router said that a packet is too large, or a second copy is one of the capture.
#[test]
fn what_is_no_loss_is_not_called_one() {
    for capture in [
        "captures/dropped-frames.pcapng",
        "captures/path-mtu.pcapng",
        "captures/mirrored-twice.pcap",
        "captures/retransmission-spurious.pcapng",
        "captures/retransmission-spurious-sender.pcapng",
        "captures/ack-lost.pcapng",
        "captures/ack-lost-receiver.pcapng",
        "captures/reordered.pcapng",
        "captures/tcp-keep-alive.pcapng",
    ] {
        assert!(!fired(&[capture]).contains("loss.lost"), "{capture} fires loss.lost");
    }
}

/// Where large packets vanish, it is not chance that took them: the black hole is told, and no loss beside it.
#[test]
fn what_a_black_hole_took_is_not_told_as_lost() {
    for (capture, rule) in [
        ("captures/path-mtu-black-hole.pcapng", "mtu.black-hole"),
        ("captures/path-mtu-probing.pcapng", "mtu.black-hole"),
        ("captures/jumbo-mismatch.pcapng", "mtu.mismatch"),
    ] {
        let fired = fired(&[capture]);
        assert!(fired.contains(rule), "{capture}");
        assert!(!fired.contains("loss.timeout") && !fired.contains("loss.lost"), "{capture}");
    }
}

/// That something was sent again after longer and longer waits shows in one direction alone; whether it was acknowledged does not.
#[test]
fn a_timer_shows_where_answers_take_another_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one-way.pcapng");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(read(["-w", path, "-f", "ip.src == 10.130.1.4", "captures/server-gone.pcapng"]).status, Some(0));
    assert!(fired(&[path]).contains("loss.timeout"));
    let told = read([path]).out;
    assert!(!told.contains("never acknowledged"), "{told}");
}

/// The same where the connection is older than the capture, so that nothing says where its bytes stand in the stream.
#[test]
fn a_timer_shows_in_the_middle_of_a_conversation() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("middle.pcapng");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(read(["-w", path, "-f", "ip.src == 10.130.1.4 and not tcp.flags.syn == 1", "captures/server-gone.pcapng"]).status, Some(0));
    assert!(fired(&[path]).contains("loss.timeout"));
}

#[test]
fn a_story_tells_at_how_many_more_places_of_a_connection_something_was_lost() {
    let (client, server): (End, End) = (([10, 1, 0, 1], 40_000), ([10, 2, 0, 1], 4_433));
    let (up, down) = ([client, server], [server, client]);
    let story = |losses: u32| {
        let mut frames = vec![
            segment(0, up, 64, (SYN, 0, 0), ""),
            segment(20, down, 64, (SYN | ACK, 0, 0), ""),
            segment(21, up, 64, (ACK, 0, 0), ""),
            segment(22, up, 64, (ACK, 0, 0), "go"),
        ];
        for loss in 0..losses {
            let (at, from) = (1_000 * (loss + 1), loss * 5);
            frames.push(segment(at, down, 64, (ACK, from, 2), "bytes"));
            frames.push(segment(at + 300, down, 64, (ACK, from, 2), "bytes"));
            frames.push(segment(at + 320, up, 64, (ACK, 2, from + 5), ""));
        }
        run(&["explain"], &frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = story(4);
    assert!(told.contains("5 bytes from 10.2.0.1 to 10.1.0.1 were lost"), "{told}");
    assert!(told.contains("So it is in 3 more places of that connection."), "{told}");
    assert!(story(2).contains("So it is in 1 more place of that connection."));
    assert!(!story(1).contains("more place"));
    // The two segments that were lost are one behind the other, and were sent at once.
    let told = Ran::from(wirelore().args(["explain", "captures/tail-probe.pcap"]).output().expect("wirelore runs")).out;
    assert!(told.contains("were lost behind this place") && !told.contains("more place"), "{told}");
}
