//! Who is there: hosts by their addresses, and what part each plays.

use super::machines::{self, Machine};
use crate::conversation::application::Application;
use crate::explain::surroundings::{is_initial, is_link_local};
use crate::explain::{Facts, HopsFacts, Note, Origin, Pretence, SubnetFacts, Surroundings};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// The least that systems begin with in the time to live.
const LEAST_BEGINNING: u8 = 32;

/// A part that a host plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Others send through it what is for other networks.
    Gateway(Origin),
    /// Others did so, until it said in the frame of that number that it is no way there any more.
    FormerGateway(Origin, u64),
    /// It passes packets on: it said that the time of one was up.
    Router,
    /// It passes packets on: it told a host of a better way.
    Redirector,
    /// It passes packets on: it said why one for another got no further.
    Reporter,
    /// It tells its network's prefix to everybody.
    Advertiser,
    /// It answers questions for names.
    NameServer,
    /// Others are told to ask it for names.
    ToldNameServer(Origin),
    /// It gives addresses out.
    LeaseServer,
    /// It passes on what hosts ask of such a server.
    LeaseRelay,
    /// It takes an address from such a server.
    LeaseClient,
    /// It serves this application on this port, and whether what is said shows the application, and not the port alone.
    Server(Option<Application>, u16, bool),
    /// It uses this application of others, and whether what is said shows that.
    Client(Option<Application>, bool),
}

/// A hardware address that was said to be a host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HardwareAddress {
    /// The hardware address.
    pub address: [u8; 6],
    /// The frame that says so.
    pub frame: u64,
    /// The VLAN tags of that frame, as in [`crate::explain::LinkId`].
    pub tags: u32,
}

impl Role {
    /// Whether it is what the port alone says of what another role shows.
    fn is_guess_of(self, other: Self) -> bool {
        match (self, other) {
            (Self::Server(guessed, port, false), Self::Server(application, other, true)) => (guessed, port) == (application, other),
            (Self::Client(guessed, false), Self::Client(application, true)) => guessed == application,
            _ => false,
        }
    }
}

/// A host: an address that sent something, or was spoken to and known to be there.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its address.
    pub address: IpAddr,
    /// The first frame that it sent.
    pub first: u64,
    /// Frames that it sent.
    pub sent: u64,
    /// Its hardware address, where it was said. Several where several were said.
    pub links: Vec<HardwareAddress>,
    /// The hardware address of a router that answers for it (RFC 1027), and the router's address where it is known.
    pub proxy: Option<([u8; 6], Option<IpAddr>)>,
    /// The hardware address of another that claims its address, and that one's own address where it is known.
    pub spoofer: Option<([u8; 6], Option<IpAddr>)>,
    /// Whether two claim its address at once.
    pub is_contested: bool,
    /// The hop limit that its packets arrived with.
    pub hop_limit: Option<u8>,
    /// Whether its packets arrived with other ones too.
    pub several_hop_limits: bool,
    /// Whether that says nothing of how far away it is: it is on a link of the capture itself, or a trace says something else.
    pub is_near_or_traced: bool,
    /// The parts it plays, each with a frame that shows it.
    pub roles: Vec<(Role, u64)>,
    /// The frame in which it spoke of its hardware address itself: asked for another's, or advertised itself.
    pub own_word: Option<u64>,
    /// The machine that it is an address of, where others are known.
    pub machine: Option<Machine>,
}

impl Host {
    /// Whether it is on a link of the capture itself.
    #[must_use]
    pub fn is_on_link(&self) -> bool {
        !self.links.is_empty() && self.proxy.is_none()
    }

    /// Somebody said that this is the host's hardware address.
    pub(super) fn claims(&mut self, link: HardwareAddress) {
        if self.links.len() < Limits::STORY_LINKS && !self.links.iter().any(|other| other.address == link.address) {
            self.links.push(link);
        }
    }

