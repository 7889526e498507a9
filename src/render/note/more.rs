//! What a story tells beyond the line of a note: the bits worked out, the proof in numbers, what to do about it.

use super::fragments::{push_range, push_version};
use super::handshake::say_waits;
use super::route::told;
use crate::explain::{
    AddressFacts, ChecksumFacts, Cutter, Facts, Forgotten, FragmentFacts, HandshakeFacts, HopsFacts, LossFacts, MtuFacts, NameFacts,
    Origin, Pretence, RouteFacts, SubnetFacts, common_bits,
};
use crate::reassembly::fragments::Conflict;
use crate::render::sentence::{Counted, Grouped, Link, Sentence, Took};
use ipnet::IpNet;
use std::net::IpAddr;

/// Says what else is known, in sentences of their own; nothing where the line says it all.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &Facts) {
    match facts {
        Facts::Route(facts) => route(sentence, facts),
        Facts::Subnet(facts) => subnet(sentence, facts),
        Facts::Mtu(facts) => mtu(sentence, facts),
        Facts::Handshake(facts) => handshake(sentence, facts),
        Facts::Wireless(facts) => super::wireless::say_more(sentence, facts),
        Facts::Hops(HopsFacts::Distance { host, hop_limit, begun, routers }) => {
            let name = if host.is_ipv4() { "time to live (TTL)" } else { "hop limit" };
            write!(sentence, " Each router takes 1 off a packet's {name}: {begun} - {hop_limit} = {routers}.");
        }
        Facts::Hops(HopsFacts::AnsweredNearer { .. }) => {
            sentence.say(" Such as a proxy on the gateway, which takes connections over unasked (a transparent proxy).");
        }
        Facts::Hops(HopsFacts::OtherReset { .. }) => {
            sentence.say(" Another machine may have sent it in its name, such as a firewall on the way.");
        }
        Facts::Hops(HopsFacts::Loop { hop_limits, cards: Some([from, to]), .. }) => {
            let mut rounds = hop_limits.iter().zip(hop_limits.iter().skip(1));
            // Each router takes 1 off.
            if rounds.all(|(before, after)| before.checked_sub(*after) == Some(2)) {
                sentence.say(" It goes back and forth between two routers, those with the hardware addresses ");
                write!(sentence, "{} and {}.", Link(*from), Link(*to));
            } else {
                sentence.say(" Two of the routers in the circle are those with the hardware addresses ");
                write!(sentence, "{} and {}: here the first sends it to the second.", Link(*from), Link(*to));
            }
        }
        Facts::Loss(LossFacts::Nagle { .. }) => {
            sentence
                .say(" Its system holds a small segment until the one before is acknowledged (Nagle's algorithm). TCP_NODELAY, or one ");
            sentence.say("write instead of two, saves the wait.");
        }
        Facts::Loss(LossFacts::Timeout { waits, .. }) if waits.len() > 2 => {
            sentence.say(" It waited ");
            say_waits(sentence, waits);
            sentence.say(".");
        }
        Facts::Loss(LossFacts::Lost { receiver, asked: true, .. }) => {
            let receiver = sentence.host(*receiver);
            write!(sentence, " {receiver} said that it lacks them.");
        }
        Facts::Name(NameFacts::Expired(learned)) => {
            write!(sentence, " {} gave it {} before.", learned.server, Took(learned.age));
        }
        Facts::Name(NameFacts::Race { first, second, .. }) => {
            write!(sentence, " The address that was tried first is {first}, the other {second}.");
        }
        Facts::Checksum(ChecksumFacts::Offload { host, protocol, received, partial, .. }) => {
            checksums(sentence, *host, protocol, *received, *partial);
        }
        Facts::Checksum(ChecksumFacts::Bad { .. }) => {
            sentence.say(" Only if they were changed after they were captured did it get them as they should be.");
        }
        Facts::Checksum(ChecksumFacts::Changed { .. }) => {
            sentence.say(
                " A receiver drops what comes with a wrong checksum, and this was acknowledged or answered: the file was changed, or ",
            );
            sentence.say("the sender's card filled the checksum in.");
        }
        Facts::Address(AddressFacts::PrivateOutside { row, packets, .. }) => {
            write!(
                sentence,
                " The internet has no route back to {}: {} came, and nothing went back.",
                row.prefix,
                Counted(*packets, "packet")
            );
        }
        Facts::Fragments(FragmentFacts::Conflict(conflict)) => {
            sentence.say(" The first is ");
            versions(sentence, conflict);
        }
        Facts::Fragments(FragmentFacts::Dropped { conflict: Some(conflict), .. }) => {
            sentence.say(" Bytes ");
            push_range(sentence.out(), &conflict.range);
            sentence.say(" came in two versions: the first is ");
            versions(sentence, conflict);
        }
        Facts::Address(_)
        | Facts::Capture(_)
        | Facts::Checksum(_)
        | Facts::Encoding(_)
        | Facts::Fragments(_)
        | Facts::Hops(_)
        | Facts::Http(_)
        | Facts::Icmp(_)
        | Facts::Login(_)
        | Facts::Loss(_)
        | Facts::Name(_) => {}
    }
}

