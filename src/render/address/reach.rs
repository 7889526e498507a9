//! How a machine reaches an address, in words: which of the three rules applies, which route won and why, and whom the frame goes to.

use super::page::{INDENT, Page};
use crate::explain::address::{Purpose, common_bits, kind};
use crate::host::probe::KernelAnswer;
use crate::host::{
    Action, Address, Candidate, Cast, Derivation, Fate, Host, Interface, Reach, Refusal, Route, RouteKind, SourceReason, Table, Verdict,
};
use crate::render::bits::push_compared;
use crate::render::escape;
use crate::render::json::object::Object;
use ipnet::IpNet;
use std::net::IpAddr;

/// A machine that was asked for its way, and what it said.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What it is called: `this machine`, or the file that tells of it.
    pub whose: &'a str,
    /// What it knows.
    pub host: &'a Host,
    /// The way, as it was worked out.
    pub reach: &'a Reach,
    /// The address that was asked for, where it names nobody: what the machine takes in its place is the destination of the way.
    pub unspecified: Option<IpAddr>,
    /// The kernel's own answer, where it could be asked.
    pub kernel: Option<&'a KernelAnswer>,
}

/// Appends how the machine reaches the address.
pub(super) fn push(page: &mut Page<'_>, asked: &Asked<'_>) {
    let reach = asked.reach;
    page.row("reached", &verdict_sentence(asked));
    if !reach.shared_with.is_empty() {
        let count = reach.shared_with.len() + 1;
        page.row(
            "",
            &format!("{count} ways share the load: the kernel chooses by a hash of the addresses; the first of them is told here"),
        );
    }
    if let Some((_, own)) = own_address(asked)
        && matches!(reach.verdict, Verdict::Attached | Verdict::Gateway(_))
        && reach.cast == Cast::Unicast
        && own.address() != reach.destination
        && own.is_in_its_network()
    {
        let border = Some(own.prefix.prefix_len());
        page.drawing("", |out, palette| push_compared(out, own.address(), reach.destination, border, INDENT, palette));
    }
    if let Some(unspecified) = asked.unspecified {
        page.row("route", &format!("none is looked for: {} takes the place of {unspecified} before that", reach.destination));
        push_kernel(page, asked);
        return;
    }
    if let Some(winner) = reach.winner() {
        page.row("route", &format!("{}{}: {}", route_words(&winner.route), derivation_words(winner), why_it_won(reach)));
    }
    let mut label = "lost";
    for loser in reach.losers() {
        page.row(label, &format!("{}{}: {}", route_words(&loser.route), derivation_words(loser), fate_words(loser, asked.host)));
        label = "";
    }
    if let Some(rule) = &reach.rule
        && rule.priority != 0
        && rule.priority != 32766
    {
        page.row("rule", &format!("of policy routing, priority {}: not the usual one decided", rule.priority));
    }
    if !reach.unfollowed.is_empty() {
        page.row("left out", "rules of policy routing that ask more than addresses tell (a mark, a port, a user); they may lead elsewhere");
    }
    if !matches!(reach.verdict, Verdict::Own | Verdict::Refused(_)) {
        page.row("frame to", &frame_words(asked));
        page.row("leaves by", &leaves_words(reach));
    }
    push_kernel(page, asked);
}

/// Appends what the kernel says itself, beside what was worked out.
fn push_kernel(page: &mut Page<'_>, asked: &Asked<'_>) {
    let reach = asked.reach;
    if let Some(kernel) = asked.kernel {
        let agrees = kernel.agrees(reach);
        let said = kernel_words(kernel);
        if agrees && kernel.verdict == reach.verdict && kernel.interface == reach.interface {
            page.row("kernel", &format!("says the same: {said}"));
        } else if agrees {
            page.row("kernel", &format!("chooses another of these ways: {said}"));
        } else {
            page.warning("kernel", &format!("differs, and it decides: {said}"));
        }
    }
}

