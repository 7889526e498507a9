//! Who is there, in words.

use super::words::{Vlan, short};
use super::{HOSTS, INDENT, Telling};
use crate::conversation::NameSource;
use crate::explain::story::{HardwareAddress, Host, Machine, Role as Part, Story, Wrong};
use crate::explain::{Facts, Origin, SubnetFacts};
use crate::render::name::push_origin;
use crate::render::number::push_address;
use crate::render::sentence::{Counted, Grouped, Link, Sentence, Shown};
use crate::render::style::Role;
use crate::render::wrap;
use std::cmp::Reverse;
use std::net::IpAddr;

/// Appends the hosts: the busiest where there are many, in the order in which they came.
pub(super) fn push_all(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let mut hosts: Vec<&Host> = story.hosts.iter().collect();
    if !telling.all && hosts.len() > HOSTS {
        hosts.sort_by_key(|host| (Reverse(host.roles.len().min(1)), Reverse(host.sent)));
        hosts.truncate(HOSTS);
        hosts.sort_by_key(|host| host.first);
    }
    let width = hosts.iter().map(|host| address(host).len()).max().unwrap_or_default();
    for host in &hosts {
        push_one(out, story, host, telling, width);
    }
    let more = story.hosts.len() - hosts.len();
    if more > 0 {
        let mut line = Vec::new();
        let sentence = &mut Sentence::new(&mut line, telling.names);
        write!(sentence, "and {} more. With -v all of them are told.", Grouped(more as u64));
        wrap::push(out, &String::from_utf8_lossy(&line), INDENT, telling.width);
    }
}

/// Appends the networks that the hosts are on.
pub(super) fn push_networks(out: &mut Vec<u8>, story: &Story, telling: &Telling<'_>) {
    let shown = if telling.all { story.networks.len() } else { HOSTS };
    for network in story.networks.iter().take(shown) {
        let members = story.hosts.iter().filter(|host| host.is_on_link() && network.prefix.contains(&host.address)).count();
        let mut text = Vec::new();
        let sentence = &mut Sentence::new(&mut text, telling.names);
        write!(
            sentence,
            "{}: the first {} of an address say that it is on this network",
            network.prefix.trunc(),
            Counted(network.prefix.prefix_len().into(), "bit")
        );
        if members > 0 {
            let words = if members == 1 { "address of it is" } else { "addresses of it are" };
            write!(sentence, "; {} {words} here", Grouped(members as u64));
        }
        say_origin(sentence, network.origin, &network.frames);
        for note in story.wrong.iter().flat_map(Wrong::notes) {
            if let Facts::Subnet(SubnetFacts::MasksDisagree { near, far, .. }) = &note.facts
                && network.origin == Origin::Custom
                && network.prefix.contains(near)
                && network.prefix.contains(far)
            {
                write!(sentence, ". But the masks of {near} and {far} differ: see what is wrong");
            }
        }
        sentence.say(".");
        wrap::push(out, &String::from_utf8_lossy(&text), INDENT, telling.width);
    }
    let more = story.networks.len().saturating_sub(shown);
    if more > 0 {
        let mut text = Vec::new();
        write!(&mut Sentence::new(&mut text, telling.names), "and {}.", Counted(more as u64, "more network"));
        wrap::push(out, &String::from_utf8_lossy(&text), INDENT, telling.width);
    }
}

/// Says from where something of the networks around is known, and with which frames.
fn say_origin(sentence: &mut Sentence<'_>, origin: Origin, frames: &[u64]) {
    sentence.say(match origin {
        Origin::Host => " (the machine itself says so",
        Origin::Capture => " (the capture itself says so",
        Origin::Dhcp => " (a DHCP server said so",
        Origin::RouterAdvertisement => " (a router told everybody",
        Origin::Broadcast => " (inferred from its broadcast address",
        Origin::Traffic => " (inferred from whom hosts ask for directly and what they leave to the gateway",
        Origin::Forwarding => " (inferred: its hardware address stands on packets of other networks",
        Origin::Custom => " (assumed: the customary length",
    });
    let few = frames.get(..4).unwrap_or(frames);
    if !few.is_empty() && frames != [0] {
        sentence.say(if few.len() == 1 { ", frame " } else { ", frames " });
        sentence.list(few);
    }
    sentence.say(")");
}

fn address(host: &Host) -> String {
    let mut text = Vec::new();
    push_address(&mut text, host.address);
    String::from_utf8_lossy(&text).into_owned()
}

