//! Keeps what hosts of one link say to each other, and who leases addresses.

use super::cast::{HardwareAddress, Role};
use super::lease6::Message;
use super::link::{ACKNOWLEDGED, DECLINE, DISCOVER, LeaseMessage, OFFER, Says, question, says, sender};
use super::watch::StoryWatch;
use super::{Advertisement, Lease, Lease6};
use crate::conversation::application::Application;
use crate::dissect::Dissection;
use crate::explain::surroundings::is_link_local;
use crate::explain::{Passage, Scene};
use crate::limits::Limits;
use std::net::IpAddr;

/// How long after somebody asked for an address that it wants to take it is defended, in nanoseconds.
const DEFENDED_WITHIN: i64 = 3_000_000_000;

impl StoryWatch {
    /// Keeps what servers and clients of DHCP say.
    pub(super) fn leases(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        if let Some((client, message)) = Message::read(bytes, dissection) {
            self.leases6(client, message, scene);
            return true;
        }
        let on_port = |port: u16| matches!(port, 67 | 68);
        if !dissection.transport().is_some_and(|transport| on_port(transport.source_port) && on_port(transport.destination_port)) {
            return true;
        }
        let Some(message) = LeaseMessage::read(bytes, dissection) else { return true };
        let at = (scene.number(), scene.time());
        let client = message.lease.client;
        let mut nth = self.lease_counts.get(&client).copied().unwrap_or_default();
        if self.leases.known(&(client, nth)).is_some_and(|lease| message.begins_anew(lease)) {
            nth += 1;
            self.lease_counts.insert(client, nth);
        }
        let Some((lease, _)) = self.leases.take((client, nth), at, Lease::default) else { return true };
        if let (Some(server), OFFER | ACKNOWLEDGED) = (message.lease.server, message.kind) {
            self.cast.plays(server.into(), Role::LeaseServer, at.0);
        }
        if let Some(relay) = message.lease.relay {
            self.cast.plays(relay.into(), Role::LeaseRelay, at.0);
        }
        if message.kind == DISCOVER {
            lease.asks.add(at.1);
        }
        message.add_to(lease, at.0);
        // Who declines an address has found that another has it.
        if let (Some(address), Some(frame), None) = (lease.address, lease.messages[5], lease.messages[usize::from(DECLINE)]) {
            self.cast.plays(address.into(), Role::LeaseClient, frame);
        }
        true
    }

    /// Keeps what a server or a client of DHCPv6 says.
    fn leases6(&mut self, client: IpAddr, message: Message, scene: &Scene<'_>) {
        let (frame, server) = (scene.number(), message.giver());
        let Some((lease, _)) = self.leases6.take(client, (frame, scene.time()), Lease6::default) else { return };
        if let Some(relay) = message.relay() {
            self.cast.plays(relay, Role::LeaseRelay, frame);
        }
        if message.is_for_everybody() {
            lease.asks.add(scene.time());
        }
        message.add_to(lease, client, frame);
        if let Some(server) = server {
            self.cast.plays(server, Role::LeaseServer, frame);
        }
        self.cast.plays(client, Role::Client(Some(Application::Dhcpv6), true), frame);
        if let Some(belongs) = scene.belongs.filter(|_| self.leased6.len() < Limits::STORY_CONVERSATIONS) {
            self.leased6.insert(belongs.conversation);
        }
    }

    /// What hosts of one link say to each other. Whether this was it.
    pub(super) fn on_link(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let Some(said) = says(bytes, dissection) else { return false };
        let at @ (frame, time) = (scene.number(), scene.time());
        let tags = Passage::of(scene).link.tags;
        if self.copies.is_copy(bytes, dissection, (time, tags)) {
            return true;
        }
        let Self { cast, resolutions, announcements, advertisements, .. } = self;
        let mut has_link = |address: IpAddr, link: [u8; 6], speaks: bool| {
            if let Some(host) = cast.host(address, frame) {
                host.claims(HardwareAddress { address: link, frame, tags });
                host.own_word = host.own_word.or(speaks.then_some(frame));
            }
        };
        match said {
            Says::Asks { asker, link, target } => {
                if let Some(link) = link {
                    has_link(asker, link, true);
                }
                let Some((resolution, new)) = resolutions.take((tags, asker, target), at, || question(asker, target, frame, tags)) else {
                    return true;
                };
                resolution.by = (sender(bytes, dissection), at.1);
                if !new {
                    resolution.asked += 1;
                    resolution.since += u64::from(resolution.answer.is_some());
                    resolution.last = frame;
                }
            }
            Says::Answers { owner, link, to } => {
                has_link(owner, link, false);
                let known = to.and_then(|to| resolutions.known(&(tags, to, owner)));
                if let Some(resolution) = known {
                    resolution.since = 0;
                    let (first, _) = *resolution.answer.get_or_insert((link, frame));
                    if first != link {
                        resolution.other.get_or_insert((link, frame));
                    }
                }
            }
            Says::Announces { owner, link } => {
                has_link(owner, link, false);
                // Who has the address that another is about to take tells everybody (RFC 4862 5.4.4, RFC 5227 2.4).
                let nobody = if owner.is_ipv4() { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
                if let Some(probe) = resolutions.known(&(tags, nobody, owner))
                    && let (Some(by), Some(asked)) = probe.by
                    && by != link
                    && at.1.is_some_and(|now| (0..DEFENDED_WITHIN).contains(&now.since(asked)))
                {
                    probe.answer.get_or_insert((link, frame));
                    return true;
                }
                if let Some((announced, new)) = announcements.take((tags, owner, link), at, || question(owner, owner, frame, tags)) {
                    announced.answer = Some((link, announced.answer.map_or(frame, |(_, first)| first)));
                    announced.asked += u64::from(!new);
                }
            }
            Says::Advertises { router, link } => {
                if let Some(link) = link {
                    has_link(router, link, true);
                }
                if is_link_local(router) {
                    cast.plays(router, Role::Advertiser, frame);
                }
                if let (Some((known, _)), Some(told)) = (
                    advertisements.take((router, link.or_else(|| sender(bytes, dissection))), at, Advertisement::default),
                    Advertisement::read(bytes, dissection),
                ) {
                    known.add(told, frame);
                }
            }
        }
        true
    }
}
