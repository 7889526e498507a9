//! `wirelore explain` of addresses: what is wrong is told, what a word is is decided as it says, and this machine's kernel agrees.

use super::support::{Ran, capture, skip, wirelore};
use serde_json::Value;
use std::fs;

fn explain(words: &[&str]) -> Ran {
    wirelore().arg("explain").args(words).output().expect("wirelore runs").into()
}

#[test]
fn an_address_that_is_none_is_told_with_what_is_wrong() {
    for (word, told) in [
        ("10.0.0.256", "256 is more than 255"),
        ("10.0.0", "3 numbers with dots between them"),
        ("010.0.0.1", "some programs read it as 8 (octal), others as 10"),
        ("10.0.0.0/33", "/33 is too long"),
        ("10.0.0.0/255.0.255.0", "bit 17 is a one behind a zero"),
        ("1::2::3", "two `::`"),
        ("2001:db8:1:2:3:4:5", "7 groups"),
        ("2001:db8::12345", "12345 has 5 digits"),
        ("[::1]:99999", "99999 is no port"),
        ("02:00:5e:00:53", "5 bytes"),
    ] {
        let ran = explain(&[word]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{word}");
        assert!(ran.err.contains(word) && ran.err.contains(told), "{word}: {}", ran.err);
    }
}

#[test]
fn nothing_is_shown_where_one_word_is_wrong() {
    let ran = explain(&["127.0.0.1", "127.0.0.256"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn a_name_that_nobody_knows_is_told_with_one_that_is_near() {
    let ran = explain(&["--host", "tests/hosts/h1.json", "h2.home.exampel"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("did you mean h2.home.example?"), "{}", ran.err);
    let from = capture("http-geocode.pcapng");
    let ran = explain(&["--no-host", "--from", from.to_str().expect("UTF-8"), "maps.gogle.com"]);
    assert!(ran.err.contains("did you mean maps.google.com?"), "{}", ran.err);
}

#[test]
fn what_is_a_lesson_and_a_file_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("address.private"), b"").expect("a file");
    let output = wirelore().args(["explain", "address.private"]).current_dir(folder.path()).output().expect("wirelore runs");
    let ran = Ran::from(output);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("is a lesson and a file"), "{}", ran.err);
}

#[test]
fn a_host_file_that_makes_no_sense_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("me.json");
    fs::write(&file, "{\n  \"type\": \"host\",\n  \"interfaces\": 7\n}\n").expect("a file");
    let ran = explain(&["--host", file.to_str().expect("UTF-8"), "10.0.0.1"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("me.json") && ran.err.contains('3'), "{}", ran.err);
}

/// What is worked out from this machine's facts is what its kernel says.
#[test]
fn the_kernel_of_this_machine_agrees() {
    let mut asked = 0;
    for address in ["127.0.0.1", "::1", "8.8.8.8", "10.1.2.3", "192.0.2.7", "224.0.0.251", "255.255.255.255", "2606:4700::1111", "ff02::1"]
    {
        let ran = explain(&["--json", address]);
        assert_eq!(ran.status, Some(0), "{address}: {}", ran.err);
        let told: Value = serde_json::from_str(ran.out.lines().next().expect("a line")).expect("JSON");
        assert_eq!(told["address"], address);
        if let Some(agrees) = told["reach"]["kernel"]["agrees"].as_bool() {
            assert!(agrees, "{address}: {}", told["reach"]);
            asked += 1;
        }
    }
    if asked == 0 {
        skip("the kernel cannot be asked by netlink");
    }
}

#[test]
fn every_line_of_json_is_an_object_with_a_type() {
    let ran = explain(&["--json", "--host", "tests/hosts/h1.json", "192.168.1.77/26", "10.130.1.4"]);
    let types: Vec<String> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["type"].as_str().expect("a type").to_owned())
        .collect();
    assert_eq!(types, ["prefix", "address", "relation"]);
}

#[test]
fn what_a_host_file_names_cannot_reach_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("me.json");
    let host = r#"{"type":"host","name":"\u001b[31mh1","interfaces":[{"index":1,"name":"\u001b]0;x\u0007","up":true,
        "addresses":[{"prefix":"10.0.0.1/24"}]}],"names":[{"address":"10.0.0.2","names":["\u001b[2J"]}]}"#;
    fs::write(&file, host).expect("a file");
    let ran = explain(&["--host", file.to_str().expect("UTF-8"), "10.0.0.2", "10.0.0.1"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}') && ran.out.contains("\\x1b[31mh1"), "{}", ran.out);
}

