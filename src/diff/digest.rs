//! Hashes of bytes that can be put together: what two pieces hash to tells what they hash to one behind the other.
//!
//! The bytes are the coefficients of a polynomial over the integers modulo the prime 2^61 - 1, and the hash is its value at a point that
//! nobody outside knows (Carter and Wegman; Karp and Rabin). Segments that a network card cut otherwise are compared by it without being
//! kept: two different texts of n bytes hash to the same with a probability of n / 2^61, whatever their author intended.

use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;
use std::hash::{BuildHasher, Hasher, RandomState};

/// 2^61 - 1, a prime.
const PRIME: u64 = (1 << 61) - 1;
/// How many bytes are taken at once.
const BLOCK: usize = 64;
/// The powers of the point are kept in four pieces, the lowest first, which count from -32,768 to 32,767: bytes times pieces are added up
/// in 32 bits, which a processor does for several at once.
const PIECE_BITS: u32 = 16;
const PIECES: usize = 4;

/// What some bytes hash to, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    /// The value of their polynomial.
    pub value: u64,
    /// How many bytes.
    pub length: u64,
}

/// Hashes bytes. Digests of one and the same digester can be compared; it is cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Digester {
    /// The point to its powers, from 0.
    powers: [u64; BLOCK + 1],
    /// The pieces of those below the last, the highest power first.
    pieces: [[i16; BLOCK]; PIECES],
}

impl Default for Digester {
    fn default() -> Self {
        Self::new()
    }
}

impl Digester {
    /// A digester with a point of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::at(RandomState::new().hash_one(PRIME))
    }

    fn at(number: u64) -> Self {
        let point = number % (PRIME - 512) + 256;
        let (mut powers, mut pieces) = ([1; BLOCK + 1], [[0; BLOCK]; PIECES]);
        for place in 1..=BLOCK {
            powers[place] = product(powers[place - 1], point);
        }
        for (place, power) in powers.iter().rev().skip(1).enumerate() {
            let mut rest = power.cast_signed();
            for piece in &mut pieces {
                piece[place] = rest as i16;
                rest = (rest - i64::from(piece[place])) >> PIECE_BITS;
            }
        }
        Self { powers, pieces }
    }

    /// The point that polynomials are evaluated at.
    fn point(&self) -> u64 {
        self.powers[1]
    }

    /// What bytes hash to.
    #[must_use]
    pub fn of(&self, bytes: &[u8]) -> Digest {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut value = 0;
        for block in blocks {
            value = self.behind(value, BLOCK, block);
        }
        if !rest.is_empty() {
            // Zeros before the rest count for nothing.
            let mut block = [0; BLOCK];
            block[BLOCK - rest.len()..].copy_from_slice(rest);
            value = self.behind(value, rest.len(), &block);
        }
        Digest { value, length: bytes.len() as u64 }
    }

    /// What bytes hash to that have the last `length` bytes of a block behind them; the bytes before those are 0.
    fn behind(&self, value: u64, length: usize, block: &[u8; BLOCK]) -> u64 {
        let bytes = block.map(i16::from);
        // 64 products of 8 and 16 bits are 30 bits. What the pieces give together is that of the powers, which is not negative.
        let mut sum = 0;
        for (piece, shift) in self.pieces.iter().zip((0..).step_by(PIECE_BITS as usize)) {
            // In eight lanes, as a processor adds them up.
            let mut lanes = [0_i32; 8];
            for (bytes, piece) in bytes.as_chunks::<8>().0.iter().zip(piece.as_chunks::<8>().0) {
                for ((lane, byte), piece) in lanes.iter_mut().zip(bytes).zip(piece) {
                    *lane += i32::from(*byte) * i32::from(*piece);
                }
            }
            sum += i128::from(lanes.iter().sum::<i32>()) << shift;
        }
        reduced(u128::from(value) * u128::from(self.powers[length]) + sum.cast_unsigned())
    }

    /// What bytes hash to that are compared as a whole: quicker, and nothing that [`Self::joined`] or [`Self::of`] give is the same.
    #[must_use]
    pub fn of_whole(&self, bytes: &[u8]) -> Digest {
        let mut hasher = SeedableRandomState::with_seed(self.point(), SharedSeed::global_random()).build_hasher();
        hasher.write(bytes);
        Digest { value: hasher.finish(), length: bytes.len() as u64 }
    }

    /// What parts hash to that are compared as a whole: nothing that the others give is the same, and no other parts.
    #[must_use]
    pub fn of_parts(&self, parts: &[&[u8]]) -> Digest {
        let mut hasher = SeedableRandomState::with_seed(self.point(), SharedSeed::global_random()).build_hasher();
        for part in parts {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
        Digest { value: hasher.finish(), length: parts.iter().map(|part| part.len() as u64).sum() }
    }

    /// What `first` with `second` behind it hashes to.
    #[must_use]
    pub fn joined(&self, first: Digest, second: Digest) -> Digest {
        let value = reduced(u128::from(first.value) * u128::from(self.power(second.length)) + u128::from(second.value));
        Digest { value, length: first.length + second.length }
    }

    /// The point to a power.
    fn power(&self, mut exponent: u64) -> u64 {
        let (mut power, mut square) = (1, self.point());
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = product(power, square);
            }
            square = product(square, square);
            exponent >>= 1;
        }
        power
    }
}

fn product(left: u64, right: u64) -> u64 {
    reduced(u128::from(left) * u128::from(right))
}

/// A number modulo the prime: 2^61 counts as 1.
fn reduced(number: u128) -> u64 {
    let prime = u128::from(PRIME);
    let folded = (number & prime) + (number >> 61);
    let folded = (folded & prime) + (folded >> 61);
    let small = u64::try_from(folded).unwrap_or(u64::MAX);
    if small >= PRIME { small - PRIME } else { small }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_digest_is_that_of_its_pieces_however_they_are_cut(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..200, number: u64) {
            let digester = Digester::at(number);
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(digester.joined(digester.of(first), digester.of(second)), digester.of(&bytes));
            let point = u128::from(digester.point());
            let naive = bytes.iter().fold(0_u128, |value, byte| (value * point + u128::from(*byte)) % u128::from(PRIME));
            prop_assert_eq!(u128::from(digester.of(&bytes).value), naive);
        }

        #[test]
        fn bytes_that_change_or_swap_hash_otherwise(mut bytes in prop::collection::vec(any::<u8>(), 2..200), at: prop::sample::Index, by in 1_u8.., number: u64) {
            let digester = Digester::at(number);
            let before = digester.of(&bytes);
            let at = at.index(bytes.len());
            bytes[at] = bytes[at].wrapping_add(by);
            prop_assert_ne!(digester.of(&bytes), before);
        }

        #[test]
        fn what_is_hashed_as_a_whole_hashes_alike_by_copies_of_one_digester(bytes in prop::collection::vec(any::<u8>(), 1..200), at: prop::sample::Index) {
            let digester = Digester::new();
            let copy = digester;
            let before = digester.of_whole(&bytes);
            prop_assert_eq!(copy.of_whole(&bytes), before);
            let mut other = bytes;
            let at = at.index(other.len());
            other[at] ^= 1;
            prop_assert_ne!(copy.of_whole(&other), before);
        }
    }

    #[test]
    fn zeros_count() {
        let digester = Digester::new();
        assert_ne!(digester.of(&[0]), digester.of(&[0, 0]));
        assert_eq!(digester.of(&[]), Digest::default());
    }
}
