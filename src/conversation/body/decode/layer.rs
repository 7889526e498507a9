//! One coding of several: what it says it is, what it is, and how much it gives.

use super::brotli::Brotli;
use super::coding::{Coding, Mislabelled, Stop, Why};
use super::deflate::{Deflate, Gzip};
use super::engine::{Engine, Halt, Input};
use super::zstd::Zstd;
use super::{Budget, feed};
use crate::conversation::body::sniff;
use crate::limits::Limits;

/// How many bytes tell what the bytes are.
const HEAD: usize = 4;
/// How many of them at a time, so that they cannot give much.
const DOUBTED_STEP: usize = 1 << 10;

/// What decodes it.
enum Decoding {
    /// Nothing yet: too few bytes to tell.
    Unknown(Vec<u8>),
    /// It is not coded.
    Plain,
    Engine(Box<dyn Engine>),
    /// The label may be wrong, and only decoding tells.
    Doubted {
        engine: Box<dyn Engine>,
        coded: Vec<u8>,
        decoded: Vec<u8>,
    },
}

pub(super) struct Layer {
    label: Coding,
    /// What it was found to be, where that is something else.
    found: Option<Option<Coding>>,
    decoding: Decoding,
    room: Vec<u8>,
    coded: u64,
    decoded: u64,
}

impl Layer {
    pub(super) fn new(label: Coding) -> Self {
        Self { label, found: None, decoding: Decoding::Unknown(Vec::new()), room: Vec::new(), coded: 0, decoded: 0 }
    }

    pub(super) fn mislabelled(&self) -> Option<Mislabelled> {
        self.found.map(|found| Mislabelled { label: self.label, found })
    }

    /// Where it stands now.
    pub(super) fn stop(&self, depth: usize, why: Why) -> Stop {
        let coding = self.found.flatten().unwrap_or(self.label);
        Stop { coding, layer: depth, coded: self.coded, decoded: self.decoded, why }
    }

