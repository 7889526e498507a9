//! The same for programs: a line a difference, and a summary.

use super::path::Along;
use super::translation::{NAMES, relays};
use super::{Compared, SIDES, Tally, change, packet, time, value};
use crate::diff::hop::{Basis, Delays, Fate, Stray};
use crate::diff::{Cause, Change, PacketField, Toward, Value};
use crate::frame::Timestamp;
use crate::render::json::object::Object;
use crate::render::json::push_string;
use crate::render::name::push_endpoint;
use crate::render::number::{push_decimal, push_mac};
use crate::render::time::Calendar;

/// Appends every difference that counts, and a summary.
pub fn push_json(out: &mut Vec<u8>, compared: &Compared<'_>) {
    for fate in Fate::ALL {
        for side in 0..2 {
            let told = |stray: &&Stray| stray.fate == fate && stray.counts(compared.selection);
            compared.hop.strays[side].iter().filter(told).for_each(|stray| push_stray(out, compared, side, stray));
        }
    }
    let counted = |change: &&Change| compared.selection.counts_field(change.field, change.cause);
    compared.hop.changes.iter().filter(counted).for_each(|change| push_change(out, compared, change));
    if compared.selection.counts(&NAMES) {
        push_translations(out, compared);
    }
    if compared.selection.counts(&["relay"]) {
        push_relays(out, compared);
    }
    if compared.selection.counts(&time::ROUTER_NAMES) {
        push_routers(out, compared);
    }
    push_summary(out, compared);
}

fn line(out: &mut Vec<u8>, compared: &Compared<'_>, kind: &str, frames: [&[u64]; 2], cause: &str, write: impl FnOnce(&mut Object<'_>)) {
    let mut object = Object::begin(out);
    object.string("type", "change");
    if let Some(number) = compared.number {
        object.number("hop", number);
    }
    object.string("kind", kind);
    object.object("where", |object| {
        for (side, frames) in SIDES.into_iter().zip(frames) {
            object.array(side, frames, |out, frame| push_decimal(out, *frame));
        }
    });
    object.string("cause", cause);
    write(&mut object);
    object.end();
    out.push(b'\n');
}

fn toward(object: &mut Object<'_>, toward: Toward) {
    match toward {
        Toward::Left => object.string("toward", "left"),
        Toward::Right => object.string("toward", "right"),
        Toward::Unknown => {}
    }
}

/// Why a packet is at one point alone, for programs.
pub(super) const fn fate_key(fate: Fate) -> &'static str {
    match fate {
        Fate::Lost => "lost",
        Fate::Expired => "expired",
        Fate::Added => "added",
        Fate::OneWay => "one_way",
        Fate::Doubled => "doubled",
        Fate::Relayed => "relayed",
        Fate::OutsideOfCapture => "outside_of_capture",
        Fate::BeforeTheBeginning => "before_the_beginning",
        Fate::AfterTheEnd => "after_the_end",
        Fate::OfTheLink => "of_the_link",
        Fate::Elsewhere => "elsewhere",
        Fate::Unknown => "unknown",
    }
}

const fn kind(fate: Fate) -> &'static str {
    match fate {
        Fate::Lost => "lost",
        Fate::Added => "added",
        Fate::Doubled => "doubled",
        Fate::Relayed => "relayed",
        Fate::Expired => "expired",
        Fate::BeforeTheBeginning | Fate::AfterTheEnd | Fate::OutsideOfCapture | Fate::OfTheLink => "only",
        Fate::OneWay | Fate::Elsewhere | Fate::Unknown => "only",
    }
}

const fn cause(fate: Fate) -> Cause {
    match fate {
        Fate::Lost | Fate::BeforeTheBeginning | Fate::AfterTheEnd => Cause::Loss,
        Fate::Expired => Cause::Router,
        Fate::Added => Cause::Middlebox,
        Fate::Doubled => Cause::Duplicate,
        Fate::Relayed => Cause::Relay,
        Fate::OneWay | Fate::OutsideOfCapture | Fate::OfTheLink | Fate::Elsewhere => Cause::Capture,
        Fate::Unknown => Cause::Unexplained,
    }
}

