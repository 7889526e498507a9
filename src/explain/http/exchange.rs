//! What one exchange shows by itself.

use super::HttpFacts;
use super::gate::Context;
use super::login::{credentials, without_passwords};
use crate::conversation::Side;
use crate::conversation::body::{Bodies, KeptBody};
use crate::conversation::http1::{Ending, Exchange, Flag, Framing, Message};
use crate::explain::Note;
use crate::reassembly::{End, Origin};

/// From here on it is worth saying that the server took its time, or the transfer: nanoseconds.
const LONG: i64 = 500_000_000;
/// From here on a client that goes has waited in vain for more: nanoseconds.
const PATIENCE: i64 = 1_000_000_000;
/// How many times the round trip is no matter of the network any more.
const ROUND_TRIPS: i64 = 10;

/// How many bytes a server may send before the first acknowledgement comes (RFC 6928 section 2): ten segments.
const AT_ONCE: u64 = 14_600;

/// The flags that say that two readers may disagree on where a message ends, or whom it is for.
const DISAGREEMENTS: [Flag; 13] = [
    Flag::LengthsDiffer,
    Flag::LengthInvalid,
    Flag::LengthOverflow,
    Flag::LengthWithTransferEncoding,
    Flag::TransferEncodingOdd,
    Flag::TransferEncodingInOldVersion,
    Flag::ChunkInvalid,
    Flag::ChunkOverflow,
    Flag::SpaceBeforeColon,
    Flag::FoldedFirst,
    Flag::BareCarriageReturn,
    Flag::UpgradeUnasked,
    Flag::Conflict,
];

/// Tells what an exchange shows.
pub(super) fn observe(exchange: &Exchange, bodies: &Bodies, context: &Context, mut say: impl FnMut(Note)) {
    if let Some(request) = &exchange.request {
        let seen = |facts: HttpFacts| Note::seen(facts, &[request.first.frame]);
        if let Some(credentials) = credentials(exchange, bodies).filter(|_| !context.is_local) {
            say(seen(HttpFacts::Credentials(credentials)));
        }
        if exchange.id.index > 0 {
            say(seen(HttpFacts::KeepAlive { round_trip: context.round_trip }));
        }
    }
    let mut flags = exchange.all_flags().iter().filter(|flag| DISAGREEMENTS.contains(flag)).peekable();
    if flags.peek().is_some() {
        let frames: Vec<u64> = exchange.messages().map(|message| message.first.frame).collect();
        say(Note::seen(HttpFacts::Ambiguous { flags: flags.collect() }, &frames));
    }
    if let Some(response) = &exchange.response {
        answered(exchange, response, bodies.response.as_ref(), context, &mut say);
    }
}

fn answered(exchange: &Exchange, response: &Message, body: Option<&KeptBody>, context: &Context, say: &mut impl FnMut(Note)) {
    let asked = exchange.request.as_ref().map(|request| request.first.frame);
    let frames: Vec<u64> = asked.into_iter().chain([response.first.frame]).collect();
    let seen = |facts: HttpFacts| Note::seen(facts, &frames);
    let alone = |facts: HttpFacts| Note::seen(facts, &[response.first.frame]);
    if let Some(status) = response.status() {
        if (500..600).contains(&status) {
            let target = without_passwords(exchange.request.as_ref().map(Message::target).unwrap_or_default()).into();
            say(seen(HttpFacts::ServerError { status, target }));
        } else {
            say(alone(HttpFacts::Status { status }));
        }
        if status == 304 && exchange.request.is_some() {
            say(seen(HttpFacts::NotModified { tag: response.head.get("etag").map(Into::into) }));
        }
    }
    if let Some(facts) = closing(exchange, response) {
        say(seen(facts));
    }
    if response.body.framing == Framing::Chunked && response.body.is_complete() {
        let (chunks, length) = (response.body.chunks, response.body.length);
        say(alone(HttpFacts::Chunked { chunks, length, added: response.body.transferred.saturating_sub(length) }));
    }
    if let Some(facts) = body.and_then(|body| compressed(response, body)) {
        say(alone(facts));
    }
    if let Some(age) = response.head.get("age").and_then(number).filter(|age| *age > 0) {
        say(alone(HttpFacts::FromCache { age }));
    }
    if let Some(seconds) = fresh_for(response) {
        say(alone(HttpFacts::FreshFor { seconds }));
    }
    if let Some(cookie) = response.head.get("set-cookie").filter(|_| !context.is_local) {
        let name = cookie.split(|byte| *byte == b'=').next().unwrap_or_default();
        say(alone(HttpFacts::Cookie { name: name.into() }));
    }
    // What the server sends again has not come, and the way is at fault, not who closes.
    let arrives = context.troubles.retransmitted[exchange.client.other().index()] == 0;
    let [client_gone, server_gone] = [exchange.client, exchange.client.other()].map(|side| context.finished[side.index()]);
    let is_left = client_gone.is_some_and(|client| server_gone.is_none_or(|server| client.frame < server.frame));
    let gone = client_gone.filter(|_| arrives);
    if let Some(facts) = cut(response, gone).filter(|_| arrives || !is_left) {
        let gone = gone.filter(|_| matches!(facts, HttpFacts::Incomplete { waited: Some(_), .. }));
        let mut frames: Vec<u64> = [response.first, response.last].into_iter().chain(gone).map(|origin| origin.frame).collect();
        frames.dedup();
        say(Note::seen(facts, &frames));
    }
    if let (Some(waited), Some(round_trip)) = (exchange.wait_time(), context.round_trip)
        && waited >= LONG
        && waited / ROUND_TRIPS >= round_trip
        && context.troubles.retransmitted == [0, 0]
    {
        say(Note::inferred(HttpFacts::SlowServer { waited, round_trip }, &frames));
    }
    if let Some(took) = exchange.receive_time().filter(|took| *took >= LONG) {
        let (client, server) = (exchange.client, exchange.client.other());
        // What went wrong with an earlier exchange is no reason here.
        let since = |now: [u32; 2], before: [u32; 2], side: Side| u64::from(now[side.index()].saturating_sub(before[side.index()]));
        let (now, before) = (context.troubles, context.before);
        let retransmitted = since(now.retransmitted, before.retransmitted, server);
        let zero_windows = since(now.zero_windows, before.zero_windows, client);
        if retransmitted + zero_windows > 0 {
            let facts = HttpFacts::SlowTransfer { took, length: response.body.length, retransmitted, zero_windows };
            say(Note::inferred(facts, &[response.first.frame, response.last.frame]));
        } else if let Some(round_trip) = context.round_trip.filter(|round_trip| took / ROUND_TRIPS >= *round_trip)
            && response.body.length <= AT_ONCE
            && response.body.is_complete()
            && now.retransmitted == [0, 0]
        {
            let facts = HttpFacts::SlowBody { took, length: response.body.length, round_trip };
            say(Note::inferred(facts, &[response.first.frame, response.last.frame]));
        }
    }
}

