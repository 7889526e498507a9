//! Records of one side (RFC 8446 section 5.1), and the messages of the handshake in them: a message may stand in several records, a record
//! may hold several messages, and either begins and ends anywhere in a segment.

use crate::dissect::application::tls::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, RECORD_HEADER, is_handshake_type,
};
use crate::limits::Limits;
use crate::reassembly::Origin;

/// The type and the length of a message.
const MESSAGE_HEADER: usize = 4;
/// The messages that are read: hellos and certificates. Of the others the length is enough.
const READ: [u8; 3] = [1, 2, 11];

/// What a side says in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A message of the handshake, whole, with its type and length; and the frame it began in.
    Message(&'a [u8], Origin),
    /// A message of which only the type is told: it is of no interest, or too long.
    Passed(u8),
    /// An alert: its level and what it says.
    Alert(u8, u8, Origin),
    /// From here on the side encrypts.
    Encrypts,
}

/// How far the reading of a side has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reading {
    /// Records are read.
    #[default]
    Clear,
    /// All that follows is encrypted.
    Encrypted,
    /// A hole took the beginning of a record or of a message.
    Lost,
    /// What follows are no records.
    Foreign,
}

/// Reads one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    header: [u8; RECORD_HEADER],
    had: usize,
    /// How many bytes of the record at hand follow.
    left: usize,
    /// The beginning of the message at hand.
    pub(super) message: Vec<u8>,
    origin: Origin,
    /// How many bytes of a message that is not read follow.
    passing: usize,
    alert: Option<u8>,
    pub(super) reading: Reading,
    /// Whether a message was too long.
    pub(super) cut: bool,
    /// Whether a change of ciphers means nothing: TLS 1.3 sends it for old equipment on the way (RFC 8446 appendix D.4).
    pub(super) ignores_change: bool,
}

impl Records {
    /// Reads the next bytes of the side; no message longer than `limit` is kept.
    pub(super) fn data(&mut self, bytes: &[u8], origin: Origin, limit: usize, event: &mut dyn FnMut(&mut Self, Event<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() && self.reading == Reading::Clear {
            if self.left == 0 {
                let (some, after) = rest.split_at_checked(RECORD_HEADER - self.had).unwrap_or((rest, &[]));
                if let Some(place) = self.header.get_mut(self.had..self.had + some.len()) {
                    place.copy_from_slice(some);
                }
                self.had += some.len();
                rest = after;
                if !self.is_header() {
                    self.reading = Reading::Foreign;
                } else if self.had == RECORD_HEADER {
                    let [.., high, low] = self.header;
                    self.left = usize::from(u16::from_be_bytes([high, low]));
                    self.had = 0;
                    self.begin_record(event);
                }
                continue;
            }
            let (some, after) = rest.split_at_checked(self.left).unwrap_or((rest, &[]));
            self.left -= some.len();
            rest = after;
            self.content(some, origin, limit, event);
        }
    }

    /// Whether what is there of a record's header can be one.
    fn is_header(&self) -> bool {
        let [kind, major, minor, high, low] = self.header;
        let length = usize::from(u16::from_be_bytes([high, low]));
        (self.had < 1 || (CHANGE_CIPHER_SPEC..=HEARTBEAT).contains(&kind))
            && (self.had < 2 || major == 3)
            && (self.had < 3 || minor <= 4)
            && (self.had < RECORD_HEADER || length <= Limits::TLS_RECORD)
    }

    fn begin_record(&mut self, event: &mut dyn FnMut(&mut Self, Event<'_>)) {
        let [kind, ..] = self.header;
        // In clear an alert has two bytes.
        let encrypts = kind == APPLICATION_DATA || kind == ALERT && self.left != 2;
        if encrypts {
            self.encrypt(event);
        }
    }

    fn encrypt(&mut self, event: &mut dyn FnMut(&mut Self, Event<'_>)) {
        self.reading = Reading::Encrypted;
        self.message = Vec::new();
        event(self, Event::Encrypts);
    }

    /// Reads bytes of the record at hand.
    fn content(&mut self, bytes: &[u8], origin: Origin, limit: usize, event: &mut dyn FnMut(&mut Self, Event<'_>)) {
        let [kind, ..] = self.header;
        match kind {
            CHANGE_CIPHER_SPEC if !self.ignores_change => self.encrypt(event),
            ALERT => {
                for &byte in bytes {
                    match self.alert.take() {
                        None => self.alert = Some(byte),
                        Some(level) => event(self, Event::Alert(level, byte, origin)),
                    }
                }
            }
            HANDSHAKE => self.handshake(bytes, origin, limit, event),
            _ => {}
        }
    }

    fn handshake(&mut self, bytes: &[u8], origin: Origin, limit: usize, event: &mut dyn FnMut(&mut Self, Event<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() && self.reading == Reading::Clear {
            if self.passing > 0 {
                let passed = self.passing.min(rest.len());
                self.passing -= passed;
                rest = rest.get(passed..).unwrap_or_default();
                continue;
            }
            if self.message.is_empty() {
                self.origin = origin;
            }
            let wanted = self.wanted().saturating_sub(self.message.len());
            let (some, after) = rest.split_at_checked(wanted).unwrap_or((rest, &[]));
            self.message.extend_from_slice(some);
            rest = after;
            let Some(&[kind, high, middle, low]) = self.message.first_chunk::<MESSAGE_HEADER>() else { continue };
            if !is_handshake_type(kind) {
                // The end of a handshake is encrypted; where that began was not seen.
                return self.encrypt(event);
            }
            let length = usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap_or(usize::MAX);
            let is_long = length > limit;
            if !READ.contains(&kind) || is_long {
                self.cut |= is_long;
                self.passing = length;
                self.message.clear();
                event(self, Event::Passed(kind));
            } else if self.message.len() == MESSAGE_HEADER + length {
                let mut message = std::mem::take(&mut self.message);
                let origin = self.origin;
                event(self, Event::Message(&message, origin));
                message.clear();
                message.shrink_to(0);
                self.message = message;
            }
        }
    }

    /// How many bytes the message at hand has in all, as far as that is known.
    fn wanted(&self) -> usize {
        let length =
            self.message.first_chunk::<MESSAGE_HEADER>().map(|[_, high, middle, low]| u32::from_be_bytes([0, *high, *middle, *low]));
        MESSAGE_HEADER + length.and_then(|length| usize::try_from(length).ok()).unwrap_or_default()
    }

    /// A hole: where it is in what nobody reads, reading goes on behind it.
    pub(super) fn gap(&mut self, length: u64) {
        let [kind, ..] = self.header;
        if self.reading != Reading::Clear {
            return;
        }
        match usize::try_from(length) {
            Ok(length) if length <= self.left && (kind != HANDSHAKE || length <= self.passing) => {
                self.left -= length;
                self.passing -= length.min(self.passing);
            }
            Ok(_) | Err(_) => {
                self.reading = Reading::Lost;
                self.message = Vec::new();
            }
        }
    }

    /// Whether a message has begun and is not over.
    pub(super) fn is_inside(&self) -> bool {
        self.reading == Reading::Clear && (self.left > 0 || self.had > 0 || self.passing > 0 || !self.message.is_empty())
    }
}
