//! What happened between two points, each with its cause.

use super::*;
use serde_json::Value;

/// A capture at two points with a router between: what went right came a little later there.
fn routed(name: &str) -> [Vec<Packet>; 2] {
    let left = segments(name);
    let right = left
        .iter()
        .map(|packet| {
            let goes_right = packet.is_from(&left[0]);
            let mut routed = packet.clone().routed(goes_right);
            routed.time += if goes_right { 10_000 } else { -10_000 };
            routed
        })
        .collect();
    [left, right]
}

fn written(folder: &Folder, [left, right]: &[Vec<Packet>; 2]) -> [String; 2] {
    [folder.write("left.pcap", left), folder.write("right.pcap", right)]
}

fn json(words: &[&str]) -> Vec<Value> {
    let out = different(&[&["--json"], words].concat());
    out.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("a line is JSON");
            // A map keeps one of each key: written again it has as many only where none was repeated.
            assert_eq!(value.to_string().matches("\":").count(), line.matches("\":").count(), "a key stands twice: {line}");
            value
        })
        .collect()
}

#[test]
fn translation_is_a_table_and_the_clocks_are_told_apart() {
    let folder = Folder::new();
    let [left, mut right] = routed("loss.pcapng");
    for packet in &mut right {
        let (address, port) = if packet.is_from(&left[0]) { (IP + 12, TCP) } else { (IP + 16, TCP + 2) };
        packet.bytes[address..address + 4].copy_from_slice(&[203, 0, 113, 9]);
        packet.bytes[port..port + 2].copy_from_slice(&61_001_u16.to_be_bytes());
        packet.time += 30_000_000_000;
        *packet = packet.clone().summed();
    }
    let [left, right] = written(&folder, &[left, right]);
    let told = different(&["-n", &left, &right]);
    says(
        &told,
        &[
            "\ntranslated (nat)\n  192.168.1.11:40652 -> 203.0.113.9:61001   originator  1 conversation, ",
            "the right clock shows 30.000000 s more than the left, give or take 0.010 ms",
            "to the right, 19 packets: 1 router, time to live 64 -> 63",
            "\ndifferent: addresses translated and 1 router between\n",
        ],
    );
    assert!(!told.contains("unexplained") && !told.contains("lost"), "{told}");
    // Said, and no difference any more.
    says(&same(&["-n", "--ignore", "nat,router", &left, &right]), &["\nno difference\n"]);
    says(&different(&["--only", "ip.ttl", &left, &right]), &["\ndifferent: 1 router between\n"]);
    says(&same(&["--only", "loss", &left, &right]), &["\nno difference\n"]);
    let lines = json(&["-n", &left, &right]);
    let translated: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "translated").collect();
    assert_eq!(translated.len(), 1, "{lines:?}");
    assert_eq!((&translated[0]["left"], &translated[0]["right"]), (&"192.168.1.11:40652".into(), &"203.0.113.9:61001".into()));
    let summary = lines.last().expect("a summary");
    assert_eq!((&summary["type"], &summary["question"], &summary["differs"]), (&"summary".into(), &"points".into(), &true.into()));
    let offset = summary["clock"]["offset_ms"].as_f64().expect("an offset");
    assert!((offset - 30_000.0).abs() < 1.0, "{offset}");
}

