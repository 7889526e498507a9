//! Where a machine sends a packet: the decision of Linux, worked out from a machine's facts, with all that was considered.
//!
//! Rules name tables in an order; in each the longest prefix wins, then the smallest metric; the first table that has an answer gives it.
//! IPv4 joins the tables local and main into one as long as its rules are the usual ones (`fib_trie_table` in Linux).

mod derived;
mod search;
mod source;

#[cfg(test)]
mod tests;

use super::{Family, Host, LinkAddress, NextHop, Route, RouteKind, Rule, Scope};
use search::{Answer, Search};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whose way is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Where the packet shall go.
    pub destination: IpAddr,
    /// The source that it has already, where it has one.
    pub source: Option<IpAddr>,
    /// The interface that it is bound to, where it is to one (`%eth0`).
    pub interface: Option<String>,
}

/// Where a machine sends a packet, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Where the packet shall go.
    pub destination: IpAddr,
    /// Which of the three rules applies (the machine itself, its own subnet, a gateway), or that none does.
    pub verdict: Verdict,
    /// To how many it goes.
    pub cast: Cast,
    /// Every route that is for the destination, in the order in which it was considered: by table, then from the longest prefix to the
    /// shortest. The one that won is among them, and says so.
    pub candidates: Vec<Candidate>,
    /// The rule of policy routing that led to the verdict; `None` where no rule did.
    pub rule: Option<Rule>,
    /// Rules that ask more than addresses tell (a mark, a port, a user) and might lead elsewhere; they were not followed.
    pub unfollowed: Vec<Rule>,
    /// Whom the frame goes to: the gateway, or the destination itself.
    pub next_hop: Option<IpAddr>,
    /// The interface that the packet leaves by; the loopback interface where the machine keeps it.
    pub interface: Option<String>,
    /// The other ways of a route that shares its load, any of which the kernel may take for a given flow.
    pub shared_with: Vec<NextHop>,
    /// The source that the packet gets.
    pub source: Option<IpAddr>,
    /// Why that one.
    pub source_reason: SourceReason,
    /// The link address that the frame is sent to, where it is known: a neighbour's, or that of a group or of all.
    pub link_address: Option<LinkAddress>,
    /// The longest packet that goes that way, in bytes, where it is known.
    pub mtu: Option<u32>,
}

/// Which of the three rules of a host applies (RFC 1122 section 3.3.1.1), or that none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The address is the machine's own: the packet stays.
    Own,
    /// The destination is on a link that the machine is attached to: the frame goes to it (or to all, or to the group).
    Attached,
    /// This router carries it further.
    Gateway(IpAddr),
    /// It goes nowhere.
    Refused(Refusal),
}

/// Why a packet goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No route is for the destination.
    NoRoute,
    /// A route or rule drops it without a word.
    Blackhole,
    /// A route or rule says that it cannot be reached.
    Unreachable,
    /// A route or rule does not permit it.
    Prohibit,
}

/// To how many a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// To one.
    Unicast,
    /// To all on the link.
    Broadcast,
    /// To a group.
    Multicast,
    /// To one of several.
    Anycast,
}

/// A route that is for the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The route.
    pub route: Route,
    /// How it is known.
    pub derivation: Derivation,
    /// What became of it.
    pub fate: Fate,
}

/// How a route is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// It is one of [`Host::routes`].
    Known,
    /// No such routes are known of the machine; the kernel makes this one for an address that it has.
    FromAddress,
}

/// What became of a route that is for the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It decides.
    Won,
    /// The winner's prefix is longer by so many bits.
    ShorterPrefix(u8),
    /// The winner's metric is smaller by so much.
    HigherMetric(u32),
    /// The winner's router recommended itself more.
    LowerPreference,
    /// Equal to the winner in all that counts, and behind it.
    Behind,
    /// The table that the winner stands in is asked before its own.
    LaterTable,
    /// No rule leads to its table.
    TableNotAsked,
    /// Its interface is switched off.
    Dead,
    /// It leads to another interface than the packet is bound to.
    OtherInterface,
    /// It is for other sources.
    OtherSource,
    /// It is for packets with a type of service, and a packet is taken to have none.
    OtherService,
    /// It ended the search in its table, and another was asked (throw).
    Threw,
    /// The rule that led to its table passes over prefixes as short as its own.
    Suppressed,
}

/// Why a source was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceReason {
    /// The packet had it already.
    Given,
    /// The destination is the machine's own address, and answers itself.
    Destination,
    /// The route names it.
    Route,
    /// IPv4: the interface's address whose subnet the gateway or the destination is in.
    Subnet,
    /// IPv4: the first address of the interface that is meant as far.
    First,
    /// IPv4: the interface has no address that is meant as far; the first of another interface.
    OtherInterface,
    /// IPv6: no other address could be taken.
    Only,
    /// IPv6: preferred to the next best by this rule of RFC 6724 section 5; 0 where all are equal and it is the first.
    Preferred(u8),
    /// There is none, or none is needed.
    None,
}

