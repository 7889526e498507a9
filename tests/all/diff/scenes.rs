//! The scenes of the playground, each at six points: what is told of it is what its routers know and the bytes show.
//!
//! Each is held twice: as it was recorded (`captures/diff/`), and as it happens now, where network namespaces can be made.

use super::oracle::{Seen, opposite, packets};
use super::{POINTS, point};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use wirelore::conversation::Endpoint;
use wirelore::diff::hop::{Fate, Hop, Stray};
use wirelore::diff::pairing::{Found, Opposite};
use wirelore::diff::path::{Path as Way, Step};
use wirelore::diff::point::{Point, Sighting};
use wirelore::diff::{Cause, Digester, PacketField, Toward, Value};

/// The hop that is between the modem's sides: index of its left point.
const MODEM: usize = 1;
const ISP: usize = 2;
const BACKBONE: usize = 3;

/// The captures of a scene.
struct Scene {
    folder: PathBuf,
    points: Vec<Point>,
    way: Way,
    truth: Json,
}

impl Scene {
    fn of(folder: &Path) -> Self {
        let digester = Digester::new();
        let points: Vec<Point> = (0..POINTS.len()).map(|place| point(&file(folder, place), digester)).collect();
        let truth = fs::read_to_string(folder.join("truth.json")).expect("what the routers know");
        let way = Way::along(&points);
        Self { folder: folder.to_owned(), points, way, truth: serde_json::from_str(&truth).expect("it is JSON") }
    }

    fn packets(&self) -> Vec<Vec<Seen>> {
        (0..POINTS.len()).map(|place| packets(&file(&self.folder, place))).collect()
    }

    fn frame(&self, place: usize, sighting: u32) -> u64 {
        self.points[place].sightings[sighting as usize].frame
    }

    /// What happened between to packets of one side of a hop that have nothing opposite, by their frames.
    fn happened(&self, hop: usize, side: usize) -> Vec<(u64, Stray)> {
        let elsewhere = |fate: Fate| matches!(fate, Fate::Elsewhere | Fate::OfTheLink | Fate::Relayed | Fate::OutsideOfCapture);
        let strays = self.way.hops[hop].strays[side].iter().filter(|stray| !elsewhere(stray.fate));
        strays.map(|stray| (self.frame(hop + side, stray.place), *stray)).collect()
    }

    /// That nothing was changed but by these causes, and nothing is unexplained.
    fn changes_only_by(&self, hop: usize, causes: &[Cause]) {
        for change in &self.way.hops[hop].changes {
            assert!(causes.contains(&change.cause), "{}: {change:?}", self.name(hop));
        }
    }

    fn name(&self, hop: usize) -> String {
        format!("{}, {} to {}", self.folder.display(), POINTS[hop], POINTS[hop + 1])
    }

    /// That every packet stands opposite the one that it is, and what does not is at no other point; and what the ways of all together say.
    fn is_paired_as_the_bytes_are(&self) {
        let seen = self.packets();
        for (place, hop) in self.way.hops.iter().enumerate() {
            let opposites = opposite(&seen[place], &seen[place + 1]);
            let known: BTreeSet<u64> = seen[place].iter().map(|seen| seen.frame).collect();
            let expected: BTreeSet<[u64; 2]> = opposites.pairs.iter().map(|pair| pair.map(|seen| seen.frame)).collect();
            assert!(expected.len() >= 20, "{}: {} pairs", self.name(place), expected.len());
            let paired = hop.pairing.pairs.iter().map(|pair| [self.frame(place, pair.left), self.frame(place + 1, pair.right)]);
            let paired: BTreeSet<[u64; 2]> = paired.filter(|[left, _]| known.contains(left)).collect();
            let invented: Vec<_> = paired.iter().filter(|pair| !expected.contains(*pair)).collect();
            let missing: Vec<_> = expected.iter().filter(|pair| !paired.contains(*pair)).collect();
            let is_unclear = |pair: &&[u64; 2]| opposites.is_unclear(0, pair[0]) && opposites.is_unclear(1, pair[1]);
            let is_right = missing.is_empty() && invented.iter().all(is_unclear);
            assert!(is_right, "{}: not paired {missing:?}; paired {invented:?}", self.name(place));
            let unclear: usize = opposites.unclear.iter().map(|[left, right]| left.len().min(right.len())).sum();
            assert_eq!(invented.len(), unclear, "{}", self.name(place));
            for (side, alone) in opposites.alone.into_iter().enumerate() {
                let strays: BTreeSet<u64> = hop.strays[side].iter().map(|stray| self.frame(place + side, stray.place)).collect();
                let missing: Vec<u64> = alone.iter().map(|seen| seen.frame).filter(|frame| !strays.contains(frame)).collect();
                assert!(missing.is_empty(), "{}: nothing is said of {missing:?}", self.name(place));
            }
        }
        self.is_followed(&seen);
    }