#[test]
fn what_was_lost_is_named_with_what_repaired_it() {
    let folder = Folder::new();
    // The sender's side of a loss, on the right: one of its segments was lost on the way to the left, and sent again.
    let [mut left, right] = routed("loss-sender.pcapng");
    let place = |packet: &Packet| packet.bytes[TCP + 4..TCP + 8].to_vec();
    let is_sent_again =
        |at: &usize| !right[*at].payload().is_empty() && right[at + 1..].iter().any(|other| place(other) == place(&right[*at]));
    let lost = (0..right.len()).find(is_sent_again).expect("something was sent again");
    left.remove(lost);
    let paths = written(&folder, &[left, right]);
    let told = different(&["-n", &paths[0], &paths[1]]);
    let frame = format!("+ frame {}  ", lost + 1);
    says(&told, &["lost on the way to the left: 1 packet\n", &frame, ": sent again as frame ", " at the left\n"]);
    assert!(!told.contains("added") && !told.contains("unexplained"), "{told}");
    let lines = json(&["-n", &paths[0], &paths[1]]);
    let lines: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "lost").collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["where"]["right"][0].as_u64(), Some(lost as u64 + 1));
    // From the other side the same, mirrored.
    let mirrored = different(&["-n", &paths[1], &paths[0]]);
    says(&mirrored, &["lost on the way to the right: 1 packet\n", &frame.replace('+', "-"), " at the right\n"]);
    says(&different(&["--brief", &paths[0], &paths[1]]), &["points: ", " differ: 1 packet lost to the left"]);
}

#[test]
fn bytes_that_a_card_joined_are_the_same_bytes() {
    let folder = Folder::new();
    let [left, mut right] = routed("http-geocode.pcapng");
    let data: Vec<usize> = (0..right.len()).filter(|at| !right[*at].is_from(&right[0]) && !right[*at].payload().is_empty()).collect();
    let [first, second] = data[..] else { panic!("two segments of an answer: {data:?}") };
    let behind = right[second].bytes[right[second].payload()].to_vec();
    let end = right[first].payload().end;
    right[first].bytes.truncate(end);
    right[first].bytes.extend(behind);
    let length = (right[first].bytes.len() - IP) as u16;
    right[first].bytes[IP + 2..IP + 4].copy_from_slice(&length.to_be_bytes());
    right[first] = right[first].clone().summed();
    right.remove(second);
    let paths = written(&folder, &[left, right]);
    let told = different(&["-n", &paths[0], &paths[1]]);
    says(
        &told,
        &[
            "; one stretch of bytes is in other segments\n",
            "(offload)\n  the same bytes in other segments, to the left, one stretch\n- 2 segments   beginning with frame ",
            "\n+ 1 segment    frame ",
        ],
    );
    assert!(!told.contains("lost") && !told.contains("unexplained") && !told.contains("added"), "{told}");
    let beside = different(&["-n", "-y", &paths[0], &paths[1]]);
    assert_eq!(beside.lines().filter(|line| line.contains(" |")).count(), 2, "{beside}");
}

#[test]
fn a_name_is_said_with_where_it_comes_from() {
    let folder = Folder::new();
    let whole = packets("loss.pcapng");
    let mut right = whole.clone();
    right.remove(20);
    let paths = [folder.write("left.pcap", &whole), folder.write("right.pcap", &right)];
    let told = different(&[&paths[0], &paths[1]]);
    says(&told, &["> www.example.com:80, TCP\n", "\nnote: 10.130.1.4 is www.example.com, DNS answer in frame 4 (left)\n"]);
    let told = different(&["-n", &paths[0], &paths[1]]);
    assert!(!told.contains("www.example.com"), "{told}");
}

#[test]
fn a_middlebox_is_told_by_what_it_changed_and_a_payload_by_the_byte() {
    let folder = Folder::new();
    let [left, mut right] = routed("http-geocode.pcapng");
    for packet in &mut right {
        if packet.flags() & 2 != 0 {
            // The first option of these SYNs is the MSS.
            assert_eq!(packet.bytes[TCP + 20..TCP + 24], [2, 4, 5, 0xb4]);
            packet.bytes[TCP + 22..TCP + 24].copy_from_slice(&1_400_u16.to_be_bytes());
        }
        if packet.bytes[packet.payload()].starts_with(b"GET /") {
            let at = packet.payload().start;
            packet.bytes[at + 5..at + 8].copy_from_slice(b"\x1b[m");
        }
        packet.bytes[IP + 1] = 46 << 2;
        *packet = packet.clone().summed();
    }
    let [left, right] = written(&folder, &[left, right]);
    let told = different(&[&left, &right]);
    says(
        &told,
        &[
            "\nchanged by something between (middlebox)\n",
            "largest segment (MSS), to the right, 1 packet\n- 1460   frame 1\n+ 1400   frame 1\n",
            "- 0 (default)                 frames ",
            "+ 46 (expedited forwarding)",
            "from byte 5: 6d 61 70",
            "from byte 5: 1b 5b 6d",
            "\\x1b[m",
        ],
    );
    assert!(!told.contains('\x1b') && !told.contains("unexplained"), "{told}");
}

