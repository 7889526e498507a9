//! A machine's facts in a capture: all of them as JSON in comments of the section (in a pipe those of the first interface, for a reason of its
//! readers), and what pcapng has places for in those places (addresses, link address, speed and system of interfaces; names), which other
//! programs read too.
//!
//! What others wrote into those places makes a part of a machine: interfaces and names, without routes.

use super::file::{self, HostFileError};
use super::{Address, Host, Interface, LinkAddress, Named};
use crate::limits::Limits;
use crate::source::{self, NameRecord, Source};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::IpAddr;

/// The first word of the comments that hold the facts.
const MARK: &str = "wirelore-host";
/// How much of the JSON one comment holds, in bytes: an option has at most 65,535.
const PART: usize = 60_000;

/// Options of sections (pcapng specification, sections 3.5 and 4.1).
mod section {
    pub(super) const COMMENT: u16 = 1;
    pub(super) const SYSTEM: u16 = 3;
}

/// Options of interface descriptions (pcapng specification, section 4.2).
mod interface {
    pub(super) const COMMENT: u16 = 1;
    pub(super) const IPV4_ADDRESS: u16 = 4;
    pub(super) const IPV6_ADDRESS: u16 = 5;
    pub(super) const MAC_ADDRESS: u16 = 6;
    pub(super) const SPEED: u16 = 8;
    pub(super) const SYSTEM: u16 = 12;
}

/// The options of a section that holds the facts, beside what it holds already. Facts of before are replaced.
///
/// # Errors
/// The facts are too many for a capture.
pub fn section_options(host: &Host, options: &[(u16, Vec<u8>)]) -> Result<Vec<(u16, Vec<u8>)>, HostFileError> {
    let json = file::to_compact_json(host);
    if json.len() > Limits::HOST_FACTS {
        return Err(HostFileError::TooLong { name: "the facts for the capture".to_owned(), limit: Limits::HOST_FACTS });
    }
    let mut all: Vec<(u16, Vec<u8>)> =
        options.iter().filter(|(code, value)| *code != section::COMMENT || part(value).is_none()).cloned().collect();
    let mut parts = Vec::new();
    let mut rest = json.as_str();
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(rest.floor_char_boundary(PART));
        parts.push(part);
        rest = behind;
    }
    for (place, part) in parts.iter().enumerate() {
        all.push((section::COMMENT, format!("{MARK} {}/{} {part}", place + 1, parts.len()).into_bytes()));
    }
    if let (Some(system), false) = (&host.system, all.iter().any(|(code, _)| *code == section::SYSTEM)) {
        all.push((section::SYSTEM, system.clone().into_bytes()));
    }
    Ok(all)
}

/// The description of a capture's interface with what is known of the interface of that name, beside what it says already.
#[must_use]
pub fn described(host: &Host, described: &source::Interface) -> source::Interface {
    let mut described = described.clone();
    // Facts of before are replaced: the section holds those that are to be known.
    described.options.retain(|(code, value)| *code != interface::COMMENT || part(value).is_none());
    let name = described.name.as_deref().and_then(|name| std::str::from_utf8(name).ok());
    let Some(known) = name.and_then(|name| host.interface(name)) else { return described };
    let mut added: Vec<(u16, Vec<u8>)> = known.addresses.iter().map(|own| address_option(own.prefix)).collect();
    let single = [
        (interface::MAC_ADDRESS, known.link_address.as_ref().and_then(LinkAddress::mac).map(|mac| mac.to_vec())),
        (interface::SPEED, known.speed.map(|speed| speed.to_le_bytes().to_vec())),
        (interface::SYSTEM, host.system.clone().map(String::into_bytes)),
    ];
    for (code, value) in single {
        if !described.options.iter().any(|(there, _)| *there == code) {
            added.extend(value.map(|value| (code, value)));
        }
    }
    added.retain(|option| !described.options.contains(option));
    described.options.extend(added);
    described
}

/// An address with its mask (IPv4) or its prefix length (IPv6).
fn address_option(prefix: IpNet) -> (u16, Vec<u8>) {
    match prefix {
        IpNet::V4(prefix) => (interface::IPV4_ADDRESS, [prefix.addr().octets(), prefix.netmask().octets()].concat()),
        IpNet::V6(prefix) => (interface::IPV6_ADDRESS, [prefix.addr().octets().as_slice(), &[prefix.prefix_len()]].concat()),
    }
}

