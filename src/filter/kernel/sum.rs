//! Numbers that a program computes from bytes, as the expression's arithmetic does.

use crate::filter::expression::{Operator, Relation};

/// How many numbers a program can put aside (`BPF_MEMWORDS`).
const MEMORY: usize = 16;

/// Two numbers and what is asked of them; no where one of them cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Related {
    pub(super) relation: Relation,
    pub(super) left: Sum,
    pub(super) right: Sum,
}

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sum {
    Constant(u32),
    /// The frame's length, of which the program does not see so many bytes.
    Length(u32),
    Load(Box<Fetch>),
    Negate(Box<Sum>),
    Binary(Operator, Box<Sum>, Box<Sum>),
}

/// Bytes at an offset that has to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fetch {
    /// Where the offset counts from.
    pub(super) base: u32,
    /// Whether it counts from behind the IPv4 header that begins there.
    pub(super) behind: bool,
    pub(super) offset: Sum,
    /// 1, 2 or 4.
    pub(super) size: u32,
    /// Where what is kept of the frame ends.
    pub(super) limit: u32,
}

impl Related {
    /// Whether a program has room to compute it.
    pub(super) fn fits(&self) -> bool {
        self.left.memory().max(self.right.memory()) < MEMORY
    }
}

impl Sum {
    /// How many numbers have to be put aside at once.
    fn memory(&self) -> usize {
        match self {
            Self::Constant(_) | Self::Length(_) => 0,
            Self::Load(fetch) => fetch.offset.memory(),
            Self::Negate(inner) => inner.memory(),
            Self::Binary(_, left, right) => 1 + left.memory().max(right.memory()),
        }
    }
}
