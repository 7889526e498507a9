//! Two things that were said beside each other: each aspect with its like.

use super::comparison::{Difference, DifferenceKind};
use super::content::{Contrast, contrast, size};
use super::field::Field;
use super::opener::Opener;
use super::run::{Aspect, Content, Item, ItemKind, Value, Weight};
use super::unread::{hidden, is_of_lone_request};
use super::verdict::{Judge, Verdict};
use crate::dissect::application::dns::table::TYPES;
use crate::limits::Limits;
use std::collections::BTreeMap;

/// Times differ by noise where one is not this many times the other.
const TIMES: i64 = 3;
/// Or where they are not this far from each other, in nanoseconds.
const NOISE: i64 = 100_000_000;

/// Compares, and counts what is set apart.
pub(super) struct Comparing<'s> {
    pub(super) judge: &'s Judge<'s>,
    opener: &'s Opener,
    pub(super) apart: BTreeMap<(Field, Box<[u8]>), u64>,
    pub(super) ignored: u64,
    /// What cannot be compared, as bytes of it are not in the capture: how often.
    pub(super) unread: BTreeMap<Field, u64>,
    /// Whether all that there is is what machines say to everybody around.
    pub(super) is_all_chatter: bool,
}

/// What differs: what counts, and what is told beside that.
type Found = (Vec<Difference>, Vec<Difference>);

impl<'s> Comparing<'s> {
    pub(super) fn new(judge: &'s Judge<'s>, opener: &'s Opener) -> Self {
        Self { judge, opener, apart: BTreeMap::new(), ignored: 0, unread: BTreeMap::new(), is_all_chatter: false }
    }

    pub(super) fn is_strict(&self) -> bool {
        self.judge.is_strict()
    }

    /// Whether what machines say to everybody around is passed over.
    pub(super) fn passes_over_chatter(&self) -> bool {
        !self.is_all_chatter && self.judge.verdict(Field::Conversation, &[], Weight::Nothing) != Verdict::Counts
    }

    /// Counts a difference that is not told, as what it is. Gives whether it counts all the same.
    pub(super) fn set_apart(&mut self, field: Field, name: &[u8], weight: Weight) -> Verdict {
        let verdict = self.judge.verdict(field, name, weight);
        self.count(verdict, field, name);
        verdict
    }

    fn count(&mut self, verdict: Verdict, field: Field, name: &[u8]) {
        match verdict {
            Verdict::Apart => {
                let key = (field, name.to_ascii_lowercase().into());
                if self.apart.len() < Limits::SET_APART || self.apart.contains_key(&key) {
                    *self.apart.entry(key).or_default() += 1;
                }
            }
            Verdict::Ignored => self.ignored += 1,
            Verdict::Counts | Verdict::Told => {}
        }
    }

