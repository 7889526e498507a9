//! Layers stand in their frame, and fields stand in it too.

use wirelore::dissect::{Dissection, Field, FieldSink, Span, Value, View};

/// Holds every layer, and every field of every layer, to the bytes that there are.
pub(super) fn check(data: &[u8], dissection: &Dissection) {
    let mut end = 0;
    for layer in &dissection.layers {
        assert!(layer.start <= layer.payload_start() && layer.payload_start() <= layer.end, "a layer's header stands in it");
        assert!(layer.end <= data.len() && layer.end <= layer.wire_end, "a layer stands in its frame");
        assert!(layer.start >= end, "a layer begins in the header before it");
        end = layer.start;
    }
    for index in 0..dissection.layers.len() {
        let view = View::new(data, dissection, index).expect("a layer");
        view.describe(&mut Inside(data.len()));
        let _status = view.checksum();
    }
}

struct Inside(usize);

impl Inside {
    fn hold(&self, field: &'static Field, span: Span) {
        let end = span.start.checked_add(span.length);
        assert!(end.is_some_and(|end| end <= self.0), "{} stands at {span:?} of {} bytes", field.id, self.0);
    }
}

impl FieldSink for Inside {
    fn field(&mut self, field: &'static Field, span: Span, _: Value<'_>) {
        self.hold(field, span);
    }

    fn open(&mut self, group: &'static Field, span: Span, _: Value<'_>) {
        self.hold(group, span);
    }
}