    /// How many routers its packets passed before they were captured, where systems begin with 64, 128 or 255; nothing where that cannot be
    /// told, as where so little is left that it may have begun with 32.
    #[must_use]
    pub fn routers(&self) -> Option<u8> {
        let may_pass = !is_link_local(self.address);
        let arrived = self.hop_limit.filter(|limit| may_pass && !self.several_hop_limits && *limit > LEAST_BEGINNING)?;
        let initial = [64, 128, 255].into_iter().find(|initial| *initial >= arrived)?;
        Some(initial - arrived).filter(|routers| *routers == 0 || *routers <= 40 && !self.is_near_or_traced)
    }
}

/// All hosts of a capture.
#[derive(Debug, Default)]
pub(super) struct Cast {
    places: HashMap<IpAddr, usize, RandomState>,
    hosts: Vec<Host>,
    left_out: u64,
}

impl Cast {
    /// The host of an address; nothing for an address that is nobody's, and where there are too many.
    pub(super) fn host(&mut self, address: IpAddr, frame: u64) -> Option<&mut Host> {
        if let Some(place) = self.places.get(&address) {
            return self.hosts.get_mut(*place);
        }
        if !is_somebodys(address) {
            return None;
        }
        if self.hosts.len() >= Limits::STORY_HOSTS {
            self.left_out += 1;
            return None;
        }
        self.places.insert(address, self.hosts.len());
        self.hosts.push(Host {
            address,
            first: frame,
            sent: 0,
            links: Vec::new(),
            proxy: None,
            spoofer: None,
            is_contested: false,
            hop_limit: None,
            several_hop_limits: false,
            is_near_or_traced: false,
            roles: Vec::new(),
            own_word: None,
            machine: None,
        });
        self.hosts.last_mut()
    }

    /// A host that is known already.
    pub(super) fn known(&mut self, address: IpAddr) -> Option<&mut Host> {
        let place = self.places.get(&address)?;
        self.hosts.get_mut(*place)
    }

    /// A packet was sent.
    pub(super) fn sent(&mut self, address: IpAddr, frame: u64, hop_limit: u8) {
        let Some(host) = self.host(address, frame) else { return };
        host.sent += 1;
        host.several_hop_limits |= host.hop_limit.is_some_and(|other| other != hop_limit);
        host.hop_limit.get_or_insert(hop_limit);
    }

    /// A host plays a part.
    pub(super) fn plays(&mut self, address: IpAddr, role: Role, frame: u64) {
        let Some(host) = self.known(address) else { return };
        // What is said shows more than the port.
        if let Some(known) = host.roles.iter_mut().find(|(known, _)| known.is_guess_of(role)) {
            *known = (role, frame);
            return;
        }
        if host.roles.iter().any(|(known, _)| role.is_guess_of(*known)) {
            return;
        }
        if host.roles.len() < Limits::STORY_ROLES && !host.roles.iter().any(|(other, _)| *other == role) {
            host.roles.push((role, frame));
        }
    }

