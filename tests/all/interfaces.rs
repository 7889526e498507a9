//! `wirelore interfaces`, held against interfaces that are made for it.

use super::support::{Ran, as_root, namespaces, peer, skip, wirelore};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// A bridge with a port, whose other end is beside it; a pair that is down; a tunnel that nobody holds; and a default route by the bridge.
const NETWORK: &str = "
    ip link set lo up
    ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
    ip link add br0 address 00:1b:21:00:00:09 type bridge
    ip link set v1 master br0
    ip link set br0 mtu 1400
    ip link set v0 up; ip link set v1 up; ip link set br0 up
    ip addr add 192.168.7.1/24 dev br0
    ip addr add 2001:db8::7/64 dev br0 nodad
    ip link add d0 type veth peer name d1
    ip tuntap add mode tun name t0
    ip addr add 10.9.0.1 peer 10.9.0.2/32 dev t0
    ip link set t0 up
    ip route add default via 192.168.7.254
";

/// Runs commands as root in that network; `None` where it cannot be made.
fn inside(commands: &str) -> Option<Ran> {
    namespaces(&["ip", "ping", "unshare"])?;
    let mut shell = Command::new("unshare");
    shell.args(["--net", "--mount", "sh", "-ec", &format!("{NETWORK}{commands}")]).env("WIRELORE", wirelore().get_program());
    let ran: Ran = shell.output().expect("unshare runs").into();
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    Some(ran)
}

fn objects(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn named<'o>(objects: &'o [Value], name: &str) -> &'o Value {
    objects.iter().find(|object| object["name"] == name).unwrap_or_else(|| panic!("{name} is not listed"))
}

#[test]
fn every_interface_is_listed_as_what_it_is() {
    let Some(ran) = inside("exec \"$WIRELORE\" interfaces --json") else { return };
    let all = objects(&ran);
    assert!(all.iter().all(|object| object["type"] == "interface"));
    assert_eq!(all.len(), 8, "lo, v0, v1, br0, d0, d1, t0 and any: {}", ran.out);
    let bridge = named(&all, "br0");
    assert_eq!((&bridge["kind"], &bridge["mtu"], &bridge["up"]), (&"bridge".into(), &1400.into(), &true.into()));
    assert_eq!((&bridge["default_route"], &bridge["may_capture"]), (&true.into(), &true.into()));
    assert_eq!(bridge["vendor"], "Intel Corporate");
    let prefixes: Vec<&str> = bridge["addresses"].as_array().expect("addresses").iter().filter_map(|own| own["prefix"].as_str()).collect();
    assert!(prefixes.contains(&"192.168.7.1/24") && prefixes.contains(&"2001:db8::7/64"), "{prefixes:?}");
    let port = named(&all, "v1");
    assert_eq!((&port["kind"], &port["link"], &port["controller"]), (&"veth".into(), &"v0".into(), &"br0".into()));
    assert_eq!((&port["link_address"], &port["link_type"]), (&"02:00:00:00:00:02".into(), &1.into()));
    assert!(port.get("vendor").is_none(), "an address that is made up is nobody's");
    let down = named(&all, "d0");
    assert_eq!((&down["up"], &down["may_capture"], &down["command"]), (&false.into(), &false.into(), &"ip link set d0 up".into()));
    let tunnel = named(&all, "t0");
    assert_eq!((&tunnel["kind"], &tunnel["link_type"], &tunnel["carrier"]), (&"tun".into(), &101.into(), &false.into()));
    assert_eq!(tunnel["addresses"][0]["peer"], "10.9.0.2");
    assert_eq!(named(&all, "lo")["kind"], "loopback");
    assert_eq!((&named(&all, "any")["link_type"], &named(&all, "any")["may_capture"]), (&276.into(), &true.into()));
    assert_eq!(all.iter().filter(|object| object["default_route"] == true).count(), 1);
}

#[test]
fn what_it_says_of_frames_is_what_a_capture_of_them_says() {
    let commands = "
        \"$WIRELORE\" interfaces --json
        ping -i 0.1 -w 20 127.0.0.1 >/dev/null & one=$!
        ping -i 0.1 -w 20 192.168.7.9 >/dev/null & other=$!
        for name in lo br0 any; do
            \"$WIRELORE\" capture -q --no-summary --no-host -i $name -c 1 --for 10s -w - | od -A n -t u2 -j 0 -v | tr -s ' \\n' ' '; echo \" $name\"
        done
        kill $one $other";
    let Some(ran) = inside(commands) else { return };
    let (captures, listed): (Vec<&str>, Vec<&str>) = ran.out.lines().partition(|line| !line.starts_with('{'));
    let all: Vec<Value> = listed.iter().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!(captures.len(), 3, "{}", ran.out);
    for line in captures {
        let mut numbers: Vec<&str> = line.split_whitespace().collect();
        let name = numbers.pop().expect("a name");
        let numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
        // A block has its type and its length, each of 32 bits; that of an interface (1) goes on with the link type.
        let mut block = 0;
        while numbers[block] != 1 {
            block += usize::try_from(numbers[block + 2]).expect("a length") / 2;
        }
        assert_eq!(Some(numbers[block + 4]), named(&all, name)["link_type"].as_u64(), "{name}");
    }
}