/// The address of the interface that the packet leaves by: the one whose subnet holds the destination, else the one that is its source, else
/// the first.
fn own_address<'h>(asked: &Asked<'h>) -> Option<(&'h Interface, &'h Address)> {
    let reach = asked.reach;
    let interface = asked.host.interface(reach.interface.as_deref()?)?;
    let same = || interface.addresses.iter().filter(|own| own.address().is_ipv4() == reach.destination.is_ipv4());
    let is_source = |own: &&Address| Some(own.address()) == reach.source;
    let holds = same().filter(|own| own.network().contains(&reach.destination));
    let longest = holds.reduce(|best, other| {
        let rank = |own: &Address| (own.prefix.prefix_len(), is_source(&own));
        if rank(other) > rank(best) { other } else { best }
    });
    let own = longest.or_else(|| same().find(is_source)).or_else(|| same().next())?;
    Some((interface, own))
}

/// The machine's other subnets that do not hold the destination either: ` nor in 10.130.9.0/24 (lab0)`.
fn nor_in(asked: &Asked<'_>, said: IpNet) -> String {
    const NAMED: usize = 4;
    let destination = asked.reach.destination;
    let mut networks: Vec<IpNet> = vec![said];
    let mut words = String::new();
    for (interface, own) in asked.host.addresses().filter(|(interface, _)| interface.up && !interface.loopback) {
        let network = own.network();
        let is_other = network.addr().is_ipv4() == destination.is_ipv4() && network.prefix_len() < network.max_prefix_len();
        if is_other && !networks.contains(&network) && !network.contains(&destination) && networks.len() <= NAMED {
            networks.push(network);
            words += &format!(", nor in {network} ({})", escape::text(interface.name.as_bytes()));
        }
    }
    words
}

fn verdict_sentence(asked: &Asked<'_>) -> String {
    let Asked { whose, host, reach, .. } = *asked;
    let (whose, destination) = (escape::text(whose.as_bytes()), reach.destination);
    let by = reach.interface.as_deref().map(|name| escape::text(name.as_bytes())).unwrap_or_default();
    if let Some(unspecified) = asked.unspecified.filter(|_| reach.verdict == Verdict::Own) {
        return format!(
            "no host has it; who connects to {unspecified} on Linux means the same host, and is connected to {destination} instead: the packet \
             never leaves {whose}"
        );
    }
    match (reach.verdict, reach.cast) {
        (Verdict::Own, _) => match host.own(destination) {
            Some((interface, own)) => {
                let name = escape::text(interface.name.as_bytes());
                format!("rule 1, itself: {whose} has {destination} (/{} on {name}); the packet never leaves it", own.prefix.prefix_len())
            }
            None if kind(destination).purpose() == Some(Purpose::Loopback) => {
                format!("rule 1, itself: {destination} is in the loopback network; the packet never leaves {whose}")
            }
            None => format!("rule 1, itself: {whose} keeps packets to {destination}"),
        },
        (Verdict::Attached, Cast::Broadcast) => format!("rule 2, its own link: {whose} sends it to everybody on the link of {by}"),
        (Verdict::Attached, Cast::Multicast) => format!("rule 2, its own link: {whose} sends it to the group on the link of {by}"),
        (Verdict::Attached, Cast::Unicast | Cast::Anycast) => {
            match own_address(asked).filter(|(_, own)| own.network().contains(&destination)) {
                Some((_, own)) if names_subnet(own, destination) => format!(
                    "rule 2, its own subnet: {destination} names the subnet {} ({by}) itself, and no host should have it; {whose} asks for it on \
                     the link nevertheless, as for any other address",
                    own.network()
                ),
                Some((_, own)) if !own.is_in_its_network() => {
                    let network = own.network();
                    let of_one = network.prefix_len() == network.max_prefix_len();
                    let is = if of_one { "is the other end".to_owned() } else { format!("is in {network}, the network of the other end") };
                    format!(
                        "rule 2, its own link: {destination} {is} of the link of {by}, whose own end is {}; {whose} sends the frame to it directly",
                        own.address()
                    )
                }
                Some((_, own)) => format!(
                    "rule 2, its own subnet: {destination} is in {} ({by}), for their first {} are equal; {whose} sends the frame to it directly",
                    own.network(),
                    bits_words(own.prefix.prefix_len())
                ),
                None => format!(
                    "rule 2, its own link: a route says that {destination} is on the link of {by}; {whose} sends the frame to it directly"
                ),
            }
        }
        (Verdict::Gateway(gateway), _) => match own_address(asked) {
            Some((_, own)) if own.is_in_its_network() && !own.network().contains(&destination) => {
                let common = common_bits(own.address(), destination).unwrap_or_default();
                format!(
                    "rule 3, a gateway: {destination} is not in {} ({by}), because their first {} are not equal (bit {} differs){}; {whose} sends \
                     the frame to the gateway {gateway}, which carries the packet further",
                    own.network(),
                    bits_words(own.prefix.prefix_len()),
                    u16::from(common) + 1,
                    nor_in(asked, own.network())
                )
            }
            Some(_) | None => format!("rule 3, a gateway: {whose} sends the frame to {gateway} ({by}), which carries the packet further"),
        },
        (Verdict::Refused(_), _) if !routes_are_known(asked) => {
            let kind = if destination.is_ipv4() { "" } else { "-6 " };
            format!("not known: nothing tells the routes of {whose} (`ip {kind}-j route show table all` prints them there)")
        }
        (Verdict::Refused(refusal), _) => format!("not at all: {}", refusal_words(refusal, reach, &whose)),
    }
}