/// The names that the machine gives, as a capture holds them.
#[must_use]
pub fn names(host: &Host) -> Vec<NameRecord> {
    let record = |address: IpAddr, name: &String| NameRecord { address, name: name.clone().into_bytes() };
    host.names.iter().flat_map(|named| named.names.iter().map(move |name| record(named.address, name))).collect()
}

/// What a capture says of the machine that it was made on.
#[derive(Debug, Default)]
pub struct Facts {
    /// The machine, as far as it is told; `None` where nothing is.
    pub host: Option<Host>,
    /// Whether all of it was written down, and not only what interface descriptions and names hold.
    pub whole: bool,
    /// What is wrong with facts that cannot be read.
    pub problem: Option<HostFileError>,
}

/// Reads what a capture says of its machine, as far as it was read: interfaces are described as their frames come.
#[must_use]
pub fn read(source: &dyn Source) -> Facts {
    let of_section = source.section_options().iter().filter(|(code, _)| *code == section::COMMENT);
    let of_interfaces = source.interfaces().iter().flat_map(|interface| &interface.options).filter(|(code, _)| *code == interface::COMMENT);
    let mut parts: Vec<(usize, &str)> = of_section.chain(of_interfaces).filter_map(|(_, value)| part(value)).collect();
    // The sort is stable: of several captures that are read as one the first tells.
    parts.sort_by_key(|(number, _)| *number);
    parts.dedup_by_key(|(number, _)| *number);
    let json: String = parts.iter().map(|(_, text)| *text).collect();
    let mut problem = None;
    if !json.is_empty() {
        match file::parse("the facts in the capture", &json) {
            Ok(host) => return Facts { host: Some(host), whole: true, problem: None },
            Err(error) => problem = Some(error),
        }
    }
    let interfaces: Vec<Interface> = source.interfaces().iter().filter_map(partly).collect();
    // Names alone are of whoever was looked up, and say nothing of the machine.
    let host = (!interfaces.is_empty()).then(|| Host { interfaces, names: named(source.names()), ..Host::default() });
    Facts { host, whole: false, problem }
}

/// The number of a comment that holds a part of the facts, and that part.
fn part(comment: &[u8]) -> Option<(usize, &str)> {
    let text = std::str::from_utf8(comment).ok()?.strip_prefix(MARK)?.strip_prefix(' ')?;
    let (number, text) = text.split_once(' ')?;
    let (number, of) = number.split_once('/')?;
    let (number, _) = (number.parse().ok()?, of.parse::<usize>().ok()?);
    Some((number, text))
}

/// An interface as its description tells it, where it tells an address.
fn partly(described: &source::Interface) -> Option<Interface> {
    let mut known = Interface {
        name: described.name.as_deref().map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default(),
        // Frames came from it.
        up: true,
        carrier: true,
        ..Interface::default()
    };
    for (code, value) in &described.options {
        match *code {
            interface::IPV4_ADDRESS | interface::IPV6_ADDRESS => known.addresses.extend(prefix(value).map(Address::new)),
            interface::MAC_ADDRESS if value.len() == 6 => known.link_address = Some(LinkAddress(value.clone())),
            interface::SPEED => known.speed = value.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).filter(|speed| *speed > 0),
            _ => {}
        }
    }
    known.loopback = known.addresses.iter().any(|own| own.address().is_loopback());
    (!known.addresses.is_empty() || known.link_address.is_some()).then_some(known)
}

fn prefix(value: &[u8]) -> Option<IpNet> {
    if let Ok([a, b, c, d, mask @ ..]) = <[u8; 8]>::try_from(value) {
        return Ipv4Net::with_netmask([a, b, c, d].into(), mask.into()).ok().map(IpNet::V4);
    }
    let (address, length) = value.split_first_chunk::<16>()?;
    Ipv6Net::new((*address).into(), *length.first()?).ok().map(IpNet::V6)
}

fn named(records: &[NameRecord]) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for record in records {
        let name = String::from_utf8_lossy(&record.name).into_owned();
        match all.last_mut().filter(|named| named.address == record.address) {
            Some(named) => named.names.push(name),
            None => all.push(Named { address: record.address, names: vec![name] }),
        }
    }
    all
}