fn push_one(out: &mut Vec<u8>, story: &Story, host: &Host, telling: &Telling<'_>, width: usize) {
    let mut text = Vec::new();
    say(&mut Sentence::new(&mut text, telling.names), story, host, telling);
    let indent = INDENT + width + 2;
    let mut lines = Vec::new();
    wrap::push(&mut lines, &String::from_utf8_lossy(&text), indent, telling.width.max(indent + 30));
    let address = address(host);
    out.resize(out.len() + INDENT, b' ');
    telling.palette.paint(out, Role::Network, |out| out.extend_from_slice(address.as_bytes()));
    out.extend_from_slice(lines.get(INDENT + address.len()..).unwrap_or(b"\n"));
}

/// Whose card one of several is that are said to be a host's, where another has no other.
fn whose(story: &Story, host: &Host, known: &HardwareAddress) -> Option<IpAddr> {
    let is_alone = |other: &&Host| matches!(*other.links, [HardwareAddress { address, .. }] if address == known.address);
    let is_contested = host.links.len() > 1 && host.spoofer.is_none() && !host.is_contested;
    let mut others =
        story.hosts.iter().filter(|other| is_contested && other.proxy.is_none() && other.address.is_ipv4() == host.address.is_ipv4());
    others.find(is_alone).map(|other| other.address)
}

/// Says which hardware addresses are said to be a host's.
fn say_links(sentence: &mut Sentence<'_>, story: &Story, host: &Host) {
    if let (Some((card, own)), Some(HardwareAddress { frame, .. })) = (host.proxy, host.links.first()) {
        return match own {
            Some(own) => {
                write!(sentence, "is behind {own}, which answers for it: its frames go to {} (proxy ARP, frame {frame})", Link(card))
            }
            None => {
                write!(sentence, "is behind a router, which answers for it: its frames go to {} (proxy ARP, frame {frame})", Link(card))
            }
        };
    }
    let mut vlans: Vec<u32> = host.links.iter().map(|known| known.tags).collect();
    vlans.sort_unstable();
    vlans.dedup();
    let all: Vec<String> = host
        .links
        .iter()
        .map(|known| match (vlans.len(), known.tags) {
            (0 | 1, _) => match whose(story, host, known) {
                Some(other) => format!("{} (frame {}, the card of {other} too)", Link(known.address), known.frame),
                None => format!("{} (frame {})", Link(known.address), known.frame),
            },
            (_, 0) => format!("{} without a VLAN's tag (frame {})", Link(known.address), known.frame),
            (_, tags) => format!("{} in VLAN {} (frame {})", Link(known.address), Vlan(tags), known.frame),
        })
        .collect();
    match (host.spoofer, all.as_slice()) {
        (Some((card, own)), _) => {
            sentence.say("is claimed by ");
            sentence.list(&all);
            match own {
                Some(own) => write!(sentence, "; {} is the card of {own}: see what is wrong", Link(card)),
                None => write!(sentence, "; {} only pretends to have it: see what is wrong", Link(card)),
            }
        }
        (None, [one]) => write!(sentence, "has the hardware address {one}"),
        (None, _) => {
            sentence.say(if host.is_contested { "is claimed by " } else { "has the hardware addresses " });
            sentence.list(&all);
            sentence.say(match (host.is_contested, vlans.len()) {
                (true, _) => ": see what is wrong",
                (false, 0 | 1) => "",
                (false, _) => ": that may be several hosts, one in each VLAN",
            });
        }
    }
}

/// Says which addresses are of the same machine: all of them with the first, and with the others only which that is.
fn say_machine(sentence: &mut Sentence<'_>, host: &Host, machine: &Machine) {
    match machine.addresses.split_first() {
        Some((first, others)) if *first == host.address => {
            sentence.say("is one machine with ");
            sentence.list(others);
            write!(sentence, " (inferred: they have the hardware address {}", Link(machine.card));
            if !machine.frames.is_empty() {
                sentence.say(if machine.frames.len() == 1 { ", frame " } else { ", frames " });
                sentence.list(&machine.frames);
            }
            sentence.say(")");
        }
        Some((first, _)) => write!(sentence, "is the machine of {first}"),
        None => {}
    }
}

