//! Devices of other kinds than Ethernet cards: what is captured on them is what went through them, and can be read.

use super::super::support::{self, Ran};
use super::laboratory::{Laboratory, frames};
use rustix::process::Signal;
use std::path::Path;
use std::process::Stdio;
use wirelore::frame::{Direction, LinkType};
use wirelore::source;

/// The packets that come out of the tunnel, in hexadecimal: from 10.8.0.9 and from fd00::9, UDP of four bytes to port 9, for hosts that are
/// not there.
const COMING: [&str; 2] = [
    "450000200007000040116644 0a080009 0a080063 03e80009 000c0000 6f6e6521",
    "60000000000c1140 fd000000000000000000000000000009 fd000000000000000000000000000063 03e80009 000c40ae 73697821",
];

/// Makes a tunnel whose other end it is itself. On the first signal it has packets come out of it, and sends one into it.
const TUNNEL: &str = "
import fcntl, os, signal, socket, struct, subprocess, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
tunnel = os.open('/dev/net/tun', os.O_RDWR)
# IFF_TUN and IFF_NO_PI; then the kind of hardware that the device says it is (TUNSETIFF, TUNSETLINK).
fcntl.ioctl(tunnel, 0x400454ca, struct.pack('16sH', b't0', 0x1001))
fcntl.ioctl(tunnel, 0x400454cd, int(sys.argv[1]))
open('/proc/sys/net/ipv6/conf/t0/disable_ipv6', 'w').write('1')
subprocess.run(['sh', '-ec', 'ip addr add 10.8.0.1/24 dev t0; ip link set t0 up'], check=True)
print('ready', file=sys.stderr, flush=True)
signal.sigwait({signal.SIGUSR1})
for packet in sys.argv[2:]: os.write(tunnel, bytes.fromhex(packet))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'sent', ('10.8.0.2', 9))
signal.sigwait({signal.SIGUSR1})
";

