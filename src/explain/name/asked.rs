//! Questions that wait for an answer, and those whose name turned out not to exist.

use super::{NameFacts, Question};
use crate::explain::Note;
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use crate::reassembly::Origin;
use foldhash::fast::RandomState;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// The same so soon is the same packet, captured again: nanoseconds. No resolver waits for so little.
const COPY: i64 = 300_000_000;
/// The same so late is a new question: nanoseconds.
const FORGOTTEN: i64 = 60_000_000_000;
/// How long after the failure of one name the next of a search list is asked for, at most: nanoseconds.
const SEARCHING: i64 = 5_000_000_000;

/// How soon the next domain of a search list is tried, where the name has one already: nanoseconds.
const AT_ONCE: i64 = 100_000_000;

/// A question that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) question: Question,
    conversation: u64,
    pub(super) first: Origin,
    pub(super) last: Origin,
    times: u64,
    /// Whether it was asked again: several servers may be asked at once, by one that has had no time to wait.
    is_repeated: bool,
    frames: Vec<u64>,
    /// The servers that were asked, each with the last time.
    servers: Vec<(IpAddr, Origin)>,
}

impl Waiting {
    fn new(question: Question, conversation: u64, origin: Origin) -> Self {
        let servers = [(question.server, origin)].to_vec();
        Self { question, conversation, first: origin, last: origin, times: 1, is_repeated: false, frames: [origin.frame].to_vec(), servers }
    }

    /// When a server was asked last.
    pub(super) fn asked(&self, server: IpAddr) -> Option<Origin> {
        self.servers.iter().find(|(asked, _)| *asked == server).map(|(_, origin)| *origin)
    }

    /// The server that was asked then.
    fn server_at(&self, when: Origin) -> Option<IpAddr> {
        self.servers.iter().find(|(_, origin)| origin.frame == when.frame).map(|(server, _)| *server)
    }

    /// The same is asked again, of a server that was asked before or of another.
    fn ask(&mut self, server: IpAddr, origin: Origin) {
        self.last = origin;
        self.times += 1;
        if self.frames.len() < Limits::QUESTION_REPEATS {
            self.frames.push(origin.frame);
        }
        if let Some((_, last)) = self.servers.iter_mut().find(|(asked, _)| *asked == server) {
            *last = origin;
        } else if self.servers.len() < Limits::QUESTION_REPEATS {
            self.servers.push((server, origin));
        }
    }

    /// The server that was asked first.
    pub(super) fn first_server(&self) -> Option<IpAddr> {
        self.servers.first().map(|(server, _)| *server)
    }

    /// The conversation in which it was asked first.
    pub(super) fn conversation(&self) -> u64 {
        self.conversation
    }

    /// What is said of it where nobody ever answered: that it was asked again shows that its asker had no answer either.
    fn unanswered(&self) -> Option<Note> {
        let over = self.last.time?.since(self.first.time?);
        let servers = self.servers.iter().map(|(server, _)| *server).collect();
        let facts = NameFacts::NoAnswer { question: self.question.clone(), servers, times: self.times, over };
        self.is_repeated.then(|| Note::seen(facts, &self.frames).of_frames(self.times).of(self.conversation))
    }
}

/// A name that does not exist.
#[derive(Debug)]
struct Failed {
    asker: IpAddr,
    name: Box<[u8]>,
    origin: Origin,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Questions {
    /// By who asks, the question's number and its type.
    waiting: HashMap<(IpAddr, u16, u16), Waiting, RandomState>,
    failed: VecDeque<Failed>,
    forgotten: NoRoom,
}

impl Questions {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A question is asked of a name server. Returns what is said to that.
    pub(super) fn ask(&mut self, id: u16, question: Question, conversation: u64, origin: Origin) -> Option<Note> {
        let key = (question.asker, id, question.kind);
        if let Some(waiting) = self.waiting.get_mut(&key).filter(|waiting| waiting.question.name.eq_ignore_ascii_case(&question.name)) {
            let since = |before: Origin| origin.time.zip(before.time).map(|(now, before)| now.since(before));
            // Of the same server the same so soon is a copy; a second server may be asked at once.
            let before = waiting.asked(question.server);
            if before.is_some_and(|before| since(before).is_none_or(|waited| waited < COPY)) {
                return None;
            }
            let (since_when, other) = match before {
                Some(before) => (before, None),
                None => (waiting.last, waiting.server_at(waiting.last)),
            };
            let waited = since(since_when)?;
            if since(waiting.last).is_some_and(|waited| waited < FORGOTTEN) {
                let frames = [since_when.frame, origin.frame];
                waiting.ask(question.server, origin);
                if waited < COPY {
                    return None;
                }
                waiting.is_repeated = true;
                let facts = NameFacts::AskedAgain { question, before: other, waited };
                return Some(Note::seen(facts, &frames).of(conversation));
            }
        }
        if self.waiting.len() >= Limits::QUESTIONS_WAITING {
            self.forgotten.put_away(self.waiting.len());
            self.waiting.clear();
        }
        let search = self.search(&question, origin);
        self.waiting.insert(key, Waiting::new(question, conversation, origin));
        search.map(|note| note.of(conversation))
    }