impl Reach {
    /// The route that won; `None` where none is for the destination.
    #[must_use]
    pub fn winner(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.fate == Fate::Won)
    }

    /// The routes that were for the destination too, and lost.
    pub fn losers(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.fate != Fate::Won)
    }

    fn nowhere(query: &Query, refusal: Refusal, answer: Answer) -> Self {
        Self {
            destination: query.destination,
            verdict: Verdict::Refused(refusal),
            cast: Cast::Unicast,
            candidates: answer.candidates,
            rule: answer.rule,
            unfollowed: answer.unfollowed,
            next_hop: None,
            interface: None,
            shared_with: Vec::new(),
            source: None,
            source_reason: SourceReason::None,
            link_address: None,
            mtu: None,
        }
    }
}

impl Host {
    /// Where the machine sends a packet to an address.
    #[must_use]
    pub fn reach(&self, destination: IpAddr) -> Reach {
        self.reach_by(&Query { destination, source: None, interface: None })
    }

    /// Where the machine sends a packet that may be bound to a source or an interface already.
    #[must_use]
    pub fn reach_by(&self, query: &Query) -> Reach {
        let query = &self.completed(query);
        if self.needs_no_route(query) {
            return self.on_link(query, Answer::default());
        }
        let mut answer = Search::new(self, query).run();
        let refusal = match answer.winner().map(|winner| winner.kind) {
            None => Some(answer.refusal.unwrap_or(Refusal::NoRoute)),
            Some(RouteKind::Blackhole) => Some(Refusal::Blackhole),
            Some(RouteKind::Unreachable) => Some(Refusal::Unreachable),
            Some(RouteKind::Prohibit) => Some(Refusal::Prohibit),
            Some(RouteKind::Throw | RouteKind::Nat) => Some(Refusal::NoRoute),
            Some(RouteKind::Unicast | RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast | RouteKind::Multicast) => None,
        };
        let winner = match (refusal, answer.winner()) {
            (None, Some(winner)) => winner.clone(),
            // Linux takes every address to be on the link that an IPv4 packet is bound to, where no route says more.
            (Some(_), _) if query.interface.is_some() && query.destination.is_ipv4() => return self.on_link(query, answer),
            (refusal, _) => return Reach::nowhere(query, refusal.unwrap_or(Refusal::NoRoute), answer),
        };
        if winner.kind == RouteKind::Local || (winner.kind == RouteKind::Anycast && query.destination.is_ipv6()) {
            return self.kept(query, answer, &winner);
        }
        let mut ways = std::mem::take(&mut answer.ways);
        let way = if ways.is_empty() { NextHop::default() } else { ways.remove(0) };
        // Of each way only what this packet takes of it: all of them lead a broadcast to its link.
        let of_packet = |way: NextHop| NextHop { gateway: gateway(query.destination, Some(&winner), &way), ..way };
        let shared_with = ways.into_iter().map(of_packet).collect();
        Reach { shared_with, ..self.along(query, answer, Some(&winner), &way) }
    }

    /// The query, with what is decided before any route is asked.
    fn completed(&self, query: &Query) -> Query {
        let mut query = query.clone();
        if query.destination.is_unspecified() {
            // Whoever names nobody means itself (RFC 1122 section 3.2.1.3 (a), RFC 4291 section 2.5.2).
            let bound = query.interface.as_deref().and_then(|name| self.interface(name));
            let own = match query.destination {
                IpAddr::V4(_) => {
                    bound.and_then(|bound| self.ipv4_source(Some(bound), None, Scope::HOST).0).unwrap_or(Ipv4Addr::LOCALHOST.into())
                }
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            };
            return Query { destination: query.source.unwrap_or(own), source: query.source, interface: None };
        }
        // A group or all of a link: on the link of the source.
        if let (IpAddr::V4(destination), Some(source), None) = (query.destination, query.source, &query.interface)
            && (destination.is_multicast() || destination.is_broadcast())
        {
            query.interface = self.own(source).map(|(interface, _)| interface.name.clone());
        }
        query
    }

    /// Whether a packet goes out on the interface that it is bound to whatever the routes say: to all, to a group of the link, or to any group
    /// from a source that chose the interface.
    fn needs_no_route(&self, query: &Query) -> bool {
        match (query.destination, &query.interface) {
            (IpAddr::V4(destination), Some(_)) => {
                let of_link = matches!(destination.octets(), [224, 0, 0, _]);
                destination.is_broadcast() || of_link || (destination.is_multicast() && query.source.is_some())
            }
            (IpAddr::V4(_) | IpAddr::V6(_), _) => false,
        }
    }

    /// A packet that leaves by the interface that it is bound to.
    fn on_link(&self, query: &Query, answer: Answer) -> Reach {
        // The route that refused decides nothing here.
        let overruled = |candidate: Candidate| Candidate {
            fate: if candidate.fate == Fate::Won { Fate::OtherInterface } else { candidate.fate },
            ..candidate
        };
        let answer = Answer { candidates: answer.candidates.into_iter().map(overruled).collect(), rule: None, ..answer };
        let way = NextHop { interface: query.interface.clone(), ..NextHop::default() };
        self.along(query, answer, None, &way)
    }

