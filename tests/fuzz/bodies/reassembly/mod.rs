//! Reassembly, as a sequence of operations: the first byte says of what.

mod conversations;
mod fragments;
mod ranges;
mod stream;

use super::operations::Operations;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Operations(bytes);
    match input.byte() % 4 {
        0 => ranges::run(input),
        1 => stream::run(input),
        2 => fragments::run(input),
        _ => conversations::run(input),
    }
}
