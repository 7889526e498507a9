//! Echoes: which are answered, and which are not.

use super::{ECHO, IcmpFacts, PROBE_HOP_LIMIT, SILENT, UNANSWERED};
use crate::conversation::{Conversation, Side};
use crate::dissect::Network;
use crate::explain::room::NoRoom;
use crate::explain::{Ending, Note, Notes, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How many echoes in a row without any answer are worth a warning.
pub(super) const SEVERAL: u64 = 3;
/// How many echoes without an answer it takes for their size to be what tells them from those that are answered.
const FEW: u64 = 2;
/// What systems begin with in the time to live.
const BEGINNINGS: [u8; 3] = [64, 128, 255];
/// How long an answer may take before it counts as missing, in nanoseconds.
const PATIENCE: i64 = 1_000_000_000;

/// All echoes of a capture.
#[derive(Debug, Default)]
pub(super) struct Echoes {
    runs: HashMap<u64, Run, RandomState>,
    forgotten: NoRoom,
}

/// The echoes with one identifier between two hosts.
#[derive(Debug)]
struct Run {
    asker: IpAddr,
    host: IpAddr,
    sent: u64,
    answered: u64,
    open: Vec<Question>,
    last: Option<Timestamp>,
    first_frames: Vec<u64>,
    /// How large the largest packet was that was answered, in bytes.
    largest: u32,
    /// Whether no router had passed on what each side sent, by what was left of its time to live.
    is_near: [bool; 2],
}

#[derive(Clone, Copy, Debug)]
struct Question {
    number: u16,
    frame: u64,
    time: Option<Timestamp>,
    /// How large its packet is, in bytes.
    size: u32,
}

impl Echoes {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    pub(super) fn take(&mut self, scene: &Scene<'_>, network: &Network, asks: bool, number: u16, notes: &mut Notes) {
        let Some(belongs) = scene.belongs else { return };
        let frame = scene.number();
        if asks {
            if network.destination.is_multicast() || is_broadcast(network.destination) || network.hop_limit < PROBE_HOP_LIMIT {
                return;
            }
            if !self.forgotten.room(self.runs.len() < Limits::ECHO_RUNS || self.runs.contains_key(&belongs.conversation)) {
                return;
            }
            let run = self.runs.entry(belongs.conversation).or_insert_with(|| Run {
                asker: network.source,
                host: network.destination,
                sent: 0,
                answered: 0,
                open: Vec::new(),
                last: None,
                first_frames: Vec::new(),
                largest: 0,
                is_near: [true; 2],
            });
            if run.asker != network.source {
                return;
            }
            run.is_near[0] &= BEGINNINGS.contains(&network.hop_limit);
            // The same question seen at a second place is no second question; what was in fragments is as large as all of them.
            if let Some(known) = run.open.iter_mut().find(|question| question.number == number) {
                known.size = known.size.max(size_of_packet(scene, network));
                return;
            }
            run.sent += 1;
            run.last = scene.time();
            if run.first_frames.len() < SEVERAL as usize {
                run.first_frames.push(frame);
            }
            if run.open.len() >= Limits::ECHOES_OPEN {
                run.open.remove(0);
            }
            run.open.push(Question { number, frame, time: scene.time(), size: size_of_packet(scene, network) });
            return;
        }
        let Some(run) = self.runs.get_mut(&belongs.conversation).filter(|run| run.asker == network.destination) else { return };
        let Some(place) = run.open.iter().position(|question| question.number == number) else { return };
        let question = run.open.remove(place);
        run.answered += 1;
        run.is_near[1] &= BEGINNINGS.contains(&network.hop_limit);
        run.largest = run.largest.max(question.size);
        notes.say(&ECHO, (run.asker, run.host), || {
            let took = scene.time().and_then(|time| Some(time.since(question.time?))).filter(|took| *took >= 0);
            let facts = IcmpFacts::Echo { asker: run.asker, host: run.host, took };
            scene.note(Note::seen(facts, &[question.frame, frame]))
        });
    }

    pub(super) fn finish(&mut self, ending: &Ending<'_>, notes: &mut Notes) {
        let mut runs: Vec<(u64, &Run)> = self.runs.iter().map(|(conversation, run)| (*conversation, run)).collect();
        runs.retain(|(_, run)| run.answered < run.sent);
        if runs.is_empty() {
            return;
        }
        runs.sort_unstable_by_key(|(conversation, _)| *conversation);
        let is_sender = |one: &Conversation, host: IpAddr| {
            Side::BOTH.iter().any(|side| one.end(*side).address == host && one.sent[side.index()].frames > 0)
        };
        let both_ways = ending.conversations.iter().any(|one| Side::BOTH.iter().all(|side| one.sent[side.index()].frames > 0));
        for (conversation, run) in runs {
            let waited = ending.last.and_then(|last| Some(last.since(run.last?))).unwrap_or_default();
            let still_open = run.open.iter().filter(|question| is_due(question, ending.last)).count() as u64;
            if !both_ways || still_open == 0 || run.answered == 0 && waited < PATIENCE {
                continue;
            }
            let sent = run.sent - run.open.iter().filter(|question| !is_due(question, ending.last)).count() as u64;
            let sizes = self.sizes(run, ending.last);
            let is_heard = run.answered == 0 && sizes.is_none() && ending.conversations.iter().any(|one| is_sender(one, run.host));
            let is_on_link = self.is_near(run);
            let facts =
                IcmpFacts::Unanswered { asker: run.asker, host: run.host, sent, answered: run.answered, is_heard, sizes, is_on_link };
            let rule = if run.answered == 0 && (sent >= SEVERAL || sizes.is_some()) { &SILENT } else { &UNANSWERED };
            let frames: Vec<u64> =
                if run.answered == 0 { run.first_frames.clone() } else { run.open.iter().map(|question| question.frame).collect() };
            let about = (sizes.is_none().then_some(conversation), sizes, run.asker, run.host);
            notes.say(rule, about, || Note::seen(facts, &frames).of(conversation));
        }
    }
}

impl Echoes {
    /// Whether no router lies between the two, seen from one place: the echoes of both came there as they had begun.
    fn is_near(&self, run: &Run) -> bool {
        let mut of_both = self.runs.values().filter(|other| (other.asker, other.host) == (run.asker, run.host));
        let is_answered = self.runs.values().any(|other| (other.asker, other.host) == (run.asker, run.host) && other.answered > 0);
        is_answered && of_both.all(|other| other.is_near == [true; 2])
    }

    /// The largest packet that a host answered and the smallest that it did not, where size tells the two apart.
    fn sizes(&self, run: &Run, last: Option<Timestamp>) -> Option<[u32; 2]> {
        let of_both = || self.runs.values().filter(|other| (other.asker, other.host) == (run.asker, run.host));
        let answered: u64 = of_both().map(|other| other.answered).sum();
        let silent = || of_both().flat_map(|other| &other.open).filter(|question| is_due(question, last));
        let (fits, fails) = (of_both().map(|other| other.largest).max()?, silent().map(|question| question.size).min()?);
        (fits > 0 && fails > fits && answered > 0 && silent().count() as u64 >= FEW).then_some([fits, fails])
    }
}

/// How large an echo's packet is, in bytes: of one in fragments as a whole.
fn size_of_packet(scene: &Scene<'_>, network: &Network) -> u32 {
    let (_, dissection) = scene.whole();
    let layer = dissection.networks.last().and_then(|whole| dissection.layers.get(whole.layer));
    let own = layer.or_else(|| dissection.layers.get(network.layer));
    own.map_or(0, |layer| u32::try_from(layer.wire_end.saturating_sub(layer.start)).unwrap_or(u32::MAX))
}

/// Whether the answer to a question had time to come before the capture ended.
fn is_due(question: &Question, last: Option<Timestamp>) -> bool {
    last.and_then(|last| Some(last.since(question.time?))).is_some_and(|waited| waited >= PATIENCE)
}

/// Whether it is for all hosts of the link, or looks as though it were for all of a network.
pub(super) fn is_broadcast(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.octets()[3] == 255)
}
