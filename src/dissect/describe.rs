//! The second speed of dissecting: a layer's fields, given when a renderer, a filter or a lesson asks.

use super::{Checksum, Dissection, Field, FieldSink, Layer, Network, Protocol, Span, Value};

/// One layer of a frame that was dissected, with everything around it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The frame's bytes.
    pub frame: &'a [u8],
    /// The frame's layers.
    pub dissection: &'a Dissection,
    /// Which of them.
    pub index: usize,
}

impl<'a> View<'a> {
    /// A view of the layer at `index`; `None` where there is none.
    #[must_use]
    pub fn new(frame: &'a [u8], dissection: &'a Dissection, index: usize) -> Option<Self> {
        (index < dissection.layers.len()).then_some(Self { frame, dissection, index })
    }

    /// The layer.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "which layer it is was chosen by whoever made the view, never by bytes")]
    pub fn layer(&self) -> &'a Layer {
        &self.dissection.layers[self.index]
    }

    /// The layer around it.
    #[must_use]
    pub fn parent(&self) -> Option<&'a Layer> {
        self.dissection.layers.get(self.index.checked_sub(1)?)
    }

    /// The layer in it.
    #[must_use]
    pub fn child(&self) -> Option<&'a Layer> {
        self.dissection.layers.get(self.index.saturating_add(1))
    }

    /// The packet it is, or travels in.
    #[must_use]
    pub fn network(&self) -> Option<&'a Network> {
        self.dissection.networks.get(usize::from(self.layer().network?))
    }

    /// Its bytes, header and payload, as far as they were captured.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        let layer = self.layer();
        self.frame.get(layer.start..layer.end).unwrap_or_default()
    }

    /// Its header's bytes.
    #[must_use]
    pub fn header(&self) -> &'a [u8] {
        let layer = self.layer();
        self.frame.get(layer.start..layer.payload_start()).unwrap_or_default()
    }

    /// How many bytes header and payload had on the wire.
    #[must_use]
    pub fn wire_length(&self) -> usize {
        let layer = self.layer();
        layer.wire_end.saturating_sub(layer.start)
    }

    /// What verifying the layer's checksum gives; `None` where its protocol has none.
    #[must_use]
    pub fn checksum(&self) -> Option<Checksum> {
        self.layer().protocol.verify.map(|verify| verify(self))
    }

    /// Gives the layer's fields to `sink`.
    pub fn describe(&self, sink: &mut dyn FieldSink) {
        let _ended_early = (self.layer().protocol.describe)(&mut Describe { view: *self, sink });
    }
}

/// Has `describe` describe bytes that stand in no frame: a message that was put together from several of them. Offsets count from its first
/// byte.
pub(super) fn describe_bytes(
    protocol: &'static Protocol,
    bytes: &[u8],
    sink: &mut dyn FieldSink,
    describe: impl FnOnce(&mut Describe<'_, '_>) -> Option<()>,
) {
    let end = bytes.len();
    let layer = Layer { protocol, start: 0, length: end, end, wire_end: end, quoted: false, network: None };
    let dissection = Dissection { layers: vec![layer], ..Dissection::default() };
    if let Some(view) = View::new(bytes, &dissection, 0) {
        let _ended_early = describe(&mut Describe { view, sink });
    }
}

/// What a protocol describes itself with: reads a value at an offset of the layer, gives it to the sink, and returns it, or `None` where
/// the bytes end before it. `?` after a call describes exactly as much as was captured.
pub struct Describe<'a, 's> {
    /// The layer.
    pub view: View<'a>,
    /// Who takes the fields.
    pub sink: &'s mut dyn FieldSink,
}