fn push_stray(out: &mut Vec<u8>, compared: &Compared<'_>, side: usize, stray: &Stray) {
    let Some(sighting) = compared.sighting(side, stray.place) else { return };
    let own = [sighting.frame];
    let frames: [&[u64]; 2] = if side == 0 { [&own, &[]] } else { [&[], &own] };
    line(out, compared, kind(stray.fate), frames, cause(stray.fate).word(), |object| {
        object.string("fate", fate_key(stray.fate));
        toward(object, stray.toward);
        if let Some(time) = sighting.timestamp() {
            rfc3339(object, "time", time);
        }
        conversation(object, compared, side, stray, sighting.conversation);
        if let Some([begin, length]) = stray.part {
            object.object("part", |object| {
                object.number("offset", begin.into());
                object.number("length", length.into());
            });
        }
        if let Some(repair) = stray.repair {
            object.object("repair", |object| {
                object.object("where", |object| {
                    let several = (repair.sent_last != repair.sent).then_some(repair.sent_last);
                    let mut frames: [Vec<u64>; 2] =
                        [std::iter::once(repair.sent).chain(several).collect(), repair.arrived.into_iter().collect()];
                    if side == 1 {
                        frames.swap(0, 1);
                    }
                    for (side, frames) in SIDES.into_iter().zip(frames) {
                        object.array(side, frames, push_decimal);
                    }
                });
                if let Some(after) = repair.after {
                    milliseconds(object, "after_ms", after);
                }
            });
        }
        if let Some(answer) = stray.answer {
            object.number(if answer.is_reset { "reset_frame" } else { "error_frame" }, answer.frame);
        }
        if let Some(about) = stray.about {
            object.number("about_frame", about);
        }
        let mut text = Vec::new();
        packet::push_words(&mut text, compared.points[side], sighting, compared.names[side]);
        push_string(object.name("text"), &String::from_utf8_lossy(&text));
    });
}

/// The numbers of a conversation at both points.
fn conversation(object: &mut Object<'_>, compared: &Compared<'_>, side: usize, stray: &Stray, place: u32) {
    let pair = stray.conversation.and_then(|index| compared.hop.pairing.conversations.get(index as usize));
    let number = |side: usize, place: u32| compared.points[side].conversations.get(place as usize).map(|one| one.number);
    let numbers = match pair {
        Some(pair) => [number(0, pair.left), number(1, pair.right)],
        None if side == 0 => [number(0, place), None],
        None => [None, number(1, place)],
    };
    if numbers != [None, None] {
        object.object("conversation", |object| {
            for (side, number) in SIDES.into_iter().zip(numbers) {
                if let Some(number) = number {
                    object.number(side, number);
                }
            }
        });
    }
}

fn push_change(out: &mut Vec<u8>, compared: &Compared<'_>, change: &Change) {
    line(out, compared, "changed", [&change.frames[0], &change.frames[1]], change.cause.word(), |object| {
        object.string("field", change.field.id());
        toward(object, change.toward);
        object.number("packets", change.packets);
        object.boolean("uniform", change.is_uniform);
        for (name, value) in SIDES.into_iter().zip(change.values) {
            // What these hash to is another number in every run.
            if change.field != PacketField::TcpOptions {
                push_value(object, name, value);
            }
        }
        let frames = [change.frames[0].first().copied(), change.frames[1].first().copied()];
        if let (PacketField::Payload, [Some(left), Some(right)]) = (change.field, frames)
            && let Some(found) = compared.excerpts.get(&[left, right])
        {
            object.object("bytes", |object| {
                object.number("offset", found.offset);
                for (name, bytes) in ["left_base64", "right_base64"].into_iter().zip(&found.bytes) {
                    object.base64(name, bytes);
                }
            });
        }
        let mut text = value::label(change.field).as_bytes().to_vec();
        text.extend_from_slice(b": ");
        text.extend_from_slice(&change::text(compared, change, 0));
        text.extend_from_slice(b" -> ");
        text.extend_from_slice(&change::text(compared, change, 1));
        push_string(object.name("text"), &String::from_utf8_lossy(&text));
    });
}

