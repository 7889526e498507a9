//! Several points in order along the way, and one packet on it.

use super::*;
use serde_json::Value;

/// Three points with a router between each and the next; the second hop loses a packet, which is frame `lost` of the first capture.
fn points(folder: &Folder, lost: usize) -> [String; 3] {
    let first = segments("loss.pcapng");
    let later = |list: &[Packet]| -> Vec<Packet> {
        let goes_right = |packet: &Packet| packet.bytes[IP + 12..IP + 16] == first[0].bytes[IP + 12..IP + 16];
        let step = |packet: &Packet| {
            let right = goes_right(packet);
            let mut routed = packet.clone().routed(right);
            routed.time += if right { 2_000_000_000 + 50_000 } else { 2_000_000_000 - 50_000 };
            routed
        };
        list.iter().map(step).collect()
    };
    let second = later(&first);
    let mut third = later(&second);
    third.remove(lost - 1);
    [folder.write("first.pcap", &first), folder.write("second.pcap", &second), folder.write("third.pcap", &third)]
}

#[test]
fn each_hop_is_a_row() {
    let folder = Folder::new();
    let [first, second, third] = points(&folder, 4);
    let told = different(&[&first, &second, &third]);
    let row = |name: &str| told.lines().find(|line| line.starts_with(name)).map(|line| line.split_whitespace().collect::<Vec<_>>());
    let heads = row("hop").expect("heads");
    assert_eq!(heads[..2], ["hop", "in"], "{told}");
    let packets = segments("loss.pcapng").len();
    let [near, far] = ["1 > 2", "2 > 3"].map(|name| row(name).expect("a row"));
    assert_eq!((near[3], near[4]), (packets.to_string().as_str(), "0"), "{told}");
    assert_eq!((far[3], far[4]), ((packets - 1).to_string().as_str(), "1"), "{told}");
    says(&told, &["0.050 ms", "\ndifferent: at 2 of 2 hops\n"]);
    // Both clocks of a hop differ by two seconds.
    says(
        &told,
        &["\nclocks (no difference by itself)\n  hop 1 > 2: the right clock shows 2.0", " s more than the left", "\n  hop 2 > 3: the"],
    );
    assert!(!different(&["--ignore", "time", &first, &second, &third]).contains("clock"));
    says(
        &different(&["--brief", &first, &second, &third]),
        &["points: 3 captures: different at hop 1 > 2: 1 router between; hop 2 > 3: 1 packet lost to the right and 1 router between\n"],
    );
    let lines: Vec<Value> =
        different(&["--json", &first, &second, &third]).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let lost: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "lost").collect();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0]["hop"].as_u64(), lost[0]["where"]["left"][0].as_u64()), (Some(2), Some(4)));
    assert_eq!(lines.last().map(|line| line["hops"].as_u64()), Some(Some(2)));
    // Where nothing but routers is between and these do not count, there is no difference.
    says(&same(&["--ignore", "router", &first, &second, &second]), &["\nno difference\n"]);
}

#[test]
fn a_packet_is_followed_to_where_it_was_lost() {
    let folder = Folder::new();
    let [first, second, third] = points(&folder, 4);
    let told = different(&["--packet", "4", &first, &second, &third]);
    says(
        &told,
        &["2 ", "second.pcap\n    frame 4", "  +0.050 ms since point 1", "TTL 63", "third.pcap: not there: it was lost on the way"],
    );
    let told = same(&["--packet", "1", &first, &second, &third]);
    says(&told, &["third.pcap\n    frame 1", "  +0.100 ms since point 1", "TTL 62", "SYN"]);
    let lines = same(&["--json", "--packet", "1", &first, &second, &third]);
    let last: Value = serde_json::from_str(lines.lines().last().expect("a line")).expect("JSON");
    assert_eq!((last["point"].as_u64(), last["packets"][0]["ip.ttl"].as_u64()), (Some(3), Some(62)));
}

#[test]
fn of_several_points_those_that_can_be_read_are_compared() {
    let folder = Folder::new();
    let [first, _, third] = points(&folder, 4);
    let junk = folder.path("junk.pcap");
    fs::write(&junk, "no capture").expect("written");
    let ran = diff(&[&first, &junk, &third]);
    assert_eq!(ran.status, Some(2));
    says(&ran.out, &["first.pcap", "third.pcap", "lost on the way to the right: 1 packet", "2 routers between"]);
    says(&ran.err, &["junk.pcap: not a capture", "it is left out"]);
    // One alone is compared with nothing.
    let missing = folder.path("missing.pcap");
    let ran = diff(&[&missing, &junk, &third]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    says(&ran.err, &["missing.pcap: no such file", "junk.pcap: not a capture"]);
    let ran = diff(&[&first, &junk]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn of_a_packet_that_was_doubled_the_other_copy_is_named() {
    let folder = Folder::new();
    let [first, second, _] = points(&folder, 4);
    let mut doubled = packets("loss.pcapng").into_iter().filter(Packet::is_tcp).collect::<Vec<_>>();
    // An answer, which came from the other point, came twice.
    let place = (1..doubled.len()).find(|at| !doubled[*at].is_from(&doubled[0]) && !doubled[*at].payload().is_empty()).expect("an answer");
    let mut again = doubled[place].clone();
    again.time += 1_000;
    doubled.insert(place + 1, again);
    let own = folder.write("doubled.pcap", &doubled);
    let frame = (place + 2).to_string();
    let told = different(&["--packet", &frame, &own, &second]);
    let (before, here) = (place + 1, place + 1);
    says(&told, &[&format!("not there: another copy of it is, frame {before} of the point before as frame {here}")]);
    let ran = diff(&["--packet", "9999", &first, &second]);
    assert_eq!(ran.status, Some(2));
    says(&ran.err, &["a frame of another capture is followed when that one is named first"]);
}

/// Pings of traceroute end in a router: the row of the hop says so.
#[test]
fn what_a_router_ended_stands_in_its_row() {
    let folder = Folder::new();
    let [first, second, third] = points(&folder, 4);
    let mut ended = segments("loss.pcapng");
    let mut last = ended[0].clone();
    last.bytes[IP + 8] = 1;
    last.bytes[IP + 4] ^= 0x33;
    last.bytes[TCP + 4] ^= 0x33;
    last.bytes[TCP + 1] ^= 0x07;
    let middle = ended.len() / 2;
    last.time = ended[middle].time + 500;
    ended.insert(middle + 1, last.summed());
    let ended = folder.write("ended.pcap", &ended);
    let told = different(&[&ended, &second, &third]);
    assert!(told.lines().any(|line| line.starts_with("1 > 2") && line.contains("1 expired")), "{told}");
    assert!(!different(&[&first, &second, &third]).contains("expired"));
}