    /// Takes over what notes tell of hosts.
    pub(super) fn learn(&mut self, notes: &[Note]) {
        for note in notes {
            if let Facts::Subnet(SubnetFacts::Proxy { address, card, own, .. }) = &note.facts
                && let Some(host) = self.known(*address)
            {
                host.proxy = Some((*card, Some(*own)));
            }
            if let Facts::Subnet(SubnetFacts::Hidden { address, card, .. }) = &note.facts
                && let Some(host) = self.known(*address)
            {
                host.proxy.get_or_insert((*card, None));
            }
            if let Facts::Subnet(SubnetFacts::Duplicate { address, .. }) = &note.facts
                && let Some(host) = self.known(*address)
            {
                host.is_contested = true;
            }
            if let Facts::Subnet(SubnetFacts::Spoofed { card, address, own }) = &note.facts
                && let Some(host) = self.known(*address)
            {
                host.spoofer = Some((*card, Some(*own)));
            }
            if let Facts::Subnet(SubnetFacts::Pretended { card, address, own, how, .. }) = &note.facts {
                if let Pretence::Beside { .. } = how {
                    // Who of those that claim an address has it nobody knows.
                    let is_both = |host: &&mut Host| host.links.len() > 1 && host.links.iter().any(|link| link.address == *card);
                    self.hosts.iter_mut().filter(is_both).for_each(|host| host.is_contested = true);
                    continue;
                }
                let others = if let Pretence::ToBoth { other } = how { Some(*other) } else { None };
                for address in others.into_iter().chain([*address]) {
                    let Some(host) = self.known(address) else { continue };
                    // Which of two that claim it in turn has it nobody knows.
                    match how {
                        Pretence::InTurn | Pretence::Beside { .. } => host.is_contested = true,
                        Pretence::Unasked { .. } | Pretence::ToBoth { .. } => {
                            host.spoofer.get_or_insert((*card, *own));
                        }
                    }
                }
            }
        }
        // Who answers for one answers for others whose packets it passed on as well.
        let proxies: HashMap<[u8; 6], Option<IpAddr>, RandomState> = self.hosts.iter().filter_map(|host| host.proxy).collect();
        for host in self.hosts.iter_mut().filter(|host| host.proxy.is_none() && !host.several_hop_limits) {
            if let [HardwareAddress { address: card, .. }] = *host.links
                && let Some(own) = proxies.get(&card)
                && host.hop_limit.is_some_and(|limit| !is_initial(limit))
            {
                host.proxy = Some((card, *own));
            }
        }
    }

    /// The hosts that a router answers for, with its hardware address and its own address where that is known.
    pub(super) fn proxies(&self) -> HashMap<IpAddr, ([u8; 6], Option<IpAddr>), RandomState> {
        self.hosts.iter().filter_map(|host| Some((host.address, host.proxy?))).collect()
    }

    /// The hosts that are on a link of the capture themselves.
    pub(super) fn on_links(&self) -> impl Iterator<Item = IpAddr> {
        self.hosts.iter().filter(|host| host.is_on_link()).map(|host| host.address)
    }

    /// A trace found a host behind so many routers; its answers may take another way.
    pub(super) fn traced(&mut self, address: IpAddr, routers: u8) {
        if let Some(host) = self.known(address).filter(|host| host.routers().is_some_and(|other| other != routers)) {
            host.is_near_or_traced = true;
        }
    }

    /// Whether a note on how far away a host is holds in view of all its packets.
    pub(super) fn bears_out(&self, note: &Note) -> bool {
        let Facts::Hops(HopsFacts::Distance { host, routers, .. }) = &note.facts else { return true };
        let known = self.places.get(host).and_then(|place| self.hosts.get(*place));
        known.is_none_or(|known| known.routers() == Some(*routers))
    }

    /// A packet was sent by the machine that captured, or handed on: how far away its sender is does not follow from it.
    pub(super) fn is_here(&mut self, address: IpAddr) {
        if let Some(host) = self.known(address) {
            host.is_near_or_traced = true;
        }
    }

    /// All hosts by their first frame, and how many were left out. What the `untaken` frames tell is nobody's.
    pub(super) fn into_hosts(mut self, surroundings: &Surroundings, untaken: &HashSet<u64, RandomState>) -> (Vec<Host>, u64) {
        let is_used = |frame: u64| !untaken.contains(&frame);
        for gateway in surroundings.gateways().iter().filter(|gateway| gateway.frames.first().copied().is_none_or(is_used)) {
            if let Some(address) = gateway.address {
                if matches!(gateway.origin, Origin::Dhcp | Origin::RouterAdvertisement) {
                    self.host(address, gateway.frames.first().copied().unwrap_or_default());
                }
                // In front of the packet that shows it stands who told its hardware address.
                let shown = if gateway.origin == Origin::Forwarding { gateway.frames.last() } else { gateway.frames.first() };
                let role = match gateway.left {
                    Some(left) => Role::FormerGateway(gateway.origin, left),
                    None => Role::Gateway(gateway.origin),
                };
                self.plays(address, role, shown.copied().unwrap_or_default());
            }
        }
        let is_told = |origin| matches!(origin, Origin::Dhcp | Origin::RouterAdvertisement);
        for server in surroundings.name_servers().iter().filter(|server| is_told(server.origin) && is_used(server.frame)) {
            self.host(server.address, server.frame);
            self.plays(server.address, Role::ToldNameServer(server.origin), server.frame);
        }
        machines::find(&mut self.hosts, surroundings);
        for host in &mut self.hosts {
            // That it passes packets on is said once.
            let is_said =
                host.roles.iter().any(|(role, _)| matches!(role, Role::Gateway(_) | Role::Router | Role::Redirector | Role::Advertiser));
            host.roles.retain(|(role, _)| *role != Role::Reporter || !is_said);
            host.roles.sort_by_key(|(role, _)| *role);
        }
        self.hosts.sort_by_key(|host| host.first);
        (self.hosts, self.left_out)
    }
}