    /// That a packet of the client is found at each point, where the bytes have it.
    fn is_followed(&self, seen: &[Vec<Seen>]) {
        let is_one = |packet: &&Seen| seen.iter().all(|list| list.iter().filter(|other| other.lasting == packet.lasting).count() < 2);
        for packet in seen[0].iter().filter(is_one) {
            let place = self.points[0].place_of_frame(packet.frame).expect("a sighting");
            let steps = self.way.follow(&self.points, 0, place);
            let mut beyond = true;
            for (at, step) in steps.iter().enumerate() {
                let here = seen[at].iter().find(|other| other.lasting == packet.lasting);
                // Behind the point that it did not reach it is nowhere.
                beyond &= here.is_some();
                match (step, here) {
                    (Step::Seen { places, .. }, Some(here)) if beyond => {
                        assert_eq!(self.frame(at, places[0]), here.frame, "{}", POINTS[at])
                    }
                    (Step::Missing { .. }, _) if !beyond => {}
                    (step, here) => panic!("{}: {step:?} at {}, and frame {:?}", packet.frame, POINTS[at], here.map(|here| here.frame)),
                }
            }
        }
    }

    /// That the table of translations is what the addresses and ports of the packets say, and what the kernel does.
    fn translates_as_the_kernel_does(&self) {
        let seen = self.packets();
        for (place, hop) in self.way.hops.iter().enumerate() {
            let mut expected = BTreeSet::new();
            for [left, right] in &opposite(&seen[place], &seen[place + 1]).pairs {
                expected.extend([0, 1].map(|end| (left.ends[end], right.ends[end])).into_iter().filter(|(from, to)| from != to));
            }
            let end = |end: Endpoint| (end.address, end.port);
            let told: Vec<_> = hop.translations.iter().map(|row| (end(row.left), end(row.right))).collect();
            assert_eq!(told.len(), hop.translations.len());
            assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), expected, "{}", self.name(place));
            assert_eq!(expected.is_empty(), place != MODEM, "{}", self.name(place));
            assert!(hop.translations.iter().all(|row| row.is_originator), "only clients are translated");
            if place == MODEM {
                let kernel = self.kernel();
                let others: Vec<_> = told.iter().filter(|row| !kernel.contains(row)).collect();
                assert!(others.is_empty(), "the kernel knows nothing of {others:?}");
            }
        }
    }

    fn kernel(&self) -> BTreeSet<((IpAddr, u16), (IpAddr, u16))> {
        let end = |address: &Json, port: &Json| {
            let address = address.as_str().and_then(|text| text.parse().ok()).expect("an address");
            (address, port.as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port"))
        };
        let rows = self.truth["translations"].as_array().expect("a table");
        rows.iter().map(|row| (end(&row[1], &row[2]), end(&row[3], &row[4]))).collect()
    }

    /// That the time to live tells the routers: one at each hop but the first, where the cable is the same.
    fn has_a_router_at_each_hop(&self) {
        for (place, hop) in self.way.hops.iter().enumerate() {
            let told: BTreeSet<(Toward, u8)> = hop.routers.iter().map(|routers| (routers.toward, routers.routers)).collect();
            let expected = if place == 0 { vec![] } else { vec![(Toward::Left, 1), (Toward::Right, 1)] };
            assert_eq!(told, expected.into_iter().collect(), "{}", self.name(place));
        }
    }

    fn nothing_is_lost_or_added(&self) {
        for hop in 0..self.way.hops.len() {
            let happened = [0, 1].map(|side| self.happened(hop, side));
            assert!(happened.iter().all(Vec::is_empty), "{}: {happened:?}", self.name(hop));
        }
    }
}

