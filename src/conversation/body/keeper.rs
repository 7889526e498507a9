//! Bodies of HTTP messages, kept without their codings beside the exchanges that they belong to.

use super::decode::{Codings, Decoded, Decoder};
use crate::conversation::Side;
use crate::conversation::http1::{Exchange, ExchangeId, Message, MessageKind, Sink};
use crate::reassembly::{Limits, Origin, Piece};
use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What is wanted of bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Their decoded bytes.
    pub bytes: bool,
    /// The SHA-256 of their decoded bytes.
    pub sha256: bool,
}

/// A hole in kept bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// How many kept bytes stand before it.
    pub at: u64,
    /// How many bytes of the body as it was sent are missing.
    pub length: u64,
}

/// A body without its codings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptBody {
    /// Its decoded bytes, as far as they are kept. What stands on both sides of a [`Break`] was not next to each other.
    pub bytes: Vec<u8>,
    /// The holes in them.
    pub breaks: Vec<Break>,
    /// How many decoded bytes were not kept, for a limit.
    pub left_out: u64,
    /// The codings that were to be taken off.
    pub codings: Codings,
    /// What came of taking them off.
    pub decoded: Decoded,
    /// The SHA-256 of all decoded bytes that there are, where it is wanted.
    pub sha256: Option<[u8; 32]>,
}

impl KeptBody {
    /// Whether its decoded bytes are all there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.breaks.is_empty()
            && self.left_out == 0
            && self.decoded.stop.is_none()
            && self.codings.unknown.is_none()
            && !self.codings.too_many
    }
}

/// The bodies of an exchange; `None` where there is none, or none is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bodies {
    /// What was sent with the request.
    pub request: Option<KeptBody>,
    /// What was answered.
    pub response: Option<KeptBody>,
    /// Bytes that belong to neither.
    pub stray: Option<KeptBody>,
}

impl Bodies {
    /// Each that is there.
    fn all(&self) -> impl Iterator<Item = &KeptBody> {
        self.request.iter().chain(&self.response).chain(&self.stray)
    }

    /// About how much memory they take.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.all().map(|body| body.bytes.capacity().saturating_add(size_of::<KeptBody>())).sum()
    }
}

/// Takes exchanges with their bodies.
pub trait Taker {
    /// An exchange is over.
    fn exchange(&mut self, exchange: Exchange, bodies: Bodies);

    /// What goes through the tunnel that an exchange opened.
    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        let _ = (exchange, from, piece);
    }
}

/// A body that is not over.
struct Open {
    decoder: Decoder,
    hash: Option<Sha256>,
    body: KeptBody,
    most: usize,
}

impl Open {
    /// Has the decoder do something, and takes what comes out.
    fn decode(&mut self, wanted: Wanted, held: &mut usize, limits: &Limits, action: impl FnOnce(&mut Decoder, &mut dyn FnMut(&[u8]))) {
        let Self { decoder, hash, body, most } = self;
        action(decoder, &mut |bytes: &[u8]| {
            if let Some(hash) = hash {
                hash.update(bytes);
            }
            if wanted.bytes {
                let room = most.saturating_sub(body.bytes.len()).min(limits.http_bodies_bytes.saturating_sub(*held));
                // What was left out once is not followed by anything: it would not be where it stood.
                let room = if body.left_out > 0 { 0 } else { room };
                let kept = bytes.get(..room).unwrap_or(bytes);
                body.bytes.extend_from_slice(kept);
                *held = held.saturating_add(kept.len());
                body.left_out = body.left_out.saturating_add(bytes.len().saturating_sub(kept.len()) as u64);
            }
        });
    }
}

/// Keeps the bodies of exchanges until they are over, and hands both on together.
pub struct Keeper<T> {
    wanted: Wanted,
    limits: Limits,
    open: HashMap<(ExchangeId, MessageKind), Box<Open>, RandomState>,
    over: HashMap<ExchangeId, Bodies, RandomState>,
    /// Bytes that are kept in `open` and `over`.
    held: usize,
    /// Who gets them.
    pub taker: T,
}

impl<T: Taker> Keeper<T> {
    /// A keeper that hands on to `taker`.
    pub fn new(wanted: Wanted, limits: &Limits, taker: T) -> Self {
        Self { wanted, limits: *limits, open: HashMap::default(), over: HashMap::default(), held: 0, taker }
    }

    /// A body begins that has these codings: [`Sink::begin_body`] of who has no message at hand.
    pub fn begin(&mut self, exchange: ExchangeId, kind: MessageKind, codings: Codings) {
        let open = Open {
            decoder: Decoder::new(&codings.known, &self.limits),
            hash: self.wanted.sha256.then(Sha256::new),
            body: KeptBody { codings, ..KeptBody::default() },
            most: self.limits.http_body_bytes,
        };
        self.open.insert((exchange, kind), Box::new(open));
    }