/// Whether an address can be that of one host.
fn is_somebodys(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(address.is_unspecified() || address.is_multicast() || is_broadcast)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_host_is_follows_from_one_hop_limit_alone() {
        let mut cast = Cast::default();
        let [far, two_sides]: [IpAddr; 2] = [[10, 130, 1, 4].into(), [10, 130, 1, 5].into()];
        for (address, hop_limit) in [(far, 60), (far, 60), (two_sides, 64), (two_sides, 63)] {
            cast.sent(address, 3, hop_limit);
        }
        let (hosts, _) = cast.into_hosts(&Surroundings::default(), &HashSet::default());
        assert_eq!(hosts.iter().map(Host::routers).collect::<Vec<_>>(), [Some(4), None]);
        assert_eq!(hosts.iter().map(|host| host.sent).collect::<Vec<_>>(), [2, 2]);
    }

    /// 32 is what some systems begin with, so that 31 is no proof of 33 routers.
    #[test]
    fn what_may_have_begun_with_32_tells_no_distance() {
        let mut cast = Cast::default();
        // What is for one link no router passes on.
        cast.sent([169, 254, 1, 4].into(), 3, 60);
        for hop_limit in [31, 32, 33] {
            cast.sent([10, 130, 1, hop_limit].into(), 3, hop_limit);
        }
        let (hosts, _) = cast.into_hosts(&Surroundings::default(), &HashSet::default());
        assert_eq!(hosts.iter().map(Host::routers).collect::<Vec<_>>(), [None, None, None, Some(31)]);
    }

    /// A card that answers for one host has not the address of another whose packets it passed on; what it sends itself it has.
    #[test]
    fn who_answers_for_a_host_behind_it_does_not_have_its_address() {
        let mut cast = Cast::default();
        let card = [2, 0, 0, 0, 0, 1];
        let [noted, alike, own]: [IpAddr; 3] = [[192, 168, 50, 9].into(), [192, 168, 50, 10].into(), [192, 168, 50, 11].into()];
        for (address, hop_limit) in [(noted, 62), (alike, 62), (own, 64)] {
            cast.sent(address, 4, hop_limit);
            cast.known(address).unwrap().claims(HardwareAddress { address: card, frame: 2, tags: 0 });
        }
        cast.learn(&[Note::inferred(SubnetFacts::Hidden { address: noted, card, hop_limit: 62 }, &[2, 4])]);
        let (hosts, _) = cast.into_hosts(&Surroundings::default(), &HashSet::default());
        assert_eq!(hosts.iter().map(|host| host.proxy).collect::<Vec<_>>(), [Some((card, None)), Some((card, None)), None]);
    }

    #[test]
    fn addresses_of_nobody_are_no_hosts() {
        let mut cast = Cast::default();
        for address in ["0.0.0.0", "255.255.255.255", "224.0.0.1", "ff02::1", "::"] {
            assert!(cast.host(address.parse().unwrap(), 1).is_none(), "{address}");
        }
    }
}
