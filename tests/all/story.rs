//! The story of a capture, and one exchange as the stack it is.

use super::support::{capture, captures, wirelore};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

fn explain(words: &[&str]) -> (Option<i32>, String, String) {
    let output = wirelore().arg("explain").args(words).output().expect("wirelore runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn lines(json: &str) -> Vec<Value> {
    json.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The length on the wire of every frame of a capture.
fn lengths(capture: &Path) -> HashMap<u64, u64> {
    let output = wirelore().args(["read", "-q", "--json"]).arg(capture).output().expect("wirelore runs");
    let frames = lines(&String::from_utf8(output.stdout).expect("UTF-8"));
    frames.iter().filter_map(|frame| Some((frame["number"].as_u64()?, frame["length"].as_u64()?))).collect()
}

fn sum(pairs: &Value) -> u64 {
    let rows = pairs.as_array().expect("an array").iter();
    rows.flat_map(|row| row["bytes"].as_array().expect("two numbers")).map(|bytes| bytes.as_u64().expect("a number")).sum()
}

#[test]
fn what_layers_add_is_what_their_frames_have() {
    let mut exchanges = 0;
    for capture in captures() {
        let lengths = lengths(&capture);
        for wanted in ["1", "2", "frame:1", "frame:9"] {
            let (status, out, said) = explain(&["--json", "--layers", wanted, &capture.to_string_lossy()]);
            if status == Some(2) {
                assert!(said.contains("there is no"), "{} {wanted}: {said}", capture.display());
                continue;
            }
            let stack = lines(&out).remove(0);
            let frames = stack["frames"].as_array().expect("frames").iter().map(|frame| frame.as_u64().expect("a number"));
            let on_the_wire: u64 = frames.map(|frame| lengths[&frame]).sum();
            let told = [stack["bytes"].as_u64().expect("bytes"), sum(&stack["layers"]), sum(&stack["purposes"])];
            assert_eq!(told, [on_the_wire; 3], "{} {wanted}", capture.display());
            exchanges += u64::from(stack["url"].is_string());
        }
    }
    assert!(exchanges > 20, "{exchanges}");
}

#[test]
fn every_capture_has_a_story_and_its_frames_are_there() {
    for capture in captures() {
        let frames = lengths(&capture).len() as u64;
        let (status, out, said) = explain(&["--json", &capture.to_string_lossy()]);
        assert_eq!((status, said.as_str()), (Some(0), ""), "{}", capture.display());
        let told = lines(&out);
        let summary = told.last().expect("a summary");
        assert_eq!((summary["type"].as_str(), summary["frames"].as_u64()), (Some("summary"), Some(frames)), "{}", capture.display());
        for kind in ["host", "event", "note"] {
            let count = told.iter().filter(|line| line["type"] == kind).count() as u64;
            assert_eq!(summary[format!("{kind}s")].as_u64(), Some(count), "{} {kind}", capture.display());
        }
        let events: Vec<&Value> = told.iter().filter(|line| line["type"] == "event").collect();
        assert!(events.iter().all(|event| event["frame"].as_u64().is_some_and(|frame| frame <= frames)), "{}", capture.display());
        assert!(events.windows(2).all(|pair| pair[0]["frame"].as_u64() <= pair[1]["frame"].as_u64()), "{}", capture.display());
    }
}

#[test]
fn a_capture_without_frames_is_told_as_one_and_a_damaged_one_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = std::fs::read(super::support::repository("captures/ping.pcap")).expect("a capture");
    let empty = folder.path().join("empty.pcap");
    std::fs::write(&empty, &whole[..24]).expect("written");
    let (status, out, _) = explain(&[&empty.to_string_lossy()]);
    assert!(status == Some(0) && out.contains("has no frame"), "{out}");
    let cut = folder.path().join("cut.pcap");
    std::fs::write(&cut, &whole[..whole.len() - 7]).expect("written");
    let (status, out, said) = explain(&[&cut.to_string_lossy()]);
    assert!(status == Some(2) && out.contains("What happened") && !said.is_empty(), "{status:?} {out} {said}");
}

/// The story of a capture on one line.
fn story(capture: &str) -> String {
    let capture = super::support::repository("captures").join(capture);
    let (status, out, said) = explain(&["-n", &capture.to_string_lossy()]);
    assert_eq!((status, said.as_str()), (Some(0), ""), "{}", capture.display());
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_got_an_icmp_error_is_not_said_to_have_got_nothing() {
    let refused = story("icmp-refusals.pcapng");
    assert!(refused.contains("port 81 of 10.130.1.4, and got no answer but an ICMP error from 10.25.1.1 (frames 3, 4)."), "{refused}");
    assert!(!refused.contains("shows no answer") && !refused.contains("no program"), "{refused}");
    let silent = story("silence.pcapng");
    assert!(silent.contains("shows no answer") && !silent.contains("ICMP"), "{silent}");
}

#[test]
fn who_defends_its_address_answers_who_asked_for_it() {
    let told = story("ipv6-duplicate.pcapng");
    assert!(told.contains("asked whether somebody has it, and 02:00:c0:a8:01:0b has (frames 4, 5)."), "{told}");
    assert!(!told.contains("unasked") && !told.contains("nobody said so"), "{told}");
}

#[test]
fn echoes_have_no_ports() {
    let (_, told, _) = explain(&["--layers", "frame:1", &capture("ping-unanswered.pcap").to_string_lossy()]);
    assert!(told.contains(" between 192.168.1.11 and ") && told.contains("answered") && !told.contains("client"), "{told}");
}

#[test]
fn a_question_in_fragments_is_one_question() {
    let pings = story("ping-large.pcapng");
    assert!(pings.contains("(ping), 2 times, and got 2 answers"), "{pings}");
}

#[test]
fn conversations_that_went_differently_are_not_summed_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let both = folder.path().join("both.pcapng");
    let [redirected, found] =
        ["http-unauthorized.pcapng", "http-geocode.pcapng"].map(|name| super::support::repository("captures").join(name));
    let merged = wirelore().arg("read").args([&redirected, &found]).arg("-w").arg(&both).output().expect("wirelore runs");
    assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stderr));
    let (_, out, _) = explain(&["-n", &both.to_string_lossy()]);
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("got 401") && told.contains("got 200 OK"), "{told}");
}

