//! Interfaces as JSON.

use super::{Listed, Listing, Permission, maker};
use crate::frame::LinkType;
use crate::host::{Address, Interface};
use crate::render::json::object::Object;
use crate::source::live::ANY;

/// Appends the list as JSON, an object a line.
pub fn push_json(out: &mut Vec<u8>, listing: &Listing) {
    for listed in &listing.interfaces {
        let mut object = Object::begin(out);
        push_members(&mut object, listing, listed);
        object.end();
        out.push(b'\n');
    }
    if listing.has_any {
        let mut object = Object::begin(out);
        object.string("type", "interface");
        object.string("name", ANY);
        object.number("link_type", LinkType::LINUX_SLL2.0.into());
        push_permission(&mut object, listing, None);
        object.end();
        out.push(b'\n');
    }
}

fn push_members(object: &mut Object<'_>, listing: &Listing, listed: &Listed) {
    let attachment = &listed.attachment;
    let interface = &attachment.interface;
    object.string("type", "interface");
    object.string("name", &interface.name);
    object.number("index", interface.index.into());
    for (name, text) in [("kind", &interface.kind), ("link", &attachment.link), ("controller", &attachment.controller)] {
        if let Some(text) = text {
            object.string(name, text);
        }
    }
    object.boolean("up", interface.up);
    object.boolean("carrier", interface.carrier);
    object.boolean("loopback", interface.loopback);
    object.boolean("wireless", attachment.wireless);
    object.boolean("default_route", listed.is_default);
    if interface.mtu > 0 {
        object.number("mtu", interface.mtu.into());
    }
    if let Some(speed) = interface.speed {
        object.number("speed", speed);
    }
    if let Some(address) = &interface.link_address {
        object.string("link_address", &address.to_string());
    }
    if let Some(maker) = maker(interface) {
        object.string("vendor", maker);
    }
    object.objects("addresses", &interface.addresses, push_address);
    object.number("link_type", listed.link_type.0.into());
    push_permission(object, listing, Some(interface));
}

fn push_address(object: &mut Object<'_>, own: &Address) {
    object.string("prefix", &own.prefix.to_string());
    if let Some(peer) = own.peer {
        object.string("peer", &peer.to_string());
    }
    if let Some(broadcast) = own.broadcast {
        object.string("broadcast", &broadcast.to_string());
    }
    object.string("scope", &own.scope.to_string());
    let marks = [("secondary", own.secondary), ("temporary", own.temporary), ("deprecated", own.deprecated), ("tentative", own.tentative)];
    for (name, _) in marks.iter().filter(|(_, set)| *set) {
        object.boolean(name, true);
    }
}

/// Whether it may be captured on now; if not, why, and the one command that allows it. What keeps back all of them comes first.
fn push_permission(object: &mut Object<'_>, listing: &Listing, interface: Option<&Interface>) {
    let down = interface.filter(|interface| !interface.up);
    let (may, why, command) = match (&listing.permission, down) {
        (Permission::Denied { why, command }, _) => (Some(false), Some(why.clone()), command.clone()),
        (Permission::Allowed | Permission::Unknown, Some(down)) => {
            (Some(false), Some("the interface is down".to_owned()), Some(listing.administration.switch_on(&down.name, listing.has_any)))
        }
        (Permission::Allowed, None) => (Some(true), None, None),
        (Permission::Unknown, None) => (None, None, None),
    };
    if let Some(may) = may {
        object.boolean("may_capture", may);
    }
    for (name, text) in [("why_not", why), ("command", command)] {
        if let Some(text) = text {
            object.string(name, &text);
        }
    }
}