    /// Adds a difference where it belongs.
    pub(super) fn add(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), verdict: Verdict, difference: Difference) {
        self.count(verdict, difference.field, &difference.name);
        match verdict {
            Verdict::Counts => found.0.push(difference),
            Verdict::Told => found.1.push(difference),
            Verdict::Apart | Verdict::Ignored => {}
        }
    }

    /// Compares a field of two conversations, where both have it or one does not.
    pub(super) fn field(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), field: Field, values: [Value; 2]) {
        if values[0] == values[1] || is_noise(&values) && !self.is_strict() {
            return;
        }
        let verdict = self.judge.verdict(field, &[], Weight::Whole);
        self.add(found, verdict, changed(field, &[], values));
    }

    /// Something that only one side said; nothing where that does not count.
    pub(super) fn alone(&mut self, item: &Item, side: usize) -> Option<Difference> {
        let (field, said) = headline(item);
        let verdict = self.set_apart(field, &[], Weight::Whole);
        let values = if side == 0 { [said, Value::Absent] } else { [Value::Absent, said] };
        (verdict == Verdict::Counts).then(|| changed(field, &[], values))
    }

    /// Compares two things that were said.
    pub(super) fn items(&mut self, left: &Item, right: &Item) -> Found {
        let (mut differences, mut told) = (Vec::new(), Vec::new());
        let found = (&mut differences, &mut told);
        self.lacking((&mut *found.0, &mut *found.1), [left, right]);
        if is_the_same(left, right) {
            return (differences, told);
        }
        let sorted = [left, right].map(sorted);
        let mut places = [0; 2];
        loop {
            let next: [Option<&Keyed<'_>>; 2] =
                [0, 1].map(|side: usize| sorted.get(side).and_then(|sorted| sorted.get(*places.get(side)?)));
            let (first, second) = match next {
                [None, None] => break,
                [Some(first), Some(second)] => match first.key().cmp(&second.key()) {
                    std::cmp::Ordering::Less => (Some(first), None),
                    std::cmp::Ordering::Greater => (None, Some(second)),
                    std::cmp::Ordering::Equal => (Some(first), Some(second)),
                },
                [first, second] => (first, second),
            };
            places[0] += usize::from(first.is_some());
            places[1] += usize::from(second.is_some());
            self.aspects((&mut *found.0, &mut *found.1), [first, second].map(|keyed| keyed.map(|keyed| keyed.aspect)), [left, right]);
        }
        if left.kind == ItemKind::Exchange {
            for (field, order) in [
                (Field::Query, Field::QueryOrder),
                (Field::RequestHeader, Field::RequestHeaderOrder),
                (Field::ResponseHeader, Field::ResponseHeaderOrder),
            ] {
                self.order((&mut *found.0, &mut *found.1), field, order, [left, right]);
            }
            self.target((&mut *found.0, &mut *found.1), [left, right]);
        }
        (differences, told)
    }

    fn aspects(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), both: [Option<&Aspect>; 2], items: [&Item; 2]) {
        let Some(any) = both[0].or(both[1]) else { return };
        let (field, name) = (any.field, &*any.name);
        let weight = both.iter().flatten().map(|aspect| aspect.weight).find(|weight| *weight != Weight::Whole).unwrap_or(Weight::Whole);
        let values = match both {
            [Some(left), Some(right)] => [&left.value, &right.value],
            [Some(left), None] => [&left.value, &Value::Absent],
            [None, Some(right)] => [&Value::Absent, &right.value],
            [None, None] => return,
        };
        if is_of_lone_request(field, items) || field == Field::Target {
            return;
        }
        // Other addresses have another order for sure.
        if field == Field::AddressOrder && items[0].get(Field::Address) != items[1].get(Field::Address) {
            return;
        }
        if is_same(values, self.is_strict()) {
            if matches!(values[0], Value::Content(content) if content.missing > 0) {
                self.count_unread(field);
            }
            if values[0] != values[1] {
                self.set_apart(field, name, Weight::Nothing);
            }
            return;
        }
        if let Some(part) = hidden(field, values, items) {
            return self.unread(found, part, values.map(Clone::clone));
        }
        // An answer that did not come has nothing in it that could differ, and a certificate that was not sent again, or sent encrypted, neither.
        let is_of_answer =
            field > Field::Answered && field <= Field::Receiving || field > Field::LookupAnswered && field <= Field::LookupTime;
        let lacks =
            |item: &Item| [Field::Answered, Field::LookupAnswered].iter().any(|field| item.get(*field) == Some(&Value::Flag(false)));
        let resumes = |item: &Item| item.get(Field::Resumption) == Some(&Value::Flag(true));
        let is_of_certificate =
            matches!(field, Field::Subject | Field::Issuer | Field::CertificateHosts | Field::NotAfter | Field::PublicKey);
        // TLS 1.3 (RFC 8446 section 2).
        let hides = |item: &Item| item.get(Field::TlsVersion) == Some(&Value::Code(0x0304));
        let is_hidden = is_of_certificate && items.iter().any(|item| resumes(item) || hides(item))
            || field == Field::Protocol && items.iter().any(|item| hides(item));
        if is_of_answer && items.iter().any(|item| lacks(item)) || is_hidden {
            return;
        }
        let is_in_both = both.iter().all(Option::is_some);
        let verdict = if is_in_both { self.judge.verdict_of_value(field, name, weight) } else { self.judge.verdict(field, name, weight) };
        match values {
            [Value::Content(left), Value::Content(right)] => return self.contents(found, field, verdict, left, right),
            [Value::Codes(left), Value::Codes(right)] => return self.codes(found, field, verdict, [left, right]),
            [_, _] => {}
        }
        // How long it took where it did not differ by more than noise.
        let is_time = values.iter().any(|value| matches!(value, Value::Duration(_)));
        if is_time && !self.is_strict() && (!is_in_both || is_noise(&values.map(Clone::clone))) {
            return;
        }
        let shown = values.map(|value| if let Value::Content(content) = value { size(&self.opener.open(content)) } else { value.clone() });
        self.add(found, verdict, changed(field, name, shown));
    }

    fn contents(
        &mut self,
        found: (&mut Vec<Difference>, &mut Vec<Difference>),
        field: Field,
        verdict: Verdict,
        left: &Content,
        right: &Content,
    ) {
        let [left, right] = [left, right].map(|content| self.opener.open(content));
        let sizes = || [&left, &right].map(|content| size(content));
        match contrast(&left, &right) {
            Contrast::None => {}
            Contrast::Unread => self.unread(found, field, sizes()),
            Contrast::Cut => {
                let parts = [&left, &right].map(|content| Value::Part { length: content.digest.length, cut: content.cut });
                self.add(found, verdict, changed(field, &[], parts));
            }
            Contrast::Rewritten => {
                let verdict = self.judge.verdict(field, &[], Weight::Nothing);
                self.add(found, verdict, changed(field, &[], sizes()));
            }
            Contrast::Json(changes, more) => {
                for change in changes {
                    let verdict = self.judge.verdict(field, &change.path, Weight::Whole);
                    let values = change.values.map(|value| value.map_or(Value::Absent, Value::Json));
                    let mut difference = changed(field, &change.path, values);
                    if change.is_moved {
                        difference.kind = DifferenceKind::Moved;
                    }
                    self.add((&mut *found.0, &mut *found.1), verdict, difference);
                }
                if more > 0 {
                    self.add(found, verdict, changed(field, &[], sizes()));
                }
            }
            Contrast::Text(hunks, _more) => {
                let difference = Difference { hunks, ..changed(field, &[], sizes()) };
                self.add(found, verdict, difference);
            }
            Contrast::Bytes => self.add(found, verdict, changed(field, &[], sizes())),
        }
    }

    /// Compares what is offered: what only one of both offers, or else their order.
    fn codes(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), field: Field, verdict: Verdict, lists: [&[u16]; 2]) {
        let [left, right] = lists;
        let only = [(left, right), (right, left)].map(|(own, other)| {
            let only: Box<[u16]> = own.iter().filter(|code| !other.contains(code)).copied().collect();
            if only.is_empty() { Value::Absent } else { Value::Codes(only) }
        });
        if only != [Value::Absent, Value::Absent] {
            return self.add(found, verdict, changed(field, &[], only));
        }
        let (order, verdict) = match field {
            Field::OfferedSuites => (Field::SuiteOrder, self.judge.verdict(Field::SuiteOrder, &[], Weight::Whole)),
            Field::OfferedGroups => (Field::GroupOrder, self.judge.verdict(Field::GroupOrder, &[], Weight::Whole)),
            field => (field, verdict),
        };
        self.add(found, verdict, changed(order, &[], lists.map(|list| Value::Codes(list.into()))));
    }

    /// Compares how targets are written that are the same in their parts: `/?x` and `/?x=`, escaped or not, with a host or without.
    fn target(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), items: [&Item; 2]) {
        let written = items.map(|item| item.text(Field::Target).or_else(|| item.text(Field::Path)));
        let [Some(left), Some(right)] = written else { return };
        let parts = items.map(|item| {
            let own = item.said().filter(|(field, ..)| matches!(field, Field::Path | Field::Query));
            own.collect::<Vec<_>>()
        });
        if left != right && parts[0] == parts[1] {
            let verdict = self.judge.verdict(Field::Target, &[], Weight::Whole);
            self.add(found, verdict, changed(Field::Target, &[], [left, right].map(|target| Value::Text(target.into()))));
        }
    }

    /// Compares the order of what has names of its own.
    fn order(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), of: Field, order: Field, items: [&Item; 2]) {
        let names = items.map(|item| {
            let own = item.aspects.iter().filter(|aspect| aspect.field == of);
            own.map(|aspect| aspect.name.to_ascii_lowercase().into()).collect::<Vec<Box<[u8]>>>()
        });
        let sorted = names.clone().map(|mut names| {
            names.sort_unstable();
            names
        });
        if names[0] == names[1] || sorted[0] != sorted[1] {
            return;
        }
        let verdict = self.judge.verdict(order, &[], Weight::Whole);
        self.add(found, verdict, changed(order, &[], names.map(Value::Texts)));
    }
}

