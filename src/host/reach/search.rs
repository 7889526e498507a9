//! The search for the route that decides: rules, then tables, then prefixes.

use super::super::{Action, Family, Host, NextHop, Route, RouteKind, Rule, Table};
use super::{Candidate, Derivation, Fate, Query, Refusal, derived, rules};
use std::cmp::Reverse;

/// What a search found.
#[derive(Default)]
pub(super) struct Answer {
    /// The routes for the destination, as [`super::Reach::candidates`].
    pub(super) candidates: Vec<Candidate>,
    /// The rule that led to the answer.
    pub(super) rule: Option<Rule>,
    /// The rules that were not followed.
    pub(super) unfollowed: Vec<Rule>,
    /// Why a rule refused.
    pub(super) refusal: Option<Refusal>,
    /// The next hops of the winner that can be used.
    pub(super) ways: Vec<NextHop>,
}

impl Answer {
    /// The route that decides.
    pub(super) fn winner(&self) -> Option<&Route> {
        self.candidates.iter().find(|candidate| candidate.fate == Fate::Won).map(|candidate| &candidate.route)
    }
}

/// A search.
pub(super) struct Search<'a> {
    host: &'a Host,
    query: &'a Query,
    rules: Vec<Rule>,
    /// Whether local and main are one table.
    joined: bool,
    /// Every route for the destination that is not considered yet.
    left: Vec<Candidate>,
    answer: Answer,
}

/// Conditions that no packet meets which a program sends without asking for more: it has no mark, no tunnel and no type of service.
const UNMARKED: [&str; 3] = ["fwmark", "tun_id", "tos"];

/// What a table says.
enum Said {
    Decided,
    Nothing,
}

impl<'a> Search<'a> {
    pub(super) fn new(host: &'a Host, query: &'a Query) -> Self {
        let family = Family::of(query.destination);
        let (rules, usual) = rules(host, family);
        let known = host.routes.iter().map(|route| (route, Derivation::Known));
        let derived = derived::routes(host, family);
        let all = known.chain(derived.iter().map(|route| (route, Derivation::FromAddress)));
        let for_it = all.filter(|(route, _)| route.destination.contains(&query.destination));
        // The fate is what it is as long as no table was asked.
        let candidate = |(route, derivation): (&Route, _)| Candidate { route: route.clone(), derivation, fate: Fate::TableNotAsked };
        let left = for_it.map(candidate).collect();
        Self { host, query, rules, joined: usual && family == Family::Ipv4, left, answer: Answer::default() }
    }

    pub(super) fn run(mut self) -> Answer {
        let mut from = 0;
        let rules = std::mem::take(&mut self.rules);
        let mut decided = false;
        for rule in &rules {
            let met = self.is_met(rule);
            if rule.priority < from {
                continue;
            }
            if met != Some(true) {
                // Marked packets may go another way, and so may those of the port or the user that it asks for.
                if met.is_none() || !rule.inverted && !rule.other_conditions.is_empty() && self.fits(rule) {
                    self.answer.unfollowed.push(rule.clone());
                }
                continue;
            }
            let refusal = match &rule.action {
                Action::Table(table) => {
                    decided = matches!(self.ask(table, rule.suppressed_prefix_length), Said::Decided);
                    None
                }
                Action::Goto(priority) => {
                    from = *priority;
                    None
                }
                Action::Nop => None,
                Action::Blackhole => Some(Refusal::Blackhole),
                Action::Unreachable => Some(Refusal::Unreachable),
                Action::Prohibit => Some(Refusal::Prohibit),
            };
            if decided || refusal.is_some() {
                self.answer.rule = Some(rule.clone());
                self.answer.refusal = refusal;
                break;
            }
        }
        self.pass_over_the_rest(&rules);
        self.answer
    }

    /// Whether a rule is for the packet, which has no mark; `None` where that depends on what no address tells.
    fn is_met(&self, rule: &Rule) -> Option<bool> {
        let is_told = |condition: &String| UNMARKED.contains(&condition.as_str());
        match (self.fits(rule), rule.other_conditions.is_empty()) {
            (fits, true) => Some(fits != rule.inverted),
            // One condition that does not hold is enough.
            (false, false) => Some(rule.inverted),
            (true, false) => rule.other_conditions.iter().any(is_told).then_some(rule.inverted),
        }
    }

    /// Whether the addresses of the packet, and the interface it is bound to, are those that a rule is for.
    fn fits(&self, rule: &Rule) -> bool {
        let from = rule.from.is_none_or(|prefix| match self.query.source {
            Some(source) => prefix.contains(&source),
            None => prefix.prefix_len() == 0,
        });
        let to = rule.to.is_none_or(|prefix| prefix.contains(&self.query.destination));
        let incoming = rule.incoming.as_deref().is_none_or(|name| self.is_loopback(name));
        let outgoing = rule.outgoing.is_none() || rule.outgoing == self.query.interface;
        from && to && incoming && outgoing
    }

    fn is_loopback(&self, name: &str) -> bool {
        self.host.interface(name).map_or(name == "lo", |interface| interface.loopback)
    }

