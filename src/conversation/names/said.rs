//! What the client of a connection calls its server.

use crate::dissect::application::http;
use crate::dissect::{Field, FieldSink, Span, Value, View};

/// A record of TLS that carries a handshake.
const HANDSHAKE: u8 = 22;
/// The first message of a handshake.
const CLIENT_HELLO: u8 = 1;

/// A host as requests have it, without the port that may stand behind it.
pub(crate) fn without_port(host: &[u8]) -> &[u8] {
    let host = host.trim_ascii();
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host.iter().skip(colon + 1).all(u8::is_ascii_digit) => host.get(..colon).unwrap_or(host),
        _ => host,
    }
}

/// What a request or a hello says about the server that it goes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    host: Vec<u8>,
    /// Whether the server is asked for what others have: the host is none of its names.
    pub(super) asks_proxy: bool,
    /// Where a name must end at the latest: one that reaches the end of a segment may go on in the next.
    end: usize,
}

impl Head {
    /// Reads a layer of HTTP or TLS. Whether it is a request, or a hello of a client.
    pub(super) fn read(&mut self, view: View<'_>) -> bool {
        let layer = view.layer();
        // A name at the very end may go on in the next segment.
        let unsure = if layer.protocol.is(&http::PROTOCOL) {
            // Requests begin with a method; of answers nothing is wanted.
            (!view.bytes().starts_with(b"HTTP/")).then_some(1)
        } else if let &[HANDSHAKE, _, _, high, low, CLIENT_HELLO, ref rest @ ..] = view.bytes() {
            let whole = usize::from(u16::from_be_bytes([high, low])) <= rest.len() + 1;
            Some(usize::from(!whole))
        } else {
            None
        };
        let Some(unsure) = unsure else { return false };
        self.clear(layer.end.saturating_sub(unsure));
        view.describe(self);
        true
    }

    /// The name or address of the server, without its port; empty where it does not stand there.
    pub(super) fn host(&self) -> &[u8] {
        without_port(self.host.strip_suffix(b"\r").unwrap_or(&self.host))
    }

    fn clear(&mut self, end: usize) {
        self.host.clear();
        self.asks_proxy = false;
        self.end = end;
    }
}

impl FieldSink for Head {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        match (field.id, value) {
            ("http.host" | "tls.handshake.extensions_server_name", Value::Text(name))
                if self.host.is_empty() && span.start + span.length <= self.end =>
            {
                self.host.extend_from_slice(name);
            }
            ("http.request.method", Value::Text(method)) => self.asks_proxy |= method == b"CONNECT",
            // A whole URL is what a proxy is asked for (RFC 9112 section 3.2.2).
            ("http.request.uri", Value::Text(target)) => self.asks_proxy |= !target.starts_with(b"/") && target != b"*",
            _ => {}
        }
    }
}