/// Whether an address is the first of its subnet, which names the subnet and no host (RFC 1122 section 3.2.1.3); of two addresses both are hosts'
/// (RFC 3021).
fn names_subnet(own: &Address, destination: IpAddr) -> bool {
    const LONGEST: u8 = 30;
    destination.is_ipv4() && own.prefix.prefix_len() <= LONGEST && own.network().network() == destination
}

/// Whether a route that is missing is missing there, and not only in what is told: files may hold addresses alone, or one family's routes.
fn routes_are_known(asked: &Asked<'_>) -> bool {
    let is_ipv4 = asked.reach.destination.is_ipv4();
    asked.kernel.is_some() || asked.host.routes.iter().any(|route| route.destination.addr().is_ipv4() == is_ipv4)
}

fn bits_words(count: u8) -> String {
    if count == 1 { "bit".to_owned() } else { format!("{count} bits") }
}

fn refusal_words(refusal: Refusal, reach: &Reach, whose: &str) -> String {
    let who = match &reach.rule {
        Some(rule) if reach.winner().is_none() => format!("a rule of policy routing of {whose} (priority {})", rule.priority),
        Some(_) | None => format!("a route of {whose}"),
    };
    let is = |fate: Fate| reach.losers().any(|loser| loser.fate == fate);
    match refusal {
        Refusal::NoRoute if is(Fate::Threw) => {
            format!("a throw route of {whose} ends the search in its table, and no other table has a route for it")
        }
        Refusal::NoRoute if reach.losers().next().is_some() => format!("of the routes of {whose} that hold it none can be used"),
        Refusal::NoRoute => format!("{whose} has no route to it, and no default route"),
        Refusal::Blackhole => format!("{who} drops such packets without a word (blackhole)"),
        Refusal::Unreachable => format!("{who} says that it cannot be reached"),
        Refusal::Prohibit => format!("{who} does not permit it"),
    }
}

/// A route, as `ip route` writes it.
fn route_words(route: &Route) -> String {
    let mut words = Vec::new();
    if route.kind != RouteKind::Unicast {
        words.push(route.kind.to_string());
    }
    words.push(if route.is_default() { format!("{} (default)", route.destination) } else { route.destination.to_string() });
    for (place, way) in route.next_hops.iter().enumerate() {
        if place > 0 {
            words.push("or".to_owned());
        }
        words.extend(way.gateway.map(|gateway| format!("via {gateway}")));
        words.extend(way.interface.as_deref().map(|name| format!("dev {}", escape::text(name.as_bytes()))));
    }
    words.extend(route.type_of_service.as_deref().map(|service| format!("tos {}", escape::text(service.as_bytes()))));
    if route.table != Table::Main {
        words.push(format!("table {}", escape::text(route.table.to_string().as_bytes())));
    }
    if route.metric > 0 {
        words.push(format!("metric {}", route.metric));
    }
    words.join(" ")
}

fn derivation_words(candidate: &Candidate) -> &'static str {
    match candidate.derivation {
        Derivation::Known => "",
        Derivation::FromAddress => " (which the kernel makes for an address)",
    }
}

