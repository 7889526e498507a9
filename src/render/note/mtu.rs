//! Notes on packet sizes: what fits, what was cut, and what vanished because it did not fit, in words.

use crate::explain::{Cutter, MtuFacts};
use crate::render::sentence::{Counted, Grouped, Sentence};
use std::net::IpAddr;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    match facts {
        MtuFacts::Forbidden { sender, size } => {
            let sender = sentence.host(*sender);
            write!(sentence, "{sender} sets DF in its packet of {}: no router may cut it; ", Counted((*size).into(), "byte"));
            sentence.say("one whose next link takes less must drop it and say what fits");
        }
        MtuFacts::SegmentSize { host, mss, mtu } => say_segment_size(sentence, *host, *mss, *mtu),
        MtuFacts::Clamped { host, before, after } => {
            let host = sentence.host(*host);
            write!(sentence, "a router changes the MSS in {host}'s SYN from {before} to {after}, ");
            sentence.say("so that no segment is too big for its smaller link");
        }
        MtuFacts::Tunnel { protocol, overhead } => {
            write!(sentence, "{protocol} takes {overhead} bytes of each packet: of 1500 that an Ethernet takes, 1500 - {overhead} = ");
            write!(sentence, "{} are left for the packet inside", 1500u32.saturating_sub(*overhead));
        }
        MtuFacts::Cut { source, destination, length, pieces, cutter } => {
            let is_ipv6 = source.is_ipv6();
            let (source, destination) = (sentence.host(*source), sentence.host(*destination));
            write!(sentence, "the packet of {} from {source} to {destination} came in ", Counted((*length).into(), "byte"));
            write!(sentence, "{} of ", Counted(pieces.len() as u64, "fragment"));
            let shown = pieces.get(..6).unwrap_or(pieces);
            sentence.list(shown.iter().map(|piece| Grouped(*piece)));
            sentence.say(if shown.len() < pieces.len() { " bytes and so on: " } else { " bytes: " });
            match cutter {
                Cutter::Sender if is_ipv6 => sentence.say("its sender cut it, as with IPv6 no router may"),
                Cutter::Sender => sentence.say("its sender cut it, as they have passed no router"),
                Cutter::Router(frame) => write!(sentence, "a router cut it, as frame {frame} still has it whole"),
                Cutter::Again => sentence.say("a router cut again what had been cut, as the pieces differ in size"),
                Cutter::Unknown => sentence.say("its sender cut it, or a router whose next link takes less"),
            }
        }
        MtuFacts::TooBig { reporter, quoted, mtu } => {
            let (reporter, source, destination) =
                (sentence.host(*reporter), sentence.host(quoted.source), sentence.host(quoted.destination));
            let size = Counted(quoted.length.into(), "byte");
            write!(sentence, "{reporter} dropped a packet of {size} from {source} to {destination}: ");
            match mtu {
                0 => sentence.say("it is too big for the next link, whose size this router does not tell"),
                _ => write!(sentence, "its next link takes {} at most, and {source} is to send no more", Grouped((*mtu).into())),
            }
        }
        MtuFacts::Learned { sender, receiver, mtu, before, now } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} has learned that the path to {receiver} takes {} bytes: ", Grouped((*mtu).into()));
            write!(sentence, "after {} it now sends packets of {}", Grouped((*before).into()), Grouped((*now).into()));
        }
        MtuFacts::Ignored { sender, receiver, mtu, size } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} was told that {} bytes fit on the way to {receiver}, ", Grouped((*mtu).into()));
            write!(sentence, "and still repeats packets of {}: ", Grouped((*size).into()));
            write!(sentence, "a firewall in front of {sender}, or its own, drops that ICMP message");
        }
        MtuFacts::BlackHole { .. } => say_black_hole(sentence, facts),
        MtuFacts::Unanswered { .. } => say_unanswered(sentence, facts),
        MtuFacts::Probed { sender, receiver, passed, failed } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} tried smaller packets by itself: {} bytes get through to {receiver}, ", Grouped((*passed).into()));
            write!(sentence, "{} do not: what fits lies between", Grouped((*failed).into()));
        }
    }
}

fn say_unanswered(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    let MtuFacts::Unanswered { sender, receiver, passed, failed, missing, .. } = facts else { return };
    let ip = if sender.is_ipv4() { 20 } else { 40 };
    let (from, to) = (sentence.host(*sender), sentence.host(*receiver));
    let (small, large) = (Grouped((*passed).into()), Grouped((*failed).into()));
    if *missing > 0 {
        write!(sentence, "{} from {from} never came to {to}, ", Counted((*missing).into(), "byte"));
        write!(sentence, "packets of {small} bytes did: a path-MTU black hole, or the way is broken; ");
    } else {
        write!(sentence, "{to} acknowledges no packet of {large} bytes from {from}, and did those of {small}: ");
        sentence.say("a path-MTU black hole, or nothing arrives any more; ");
    }
    write!(sentence, "on {sender}, ping -M do -s {} {receiver} tells", failed.saturating_sub(ip + 8));
}

fn say_segment_size(sentence: &mut Sentence<'_>, host: IpAddr, mss: u32, mtu: u32) {
    let ip = if host.is_ipv4() { 20 } else { 40 };
    let host = sentence.host(host);
    write!(sentence, "{host} takes segments of {} (MSS): {mss} + {ip} (IP) + 20 (TCP) = {mtu}, ", Counted(mss.into(), "byte"));
    match mtu {
        1500 => sentence.say("what an Ethernet takes"),
        9000.. if mtu < 16_000 => sentence.say("an Ethernet with jumbo frames"),
        16_000.. => sentence.say("which only a link inside of a machine takes"),
        1501.. => sentence.say("more than the usual 1500 of an Ethernet"),
        _ => {
            sentence.say(match mtu {
                1492 => "as a DSL line (PPPoE) leaves",
                1480 => "as a tunnel of IP in IP leaves",
                1476 => "as a GRE tunnel leaves",
                1450 => "as a VXLAN leaves",
                1420 => "as a WireGuard tunnel leaves, and Cisco's firewalls allow",
                1280 => "the least that an IPv6 link must take",
                _ => "less than Ethernet's 1500",
            });
            sentence.say(": its link takes no more, or a router changed the SYN");
        }
    }
}

fn say_black_hole(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    let MtuFacts::BlackHole { sender, receiver, passed, failed, headers, sent, missing, .. } = facts else { return };
    let (is_ipv4, [from, to]) = (sender.is_ipv4(), [sender, receiver].map(|host| sentence.host(*host)));
    let (small, large) = (Grouped((*passed).into()), Grouped((*failed).into()));
    if *missing > 0 {
        write!(sentence, "{} from {from} never reach {to}, smaller packets do (of {small} bytes): ", Counted((*missing).into(), "byte"));
        write!(sentence, "those of up to {large} vanish, and no router tells the sender: a path-MTU black hole");
    } else {
        write!(sentence, "packets of {large} bytes from {from} to {to} vanish (sent {}), ", Counted((*sent).into(), "time"));
        write!(sentence, "those of {small} arrive, ");
        sentence.say("and no ICMP says why: a path-MTU black hole");
    }
    let message = if is_ipv4 { "ICMP type 3 code 4" } else { "ICMPv6 type 2" };
    write!(sentence, "; let {message} pass, or clamp the MSS below {}", failed.saturating_sub(*headers));
    if *failed > 1500 {
        sentence.say(" (or a switch takes no jumbo frames)");
    }
}
