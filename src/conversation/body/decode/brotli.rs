//! Brotli, RFC 7932.

use super::coding::Why;
use super::engine::{Engine, Halt, Input, Taker};
use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

/// The state of a decoder whose window is at most 16 MiB, as RFC 7932 section 9.1 has it.
type State = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

pub(super) struct Brotli {
    state: Box<State>,
    total: usize,
    ended: bool,
}

impl Brotli {
    pub(super) fn new() -> Self {
        let state = State::new_strict(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
        Self { state: Box::new(state), total: 0, ended: false }
    }
}

impl Engine for Brotli {
    fn push(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        while !self.ended {
            let (mut available_in, mut at) = (input.rest.len(), 0);
            let (mut available_out, mut gave) = (room.len(), 0);
            let result = BrotliDecompressStream(
                &mut available_in,
                &mut at,
                input.rest,
                &mut available_out,
                &mut gave,
                room,
                &mut self.total,
                &mut self.state,
            );
            input.take(at);
            if let Some(decoded) = room.get(..gave).filter(|decoded| !decoded.is_empty()) {
                out(decoded)?;
            }
            match result {
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => return Err(Why::Damaged.into()),
            }
        }
        if input.rest.is_empty() { Ok(()) } else { Err(Why::Followed.into()) }
    }

    fn finish(&mut self, _room: &mut [u8], _out: &mut Taker<'_>) -> Result<(), Halt> {
        if self.ended { Ok(()) } else { Err(Why::Cut.into()) }
    }
}