fn why_it_won(reach: &Reach) -> &'static str {
    let any = |is: fn(&Fate) -> bool| reach.losers().any(|loser| is(&loser.fate));
    let (shorter, dearer) = (any(|fate| matches!(fate, Fate::ShorterPrefix(_))), any(|fate| matches!(fate, Fate::HigherMetric(_))));
    match (shorter, dearer) {
        (true, true) => "won, with the longest prefix that holds the address, and of those with the smallest metric",
        (true, false) => "won, with the longest prefix that holds the address",
        (false, true) => "won, with the smallest metric",
        (false, false) if reach.losers().next().is_none() => "the only one that holds the address",
        (false, false) => "won",
    }
}

fn fate_words(loser: &Candidate, host: &Host) -> String {
    match loser.fate {
        Fate::Won => "won".to_owned(),
        Fate::ShorterPrefix(1) => "holds it too, but its prefix is shorter by one bit".to_owned(),
        Fate::ShorterPrefix(bits) => format!("holds it too, but its prefix is shorter by {bits} bits"),
        Fate::HigherMetric(more) => format!("of the same prefix, but its metric is larger by {more}"),
        Fate::LowerPreference => "of the same prefix, but its router recommends itself less".to_owned(),
        Fate::Behind => "equal to the one that won, and behind it".to_owned(),
        Fate::LaterTable => "its table is asked later, and nobody got there".to_owned(),
        Fate::TableNotAsked => {
            let leads = host.rules.iter().any(|rule| rule.action == Action::Table(loser.route.table.clone()));
            let rules = if leads { "no rule that is for such a packet" } else { "no rule" };
            format!("{rules} leads to its table")
        }
        Fate::Dead => "its interface is down".to_owned(),
        Fate::OtherInterface => "it leaves by another interface than the one that was asked for".to_owned(),
        Fate::OtherService => "it is for packets with that type of service alone, which few programs set".to_owned(),
        Fate::OtherSource => "it is for packets from elsewhere".to_owned(),
        Fate::Threw => "it ends the search in its table (throw)".to_owned(),
        Fate::Suppressed => "the rule that leads to it passes over prefixes as short".to_owned(),
    }
}

fn frame_words(asked: &Asked<'_>) -> String {
    let reach = asked.reach;
    let next = reach.next_hop.unwrap_or(reach.destination);
    let who = match (reach.verdict, reach.cast) {
        (_, Cast::Broadcast) => "everybody".to_owned(),
        (_, Cast::Multicast) => format!("the group {next}"),
        (Verdict::Gateway(gateway), _) => format!("the gateway {gateway}, though the packet says {}", reach.destination),
        (Verdict::Attached | Verdict::Own | Verdict::Refused(_), Cast::Unicast | Cast::Anycast) => next.to_string(),
    };
    if let Some(link) = &reach.link_address {
        let state =
            asked.host.neighbour(next, reach.interface.as_deref()).map(|neighbour| format!(", {}", neighbour.state)).unwrap_or_default();
        return format!("{link} ({who}{state})");
    }
    let interface = reach.interface.as_deref().and_then(|name| asked.host.interface(name));
    if interface.is_some_and(|interface| interface.no_arp || interface.loopback || interface.point_to_point) {
        return format!("{who}: this link needs no link addresses");
    }
    let asks = if next.is_ipv4() { "ARP" } else { "neighbour discovery" };
    format!("{who}: its link address is not known, {asks} asks for it first")
}

fn leaves_words(reach: &Reach) -> String {
    let by = reach.interface.as_deref().map_or_else(|| "an interface that is not known".to_owned(), |name| escape::text(name.as_bytes()));
    let source = match reach.source {
        Some(source) => format!(", from {source}{}", source_words(reach.source_reason)),
        None => String::new(),
    };
    let mtu = reach.mtu.map(|mtu| format!(", in packets of at most {mtu} bytes")).unwrap_or_default();
    let shared = if reach.shared_with.is_empty() { "" } else { " (one of several ways that share the load)" };
    format!("{by}{shared}{source}{mtu}")
}

