//! What a prefix holds, as a page.

use super::one::{push_rows, reverse_digits};
use super::page::{INDENT, Page};
use crate::explain::address::special::{self, Special};
use crate::explain::address::written::MaskForm;
use crate::explain::address::{Subnet, bits};
use crate::render::bits::push_masked;
use crate::render::sentence::Grouped;
use ipnet::IpNet;
use std::net::IpAddr;

/// What is said of a prefix whatever the host.
pub(super) fn push(page: &mut Page<'_>, prefix: IpNet, form: MaskForm) {
    let subnet = Subnet::of(prefix);
    let length = prefix.prefix_len();
    let is_host = prefix.addr() != subnet.network.addr();
    page.row("network", &network_words(&subnet));
    if is_host {
        page.row(
            "host bits",
            &format!(
                "{} of {} are set: {} is an address in {}; where a network is meant (a route, a filter) write that",
                host_bits_set(prefix),
                subnet.host_bits,
                prefix.addr(),
                subnet.network
            ),
        );
    }
    page.row("mask", &mask_words(&subnet, form));
    page.drawing("bits", |out, palette| push_masked(out, prefix, INDENT, palette));
    if length > 0 && subnet.is_for_hosts {
        of_hosts(page, &subnet);
    } else {
        page.row("addresses", &addresses_words(&subnet));
    }
    of_registry(page, subnet.network);
    if let Some(zone) = reverse_zone(subnet.network) {
        page.row("zone", &format!("{zone}, where reverse look-ups for it are answered"));
    }
    if let (IpAddr::V4(_), 1..=30) = (prefix.addr(), length) {
        halves(page, subnet.network);
    }
}

fn of_hosts(page: &mut Page<'_>, subnet: &Subnet) {
    page.row("hosts", &hosts_words(subnet));
    if let Some(broadcast) = subnet.broadcast {
        page.row("broadcast", &format!("{broadcast}: the address of all its hosts, every host bit a one (RFC 919 7)"));
    }
    if let Some(router) = subnet.any_router {
        page.row("any router", &format!("{router}, every host bit a zero, is the address of any of its routers (RFC 4291 2.6.1)"));
    }
    if let Some(gateway) = subnet.customary_gateway {
        let by = if gateway.is_ipv4() { "" } else { "; hosts learn it from router advertisements, by its link-local address" };
        page.row("gateway", &format!("{gateway} by custom, the first address that a host may have; nothing prescribes it{by}"));
    }
}

/// How many addresses there are: `2^6 = 64 addresses`.
fn addresses_words(subnet: &Subnet) -> String {
    let bits = subnet.host_bits;
    match subnet.addresses().and_then(|addresses| u64::try_from(addresses).ok()) {
        Some(addresses) => format!("2^{bits} = {} addresses", Grouped(addresses)),
        None => format!("2^{bits} addresses"),
    }
}

fn network_words(subnet: &Subnet) -> String {
    let length = subnet.network.prefix_len();
    let everything =
        if length == 0 { ": every address; as a route it is the default, which is for what no other route is for" } else { "" };
    format!("{}{everything}", subnet.network)
}

/// How many host bits are ones.
fn host_bits_set(prefix: IpNet) -> u32 {
    match (prefix.addr(), prefix.hostmask()) {
        (IpAddr::V4(address), IpAddr::V4(mask)) => (u32::from(address) & u32::from(mask)).count_ones(),
        (IpAddr::V6(address), IpAddr::V6(mask)) => (u128::from(address) & u128::from(mask)).count_ones(),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => 0,
    }
}

fn mask_words(subnet: &Subnet, form: MaskForm) -> String {
    let length = subnet.network.prefix_len();
    let shape = match (length, subnet.host_bits) {
        (0, zeros) => format!("{zeros} zeros"),
        (ones, 0) => format!("{ones} ones"),
        (ones, zeros) => format!("{} and then {}", counted(ones, "one"), counted(zeros, "zero")),
    };
    match subnet.mask {
        IpAddr::V4(mask) => {
            let written = match form {
                MaskForm::Length | MaskForm::Mask => "",
                MaskForm::Wildcard => " (as it was written)",
            };
            format!("{mask}, or /{length}: {shape}; turned over {}, the wildcard of access lists{written}", subnet.wildcard)
        }
        IpAddr::V6(_) => format!("/{length}: {shape}"),
    }
}

fn counted(number: u8, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn hosts_words(subnet: &Subnet) -> String {
    let Subnet { first, last, host_bits, .. } = *subnet;
    let ipv4 = subnet.network.addr().is_ipv4();
    match host_bits {
        0 => format!("{first} alone"),
        1 if ipv4 => format!("{first} and {last}: a point-to-point link, which needs no address for the network or for all (RFC 3021)"),
        1 => format!("{first} and {last}: a link between two routers (RFC 6164)"),
        _ => {
            let usable = match subnet.hosts().and_then(|hosts| u64::try_from(hosts).ok()) {
                Some(hosts) if ipv4 => format!(", {} for hosts: the first is the network's own, the last its broadcast", Grouped(hosts)),
                Some(_) | None => String::new(),
            };
            format!("{first} to {last}; {}{usable}", addresses_words(subnet))
        }
    }
}

fn of_registry(page: &mut Page<'_>, network: IpNet) {
    let rows: &[Special] = if network.addr().is_ipv4() { &special::IPV4 } else { &special::IPV6 };
    let mut around: Vec<&Special> = rows.iter().filter(|row| row.prefix.contains(&network)).collect();
    around.sort_by_key(|row| std::cmp::Reverse(row.prefix.prefix_len()));
    push_rows(page, &around);
    let inside: Vec<&Special> = rows.iter().filter(|row| network.contains(&row.prefix) && row.prefix != network).collect();
    if !inside.is_empty() {
        const NAMED: usize = 4;
        let mut names: Vec<String> = inside.iter().take(NAMED).map(|row| format!("{} {}", row.prefix, row.name)).collect();
        if inside.len() > NAMED {
            names.push(format!("and {} more", inside.len() - NAMED));
        }
        page.row("holds", &format!("special-purpose blocks: {}", names.join(", ")));
    }
}

/// The zone of names for reverse look-ups, where the border is one that names have.
fn reverse_zone(network: IpNet) -> Option<String> {
    let length = network.prefix_len();
    match network.addr() {
        IpAddr::V4(address) if length > 0 && length < 32 && length.is_multiple_of(8) => {
            let octets = address.octets();
            let labels = octets.iter().take(usize::from(length / 8)).rev().map(|octet| format!("{octet}."));
            Some(labels.collect::<String>() + "in-addr.arpa")
        }
        IpAddr::V6(address) if length > 0 && length < 128 && length.is_multiple_of(4) => {
            Some(reverse_digits(address, length / 4) + "ip6.arpa")
        }
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// The two halves that one more bit would make of it, and the network that it is a half of.
fn halves(page: &mut Page<'_>, network: IpNet) {
    let length = network.prefix_len();
    let around = network.supernet().map(|around| around.to_string()).unwrap_or_default();
    let halves: Vec<String> = network.subnets(length + 1).into_iter().flatten().map(|half| half.to_string()).collect();
    page.row("neighbours", &format!("one bit more makes {} of it; with one bit less it is a half of {around}", halves.join(" and ")));
}

/// How many bits of an address a prefix leaves to hosts, for the relation of two.
pub(super) fn smallest_common(a: IpAddr, b: IpAddr, common: u8) -> Option<IpNet> {
    (a.is_ipv4() == b.is_ipv4()).then(|| IpNet::new(a, common.min(bits(a))).ok()).flatten().map(|prefix| prefix.trunc())
}
