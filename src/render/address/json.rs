//! The same as JSON, one object a line.

use super::hardware::{day, link_local, meaning_words};
use super::meaning::kind_word;
use super::one::reverse_name;
use super::prefix::smallest_common;
use super::{Asked, Subject, Under, reach};
use crate::explain::address::embedded::{Embedded, embedded};
use crate::explain::address::hardware::Hardware;
use crate::explain::address::kind::class;
use crate::explain::address::multicast::{group, group_link_address, well_known};
use crate::explain::address::special::specials;
use crate::explain::address::{Special, Subnet, common_bits, kind, same_subnet};
use crate::render::bits::drawing;
use crate::render::json::object::Object;
use crate::render::json::push_string;
use crate::render::sentence::Link;
use ipnet::IpNet;
use std::net::IpAddr;

/// Appends what an address is, and how the machine that was asked reaches it.
pub fn push_address_json(out: &mut Vec<u8>, subject: &Subject, asked: Option<&Asked<'_>>) {
    let address = subject.address;
    let mut object = Object::begin(out);
    object.string("type", "address");
    object.string("address", &address.to_string());
    object.number("version", if address.is_ipv4() { 4 } else { 6 });
    if let Some(zone) = &subject.zone {
        object.string("zone", zone);
    }
    if let Some(port) = subject.port {
        object.number("port", port.into());
    }
    object.objects("names", &subject.names, |object, called| {
        object.string("name", &called.name);
        object.string("origin", &called.origin);
    });
    object.string("kind", kind_word(kind(address)));
    let mut rows: Vec<&Special> = specials(address).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.prefix.prefix_len()));
    push_rows(&mut object, &rows);
    if address.is_multicast() {
        object.object("group", |object| push_group(object, address));
    }
    match address {
        IpAddr::V4(address) => object.string("class", class(address).0),
        IpAddr::V6(address) => object.objects("embedded", embedded(address), push_embedded),
    }
    object.string("bits", &drawing(address, None));
    object.string("reverse_name", &reverse_name(address));
    if let Some(asked) = asked {
        object.object("reach", |object| reach::push_members(object, asked));
    }
    object.end();
    out.push(b'\n');
}

fn push_rows(object: &mut Object<'_>, rows: &[&Special]) {
    object.objects("registry", rows, |object, row| {
        object.string("prefix", &row.prefix.to_string());
        object.string("name", row.name);
        object.string("reference", row.reference);
        object.string("allocated", row.allocated);
        if let Some(when) = row.terminated {
            object.string("terminated", when);
        }
        let says = [
            ("source", row.source),
            ("destination", row.destination),
            ("forwardable", row.forwardable),
            ("globally_reachable", row.global),
            ("reserved_by_protocol", row.reserved),
        ];
        for (name, answer) in says {
            if let Some(answer) = answer {
                object.boolean(name, answer);
            }
        }
    });
}

fn push_group(object: &mut Object<'_>, address: IpAddr) {
    if let Some(known) = well_known(address) {
        object.string("who", known.who);
        object.string("reference", known.reference);
    }
    if let IpAddr::V6(address) = address
        && let Some(group) = group(address)
    {
        object.number("scope", group.scope_number.into());
        object.boolean("transient", group.transient);
        object.boolean("from_prefix", group.from_prefix);
        object.boolean("rendezvous", group.rendezvous);
        object.boolean("source_specific", group.source_specific);
    }
    if let Some(link) = group_link_address(address) {
        object.string("link_address", &Link(link).to_string());
    }
}