/// A difference: what it is left and right.
pub(super) fn changed(field: Field, name: &[u8], values: [Value; 2]) -> Difference {
    let kind = match &values {
        [Value::Absent, _] => DifferenceKind::Added,
        [_, Value::Absent] => DifferenceKind::Removed,
        [_, _] => DifferenceKind::Changed,
    };
    Difference { kind, field, name: name.into(), values, hunks: Vec::new() }
}

/// What something is said to be where only one side said it.
pub(super) fn headline(item: &Item) -> (Field, Value) {
    let text = |field: Field| item.text(field).unwrap_or_default();
    match item.kind {
        ItemKind::Exchange => {
            let target = item.target();
            let said = match (text(Field::Method), &*target) {
                ([], []) => item.get(Field::Status).cloned().unwrap_or(Value::Absent),
                (method, target) => Value::Text([method, b" ", target].concat().into()),
            };
            (Field::Exchange, said)
        }
        ItemKind::Lookup => {
            let kind = item.aspects.iter().find_map(|aspect| match &aspect.value {
                Value::Code(kind) if aspect.field == Field::Lookup => Some(u64::from(*kind)),
                _other => None,
            });
            let kind = TYPES.iter().find(|(number, _)| Some(*number) == kind).map_or("", |(_, name)| *name);
            (Field::Lookup, Value::Text([text(Field::Lookup), b" ", kind.as_bytes()].concat().trim_ascii_end().into()))
        }
        ItemKind::Handshake => (Field::Handshake, Value::Text(text(Field::ServerName).into())),
        ItemKind::Line(_) => (Field::Line, Value::Text(text(Field::Line).into())),
        ItemKind::Stream => {
            let content = |field: Field| if let Some(Value::Content(content)) = item.get(field) { Some(size(content)) } else { None };
            match (content(Field::Sent), content(Field::Received)) {
                (Some(sent), _) => (Field::Sent, sent),
                (None, received) => (Field::Received, received.unwrap_or(Value::Absent)),
            }
        }
        ItemKind::Echo => (Field::EchoAnswered, item.get(Field::EchoAnswered).cloned().unwrap_or(Value::Absent)),
    }
}

