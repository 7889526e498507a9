//! The story as JSON, one object a line.

use super::event;
use super::so_far::SoFar;
use super::words::{Vlan, kind_key};
use crate::conversation::Names;
use crate::explain::Surety;
use crate::explain::story::{Event, Group, HardwareAddress, Host, Protection, Role, Story, What, Wrong};
use crate::render::json::object::Object;
use crate::render::name;
use crate::render::note;
use crate::render::number::{push_address, push_decimal, push_mac};
use crate::render::sentence::Sentence;
use crate::render::time::Calendar;
use std::net::IpAddr;

/// Appends the story: hosts, events, notes and a summary, which tells what the limits cut off beside events.
pub fn push_json(out: &mut Vec<u8>, story: &Story, names: &Names, limits: &[(&str, u64)]) {
    for host in &story.hosts {
        line(out, "host", |object| push_host(object, host, names));
    }
    for network in &story.networks {
        line(out, "network", |object| {
            object.string("prefix", &network.prefix.trunc().to_string());
            object.string("from", network.origin.word());
            object.boolean("told", network.origin.surety() == Surety::Told);
            object.array("evidence", &network.frames, |out, frame| push_decimal(out, *frame));
        });
    }
    let mut so_far = SoFar::new(names);
    for event in &story.events {
        line(out, "event", |object| push_event(object, event, story, names, &mut so_far));
    }
    for wrong in story.capture.iter().chain(story.wrong.iter().flat_map(Wrong::notes)) {
        line(out, "note", |object| object.name("note").extend_from_slice(&noted(wrong, names)));
    }
    line(out, "summary", |object| {
        let span = &story.span;
        object.number("frames", span.frames);
        object.number("bytes", span.bytes);
        object.number("hosts", story.hosts.len() as u64);
        object.number("conversations", span.conversations);
        object.number("events", story.events.len() as u64);
        object.number("notes", (story.capture.len() + story.wrong.iter().flat_map(Wrong::notes).count()) as u64);
        object.number("cut_frames", span.cut.0);
        object.number("damaged_frames", span.damaged.0);
        object.number("left_out", story.left_out);
        if limits.iter().any(|(_, number)| *number > 0) {
            object.object("limits", |object| {
                limits.iter().filter(|(_, number)| *number > 0).for_each(|(name, number)| object.number(name, *number));
            });
        }
        object.objects("other_frames", &story.others, |object, other| {
            object.string("protocol", other.protocol.name);
            object.number("frames", other.frames);
            object.number("first", other.first);
        });
    });
}

fn noted(wrong: &crate::explain::Note, names: &Names) -> Vec<u8> {
    let mut text = Vec::new();
    note::push_json(&mut text, wrong, names);
    text
}

