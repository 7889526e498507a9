//! What an address, a prefix or a link address is: as a page for people, and as JSON.

mod hardware;
mod json;
mod meaning;
mod one;
mod page;
mod prefix;
mod reach;
mod relation;

pub use json::{push_address_json, push_hardware_json, push_prefix_json, push_relation_json};
pub use page::Page;
pub use reach::Asked;
pub use relation::Under;

use crate::explain::address::written::MaskForm;
use crate::host::Host;
use crate::render::escape;
use crate::render::sentence::Link;
use ipnet::IpNet;
use std::net::IpAddr;

/// An address that is explained, with what was written beside it and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The address.
    pub address: IpAddr,
    /// The zone that was written behind it.
    pub zone: Option<Box<str>>,
    /// The port that was written behind it.
    pub port: Option<u16>,
    /// Its names, each with who says so.
    pub names: Vec<Called>,
}

/// A name, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The name.
    pub name: String,
    /// Who says so: `/etc/hosts`, `DNS answer, frame 2`.
    pub origin: String,
}

/// Appends what an address is, and how the machine that was asked reaches it.
pub fn push_address(page: &mut Page<'_>, subject: &Subject, asked: Option<&Asked<'_>>) {
    page.title(&subject.address.to_string());
    if let Some(port) = subject.port {
        page.row("port", &format!("{port} is a port of TCP or UDP: which program on the host is meant, no part of the address"));
    }
    if let Some(zone) = &subject.zone {
        let zone = escape::text(zone.as_bytes());
        page.row(
            "zone",
            &format!("{zone}: which link is meant, for the same address may be on each of them; it is never sent (RFC 4007 11)"),
        );
    }
    if !subject.names.is_empty() {
        let names: Vec<String> = subject
            .names
            .iter()
            .map(|called| format!("{} ({})", escape::text(called.name.as_bytes()), escape::text(called.origin.as_bytes())))
            .collect();
        page.row("name", &names.join(", "));
    }
    one::push(page, subject.address);
    if let Some(asked) = asked {
        reach::push(page, asked);
    }
}

/// Appends what a prefix holds, whether the machine is in it, and how it reaches the address where that is one.
pub fn push_prefix(page: &mut Page<'_>, prefix: IpNet, form: MaskForm, whose: Option<(&str, &Host)>, asked: Option<&Asked<'_>>) {
    page.title(&prefix.to_string());
    prefix::push(page, prefix, form);
    if let Some((whose, host)) = whose {
        reach::push_presence(page, whose, host, prefix.trunc());
    }
    if let Some(asked) = asked {
        reach::push(page, asked);
    }
}

/// Appends what a link address is.
pub fn push_hardware(page: &mut Page<'_>, address: [u8; 6]) {
    page.title(&Link(address).to_string());
    hardware::push(page, address);
}

/// Appends how two addresses stand to each other, under the prefixes that are known.
pub fn push_relation(page: &mut Page<'_>, a: IpAddr, b: IpAddr, under: &[Under]) {
    page.title(&format!("{a} and {b}"));
    relation::push(page, a, b, under);
}