/// Says both versions of some bytes.
fn versions(sentence: &mut Sentence<'_>, conflict: &Conflict) {
    push_version(sentence.out(), &conflict.kept);
    sentence.say(", the other ");
    push_version(sentence.out(), &conflict.other);
    // What was cut ends with dots of its own.
    if !sentence.out().ends_with(b".") {
        sentence.say(".");
    }
}

fn route(sentence: &mut Sentence<'_>, facts: &RouteFacts) {
    if let RouteFacts::Direct { from, to, network, mask_from, card } = facts {
        say_bits(sentence, [*from, *to], *network, *mask_from, "are the same");
        write!(sentence, ", so no router is needed, and the frame goes to the hardware address {} of {to}.", Link(*card));
    } else if let RouteFacts::Gateway { from, to, network, mask_from, card, .. } = facts {
        match network.zip(*mask_from) {
            Some((network, mask_from)) => say_bits(sentence, [*from, *to], network, mask_from, "differ"),
            None => write!(sentence, " {from} has no subnet that {to} is in"),
        }
        write!(sentence, ", so the frame goes to the gateway's hardware address {}, and the packet in it is still for {to}.", Link(*card));
    } else if let RouteFacts::Asymmetric { .. } = facts {
        sentence.say(" Two ways are allowed, but what counts connections on one of them (a firewall, NAT) sees only half.");
    } else if let RouteFacts::GatewayChanged { is_taken_over: Some(false), .. } = facts {
        sentence.say(" It was given another route, spreads its packets over both, or a router took over whose word is not in the capture.");
    } else if let RouteFacts::GatewayChanged { .. } = facts {
        sentence.say(" Another machine took over the gateway's work, or pretends to be the gateway (ARP spoofing).");
    } else if let RouteFacts::Ignored { packets, .. } = facts {
        write!(sentence, " By then {} had gone there: it follows no redirects, or not this one.", Counted(*packets, "packet"));
    } else if let RouteFacts::AsksBeyond { .. } = facts {
        sentence.say(" It uses another mask than it was given, or has no gateway.");
    }
}

/// Says what the first bits of two addresses are: `The first 24 bits of .. and .. differ: 192.168.1.0 and 10.130.1.0`.
fn say_bits(sentence: &mut Sentence<'_>, addresses: [IpAddr; 2], network: IpNet, mask_from: Origin, verdict: &str) {
    let bits = network.prefix_len();
    let [one, other] = addresses.map(|address| IpNet::new(address, bits).map_or(address, |network| network.network()));
    let [from, to] = addresses;
    write!(sentence, " The first {bits} bits of {from} and {to} {verdict}: {one}");
    if one != other {
        write!(sentence, " and {other}");
    }
    sentence.say(told(mask_from));
}