#[test]
fn several_captures_have_a_name_and_addresses_stand_apart() {
    let [one, two] =
        ["ping.pcap", "arp.pcapng"].map(|name| super::support::repository("captures").join(name).to_string_lossy().into_owned());
    let (_, out, _) = explain(&["--no-host", &one, &two, "10.1.1.1"]);
    assert!(out.starts_with("The time line of ") && out.contains("\n\n10.1.1.1\n"), "{out}");
}

#[test]
fn a_traceroute_is_one_event() {
    for (name, hops) in [("traceroute.pcap", 4), ("traceroute-ipv6.pcapng.zst", 4)] {
        let capture = capture(name);
        let (_, out, _) = explain(&["--json", &capture.to_string_lossy()]);
        let told = lines(&out);
        let events: Vec<&Value> = told.iter().filter(|event| event["kind"] == "traceroute").collect();
        assert_eq!(events.len(), 1, "{name}");
        assert_eq!(events[0]["hops"].as_array().map(Vec::len), Some(hops), "{name}");
        assert!(events[0]["time"].is_string(), "{name}: it happened at a time");
        // What each of its packets met is said with it, and not once more.
        let again = told.iter().filter(|event| ["hops.expired", "hops.traceroute"].iter().any(|rule| event["note"]["rule"] == *rule));
        assert_eq!(again.count(), 0, "{name}");
    }
}

#[test]
fn whoever_answers_a_ping_to_everybody_answers_it() {
    let (_, out, _) = explain(&["captures/ping-broadcast.pcapng"]);
    let story = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        story.contains("192.168.1.11 asked everybody who hears 192.168.1.255 whether they are there (ping) and 2 answers came (frame 1)."),
        "{out}"
    );
    assert!(story.contains("192.168.1.13 answered 2 pings that 192.168.1.11 sent to everybody (frames 1, 6)."), "{out}");
    assert!(!story.contains("shows no answer") && !story.contains("does not show"), "{out}");
}

#[test]
fn what_was_captured_twice_was_sent_once() {
    let mirrored = story("mirrored-twice.pcap");
    assert!(mirrored.contains("How it was captured The same frame captured twice"), "{mirrored}");
    assert!(mirrored.contains("192.168.1.11 asked on its link who has 192.168.1.4, and was told"), "{mirrored}");
    assert!(mirrored.contains("(frames 5, 7, 9): there and back took 0.031 ms"), "{mirrored}");
    let circle = story("routing-loop.pcapng");
    assert!(circle.contains("shows no answer (frame 3). The packet came by 62 times."), "{circle}");
}