/// The addresses of each packet, as tshark finds them; nothing where there is no tshark.
fn found_by_tshark(path: &Path) -> Option<Vec<String>> {
    let fields = ["-T", "fields", "-E", "separator= ", "-e", "ip.dst", "-e", "ipv6.dst", "-e", "udp.dstport"];
    let ran: Ran = support::peer("tshark")?.arg("-r").arg(path).args(fields).output().expect("tshark runs").into();
    assert_eq!(ran.status, Some(0), "{ran:?}");
    Some(ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

/// The lines of a capture, from the endpoints on, without notes.
fn lines(path: &Path) -> Vec<String> {
    let read = std::process::Command::new(env!("CARGO_BIN_EXE_wirelore")).args(["read", "-q", "-n"]).arg(path).output();
    let ran: Ran = read.expect("it runs").into();
    assert_eq!(ran.status, Some(0), "{ran:?}");
    ran.out.lines().map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn what_goes_through_a_tunnel_is_captured_as_it_is() {
    let Some(laboratory) = Laboratory::new() else { return };
    if !Path::new("/dev/net/tun").exists() {
        return support::skip_part("this kernel has no /dev/net/tun");
    }
    // What the hardware says it is (if_arp.h): nothing, as WireGuard and OpenVPN do; IP in IP; GRE; PPP.
    let kinds = [(0xfffe, LinkType::RAW), (768, LinkType::RAW), (778, LinkType::LINUX_SLL2), (512, LinkType::LINUX_SLL2)];
    for (hardware, link_type) in kinds {
        let number = hardware.to_string();
        let words = [&["-c", TUNNEL, &number][..], &COMING].concat();
        let tunnel = laboratory.begin("python3", &words, "ready", Stdio::null());
        let paths = ["all", "six", "sent"].map(|name| laboratory.path(&format!("{hardware}-{name}.pcapng")));
        let asked: [(&str, &[&str]); 3] = [("3", &[]), ("1", &["ip6"]), ("1", &["udp dst port 9 and ip.dst == 10.8.0.2"])];
        let captures: Vec<_> = asked
            .into_iter()
            .zip(&paths)
            .map(|((count, filter), path)| laboratory.capture(&[&["-i", "t0", "-c", count, "-w", path.to_str().unwrap()], filter].concat()))
            .collect();
        tunnel.signal(Signal::USR1);
        for capture in captures {
            let (status, said) = capture.end();
            assert_eq!(status, Some(0), "{hardware}: {said}");
        }
        let mut source = source::open(&paths[0]).unwrap();
        let mut seen = Vec::new();
        while let Some(frame) = source.next_frame().unwrap() {
            assert_eq!(frame.link_type, link_type, "{hardware}");
            seen.push((frame.data.to_vec(), frame.annotations.direction()));
        }
        let [first, second, third] = &seen[..] else { panic!("{hardware}: {seen:?}") };
        for ((data, direction), packet) in [first, second].into_iter().zip(COMING) {
            let header = if link_type == LinkType::RAW { 0 } else { 20 };
            let shown: String = data[header..].iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((shown, *direction), (packet.replace(' ', ""), Some(Direction::Inbound)), "{hardware}");
        }
        assert!(third.0.ends_with(b"sent") && third.1 == Some(Direction::Outbound), "{hardware}: {third:?}");
        let wanted = ["10.8.0.9:1000 > 10.8.0.99:9 UDP 4 bytes", "[fd00::9]:1000 > [fd00::63]:9 UDP 4 bytes", " > 10.8.0.2:9 UDP 4 bytes"];
        let told = lines(&paths[0]);
        assert!(told.len() == 3 && told.iter().zip(wanted).all(|(line, wanted)| line.ends_with(wanted)), "{hardware}: {told:?}");
        for (path, wanted) in [(&paths[1], wanted[1]), (&paths[2], wanted[2])] {
            let told = lines(path);
            assert!(told.len() == 1 && told[0].ends_with(wanted), "{hardware}: {told:?}");
        }
        if let Some(found) = found_by_tshark(&paths[0]) {
            assert_eq!(found, ["10.8.0.99 9", "fd00::63 9", "10.8.0.2 9"], "{hardware}");
        }
    }
}

/// Devices that stand on a pair of cards `u` and `w` of their own: how each is made, and what its frames are.
const KINDS: [(&str, &str, LinkType); 12] = [
    ("dummy", "type dummy", LinkType::ETHERNET),
    ("ifb", "type ifb", LinkType::ETHERNET),
    ("bridge", "type bridge && ip link set dev u master d0", LinkType::ETHERNET),
    ("macvlan", "link u type macvlan mode bridge", LinkType::ETHERNET),
    ("ipvlan", "link u type ipvlan mode l2", LinkType::ETHERNET),
    ("vlan", "link u type vlan id 7", LinkType::ETHERNET),
    ("vxlan", "type vxlan id 5 local 10.30.0.1 remote 10.30.0.2 dstport 4789", LinkType::ETHERNET),
    ("geneve", "type geneve id 5 remote 10.30.0.2", LinkType::ETHERNET),
    ("gretap", "type gretap local 10.30.0.1 remote 10.30.0.2", LinkType::ETHERNET),
    ("gre", "type gre local 10.30.0.1 remote 10.30.0.2", LinkType::LINUX_SLL2),
    ("ipip", "type ipip local 10.30.0.1 remote 10.30.0.2", LinkType::RAW),
    ("wireguard", "type wireguard", LinkType::RAW),
];

#[test]
fn what_goes_out_by_a_device_is_captured_on_it_whatever_kind_it_is() {
    let Some(laboratory) = Laboratory::new() else { return };
    for (kind, made, link_type) in KINDS {
        let cards = "ip link add name u type veth peer name w; ip addr add 10.30.0.1/24 dev u
            for card in u w; do echo 1 > /proc/sys/net/ipv6/conf/$card/disable_ipv6; ip link set dev $card up; done
            ip neigh add 10.30.0.2 lladdr 02:00:00:00:00:02 dev u nud permanent";
        laboratory.shell(cards);
        let ran: Ran = laboratory.command("sh").args(["-c", &format!("ip link add name d0 {made}")]).output().expect("nsenter runs").into();
        if ran.status != Some(0) {
            support::skip_part(&format!("this kernel makes no device of kind {kind}: {}", ran.err.trim()));
            laboratory.shell("ip link delete dev u; ip link delete dev d0 2> /dev/null || true");
            continue;
        }
        laboratory.shell(
            "echo 1 > /proc/sys/net/ipv6/conf/d0/disable_ipv6; ip addr add 10.20.0.1/24 dev d0; ip link set dev d0 up
             ip neigh add 10.20.0.2 lladdr 02:00:00:00:00:09 dev d0 nud permanent 2>&1 || true",
        );
        let (on_it, under_it) = (laboratory.path(&format!("{kind}.pcapng")), laboratory.path(&format!("{kind}-w.pcapng")));
        let words = ["-i", "d0", "-c", "1", "-w", on_it.to_str().unwrap(), "udp dst port 9"];
        let capture = laboratory.capture(&words);
        let lower = laboratory.capture(&["-i", "w", "-w", under_it.to_str().unwrap()]);
        // Where nobody is at the other end of a tunnel, who sends is told so.
        laboratory.shell(
            "python3 -c \"import socket; sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try: sender.sendto(b'through it', ('10.20.0.2', 9))
except OSError as error: print(error)\" > /dev/null",
        );
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{kind}: {said}");
        assert_eq!(lower.stop().0, Some(0), "{kind}");
        let mut source = source::open(&on_it).unwrap();
        let frame = source.next_frame().unwrap().expect("a frame");
        assert_eq!((frame.link_type, frame.annotations.direction()), (link_type, Some(Direction::Outbound)), "{kind}");
        assert!(frame.data.ends_with(b"through it"), "{kind}: {:?}", frame.data);
        let told = lines(&on_it);
        assert!(told.len() == 1 && told[0].contains("10.20.0.1:") && told[0].ends_with(" > 10.20.0.2:9 UDP 10 bytes"), "{kind}: {told:?}");
        if let Some(found) = found_by_tshark(&on_it) {
            assert_eq!(found, ["10.20.0.2 9"], "{kind}");
        }
        // What is under it carries the frame in its own, tags and all.
        let carries = frames(&under_it).iter().filter(|(data, ..)| data.ends_with(b"through it")).count();
        let is_alone = ["dummy", "ifb", "wireguard"].contains(&kind);
        assert_eq!(carries, usize::from(!is_alone), "{kind}");
        laboratory.shell("ip link delete dev d0; ip link delete dev u 2> /dev/null || true");
    }
}

#[test]
fn the_name_of_an_interface_may_be_no_text() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("strange.pcapng");
    laboratory.shell(
        "name=$(printf 'b\\377')
         ip link set dev b down; ip link set dev b name \"$name\"; ip link set dev \"$name\" up; ip link set dev \"$name\" alias \"$(printf 'B\\374ro')\"",
    );
    let listed: Ran = laboratory.command(env!("CARGO_BIN_EXE_wirelore")).args(["interfaces", "--json"]).output().unwrap().into();
    assert_eq!(listed.status, Some(0), "{listed:?}");
    let name = listed.out.split('"').find(|word| word.strip_prefix("if").is_some_and(|number| number.parse::<u32>().is_ok()));
    let name = name.expect("it is called after its number");
    assert!(listed.out.contains("\"a\""), "{listed:?}");
    for asked in [name, &name[2..]] {
        let capture = laboratory.capture(&["-i", asked, "-c", "3", "--force", "-w", path.to_str().unwrap()]);
        laboratory.number("a", 3, 60);
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains(&format!("3 frames captured on {name}")), "{said}");
        assert_eq!(
            source::open(&path).and_then(|mut source| source.advance().map(|_| source.interfaces()[0].name.clone())).unwrap().as_deref(),
            Some(name.as_bytes())
        );
    }
    let unknown = laboratory.ran(&["-i", "no-such", "-c", "1"]);
    assert!(unknown.status == Some(2) && unknown.err.contains("no-such") && unknown.err.contains(name), "{unknown:?}");
}