fn push_embedded(object: &mut Object<'_>, found: Embedded) {
    let mut one = |kind: &str, name: &str, value: String| {
        object.string("kind", kind);
        object.string(name, &value);
    };
    match found {
        Embedded::Ipv4Mapped(address) => one("ipv4-mapped", "address", address.to_string()),
        Embedded::Ipv4Compatible(address) => one("ipv4-compatible", "address", address.to_string()),
        Embedded::Ipv4Translated(address) => one("ipv4-translated", "address", address.to_string()),
        Embedded::Translated { prefix, address, certain } => {
            one("nat64", "address", address.to_string());
            object.string("prefix", &prefix.to_string());
            object.boolean("certain", certain);
        }
        Embedded::SixToFour { router, subnet } => {
            one("6to4", "router", router.to_string());
            object.number("subnet", subnet.into());
        }
        Embedded::Teredo { server, flags, port, client } => {
            one("teredo", "server", server.to_string());
            object.number("flags", flags.into());
            object.number("port", port.into());
            object.string("client", &client.to_string());
        }
        Embedded::Isatap { address, unique } => {
            one("isatap", "address", address.to_string());
            object.boolean("unique", unique);
        }
        Embedded::LinkAddress(link) => one("eui-64", "link_address", Link(link).to_string()),
        Embedded::GroupPrefix(prefix) => one("group-prefix", "prefix", prefix.to_string()),
        Embedded::RendezvousPoint(router) => one("rendezvous-point", "address", router.to_string()),
    }
}

/// Appends what a prefix holds, and how the machine that was asked reaches the address where that is one.
pub fn push_prefix_json(out: &mut Vec<u8>, prefix: IpNet, asked: Option<&Asked<'_>>) {
    let subnet = Subnet::of(prefix);
    let mut object = Object::begin(out);
    object.string("type", "prefix");
    object.string("prefix", &prefix.to_string());
    object.string("network", &subnet.network.to_string());
    object.boolean("host_bits_set", prefix.addr() != subnet.network.addr());
    object.number("length", prefix.prefix_len().into());
    object.string("mask", &subnet.mask.to_string());
    object.string("wildcard", &subnet.wildcard.to_string());
    object.string("bits", &drawing(prefix.addr(), Some(prefix.prefix_len())));
    object.string("first_host", &subnet.first.to_string());
    object.string("last_host", &subnet.last.to_string());
    object.number("host_bits", subnet.host_bits.into());
    // Beyond 2^53 a program that reads JSON may round.
    if let Some(hosts) = subnet.hosts().and_then(|hosts| u64::try_from(hosts).ok()).filter(|hosts| *hosts <= 1 << 53) {
        object.number("hosts", hosts);
    }
    let others = [("broadcast", subnet.broadcast), ("any_router", subnet.any_router), ("customary_gateway", subnet.customary_gateway)];
    for (name, address) in others {
        if let Some(address) = address {
            object.string(name, &address.to_string());
        }
    }
    let rows: Vec<&Special> = specials(prefix.addr()).filter(|row| row.prefix.contains(&subnet.network)).collect();
    push_rows(&mut object, &rows);
    if let Some(asked) = asked {
        object.object("reach", |object| reach::push_members(object, asked));
    }
    object.end();
    out.push(b'\n');
}

/// Appends what a link address is.
pub fn push_hardware_json(out: &mut Vec<u8>, address: [u8; 6]) {
    let hardware = Hardware::of(address);
    let mut object = Object::begin(out);
    object.string("type", "link-address");
    object.string("address", &Link(address).to_string());
    object.boolean("group", hardware.group);
    object.boolean("local", hardware.local);
    if let Some(vendor) = hardware.vendor {
        object.string("vendor", vendor.name);
        object.number("vendor_bits", vendor.bits.into());
    }
    object.string("registry_of", &day());
    if let Some(meaning) = hardware.meaning {
        object.string("meaning", &meaning_words(meaning));
    }
    if !hardware.group {
        object.string("link_local", &link_local(address).to_string());
    }
    object.end();
    out.push(b'\n');
}

/// Appends how two addresses stand to each other.
pub fn push_relation_json(out: &mut Vec<u8>, a: IpAddr, b: IpAddr, under: &[Under]) {
    let mut object = Object::begin(out);
    object.string("type", "relation");
    object.array("addresses", [a, b], |out, address| push_string(out, &address.to_string()));
    if let Some(common) = common_bits(a, b) {
        object.number("common_bits", common.into());
        if let Some(smallest) = smallest_common(a, b, common) {
            object.string("smallest_network", &smallest.to_string());
        }
        object.objects("under", under, |object, Under { prefix, from }| {
            object.string("prefix", &prefix.to_string());
            object.string("from", from);
            let compared = same_subnet(a, b, prefix.prefix_len());
            object.boolean("same_subnet", compared.is_some_and(|compared| compared.same()));
        });
    }
    object.end();
    out.push(b'\n');
}