fn subnet(sentence: &mut Sentence<'_>, facts: &SubnetFacts) {
    if let SubnetFacts::MasksDisagree { near, far, equal_bits, .. } = facts {
        write!(sentence, " {near} takes {far} for a neighbour. For {far} it is none: {far}'s mask has more than {equal_bits} bits.");
    } else if let SubnetFacts::Unanswered { asker, target, before, .. } = facts {
        match before {
            Some(card) => {
                write!(
                    sentence,
                    " Before, {} answered for it: it is off now or, where that is the card of another that answered for it, that one no longer does.",
                    Link(*card)
                );
            }
            None => sentence.say(" It is off, or not on this link."),
        }
        // Most networks of IPv4 have 24 bits or more.
        if let Some(bits @ 1..24) = common_bits(*asker, *target).filter(|_| asker.is_ipv4()) {
            write!(
                sentence,
                " Only the first {bits} bits of the two are the same: with a longer mask {asker} would have asked its gateway."
            );
        }
    } else if let SubnetFacts::Spoofed { own, address, .. } = facts {
        write!(sentence, " Who has {address} need not ask for it. What goes to {address} is read by {own} first.");
    } else if let SubnetFacts::Pretended { card, how, owner, own, address } = facts {
        pretended(sentence, *how, *owner, *address);
        if let Some(own) = own {
            write!(sentence, " {} is the hardware address of {own}.", Link(*card));
        }
    } else if let SubnetFacts::TwoCards { .. } = facts {
        sentence.say(" One machine answers on each of its cards for all addresses (ARP flux): arp_ignore=1 and arp_announce=2 ");
        sentence.say("let each answer for its own. A copy of a machine (a clone) needs addresses of its own.");
    } else if let SubnetFacts::Proxy { hop_limit, .. } | SubnetFacts::Hidden { hop_limit, .. } = facts {
        write!(sentence, " A router passed its packets on, as {hop_limit} hops are left of them.");
    } else if let SubnetFacts::NoHostAddress { network, is_broadcast, .. } = facts {
        let bit = u8::from(*is_broadcast);
        write!(sentence, " The bits after the first {} are all {bit}.", network.prefix_len());
    }
}

/// Says what speaks against a card that claims an address.
fn pretended(sentence: &mut Sentence<'_>, how: Pretence, owner: Option<[u8; 6]>, address: IpAddr) {
    match how {
        Pretence::Unasked { over, times, .. } => {
            if let Some(owner) = owner {
                write!(sentence, " {} has {address}.", Link(owner));
            }
            write!(
                sentence,
                " It said so {} in {}. Who takes an address over says it to all, a few times; who pretends ",
                Counted(times, "time"),
                Took(over)
            );
            sentence.say("says it to its victim, for as long as it lasts.");
        }
        Pretence::ToBoth { .. } => sentence.say(" Nobody asked it. What they send each other passes it."),
        Pretence::Beside { .. } => {
            sentence.say(" A router that answers for others (proxy ARP) and has too wide a mask does so; so does who wants to read what goes to them.");
        }
        Pretence::InTurn => sentence.say(" Or both were given the same address: then neither means harm, and neither is reached well."),
    }
}

fn mtu(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    if let MtuFacts::BlackHole { sender, receiver, failed, headers, sent, missing, is_on_link, .. } = facts {
        match missing {
            0 => write!(sentence, " When that was clear the larger had been sent {}", Counted((*sent).into(), "time")),
            _ => {
                let bytes = Counted((*missing).into(), "byte");
                write!(sentence, " {bytes} never came, in packets of up to {}", Grouped((*failed).into()));
            }
        }
        if *is_on_link {
            write!(sentence, ". No router lies between them that could say so: {receiver}, or a switch or bridge on the way, takes less. ");
            sentence.say("Give all of them the same MTU.");
            return;
        }
        let message = if sender.is_ipv4() { "ICMP type 3 code 4" } else { "ICMPv6 type 2" };
        write!(sentence, ", and no ICMP says why. Let {message} pass, or clamp the MSS below {}.", failed.saturating_sub(*headers));
    } else if let MtuFacts::Unanswered { sender, receiver, failed, is_on_link, .. } = facts {
        let headers = if sender.is_ipv4() { 28 } else { 48 };
        sentence.say(match is_on_link {
            true => " Both are on one link: the other, or a switch between, takes less, or the way was cut just then: ",
            false => " It is a path-MTU black hole, or the way was cut just then: ",
        });
        write!(sentence, "on {sender}, ping -M do -s {} {receiver}", failed.saturating_sub(headers));
        // Such an address is on every link: ping must be told on which.
        let is_on_every_link = matches!(receiver, IpAddr::V6(receiver) if receiver.is_unicast_link_local());
        sentence.say(if is_on_every_link { "%INTERFACE tells." } else { " tells." });
    } else if let MtuFacts::Ignored { sender, .. } = facts {
        write!(sentence, " The ICMP message does not reach it: a firewall before {sender}, or its own, drops it.");
    } else if let MtuFacts::Cut { source, destination, cutter, .. } = facts {
        write!(sentence, " It was on the way from {source} to {destination}");
        sentence.say(match cutter {
            Cutter::Sender if source.is_ipv6() => ", and in IPv6 no router may cut a packet.",
            Cutter::Sender => ", and its pieces have passed no router.",
            Cutter::Again => ", and its pieces differ in size.",
            Cutter::Router(_) | Cutter::Unknown => ".",
        });
    } else if let MtuFacts::Probed { .. } = facts {
        sentence.say(" What fits lies between.");
    } else if let MtuFacts::SegmentSize { mtu: 0..1500, is_advertised: false, .. } = facts {
        sentence.say(" Its link takes no more, it has learned that the way takes no more, or a router changed the SYN.");
    }
}