/// Says what is known of a host.
fn say(sentence: &mut Sentence<'_>, story: &Story, host: &Host, telling: &Telling<'_>) {
    let mut between = "";
    let mut item = |sentence: &mut Sentence<'_>, say: &dyn Fn(&mut Sentence<'_>)| {
        sentence.say(between);
        between = "; ";
        say(sentence);
    };
    if let Some(known) = telling.names.known(host.address) {
        // What only a client wrote is no name that somebody gave.
        let is_only_said = known.all().all(|name| matches!(name.source, NameSource::HttpHost | NameSource::ServerName));
        item(sentence, &|sentence| {
            let verb = if is_only_said { "was addressed as" } else { "is called" };
            write!(sentence, "{verb} {} (", Shown(known.first().name.as_bytes()));
            push_origin(sentence.out(), known.first());
            sentence.say(")");
            let others = known.all().count() - 1;
            if others > 0 {
                sentence.say(", also ");
                sentence.list(known.all().skip(1).take(2).map(|other| Shown(other.name.as_bytes())));
                if others > 2 {
                    write!(sentence, " and {}", Counted(others as u64 - 2, "more name"));
                }
            }
        });
    }
    let mut clients: Vec<String> = Vec::new();
    for (role, frame) in &host.roles {
        match role {
            Part::Client(application, true) => clients.extend(application.map(short)),
            Part::Client(application, false) => {
                clients.extend(application.map(|application| [&short(application), " (by the port)"].concat()));
            }
            // Whose card it was that passed the packets on is not known where another claims the address.
            Part::Gateway(Origin::Forwarding) if host.spoofer.is_some() => {}
            Part::Gateway(origin) => item(sentence, &|sentence| {
                sentence.say("is the gateway to other networks");
                say_origin(sentence, *origin, &[*frame]);
            }),
            Part::FormerGateway(origin, left) => item(sentence, &|sentence| {
                write!(sentence, "was the gateway to other networks until frame {left}");
                say_origin(sentence, *origin, &[*frame]);
            }),
            Part::Router => {
                item(sentence, &|sentence| write!(sentence, "is a router: it said that a packet's time was up (frame {frame})"))
            }
            Part::Advertiser => item(sentence, &|sentence| write!(sentence, "is a router: it says so to everybody (frame {frame})")),
            Part::Redirector => item(sentence, &|sentence| write!(sentence, "is a router: it told a host of a better way (frame {frame})")),
            Part::Reporter => item(sentence, &|sentence| {
                write!(sentence, "is a router: it said why a packet for another got no further (frame {frame})");
            }),
            Part::ToldNameServer(origin) => item(sentence, &|sentence| {
                sentence.say("is a name server");
                say_origin(sentence, *origin, &[*frame]);
            }),
            Part::NameServer => item(sentence, &|sentence| write!(sentence, "answers questions for names (frame {frame})")),
            Part::LeaseServer if host.address.is_ipv6() => {
                item(sentence, &|sentence| write!(sentence, "gives addresses or prefixes out by DHCPv6 (frame {frame})"));
            }
            Part::LeaseServer => item(sentence, &|sentence| write!(sentence, "gives addresses out by DHCP (frame {frame})")),
            Part::LeaseRelay if host.address.is_ipv6() => {
                item(sentence, &|sentence| write!(sentence, "passes on what hosts ask of DHCPv6 (a relay, frame {frame})"));
            }
            Part::LeaseRelay => item(sentence, &|sentence| write!(sentence, "passes on what hosts ask of DHCP (a relay, frame {frame})")),
            Part::LeaseClient if host.address.is_ipv6() => {
                item(sentence, &|sentence| write!(sentence, "was given out by DHCPv6 (frame {frame})"));
            }
            Part::LeaseClient => item(sentence, &|sentence| write!(sentence, "got its address by DHCP (frame {frame})")),
            Part::Server(Some(application), port, false) => item(sentence, &|sentence| {
                write!(sentence, "answers on port {port}, which is that of {} (frame {frame})", short(*application));
            }),
            Part::Server(Some(application), port, true) => item(sentence, &|sentence| {
                write!(sentence, "serves {} on port {port} (frame {frame})", short(*application));
            }),
            Part::Server(None, port, _) => item(sentence, &|sentence| write!(sentence, "serves something on port {port} (frame {frame})")),
        }
    }
    if !clients.is_empty() {
        item(sentence, &|sentence| {
            sentence.say("is a client of ");
            sentence.list(&clients);
        });
    }
    if !host.links.is_empty() {
        item(sentence, &|sentence| say_links(sentence, story, host));
    }
    if let Some(machine) = &host.machine {
        item(sentence, &|sentence| say_machine(sentence, host, machine));
    }
    if let (Some(routers @ 1..), Some(limit)) = (host.routers(), host.hop_limit) {
        item(sentence, &|sentence| {
            write!(
                sentence,
                "is {} away from where this was captured (inferred: its packets arrive with a time to live of {limit}, and systems begin \
                 with {})",
                Counted(routers.into(), "router"),
                u16::from(limit) + u16::from(routers)
            );
        });
    }
    if between.is_empty() {
        sentence.say(if host.sent == 0 { "is spoken to" } else { "sent " });
        if host.sent > 0 {
            write!(sentence, "{} (the first is frame {})", Counted(host.sent, "frame"), host.first);
        }
    }
}
