//! Notes on packet sizes: what fits, what was cut, and what vanished because it did not fit, in words.

use crate::explain::{Cutter, MtuFacts};
use crate::render::sentence::{Counted, Grouped, Sentence};
use std::net::IpAddr;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    match facts {
        MtuFacts::Forbidden { sender, size } => {
            let sender = sentence.host(*sender);
            write!(sentence, "{sender} sets DF in its packet of {}: no router may cut it", Counted((*size).into(), "byte"));
        }
        MtuFacts::SegmentSize { host, mss, mtu, is_advertised } => say_segment_size(sentence, *host, [*mss, *mtu], *is_advertised),
        MtuFacts::Clamped { host, before, after } => {
            let host = sentence.host(*host);
            write!(sentence, "a router changes the MSS in {host}'s SYN from {before} to {after} (MSS clamping)");
        }
        MtuFacts::Tunnel { protocol, overhead } => {
            write!(sentence, "{protocol} takes {overhead} bytes of each packet: ");
            write!(sentence, "{} of an Ethernet's 1500 are left", 1500u32.saturating_sub(*overhead));
        }
        MtuFacts::Cut { length, pieces, cutter, .. } => {
            write!(sentence, "a packet of {} came in ", Counted((*length).into(), "byte"));
            let shown = pieces.get(..4).unwrap_or(pieces);
            write!(sentence, "{}", Counted(pieces.len() as u64, "fragment"));
            if shown.len() < pieces.len() {
                write!(sentence, ", the first {}", shown.len());
            }
            sentence.say(" of ");
            sentence.list(shown.iter().map(|piece| Grouped(*piece)));
            sentence.say(" bytes: ");
            match cutter {
                Cutter::Sender => sentence.say("its sender cut it"),
                Cutter::Router(frame) => write!(sentence, "a router cut it, whole in frame {frame}"),
                Cutter::Again => sentence.say("a router cut the pieces again"),
                Cutter::Unknown => sentence.say("its sender or a router cut it"),
            }
        }
        MtuFacts::TooBig { reporter, quoted, mtu } => {
            let (reporter, source, destination) =
                (sentence.host(*reporter), sentence.host(quoted.source), sentence.host(quoted.destination));
            let size = Counted(quoted.length.into(), "byte");
            if *mtu >= quoted.length {
                write!(sentence, "{reporter} says that a packet of {size} from {source} to {destination} is too big, ");
                return write!(sentence, "though {} fit: that cannot be", Grouped((*mtu).into()));
            }
            write!(sentence, "{reporter} dropped a packet of {size} from {source} to {destination}: ");
            match mtu {
                0 => sentence.say("too big for the next link, of a size not told"),
                _ => write!(sentence, "its next link takes {}", Grouped((*mtu).into())),
            }
        }
        MtuFacts::Learned { sender, receiver, mtu, before, now } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} learned that the path to {receiver} takes {} bytes: ", Grouped((*mtu).into()));
            write!(sentence, "it sends packets of {} after {}", Grouped((*now).into()), Grouped((*before).into()));
        }
        MtuFacts::Ignored { sender, receiver, mtu, size } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} repeats {} bytes to {receiver}, though told ", Grouped((*size).into()));
            write!(sentence, "that {} fit: a firewall drops the ICMP", Grouped((*mtu).into()));
        }
        MtuFacts::BlackHole { .. } => say_black_hole(sentence, facts),
        MtuFacts::Unanswered { .. } => say_unanswered(sentence, facts),
        MtuFacts::Probed { sender, receiver, passed, failed } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} tried smaller packets by itself: {} bytes get to {receiver}, ", Grouped((*passed).into()));
            write!(sentence, "{} do not", Grouped((*failed).into()));
        }
    }
}

fn say_unanswered(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    let MtuFacts::Unanswered { sender, receiver, passed, failed, missing, is_on_link, .. } = facts else { return };
    let (from, to) = (sentence.host(*sender), sentence.host(*receiver));
    let (small, large) = (Grouped((*passed).into()), Grouped((*failed).into()));
    let what = if *is_on_link { "two MTUs on one link" } else { "a black hole" };
    if *missing > 0 {
        write!(sentence, "maybe {what}: {} from {from} to {to} never came, ", Counted((*missing).into(), "byte"));
        write!(sentence, "packets of {small} did");
    } else {
        write!(sentence, "maybe {what}: packets of {small} bytes from {from} reach {to}, none of {large}");
    }
}

fn say_segment_size(sentence: &mut Sentence<'_>, host: IpAddr, [mss, mtu]: [u32; 2], is_advertised: bool) {
    let headers = if host.is_ipv4() { 40 } else { 60 };
    let host = sentence.host(host);
    write!(sentence, "{host} takes segments of {} (MSS): {mss} + {headers} = {mtu}, ", Counted(mss.into(), "byte"));
    match mtu {
        _ if is_advertised => sentence.say("what a router says that its link takes"),
        1500 => sentence.say("what an Ethernet takes"),
        9000.. if mtu < 16_000 => sentence.say("an Ethernet with jumbo frames"),
        16_000.. => sentence.say("which only a link inside of a machine takes"),
        1501.. => sentence.say("more than the usual 1500 of an Ethernet"),
        1492 => sentence.say("as a DSL line (PPPoE) leaves"),
        1480 => sentence.say("as a tunnel of IP in IP leaves"),
        1476 => sentence.say("as a GRE tunnel leaves"),
        1450 => sentence.say("as a VXLAN leaves"),
        1420 => sentence.say("as a WireGuard tunnel leaves, and Cisco's firewalls allow"),
        1280 => sentence.say("the least that an IPv6 link must take"),
        _ => sentence.say("less than Ethernet's 1500"),
    }
}

fn say_black_hole(sentence: &mut Sentence<'_>, facts: &MtuFacts) {
    let MtuFacts::BlackHole { sender, receiver, passed, failed, missing, is_on_link, .. } = facts else { return };
    let (from, to) = (sentence.host(*sender), sentence.host(*receiver));
    let (small, large) = (Grouped((*passed).into()), Grouped((*failed).into()));
    match is_on_link {
        true => write!(sentence, "two MTUs on one link: from {from} to {to} {small} bytes pass, "),
        false => write!(sentence, "path-MTU black hole from {from} to {to}: {small} bytes pass, "),
    }
    match missing {
        0 => write!(sentence, "not {large}"),
        _ => sentence.say("larger do not"),
    }
}