#[test]
fn a_time_to_live_that_is_set_anew_is_told_with_what_was_expected() {
    let folder = Folder::new();
    let [mut left, right] = routed("loss.pcapng");
    let first = left[0].clone();
    for packet in left.iter_mut().filter(|packet| !packet.is_from(&first)) {
        packet.bytes[IP + 8] = 127;
        *packet = packet.clone().summed();
    }
    let life = right.iter().find(|packet| !packet.is_from(&right[0])).expect("an answer").bytes[IP + 8];
    let [left, right] = written(&folder, &[left, right]);
    let expected = format!("\n- 127, where {} was expected   frame", life - 1);
    let told = different(&[&left, &right]);
    says(&told, &["  time to live (TTL), set anew on the way, to the left, ", &expected, &format!("\n+ {life} ")]);
    let told = different(&[&right, &left]);
    says(&told, &["  time to live (TTL), set anew on the way, to the right, ", &expected.replace("\n-", "\n+")]);
}

#[test]
fn frames_of_the_link_that_many_captures_hold_make_no_points() {
    let folder = Folder::new();
    let all: Vec<Packet> = packets("arp.pcapng").into_iter().filter(|packet| packet.bytes[12..14] == [8, 6]).take(2).collect();
    let others = |from: u8| -> Vec<Packet> {
        (0..8)
            .map(|number| Packet {
                time: all[0].time + i64::from(number),
                bytes: [&[0xff; 6], &[2, 0, 0, 0, 0, from], &[8, 6, number, from][..]].concat(),
            })
            .collect()
    };
    let [left, right] = [1, 9].map(|from| folder.write(&format!("{from}.pcap"), &[&all[..1], &others(from)].concat()));
    says(
        &different(&[&left, &right]),
        &[
            "1 frame of the link is, as of many captures",
            "\ndifferent: the captures are unrelated: nothing but frames of the link is in both\n",
        ],
    );
    // Where most are in both, it is one link.
    let [left, right] = [1, 2].map(|count| folder.write(&format!("same{count}.pcap"), &[&all[..count], &others(1)].concat()));
    says(&different(&[&left, &right]), &["9 packets are in both", "\ndifferent: 1 packet more only at the right\n"]);
}

#[test]
fn a_reset_that_both_ends_get_and_neither_sent_was_forged() {
    let folder = Folder::new();
    let [mut left, mut right] = routed("loss.pcapng");
    let half = left.len() / 2;
    // To the left it seems to come from the server, to the right from the client.
    for (side, list) in [&mut left, &mut right].into_iter().enumerate() {
        let from_client = side == 1;
        let first = list[0].clone();
        let mut forged = list[..half].iter().rev().find(|packet| packet.is_from(&first) == from_client).expect("a packet").clone();
        let end = forged.payload().start;
        forged.bytes.truncate(end);
        forged.bytes[IP + 2..IP + 4].copy_from_slice(&((end - IP) as u16).to_be_bytes());
        forged.bytes[IP + 4..IP + 6].copy_from_slice(&[0xab, 0xcd]);
        forged.bytes[TCP + 13] = 0x14;
        forged.bytes[IP + 8] = 99;
        forged.time = list[half].time - 1;
        list.insert(half, forged.summed());
    }
    let [left, right] = written(&folder, &[left, right]);
    let told = different(&["-n", &left, &right]);
    says(
        &told,
        &[
            "added on the way to the left",
            "added on the way to the right",
            &format!("(left: frame {}, right: frame {}): something between forged them\n", half + 1, half + 1),
        ],
    );
}

