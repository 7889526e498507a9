//! One packet along its way: what became of it at each point.

use super::json::{fate_key, milliseconds, rfc3339};
use super::path::Along;
use super::{Telling, packet, role};
use crate::conversation::Names;
use crate::diff::hop::Fate;
use crate::diff::path::Step;
use crate::diff::point::{Point, Sighting};
use crate::render::escape;
use crate::render::json::object::Object;
use crate::render::name::push_endpoint;
use crate::render::number::{push_decimal, push_mac};
use crate::render::sentence::{Counted, Sentence, Took};
use crate::render::style::Role;
use crate::render::time::{Clock, Precision};

/// Appends what became of a packet at each point.
pub fn push_way(out: &mut Vec<u8>, along: &Along<'_>, steps: &[Step], telling: &Telling<'_>) {
    let names = Names::default();
    for (place, (step, point)) in steps.iter().zip(along.points).enumerate() {
        let mut sentence = Sentence::new(out, &names);
        write!(sentence, "{} ", place + 1);
        if let Some(title) = along.titles.get(place) {
            escape::push_message(sentence.out(), title);
        }
        match step {
            Step::Seen { places, missing, fate } => {
                if places.len() > 1 {
                    write!(sentence, ": its bytes are in {}", Counted(places.len() as u64, "packet"));
                }
                push_missing(&mut sentence, *missing, *fate, telling);
                sentence.say("\n");
                for sighting in places.iter().filter_map(|place| point.sightings.get(*place as usize)) {
                    push_sighting(out, along, steps, place, sighting, telling);
                }
            }
            Step::Missing { fate, copy } => {
                sentence.say(": ");
                telling.palette.paint(out, role(0), |out| out.extend_from_slice(missing(*fate, *copy).as_bytes()));
                out.push(b'\n');
            }
        }
    }
}

/// Says how many of a packet's bytes are not there.
fn push_missing(sentence: &mut Sentence<'_>, missing: u64, fate: Option<Fate>, telling: &Telling<'_>) {
    if missing == 0 {
        return;
    }
    sentence.say(": ");
    let bytes = Counted(missing, "byte");
    let text = match (fate, missing) {
        (Some(Fate::Lost), 1) => format!("{bytes} was lost on the way from the point before"),
        (Some(Fate::Lost), _) => format!("{bytes} were lost on the way from the point before"),
        (_, _) => format!("{bytes} not there that the point before has"),
    };
    telling.palette.paint(sentence.out(), role(0), |out| out.extend_from_slice(text.as_bytes()));
}

/// Why a packet is not there, in words.
fn missing(fate: Option<Fate>, copy: Option<[u64; 2]>) -> String {
    match copy {
        Some([before, here]) => format!("not there: another copy of it is, frame {before} of the point before as frame {here}"),
        None => why(fate).to_owned(),
    }
}

const fn why(fate: Option<Fate>) -> &'static str {
    match fate {
        Some(Fate::Lost) => "not there: it was lost on the way from the point before",
        Some(Fate::Expired) => "not there: its time to live ended in a router before this point",
        Some(Fate::Added) => "not there, though it should have come by: something made it in between, or this capture missed it",
        Some(Fate::OneWay) => "not there: this capture holds one way only, and nothing that goes the way of this packet",
        Some(Fate::Doubled) => "not there: another copy of it is",
        Some(Fate::Relayed) => "not there: its connection ended in between, and its bytes went on over another one",
        Some(Fate::OutsideOfCapture) => "not there: this capture was not running",
        Some(Fate::BeforeTheBeginning) => "not there: it was lost, or made in between, or this capture had not begun",
        Some(Fate::AfterTheEnd) => "not there: it was lost, or made in between, or this capture had ended",
        Some(Fate::OfTheLink) => "not there: it does not leave its link",
        Some(Fate::Elsewhere) => "not there: this capture sees nothing of its conversation",
        Some(Fate::Unknown) => "not there, and nothing tells why",
        None => "not there",
    }
}

/// How long after the first point saw it, by one clock: what the clocks differ by from hop to hop is taken off.
fn since_first(along: &Along<'_>, steps: &[Step], at: usize, sighting: &Sighting) -> Option<i64> {
    let time = sighting.timestamp()?;
    let Some(Step::Seen { places: first, .. }) = steps.first() else { return None };
    let first = along.points.first()?.sightings.get(*first.first()? as usize)?.timestamp()?;
    let mut more = 0_i64;
    for hop in along.path.hops.get(..at)? {
        more = more.saturating_add(hop.clock?.at(first));
    }
    Some(time.since(first).saturating_sub(more))
}