/// Who says that the connection ends with this exchange.
fn closing(exchange: &Exchange, response: &Message) -> Option<HttpFacts> {
    let has = |message: &Message, word: &[u8]| message.head.list("connection").any(|option| option.eq_ignore_ascii_case(word));
    let by_client = exchange.request.as_ref().is_some_and(|request| has(request, b"close"));
    if by_client || has(response, b"close") {
        return Some(HttpFacts::Close { by_client, by_version: false });
    }
    (response.head.version() == b"HTTP/1.0" && !has(response, b"keep-alive"))
        .then_some(HttpFacts::Close { by_client: false, by_version: true })
}

fn compressed(response: &Message, body: &KeptBody) -> Option<HttpFacts> {
    let [coding] = body.codings.known[..] else { return None };
    let whole =
        response.body.is_complete() && body.decoded.stop.is_none() && body.codings.unknown.is_none() && body.decoded.mislabelled.is_empty();
    let (sent, decoded) = (response.body.length, body.decoded.length);
    (whole && sent > 0 && decoded > 0).then_some(HttpFacts::Compressed { coding, sent, decoded })
}

/// For how many seconds an answer may be used without asking, where that is said.
fn fresh_for(response: &Message) -> Option<u64> {
    let is = |option: &[u8], word: &[u8]| option.eq_ignore_ascii_case(word);
    if response.head.list("cache-control").any(|option| is(option, b"no-store") || is(option, b"no-cache")) {
        return None;
    }
    let seconds = response.head.list("cache-control").find_map(|option| {
        let (name, value) = option.split_at_checked(8)?;
        if is(name, b"max-age=") { number(value) } else { None }
    });
    seconds.filter(|seconds| *seconds > 0)
}

/// A body whose sender stopped before its end; `gone` is the client's FIN. Where the capture lacks something nothing is said.
fn cut(response: &Message, gone: Option<Origin>) -> Option<HttpFacts> {
    let Ending::Stream(how) = response.body.ending else { return None };
    let gone = gone.filter(|gone| gone.frame > response.last.frame);
    let waited = gone.and_then(|gone| Some(gone.time?.since(response.last.time?)));
    let reset = match how {
        End::Finished => false,
        End::Reset => true,
        // The server may go on: it is said where the client waited for that in vain.
        End::Unseen if waited.is_some_and(|waited| waited >= PATIENCE) => false,
        End::Unseen => return None,
    };
    let is_endless = response.head.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with(b"text/event-stream"));
    if response.body.missing > 0 || is_endless {
        return None;
    }
    let announced = match response.body.framing {
        Framing::Length(length) => Some(length),
        // Without a length nobody knows whether more was to come soon: news are waited for like this.
        Framing::Chunked if how == End::Unseen => return None,
        Framing::Chunked => None,
        Framing::Close if reset => None,
        Framing::Close | Framing::None | Framing::Tunnel => return None,
    };
    Some(HttpFacts::Incomplete { announced, came: response.body.length, reset, waited: waited.filter(|_| !reset) })
}

fn number(value: &[u8]) -> Option<u64> {
    str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
}
