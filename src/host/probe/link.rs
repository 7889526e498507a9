//! Interfaces, their addresses, and neighbours.

use super::super::{Address, Host, Interface, LinkAddress, Neighbour, NeighbourState, Scope};
use super::netlink::Kernel;
use super::{Attachment, ProbeError, system};
use ipnet::IpNet;
use netlink_packet_route::RouteNetlinkMessage as Message;
use netlink_packet_route::address::{AddressAttribute, AddressFlags, AddressMessage};
use netlink_packet_route::link::{LinkAttribute, LinkFlags, LinkInfo, LinkLayerType, LinkMessage};
use netlink_packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourFlags, NeighbourMessage};
use std::net::IpAddr;

/// Reads the interfaces with their addresses.
pub(super) fn interfaces(kernel: &mut Kernel, host: &mut Host) -> Result<(), ProbeError> {
    for message in kernel.dump("interfaces", &Message::GetLink(LinkMessage::default()))? {
        if let Message::NewLink(link) = message {
            host.interfaces.push(interface(&link));
        }
    }
    for message in kernel.dump("addresses", &Message::GetAddress(AddressMessage::default()))? {
        if let Message::NewAddress(message) = message {
            let interface = host.interfaces.iter_mut().find(|interface| interface.index == message.header.index);
            if let (Some(interface), Some(address)) = (interface, address(&message)) {
                interface.addresses.push(address);
            }
        }
    }
    host.interfaces.sort_by_key(|interface| interface.index);
    Ok(())
}

/// Reads what the interfaces of a host hang on.
pub(super) fn attachments(kernel: &mut Kernel, host: Host) -> Result<Vec<Attachment>, ProbeError> {
    let messages = kernel.dump("interfaces", &Message::GetLink(LinkMessage::default()))?;
    let mut attachments = Vec::new();
    for interface in &host.interfaces {
        let mut attachment = Attachment { interface: interface.clone(), wireless: system::is_wireless(interface), ..Attachment::default() };
        let found = messages.iter().find_map(|message| match message {
            Message::NewLink(link) if link.header.index == interface.index => Some(link),
            _ => None,
        });
        if let Some(link) = found {
            attach(&mut attachment, link, &host);
        }
        attachments.push(attachment);
    }
    Ok(attachments)
}

fn attach(attachment: &mut Attachment, link: &LinkMessage, host: &Host) {
    let name = |index: u32| host.interface_by_index(index).map(|interface| interface.name.clone());
    attachment.hardware = Some(link.header.link_layer_type.into());
    // Where the other interface is in another network namespace its number is one there.
    let elsewhere = link.attributes.iter().any(|attribute| matches!(attribute, LinkAttribute::LinkNetNsId(_)));
    for attribute in &link.attributes {
        match attribute {
            LinkAttribute::Controller(index) => attachment.controller = name(*index),
            LinkAttribute::Link(index) if !elsewhere && *index != link.header.index => attachment.link = name(*index),
            _ => {}
        }
    }
}

fn interface(link: &LinkMessage) -> Interface {
    let flags = link.header.flags;
    let mut interface = Interface {
        index: link.header.index,
        kind: Some(frames(link.header.link_layer_type)),
        up: flags.contains(LinkFlags::Up),
        carrier: flags.contains(LinkFlags::LowerUp),
        loopback: flags.contains(LinkFlags::Loopback),
        point_to_point: flags.contains(LinkFlags::Pointopoint),
        broadcast: flags.contains(LinkFlags::Broadcast),
        multicast: flags.contains(LinkFlags::Multicast),
        no_arp: flags.contains(LinkFlags::Noarp),
        ..Interface::default()
    };
    for attribute in &link.attributes {
        match attribute {
            LinkAttribute::IfName(name) => interface.name.clone_from(name),
            LinkAttribute::Mtu(mtu) => interface.mtu = *mtu,
            LinkAttribute::Address(address) if address.iter().any(|byte| *byte != 0) => {
                interface.link_address = Some(LinkAddress(address.clone()));
            }
            LinkAttribute::LinkInfo(info) => {
                let kind = info.iter().find_map(|info| if let LinkInfo::Kind(kind) = info { Some(kind.to_string()) } else { None });
                interface.kind = kind.or(interface.kind.take());
            }
            _ => {}
        }
    }
    interface
}

/// What the frames of an interface are, as `ip` calls it.
fn frames(kind: LinkLayerType) -> String {
    kind.to_string().to_ascii_lowercase()
}

fn address(message: &AddressMessage) -> Option<Address> {
    let header = &message.header;
    let mut flags = AddressFlags::from_bits_retain(header.flags.bits().into());
    let (mut own, mut end, mut broadcast) = (None, None, None);
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Local(address) => own = Some(*address),
            AddressAttribute::Address(address) => end = Some(*address),
            AddressAttribute::Broadcast(address) => broadcast = Some(*address),
            AddressAttribute::Flags(all) => flags = *all,
            _ => {}
        }
    }
    let address = own.or(end)?;
    // IFA_F_SECONDARY and IFA_F_TEMPORARY are one bit.
    let second = flags.contains(AddressFlags::Secondary);
    Some(Address {
        prefix: IpNet::new(address, header.prefix_len).ok()?,
        peer: end.filter(|end| *end != address),
        broadcast,
        scope: Scope(header.scope.into()),
        secondary: second && address.is_ipv4(),
        temporary: second && address.is_ipv6(),
        deprecated: flags.contains(AddressFlags::Deprecated),
        tentative: flags.contains(AddressFlags::Tentative) && !flags.contains(AddressFlags::Optimistic),
    })
}

/// Reads the neighbours.
pub(super) fn neighbours(kernel: &mut Kernel, host: &mut Host) -> Result<(), ProbeError> {
    for message in kernel.dump("neighbours", &Message::GetNeighbour(NeighbourMessage::default()))? {
        if let Message::NewNeighbour(message) = message
            && let Some(neighbour) = neighbour(&message, host)
        {
            host.neighbours.push(neighbour);
        }
    }
    Ok(())
}

fn neighbour(message: &NeighbourMessage, host: &Host) -> Option<Neighbour> {
    let header = &message.header;
    let (mut address, mut link_address) = (None, None);
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(known)) => address = Some(IpAddr::V4(*known)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(known)) => address = Some(IpAddr::V6(*known)),
            NeighbourAttribute::LinkLayerAddress(known) => link_address = Some(LinkAddress(known.clone())),
            _ => {}
        }
    }
    let state = match u16::from(header.state) {
        0x01 => NeighbourState::Incomplete,
        0x02 => NeighbourState::Reachable,
        0x04 => NeighbourState::Stale,
        0x08 => NeighbourState::Delay,
        0x10 => NeighbourState::Probe,
        0x20 => NeighbourState::Failed,
        0x80 => NeighbourState::Permanent,
        // Groups, and what was never asked for: nothing that somebody found out.
        _ => return None,
    };
    let interface = host.interface_by_index(header.ifindex)?.name.clone();
    Some(Neighbour { address: address?, interface, link_address, state, router: header.flags.contains(NeighbourFlags::Router) })
}
