//! HTTP/1 over streams (RFC 9110, RFC 9112): what was asked and what was answered, and what was odd about how it was said.
//!
//! An [`Exchange`] is a request with its answers. Whatever lies between and in messages and is not HTTP is kept in sight: a [`Flag`] says
//! what was odd, and no byte is passed over without being counted somewhere. A [`Sink`] takes the exchanges, and the bodies as they come.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod body;
mod chunked;
mod exchange;
mod flag;
mod framing;
mod head;
mod head_parser;
mod head_reader;
mod machine;
mod message_body;
mod message_head;
mod pairing;
mod sink;
mod start_line;
mod stray;
mod stream;
mod tunnel;
mod url;
mod waiting;
mod watch;

pub use body::{Body, Ending, Framing};
pub use exchange::{Exchange, ExchangeId, Message, Stray, Tunnel, TunnelKind};
pub use flag::{Flag, Flags};
pub use head::{Head, Header, Headers, RequestLine, StatusLine};
pub use machine::HttpConversation;
pub use sink::{MessageKind, Sink};
pub use url::{Host, Url, form_decoded};
pub use watch::HttpWatch;

#[cfg(test)]
mod tests;
