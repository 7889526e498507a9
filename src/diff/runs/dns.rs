//! Questions of DNS, as what is compared of them.

use super::field::Field;
use super::run::{Item, ItemKind, Value, Weight};
use crate::conversation::dns::Lookup;

/// What is compared of a question and its answer.
pub(super) fn item(lookup: &Lookup) -> Item {
    let answer = lookup.answer.as_deref();
    let answered = answer.map(|answer| answer.origin);
    let first = lookup.question.or(answered).unwrap_or_default();
    let last = answered.map_or(first.frame, |answered| answered.frame.max(first.frame));
    let mut item = Item::new(ItemKind::Lookup, first, last);
    // Some write capitals at random, to be answered likewise.
    let name = lookup.name.to_ascii_lowercase();
    item.push(Field::Lookup, Value::Text(name.into()));
    item.push_named(Field::Lookup, b"type", &[], Weight::Whole);
    if let Some(kind) = item.aspects.last_mut() {
        kind.value = Value::Code(lookup.kind);
    }
    item.push(Field::LookupAnswered, Value::Flag(answer.is_some()));
    if lookup.asked_again > 0 {
        item.push(Field::AskedAgain, Value::Number(lookup.asked_again.into()));
    }
    let Some(answer) = answer else { return item };
    item.push(Field::ResponseCode, Value::Code(answer.code.into()));
    if !answer.addresses.is_empty() {
        let mut addresses = answer.addresses.clone();
        addresses.sort_unstable();
        addresses.dedup();
        item.push(Field::Address, Value::Addresses(addresses));
        item.push(Field::AddressOrder, Value::Addresses(answer.addresses.clone()));
    }
    if !answer.names.is_empty() {
        item.push(Field::Alias, Value::Texts(answer.names.clone()));
    }
    if answer.others > 0 {
        item.push(Field::Records, Value::Number(answer.others.into()));
    }
    // Which record is meant is no matter where they come in another order.
    let mut lifetimes = answer.lifetimes.clone();
    lifetimes.sort_unstable();
    lifetimes.into_iter().for_each(|seconds| item.push(Field::Lifetime, Value::Number(seconds.into())));
    if answer.truncated {
        item.push(Field::Truncated, Value::Flag(true));
    }
    if let Some(took) = lookup.took() {
        item.push(Field::LookupTime, Value::Duration(took));
    }
    item
}
