//! What routers say of packets that they did not pass on: ICMP errors (RFC 792, RFC 4443 section 3).

use super::{Fate, Routers, Stray};
use crate::diff::Toward;
use crate::diff::point::{Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How long a router may take to say it, in nanoseconds.
const SOON: i64 = 5_000_000_000;

/// Whether it is an ICMP error, which quotes the packet that it is about, and whether it says that a time to live ended.
fn error(sighting: &Sighting) -> Option<bool> {
    let [kind, code] = sighting.flags.to_be_bytes();
    match (sighting.protocol, kind) {
        (1, 11) | (58, 3) => Some(code == 0),
        (1, 3 | 4 | 5 | 12) | (58, 1 | 2 | 4) => Some(false),
        (_, _) => None,
    }
}

/// Tells what was lost from what a router ended because its time to live had, and names the ICMP error that says so. Such an error was made
/// between the points.
pub(super) fn expire(point: &Point, side: usize, strays: &mut [Stray], routers: &[Routers]) {
    let away = if side == 0 { Toward::Right } else { Toward::Left };
    let source = |sighting: &Sighting| point.ends_of(sighting).map(|ends| ends[0].address);
    // What was lost, by who sent it and by its identification, which the error quotes.
    let mut lost: HashMap<(IpAddr, u32), Vec<usize>, RandomState> = HashMap::default();
    let passed = routers.iter().filter(|one| one.toward == away).map(|one| one.routers).min().unwrap_or_default();
    for (at, stray) in strays.iter_mut().enumerate().filter(|(_, stray)| stray.fate == Fate::Lost) {
        let Some(sighting) = point.sightings.get(stray.place as usize) else { continue };
        if sighting.hop_limit <= passed {
            stray.fate = Fate::Expired;
        }
        if let Some(source) = source(sighting) {
            lost.entry((source, sighting.identification)).or_default().push(at);
        }
    }
    if lost.is_empty() {
        return;
    }
    for at in 0..strays.len() {
        let Some((own, sighting)) = strays.get(at).and_then(|stray| Some((*stray, point.sightings.get(stray.place as usize)?))) else {
            continue;
        };
        let Some(is_expired) = error(sighting).filter(|_| own.toward != away) else { continue };
        let Some([_, receiver]) = point.ends_of(sighting) else { continue };
        let quoted = lost.get(&(receiver.address, sighting.acknowledgement)).map(Vec::as_slice).unwrap_or_default();
        let is_quoted = |one: &Sighting| {
            let later = sighting.timestamp().zip(one.timestamp()).map_or(0, |(error, one)| error.since(one));
            // Of others than TCP routers may quote no more than says how long they are.
            (sighting.sequence == one.sequence || !one.is_tcp()) && (0..SOON).contains(&later)
        };
        let is_it = |at: &&usize| {
            let Some(stray) = strays.get(**at).filter(|stray| stray.error.is_none()) else { return false };
            point.sightings.get(stray.place as usize).is_some_and(is_quoted)
        };
        let Some(about) = quoted.iter().find(is_it).copied() else { continue };
        if let Some(stray) = strays.get_mut(about) {
            stray.error = Some(sighting.frame);
            stray.fate = if is_expired { Fate::Expired } else { stray.fate };
        }
        if let Some(error) = strays.get_mut(at).filter(|error| matches!(error.fate, Fate::Elsewhere | Fate::Unknown)) {
            error.fate = Fate::Added;
            error.toward = away.mirrored();
        }
    }
}