    /// A packet that the machine keeps.
    fn kept(&self, query: &Query, answer: Answer, route: &Route) -> Reach {
        let loopback = self.interfaces.iter().find(|interface| interface.loopback);
        let (source, source_reason) = match (query.source, query.destination, route.preferred_source) {
            (Some(source), _, _) => (source, SourceReason::Given),
            (None, IpAddr::V4(_), Some(source)) if source != query.destination => (source, SourceReason::Route),
            (None, destination, _) => (destination, SourceReason::Destination),
        };
        let anycast = route.kind == RouteKind::Anycast;
        let (source, source_reason) = if anycast && query.source.is_none() {
            self.source(query, Some(route), &NextHop::default())
        } else {
            (Some(source), source_reason)
        };
        Reach {
            destination: query.destination,
            verdict: Verdict::Own,
            cast: if anycast { Cast::Anycast } else { Cast::Unicast },
            candidates: answer.candidates,
            rule: answer.rule,
            unfollowed: answer.unfollowed,
            next_hop: None,
            interface: loopback.map(|interface| interface.name.clone()).or_else(|| Some("lo".to_owned())),
            shared_with: Vec::new(),
            source,
            source_reason,
            link_address: None,
            mtu: loopback.map(|interface| interface.mtu).filter(|mtu| *mtu > 0),
        }
    }

    /// A packet that leaves by a way.
    fn along(&self, query: &Query, answer: Answer, route: Option<&Route>, way: &NextHop) -> Reach {
        let cast = cast(query.destination, route);
        let gateway = gateway(query.destination, route, way);
        let next_hop = gateway.unwrap_or(query.destination);
        let (source, source_reason) = self.source(query, route, way);
        let interface = way.interface.as_deref().and_then(|name| self.interface(name));
        let smaller = |route: u32, interface: u32| if interface == 0 { route } else { route.min(interface) };
        let mtu = match (route.and_then(|route| route.mtu), interface.map_or(0, |interface| interface.mtu)) {
            (None, 0) => None,
            (Some(route), interface) => Some(smaller(route, interface)),
            (None, interface) => Some(interface),
        };
        let has_frames = interface.is_none_or(|interface| !interface.no_arp && !interface.loopback && !interface.point_to_point);
        let link_address = match (cast, has_frames) {
            (Cast::Broadcast, true) => Some(LinkAddress(vec![0xff; 6])),
            (Cast::Multicast, true) if gateway.is_none() => Some(group_address(query.destination)),
            (Cast::Broadcast | Cast::Multicast, false) => None,
            (Cast::Unicast | Cast::Anycast | Cast::Multicast, _) => {
                self.neighbour(next_hop, way.interface.as_deref()).and_then(|neighbour| neighbour.link_address.clone())
            }
        };
        Reach {
            destination: query.destination,
            verdict: gateway.map_or(Verdict::Attached, Verdict::Gateway),
            cast,
            candidates: answer.candidates,
            rule: answer.rule,
            unfollowed: answer.unfollowed,
            next_hop: Some(next_hop),
            interface: way.interface.clone(),
            shared_with: Vec::new(),
            source,
            source_reason,
            link_address,
            mtu,
        }
    }
}

/// The gateway that a way names, where such a packet is for it.
fn gateway(destination: IpAddr, route: Option<&Route>, way: &NextHop) -> Option<IpAddr> {
    // A default route says nothing of groups and broadcasts but the interface.
    let is_narrow = route.is_some_and(|route| route.destination.prefix_len() >= 4);
    match (cast(destination, route), destination) {
        (Cast::Broadcast, _) => None,
        (Cast::Multicast, IpAddr::V4(_)) if !is_narrow => None,
        (Cast::Unicast | Cast::Anycast | Cast::Multicast, _) => way.gateway,
    }
}

fn cast(destination: IpAddr, route: Option<&Route>) -> Cast {
    let kind = route.map_or(RouteKind::Unicast, |route| route.kind);
    match destination {
        IpAddr::V4(address) if address.is_broadcast() || kind == RouteKind::Broadcast => Cast::Broadcast,
        address if address.is_multicast() => Cast::Multicast,
        _ if kind == RouteKind::Anycast => Cast::Anycast,
        _ => Cast::Unicast,
    }
}

/// The Ethernet address of a group (RFC 1112 section 6.4, RFC 2464 section 7).
fn group_address(group: IpAddr) -> LinkAddress {
    LinkAddress(match group {
        IpAddr::V4(group) => {
            let [_, b, c, d] = group.octets();
            vec![0x01, 0x00, 0x5e, b & 0x7f, c, d]
        }
        IpAddr::V6(group) => {
            let octets = group.octets();
            [&[0x33, 0x33], &octets[12..]].concat()
        }
    })
}

/// The rules of a family in the order in which they are asked, and whether they are the usual ones.
fn rules(host: &Host, family: Family) -> (Vec<Rule>, bool) {
    let mut rules: Vec<Rule> = host.rules.iter().filter(|rule| rule.family == family).cloned().collect();
    let usual = Rule::usual(family);
    if rules.is_empty() {
        return (usual, true);
    }
    rules.sort_by_key(|rule| rule.priority);
    let same = rules == usual;
    (rules, same)
}
