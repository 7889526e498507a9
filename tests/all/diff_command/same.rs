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

/// One frame of the link, again and again: it stands opposite itself once, and nothing else is there to be missed.
#[test]
fn frames_of_the_link_alone_do_not_differ_from_themselves() {
    let folder = Folder::new();
    let asked = packets("arp.pcapng").into_iter().next().expect("a frame");
    let path = folder.write("asked.pcap", &[asked.clone(), asked.clone(), asked.clone(), asked.clone(), asked]);
    let told = diff(&[&path, &path]);
    assert_eq!(told.status, Some(0), "{}", told.out);
    says(&told.out, &["\nno difference\n"]);
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

/// Shuffled frames, as a machine with many queues writes them down, and a file put together from twice the same one.
#[test]
fn neither_does_a_run_from_its_copies() {
    let folder = Folder::new();
    for name in
        ["ftp.pcapng", "http-cache.pcapng", "smtp.pcapng", "imap.pcapng", "loss.pcapng", "dns.pcapng", "router-advertisement.pcapng"]
    {
        let frames = packets(name);
        let once = folder.write("once.pcap", &frames);
        let twice: Vec<Packet> = frames.iter().flat_map(|packet| [packet.clone(), packet.clone()]).collect();
        let twice = folder.write("twice.pcap", &twice);
        let reordered = folder.write("reordered.pcap", &shuffled(&frames));
        for other in [&twice, &reordered] {
            for pair in [[&once, other], [other, &once]] {
                let told = same(&["--runs", pair[0], pair[1]]);
                says(&told, &["do the same: no difference"]);
            }
        }
        says(&same(&["--runs", &once, &twice]), &["twice and count"]);
        says(&same(&["--runs", "--brief", &reordered, &twice]), &["no difference"]);
    }
}

/// Of a clock that counts hundredths of a second nearly all frames have the time of others: their numbers tell the order.
#[test]
fn neither_does_a_run_with_a_coarse_clock_however_it_was_shuffled() {
    let folder = Folder::new();
    let frames = packets("clock-coarse.pcapng");
    let once = folder.write("once.pcap", &frames);
    let backwards: Vec<Packet> = frames.iter().rev().cloned().collect();
    let mut orders = vec![shuffled(&frames), shuffled(&shuffled(&frames)), backwards.clone(), shuffled(&backwards)];
    // Every second one first.
    orders.push([0, 1].iter().flat_map(|odd| frames.iter().skip(*odd).step_by(2)).cloned().collect());
    for order in orders {
        let other = folder.write("shuffled.pcap", &order);
        for pair in [[&once, &other], [&other, &once]] {
            says(&same(&["--runs", pair[0], pair[1]]), &["do the same: no difference"]);
        }
    }
}

/// Each frame is put where a multiple of its place that has no factor in common with their number lies.
fn shuffled(packets: &[Packet]) -> Vec<Packet> {
    let count = packets.len();
    let step = (count / 3..)
        .find(|step| *step > 1 && (2..=*step).all(|factor| !step.is_multiple_of(factor) || !count.is_multiple_of(factor)))
        .expect("a step");
    (0..count).map(|place| packets[place * step % count].clone()).collect()
}

/// Of fragments that say other things of the same bytes those count that came first.
#[test]
fn fragments_that_conflict_do_so_in_the_order_of_their_times() {
    let folder = Folder::new();
    let frames = packets("dns-fragments-conflict.pcapng");
    let (once, reordered) = (folder.write("once.pcap", &frames), folder.write("reordered.pcap", &shuffled(&frames)));
    let backwards: Vec<Packet> = frames.iter().rev().cloned().collect();
    for other in [&reordered, &folder.write("backwards.pcap", &backwards)] {
        says(&same(&["--points", &once, other]), &["\nno difference\n"]);
    }
}

#[test]
fn coarser_times_are_no_difference() {
    let folder = Folder::new();
    let fine = packets("loss.pcapng");
    let coarse: Vec<Packet> = fine.iter().map(|packet| Packet { time: packet.time / 1_000 * 1_000, ..packet.clone() }).collect();
    says(&same(&[&folder.write("fine.pcap", &fine), &folder.write("coarse.pcap", &coarse)]), &["\nno difference\n"]);
}