    fn is_idle(&self) -> bool {
        self.wanted == Wanted::default()
    }
}

impl<T: Taker> Sink for Keeper<T> {
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        if self.is_idle() {
            return;
        }
        self.begin(exchange, kind, Codings::of(&message.head, self.limits.decoding_layers));
    }

    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], _origin: Origin) {
        if self.is_idle() {
            return;
        }
        if let Some(open) = self.open.get_mut(&(exchange, kind)) {
            open.decode(self.wanted, &mut self.held, &self.limits, |decoder, out| decoder.push(bytes, out));
        }
    }

    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, _offset: u64, length: u64) {
        if let Some(open) = self.open.get_mut(&(exchange, kind)) {
            open.decode(self.wanted, &mut self.held, &self.limits, |decoder, out| decoder.gap(out));
            if !open.decoder.is_coded() && open.body.left_out == 0 {
                let at = open.body.bytes.len() as u64;
                open.body.breaks.push(Break { at, length });
            }
        }
    }

    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, _message: &Message) {
        let Some(mut open) = self.open.remove(&(exchange, kind)) else { return };
        let mut decoded = Decoded::default();
        open.decode(self.wanted, &mut self.held, &self.limits, |decoder, out| decoded = decoder.finish(out));
        let body = KeptBody { decoded, sha256: open.hash.map(|hash| hash.finalize().into()), ..open.body };
        let bodies = self.over.entry(exchange).or_default();
        match kind {
            MessageKind::Request => bodies.request = Some(body),
            MessageKind::Response => bodies.response = Some(body),
        }
    }

    fn stray(&mut self, exchange: ExchangeId, _from: Side, bytes: &[u8], _origin: Origin) {
        if !self.wanted.bytes {
            return;
        }
        let body = self.over.entry(exchange).or_default().stray.get_or_insert_default();
        let room = self.limits.http_body_bytes.saturating_sub(body.bytes.len());
        let room = room.min(self.limits.http_bodies_bytes.saturating_sub(self.held));
        let room = if body.left_out > 0 || body.breaks.len() > Limits::BODY_GAPS { 0 } else { room };
        let kept = bytes.get(..room).unwrap_or(bytes);
        body.bytes.extend_from_slice(kept);
        self.held = self.held.saturating_add(kept.len());
        body.left_out = body.left_out.saturating_add(bytes.len().saturating_sub(kept.len()) as u64);
    }

    fn stray_gap(&mut self, exchange: ExchangeId, length: u64) {
        let Some(body) = self.over.get_mut(&exchange).and_then(|bodies| bodies.stray.as_mut()) else { return };
        if body.left_out == 0 && body.breaks.len() <= Limits::BODY_GAPS {
            body.breaks.push(Break { at: body.bytes.len() as u64, length });
        }
    }

    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        self.taker.tunnel(exchange, from, piece);
    }

    fn exchange(&mut self, exchange: Exchange) {
        let bodies = if self.is_idle() { None } else { self.over.remove(&exchange.id) }.unwrap_or_default();
        let given_up: usize = bodies.all().map(|body| body.bytes.len()).sum();
        self.held = self.held.saturating_sub(given_up);
        self.taker.exchange(exchange, bodies);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::http1::Head;
    use crate::conversation::{Endpoint, Side};
    use std::net::Ipv4Addr;

    /// What came out.
    #[derive(Default)]
    struct Seen(Vec<(ExchangeId, Bodies)>);

    impl Taker for Seen {
        fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
            self.0.push((exchange.id, bodies));
        }
    }

    fn id(index: u32) -> ExchangeId {
        ExchangeId { conversation: 7, index }
    }

    fn exchange(index: u32) -> Exchange {
        let end = Endpoint { address: Ipv4Addr::LOCALHOST.into(), port: 80 };
        Exchange {
            id: id(index),
            ends: [end; 2],
            client: Side::Originator,
            request: None,
            informational: Vec::new(),
            response: None,
            tunnel: None,
            stray: None,
            flags: Default::default(),
        }
    }

    fn message(head: &str) -> Message {
        let (head, _) = Head::parse(head.as_bytes().into(), 100);
        Message { head, ..Message::default() }
    }

    const BOTH: Wanted = Wanted { bytes: true, sha256: true };
    /// `printf foo | pigz -z`, without its two bytes of header and its checksum.
    const FOO: [u8; 5] = [0x4b, 0xcb, 0xcf, 0x07, 0x00];

    #[test]
    fn bodies_go_with_their_exchange_without_their_codings() {
        let mut keeper = Keeper::new(BOTH, &Limits::default(), Seen::default());
        let message = message("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n");
        keeper.begin_body(id(0), MessageKind::Response, &message);
        keeper.begin_body(id(1), MessageKind::Request, &Message::default());
        keeper.body(id(0), MessageKind::Response, &FOO[..2], Origin::default());
        keeper.body(id(1), MessageKind::Request, b"plain", Origin::default());
        keeper.body(id(0), MessageKind::Response, &FOO[2..], Origin::default());
        for (id, kind) in [(id(0), MessageKind::Response), (id(1), MessageKind::Request)] {
            keeper.end_body(id, kind, &message);
        }
        keeper.exchange(exchange(1));
        keeper.exchange(exchange(0));
        let [(first, plain), (_, coded)] = keeper.taker.0.as_slice() else { panic!("two exchanges") };
        assert_eq!((*first, plain.request.as_ref().map(|body| body.bytes.as_slice())), (id(1), Some(&b"plain"[..])));
        let coded = coded.response.as_ref().unwrap();
        assert_eq!((coded.bytes.as_slice(), coded.is_whole(), coded.decoded.coded_length), (&b"foo"[..], true, 5));
        // printf foo | sha256sum
        assert_eq!(coded.sha256.unwrap()[..4], [0x2c, 0x26, 0xb4, 0x6b]);
        assert_eq!((keeper.held, keeper.open.len(), keeper.over.len()), (0, 0, 0));
    }

    #[test]
    fn a_hole_stays_where_it_is() {
        let mut keeper = Keeper::new(BOTH, &Limits::default(), Seen::default());
        keeper.begin_body(id(0), MessageKind::Request, &Message::default());
        keeper.body(id(0), MessageKind::Request, b"one", Origin::default());
        keeper.body_gap(id(0), MessageKind::Request, 3, 100);
        keeper.body(id(0), MessageKind::Request, b"two", Origin::default());
        keeper.end_body(id(0), MessageKind::Request, &Message::default());
        keeper.exchange(exchange(0));
        let body = keeper.taker.0[0].1.request.as_ref().unwrap();
        assert_eq!((body.bytes.as_slice(), body.breaks.as_slice()), (&b"onetwo"[..], &[Break { at: 3, length: 100 }][..]));
        assert!(!body.is_whole());
    }

    #[test]
    fn limits_of_one_body_and_of_all() {
        let limits = Limits { http_body_bytes: 10, http_bodies_bytes: 15, ..Limits::default() };
        let mut keeper = Keeper::new(Wanted { bytes: true, sha256: false }, &limits, Seen::default());
        for index in 0..2 {
            keeper.begin_body(id(index), MessageKind::Request, &Message::default());
            for _ in 0..4 {
                keeper.body(id(index), MessageKind::Request, b"abc", Origin::default());
            }
            keeper.end_body(id(index), MessageKind::Request, &Message::default());
        }
        keeper.exchange(exchange(0));
        keeper.exchange(exchange(1));
        let kept = |place: usize| {
            let body = keeper.taker.0[place].1.request.as_ref().unwrap();
            (body.bytes.len(), body.left_out)
        };
        assert_eq!((kept(0), kept(1), keeper.held), ((10, 2), (5, 7), 0));
    }

    #[test]
    fn stray_bytes_are_kept_with_their_holes() {
        let limits = Limits { http_body_bytes: 8, ..Limits::default() };
        let mut keeper = Keeper::new(BOTH, &limits, Seen::default());
        keeper.stray(id(0), Side::Responder, b"one", Origin::default());
        keeper.stray_gap(id(0), 70);
        keeper.stray(id(0), Side::Responder, b"two", Origin::default());
        keeper.stray(id(0), Side::Responder, b"three", Origin::default());
        keeper.exchange(exchange(0));
        let stray = keeper.taker.0[0].1.stray.as_ref().unwrap();
        assert_eq!((stray.bytes.as_slice(), stray.breaks.as_slice()), (&b"onetwoth"[..], &[Break { at: 3, length: 70 }][..]));
        assert_eq!((stray.left_out, keeper.held, keeper.over.len()), (3, 0, 0));
    }

    #[test]
    fn where_nothing_is_wanted_nothing_is_kept() {
        let mut keeper = Keeper::new(Wanted::default(), &Limits::default(), Seen::default());
        keeper.begin_body(id(0), MessageKind::Request, &Message::default());
        keeper.body(id(0), MessageKind::Request, b"one", Origin::default());
        keeper.end_body(id(0), MessageKind::Request, &Message::default());
        keeper.exchange(exchange(0));
        assert_eq!(keeper.taker.0, [(id(0), Bodies::default())]);
    }
}
