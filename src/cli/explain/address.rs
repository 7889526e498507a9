//! Addresses, prefixes, link addresses and names that were typed.

use super::known::Known;
use super::word::Word;
use crate::cli::form::terminal_width;
use crate::cli::output::Output;
use crate::explain::address::written::{MaskForm, Written};
use crate::explain::rules;
use crate::host::Query;
use crate::nearest::nearest;
use crate::render::address::{
    Asked, Page, Subject, Under, push_address, push_address_json, push_hardware, push_hardware_json, push_prefix, push_prefix_json,
    push_relation, push_relation_json,
};
use crate::render::style::Palette;
use anyhow::bail;
use ipnet::IpNet;
use std::net::IpAddr;

/// One thing to explain.
enum Item {
    Address(Subject),
    Prefix(IpNet, MaskForm),
    Hardware([u8; 6]),
}

/// Explains the words that are addresses or names, and how two addresses stand to each other where there are two.
pub(super) fn run(words: &[Word<'_>], known: &Known, json: bool, palette: &Palette, out: &mut Output) -> anyhow::Result<()> {
    let mut items = Vec::new();
    for word in words {
        match word {
            Word::Address(written) => items.push(item(written, known)),
            Word::Name(name) => items.extend(named(name, known)?),
            // Captures and lessons are shown before.
            Word::Capture(_) | Word::Lesson(_) => {}
        }
    }
    for (place, item) in items.iter().enumerate() {
        if json {
            push_json(&mut out.pending, item, known);
        } else {
            let mut page = Page::new(&mut out.pending, palette, terminal_width());
            if place > 0 {
                page.space();
            }
            push_page(&mut page, item, known);
        }
        out.settle()?;
    }
    if let [first, second] = items.as_slice()
        && let (Some(a), Some(b)) = (address(first), address(second))
    {
        let under = under(first, second, known);
        if json {
            push_relation_json(&mut out.pending, a, b, &under);
        } else {
            let mut page = Page::new(&mut out.pending, palette, terminal_width());
            page.space();
            push_relation(&mut page, a, b, &under);
        }
    }
    Ok(())
}

fn item(written: &Written, known: &Known) -> Item {
    match written {
        Written::Address { address, zone, port } => {
            Item::Address(Subject { address: *address, zone: zone.clone(), port: *port, names: known.names_of(*address) })
        }
        Written::Prefix { prefix, form } => Item::Prefix(*prefix, *form),
        Written::Hardware(address) => Item::Hardware(*address),
    }
}

fn named(name: &str, known: &Known) -> anyhow::Result<Vec<Item>> {
    if name.trim().is_empty() {
        bail!("'{name}' is empty: an address, a prefix, a name, a capture or a lesson was expected");
    }
    let addresses = known.addresses_of(name);
    if addresses.is_empty() {
        let lessons = rules().map(|rule| rule.id);
        let near = nearest(name, known.all_names().chain(lessons)).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!(
            "{name}: no address, no file, no lesson, and nobody here gives an address to that name (a capture that shows it can be named with \
             --from FILE; nothing is ever looked up){near}"
        );
    }
    Ok(addresses
        .into_iter()
        .map(|address| Item::Address(Subject { address, zone: None, port: None, names: known.names_of(address) }))
        .collect())
}

/// Asks the machine for its way to a thing, and hands on what it says; nothing where there is no machine, or nothing to reach.
fn ask<R>(item: &Item, known: &Known, told: impl FnOnce(Option<&Asked<'_>>) -> R) -> R {
    let query = match item {
        Item::Address(subject) => {
            Some(Query { destination: subject.address, source: None, interface: subject.zone.as_deref().map(str::to_owned) })
        }
        // A network is no address that something is sent to.
        Item::Prefix(prefix, _) if prefix.addr() != prefix.network() || prefix.prefix_len() == prefix.max_prefix_len() => {
            Some(Query { destination: prefix.addr(), source: None, interface: None })
        }
        Item::Prefix(..) | Item::Hardware(_) => None,
    };
    let Some(((whose, host), query)) = known.machine().zip(query) else { return told(None) };
    let reach = host.reach_by(&query);
    let unspecified = Some(query.destination).filter(IpAddr::is_unspecified);
    // Of IPv6 it is the call that takes another address in its place, before the kernel looks for a route.
    let is_replaced = unspecified.is_some_and(|address| address.is_ipv6());
    let kernel = known.kernel(&if is_replaced { Query { destination: reach.destination, interface: None, ..query } } else { query });
    told(Some(&Asked { whose, host, reach: &reach, unspecified, kernel: kernel.as_ref() }))
}

fn push_page(page: &mut Page<'_>, item: &Item, known: &Known) {
    ask(item, known, |asked| match item {
        Item::Address(subject) => push_address(page, subject, asked),
        Item::Prefix(prefix, form) => push_prefix(page, *prefix, *form, known.machine(), asked),
        Item::Hardware(address) => push_hardware(page, *address),
    });
}

fn push_json(out: &mut Vec<u8>, item: &Item, known: &Known) {
    ask(item, known, |asked| match item {
        Item::Address(subject) => push_address_json(out, subject, asked),
        Item::Prefix(prefix, _) => push_prefix_json(out, *prefix, asked),
        Item::Hardware(address) => push_hardware_json(out, *address),
    });
}

fn address(item: &Item) -> Option<IpAddr> {
    match item {
        Item::Address(subject) => Some(subject.address),
        Item::Prefix(prefix, _) => Some(prefix.addr()),
        Item::Hardware(_) => None,
    }
}

/// The prefixes that two things are compared under: those that were typed, else those that the machine has for either of them.
fn under(first: &Item, second: &Item, known: &Known) -> Vec<Under> {
    let typed = |item: &Item| match item {
        Item::Prefix(prefix, _) => Some(Under { prefix: *prefix, from: "as it was typed".to_owned() }),
        Item::Address(_) | Item::Hardware(_) => None,
    };
    let mut under: Vec<Under> = [first, second].into_iter().filter_map(typed).collect();
    if let (true, Some((whose, host))) = (under.is_empty(), known.machine()) {
        let holds = |network: IpNet| [first, second].into_iter().filter_map(address).any(|address| network.contains(&address));
        let known = host.addresses().filter(|(_, own)| holds(own.network()));
        under.extend(known.map(|(interface, own)| Under { prefix: own.network(), from: format!("{} of {whose}", interface.name) }));
    }
    let mut seen: Vec<IpNet> = Vec::new();
    under.retain(|under| {
        let network = under.prefix.trunc();
        let is_new = !seen.contains(&network);
        seen.push(network);
        is_new
    });
    under
}