fn line(out: &mut Vec<u8>, kind: &str, write: impl FnOnce(&mut Object<'_>)) {
    let mut object = Object::begin(out);
    object.string("type", kind);
    write(&mut object);
    object.end();
    out.push(b'\n');
}

fn address(object: &mut Object<'_>, key: &str, address: IpAddr) {
    let out = object.name(key);
    out.push(b'"');
    push_address(out, address);
    out.push(b'"');
}

fn push_vlan(object: &mut Object<'_>, tags: u32) {
    if tags > 0 {
        object.string("vlan", &Vlan(tags).to_string());
    }
}

fn link(object: &mut Object<'_>, key: &str, link: [u8; 6]) {
    let out = object.name(key);
    out.push(b'"');
    push_mac(out, link);
    out.push(b'"');
}

fn push_host(object: &mut Object<'_>, host: &Host, names: &Names) {
    address(object, "address", host.address);
    if let Some(known) = names.known(host.address) {
        object.objects("names", known.all(), |object, evidence| {
            object.string("name", &evidence.name);
            object.string("from", name::source_key(evidence.source));
            if let Some(frame) = evidence.frame {
                object.number("frame", frame);
            }
        });
    }
    object.number("first_frame", host.first);
    object.number("frames", host.sent);
    let push_link = |object: &mut Object<'_>, [key, frame_key]: [&'static str; 2], known: &HardwareAddress| {
        link(object, key, known.address);
        object.number(frame_key, known.frame);
        push_vlan(object, known.tags);
    };
    if let Some(known) = host.links.first() {
        push_link(object, ["link_address", "link_address_frame"], known);
    }
    if let Some(others) = host.links.get(1..).filter(|others| !others.is_empty()) {
        object.objects("other_link_addresses", others, |object, known| push_link(object, ["address", "frame"], known));
    }
    if let Some((_, Some(own))) = host.proxy {
        address(object, "proxy", own);
    }
    if let Some((_, Some(own))) = host.spoofer {
        address(object, "spoofer", own);
    }
    if let Some(limit) = host.hop_limit {
        object.number("hop_limit", limit.into());
    }
    if let Some(routers) = host.routers() {
        object.number("routers_away", routers.into());
    }
    if let Some(machine) = &host.machine {
        object.objects("machine", &machine.addresses, |object, other| address(object, "address", *other));
    }
    object.objects("roles", &host.roles, |object, (role, frame)| {
        let (word, application, port) = match role {
            Role::Gateway(_) => ("gateway", None, None),
            Role::FormerGateway(..) => ("former-gateway", None, None),
            Role::Router => ("router", None, None),
            Role::Advertiser => ("advertising-router", None, None),
            Role::Redirector => ("redirecting-router", None, None),
            Role::Reporter => ("reporting-router", None, None),
            Role::NameServer => ("name-server", None, None),
            Role::ToldNameServer(_) => ("told-name-server", None, None),
            Role::LeaseServer => ("dhcp-server", None, None),
            Role::LeaseRelay => ("dhcp-relay", None, None),
            Role::LeaseClient => ("dhcp-client", None, None),
            Role::Server(application, port, _) => ("server", *application, Some(*port)),
            Role::Client(application, _) => ("client", *application, None),
        };
        object.string("role", word);
        if let Some(application) = application {
            object.string("application", application.name());
        }
        if let Some(port) = port {
            object.number("port", port.into());
        }
        if let Role::Server(Some(_), _, false) | Role::Client(Some(_), false) = role {
            object.boolean("by_port", true);
        }
        object.number("frame", *frame);
    });
}

