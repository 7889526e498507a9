//! Two JSON documents beside each other, by their structure.

use super::align::blocks;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use serde_json::Value;
use std::hash::{BuildHasher, Hash, Hasher};

/// A part of a document that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonChange {
    /// Where it stands: a JSON pointer (RFC 6901), that of the left document where it has one.
    pub(super) path: Box<[u8]>,
    /// What it is left and right, as JSON; nothing where it is not there.
    pub(super) values: [Option<Box<[u8]>>; 2],
    /// Whether it is the same, at another place of its list.
    pub(super) is_moved: bool,
}

/// How two documents differ, and how many more changes there are than are kept.
pub(super) fn compare(left: &Value, right: &Value) -> (Vec<JsonChange>, u64) {
    let mut comparing = Comparing { changes: Vec::new(), more: 0, hasher: RandomState::default(), path: Vec::new() };
    comparing.values(left, right);
    (comparing.changes, comparing.more)
}

struct Comparing {
    changes: Vec<JsonChange>,
    more: u64,
    hasher: RandomState,
    path: Vec<u8>,
}

impl Comparing {
    fn values(&mut self, left: &Value, right: &Value) {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => {
                // Both are sorted by their keys.
                let mut keys: Vec<&str> = left.keys().chain(right.keys()).map(|key| key.as_str()).collect();
                keys.sort_unstable();
                keys.dedup();
                for key in keys {
                    self.at(key.as_bytes(), |own| match (left.get(key), right.get(key)) {
                        (Some(left), Some(right)) => own.values(left, right),
                        (left, right) => own.push([left, right], false),
                    });
                }
            }
            (Value::Array(left), Value::Array(right)) => self.arrays(left, right),
            (left, right) if left == right => {}
            (left, right) => self.push([Some(left), Some(right)], false),
        }
    }

    fn arrays(&mut self, left: &[Value], right: &[Value]) {
        let hashes = |values: &[Value]| -> Vec<u64> { values.iter().map(|value| self.hash(value)).collect() };
        let hashed = [hashes(left), hashes(right)];
        let written = [left, right].map(|values| serde_json::to_vec(values).unwrap_or_default());
        let found = blocks(&hashed[0], &hashed[1], written[0].cmp(&written[1]));
        // What is gone here and new there has moved: the first of each with the first.
        let mut gone: Vec<(u64, usize)> = Vec::new();
        let mut new: Vec<(u64, usize)> = Vec::new();
        let hash = |side: usize, place: usize| hashed.get(side).and_then(|hashes| hashes.get(place)).copied().unwrap_or_default();
        for block in &found {
            gone.extend(block.left.clone().map(|place| (hash(0, place), place)));
            new.extend(block.right.clone().map(|place| (hash(1, place), place)));
        }
        gone.sort_unstable();
        new.sort_unstable();
        let moved = super::join::equal(&gone, &new);
        let mut has_moved = [vec![false; left.len()], vec![false; right.len()]];
        for (from, to) in &moved {
            for (side, place) in [(0, from), (1, to)] {
                if let Some(has) = has_moved.get_mut(side).and_then(|sides| sides.get_mut(*place)) {
                    *has = true;
                }
            }
        }
        let stays = |side: usize, place: &usize| !has_moved.get(side).and_then(|sides| sides.get(*place)).copied().unwrap_or_default();
        for block in &found {
            let from: Vec<usize> = block.left.clone().filter(|place| stays(0, place)).collect();
            let to: Vec<usize> = block.right.clone().filter(|place| stays(1, place)).collect();
            for pair in 0..from.len().max(to.len()) {
                let (from, to) = (from.get(pair), to.get(pair));
                let index = from.or(to).copied().unwrap_or_default();
                self.at_index(index, |own| match (from.and_then(|place| left.get(*place)), to.and_then(|place| right.get(*place))) {
                    (Some(left), Some(right)) => own.values(left, right),
                    (left, right) => own.push([left, right], false),
                });
            }
        }
        let mut moved = moved;
        moved.sort_unstable();
        for (from, to) in moved {
            self.at_index(from, |own| own.push([left.get(from), right.get(to)], true));
        }
    }

    fn push(&mut self, values: [Option<&Value>; 2], is_moved: bool) {
        if self.changes.len() >= Limits::DOCUMENT_CHANGES {
            self.more += 1;
            return;
        }
        let values = values.map(|value| {
            let mut bytes = value.and_then(|value| serde_json::to_vec(value).ok())?;
            bytes.truncate(Limits::DOCUMENT_VALUE);
            Some(bytes.into())
        });
        self.changes.push(JsonChange { path: self.path.as_slice().into(), values, is_moved });
    }

    /// Does something one step further down.
    fn at(&mut self, key: &[u8], act: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        self.path.push(b'/');
        for byte in key {
            match byte {
                b'~' => self.path.extend_from_slice(b"~0"),
                b'/' => self.path.extend_from_slice(b"~1"),
                byte => self.path.push(*byte),
            }
        }
        act(self);
        self.path.truncate(before);
    }

    fn at_index(&mut self, index: usize, act: impl FnOnce(&mut Self)) {
        let digits = serde_json::to_vec(&index).unwrap_or_default();
        self.at(&digits, act);
    }

    fn hash(&self, value: &Value) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        feed(value, &mut hasher);
        hasher.finish()
    }
}

