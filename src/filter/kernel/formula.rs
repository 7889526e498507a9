//! Questions to the bytes that a program sees, and how much of an answer they are.

use super::ranges::Ranges;
use super::sum::Related;
use std::collections::HashMap;

/// Where a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// At an offset.
    At(u32),
    /// At an offset behind the IPv4 header that begins at the first.
    Behind(u32, u32),
    /// In what the kernel knows beside the bytes (`SKF_AD_` of linux/filter.h).
    Beside(u32),
    /// The frame's length.
    Length,
    /// The frame's length without that of the IPv4 header that begins there.
    LengthBehind(u32),
    /// The total length of the IPv4 packet that begins there, without that of its header.
    TotalBehind(u32),
}

/// A number of up to four bytes, or some of its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Load {
    pub(super) place: Place,
    /// 1, 2 or 4 bytes.
    pub(super) size: u32,
    pub(super) mask: u32,
}

impl Load {
    /// All bits of a number.
    pub(super) fn whole(place: Place, size: u32) -> Self {
        Self { place, size, mask: u32::MAX >> (32 - 8 * size) }
    }

    /// Some of its bits.
    pub(super) fn masked(self, mask: u32) -> Self {
        Self { mask: self.mask & mask, ..self }
    }
}

/// A number of one or several loads, the most significant first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Operand(pub(super) Vec<Load>);

impl Operand {
    /// So many bytes from a place on.
    pub(super) fn bytes(place: impl Fn(u32) -> Place, length: u32) -> Self {
        let mut loads = Vec::new();
        let mut at = 0;
        while at < length {
            let size = match length - at {
                4.. => 4,
                2 | 3 => 2,
                _ => 1,
            };
            loads.push(Load::whole(place(at), size));
            at += size;
        }
        Self(loads)
    }

    /// The greatest number that it can hold.
    pub(super) fn most(&self) -> u128 {
        let bits: u32 = self.0.iter().map(|load| load.size * 8).sum();
        u128::MAX >> (128 - bits.clamp(1, 128))
    }
}

impl From<Load> for Operand {
    fn from(load: Load) -> Self {
        Self(vec![load])
    }
}

/// A question to a program's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    Always(bool),
    /// Whether a number is among others.
    Test(Operand, Ranges),
    /// Whether two numbers that have to be computed stand in a relation, or the contrary.
    Related(Box<Related>, bool),
    /// In their order: an answer may keep a later question from being asked.
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl Formula {
    /// Whether a number is among others.
    pub(super) fn test(operand: impl Into<Operand>, ranges: &Ranges) -> Self {
        let operand = operand.into();
        let most = operand.most();
        let ranges = ranges.up_to(most);
        if ranges.is_empty() {
            Self::Always(false)
        } else if ranges.is_all(most) {
            Self::Always(true)
        } else {
            Self::Test(operand, ranges)
        }
    }

    /// The contrary.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Always(answer) => Self::Always(!answer),
            Self::Test(operand, ranges) => {
                let rest = ranges.complement(operand.most());
                Self::Test(operand, rest)
            }
            Self::Related(relation, answer) => Self::Related(relation, !answer),
            Self::All(list) => Self::Any(list.into_iter().map(Self::negated).collect()),
            Self::Any(list) => Self::All(list.into_iter().map(Self::negated).collect()),
        }
    }

    /// Whether one of them holds. Questions to the same number become one.
    pub(super) fn any(list: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        let mut tests: HashMap<Operand, (usize, Vec<(u128, u128)>)> = HashMap::new();
        let mut rest: Vec<_> = vec![list.into_iter().collect::<Vec<_>>().into_iter()];
        while let Some(level) = rest.last_mut() {
            match level.next() {
                None => {
                    rest.pop();
                }
                Some(Self::Always(false)) => {}
                Some(Self::Always(true)) => return Self::Always(true),
                Some(Self::Any(inner)) => rest.push(inner.into_iter()),
                Some(Self::Test(operand, ranges)) => {
                    let (_, gathered) = tests.entry(operand).or_insert_with(|| {
                        kept.push(Self::Always(false));
                        (kept.len() - 1, Vec::new())
                    });
                    gathered.extend(ranges.iter());
                }
                Some(other @ (Self::Related(..) | Self::All(_))) => kept.push(other),
            }
        }
        for (operand, (place, gathered)) in tests {
            if let Some(slot) = kept.get_mut(place) {
                *slot = Self::test(operand, &Ranges::of(gathered));
            }
        }
        if kept.contains(&Self::Always(true)) {
            return Self::Always(true);
        }
        match kept.len() {
            0 => Self::Always(false),
            1 => kept.remove(0),
            _ => Self::Any(kept),
        }
    }

    /// Whether all of them hold.
    pub(super) fn all(list: impl IntoIterator<Item = Self>) -> Self {
        Self::any(list.into_iter().map(Self::negated)).negated()
    }
}

/// What is known of an answer: `must` implies it, and it implies `may`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) may: Formula,
    pub(super) must: Formula,
}

impl Bounds {
    /// Nothing.
    pub(super) const UNKNOWN: Self = Self { may: Formula::Always(true), must: Formula::Always(false) };

    /// Everything.
    pub(super) fn exactly(formula: Formula) -> Self {
        Self { may: formula.clone(), must: formula }
    }

    /// Always the same.
    pub(super) fn always(answer: bool) -> Self {
        Self::exactly(Formula::Always(answer))
    }

    /// That it is no unless this holds.
    pub(super) fn at_most(may: Formula) -> Self {
        Self { may, must: Formula::Always(false) }
    }

    /// The contrary.
    pub(super) fn negated(self) -> Self {
        Self { may: self.must.negated(), must: self.may.negated() }
    }

    /// Whether one of them is yes.
    pub(super) fn any(list: impl IntoIterator<Item = Self>) -> Self {
        let (may, must): (Vec<_>, Vec<_>) = list.into_iter().map(|bounds| (bounds.may, bounds.must)).unzip();
        Self { may: Formula::any(may), must: Formula::any(must) }
    }

    /// Whether all of them are yes.
    pub(super) fn all(list: impl IntoIterator<Item = Self>) -> Self {
        let (may, must): (Vec<_>, Vec<_>) = list.into_iter().map(|bounds| (bounds.may, bounds.must)).unzip();
        Self { may: Formula::all(may), must: Formula::all(must) }
    }

    /// Whether nothing is left open.
    pub(super) fn is_exact(&self) -> bool {
        self.may == self.must
    }
}