/// The capture of a scene at one of the points.
pub(super) fn file(folder: &Path, place: usize) -> PathBuf {
    let plain = folder.join(format!("{}.pcapng", POINTS[place]));
    if plain.exists() { plain } else { plain.with_extension("pcapng.gz") }
}

/// Routers and a translator, and nothing else: of every packet it is told where it is, and nothing else.
fn plain(scene: &Scene) {
    scene.is_paired_as_the_bytes_are();
    scene.translates_as_the_kernel_does();
    scene.has_a_router_at_each_hop();
    scene.nothing_is_lost_or_added();
    (0..5).for_each(|hop| scene.changes_only_by(hop, &[]));
    // What the translator sends for its other clients is none of the first one's.
    for place in MODEM + 1..POINTS.len() {
        for [one, other] in [[0, place], [place, 0]] {
            let hop = Hop::between(&scene.points[one], &scene.points[other]);
            let is_elsewhere = |stray: &Stray| matches!(stray.fate, Fate::Elsewhere | Fate::OfTheLink);
            let strays = hop.strays.iter().flatten();
            assert!(strays.clone().all(is_elsewhere), "{} to {}: {:?}", POINTS[one], POINTS[other], hop.strays);
            assert!(strays.count() > 0);
        }
    }
    // Two clients want one port: one of them gets another.
    assert!(scene.way.hops[MODEM].translations.iter().any(|row| row.left.port != row.right.port));
}

fn random_ports(scene: &Scene) {
    plain(scene);
    let kept = scene.way.hops[MODEM].translations.iter().filter(|row| row.left.port == row.right.port).count();
    assert!(kept <= 1, "the ports are drawn: {kept} of them are what they were");
}

/// Segments that are cut and joined at one end are the same bytes, and the cause is the network card.
fn offload(scene: &Scene) {
    scene.nothing_is_lost_or_added();
    (0..5).for_each(|hop| scene.changes_only_by(hop, &[Cause::Offload]));
    let recut: Vec<usize> = scene.way.hops.iter().map(|hop| hop.pairing.recut.len()).collect();
    assert!(recut[0] > 0 && recut[MODEM] > 0 && recut[2..] == [0, 0, 0], "{recut:?}");
    for hop in 0..2 {
        assert!(scene.way.hops[hop].pairing.recut.iter().all(|recut| recut.is_same == Some(true)));
        let told = scene.way.hops[hop].changes.iter().any(|change| change.field == PacketField::Segmentation);
        assert!(told, "{}", scene.name(hop));
    }
    // The checksums that the client leaves to its card are no errors.
    let unfinished = |value: &Value| *value == Value::Partial;
    let checksums: Vec<_> =
        scene.way.hops[..2].iter().flat_map(|hop| &hop.changes).filter(|change| change.field == PacketField::Checksum).collect();
    assert!(!checksums.is_empty() && checksums.iter().all(|change| change.values.iter().any(unfinished)), "{checksums:?}");
    // Every byte of the client's is at the server's: all of its packets are followed to there.
    let client = |one: &&Sighting| one.is_tcp() && one.length > 0;
    for one in scene.points[0].sightings.iter().filter(client) {
        let place = scene.points[0].place_of_frame(one.frame).expect("a sighting");
        let steps = scene.way.follow(&scene.points, 0, place);
        assert!(steps.iter().all(|step| matches!(step, Step::Seen { missing: 0, .. })), "frame {}: {steps:?}", one.frame);
    }
}