fn source_words(reason: SourceReason) -> String {
    match reason {
        SourceReason::Given => " (as it was asked)".to_owned(),
        SourceReason::Route => " (the route says so)".to_owned(),
        SourceReason::Subnet => " (its address in the subnet of the next hop)".to_owned(),
        SourceReason::First => " (its first address)".to_owned(),
        SourceReason::OtherInterface => " (of another interface, for this one has none that fits)".to_owned(),
        SourceReason::Preferred(rule) if rule > 0 => format!(" (preferred by RFC 6724 5, rule {rule})"),
        SourceReason::Destination | SourceReason::Only | SourceReason::Preferred(_) | SourceReason::None => String::new(),
    }
}

fn kernel_words(kernel: &KernelAnswer) -> String {
    let way = match kernel.verdict {
        Verdict::Own => "itself".to_owned(),
        Verdict::Attached => "directly".to_owned(),
        Verdict::Gateway(gateway) => format!("via {gateway}"),
        Verdict::Refused(_) => return "not at all".to_owned(),
    };
    let by = kernel.interface.as_deref().map(|name| format!(" dev {}", escape::text(name.as_bytes()))).unwrap_or_default();
    let source = kernel.source.map(|source| format!(" from {source}")).unwrap_or_default();
    format!("{way}{by}{source}")
}

/// Appends which interfaces of a machine are in a network.
pub(super) fn push_presence(page: &mut Page<'_>, whose: &str, host: &Host, network: IpNet) {
    let whose = escape::text(whose.as_bytes());
    let inside: Vec<String> = host
        .addresses()
        .filter(|(_, own)| network.contains(&own.address()))
        .map(|(interface, own)| format!("{} on {}", own.prefix, escape::text(interface.name.as_bytes())))
        .collect();
    if !inside.is_empty() {
        page.row("here", &format!("{whose} is in it: {}", inside.join(", ")));
    }
}

/// Appends the way as members of an object.
pub(super) fn push_members(object: &mut Object<'_>, asked: &Asked<'_>) {
    let reach = asked.reach;
    object.string("asked", asked.whose);
    let is_known = !matches!(reach.verdict, Verdict::Refused(_)) || routes_are_known(asked);
    object.string("verdict", if is_known { verdict_word(reach.verdict) } else { "not-known" });
    object.string("cast", cast_word(reach.cast));
    if let Verdict::Gateway(gateway) = reach.verdict {
        object.string("gateway", &gateway.to_string());
    }
    object.string("text", &verdict_sentence(asked));
    let optional = [
        ("next_hop", reach.next_hop.map(|next| next.to_string())),
        ("interface", reach.interface.clone()),
        ("source", reach.source.map(|source| source.to_string())),
        ("link_address", reach.link_address.as_ref().map(ToString::to_string)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            object.string(name, &value);
        }
    }
    if let Some(mtu) = reach.mtu {
        object.number("mtu", mtu.into());
    }
    let candidates = if asked.unspecified.is_some() { &[][..] } else { &reach.candidates };
    object.objects("routes", candidates, |object, candidate| {
        object.string("route", &route_words(&candidate.route));
        object.string("prefix", &candidate.route.destination.to_string());
        object.string("table", &candidate.route.table.to_string());
        object.number("metric", candidate.route.metric.into());
        object.boolean("won", candidate.fate == Fate::Won);
        object.string("fate", &fate_words(candidate, asked.host));
    });
    if let Some(kernel) = asked.kernel {
        object.object("kernel", |object| {
            object.boolean("agrees", kernel.agrees(reach));
            object.string("verdict", verdict_word(kernel.verdict));
            if let Verdict::Gateway(gateway) = kernel.verdict {
                object.string("gateway", &gateway.to_string());
            }
            if let Some(interface) = &kernel.interface {
                object.string("interface", interface);
            }
            if let Some(source) = kernel.source {
                object.string("source", &source.to_string());
            }
        });
    }
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Own => "own",
        Verdict::Attached => "attached",
        Verdict::Gateway(_) => "gateway",
        Verdict::Refused(Refusal::NoRoute) => "no-route",
        Verdict::Refused(Refusal::Blackhole) => "blackhole",
        Verdict::Refused(Refusal::Unreachable) => "unreachable",
        Verdict::Refused(Refusal::Prohibit) => "prohibit",
    }
}

fn cast_word(cast: Cast) -> &'static str {
    match cast {
        Cast::Unicast => "unicast",
        Cast::Broadcast => "broadcast",
        Cast::Multicast => "multicast",
        Cast::Anycast => "anycast",
    }
}