#[test]
fn nothing_is_measured_by_a_syn_that_was_lost_or_across_a_clock_that_was_set_back() {
    let lost = story("syn-lost.pcapng");
    assert!(lost.contains("its SYN was sent 2 times, so how long there and back takes is not known"), "{lost}");
    let set_back = story("clock-set-back.pcapng");
    assert!(set_back.contains("1,427 bytes, captured from 2026-11-22") && !set_back.contains("-498"), "{set_back}");
    assert!(set_back.contains("170 bytes of text/html (frames 8, 10)") && !set_back.contains("after 0.000 ms"), "{set_back}");
    assert!(set_back.contains("1 frame has an earlier time than the one before"), "{set_back}");
}

#[test]
fn whose_card_an_address_is_at_is_not_taken_on_trust() {
    let proxy = story("proxy-arp.pcapng");
    assert!(proxy.contains("192.168.2.20 is behind 192.168.1.1, which answers for it: its frames go to 02:00:c0:a8:01:01"), "{proxy}");
    assert!(proxy.contains("192.168.1.1 answers with its own 02:00:c0:a8:01:01 for 192.168.2.20"), "{proxy}");
    let spoofed = story("arp-spoofing.pcapng");
    let claimed =
        "is claimed by 02:00:c0:a8:01:01 (frame 2) and 02:00:c0:a8:01:0d (frame 7); 02:00:c0:a8:01:0d is the card of 192.168.1.13";
    assert!(spoofed.contains(claimed), "{spoofed}");
    let masks = story("mask-disagreement.pcapng");
    assert!(masks.contains("the customary length, frame 1). But the masks of 192.168.1.11 and 192.168.1.140 differ"), "{masks}");
}

#[test]
fn effects_stand_under_their_cause() {
    for (capture, cause, effect) in [
        ("arp-spoofing.pcapng", "192.168.1.13: ARP spoofing", "both claim 192.168.1.1"),
        ("port-scan.pcapng", "192.168.1.11 scans 192.168.1.12", "refuses 192.168.1.11: nobody listens on port 21"),
        ("path-mtu-black-hole-hung.pcapng", "maybe a black hole", "so it gave up"),
    ] {
        let told = story(capture);
        let (_, wrong) = told.split_once("What is wrong").expect("what is wrong");
        let (before, after) = wrong.split_once("With it goes:").unwrap_or_else(|| panic!("{capture}: {told}"));
        assert!(before.contains(cause) && !before.contains(effect) && after.contains(effect), "{capture}: {told}");
    }
}

#[test]
fn a_note_stands_with_what_it_explains() {
    let told = story("refused-by-firewall.pcapng");
    let (_, refused) = told.split_once("tried to connect to port 81").expect("a refusal");
    assert!(refused.contains("A reset in 10.130.1.4's name has TTL 64"), "{told}");
    let told = story("asymmetric-path.pcapng");
    let (connected, _) = told.split_once("192.168.1.2 asked on its link").expect("a question");
    assert!(connected.contains("answers come by 02:00:c0:a8:01:02"), "{told}");
}

/// What `read` tells of under frames is told in the whole story too.
#[test]
fn the_whole_story_tells_what_the_frames_tell() {
    let mut told = 0;
    for capture in captures() {
        let read = wirelore().args(["read", "-n", "--json"]).arg(&capture).output().expect("wirelore runs");
        let read = lines(&String::from_utf8(read.stdout).expect("UTF-8"));
        let notes = read.iter().flat_map(|line| line["notes"].as_array().cloned().unwrap_or_default());
        let (_, out, _) = explain(&["-n", "-v", &capture.to_string_lossy()]);
        let story = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut rules: HashMap<String, Vec<(bool, String)>> = HashMap::new();
        for note in notes {
            let (rule, text) = (note["rule"].as_str().expect("a rule"), note["text"].as_str().expect("a text"));
            // The first letter may have become a capital.
            let statement: String = text.chars().skip(1).collect();
            rules.entry(rule.to_owned()).or_default().push((note["severity"] == "info", statement));
        }
        // A traced way is told as one; and how far away a host is only where all its packets agree.
        rules.retain(|rule, _| !matches!(rule.as_str(), "hops.expired" | "hops.traceroute" | "hops.distance"));
        // Who only claims to be the gateway is not told to be it.
        rules.retain(|rule, _| rule != "route.gateway" || !story.contains("which only claims to be the gateway"));
        for (rule, notes) in &rules {
            // What is always so is told once.
            assert!(notes.iter().any(|(_, text)| story.contains(text)), "{} {rule}: {notes:?}", capture.display());
            assert!(notes.iter().all(|(is_lesson, text)| *is_lesson || story.contains(text)), "{} {rule}: {notes:?}", capture.display());
            told += notes.len();
        }
    }
    assert!(told > 500, "{told}");
}