/// Connections that end at the relay and go on over others are found again by what is said in them.
fn relay(scene: &Scene) {
    scene.nothing_is_lost_or_added();
    (0..5).for_each(|hop| scene.changes_only_by(hop, &[]));
    let hop = &scene.way.hops[MODEM];
    let [inside, outside] = [MODEM, MODEM + 1].map(|place| &scene.points[place]);
    let tcp = |point: &Point| point.conversations.iter().filter(|one| one.initial[0].is_some()).count();
    let relayed: Vec<_> = hop.pairing.conversations.iter().filter(|pair| pair.found == Found::Content).collect();
    assert_eq!([relayed.len(), tcp(inside)], [4, 4]);
    assert_eq!(tcp(outside), 4);
    let mut ports = BTreeSet::new();
    let mut last = [None; 2];
    for pair in relayed {
        let [one, other] = [&inside.conversations[pair.left as usize], &outside.conversations[pair.right as usize]];
        // They began one behind the other, at both sides.
        assert!(last[0] < one.times[0] && last[1] < other.times[0], "{one:?} is not {other:?}");
        assert!(one.times[0] < other.times[0] && other.times[0] < one.times[1], "{one:?} is not {other:?}");
        last = [one.times[0], other.times[0]];
        ports.insert(one.ends[1].port);
    }
    assert_eq!(ports, [80, 8080].into(), "one relay is asked, the other takes what is not for it");
    for (side, point) in [inside, outside].into_iter().enumerate() {
        let fates = hop.strays[side].iter().filter(|stray| point.sightings[stray.place as usize].is_tcp());
        assert!(fates.clone().count() >= 20 && fates.clone().all(|stray| stray.fate == Fate::Relayed));
    }
}

/// Every packet that the provider lost is named, and no other.
fn loss(scene: &Scene) {
    scene.is_paired_as_the_bytes_are();
    let seen = scene.packets();
    let mut lost = 0;
    for hop in 0..5 {
        let opposites = opposite(&seen[hop], &seen[hop + 1]);
        let hop_of = &scene.way.hops[hop];
        for side in 0..2 {
            let happened = scene.happened(hop, side);
            if hop != ISP {
                assert!(happened.is_empty(), "{}: {happened:?}", scene.name(hop));
                continue;
            }
            let (unclear, frames): (Vec<u64>, Vec<u64>) =
                happened.iter().map(|(frame, _)| *frame).partition(|frame| opposites.is_unclear(side, *frame));
            assert_eq!(frames, opposites.alone[side].iter().map(|seen| seen.frame).collect::<Vec<_>>());
            let more = opposites.unclear.iter().map(|group| group[side].len().saturating_sub(group[1 - side].len()));
            assert_eq!(unclear.len(), more.sum::<usize>(), "{unclear:?}");
            let toward = [Toward::Right, Toward::Left][side];
            // Of what would have come behind the last frame nobody knows whether the capture still ran.
            let is_lost = |stray: &Stray| matches!(stray.fate, Fate::Lost | Fate::AfterTheEnd) && stray.toward == toward;
            assert!(happened.iter().all(|(_, stray)| is_lost(stray)), "{happened:?}");
            lost += happened.len() as u64;
            // A segment with data is sent again until it arrives, and a question until it is answered.
            for (frame, stray) in &happened {
                let one = &scene.points[hop + side].sightings[stray.place as usize];
                let carries = one.protocol == 17 || one.is_tcp() && one.sequence_length() > 0;
                let arrived = |other: &&Sighting| {
                    // Of one that was sent twice either may be lost.
                    let is_there = scene.points[hop + side].place_of_frame(other.frame).map(|place| hop_of.pairing.opposite(side, place));
                    (other.conversation, other.from()) == (one.conversation, one.from())
                        && one.sequence.wrapping_sub(other.sequence) < other.sequence_length()
                        && is_there.is_some_and(|opposite| opposite != Opposite::Nothing)
                };
                let is_told = stray.repair.is_some() || !carries || scene.points[hop + side].sightings.iter().any(|other| arrived(&other));
                assert!(
                    is_told && (carries || stray.repair.is_none()),
                    "frame {frame} of {}: {:?}, {one:?}",
                    scene.name(hop),
                    stray.repair
                );
                assert!(stray.repair.is_none_or(|repair| repair.sent > *frame && repair.after.is_some_and(|after| after > 0)));
            }
        }
        scene.changes_only_by(hop, &[]);
    }
    assert_eq!(Some(lost), scene.truth["dropped"].as_u64(), "the router counted what it dropped");
    assert!(lost >= 3);
}

