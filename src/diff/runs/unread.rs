//! What cannot be compared, as the capture does not hold it, or nothing here reads it.

use super::comparison::{Comparison, Difference};
use super::field::Field;
use super::item::{Comparing, changed, headline};
use super::run::{Item, ItemKind, Service, Value, Weight};
use super::verdict::Verdict;
use std::collections::BTreeMap;

impl Comparing<'_> {
    /// Counts that something of this field is not compared.
    pub(super) fn count_unread(&mut self, field: Field) {
        *self.unread.entry(field).or_default() += 1;
    }

    /// Something of this field differs as far as the captures tell, and one of them does not hold all of it.
    pub(super) fn unread(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), field: Field, values: [Value; 2]) {
        match self.judge.verdict(Field::Unread, &[], Weight::Whole) {
            Verdict::Counts => found.0.push(changed(Field::Unread, field.id().as_bytes(), values)),
            // Heads are counted once each.
            Verdict::Told | Verdict::Apart if matches!(field, Field::RequestHeader | Field::ResponseHeader) => {}
            Verdict::Told | Verdict::Apart => self.count_unread(field),
            Verdict::Ignored => {}
        }
    }

    /// Tells that only one of the captures has the request, and counts heads that are not whole.
    pub(super) fn lacking(&mut self, found: (&mut Vec<Difference>, &mut Vec<Difference>), items: [&Item; 2]) {
        for (part, field) in [Field::RequestHeader, Field::ResponseHeader].into_iter().enumerate() {
            // That there is no head at all is told as that.
            let is_there = |item: &Item| if part == 0 { is_asked(item) } else { item.get(Field::Status).is_some() };
            if items.iter().any(|item| item.lacks.get(part) == Some(&true) && is_there(item)) {
                self.count_unread(field);
            }
        }
        if !has_lone_request(items) {
            return;
        }
        let values = items.map(|item| if is_asked(item) { headline(item).1 } else { Value::Absent });
        if items.iter().any(|item| !is_asked(item) && item.lacks[0]) {
            return self.unread(found, Field::Asked, values);
        }
        let verdict = self.judge.verdict(Field::Asked, &[], Weight::Whole);
        self.add(found, verdict, changed(Field::Asked, &[], values));
    }
}

fn is_asked(item: &Item) -> bool {
    item.get(Field::Method).is_some()
}

/// Whether only one of two exchanges has a request.
fn has_lone_request(items: [&Item; 2]) -> bool {
    items.iter().all(|item| item.kind == ItemKind::Exchange) && is_asked(items[0]) != is_asked(items[1])
}

/// Whether a field is one of a request that only one of both has.
pub(super) fn is_of_lone_request(field: Field, items: [&Item; 2]) -> bool {
    (Field::Method..=Field::Answered).contains(&field) && has_lone_request(items)
}

/// What of two exchanges a field belongs to, where it differs because a capture does not hold all of that.
pub(super) fn hidden(field: Field, values: [&Value; 2], items: [&Item; 2]) -> Option<Field> {
    let lacks = |part: usize| items.iter().any(|item| item.lacks.get(part) == Some(&true));
    let is_absent = values.iter().any(|value| matches!(value, Value::Absent));
    // The last header before a hole may be cut itself.
    let is_cut = match values {
        [Value::Text(left), Value::Text(right)] => left.starts_with(right) || right.starts_with(left),
        [_, _] => is_absent,
    };
    let is_body = matches!(field, Field::RequestBody | Field::Form | Field::ResponseBody);
    let is_doubtful = if is_body { is_absent } else { is_cut };
    if (Field::Method..Field::Answered).contains(&field) && lacks(0) && is_doubtful {
        return Some(if is_body { Field::RequestBody } else { Field::RequestHeader });
    }
    if field == Field::Answered && items.iter().any(|item| item.lacks[1] && item.get(field) == Some(&Value::Flag(false))) {
        return Some(Field::Answered);
    }
    let is_of_answer = (Field::Status..=Field::ResponseBody).contains(&field);
    (is_of_answer && lacks(1) && is_doubtful).then_some(if is_body { Field::ResponseBody } else { Field::ResponseHeader })
}

impl Comparison<'_> {
    /// In what something was said that is not read, and in how many conversations left and right.
    #[must_use]
    pub fn unread_services(&self) -> BTreeMap<Service, [u64; 2]> {
        let mut services: BTreeMap<Service, [u64; 2]> = BTreeMap::new();
        for (side, run) in self.runs.iter().enumerate() {
            for talk in run.talks.iter().filter(|talk| talk.is_unread) {
                if let Some(count) = services.entry(talk.service).or_default().get_mut(side) {
                    *count += 1;
                }
            }
        }
        services
    }

    /// Whether all that the captures hold is compared.
    #[must_use]
    pub fn compares_all(&self) -> bool {
        let has_unread = self.runs.iter().any(|run| run.talks.iter().any(|talk| talk.is_unread));
        self.unread.is_empty() && !has_unread && self.runs[0].outside == self.runs[1].outside
    }
}
