//! Captures that begin and end at other moments: what was under way then is no loss, and nothing is made up.

use super::{POINTS, collected};
use crate::support::capture;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::Path;
use wirelore::diff::hop::{Fate, Hop};
use wirelore::diff::point::Point;
use wirelore::diff::{Cause, Digester, PacketField, Toward};
use wirelore::frame::Frame;
use wirelore::source::{self, Interface, NameRecord, Source, SourceError};

/// Some of the frames of a capture, with the numbers that they have in it.
struct Part {
    whole: Box<dyn Source>,
    frames: RangeInclusive<u64>,
}

impl Source for Part {
    fn advance(&mut self) -> Result<bool, SourceError> {
        while self.whole.advance()? {
            if self.frames.contains(&self.whole.frame().number) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn frame(&self) -> Frame<'_> {
        self.whole.frame()
    }

    fn interfaces(&self) -> &[Interface] {
        self.whole.interfaces()
    }

    fn names(&self) -> &[NameRecord] {
        self.whole.names()
    }
}

fn part(path: &Path, frames: RangeInclusive<u64>, digester: Digester) -> Point {
    let whole = source::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    collected(&mut Part { whole, frames }, digester)
}

/// The frames of one side by what is said of them: the frames opposite, or why there is none.
#[derive(Default)]
struct Said {
    opposite: BTreeMap<u64, Vec<u64>>,
    alone: BTreeMap<u64, Fate>,
}

fn said(points: [&Point; 2], hop: &Hop) -> [Said; 2] {
    let frame = |side: usize, place: u32| points[side].sightings[place as usize].frame;
    [0, 1].map(|side| {
        let mut said = Said::default();
        for pair in &hop.pairing.pairs {
            let frames = [frame(0, pair.left), frame(1, pair.right)];
            said.opposite.entry(frames[side]).or_default().push(frames[1 - side]);
        }
        for recut in &hop.pairing.recut {
            let others = || recut.places[1 - side].iter().map(|place| frame(1 - side, *place));
            recut.places[side].iter().for_each(|place| said.opposite.entry(frame(side, *place)).or_default().extend(others()));
        }
        // Of a segment of which only some bytes are missing the rest stands opposite something.
        let alone = hop.strays[side].iter().filter(|stray| stray.part.is_none());
        said.alone = alone.map(|stray| (frame(side, stray.place), stray.fate)).collect();
        said
    })
}

/// In how many places a capture is cut.
const CUTS: u64 = 7;
/// What lies so many frames from where a capture was cut was not under way then.
const NEAR: u64 = 24;

/// What is wrong with what is said of two points of which one was cut, in words.
fn wrong(whole: &[Said; 2], cut: &[Said; 2], side: usize, frames: &RangeInclusive<u64>) -> Vec<String> {
    let mut wrong = Vec::new();
    let other = 1 - side;
    for (frame, fate) in &cut[other].alone {
        let said = |what: &str| format!("frame {frame} of the whole one {what}, is {fate:?}");
        // Of a conversation of which nothing is left at the other point nobody knows whether it should be there.
        let is_at_border = matches!(fate, Fate::OutsideOfCapture | Fate::BeforeTheBeginning | Fate::AfterTheEnd | Fate::Elsewhere);
        match (whole[other].opposite.get(frame), whole[other].alone.get(frame)) {
            (Some(there), _) if there.iter().all(|there| frames.contains(there)) => wrong.push(said(&format!("is opposite {there:?}"))),
            (Some(there), _) if !is_at_border && !there.iter().any(|there| frames.contains(there)) => {
                wrong.push(said(&format!("was opposite {there:?}")));
            }
            (None, Some(was)) if matches!(was, Fate::Lost | Fate::Added) && is_at_border => {
                let near = |range: RangeInclusive<u64>| whole[other].opposite.range(range).flat_map(|(_, there)| there);
                let before = near(0..=frame.saturating_sub(NEAR)).any(|there| frames.contains(there));
                let behind = near(frame + NEAR..=u64::MAX).any(|there| frames.contains(there));
                if before && behind {
                    wrong.push(said(&format!("was {was:?} in the middle")));
                }
            }
            (None, Some(was)) if was != fate && !is_at_border && *was != Fate::Relayed => wrong.push(said(&format!("was {was:?}"))),
            (None, None) => wrong.push(said("was another one once more")),
            _ => {}
        }
    }
    for (frame, fate) in &cut[side].alone {
        match whole[side].alone.get(frame) {
            // Of some conversations nothing else is left in it.
            Some(was) if was == fate || *was == Fate::Relayed || *fate == Fate::Elsewhere => {}
            was => wrong.push(format!("frame {frame} of the cut one was {was:?}, is {fate:?}")),
        }
    }
    for (frame, there) in &cut[0].opposite {
        let was = whole[0].opposite.get(frame);
        if was.is_none_or(|was| was.len() == 1 && there.len() == 1 && was != there) {
            wrong.push(format!("left frame {frame} is opposite {there:?}, was {was:?}"));
        }
    }
    wrong
}

fn changes(hop: &Hop) -> BTreeSet<(Cause, PacketField, Toward)> {
    let all = hop.changes.iter().filter(|change| change.cause != Cause::Capture);
    all.map(|change| (change.cause, change.field, change.toward)).collect()
}

/// Cuts each of two captures off, behind many of their frames and before as many.
fn hold_when_cut(scene: &str, [left, right]: [&str; 2]) {
    let digester = Digester::new();
    let files = [left, right].map(|point| capture(&format!("diff/{scene}/{point}.pcapng.gz")));
    let whole = files.each_ref().map(|file| part(file, 1..=u64::MAX, digester));
    let points = [&whole[0], &whole[1]];
    let hop = Hop::between(points[0], points[1]);
    let said_of_all = said(points, &hop);
    for side in 0..2 {
        let frames = whole[side].frames;
        let cuts = (1..=CUTS).map(|cut| 1 + (frames - 1) * cut / (CUTS + 1));
        for range in cuts.flat_map(|at| [1..=at, at..=frames]) {
            let cut = part(&files[side], range.clone(), digester);
            let mut points = points;
            points[side] = &cut;
            let cut = Hop::between(points[0], points[1]);
            let name = format!("{scene}, {left} to {right}, frames {range:?} of the {}", [left, right][side]);
            let wrong = wrong(&said_of_all, &said(points, &cut), side, &range);
            assert!(wrong.is_empty(), "{name}: {wrong:#?}");
            let invented: Vec<_> = changes(&cut).difference(&changes(&hop)).copied().collect();
            assert!(invented.is_empty(), "{name}: {invented:?}");
        }
    }
}

/// What was under way when one capture ended, and what came before it began, is told as that; all else as of the whole captures.
#[test]
fn captures_that_begin_or_end_elsewhere_lose_nothing_and_add_nothing() {
    for scene in ["plain", "random-ports", "offload", "relay", "loss", "clamp", "reset"] {
        // One cable, the translator, a router, and all of them.
        for [left, right] in [[0, 1], [1, 2], [3, 4], [0, 5]] {
            hold_when_cut(scene, [POINTS[left], POINTS[right]]);
        }
    }
}
