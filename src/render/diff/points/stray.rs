//! What only one of two points saw although the other should have: lost, added, doubled.

use super::{Compared, SIDES, SIGNS, Telling, packet, push_heading, role};
use crate::diff::Toward;
use crate::diff::hop::{Answer, Fate, Stray, TooLarge};
use crate::render::sentence::{Counted, Grouped, Sentence, Took};
use crate::render::style::Role;
use crate::render::time::{Clock, Precision};
use std::collections::{BTreeMap, HashMap};

/// Appends those of which nothing tells why they are at one point alone.
pub(super) fn push_unexplained(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    (0..2).for_each(|side| push_group(out, compared, telling, side, Fate::Unknown));
}

/// Appends what was lost, added and doubled; all the rest, too, where everything counts.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    for fate in Fate::ALL.into_iter().filter(|fate| *fate != Fate::Unknown) {
        for side in 0..2 {
            push_group(out, compared, telling, side, fate);
        }
        if fate == Fate::Added {
            push_forged(out, compared);
        } else if fate == Fate::Lost {
            (0..2).for_each(|side| push_too_large(out, compared, side));
        }
    }
}

/// Says where only what is large was lost: a link that takes less, and nobody who says so (RFC 2923 section 2.1).
fn push_too_large(out: &mut Vec<u8>, compared: &Compared<'_>, side: usize) {
    let counts = compared.selection.counts(Fate::Lost.words());
    let Some(TooLarge { packets, carry: [least, most], arrived }) = compared.hop.too_large[side].filter(|_| counts) else { return };
    let mut sentence = Sentence::new(out, compared.names[side]);
    write!(sentence, "  all {} that were lost to the {} carry ", Grouped(packets), SIDES[1 - side]);
    match least == most {
        true => write!(sentence, "{}", Counted(least.into(), "byte")),
        false => write!(sentence, "{} to {}", Grouped(least.into()), Counted(most.into(), "byte")),
    }
    writeln!(
        sentence,
        ", and nothing arrived that carries more than {}: a link on the way takes no larger packets, and nobody says so (`wirelore explain \
         mtu.black-hole`)",
        Grouped(arrived.into())
    );
}

/// What became of them, in words. Some may have come from the other side.
fn heading(fate: Fate, side: usize, have_come: bool) -> String {
    let (own, other) = (SIDES[side], SIDES[1 - side]);
    let lost = if have_come { "lost, made in between" } else { "lost" };
    match fate {
        Fate::Lost => format!("lost on the way to the {other}"),
        Fate::Expired => format!("ended by a router on the way to the {other}, for their time to live had"),
        Fate::Added => format!("added on the way to the {own} (or the {other} capture missed them)"),
        Fate::OneWay => format!("on the way to the {own}: the {other} captures one way only, and nothing of this one"),
        Fate::Doubled => format!("doubled, and the second is at the {own} alone"),
        Fate::Relayed => format!("of connections that end in between, at the {own}"),
        Fate::OutsideOfCapture => format!("at the {own} while the {other} capture was not running"),
        Fate::BeforeTheBeginning => {
            format!("at the {own} before the first frame of the {other} capture: {lost}, or that had not begun")
        }
        Fate::AfterTheEnd => format!("at the {own} behind the last frame of the {other} capture: {lost}, or that had ended"),
        Fate::OfTheLink => format!("of the link at the {own}"),
        Fate::Elsewhere => format!("at the {own}, of conversations that the {other} sees nothing of"),
        Fate::Unknown => format!("unexplained: at the {own} alone, lost or added, for nothing tells which way they went"),
    }
}

fn push_group(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, side: usize, fate: Fate) {
    let strays: Vec<&Stray> =
        compared.hop.strays[side].iter().filter(|stray| stray.fate == fate && stray.counts(compared.selection)).collect();
    if strays.is_empty() {
        return;
    }
    let toward = if side == 0 { Toward::Left } else { Toward::Right };
    let have_come = strays.iter().any(|stray| stray.toward == toward);
    push_heading(out, telling, Role::Warning, |out| {
        write!(Sentence::new(out, compared.names[side]), "{}: {}", heading(fate, side, have_come), Counted(strays.len() as u64, "packet"));
    });
    if is_told_by_conversation(fate) {
        return push_conversations(out, compared, telling, side, &strays);
    }
    let mut shown: Vec<&Stray> = strays.iter().copied().take(telling.most()).collect();
    // Those of a conversation together, in the order in which the conversations come up.
    let own = |stray: &Stray| compared.sighting(side, stray.place).map_or(u32::MAX, |one| one.conversation);
    let mut first: HashMap<u32, u32> = HashMap::new();
    shown.iter().for_each(|stray| _ = first.entry(own(stray)).or_insert(stray.place));
    shown.sort_by_cached_key(|stray| (first.get(&own(stray)).copied(), stray.place));
    let mut clock = Clock::new(telling.time, Precision::Microseconds);
    let mut last = None;
    for stray in shown {
        let Some(sighting) = compared.sighting(side, stray.place) else { continue };
        if last != Some(sighting.conversation) {
            last = Some(sighting.conversation);
            push_conversation(out, compared, telling, side, stray, sighting.conversation);
        }
        push_stray(out, compared, telling, side, stray, &mut clock);
    }
    if strays.len() > telling.most() {
        writeln!(
            Sentence::new(out, compared.names[side]),
            "  .. and {} more (-v shows all)",
            Grouped((strays.len() - telling.most()) as u64)
        );
    }
}

