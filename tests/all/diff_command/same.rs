//! What is no difference: a copy, in another format, put together or in another order.

use super::super::support::{captures, peer};
use super::*;

#[test]
fn a_capture_does_not_differ_from_itself() {
    for path in captures() {
        let path = text(&path);
        let ran = diff(&["--points", &path, &path]);
        assert_eq!(ran.status, Some(0), "{path}: {}{}", ran.out, ran.err);
        let empty = ran.out.starts_with("points, as asked: both captures hold no frames");
        assert!(ran.out.ends_with("\nno difference\n") && !ran.out.contains("unexplained") && !empty, "{path}: {}", ran.out);
    }
}

#[test]
fn neither_does_it_from_its_copies() {
    let (Some(mut editcap), Some(mut merge), Some(mut halves)) = (peer("editcap"), peer("mergecap"), peer("editcap")) else { return };
    let folder = Folder::new();
    let whole = folder.write("whole.pcap", &packets("http-redirect.pcapng"));
    let (copy, half, merged) = (folder.path("copy.pcapng"), folder.path("half.pcap"), folder.path("merged.pcapng"));
    assert!(editcap.args(["-F", "pcapng", &whole, &copy]).status().expect("editcap runs").success());
    assert!(halves.args(["-r", &whole, &half, "1-9"]).status().expect("editcap runs").success());
    assert!(merge.args(["-w", &merged, &whole, &half]).status().expect("mergecap runs").success());
    let reordered: Vec<Packet> = packets("http-redirect.pcapng").into_iter().rev().collect();
    let reordered = folder.write("reordered.pcap", &reordered);
    for other in [&copy, &merged, &reordered] {
        for pair in [[&whole, other], [other, &whole]] {
            let told = same(&pair.map(String::as_str));
            says(&told, &["points: the same traffic at two places", "\nno difference\n"]);
        }
    }
    says(&same(&[&whole, &merged]), &["frames are there twice and count once"]);
}

/// Packets that no number tells apart are the same by their moments: DHCP leaves the identification 0.
#[test]
fn a_capture_that_holds_everything_twice_is_judged_a_copy() {
    let folder = Folder::new();
    for name in ["dhcp.pcapng", "dns.pcapng", "router-advertisement.pcapng"] {
        let once = packets(name);
        let twice: Vec<Packet> = once.iter().flat_map(|packet| [packet.clone(), packet.clone()]).collect();
        let told = same(&[&folder.write("once.pcap", &once), &folder.write("twice.pcap", &twice)]);
        says(&told, &["\nno difference\n", "frames are there twice and count once"]);
    }
}

#[test]
fn coarser_times_are_no_difference() {
    let folder = Folder::new();
    let fine = packets("loss.pcapng");
    let coarse: Vec<Packet> = fine.iter().map(|packet| Packet { time: packet.time / 1_000 * 1_000, ..packet.clone() }).collect();
    says(&same(&[&folder.write("fine.pcap", &fine), &folder.write("coarse.pcap", &coarse)]), &["\nno difference\n"]);
}