/// Both as `ip -j` of a live machine printed them.
#[test]
fn the_other_end_of_a_link_shares_no_subnet_and_a_type_of_service_is_no_way_for_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ip.json");
    let link = r#"[{"ifindex":2,"ifname":"d0","flags":["UP"],"addr_info":[
        {"family":"inet","local":"10.2.0.1","prefixlen":24},{"family":"inet","local":"10.2.0.77","prefixlen":24,"secondary":true},
        {"family":"inet","local":"10.9.9.1","address":"10.9.9.2","prefixlen":32}]}]"#;
    let routes = r#"[{"dst":"10.2.0.0/24","dev":"d0","protocol":"kernel","scope":"link","prefsrc":"10.2.0.1"},
        {"dst":"10.9.9.2","dev":"d0","protocol":"kernel","scope":"link","prefsrc":"10.9.9.1"},
        {"dst":"203.0.113.0/24","dev":"d0","tos":"0x10","scope":"link"},{"dst":"203.0.113.0/24","gateway":"10.2.0.3","dev":"d0"}]"#;
    fs::write(&file, format!("{link}{routes}")).expect("a file");
    let name = file.to_str().expect("UTF-8");
    let told = |address: &str| explain(&["--host", name, address]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let peer = told("10.9.9.2");
    assert!(peer.contains("rule 2, its own link: 10.9.9.2 is the other end of the link of d0, whose own end is 10.9.9.1"), "{peer}");
    assert!(!peer.contains("are equal") && !peer.contains("first that differs"), "{peer}");
    let service = told("203.0.113.7");
    assert!(service.contains("rule 3, a gateway") && service.contains("10.2.0.3"), "{service}");
    assert!(service.contains("dev d0 tos 0x10: it is for packets with that type of service alone"), "{service}");
    let beside = told("10.2.0.5");
    assert!(beside.contains("from 10.2.0.1") && !beside.contains("10.2.0.77"), "{beside}");
}

#[test]
fn routes_that_nothing_tells_are_not_said_to_be_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("addr.json");
    let address = r#"[{"ifindex":2,"ifname":"eth0","flags":["UP"],"addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":24}]}]"#;
    fs::write(&file, address).expect("a file");
    let name = file.to_str().expect("UTF-8");
    let ran = explain(&["--host", name, "8.8.8.8"]);
    assert!(ran.out.contains("not known") && !ran.out.contains("not at all"), "{}", ran.out);
    fs::write(&file, format!("{address}[{{\"dst\":\"10.9.0.0/16\",\"gateway\":\"10.0.0.2\",\"dev\":\"eth0\"}}]")).expect("a file");
    let ran = explain(&["--host", name, "8.8.8.8"]);
    let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("not at all: the machine of") && told.contains("no default route"), "{told}");
}