/// Feeds a value to a hasher: the same for equal ones.
fn feed(value: &Value, hasher: &mut impl Hasher) {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(value) => (1_u8, value).hash(hasher),
        Value::Number(number) => (2_u8, number).hash(hasher),
        Value::String(text) => (3_u8, text).hash(hasher),
        Value::Array(values) => {
            (4_u8, values.len()).hash(hasher);
            values.iter().for_each(|value| feed(value, hasher));
        }
        Value::Object(members) => {
            (5_u8, members.len()).hash(hasher);
            for (key, value) in members {
                key.hash(hasher);
                feed(value, hasher);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn told(left: Value, right: Value) -> Vec<String> {
        let (changes, more) = compare(&left, &right);
        assert_eq!(more, 0);
        let text = |bytes: &Option<Box<[u8]>>| bytes.as_ref().map_or("-".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned());
        let word = |change: &JsonChange| if change.is_moved { " moved" } else { "" };
        changes
            .iter()
            .map(|change| {
                let path = String::from_utf8_lossy(&change.path);
                format!("{path} {} {}{}", text(&change.values[0]), text(&change.values[1]), word(change))
            })
            .collect()
    }

    #[test]
    fn each_part_by_its_path() {
        let left = json!({"a": 1, "b": {"c": [1, 2, 3], "d/e": null}, "x": true});
        let right = json!({"a": 2, "b": {"c": [1, 3], "d/e": ""}, "y": true});
        assert_eq!(told(left, right), ["/a 1 2", "/b/c/1 2 -", "/b/d~1e null \"\"", "/x true -", "/y - true"]);
    }

    #[test]
    fn a_member_of_a_list_that_moved_or_changed_inside() {
        assert_eq!(told(json!([1, 2, 3, 4]), json!([4, 1, 2, 3])), ["/3 4 4 moved"]);
        assert_eq!(told(json!([{"id": 1, "v": 1}, {"id": 2}]), json!([{"id": 1, "v": 2}, {"id": 2}])), ["/0/v 1 2"]);
        assert!(told(json!({"a": [1, {"b": 2}]}), json!({"a": [1, {"b": 2}]})).is_empty());
    }

    #[test]
    fn where_several_ways_lead_to_the_same_left_and_right_take_the_same_one() {
        // The hashes are others each time.
        for _ in 0..50 {
            let [left, right] = [json!(["", true, {"a": true}]), json!([null, {"a": true}, ""])];
            let sorted = |left: &Value, right: &Value, turn: bool| {
                let (changes, _) = compare(left, right);
                let mut values: Vec<_> = changes
                    .into_iter()
                    .map(|change| {
                        let [a, b] = change.values;
                        if turn { [b, a] } else { [a, b] }
                    })
                    .collect();
                values.sort();
                values
            };
            assert_eq!(sorted(&left, &right, false), sorted(&right, &left, true));
        }
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_u8..4).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn equal_documents_have_no_change_and_others_mirror(left in documents(), right in documents()) {
            let (changes, _) = compare(&left, &right);
            prop_assert_eq!(changes.is_empty(), left == right);
            let (turned, _) = compare(&right, &left);
            let sorted = |mut values: Vec<[Option<Box<[u8]>>; 2]>| { values.sort(); values };
            let turned = turned.into_iter().map(|change| { let [a, b] = change.values; [b, a] }).collect();
            prop_assert_eq!(sorted(changes.into_iter().map(|change| change.values).collect()), sorted(turned));
        }
    }
}