/// The MSS is told as what it is, both ways, where it is written; and no other difference.
fn clamp(scene: &Scene) {
    scene.is_paired_as_the_bytes_are();
    scene.translates_as_the_kernel_does();
    scene.nothing_is_lost_or_added();
    (0..5).filter(|hop| *hop != BACKBONE).for_each(|hop| scene.changes_only_by(hop, &[]));
    let changes = &scene.way.hops[BACKBONE].changes;
    let told: Vec<_> = changes.iter().map(|change| (change.cause, change.field, change.toward, change.values, change.packets)).collect();
    let (wide, narrow) = (Value::Number(1460), Value::Number(1200));
    let clamped = (Cause::Middlebox, PacketField::MaximumSegmentSize);
    assert_eq!(
        told,
        [(clamped.0, clamped.1, Toward::Left, [narrow, wide], 3), (clamped.0, clamped.1, Toward::Right, [wide, narrow], 3)],
        "{changes:?}"
    );
}

/// A reset that nobody sent comes out of the way between, to both ends.
fn reset(scene: &Scene) {
    scene.is_paired_as_the_bytes_are();
    for hop in 0..5 {
        scene.changes_only_by(hop, &[]);
        for side in 0..2 {
            let happened = scene.happened(hop, side);
            let fates: Vec<(Fate, Toward)> = happened.iter().map(|(_, stray)| (stray.fate, stray.toward)).collect();
            let forged = if hop == BACKBONE { vec![(Fate::Added, [Toward::Left, Toward::Right][side])] } else { vec![] };
            assert_eq!(fates, forged, "{}", scene.name(hop));
            for (_, stray) in &happened {
                let one = &scene.points[hop + side].sightings[stray.place as usize];
                assert!(one.is_reset() && one.identification == 0x1234);
                assert_eq!(scene.way.hops[hop].pairing.opposite(side, stray.place), Opposite::Nothing);
            }
        }
    }
}

type Check = fn(&Scene);

const CHECKS: [(&str, Check); 7] = [
    ("plain", plain),
    ("random-ports", random_ports),
    ("offload", offload),
    ("relay", relay),
    ("loss", loss),
    ("clamp", clamp),
    ("reset", reset),
];

fn check(folder: &Path, name: &str) {
    let (_, check) = CHECKS.iter().find(|(scene, _)| *scene == name).expect("a scene");
    check(&Scene::of(&folder.join(name)));
}

/// The folders of the recorded scenes.
pub(super) fn recorded_folders() -> Vec<PathBuf> {
    let folder = std::env::var_os("WIRELORE_SCENES").map_or_else(|| crate::support::repository("captures/diff"), PathBuf::from);
    CHECKS.iter().map(|(name, _)| folder.join(name)).collect()
}

/// All captures of them.
pub(super) fn recorded() -> Vec<PathBuf> {
    recorded_folders().iter().flat_map(|folder| (0..POINTS.len()).map(|place| file(folder, place)).collect::<Vec<_>>()).collect()
}

#[test]
fn scenes_as_recorded() {
    for folder in recorded_folders() {
        check(folder.parent().expect("a folder of folders"), folder.file_name().and_then(|name| name.to_str()).expect("a name"));
    }
}

#[test]
fn scenes_as_they_happen() {
    let Some(playground) = crate::playground::Playground::served() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (name, _) in CHECKS {
        let output = playground.call(&["points", "-o", folder.path().to_str().expect("a name"), name]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        check(folder.path(), name);
    }
}
