//! Parts by their offset. Most that wait for others wait alone: a tree for one of them would take half a kilobyte.

use super::Part;
use std::collections::BTreeMap;

/// Parts in the order of their offsets.
#[derive(Clone, Debug, Default)]
pub(super) enum Parts {
    #[default]
    None,
    One(u64, Part),
    Many(BTreeMap<u64, Part>),
}

impl Parts {
    pub(super) fn insert(&mut self, start: u64, part: Part) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(start, part),
            Self::One(other, first) => Self::Many(BTreeMap::from([(other, first), (start, part)])),
            Self::Many(mut parts) => {
                parts.insert(start, part);
                Self::Many(parts)
            }
        };
    }

    /// Takes out the first.
    pub(super) fn pop(&mut self) -> Option<(u64, Part)> {
        match self {
            Self::None => None,
            Self::One(..) => match std::mem::take(self) {
                Self::One(start, part) => Some((start, part)),
                Self::None | Self::Many(_) => None,
            },
            Self::Many(parts) => {
                let first = parts.pop_first();
                if parts.is_empty() {
                    *self = Self::None;
                }
                first
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(..) => 1,
            Self::Many(parts) => parts.len(),
        }
    }

    pub(super) fn first(&self) -> Option<(u64, &Part)> {
        self.iter().next()
    }

    pub(super) fn last(&self) -> Option<(u64, &Part)> {
        self.last_before(u64::MAX)
    }

    /// The one that begins at an offset.
    pub(super) fn at(&self, offset: u64) -> Option<&Part> {
        match self {
            Self::None => None,
            Self::One(start, part) => (*start == offset).then_some(part),
            Self::Many(parts) => parts.get(&offset),
        }
    }

    /// The last that begins before an offset.
    pub(super) fn last_before(&self, offset: u64) -> Option<(u64, &Part)> {
        match self {
            Self::None => None,
            Self::One(start, part) => (*start < offset).then_some((*start, part)),
            Self::Many(parts) => parts.range(..offset).next_back().map(|(start, part)| (*start, part)),
        }
    }

    /// Those that begin at `from` or behind it and before `to`.
    pub(super) fn between(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, &Part)> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(start, part) => (Some((*start, part)).filter(|(start, _)| (from..to).contains(start)), None),
            Self::Many(parts) => (None, (from < to).then(|| parts.range(from..to))),
        };
        one.into_iter().chain(many.into_iter().flatten().map(|(start, part)| (*start, part)))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &Part)> {
        self.between(0, u64::MAX)
    }
}
