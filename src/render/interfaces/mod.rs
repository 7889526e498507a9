//! The interfaces of a machine, and whether they may be captured on.

mod json;
mod table;

pub use json::push_json;
pub use table::push;

use crate::explain::address::vendor::vendor;
use crate::frame::LinkType;
use crate::host::Interface;
use crate::host::probe::Attachment;
use crate::source::administrator::Administrator;

/// Whether this user may capture here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// It may.
    Allowed,
    /// It may not.
    Denied {
        /// Why not, with what allows it.
        why: String,
        /// The one command that allows it, where one does.
        command: Option<String>,
    },
    /// Only trying tells, on this system.
    Unknown,
}

/// An interface of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The interface, with what it hangs on.
    pub attachment: Attachment,
    /// What its frames would be.
    pub link_type: LinkType,
    /// Whether it is that of the default route.
    pub is_default: bool,
}

/// All that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The interfaces, in the order of their indexes.
    pub interfaces: Vec<Listed>,
    /// Whether all of them can be captured on at once.
    pub has_any: bool,
    /// Whether this user may capture.
    pub permission: Permission,
    /// Who is to run commands.
    pub administration: Administration,
}

/// Who is to run a command, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Administration {
    /// How commands are run as root.
    pub administrator: Administrator,
    /// The network namespace that is meant, where it is not this one: its name, the number of a process in it, or a path.
    pub namespace: Option<String>,
}

impl Administration {
    /// What switches an interface on.
    #[must_use]
    pub fn switch_on(&self, name: &str, is_linux: bool) -> String {
        let name = word(name);
        let command = match &self.namespace {
            _ if !is_linux => format!("ifconfig {name} up"),
            None => format!("ip link set {name} up"),
            Some(path) if path.contains('/') => format!("nsenter --net={} ip link set {name} up", word(path)),
            Some(process) if process.bytes().all(|byte| byte.is_ascii_digit()) => format!("nsenter -t {process} -n ip link set {name} up"),
            Some(namespace) => format!("ip -n {} link set {name} up", word(namespace)),
        };
        self.administrator.command(&[&command])
    }
}