impl<'a> Describe<'a, '_> {
    fn span(&self, offset: usize, length: usize) -> Span {
        Span { start: self.view.layer().start.saturating_add(offset), length }
    }

    /// The layer's bytes from `offset`, `length` of them.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Option<&'a [u8]> {
        self.view.bytes().get(offset..offset.checked_add(length)?)
    }

    /// Reads a number without showing it.
    #[must_use]
    pub fn peek(&self, offset: usize, length: usize) -> Option<u64> {
        Some(self.slice(offset, length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Shows a value that was worked out or read already; `length` 0 where no bytes of it stand in the packet.
    pub fn value(&mut self, field: &'static Field, offset: usize, length: usize, value: Value<'_>) {
        let span = self.span(offset, length);
        self.sink.field(field, span, value);
    }

    /// Shows a big endian number of `length` bytes (at most 8).
    pub fn number(&mut self, field: &'static Field, offset: usize, length: usize) -> Option<u64> {
        let number = self.peek(offset, length)?;
        self.value(field, offset, length, Value::Number(number));
        Some(number)
    }

    /// Shows the bits of a big endian number of `length` bytes that `mask` selects, moved down to bit 0.
    pub fn bits(&mut self, field: &'static Field, offset: usize, length: usize, mask: u64) -> Option<u64> {
        let number = (self.peek(offset, length)? & mask) >> mask.trailing_zeros();
        self.value(field, offset, length, Value::Number(number));
        Some(number)
    }

    /// Shows whether a bit of a big endian number of `length` bytes is set.
    pub fn flag(&mut self, field: &'static Field, offset: usize, length: usize, mask: u64) -> Option<bool> {
        let set = self.peek(offset, length)? & mask != 0;
        self.value(field, offset, length, Value::Boolean(set));
        Some(set)
    }

    /// Shows a link address.
    pub fn mac(&mut self, field: &'static Field, offset: usize) -> Option<[u8; 6]> {
        let address = *self.slice(offset, 6)?.first_chunk()?;
        self.value(field, offset, 6, Value::Mac(address));
        Some(address)
    }

    /// Shows an IPv4 address.
    pub fn ipv4(&mut self, field: &'static Field, offset: usize) -> Option<[u8; 4]> {
        let address = *self.slice(offset, 4)?.first_chunk()?;
        self.value(field, offset, 4, Value::Ipv4(address));
        Some(address)
    }

    /// Shows an IPv6 address.
    pub fn ipv6(&mut self, field: &'static Field, offset: usize) -> Option<[u8; 16]> {
        let address = *self.slice(offset, 16)?.first_chunk()?;
        self.value(field, offset, 16, Value::Ipv6(address));
        Some(address)
    }

    /// Shows bytes that are meant to be characters.
    pub fn text(&mut self, field: &'static Field, offset: usize, length: usize) -> Option<&'a [u8]> {
        let text = self.slice(offset, length)?;
        self.value(field, offset, length, Value::Text(text));
        Some(text)
    }

    /// Shows bytes.
    pub fn bytes(&mut self, field: &'static Field, offset: usize, length: usize) -> Option<&'a [u8]> {
        let bytes = self.slice(offset, length)?;
        self.value(field, offset, length, Value::Bytes(bytes));
        Some(bytes)
    }

    /// Shows a checksum and what verifying it gave.
    pub fn checksum(&mut self, field: &'static Field, status: &'static Field, offset: usize) -> Option<()> {
        self.number(field, offset, 2)?;
        if let Some(checksum) = self.view.checksum() {
            self.value(status, offset, 0, Value::Status(checksum));
        }
        Some(())
    }

    /// Opens a heading over `length` bytes, as far as they were captured; every `open` needs its [`Describe::close`].
    pub fn open(&mut self, group: &'static Field, offset: usize, length: usize, value: Value<'_>) {
        let captured = self.view.bytes().len().saturating_sub(offset);
        let span = self.span(offset, length.min(captured));
        self.sink.open(group, span, value);
    }

    /// A heading over `length` bytes with what `inside` describes under it. It is closed however far `inside` gets.
    pub fn under(
        &mut self,
        group: &'static Field,
        offset: usize,
        length: usize,
        value: Value<'_>,
        inside: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.open(group, offset, length, value);
        let whole = inside(self);
        self.close();
        whole
    }

    /// Closes the last heading.
    pub fn close(&mut self) {
        self.sink.close();
    }
}