#[test]
fn a_scan_is_one_event() {
    for (capture, scan, open) in [
        ("port-scan.pcapng", "192.168.1.11 scans 192.168.1.12: of 24 ports 2 are open (22, 80), 18 refused, 4 silent", "to port 22 of"),
        ("host-scan.pcapng", "192.168.1.11 scans 10.9.1.0/24 for port 22: of 24 hosts 2 are open, 22 silent", "10.9.1.10"),
        ("udp-scan.pcap", "192.168.1.11 scans 10.130.1.4: of 30 UDP ports 1 is open (123), 19 refused, 10 silent", "1 datagram came back"),
        ("syn-flood.pcap", "240 SYNs to 10.130.1.4 port 80 from 240 addresses go no further: a SYN flood", "connected to port 80"),
    ] {
        let told = story(capture);
        let (_, happened) = told.split_once("What happened").expect("what happened");
        let (happened, _) = happened.split_once("What is wrong").expect("what is wrong");
        assert_eq!(happened.matches(scan).count(), 1, "{capture}: {told}");
        for part in ["tried to connect", "was refused", "that it went on", "same kind", "told 192.168.1.11 that", "There is more"] {
            assert!(!happened.contains(part), "{capture} {part}: {told}");
        }
        assert!(happened.contains(open), "{capture}: {told}");
    }
    // Where all is asked for, all of it is told.
    let (_, out, _) = explain(&["-n", "-v", &capture("port-scan.pcapng").to_string_lossy()]);
    assert_eq!(out.matches("tried to connect").count(), 22, "{out}");
}

#[test]
fn an_answer_from_another_port_answers_the_question() {
    let told = story("answer-from-another-port.pcap");
    let one = "sent 1 datagram to port 69 of 10.130.1.4 (TFTP, by the port), with 17 bytes in it. The answer came from port 50123, which the \
               server chose: 2 datagrams with 527 bytes, and 2 datagrams back (frames 1, 2).";
    assert!(told.contains(one), "{told}");
    assert!(
        told.contains(
            "sent 1 datagram to port 69 of 10.130.1.4 (TFTP, by the port), with 16 bytes in it, and the capture shows no answer (frame 6)"
        ),
        "{told}"
    );
    assert!(!told.contains("to port 40000"), "the answer is no event of its own: {told}");
}

#[test]
fn who_leaves_before_there_is_a_connection_was_not_connected() {
    let told = story("left-before-connected.pcap");
    let asked = "192.168.1.11 asked to connect to port 80 of 10.130.1.4 and reset the answer before there was a connection \
                 (frames 1, 2). 3 more conversations of the same kind went the same way.";
    assert!(told.contains(asked) && !told.contains("connected to port") && !told.contains("is a client of"), "{told}");
    assert!(story("reset-by-client.pcap").contains("connected to port 7000"));
}

#[test]
fn what_became_of_each_question_is_told_with_it() {
    let told = story("names-one-by-one.pcap");
    let alias = "for the IPv4 address of alias.example.com and was told only that it is another name of www.example.com, after 1.000 ms (frames 5, \
                 6). It asked for the IPv6 address of alias.example.com too and was told only that it is another name of www.example.com (frames 7, 8).";
    assert!(told.contains(alias), "{told}");
    let both = "of names.example.com and was told 10.1.1.1, after 1.000 ms (frames 9, 10). It asked for the IPv6 address of names.example.com too \
                and was told 2001:db8:1:1::1 (frames 11, 12).";
    assert!(told.contains(both), "{told}");
    let refused = "of late.example.com, and got no answer but an ICMP error from 192.168.1.1 (frames 15, 17).";
    let silent = "for the IPv6 address of late.example.com, and the capture shows no answer (frame 16).";
    assert!(told.contains(refused) && told.contains(silent), "{told}");
    // What is wrong with both kinds of address is said once.
    assert_eq!(told.matches("refuses to look up web.other.example").count(), 1, "{told}");
}