/// Whether there is nothing to tell of two items: what is in them is the same, in the same order, and all of it is known.
fn is_the_same(left: &Item, right: &Item) -> bool {
    let is_known = |value: &Value| !matches!(value, Value::Content(content) if content.missing > 0);
    left.aspects.len() == right.aspects.len()
        && left
            .aspects
            .iter()
            .zip(&right.aspects)
            .all(|(left, right)| left.field == right.field && left.name == right.name && left.value == right.value && is_known(&left.value))
}

/// Whether two values are the same, as far as they last.
fn is_same(values: [&Value; 2], strict: bool) -> bool {
    if let ([Value::Line { said, lasting }, Value::Line { said: other_said, lasting: other_lasting }], false) = (values, strict) {
        return lasting.as_ref().unwrap_or(said) == other_lasting.as_ref().unwrap_or(other_said);
    }
    values[0] == values[1]
}

/// Whether two times, or two counts of what happens now and then, differ by no more than they do from one run to the next.
fn is_noise(values: &[Value; 2]) -> bool {
    match values {
        [Value::Duration(left), Value::Duration(right)] => {
            let (shorter, longer) = (*left.min(right), *left.max(right));
            longer.saturating_sub(shorter) <= NOISE || longer <= shorter.saturating_mul(TIMES)
        }
        [_, _] => false,
    }
}

/// An aspect with what it is found by: its field, its name, and how many of that name stand before it.
struct Keyed<'i> {
    aspect: &'i Aspect,
    name: Box<[u8]>,
    occurrence: usize,
}

impl Keyed<'_> {
    fn key(&self) -> (Field, &[u8], usize) {
        (self.aspect.field, &self.name, self.occurrence)
    }
}

fn sorted(item: &Item) -> Vec<Keyed<'_>> {
    let keyed = |aspect| Keyed { aspect, name: folded(aspect), occurrence: 0 };
    let mut sorted: Vec<Keyed<'_>> = item.aspects.iter().map(keyed).collect();
    sorted.sort_by(|left, right| (left.aspect.field, &left.name).cmp(&(right.aspect.field, &right.name)));
    let mut before: Option<(Field, Box<[u8]>, usize)> = None;
    for one in &mut sorted {
        one.occurrence = match &before {
            Some((field, name, occurrence)) if *field == one.aspect.field && *name == one.name => occurrence + 1,
            Some(_) | None => 0,
        };
        before = Some((one.aspect.field, one.name.clone(), one.occurrence));
    }
    sorted
}

/// Names of headers are the same in capitals; those of parameters and cookies are not.
fn folded(aspect: &Aspect) -> Box<[u8]> {
    let is_header = matches!(aspect.field, Field::RequestHeader | Field::ResponseHeader);
    if is_header { aspect.name.to_ascii_lowercase().into() } else { aspect.name.clone() }
}