fn push_value(object: &mut Object<'_>, name: &str, value: Value) {
    match value {
        Value::Absent => object.name(name).extend_from_slice(b"null"),
        Value::Number(number) => object.number(name, number),
        Value::Flag(flag) => object.boolean(name, flag),
        Value::Endpoint(end) => endpoint(object, name, (end.address, Some(end.port).filter(|port| *port != 0))),
        Value::Link(address) => {
            let out = object.name(name);
            out.push(b'"');
            push_mac(out, address);
            out.push(b'"');
        }
        Value::Carried { length, same, .. } => object.object(name, |object| {
            object.number("length", length);
            object.number("same", same);
        }),
        Value::Incomplete(pieces) => object.object(name, |object| {
            object.number("fragments", pieces);
            object.boolean("whole", false);
        }),
        Value::Good => object.string(name, "good"),
        Value::Bad => object.string(name, "bad"),
        Value::Partial => object.string(name, "partial"),
        Value::Bytes { length, .. } => object.object(name, |object| object.number("length", length)),
    }
}

fn endpoint(object: &mut Object<'_>, name: &str, (address, port): (std::net::IpAddr, Option<u16>)) {
    let out = object.name(name);
    out.push(b'"');
    push_endpoint(out, None, address, port);
    out.push(b'"');
}

fn push_translations(out: &mut Vec<u8>, compared: &Compared<'_>) {
    for one in &compared.hop.translations {
        let [left, right] = one.frames;
        line(out, compared, "translated", [&[left], &[right]], "nat", |object| {
            object.string("end", if one.is_originator { "originator" } else { "responder" });
            object.number("conversations", one.conversations);
            object.number("packets", one.packets);
            push_value(object, "left", Value::Endpoint(one.left));
            push_value(object, "right", Value::Endpoint(one.right));
            let mut text = Vec::new();
            for (end, between) in [(one.left, &b""[..]), (one.right, b" -> ")] {
                text.extend_from_slice(between);
                push_endpoint(&mut text, None, end.address, Some(end.port).filter(|port| *port != 0));
            }
            push_string(object.name("text"), &String::from_utf8_lossy(&text));
        });
    }
}

fn push_relays(out: &mut Vec<u8>, compared: &Compared<'_>) {
    for pair in relays(compared) {
        line(out, compared, "relayed", [&[], &[]], "relay", |object| {
            let places = [pair.left, pair.right];
            object.object("conversation", |object| {
                for (side, place) in places.into_iter().enumerate() {
                    if let Some(one) = compared.points[side].conversations.get(place as usize) {
                        object.number(SIDES[side], one.number);
                    }
                }
            });
            let mut all = Vec::new();
            for (side, place) in places.into_iter().enumerate() {
                let mut text = Vec::new();
                compared.push_ends(&mut text, side, place);
                push_string(object.name(SIDES[side]), &String::from_utf8_lossy(&text));
                all.extend_from_slice(if side == 1 { b" -> " } else { b"" });
                all.extend_from_slice(&text);
            }
            push_string(object.name("text"), &String::from_utf8_lossy(&all));
        });
    }
}

fn push_routers(out: &mut Vec<u8>, compared: &Compared<'_>) {
    for routers in &compared.hop.routers {
        let [left, right] = routers.frames;
        line(out, compared, "routed", [&[left], &[right]], "router", |object| {
            object.string("field", "ip.ttl");
            toward(object, routers.toward);
            object.number("packets", routers.packets);
            object.number("routers", routers.routers.into());
            for (name, value) in SIDES.into_iter().zip(routers.hop_limits) {
                object.number(name, value.into());
            }
            let [left, right] = routers.hop_limits;
            object.string("text", &format!("time to live: {left} -> {right}"));
        });
    }
}

/// A span in milliseconds, to the nanosecond.
pub(super) fn milliseconds(object: &mut Object<'_>, name: &str, nanoseconds: i64) {
    let out = object.name(name);
    if nanoseconds < 0 {
        out.push(b'-');
    }
    let size = nanoseconds.unsigned_abs();
    push_decimal(out, size / 1_000_000);
    out.push(b'.');
    crate::render::number::push_padded(out, size % 1_000_000, 6);
}

/// A moment.
pub(super) fn rfc3339(object: &mut Object<'_>, name: &str, time: Timestamp) {
    let out = object.name(name);
    out.push(b'"');
    Calendar::default().push_rfc3339(out, time);
    out.push(b'"');
}

/// Appends the differences of every hop, a summary of each, and one of all.
pub fn push_along_json(out: &mut Vec<u8>, along: &Along<'_>) {
    along.hops().for_each(|hop| push_json(out, &hop));
    let mut object = Object::begin(out);
    object.string("type", "summary");
    object.string("question", "points");
    object.boolean("differs", along.differs());
    object.array("captures", along.titles, |out, title| push_string(out, title));
    object.number("hops", along.path.hops.len() as u64);
    object.end();
    out.push(b'\n');
}

