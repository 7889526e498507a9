//! Hearing conversations for TLS.

use super::handshake::{self, Offer};
use super::records::{Event, Reading, Records};
use super::summary::{Alert, Resumption, TlsSummary};
use crate::conversation::{Conversation, Kind, Listener, Side};
use crate::dissect::application::tls::HANDSHAKE;
use crate::reassembly::{Limits, Origin, Piece};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The message with certificates.
const CERTIFICATE: u8 = 11;

/// Hears conversations, and reads the handshakes of TLS in them: from the beginning of a conversation, or behind what was said in clear
/// before (STARTTLS, a proxy's CONNECT).
#[derive(Debug)]
pub struct TlsWatch {
    open: HashMap<u64, Box<Connection>, RandomState>,
    done: HashMap<u64, Box<TlsSummary>, RandomState>,
    message_limit: usize,
    buffered: usize,
    buffered_limit: usize,
    bytes: usize,
    bytes_limit: usize,
    left_out: u64,
}

/// A connection that is heard.
#[derive(Debug)]
struct Connection {
    summary: TlsSummary,
    sides: [Records; 2],
    offer: Offer,
    certificate_seen: bool,
    /// Whether a hello was read: until then it may be something else.
    sure: bool,
}

impl Default for TlsWatch {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl TlsWatch {
    /// A watch that has heard nothing.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            open: HashMap::default(),
            done: HashMap::default(),
            message_limit: limits.handshake_message,
            buffered: 0,
            buffered_limit: limits.handshake_bytes,
            bytes: 0,
            bytes_limit: limits.handshake_summaries,
            left_out: 0,
        }
    }

    /// What is known of TLS in a conversation; `None` where it has none.
    #[must_use]
    pub fn summary(&self, conversation: u64) -> Option<&TlsSummary> {
        let open = self.open.get(&conversation).filter(|connection| connection.sure).map(|connection| &connection.summary);
        open.or_else(|| self.done.get(&conversation).map(|summary| &**summary))
    }

    /// How many connections were left out because the limit was reached.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How many bytes of messages wait for their rest.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.buffered
    }

    fn data(&mut self, conversation: u64, from: Side, bytes: &[u8], origin: Origin) {
        let open = match self.open.get_mut(&conversation) {
            Some(open) => open,
            None if may_begin(bytes) && !self.done.contains_key(&conversation) => {
                if self.bytes > self.bytes_limit {
                    self.left_out += 1;
                    return;
                }
                self.bytes += size_of::<Connection>();
                self.open.entry(conversation).or_insert_with(|| Box::new(Connection::new(conversation)))
            }
            None => return,
        };
        let before = open.buffered();
        // Where all together hold too much no message is begun any more.
        let limit = if self.buffered > self.buffered_limit { 0 } else { self.message_limit };
        open.data(from, bytes, origin, limit);
        self.buffered = self.buffered.saturating_sub(before) + open.buffered();
        if open.is_over() {
            self.close(conversation);
        }
    }

    /// Keeps what was learnt of a connection, and nothing else.
    fn close(&mut self, conversation: u64) {
        let Some(connection) = self.open.remove(&conversation) else { return };
        self.buffered = self.buffered.saturating_sub(connection.buffered());
        self.bytes = self.bytes.saturating_sub(size_of::<Connection>());
        if let Some(summary) = connection.finish() {
            self.bytes += summary.cost();
            self.done.insert(conversation, Box::new(summary));
        }
    }
}

/// Whether bytes may be the beginning of a hello in a record.
fn may_begin(bytes: &[u8]) -> bool {
    match *bytes {
        [HANDSHAKE] | [HANDSHAKE, 3] | [HANDSHAKE, 3, 0..=4] | [HANDSHAKE, 3, 0..=4, _] | [HANDSHAKE, 3, 0..=4, _, _] => true,
        [HANDSHAKE, 3, 0..=4, _, _, kind, ..] => matches!(kind, 1 | 2),
        _ => false,
    }
}

impl Connection {
    fn new(conversation: u64) -> Self {
        Self {
            summary: TlsSummary::new(conversation, Side::Originator),
            sides: Default::default(),
            offer: Offer::default(),
            certificate_seen: false,
            sure: false,
        }
    }

    fn data(&mut self, from: Side, bytes: &[u8], origin: Origin, limit: usize) {
        let Self { summary, sides, offer, certificate_seen, sure } = self;
        let [originator, responder] = sides;
        let records = if from == Side::Originator { originator } else { responder };
        let mut retried = false;
        records.data(bytes, origin, limit, &mut |records, event| match event {
            Event::Message(message, origin) => {
                *sure = true;
                *certificate_seen |= message.first() == Some(&CERTIFICATE) && from != summary.client;
                handshake::read(summary, offer, from, message, origin);
                retried |= summary.retried;
                records.ignores_change |= summary.retried;
            }
            Event::Passed(kind) => {
                *certificate_seen |= kind == CERTIFICATE && from != summary.client;
                // A hello that is too long to be read is one all the same.
                *sure |= matches!(kind, 1 | 2) && records.cut;
            }
            Event::Alert(level, description, origin) => {
                if summary.alerts.len() < Limits::ALERTS {
                    summary.alerts.push(Alert { from, level, description, origin });
                }
            }
            Event::Encrypts => {}
        });
        // The client's second hello stands behind its change of ciphers.
        for side in sides.iter_mut().filter(|_| retried) {
            side.ignores_change = true;
        }
    }

    /// How many bytes of messages wait for their rest.
    fn buffered(&self) -> usize {
        self.sides.iter().map(|side| side.message.capacity()).sum()
    }

    /// Whether nothing in clear is to come, or it was no TLS.
    fn is_over(&self) -> bool {
        let [originator, responder] = &self.sides;
        let ended = |side: &Records| side.reading != Reading::Clear;
        ended(originator) && ended(responder) || !self.sure && (ended(originator) || ended(responder))
    }

    /// What was learnt; `None` where it was no TLS.
    fn finish(mut self: Box<Self>) -> Option<TlsSummary> {
        if !self.sure {
            return None;
        }
        let server = self.sides.get(self.summary.client.other().index());
        // Only where the server has begun to encrypt is it certain that no certificate is to come.
        let certain = self.certificate_seen || server.is_some_and(|server| server.reading == Reading::Encrypted);
        if certain {
            handshake::settle_resumption(&mut self.summary, &self.offer, self.certificate_seen);
        }
        for side in &self.sides {
            self.summary.cut |= side.cut;
            self.summary.missing |= side.reading == Reading::Lost || side.is_inside();
            self.summary.damaged |= side.reading == Reading::Foreign;
        }
        if self.summary.resumption == Resumption::Yes && self.certificate_seen {
            self.summary.resumption = Resumption::No;
        }
        Some(self.summary)
    }
}

impl Listener for TlsWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        match piece {
            Piece::Data { bytes, origin, .. } => self.data(conversation.id, from, bytes, *origin),
            Piece::Gap { length, .. } => {
                if let Some(open) = self.open.get_mut(&conversation.id)
                    && let Some(records) = open.sides.get_mut(from.index())
                {
                    let before = records.message.capacity();
                    records.gap(*length);
                    self.buffered = self.buffered.saturating_sub(before) + records.message.capacity();
                    if open.is_over() {
                        self.close(conversation.id);
                    }
                }
            }
            Piece::End { .. } => {}
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        if conversation.kind == Kind::Tcp {
            self.close(conversation.id);
        }
    }
}