#[test]
fn nobody_is_called_by_a_name_before_it_comes_up() {
    let told = explain(&[&capture("names-one-by-one.pcap").to_string_lossy()]).1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("10.1.1.1 is called names.example.com (DNS answer in frame 10)"), "{told}");
    assert!(told.contains("192.168.1.11 asked the name server 10.1.1.1 for the IPv4 address of web.other.example"), "{told}");
    assert!(told.contains("asked the name server names.example.com (10.1.1.1) for the IPv4 address of late.example.com"), "{told}");
    // In a Host field a client writes what it likes.
    let addressed = explain(&[&capture("odd-web-server.pcapng").to_string_lossy()]).1;
    assert!(
        addressed.contains("was addressed as www.example.com (HTTP Host in frame 6)") && !addressed.contains("is called"),
        "{addressed}"
    );
}

#[test]
fn a_shorter_way_is_taken_after_it_was_told() {
    for (capture, told, taken) in [
        ("redirect.pcapng", "192.168.1.2 told 192.168.1.11 that the better way", "192.168.1.11 takes the shorter way"),
        ("redirect-ipv6.pcapng", "fe80::c0ff:fea8:102 told 2001:db8:a:1::11 that the better way", "2001:db8:a:1::11 takes the shorter way"),
    ] {
        let story = story(capture);
        let [told, taken] = [told, taken].map(|words| story.find(words));
        assert!(told.is_some() && told < taken, "{capture}: {story}");
    }
}

#[test]
fn addresses_of_one_card_are_one_machine_and_what_is_behind_a_router_is_not() {
    let eyeballs = story("happy-eyeballs.pcapng");
    let host = "is one machine with 2001:db8:a:1::11 (inferred: they have the hardware address 02:00:c0:a8:01:0b, frames 1 and 7)";
    let router = "is one machine with 2001:db8:a:1::1 (inferred: they have the hardware address 02:00:c0:a8:01:01, frames 2 and 8)";
    assert!(eyeballs.contains(host) && eyeballs.contains(router), "{eyeballs}");
    assert!(!eyeballs.contains("with 10.") && !eyeballs.contains("and 10.130.1.4 (inferred"), "{eyeballs}");
    let one = story("one-machine.pcap");
    assert!(one.contains("192.168.1.11 is one machine with 2001:db8:a:1::11 (inferred"), "{one}");
    assert!(
        one.contains(
            "2001:db8:a:1::1 is the gateway to other networks (inferred: its hardware address stands on packets of other networks, frame 2)"
        ),
        "{one}"
    );
    for doubtful in ["arp-spoofing.pcapng", "proxy-arp.pcapng", "arp-duplicate.pcapng"] {
        let told = story(doubtful);
        assert!(!told.contains("is one machine with"), "{doubtful}: {told}");
    }
}

#[test]
fn who_tells_a_better_way_is_a_router() {
    assert!(story("redirect.pcapng").contains("is a router: it told a host of a better way (frame 4)"));
    assert!(!story("arp.pcapng").contains("is a router"));
}

#[test]
fn what_a_router_tells_of_names_is_told() {
    let told = story("router-advertisement.pcapng");
    assert!(
        told.contains("told everybody on its link of itself, of the network 2001:db8:a:1::/64 and the name server 2001:db8:1:1::1"),
        "{told}"
    );
    assert!(told.contains("2001:db8:1:1::1 is a name server (a router told everybody, frame"), "{told}");
}

/// Its ARP answer is of no other network: the first packet that it was handed for one is.
#[test]
fn the_frame_that_shows_a_gateway_is_a_packet_between_networks() {
    let told = story("http-ipv4.pcapng");
    assert!(told.contains("its hardware address stands on packets of other networks, frame 3)"), "{told}");
}

#[test]
fn who_joins_a_wireless_network_is_told_and_how_far_it_came() {
    let joined = story("wireless-joined.pcap");
    assert!(joined.contains("Both proved that they have the same key") && joined.contains("ended it (reason 3) (frame 12)"), "{joined}");
    let wrong = story("wireless-wrong-passphrase.pcap");
    assert!(wrong.contains("and it came to nothing") && !wrong.contains("Both proved"), "{wrong}");
    let refused = story("wireless-refused.pcap");
    assert!(refused.contains("is no: ") && !refused.contains("and it did"), "{refused}");
}