fn handshake(sentence: &mut Sentence<'_>, facts: &HandshakeFacts) {
    if let HandshakeFacts::Silence { waits, connections, has_more_waits, .. } = facts {
        if !waits.is_empty() {
            sentence.say(if *connections > 1 { " For the first it was asked again after " } else { " It was asked again after " });
            say_waits(sentence, waits);
            sentence.say(if *has_more_waits { ", and so on." } else { "." });
        }
    } else if let HandshakeFacts::PortsExhausted { lowest, highest, over, pause, .. } = facts {
        write!(sentence, " It used the ports {lowest} to {highest} in {}", Took(*over));
        sentence.say(match pause {
            Some(_) => ", opened nothing in the pause, and then took the same ones again.",
            None => ", and none is free again: these are all that its system has.",
        });
    } else if let HandshakeFacts::PortScan { over, open, answered, is_udp, is_odd, tried, refused, .. } = facts {
        write!(sentence, " The first and the last try are {} apart.", Took(*over));
        let is_silent = answered + refused < *tried;
        if *is_udp && is_silent {
            sentence.say(" Which of the silent ones are open UDP does not tell: a program need not answer.");
        }
        if *is_odd {
            sentence.say(" The segments have neither SYN nor ACK, or SYN and FIN, as no program sends them: a closed port resets them");
            sentence.say(if is_silent { ", and one that is silent is open or filtered." } else { "." });
        }
        if open.len() > 3 {
            sentence.say(if open.len() as u64 == *answered { " Open are " } else { " The lowest that are open are " });
            sentence.list(open.iter());
            sentence.say(".");
        }
    } else if let HandshakeFacts::HostScan { over, .. } = facts {
        write!(sentence, " The first and the last try are {} apart.", Took(*over));
    } else if let HandshakeFacts::SynFlood { calls, callers, answered, over, .. } = facts {
        write!(sentence, " They came in {}, each once", Took(*over));
        match answered {
            0 => sentence.say(", and none was answered."),
            _ => write!(sentence, "; {} were answered, and nobody acknowledged that.", Grouped(*answered)),
        }
        if *callers > 1 && callers * 2 > *calls {
            sentence.say(" Such addresses are mostly made up.");
        }
    } else if let HandshakeFacts::Silenced { .. } = facts {
        sentence.say(" Its machine or the way to it is gone, or its program hangs.");
    } else if let HandshakeFacts::HalfOpen { how: Forgotten::Reset, idle, .. } = facts {
        write!(sentence, " Nothing was said for {} before.", Took(*idle));
    } else if let HandshakeFacts::HalfClosed { .. } = facts {
        sentence.say(" Its program did not close its socket, or the end was not captured.");
    } else if let HandshakeFacts::Repeated { answer: false, .. } = facts {
        sentence.say(" The SYN or the answer to it was lost, or the other had no room for it.");
    } else if let HandshakeFacts::Repeated { answer: true, acknowledged: true, .. } = facts {
        sentence.say(" The acknowledgement was lost, or the sender has no room for the connection yet.");
    }
}

/// Says what speaks for a network card that fills in checksums.
fn checksums(sentence: &mut Sentence<'_>, host: IpAddr, protocol: &str, received: u64, partial: u64) {
    if partial > 0 {
        let held = if protocol == "ip" { "0" } else { "the sum of the addresses alone" };
        write!(sentence, " {} of them hold {held}, as a system leaves them for its card.", Grouped(partial));
    }
    if received > 0 {
        write!(sentence, " Of those that {host} received {} are right, and none is wrong.", Grouped(received));
    }
}