    /// The question that an answer is to.
    pub(super) fn answered(&mut self, id: u16, question: &Question) -> Option<Waiting> {
        let key = (question.asker, id, question.kind);
        let is_it = self.waiting.get(&key).is_some_and(|waiting| waiting.question.name.eq_ignore_ascii_case(&question.name));
        is_it.then(|| self.waiting.remove(&key)).flatten()
    }

    /// Remembers that a name does not exist.
    pub(super) fn does_not_exist(&mut self, question: &Question, origin: Origin) {
        if self.failed.len() >= Limits::NAMES_FAILED {
            self.failed.pop_front();
        }
        self.failed.push_back(Failed { asker: question.asker, name: question.name.clone(), origin });
    }

    /// Whether a question is for a name that failed a moment before, with a domain more or less behind it.
    fn search(&self, question: &Question, origin: Origin) -> Option<Note> {
        let recent = |failed: &Failed| {
            let since = origin.time.zip(failed.origin.time).map(|(now, then)| now.since(then));
            failed.asker == question.asker && since.is_some_and(|since| (0..SEARCHING).contains(&since))
        };
        self.failed.iter().rev().filter(|failed| recent(failed)).find_map(|failed| {
            let since = origin.time.zip(failed.origin.time).map_or(i64::MAX, |(now, then)| now.since(then));
            let (before, after) = domains(&failed.name, &question.name, since < AT_ONCE)?;
            let [failed_name, name] = [&failed.name, &question.name].map(Clone::clone);
            let facts =
                NameFacts::SearchDomain { asker: question.asker, failed: failed_name, name, before: before.into(), after: after.into() };
            Some(Note::inferred(facts, &[failed.origin.frame, origin.frame]))
        })
    }

    /// What is said in the end of those that nobody answered, in the order in which they were asked.
    pub(super) fn finish(&mut self) -> Vec<Note> {
        let mut left: Vec<Waiting> = self.waiting.drain().map(|(_, waiting)| waiting).collect();
        left.sort_unstable_by_key(|waiting| (waiting.first.frame, waiting.question.kind));
        left.iter().filter_map(Waiting::unanswered).collect()
    }
}

/// The domains behind two names that are the same else: one of the two has none, or the first label alone is the same and `at_once` the other
/// was asked for.
fn domains<'a>(failed: &'a [u8], name: &'a [u8], at_once: bool) -> Option<(&'a [u8], &'a [u8])> {
    let behind = |longer: &'a [u8], shorter: &[u8]| {
        let (front, behind) = longer.split_at_checked(shorter.len())?;
        let domain = behind.strip_prefix(b".").filter(|domain| !domain.is_empty() && !shorter.is_empty())?;
        front.eq_ignore_ascii_case(shorter).then_some(domain)
    };
    if let Some(domain) = behind(failed, name) {
        return Some((domain, &[]));
    }
    if let Some(domain) = behind(name, failed) {
        return Some((&[], domain));
    }
    let stem = |name: &'a [u8]| name.split(|byte| *byte == b'.').next().unwrap_or_default();
    let (before, after) = (behind(failed, stem(failed))?, behind(name, stem(name))?);
    (at_once && stem(failed).eq_ignore_ascii_case(stem(name)) && !before.eq_ignore_ascii_case(after)).then_some((before, after))
}