#[test]
fn a_lease_by_dhcpv6_is_told_with_what_was_given() {
    let told = story("dhcpv6.pcapng");
    let asked = "fe80::c0ff:fea8:10b asked everybody by DHCPv6 for an address (frames 2, 8). The server fe80::c0ff:fea8:101 offered";
    assert!(told.contains(asked) && told.contains("and gave it (frame 9), with the name server 2001:db8:1:1::1"), "{told}");
    assert!(told.contains("gave back what it had (frame 10)") && told.contains("gives addresses or prefixes out by DHCPv6"), "{told}");
}

#[test]
fn a_router_that_says_nothing_is_left_out_of_a_way_and_named() {
    let told = story("traceroute-silent-hop.pcap");
    let hops = "these routers at which a packet's time was up said so: 1. 192.168.1.1 (frame 2) and 3. 10.1.2.1 (frame 5). Of number 2 the capture \
                shows no answer. The destination itself answered (frame 7).";
    assert!(told.contains(hops), "{told}");
}

#[test]
fn a_syn_is_the_beginning_though_nobody_answers_in_the_capture() {
    let told = story("one-way.pcapng");
    assert!(told.contains("what the server sent is not in the capture") && !told.contains("beginning is not in the capture"), "{told}");
    assert!(story("middle.pcapng").contains("the beginning is not in the capture"));
}

#[test]
fn a_name_server_is_asked_at_the_address_that_was_given_and_not_looked_up() {
    let looked_up = |name: &str| {
        let read = wirelore().args(["read", "--json"]).arg(capture(name)).output().expect("wirelore runs");
        String::from_utf8_lossy(&read.stdout).contains("\"name.from-lookup\"")
    };
    assert!(!looked_up("names-one-by-one.pcap") && looked_up("http-ipv4.pcapng"));
}

#[test]
fn who_alone_is_heard_is_not_said_to_have_spoken_with_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let half = folder.path().join("half.pcapng");
    let written = wirelore().arg("read").arg(capture("middle.pcapng")).arg("tcp and src port 80").arg("-w").arg(&half).output();
    assert!(written.expect("wirelore runs").status.success());
    let (_, out, _) = explain(&["-n", &half.to_string_lossy()]);
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("of TCP from port 80 to 192.168.1.11, with"), "{told}");
    assert!(told.contains("neither the beginning nor what the other sent is in the capture"), "{told}");
    assert!(!told.contains("spoke over TCP") && !told.contains(" 0 bytes"), "{told}");
}

#[test]
fn the_gateway_that_a_server_names_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = folder.path().join("moved.pcapng");
    let mut bytes = std::fs::read(capture("dhcp.pcapng")).expect("a capture");
    // The option that names the router, and the router.
    let named = [3, 4, 192, 168, 1, 1];
    for place in 0..bytes.len() - named.len() {
        if bytes[place..].starts_with(&named) {
            bytes[place + 5] = 2;
        }
    }
    std::fs::write(&moved, bytes).expect("written");
    let (_, out, _) = explain(&["-n", &moved.to_string_lossy()]);
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("192.168.1.2 is the gateway to other networks (a DHCP server said so, frame 6)"), "{told}");
}

#[test]
fn who_asks_in_anothers_name_is_told_as_who_it_is() {
    let told = story("arp-spoofing-asks.pcap");
    let asks = "192.168.1.66 asked on its link, as if it were 192.168.1.1, who has 192.168.1.11, and was told the hardware address 02:00:c0:a8:01:0b";
    assert!(told.contains(asks) && !told.contains("192.168.1.1 asked on its link"), "{told}");
    assert!(
        told.contains("goes to 02:00:c0:a8:01:42, the card of 192.168.1.66, which only claims to be the gateway 192.168.1.1"),
        "{told}"
    );
    assert!(!told.contains("gets the frame"), "{told}");
}

#[test]
fn what_is_asked_again_and_again_is_counted() {
    let told = story("udp-answers-alone.pcap");
    assert!(told.contains("It asked the same 39 times more.") && !told.contains("It asked for"), "{told}");
}