    pub(super) fn push(
        &mut self,
        inner: &mut [Self],
        depth: usize,
        bytes: &[u8],
        budget: &mut Budget,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Stop> {
        let Decoding::Unknown(head) = &mut self.decoding else {
            return self.decode(inner, depth, bytes, budget, out);
        };
        if head.is_empty() && bytes.len() >= HEAD {
            self.begin(bytes);
            return self.decode(inner, depth, bytes, budget, out);
        }
        head.extend_from_slice(bytes);
        if head.len() < HEAD { Ok(()) } else { self.begin_with_head(inner, depth, budget, out) }
    }

    pub(super) fn finish(&mut self, inner: &mut [Self], depth: usize, budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        if let Decoding::Unknown(head) = &self.decoding {
            if head.is_empty() {
                return Ok(());
            }
            self.begin_with_head(inner, depth, budget, out)?;
        }
        self.run(inner, depth, None, budget, out)?;
        match std::mem::replace(&mut self.decoding, Decoding::Plain) {
            Decoding::Doubted { decoded, .. } => self.give(inner, depth, &decoded, budget, out),
            Decoding::Unknown(_) | Decoding::Plain | Decoding::Engine(_) => Ok(()),
        }
    }

    /// Begins with the bytes that were held back to tell what they are.
    fn begin_with_head(&mut self, inner: &mut [Self], depth: usize, budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        let Decoding::Unknown(head) = &mut self.decoding else { return Ok(()) };
        let head = std::mem::take(head);
        self.begin(&head);
        self.decode(inner, depth, &head, budget, out)
    }

    /// Decides what decodes it, by how it begins.
    fn begin(&mut self, head: &[u8]) {
        if self.room.is_empty() {
            self.room = vec![0; Limits::DECODED_AT_ONCE];
        }
        let told = told_by(head, self.label);
        self.decoding = match (self.label, told) {
            (label, Some(found)) => {
                if label != found {
                    self.found = Some(Some(found));
                }
                Decoding::Engine(engine(found))
            }
            (Coding::Gzip | Coding::Zstd, None) => {
                self.found = Some(None);
                Decoding::Plain
            }
            (Coding::Deflate, None) => doubted(Box::new(Deflate::new(false))),
            (Coding::Brotli, None) => doubted(Box::new(Brotli::new())),
        };
    }

    fn decode(
        &mut self,
        inner: &mut [Self],
        depth: usize,
        bytes: &[u8],
        budget: &mut Budget,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Stop> {
        match &mut self.decoding {
            Decoding::Plain | Decoding::Unknown(_) => {
                self.coded = self.coded.saturating_add(bytes.len() as u64);
                self.give(inner, depth, bytes, budget, out)
            }
            Decoding::Engine(_) => self.run(inner, depth, Some(bytes), budget, out),
            Decoding::Doubted { .. } => {
                let (first, rest) = bytes.split_at_checked(DOUBTED_STEP).unwrap_or((bytes, &[]));
                self.decode_in_doubt(inner, depth, first, budget, out)?;
                if rest.is_empty() { Ok(()) } else { self.decode(inner, depth, rest, budget, out) }
            }
        }
    }

    fn decode_in_doubt(
        &mut self,
        inner: &mut [Self],
        depth: usize,
        bytes: &[u8],
        budget: &mut Budget,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Stop> {
        if let Decoding::Doubted { coded, .. } = &mut self.decoding {
            coded.extend_from_slice(bytes);
        }
        self.run(inner, depth, Some(bytes), budget, out)?;
        self.settle(inner, depth, budget, out)
    }

    /// Ends the doubt once enough was decoded.
    fn settle(&mut self, inner: &mut [Self], depth: usize, budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        match std::mem::replace(&mut self.decoding, Decoding::Plain) {
            Decoding::Doubted { engine, coded, decoded }
                if decoded.len() >= Limits::DOUBTED_DECODED || coded.len() >= Limits::DOUBTED_CODED =>
            {
                self.decoding = Decoding::Engine(engine);
                self.give(inner, depth, &decoded, budget, out)
            }
            other => {
                self.decoding = other;
                Ok(())
            }
        }
    }

    /// Hands on what was decoded, within the budget.
    fn give(
        &mut self,
        inner: &mut [Self],
        depth: usize,
        bytes: &[u8],
        budget: &mut Budget,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Stop> {
        let (label, coded) = (self.found.flatten().unwrap_or(self.label), self.coded);
        give(&mut self.decoded, (label, coded), inner, depth, bytes, budget, out)
    }

    /// Has the engine decode these bytes, or (`None`) say how it ends.
    fn run(
        &mut self,
        inner: &mut [Self],
        depth: usize,
        bytes: Option<&[u8]>,
        budget: &mut Budget,
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Stop> {
        let before = self.coded;
        let name = self.found.flatten().unwrap_or(self.label);
        let mut input = Input::new(bytes.unwrap_or_default());
        let given = &mut self.decoded;
        let halted = match &mut self.decoding {
            Decoding::Unknown(_) | Decoding::Plain => return Ok(()),
            Decoding::Engine(engine) => {
                let mut taker = |chunk: &[u8]| give(given, (name, before), inner, depth, chunk, budget, out);
                match bytes {
                    Some(_) => engine.push(&mut input, &mut self.room, &mut taker),
                    None => engine.finish(&mut self.room, &mut taker),
                }
            }
            Decoding::Doubted { engine, decoded, .. } => {
                let (most, why) = budget.allowed_for(before.saturating_add(input.rest.len() as u64));
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                let mut taker = |chunk: &[u8]| {
                    let room = most.saturating_sub(decoded.len());
                    decoded.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
                    let stop = Stop { coding: name, layer: depth, coded: before, decoded: most as u64, why };
                    if chunk.len() > room { Err(stop) } else { Ok(()) }
                };
                match bytes {
                    Some(_) => engine.push(&mut input, &mut self.room, &mut taker),
                    None => engine.finish(&mut self.room, &mut taker),
                }
            }
        };
        self.coded = self.coded.saturating_add(input.taken);
        match halted {
            Ok(()) => Ok(()),
            Err(Halt::Downstream(stop)) => {
                self.believe(inner, depth, budget, out)?;
                Err(if stop.layer == depth { Stop { coded: self.coded, ..stop } } else { stop })
            }
            Err(Halt::Own(why)) => self.fail(inner, depth, why, budget, out),
        }
    }

    /// Hands on what was decoded in doubt.
    fn believe(&mut self, inner: &mut [Self], depth: usize, budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        match &mut self.decoding {
            Decoding::Doubted { decoded, .. } => {
                let decoded = std::mem::take(decoded);
                self.give(inner, depth, &decoded, budget, out)
            }
            Decoding::Unknown(_) | Decoding::Plain | Decoding::Engine(_) => Ok(()),
        }
    }

    /// The engine went no further. Where its label is in doubt and the bytes are text, they were never coded.
    fn fail(&mut self, inner: &mut [Self], depth: usize, why: Why, budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        if let Decoding::Doubted { coded, .. } = &mut self.decoding {
            if let Some(found) = told_by(coded, Coding::Gzip) {
                let coded = std::mem::take(coded);
                self.found = Some(Some(found));
                self.decoding = Decoding::Engine(engine(found));
                self.coded = 0;
                return self.decode(inner, depth, &coded, budget, out);
            }
            // To be cut short is no sign of a wrong label, unless the bytes can be read as they are.
            if sniff::looks_like_text(coded) {
                let coded = std::mem::take(coded);
                self.found = Some(None);
                self.decoding = Decoding::Plain;
                self.coded = coded.len() as u64;
                return self.give(inner, depth, &coded, budget, out);
            }
        }
        self.believe(inner, depth, budget, out)?;
        Err(self.stop(depth, why))
    }
}

/// Hands bytes to the layers inside, no more than the budget allows.
fn give(
    given: &mut u64,
    (coding, coded): (Coding, u64),
    inner: &mut [Layer],
    depth: usize,
    bytes: &[u8],
    budget: &mut Budget,
    out: &mut dyn FnMut(&[u8]),
) -> Result<(), Stop> {
    let (allowed, why) = budget.allowed();
    let left = usize::try_from(allowed.saturating_sub(*given)).unwrap_or(usize::MAX);
    let some = bytes.get(..left).unwrap_or(bytes);
    *given = given.saturating_add(some.len() as u64);
    feed(inner, depth.saturating_add(1), some, budget, out)?;
    if some.len() < bytes.len() { Err(Stop { coding, layer: depth, coded, decoded: *given, why }) } else { Ok(()) }
}

/// Which coding the first bytes tell, where they tell one.
fn told_by(head: &[u8], label: Coding) -> Option<Coding> {
    // `x^` is as good a beginning of a text as of zlib.
    let zlib = Deflate::is_zlib(head) && (label == Coding::Deflate || head.get(1).is_some_and(|byte| !(b' '..=b'~').contains(byte)));
    if label == Coding::Brotli {
        return None;
    }
    if Gzip::begins(head) {
        Some(Coding::Gzip)
    } else if Zstd::begins(head) {
        Some(Coding::Zstd)
    } else {
        zlib.then_some(Coding::Deflate)
    }
}

/// The decoder of a coding that the first bytes tell.
fn engine(coding: Coding) -> Box<dyn Engine> {
    match coding {
        Coding::Gzip => Box::new(Gzip::new()),
        Coding::Deflate => Box::new(Deflate::new(true)),
        Coding::Brotli => Box::new(Brotli::new()),
        Coding::Zstd => Box::new(Zstd::new()),
    }
}

fn doubted(engine: Box<dyn Engine>) -> Decoding {
    Decoding::Doubted { engine, coded: Vec::new(), decoded: Vec::new() }
}