#[test]
fn side_by_side_what_belongs_together_stands_in_a_row() {
    let folder = Folder::new();
    let [left, mut right] = routed("loss-sender.pcapng");
    right.remove(3);
    let [left, right] = written(&folder, &[left, right]);
    let told = different(&["-n", "-y", &left, &right]);
    let rows: Vec<&str> = told.lines().collect();
    let row = |frames: [&str; 2]| {
        rows.iter().any(|row| {
            let words: Vec<&str> = row.split_whitespace().collect();
            words.first() == Some(&frames[0]) && (frames[1].is_empty() || words.iter().skip(2).any(|word| *word == frames[1]))
        })
    };
    assert!(row(["3", "3"]) && row(["5", "4"]), "{told}");
    let alone = rows.iter().find(|row| row.trim_start().starts_with("4 ")).expect("the lost one");
    assert!(alone.trim_end().ends_with('<') && alone.contains('x'), "{alone}");
}

/// One request on both sides of a router that translates, captured in one file.
#[test]
fn the_readme_shows_what_is_said_of_the_two_sides_of_a_modem() {
    let folder = Folder::new();
    let sides = ["inside", "outside"].map(|name| folder.path(&format!("{name}.pcapng")));
    for (number, side) in sides.iter().enumerate() {
        let filter = format!("frame.interface_id == {number}");
        let written = wirelore().args(["read", "-q", "-w", side, "captures/router-two-sides.pcapng", &filter]).status();
        assert!(written.expect("wirelore runs").success());
    }
    let told = different(&[&sides[0], &sides[1]]);
    let told = told.replace(&text(folder.0.path()), "").replace(" /", " ");
    let readme = fs::read_to_string(super::super::support::repository("README.md")).expect("the README");
    let (_, behind) = readme.split_once("$ wirelore diff inside.pcapng outside.pcapng\n").expect("the example");
    let (shown, _) = behind.split_once("```\n").expect("its end");
    assert_eq!(told, shown);
}

/// A tap on one of two fibres: what goes the other way is summed up, and was not made in between.
#[test]
fn a_capture_of_one_way_is_told_as_that() {
    let folder = Folder::new();
    let [left, right] = routed("loss.pcapng");
    let first = left[0].clone();
    let tapped: Vec<Packet> = right.iter().filter(|packet| packet.is_from(&first)).cloned().collect();
    let [whole, tap] = written(&folder, &[left, tapped.clone()]);
    let told = different(&[&whole, &tap]);
    says(&told, &["on the way to the left: the right captures one way only, and nothing of this one: 17 packets"]);
    assert!(!told.contains("added") && !told.contains("behind the last"), "{told}");
    says(&different(&[&tap, &whole]), &["on the way to the right: the left captures one way only, and nothing of this one: 17 packets"]);
    says(&different(&["--brief", &whole, &tap]), &["packets more only at the left"]);
    // Where it holds one packet of the other way, it would hold the others.
    let mut both = tapped;
    both.push(right.iter().rev().find(|packet| !packet.is_from(&first)).expect("an answer").clone());
    both.sort_by_key(|packet| packet.time);
    let told = different(&[&whole, &folder.write("both.pcap", &both)]);
    assert!(!told.contains("one way only, and nothing"), "{told}");
}

#[test]
fn a_line_says_what_is_ignored() {
    let folder = Folder::new();
    let [left, mut right] = routed("loss.pcapng");
    right.remove(3);
    let [left, right] = written(&folder, &[left, right]);
    says(&different(&["--brief", "--ignore", "router", &left, &right]), &["1 packet lost to the right; ignored: 1 router between\n"]);
    says(&different(&["--brief", "--only", "router", &left, &right]), &["differ: 1 router between; ignored: 1 packet lost to the"]);
    assert!(!different(&["--brief", &left, &right]).contains("ignored"));
    assert!(!different(&["--brief", "--ignore", "nat", &left, &right]).contains("ignored"));
}