/// A word for the shell.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-:@/".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Who made the interface, where its address is not made up (IEEE 802, the bit for local ones).
fn maker(interface: &Interface) -> Option<&'static str> {
    let mac = interface.link_address.as_ref()?.mac().filter(|mac| mac[0] & 2 == 0)?;
    Some(vendor(mac)?.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Address, LinkAddress, Scope};
    use crate::render::style::Palette;

    fn interface(index: u32, name: &str, kind: &str) -> Interface {
        Interface { index, name: name.to_owned(), kind: Some(kind.to_owned()), up: true, carrier: true, mtu: 1500, ..Interface::default() }
    }

    fn listed(interface: Interface) -> Listed {
        let attachment = Attachment { interface, ..Attachment::default() };
        Listed { attachment, link_type: LinkType::ETHERNET, is_default: false }
    }

    fn listing() -> Listing {
        let prefix = |text: &str| Address::new(text.parse().expect("a prefix"));
        let mut own = listed(Interface {
            link_address: Some(LinkAddress(vec![0, 0x1b, 0x21, 0, 0, 9])),
            addresses: vec![prefix("192.168.1.11/24"), Address { scope: Scope::LINK, tentative: true, ..prefix("fe80::9/64") }],
            ..interface(2, "eth0", "ether")
        });
        own.is_default = true;
        let mut port = listed(Interface { carrier: false, ..interface(3, "v0", "veth") });
        port.attachment.link = Some("v1".to_owned());
        port.attachment.controller = Some("br0".to_owned());
        let mut tunnel = listed(Interface {
            addresses: vec![Address { peer: "10.0.0.2".parse().ok(), ..prefix("10.0.0.1/32") }],
            ..interface(5, "tun0", "tun")
        });
        tunnel.link_type = LinkType::RAW;
        let mut radio = listed(interface(6, "wlan0", "ether"));
        radio.attachment.wireless = true;
        let hostile = listed(Interface { up: false, carrier: false, ..interface(4, "\u{1b}[2J;id", "dummy") });
        let interfaces = vec![own, port, hostile, tunnel, radio];
        Listing { interfaces, has_any: true, permission: Permission::Allowed, administration: Administration::default() }
    }

    fn denied() -> Permission {
        Permission::Denied { why: "it takes CAP_NET_RAW; `sudo setcap x` gives it".to_owned(), command: Some("sudo setcap x".to_owned()) }
    }

    fn table(listing: &Listing, palette: &Palette) -> String {
        let mut out = Vec::new();
        push(&mut out, listing, palette);
        String::from_utf8(out).expect("UTF-8")
    }

    fn objects(listing: &Listing) -> Vec<serde_json::Value> {
        let mut out = Vec::new();
        push_json(&mut out, listing);
        String::from_utf8(out).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    }

    #[test]
    fn a_table_says_what_each_is_and_what_it_gives() {
        let expected = r"  index  name        state       capture  kind                frames    MTU   MAC                                  addresses
* 2      eth0        up          yes      ether               Ethernet  1500  00:1b:21:00:00:09 (Intel Corporate)  192.168.1.11/24
                                                                                                                   fe80::9/64 (link, tentative)
  3      v0          no carrier  yes      veth to v1, in br0  Ethernet  1500
  4      \x1b[2J;id  down        no       dummy               Ethernet  1500
  5      tun0        up          yes      tun                 IP        1500                                       10.0.0.1, peer 10.0.0.2/32
  6      wlan0       up          yes      wireless            Ethernet  1500
         any                     yes      all at once         cooked
* of the default route: `wirelore capture` captures here without -i
wlan0 is a radio that is not in monitor mode: only its own network's frames come, as if by Ethernet
\x1b[2J;id is down; `sudo ip link set '\x1b[2J;id' up` switches it on
you may capture here
";
        assert_eq!(table(&listing(), &Palette::plain()), expected);
    }

    #[test]
    fn who_may_not_capture_is_told_the_command() {
        let denied = Listing { permission: denied(), ..listing() };
        let text = table(&denied, &Palette::plain());
        assert!(text.contains("you may not capture here: it takes CAP_NET_RAW; `sudo setcap x` gives it\n"), "{text}");
        assert!(!text.contains(" yes "), "{text}");
        for object in objects(&denied) {
            assert_eq!((object["may_capture"].as_bool(), object["command"].as_str()), (Some(false), Some("sudo setcap x")), "{object}");
        }
    }

    #[test]
    fn json_has_an_object_an_interface_and_one_for_all_of_them() {
        let objects = objects(&listing());
        let names: Vec<&str> = objects.iter().filter_map(|object| object["name"].as_str()).collect();
        assert_eq!(names, ["eth0", "v0", "\u{1b}[2J;id", "tun0", "wlan0", "any"]);
        let [own, port, down, tunnel, radio, any] = objects.as_slice() else { panic!("six objects") };
        assert_eq!(own["vendor"], "Intel Corporate");
        assert_eq!((&own["default_route"], &own["may_capture"], &own["link_type"]), (&true.into(), &true.into(), &1.into()));
        assert_eq!(own["addresses"][1]["prefix"], "fe80::9/64");
        assert_eq!((&port["link"], &port["controller"], &port["carrier"]), (&"v1".into(), &"br0".into(), &false.into()));
        assert_eq!(down["command"], "sudo ip link set '\u{1b}[2J;id' up");
        assert_eq!((&down["may_capture"], &down["why_not"]), (&false.into(), &"the interface is down".into()));
        assert_eq!((&tunnel["link_type"], &tunnel["addresses"][0]["peer"]), (&101.into(), &"10.0.0.2".into()));
        assert_eq!(radio["wireless"], true);
        assert_eq!((&any["link_type"], &any["may_capture"]), (&276.into(), &true.into()));
        assert!(any.get("command").is_none());
    }

    #[test]
    fn where_only_trying_tells_nothing_is_promised() {
        let unknown = Listing {
            permission: Permission::Unknown,
            has_any: false,
            administration: Administration { administrator: Administrator::Root, namespace: None },
            ..listing()
        };
        assert!(objects(&unknown)[0].get("may_capture").is_none());
        assert!(table(&unknown, &Palette::plain()).contains(" try "));
        assert!(objects(&unknown)[2]["command"].as_str().is_some_and(|command| command.starts_with("ifconfig ")));
    }

    #[test]
    fn colour_shows_what_deserves_a_look() {
        let text = table(&listing(), &Palette::coloured());
        assert!(text.contains("\x1b[33mno carrier\x1b[0m") && text.contains("\x1b[33mdown\x1b[0m"), "{text}");
        assert!(!text.contains("\x1b[33mup"), "{text}");
        let plain: String = text
            .split("\x1b[")
            .enumerate()
            .map(|(place, part)| if place == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
            .collect();
        assert_eq!(plain, table(&listing(), &Palette::plain()));
    }

    #[test]
    fn the_command_enters_the_namespace_that_is_meant() {
        let said = |namespace: &str| {
            let administration = Administration { administrator: Administrator::Root, namespace: Some(namespace.to_owned()) };
            administration.switch_on("eth0", true)
        };
        assert_eq!(said("blue"), "ip -n blue link set eth0 up");
        assert_eq!(said("4711"), "nsenter -t 4711 -n ip link set eth0 up");
        assert_eq!(said("/run/my ns"), "nsenter --net='/run/my ns' ip link set eth0 up");
        let elsewhere = Administration { administrator: Administrator::Sudo, namespace: Some("a;b".to_owned()) };
        assert_eq!(elsewhere.switch_on("a$b", true), "sudo ip -n 'a;b' link set 'a$b' up");
    }
}
