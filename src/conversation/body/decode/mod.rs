//! Codings taken off as the bytes come: bytes in, decoded bytes out, nothing gathered that need not be.

mod brotli;
mod coding;
mod deflate;
mod engine;
mod layer;
mod zstd;

pub use coding::{Coding, Codings, Decoded, Mislabelled, Stop, Why};

use crate::reassembly::Limits;
use layer::Layer;

/// Takes the codings off a body.
///
/// ```
/// use wirelore::conversation::body::decode::{Coding, Decoder};
/// use wirelore::reassembly::Limits;
/// let mut decoder = Decoder::new(&[Coding::Deflate], &Limits::default());
/// let mut body = Vec::new();
/// let mut keep = |bytes: &[u8]| body.extend_from_slice(bytes);
/// for piece in [&[0x4b, 0xcb][..], &[0xcf, 0x07, 0x00]] {
///     decoder.push(piece, &mut keep);
/// }
/// let decoded = decoder.finish(&mut keep);
/// assert_eq!((body.as_slice(), decoded.stop), (&b"foo"[..], None));
/// ```
pub struct Decoder {
    layers: Vec<Layer>,
    budget: Budget,
    stop: Option<Stop>,
}

/// What decoding may give.
struct Budget {
    coded: u64,
    given: u64,
    most: u64,
    ratio: u64,
}

impl Budget {
    /// How many bytes a layer may have given by now, and which limit says so.
    fn allowed(&self) -> (u64, Why) {
        self.allowed_for(self.coded)
    }

    /// The same of so many coded bytes.
    fn allowed_for(&self, coded: u64) -> (u64, Why) {
        let by_ratio = coded.saturating_mul(self.ratio).max(Limits::DECODED_FREE);
        if by_ratio < self.most { (by_ratio, Why::Ratio) } else { (self.most, Why::Bytes) }
    }
}

impl Decoder {
    /// A decoder that takes off these codings, in this order; none at all hands the bytes through.
    #[must_use]
    pub fn new(codings: &[Coding], limits: &Limits) -> Self {
        let budget = Budget { coded: 0, given: 0, most: limits.decoded_bytes as u64, ratio: limits.decoding_ratio as u64 };
        Self { layers: codings.iter().map(|coding| Layer::new(*coding)).collect(), budget, stop: None }
    }

    /// Whether there is a coding to take off.
    #[must_use]
    pub fn is_coded(&self) -> bool {
        !self.layers.is_empty()
    }

    /// Where it stopped, if it did: nothing more comes out then.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// The next bytes of the body.
    pub fn push(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) {
        self.budget.coded = self.budget.coded.saturating_add(bytes.len() as u64);
        if self.stop.is_none() {
            self.stop = feed(&mut self.layers, 0, bytes, &mut self.budget, out).err();
            if let Some(stop) = self.stop {
                self.end(stop.layer.saturating_add(1), out);
            }
        }
    }

    /// Bytes are missing here. What is not coded goes on behind them; of what is, nothing more can be known.
    pub fn gap(&mut self, out: &mut dyn FnMut(&[u8])) {
        if !self.is_coded() || self.stop.is_some() {
            return;
        }
        self.end(0, out);
        self.stop = match self.stop {
            Some(stop) if stop.why == Why::Cut => Some(Stop { why: Why::Gap, ..stop }),
            Some(stop) => Some(stop),
            None => self.layers.first().map(|layer| layer.stop(0, Why::Gap)),
        };
    }

    /// No more bytes come.
    pub fn finish(&mut self, out: &mut dyn FnMut(&[u8])) -> Decoded {
        if self.stop.is_none() && self.budget.coded > 0 {
            self.end(0, out);
        }
        Decoded {
            coded_length: self.budget.coded,
            length: self.budget.given,
            stop: self.stop,
            mislabelled: self.layers.iter().filter_map(Layer::mislabelled).collect(),
        }
    }

    /// Has every layer from this one on give what it holds back, the outermost first; those inside of one that stops all the same.
    fn end(&mut self, first: usize, out: &mut dyn FnMut(&[u8])) {
        let mut rest = self.layers.get_mut(first..).unwrap_or_default();
        let mut depth = first;
        while let Some((layer, inner)) = rest.split_first_mut() {
            let ended = layer.finish(inner, depth, &mut self.budget, out);
            self.stop = self.stop.or(ended.err());
            rest = inner;
            depth = depth.saturating_add(1);
        }
    }
}

/// Gives bytes to the first of these layers, or out where there is none.
fn feed(layers: &mut [Layer], depth: usize, bytes: &[u8], budget: &mut Budget, out: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
    match layers.split_first_mut() {
        Some((layer, inner)) => layer.push(inner, depth, bytes, budget, out),
        None => {
            budget.given = budget.given.saturating_add(bytes.len() as u64);
            out(bytes);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
