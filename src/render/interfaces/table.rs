//! Interfaces as a table for people.

use super::{Listing, Permission, maker};
use crate::frame::LinkType;
use crate::host::probe::Attachment;
use crate::host::{Address, Interface, Scope};
use crate::render::escape::{push_message, text};
use crate::render::style::{Palette, Role};
use crate::source::live::ANY;

/// The heads of the columns; the last one has a line an address.
const HEADS: [&str; 10] = ["", "index", "name", "state", "capture", "kind", "frames", "MTU", "MAC", "addresses"];
const STATE: usize = 3;
const CAPTURE: usize = 4;
const ADDRESSES: usize = 9;

/// Appends the list as a table, and under it what is to be said of capturing.
pub fn push(out: &mut Vec<u8>, listing: &Listing, palette: &Palette) {
    let mut rows: Vec<[String; HEADS.len()]> = vec![HEADS.map(str::to_owned)];
    let denied = matches!(listing.permission, Permission::Denied { .. });
    for listed in &listing.interfaces {
        let interface = &listed.attachment.interface;
        let mut addresses = interface.addresses.iter().map(address);
        rows.push([
            if listed.is_default { "*" } else { "" }.to_owned(),
            interface.index.to_string(),
            interface.name.clone(),
            state(interface).to_owned(),
            capture(&listing.permission, interface.up).to_owned(),
            kind(&listed.attachment),
            frames(listed.link_type).to_owned(),
            if interface.mtu > 0 { interface.mtu.to_string() } else { String::new() },
            link_address(interface),
            addresses.next().unwrap_or_default(),
        ]);
        rows.extend(
            addresses.map(|address| std::array::from_fn(|column| if column == ADDRESSES { address.clone() } else { String::new() })),
        );
    }
    if listing.has_any {
        let cells = ["", "", ANY, "", capture(&listing.permission, true), "all at once", frames(LinkType::LINUX_SLL2), "", "", ""];
        rows.push(cells.map(str::to_owned));
    }
    // What stands in a cell is shown, not obeyed.
    rows.iter_mut().flatten().for_each(|cell| *cell = text(cell.as_bytes()));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    for (place, row) in rows.iter().enumerate() {
        let role = |column: usize| match column {
            _ if place == 0 => Some(Role::Dim),
            STATE if row[column] != "up" => Some(Role::Warning),
            CAPTURE if denied => Some(Role::Warning),
            0 => Some(Role::Network),
            _ => None,
        };
        push_row(out, row, &widths, role, palette);
    }
    push_remarks(out, listing, palette);
}

fn push_row(out: &mut Vec<u8>, row: &[String], widths: &[usize], role: impl Fn(usize) -> Option<Role>, palette: &Palette) {
    let mut spaces = 0;
    for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
        if !cell.is_empty() {
            out.resize(out.len() + spaces, b' ');
            spaces = 0;
            let text = |out: &mut Vec<u8>| out.extend_from_slice(cell.as_bytes());
            match role(column) {
                Some(role) => palette.paint(out, role, text),
                None => text(out),
            }
        }
        spaces += (width - cell.chars().count()) + if *width == 0 { 0 } else { 2 - usize::from(column == 0) };
    }
    out.push(b'\n');
}

fn push_remarks(out: &mut Vec<u8>, listing: &Listing, palette: &Palette) {
    let mut remark = |role: Role, text: &str| {
        palette.paint(out, role, |out| push_message(out, text));
        out.push(b'\n');
    };
    if listing.interfaces.iter().any(|listed| listed.is_default) {
        remark(Role::Dim, "* of the default route: `wirelore capture` captures here without -i");
    }
    for listed in listing.interfaces.iter().filter(|listed| listed.attachment.wireless && listed.link_type == LinkType::ETHERNET) {
        let name = &listed.attachment.interface.name;
        remark(Role::Dim, &format!("{name} is a radio that is not in monitor mode: only its own network's frames come, as if by Ethernet"));
    }
    let down: Vec<&str> =
        listing.interfaces.iter().map(|listed| &listed.attachment.interface).filter(|one| !one.up).map(|one| one.name.as_str()).collect();
    match down.as_slice() {
        [] => {}
        [name] => {
            remark(Role::Warning, &format!("{name} is down; `{}` switches it on", listing.administration.switch_on(name, listing.has_any)))
        }
        [first, ..] => remark(
            Role::Warning,
            &format!(
                "{} are down; `{}` switches the first of them on",
                down.join(", "),
                listing.administration.switch_on(first, listing.has_any)
            ),
        ),
    }
    match &listing.permission {
        Permission::Allowed => remark(Role::Dim, "you may capture here"),
        Permission::Denied { why, .. } => remark(Role::Warning, &format!("you may not capture here: {why}")),
        Permission::Unknown => {}
    }
}

fn state(interface: &Interface) -> &'static str {
    match (interface.up, interface.carrier || interface.loopback) {
        (false, _) => "down",
        (true, false) => "no carrier",
        (true, true) => "up",
    }
}

fn capture(permission: &Permission, up: bool) -> &'static str {
    match permission {
        Permission::Denied { .. } => "no",
        Permission::Allowed if up => "yes",
        Permission::Unknown if up => "try",
        Permission::Allowed | Permission::Unknown => "no",
    }
}

fn kind(attachment: &Attachment) -> String {
    let of = attachment.interface.kind.as_deref();
    let mut said = match of {
        Some("ether") | None if attachment.wireless => "wireless".to_owned(),
        None if attachment.interface.loopback => "loopback".to_owned(),
        of => of.unwrap_or_default().to_owned(),
    };
    if let Some(link) = &attachment.link {
        said += &format!(" {} {link}", if of == Some("veth") { "to" } else { "on" });
    }
    if let Some(controller) = &attachment.controller {
        said += &format!(", in {controller}");
    }
    said
}

/// What frames are, in a word or two.
fn frames(link_type: LinkType) -> &'static str {
    match link_type {
        LinkType::ETHERNET => "Ethernet",
        LinkType::RAW => "IP",
        LinkType::WIRELESS | LinkType::WIRELESS_PRISM | LinkType::WIRELESS_RADIOTAP => "802.11",
        LinkType::LINUX_SLL2 => "cooked",
        _ => "other",
    }
}

fn link_address(interface: &Interface) -> String {
    let Some(address) = &interface.link_address else { return String::new() };
    match maker(interface) {
        Some(maker) => format!("{address} ({maker})"),
        None => address.to_string(),
    }
}

fn address(own: &Address) -> String {
    let mut said = match own.peer {
        Some(peer) => format!("{}, peer {peer}/{}", own.address(), own.prefix.prefix_len()),
        None => own.prefix.to_string(),
    };
    let of_link = own.scope == Scope::LINK;
    let marks = [(of_link, "link"), (own.temporary, "temporary"), (own.deprecated, "deprecated"), (own.tentative, "tentative")];
    let marks: Vec<&str> = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect();
    if !marks.is_empty() {
        said += &format!(" ({})", marks.join(", "));
    }
    said
}
