//! What two points say of each other is the same from both sides.

use wirelore::conversation::Names;
use wirelore::diff::hop::{Fate, Hop, Repair};
use wirelore::diff::point::Point;
use wirelore::diff::question::Judgement;
use wirelore::diff::{Cause, PacketField, Selection, Toward, Value};
use wirelore::render::diff::points::{Compared, Excerpts, Tally};

/// Whether anything differs that counts.
fn differs(points: [&Point; 2], hop: &Hop, selection: &Selection) -> bool {
    let names = Names::default();
    let judgement = Judgement::of(points[0], points[1], &hop.pairing);
    let (titles, excerpts) = (["left", "right"], &Excerpts::new());
    let names = [&names, &names];
    Tally::of(&Compared { titles, points, names, hop, judgement, is_forced: true, selection, excerpts, number: None }).differs
}

/// That nothing differs: every packet stands opposite one, and there is nothing else to say.
pub(super) fn assert_same(left: &Point, right: &Point, what: &str) {
    let hop = Hop::between(left, right);
    assert_eq!((&hop.changes, &hop.translations, &hop.routers), (&vec![], &vec![], &vec![]), "{what}");
    assert!(
        !differs([left, right], &hop, &Selection::default())
            && !differs([left, right], &hop, &Selection { strict: true, ..Selection::default() }),
        "{what}: {:?}",
        hop.strays
    );
    let own = [left, right].map(|point| point.sightings.iter().filter(|seen| !seen.is_repeated).count());
    assert_eq!([hop.pairing.pairs.len(); 2], own, "{what}");
    // When a packet in fragments came depends on which of them came last.
    if let Some(clock) = hop.clock.filter(|_| left.sightings.iter().all(|seen| seen.pieces == 1)) {
        assert_eq!((clock.nanoseconds, clock.gains), (0, 0), "{what}");
    }
}

/// What a hop says, as a list that does not depend on which point is left; `side` is that which is called left.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Pair([u64; 2]),
    Recut([Vec<u64>; 2], Option<bool>),
    Stray(usize, u64, Toward, Fate, Option<[Option<i64>; 3]>),
    Change(Cause, PacketField, Toward, Option<[Value; 2]>, u64),
    Translation(String, String, u64, u64),
    Routers(Toward, u8, u64),
}

fn said(points: [&Point; 2], hop: &Hop, mirrored: bool) -> Vec<Said> {
    let order = if mirrored { [1, 0] } else { [0, 1] };
    let toward = |toward: Toward| if mirrored { toward.mirrored() } else { toward };
    let frame = |side: usize, place: u32| points[side].sightings[place as usize].frame;
    let repair =
        |repair: Repair| [i64::try_from(repair.sent).ok(), repair.arrived.and_then(|frame| i64::try_from(frame).ok()), repair.after];
    let mut said: Vec<Said> = Vec::new();
    for pair in &hop.pairing.pairs {
        let frames = [frame(0, pair.left), frame(1, pair.right)];
        said.push(Said::Pair(order.map(|side| frames[side])));
    }
    for recut in &hop.pairing.recut {
        let frames = |side: usize| recut.places[side].iter().map(|place| frame(side, *place)).collect();
        said.push(Said::Recut(order.map(frames), recut.is_same));
    }
    for (side, from) in order.into_iter().enumerate() {
        let strays = hop.strays[from].iter();
        said.extend(
            strays.map(|stray| Said::Stray(side, frame(from, stray.place), toward(stray.toward), stray.fate, stray.repair.map(repair))),
        );
    }
    for change in &hop.changes {
        let values = change.is_uniform.then(|| order.map(|side| change.values[side]));
        said.push(Said::Change(change.cause, change.field, toward(change.toward), values, change.packets));
    }
    for row in &hop.translations {
        let ends = [row.left, row.right].map(|end| format!("{end:?}"));
        let [left, right] = order.map(|side| ends[side].clone());
        said.push(Said::Translation(left, right, row.conversations, row.packets));
    }
    said.extend(hop.routers.iter().map(|one| Said::Routers(toward(one.toward), one.routers, one.packets)));
    said.sort();
    said
}

/// That both say the same of each other.
pub(super) fn assert_mirrored(left: &Point, right: &Point, what: &str) {
    let straight = said([left, right], &Hop::between(left, right), false);
    let mirrored = said([right, left], &Hop::between(right, left), true);
    let differs = straight.iter().zip(&mirrored).find(|(one, other)| one != other);
    assert!(differs.is_none() && straight.len() == mirrored.len(), "{what}: {differs:?}, {} and {}", straight.len(), mirrored.len());
}