#[test]
fn a_table_is_for_people() {
    let Some(ran) = inside("\"$WIRELORE\" interfaces; \"$WIRELORE\" interfaces --color always") else { return };
    let is_named = |line: &str, name: &str| line.trim_start_matches('*').split_whitespace().nth(1) == Some(name);
    let line = |name: &str| ran.out.lines().find(|line| is_named(line, name)).unwrap_or_else(|| panic!("{name}: {}", ran.out));
    assert!(line("br0").starts_with("* ") && line("br0").contains(" bridge "), "{}", ran.out);
    assert!(line("v1").contains("veth to v0, in br0"), "{}", ran.out);
    assert!(line("d0").contains(" down ") && line("d0").contains(" no "), "{}", ran.out);
    for part in ["no carrier", " IP ", "10.9.0.1, peer 10.9.0.2/32"] {
        assert!(line("t0").contains(part), "{}", ran.out);
    }
    assert!(ran.out.contains("d1, d0 are down; `ip link set d1 up` switches the first of them on\n"), "{}", ran.out);
    assert!(ran.out.contains("you may capture here\n"), "{}", ran.out);
    assert!(ran.out.contains("\x1b[33mdown\x1b[0m"), "{}", ran.out);
}

#[test]
fn who_may_not_capture_is_told_the_command_and_the_command_helps() {
    for program in ["setpriv", "setcap"] {
        if peer(program).is_none() {
            return;
        }
    }
    // Somebody else can reach it there, and file systems that are mounted nosuid are elsewhere.
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let program = folder.path().join("wirelore");
    fs::copy(wirelore().get_program(), &program).expect("a copy");
    let ask = format!("setpriv --reuid 65534 --regid 65534 --clear-groups {} interfaces", program.display());
    let Some(ran) = inside(&format!("{ask} --json; {ask} | tail -1")) else { return };
    let (table, listed): (Vec<&str>, Vec<&str>) = ran.out.lines().partition(|line| !line.starts_with('{'));
    for line in &listed {
        let object: Value = serde_json::from_str(line).expect("an object");
        assert_eq!(object["may_capture"], false, "{object}");
        let command = object["command"].as_str().expect("a command");
        assert!(table[0].contains(&format!("`{command}`")), "{table:?}");
    }
    let object: Value = serde_json::from_str(listed[0]).expect("an object");
    let command = object["command"].as_str().expect("a command");
    let given = format!("setcap cap_net_raw=ep {}", program.display());
    if command != as_root(&[&given]) {
        return skip(&format!("this place needs more than a capability: {command}"));
    }
    let ran = inside(&format!("{given}; {ask} --json")).expect("as before");
    let all = objects(&ran);
    assert_eq!((&named(&all, "br0")["may_capture"], &named(&all, "d0")["may_capture"]), (&true.into(), &false.into()), "{}", ran.out);
    assert_eq!(named(&all, "d0")["command"], as_root(&["ip link set d0 up"]).as_str());
}

#[test]
fn interfaces_of_another_network_are_listed_from_here() {
    let commands = "
        unshare --net sleep 20 & other=$!
        until [ \"$(readlink /proc/$other/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]; do sleep 0.05; done
        \"$WIRELORE\" interfaces --json --netns $other
        kill $other";
    let Some(ran) = inside(commands) else { return };
    let all = objects(&ran);
    let names: Vec<&str> = all.iter().filter_map(|object| object["name"].as_str()).collect();
    assert!(names.contains(&"lo") && names.contains(&"any") && !names.contains(&"br0"), "{names:?}");
    assert_eq!(named(&all, "lo")["up"], false);
    assert!(all.iter().all(|object| object["default_route"] != true), "there is no route: {}", ran.out);
    let said = Ran::from(wirelore().args(["interfaces", "--netns", "no-such-one"]).output().expect("wirelore runs"));
    assert_eq!(said.status, Some(2));
    assert!(said.err.contains("no-such-one: there is no such network namespace"), "{}", said.err);
}