/// What is said of the way of a machine with two gateways to an address, with these routes beside its default routes and these rules.
fn reached(routes: &str, rules: &str, address: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, addresses) = (folder.path().join("host.json"), |name: &str, index: u8, address: &str| {
        format!(
            r#"{{"ifindex":{index},"ifname":"{name}","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"operstate":"UP","link_type":"ether","address":"02:00:00:00:00:0{index}","addr_info":[{{"family":"inet","local":"{address}","prefixlen":24,"scope":"global"}}]}}"#
        )
    });
    let interfaces = [addresses("e0", 2, "192.168.1.11"), addresses("e1", 3, "10.9.0.1")].join(",");
    let usual = r#"{"dst":"default","gateway":"192.168.1.1","dev":"e0","metric":100},{"dst":"default","gateway":"10.9.0.254","dev":"e1","metric":200},{"dst":"192.168.1.0/24","dev":"e0","scope":"link"},{"dst":"10.9.0.0/24","dev":"e1","scope":"link"}"#;
    let rules = format!(
        r#"{{"priority":0,"src":"all","table":"local"}},{rules}{{"priority":32766,"src":"all","table":"main"}},{{"priority":32767,"src":"all","table":"default"}}"#
    );
    std::fs::write(&file, format!("[{interfaces}]\n[{usual}{routes}]\n[{rules}]\n")).expect("it can be written");
    let ran = explain(&["--host", file.to_str().expect("UTF-8"), address]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_refuses_a_packet_is_told_and_what_leads_elsewhere() {
    let throw = reached(r#",{"type":"throw","dst":"198.51.100.0/24"}"#, "", "198.51.100.7");
    assert!(throw.contains("a throw route of") && !throw.contains("no default route"), "{throw}");
    let rules = r#"{"priority":100,"src":"all","dst":"192.0.2.0","dstlen":24,"action":"prohibit"},{"priority":200,"src":"172.20.0.0","srclen":16,"table":"100"},"#;
    let other = r#",{"dst":"default","gateway":"192.168.1.1","dev":"e0","table":"100"}"#;
    let prohibited = reached(other, rules, "192.0.2.5");
    assert!(prohibited.contains("a rule of policy routing of") && prohibited.contains("(priority 100) does not permit it"), "{prohibited}");
    assert!(prohibited.contains("no rule that is for such a packet leads to its table"), "{prohibited}");
    let route = reached(r#",{"type":"prohibit","dst":"192.0.2.0/24"}"#, "", "192.0.2.5");
    assert!(route.contains("not at all: a route of"), "{route}");
}

#[test]
fn ways_that_share_the_load_are_told_as_such() {
    let two = r#",{"dst":"203.0.113.0/24","nexthops":[{"gateway":"192.168.1.1","dev":"e0","weight":1},{"gateway":"10.9.0.254","dev":"e1","weight":1}]}"#;
    assert!(reached(two, "", "203.0.113.9").contains("2 ways share the load: the kernel chooses by a hash"));
    assert!(!reached("", "", "203.0.113.9").contains("share"));
}

#[test]
fn the_address_of_a_subnet_is_no_hosts() {
    assert!(reached("", "", "192.168.1.0").contains("192.168.1.0 names the subnet 192.168.1.0/24 (e0) itself, and no host should have it"));
    assert!(!reached("", "", "192.168.1.1").contains("names the subnet"));
}

#[test]
fn what_cannot_be_a_host_file_is_told_with_what_would_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("me.json");
    let name = file.to_str().expect("UTF-8").to_owned();
    let said = |bytes: &[u8]| {
        fs::write(&file, bytes).expect("a file");
        let ran = explain(&["--host", &name, "10.0.0.1"]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
        ran.err
    };
    assert!(said(b"{").contains("cut short"), "{}", said(b"{"));
    for (wrong, bytes) in [("text", b"hello".as_slice()), ("a capture", b"\xd4\xc3\xb2\xa1"), ("nothing", b"")] {
        assert!(said(bytes).contains("`wirelore host` or `ip -j addr` prints"), "{wrong}: {}", said(bytes));
    }
    let missing = explain(&["--host", "/nonexistent", "10.0.0.1"]);
    assert_eq!(missing.err, "wirelore: /nonexistent: no such file\n");
    let folder = explain(&["--host", folder.path().to_str().expect("UTF-8"), "10.0.0.1"]);
    assert!(folder.err.contains("is a folder") && !folder.err.contains("os error"), "{}", folder.err);
}

#[test]
fn standard_input_is_read_once() {
    for words in [&["-", "-"][..], &["-", "--host", "-"], &["10.0.0.1", "--host", "-", "--from", "-"]] {
        let ran = explain(words);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(ran.err.contains("2 times"), "{words:?}: {}", ran.err);
    }
    let ran = explain(&["--layers", "captures/http-geocode.pcapng"]);
    assert!(ran.status == Some(2) && ran.err.contains("--layers 1 FILE"), "{}", ran.err);
}

#[test]
fn the_unspecified_address_is_held_by_no_prefix() {
    for (address, instead) in [("0.0.0.0", "127.0.0.1"), ("::", "::1")] {
        for words in [&[address][..], &["--host", "tests/hosts/h1.json", address]] {
            let ran = explain(words);
            let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(ran.status, Some(0), "{}", ran.err);
            let means = format!("who connects to {address} on Linux means the same host, and is connected to {instead} instead");
            assert!(told.contains(&means) && told.contains("route none is looked for"), "{told}");
            assert!(!told.contains("dev lo table local") && !told.contains("differs") && !told.contains("won"), "{told}");
        }
    }
    // An address that a prefix holds is reached by its route.
    let told = explain(&["--host", "tests/hosts/h1.json", "127.0.0.1"]).out;
    assert!(told.contains("127.0.0.1/32 dev lo") && !told.contains("none is looked for"), "{told}");
}