/// Whether nobody wants to hear of each packet.
const fn is_told_by_conversation(fate: Fate) -> bool {
    match fate {
        Fate::OneWay | Fate::Relayed | Fate::OutsideOfCapture | Fate::OfTheLink | Fate::Elsewhere => true,
        Fate::Lost | Fate::Expired | Fate::Added | Fate::Doubled | Fate::BeforeTheBeginning | Fate::AfterTheEnd | Fate::Unknown => false,
    }
}

/// Appends a line for each conversation that they belong to, and one for what belongs to none.
fn push_conversations(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, side: usize, strays: &[&Stray]) {
    let mut counts: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for sighting in strays.iter().filter_map(|stray| compared.sighting(side, stray.place)) {
        counts.entry(sighting.conversation).or_insert((sighting.frame, 0)).1 += 1;
    }
    for (conversation, (frame, count)) in counts.iter().take(telling.most()) {
        telling.palette.paint(out, role(side), |out| {
            out.extend_from_slice(SIGNS[side].as_bytes());
            out.push(b' ');
            match compared.points[side].conversations.get(*conversation as usize) {
                Some(one) => {
                    write!(Sentence::new(out, compared.names[side]), "conversation {}, ", one.number);
                    compared.push_ends(out, side, *conversation);
                }
                None => out.extend_from_slice(b"of no conversation"),
            }
            write!(Sentence::new(out, compared.names[side]), ", {}, first frame {frame}", Counted(*count, "packet"));
        });
        out.push(b'\n');
    }
    if counts.len() > telling.most() {
        let more = Counted((counts.len() - telling.most()) as u64, "more conversation");
        writeln!(Sentence::new(out, compared.names[side]), "  .. and {more} (-v shows all)");
    }
}

fn push_conversation(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, side: usize, stray: &Stray, place: u32) {
    let pair = stray.conversation.and_then(|index| compared.hop.pairing.conversations.get(index as usize));
    let own = compared.points[side].conversations.get(place as usize);
    if own.is_none() && pair.is_none() {
        return;
    }
    out.extend_from_slice(b"  ");
    telling.palette.paint(out, Role::Dim, |out| match (pair, own) {
        (Some(pair), _) => compared.push_pair(out, pair),
        (None, Some(own)) => {
            write!(Sentence::new(out, compared.names[side]), "conversation {} of the {}, ", own.number, SIDES[side]);
            compared.push_ends(out, side, place);
        }
        (None, None) => {}
    });
    out.push(b'\n');
}

fn push_stray(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, side: usize, stray: &Stray, clock: &mut Clock) {
    let Some(sighting) = compared.sighting(side, stray.place) else { return };
    telling.palette.paint(out, role(side), |out| {
        write!(Sentence::new(out, compared.names[side]), "{} frame {}", SIGNS[side], sighting.frame);
        if clock.shows_time() {
            out.extend_from_slice(b"  ");
            clock.push(out, sighting.timestamp());
        }
        out.extend_from_slice(b"  ");
        packet::push(out, compared.points[side], sighting, compared.names[side]);
        if let Some(part) = stray.part {
            packet::push_part(out, compared.points[side], sighting, part, compared.names[side]);
        }
    });
    if let Some(repair) = stray.repair {
        let mut sentence = Sentence::new(out, compared.names[side]);
        if repair.sent_last == repair.sent {
            write!(sentence, ": sent again as frame {}", repair.sent);
        } else {
            write!(sentence, ": sent again in frames {} to {}", repair.sent, repair.sent_last);
        }
        if let Some(after) = repair.after {
            write!(sentence, " {} later", Took(after));
        }
        if let Some(arrived) = repair.arrived {
            write!(sentence, ", frame {arrived} at the {}", SIDES[1 - side]);
        }
    }
    if let Some(answer) = stray.answer {
        let Answer { frame, is_reset } = answer;
        let says = if is_reset { "is a reset in answer to it" } else { "says so (ICMP)" };
        write!(Sentence::new(out, compared.names[side]), ": frame {frame} {says}");
    }
    if let Some(about) = stray.about {
        write!(Sentence::new(out, compared.names[side]), ": in answer to frame {about}");
    }
    out.push(b'\n');
}

/// Says where something between sent a reset to both ends of a connection.
fn push_forged(out: &mut Vec<u8>, compared: &Compared<'_>) {
    let resets = [0, 1].map(|side| {
        let added = compared.hop.strays[side].iter().filter(|stray| stray.fate == Fate::Added && stray.counts(compared.selection));
        added
            .filter_map(|stray| Some((stray.conversation?, compared.sighting(side, stray.place).filter(|one| one.is_reset())?.frame)))
            .collect::<Vec<_>>()
    });
    let [left, right] = resets;
    let mut others: HashMap<u32, u64> = HashMap::new();
    right.into_iter().for_each(|(conversation, frame)| _ = others.entry(conversation).or_insert(frame));
    for (conversation, frame) in left {
        // Once for each conversation.
        let Some(other) = others.remove(&conversation) else { continue };
        let mut sentence = Sentence::new(out, compared.names[0]);
        writeln!(
            sentence,
            "  both ends got a reset that the other did not send (left: frame {frame}, right: frame {other}): something between forged them"
        );
    }
}