fn push_event(object: &mut Object<'_>, event: &Event, story: &Story, names: &Names, so_far: &mut SoFar) {
    object.string("kind", kind_key(&event.what));
    object.number("frame", event.frame);
    if let Some(time) = event.time {
        let out = object.name("time");
        out.push(b'"');
        Calendar::default().push_rfc3339(out, time);
        out.push(b'"');
    }
    let mut text = Vec::new();
    let group = Group { first: event, alike: Vec::new(), notes: Vec::new(), tags: None, scan: None };
    event::say(&mut Sentence::new(&mut text, so_far.at(event)), &story.clock, &group);
    object.string("text", &String::from_utf8_lossy(&text));
    match &event.what {
        What::Resolved(of) | What::Announced(of) | What::Probed(of) => {
            address(object, "asker", of.asker);
            address(object, "target", of.target);
            object.number("asked", of.asked);
            push_vlan(object, of.tags);
            if let Some(Some(proxy)) = of.proxy {
                address(object, "proxy", proxy);
            }
            if let Some((told, frame)) = of.answer {
                link(object, "answer", told);
                object.number("answer_frame", frame);
            }
        }
        What::Leased(lease) => {
            link(object, "client", lease.client);
            if let Some(given) = lease.address {
                address(object, "address", given.into());
            }
            if let Some(server) = lease.server {
                address(object, "server", server.into());
            }
        }
        What::Leased6(lease) => {
            if let Some(client) = lease.client {
                address(object, "client", client);
            }
            if let Some(server) = lease.server {
                address(object, "server", server);
            }
            object.objects("addresses", &lease.addresses, |object, (given, seconds)| {
                address(object, "address", (*given).into());
                object.number("seconds", *seconds);
            });
            object.objects("prefixes", &lease.prefixes, |object, (prefix, bits, seconds)| {
                object.string("prefix", &format!("{prefix}/{bits}"));
                object.number("seconds", *seconds);
            });
            object.objects("name_servers", &lease.name_servers, |object, server| address(object, "address", (*server).into()));
        }
        What::Advertised { router, card, told } => {
            address(object, "router", *router);
            if let Some(card) = card {
                link(object, "hardware_address", *card);
            }
            object.number("times", told.times);
            object.objects("prefixes", &told.prefixes, |object, prefix| object.string("prefix", &prefix.to_string()));
            object.objects("name_servers", &told.name_servers, |object, server| address(object, "address", (*server).into()));
            object.objects("search_domains", &told.domains, |object, domain| object.text("domain", domain));
            if let Some(mtu) = told.mtu {
                object.number("mtu", mtu.into());
            }
        }
        What::Beaconed(told) => {
            link(object, "access_point", told.address);
            if let Some(name) = &told.name {
                object.text("network", name);
            }
            if let Some(channel) = told.channel {
                object.number("channel", channel.into());
            }
            object.string(
                "protection",
                match told.protection {
                    Protection::Open => "none",
                    Protection::Wep => "wep",
                    Protection::Wpa => "wpa",
                    Protection::Wpa2 => "wpa2",
                    Protection::Wpa3 => "wpa3",
                },
            );
            object.number("times", told.times);
        }
        What::Joined(joining) => {
            link(object, "access_point", joining.access_point);
            link(object, "station", joining.station);
            if let Some(name) = &joining.name {
                object.text("network", name);
            }
            object.boolean("has_keys", joining.agreed[2].is_some());
        }
        What::LookedUp(lookup) => {
            address(object, "client", lookup.client.address);
            address(object, "server", lookup.server.address);
            object.text("name", &lookup.of.name);
            object.number("conversation", lookup.of.conversation);
            if let Some(answer) = &lookup.of.answer {
                object.number("answer_frame", answer.origin.frame);
                object.number("code", answer.code.into());
            }
        }
        What::Held(held) => {
            object.number("conversation", held.conversation.id);
            address(object, "client", held.conversation.ends[0].address);
            address(object, "server", held.conversation.ends[1].address);
            object.number("port", held.conversation.ends[1].port.into());
            push_vlan(object, held.tags);
            if let Some((application, _)) = held.application {
                object.string("application", application.name());
            }
            object.number("exchanges", held.exchanges.len() as u64 + held.more_exchanges);
        }
        What::Pinged(ping) => {
            object.number("conversation", ping.conversation);
            address(object, "client", ping.asker);
            address(object, "server", ping.target);
            push_vlan(object, ping.tags);
            object.number("asked", ping.asked);
            if ping.again > 0 {
                object.number("came_by_again", ping.again);
            }
            object.number("answered", ping.answered);
            if ping.others > 0 {
                object.number("answered_by_others", ping.others);
            }
        }
        What::Traced(trace) => {
            address(object, "source", trace.source);
            address(object, "destination", trace.destination);
            object.objects("hops", &trace.hops, |object, hop| {
                address(object, "router", hop.router);
                if let Some(distance) = hop.distance {
                    object.number("distance", distance.into());
                }
                object.number("frame", hop.frame);
            });
        }
        What::Reported(report) => {
            address(object, "reporter", report.reporter);
            address(object, "source", report.source);
            address(object, "destination", report.destination);
            object.number("icmp_type", report.kind.into());
            object.number("icmp_code", report.code.into());
            object.number("times", report.times);
        }
        What::Fragmented(fragmented) => {
            address(object, "source", fragmented.source);
            address(object, "destination", fragmented.destination);
            object.number("datagrams", fragmented.datagrams);
            object.number("fragments", fragmented.fragments);
            object.number("length", fragmented.length);
        }
        What::Explained(explained) => object.name("note").extend_from_slice(&noted(explained, names)),
    }
}