fn push_summary(out: &mut Vec<u8>, compared: &Compared<'_>) {
    let tally = Tally::of(compared);
    let hop = compared.hop;
    let mut object = Object::begin(out);
    object.string("type", "summary");
    object.string("question", "points");
    if let Some(number) = compared.number {
        object.number("hop", number);
    }
    object.boolean("asked", compared.is_forced);
    object.boolean("differs", tally.differs);
    object.boolean("unrelated", compared.is_unrelated());
    object.number("paired", hop.pairing.pairs.len() as u64);
    object.number("telling", compared.judgement.shared);
    object.number("recut", hop.pairing.recut.len() as u64);
    for (name, count) in [
        ("lost", tally.lost),
        ("lost_in_part", tally.lost_in_part),
        ("expired", tally.expired),
        ("before_the_beginning", tally.before_the_beginning),
        ("after_the_end", tally.after_the_end),
        ("added", tally.added),
        ("doubled", tally.doubled),
        ("unknown", tally.unexplained),
    ] {
        object.object(name, |object| SIDES.into_iter().zip(count).for_each(|(side, count)| object.number(side, count)));
    }
    object.number("changes", tally.changes);
    object.number("unexplained", tally.unexplained_changes + tally.unexplained.iter().sum::<u64>());
    object.number("translations", tally.translations);
    object.number("relayed", tally.relayed);
    object.number("routed", tally.routed);
    for (side, name) in SIDES.into_iter().enumerate() {
        object.object(name, |object| push_capture(object, compared, side));
    }
    if let Some(clock) = &hop.clock {
        object.object("clock", |object| {
            milliseconds(object, "offset_ms", clock.nanoseconds);
            object.string(
                "basis",
                match clock.basis {
                    Basis::BothWays => "both_ways",
                    Basis::OneWay => "one_way",
                    Basis::Unknown => "unknown",
                    Basis::Unsteady => "unsteady",
                },
            );
            if clock.basis == Basis::BothWays {
                milliseconds(object, "uncertainty_ms", clock.uncertainty);
            }
            milliseconds(object, "gains_ms_per_second", clock.gains);
            if let Some(step) = clock.step {
                object.object("step", |object| {
                    rfc3339(object, "at", step.at);
                    milliseconds(object, "more_ms", step.more);
                });
            }
        });
    }
    object.object("delays", |object| {
        for (name, delays) in SIDES.into_iter().zip(&hop.delays) {
            if let Some(delays) = delays {
                object.object(name, |object| push_delays(object, delays));
            }
        }
        if let Some(undirected) = &hop.undirected {
            object.object("unknown", |object| push_delays(object, undirected));
        }
    });
    object.end();
    out.push(b'\n');
}

fn push_capture(object: &mut Object<'_>, compared: &Compared<'_>, side: usize) {
    let point = compared.points[side];
    object.string("capture", compared.titles[side]);
    object.number("frames", point.frames);
    object.number("conversations", point.conversations.len() as u64);
    for (name, count) in
        [("repeated", point.repeated), ("unreadable", point.unreadable), ("left_out", point.left_out), ("dropped", point.captured.dropped)]
    {
        if count > 0 {
            object.number(name, count);
        }
    }
    for (name, time) in ["first", "last"].into_iter().zip(point.times().into_iter().flatten()) {
        rfc3339(object, name, time);
    }
    object.object("only", |object| {
        for fate in Fate::ALL.into_iter().filter(|fate| !fate.happened()) {
            let count = compared.hop.strays[side].iter().filter(|stray| stray.fate == fate).count();
            if count > 0 {
                object.number(fate_key(fate), count as u64);
            }
        }
    });
}

fn push_delays(object: &mut Object<'_>, delays: &Delays) {
    object.number("packets", delays.packets);
    for (name, time) in [
        ("least_ms", delays.least),
        ("median_ms", delays.median),
        ("percentile_95_ms", delays.most_of_them),
        ("most_ms", delays.most),
        ("jitter_ms", delays.jitter),
    ] {
        milliseconds(object, name, time);
    }
    object.number("reordered", delays.reordered);
}