fn push_sighting(out: &mut Vec<u8>, along: &Along<'_>, steps: &[Step], at: usize, sighting: &Sighting, telling: &Telling<'_>) {
    let Some(point) = along.points.get(at) else { return };
    let names = Names::default();
    write!(Sentence::new(out, &names), "    frame {}", sighting.frame);
    if telling.time != crate::render::time::TimeForm::Without {
        out.extend_from_slice(b"  ");
        telling.palette.paint(out, Role::Time, |out| Clock::new(telling.time, Precision::Microseconds).push(out, sighting.timestamp()));
    }
    if let Some(since) = since_first(along, steps, at, sighting).filter(|_| at > 0) {
        write!(Sentence::new(out, &names), "  {}{} since point 1", if since < 0 { "" } else { "+" }, Took(since));
    }
    out.extend_from_slice(b"\n      ");
    if let Some([source, destination]) = point.ends_of(sighting) {
        for (end, between) in [(source, &b""[..]), (destination, b" > ")] {
            out.extend_from_slice(between);
            push_endpoint(out, None, end.address, Some(end.port).filter(|port| *port != 0 && matches!(sighting.protocol, 6 | 17 | 132)));
        }
        out.extend_from_slice(b"  ");
    }
    packet::push_words(out, point, sighting, &names);
    push_headers(out, point, sighting);
    out.push(b'\n');
}

/// Appends a line of what its headers say that changes on the way.
fn push_headers(out: &mut Vec<u8>, point: &Point, sighting: &Sighting) {
    let names = Names::default();
    let mut sentence = Sentence::new(out, &names);
    let mut between = "\n      ";
    if sighting.protocol != 0 {
        let (life, identification) = if sighting.is_version_6() { ("hop limit", "flow label") } else { ("TTL", "id") };
        write!(sentence, "{between}{life} {}, {identification} {:#06x}, ", sighting.hop_limit, sighting.identification);
        write!(sentence, "{} of payload", Counted(sighting.length.into(), "byte"));
        between = ", ";
    }
    let link = point.link_of(sighting);
    if let (Some(source), Some(destination)) = (link.source, link.destination) {
        sentence.say(between);
        push_mac(sentence.out(), source);
        sentence.say(" > ");
        push_mac(sentence.out(), destination);
        between = ", ";
    }
    if let Some(tag) = link.vlan {
        write!(sentence, "{between}VLAN {tag}");
    }
}

/// The same for programs: a line a point.
pub fn push_way_json(out: &mut Vec<u8>, along: &Along<'_>, steps: &[Step]) {
    for (at, (step, point)) in steps.iter().zip(along.points).enumerate() {
        let mut object = Object::begin(out);
        object.string("type", "step");
        object.number("point", at as u64 + 1);
        if let Some(title) = along.titles.get(at) {
            object.string("capture", title);
        }
        match step {
            Step::Missing { fate, copy } => {
                object.boolean("seen", false);
                if let Some(fate) = fate {
                    object.string("fate", fate_key(*fate));
                }
                if let Some([before, here]) = copy {
                    object.number("copy_before", *before);
                    object.number("copy_here", *here);
                }
                object.string("text", &missing(*fate, *copy));
            }
            Step::Seen { places, missing, .. } => {
                object.boolean("seen", true);
                if *missing > 0 {
                    object.number("missing_bytes", *missing);
                }
                let seen = places.iter().filter_map(|place| point.sightings.get(*place as usize));
                object.objects("packets", seen, |object, sighting| json_sighting(object, along, steps, at, point, sighting));
            }
        }
        object.end();
        out.push(b'\n');
    }
}

fn json_sighting(object: &mut Object<'_>, along: &Along<'_>, steps: &[Step], at: usize, point: &Point, sighting: &Sighting) {
    object.number("frame", sighting.frame);
    if let Some(time) = sighting.timestamp() {
        rfc3339(object, "time", time);
    }
    if let Some(since) = since_first(along, steps, at, sighting) {
        milliseconds(object, "since_first_ms", since);
    }
    if let Some(ends) = point.ends_of(sighting) {
        for (name, end) in ["source", "destination"].into_iter().zip(ends) {
            let out = object.name(name);
            out.push(b'"');
            push_endpoint(out, None, end.address, Some(end.port).filter(|port| *port != 0));
            out.push(b'"');
        }
    }
    if sighting.protocol != 0 {
        object.number("ip.ttl", sighting.hop_limit.into());
        object.number("ip.id", sighting.identification.into());
    }
    object.number("length", sighting.length.into());
    let link = point.link_of(sighting);
    for (name, address) in [("eth.src", link.source), ("eth.dst", link.destination)] {
        if let Some(address) = address {
            let out = object.name(name);
            out.push(b'"');
            push_mac(out, address);
            out.push(b'"');
        }
    }
    if let Some(tag) = link.vlan {
        push_decimal(object.name("vlan.id"), tag.into());
    }
    let mut text = Vec::new();
    packet::push_words(&mut text, point, sighting, &Names::default());
    object.string("text", &String::from_utf8_lossy(&text));
}