    /// Considers the routes of a table.
    fn ask(&mut self, table: &Table, suppressed: Option<u8>) -> Said {
        let is_joined = self.joined && matches!(table, Table::Local | Table::Main);
        let is_in = |route: &Route| if is_joined { matches!(route.table, Table::Local | Table::Main) } else { route.table == *table };
        let (mut found, left): (Vec<Candidate>, Vec<Candidate>) = self.left.drain(..).partition(|candidate| is_in(&candidate.route));
        self.left = left;
        // Another rule may have asked the same table, and passed over what it says.
        found.extend(self.answer.candidates.extract_if(.., |candidate| is_in(&candidate.route)));
        let is_ipv6 = self.query.destination.is_ipv6();
        // The sort is stable: of equals the first one of the kernel's order stays the first.
        found.sort_by_key(|candidate| {
            let route = &candidate.route;
            let preference = if is_ipv6 { route.preference } else { Default::default() };
            let main_second = !is_ipv6 && route.table != Table::Local;
            (Reverse(route.destination.prefix_len()), main_second, route.metric, Reverse(preference))
        });
        let mut said = Said::Nothing;
        let mut winner: Option<Route> = None;
        for mut candidate in found {
            candidate.fate = match (&winner, self.fault(&candidate.route)) {
                (_, Some(fault)) => fault,
                (Some(winner), None) => lost_to(winner, &candidate.route),
                (None, None) => {
                    winner = Some(candidate.route.clone());
                    let is_short = suppressed.is_some_and(|length| candidate.route.destination.prefix_len() <= length);
                    match candidate.route.kind {
                        RouteKind::Throw => Fate::Threw,
                        // What refuses is not passed over.
                        RouteKind::Unicast | RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast | RouteKind::Multicast
                            if is_short =>
                        {
                            Fate::Suppressed
                        }
                        RouteKind::Unicast
                        | RouteKind::Local
                        | RouteKind::Broadcast
                        | RouteKind::Anycast
                        | RouteKind::Multicast
                        | RouteKind::Blackhole
                        | RouteKind::Unreachable
                        | RouteKind::Prohibit
                        | RouteKind::Nat => {
                            said = Said::Decided;
                            self.answer.ways = self.ways(&candidate.route).cloned().collect();
                            Fate::Won
                        }
                    }
                }
            };
            self.answer.candidates.push(candidate);
        }
        said
    }

    /// The next hops of a route that can be used.
    fn ways<'r>(&self, route: &'r Route) -> impl Iterator<Item = &'r NextHop> {
        route.next_hops.iter().filter(|way| !self.is_dead(way) && self.is_allowed(way))
    }

    fn is_dead(&self, way: &NextHop) -> bool {
        let interface = way.interface.as_deref().and_then(|name| self.host.interface(name));
        way.dead || interface.is_some_and(|interface| !interface.up)
    }

    fn is_allowed(&self, way: &NextHop) -> bool {
        self.query.interface.is_none() || way.interface == self.query.interface
    }

    /// Why a route cannot be used, whatever the others are.
    fn fault(&self, route: &Route) -> Option<Fate> {
        if route.from.is_some_and(|from| !self.query.source.is_some_and(|source| from.contains(&source))) {
            return Some(Fate::OtherSource);
        }
        if route.type_of_service.is_some() {
            return Some(Fate::OtherService);
        }
        match route.kind {
            // To IPv6 they are routes to the loopback interface.
            RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit | RouteKind::Throw => {
                let elsewhere =
                    self.query.destination.is_ipv6() && self.query.interface.as_deref().is_some_and(|name| !self.is_loopback(name));
                return elsewhere.then_some(Fate::OtherInterface);
            }
            RouteKind::Unicast | RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast | RouteKind::Multicast | RouteKind::Nat => {}
        }
        // The machine's own addresses stay its own on an interface that is switched off.
        if route.next_hops.is_empty()
            || self.ways(route).next().is_some()
            || route.kind == RouteKind::Local && self.query.interface.is_none()
        {
            return None;
        }
        Some(if route.next_hops.iter().any(|way| self.is_allowed(way)) { Fate::Dead } else { Fate::OtherInterface })
    }

    /// Says of routes in tables that were not asked why they were not.
    fn pass_over_the_rest(&mut self, rules: &[Rule]) {
        let mut rest = std::mem::take(&mut self.left);
        for candidate in &mut rest {
            let leads = |rule: &&Rule| rule.action == Action::Table(candidate.route.table.clone());
            if rules.iter().filter(leads).any(|rule| self.is_met(rule) == Some(true)) {
                candidate.fate = Fate::LaterTable;
            }
        }
        rest.sort_by_key(|candidate| (candidate.fate == Fate::TableNotAsked, Reverse(candidate.route.destination.prefix_len())));
        self.answer.candidates.extend(rest);
    }
}

/// Why a route of the same table lost.
fn lost_to(winner: &Route, other: &Route) -> Fate {
    let (won, lost) = (winner.destination.prefix_len(), other.destination.prefix_len());
    if won > lost {
        Fate::ShorterPrefix(won - lost)
    } else if winner.table != other.table {
        Fate::LaterTable
    } else if winner.metric < other.metric {
        Fate::HigherMetric(other.metric - winner.metric)
    } else if other.preference < winner.preference {
        Fate::LowerPreference
    } else {
        Fate::Behind
    }
}
