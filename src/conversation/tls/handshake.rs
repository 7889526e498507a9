//! What the messages of a handshake say, taken into a summary.

use super::summary::{Certificate, Resumption, TlsSummary};
use crate::conversation::Side;
use crate::dissect::application::tls;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::limits::Limits;
use crate::reassembly::Origin;

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// The extensions that a hello need not read further: that there are some says it.
const PRE_SHARED_KEY: u64 = 41;
const SESSION_TICKET: u64 = 35;
const ENCRYPTED_HELLO: u64 = 0xfe0d;

/// What a client's hello offered to go on with.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    session: Vec<u8>,
    ticket: bool,
}

/// Takes a message of the handshake into the summary.
pub(super) fn read(summary: &mut TlsSummary, offer: &mut Offer, from: Side, message: &[u8], origin: Origin) {
    let kind = message.first().copied().unwrap_or_default();
    match kind {
        CLIENT_HELLO => {
            summary.client = from;
            // After a retry the second hello says the same once more.
            if summary.client_hello.is_none() {
                summary.client_hello = Some(origin);
                *offer = Offer::default();
            } else {
                summary.offered_protocols.clear();
                summary.offered_suites.clear();
                summary.offered_groups.clear();
            }
        }
        SERVER_HELLO => {
            summary.client = from.other();
            summary.server_hello.get_or_insert(origin);
        }
        _ => {}
    }
    let mut sink = Sink { summary, offer, from, kind, own_version: None, extension: 0, retry: false };
    tls::describe_handshake(message, &mut sink);
    sink.finish();
}

/// A version, suite or group that is offered. Numbers of the pattern 0x?a?a are noise (RFC 8701).
fn meant(number: u64) -> Option<u16> {
    u16::try_from(number).ok().filter(|number| number & 0x0f0f != 0x0a0a)
}

/// Takes the fields of a message.
struct Sink<'s> {
    summary: &'s mut TlsSummary,
    offer: &'s mut Offer,
    from: Side,
    kind: u8,
    /// The version that the hello itself says; an extension may say another.
    own_version: Option<u16>,
    extension: u64,
    retry: bool,
}

impl Sink<'_> {
    fn client_hello(&mut self, field: &'static Field, value: Value<'_>) {
        match (field.id, value) {
            ("tls.handshake.version", Value::Number(version)) => self.own_version = u16::try_from(version).ok(),
            ("tls.handshake.extensions.supported_version", Value::Number(version)) => {
                self.summary.offered_version = self.summary.offered_version.max(meant(version));
            }
            ("tls.handshake.ciphersuite", Value::Number(suite)) if self.summary.offered_suites.len() < Limits::OFFERED_SUITES => {
                self.summary.offered_suites.extend(meant(suite));
            }
            ("tls.handshake.extensions_supported_group", Value::Number(group))
                if self.summary.offered_groups.len() < Limits::OFFERED_SUITES =>
            {
                self.summary.offered_groups.extend(meant(group));
            }
            ("tls.handshake.session_id", Value::Bytes(session)) => self.offer.session = session.to_vec(),
            ("tls.handshake.extension.type", Value::Number(kind)) => {
                self.extension = kind;
                self.summary.encrypted_hello |= kind == ENCRYPTED_HELLO;
                if kind == PRE_SHARED_KEY {
                    self.summary.resumption = Resumption::Offered;
                }
            }
            // An empty ticket only says that the client would like one.
            ("tls.handshake.extension.data", Value::Bytes(_)) if self.extension == SESSION_TICKET => {
                self.offer.ticket = true;
                self.summary.resumption = Resumption::Offered;
            }
            ("tls.handshake.extensions_server_name", Value::Text(name)) => self.summary.server_name = Some(name.into()),
            ("tls.handshake.extensions_alpn_str", Value::Text(protocol))
                if self.summary.offered_protocols.len() < Limits::OFFERED_PROTOCOLS =>
            {
                self.summary.offered_protocols.push(protocol.into());
            }
            _ => {}
        }
    }

    fn server_hello(&mut self, field: &'static Field, value: Value<'_>) {
        match (field.id, value) {
            ("tls.handshake.version", Value::Number(version)) => self.own_version = u16::try_from(version).ok(),
            ("tls.handshake.extensions.supported_version", Value::Number(version)) => self.summary.version = u16::try_from(version).ok(),
            ("tls.handshake.ciphersuite", Value::Number(suite)) => self.summary.cipher_suite = u16::try_from(suite).ok(),
            ("tls.handshake.hello_retry", Value::Boolean(true)) => (self.retry, self.summary.retried) = (true, true),
            ("tls.handshake.extensions.psk.identity.selected", _) => self.summary.resumption = Resumption::Yes,
            // Up to TLS 1.2 the session that the client named comes back; in 1.3 that means nothing.
            ("tls.handshake.session_id", Value::Bytes(session)) if !session.is_empty() && session == self.offer.session => {
                self.summary.resumption = Resumption::Yes;
            }
            ("tls.handshake.extensions_alpn_str", Value::Text(protocol)) => self.summary.protocol = Some(protocol.into()),
            _ => {}
        }
    }

    fn certificates(&mut self) -> &mut Vec<Certificate> {
        if self.from == self.summary.client { &mut self.summary.client_certificates } else { &mut self.summary.certificates }
    }

    fn certificate(&mut self, field: &'static Field, value: Value<'_>) {
        if field.id == "tls.handshake.certificate" {
            if self.certificates().len() < Limits::CERTIFICATES && self.summary.more_certificates == 0 {
                self.certificates().push(Certificate::default());
            } else {
                self.summary.more_certificates += 1;
            }
            return;
        }
        if self.summary.more_certificates > 0 {
            return;
        }
        let Some(certificate) = self.certificates().last_mut() else { return };
        match (field.id, value) {
            ("x509.subject", Value::Text(name)) => certificate.subject = name.into(),
            ("x509.subject.common_name", Value::Text(name)) => certificate.common_name = name.into(),
            ("x509.issuer", Value::Text(name)) => certificate.issuer = name.into(),
            ("x509.validity.not_before", Value::Time(time)) => certificate.not_before = Some(time),
            ("x509.validity.not_after", Value::Time(time)) => certificate.not_after = Some(time),
            ("x509af.subjectPublicKey", Value::Bytes(key)) => certificate.key = key.get(..Limits::CERTIFICATE_KEY).unwrap_or(key).into(),
            ("x509ce.dNSName", Value::Text(name)) if certificate.hosts.len() < Limits::CERTIFICATE_NAMES => {
                certificate.hosts.push(name.into())
            }
            ("x509ce.IPAddress.ipv4", Value::Ipv4(address)) if certificate.addresses.len() < Limits::CERTIFICATE_NAMES => {
                certificate.addresses.push(address.into());
            }
            ("x509ce.IPAddress.ipv6", Value::Ipv6(address)) if certificate.addresses.len() < Limits::CERTIFICATE_NAMES => {
                certificate.addresses.push(address.into());
            }
            ("x509ce.dNSName" | "x509ce.IPAddress.ipv4" | "x509ce.IPAddress.ipv6", _) => certificate.more += 1,
            _ => {}
        }
    }

    fn finish(self) {
        let summary = self.summary;
        match self.kind {
            CLIENT_HELLO => summary.offered_version = summary.offered_version.or(self.own_version),
            SERVER_HELLO => {
                summary.version = summary.version.or(self.own_version);
                if summary.hides_choice() {
                    // The session comes back for old equipment on the way; a key that was chosen says so, unless the server first asks again.
                    let offered = summary.resumption == Resumption::Yes && self.extension == PRE_SHARED_KEY;
                    if !offered && !self.retry {
                        summary.resumption = Resumption::No;
                    }
                }
            }
            _ => {}
        }
    }
}

impl FieldSink for Sink<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match self.kind {
            CLIENT_HELLO => self.client_hello(field, value),
            SERVER_HELLO => {
                if let ("tls.handshake.extension.type", Value::Number(PRE_SHARED_KEY)) = (field.id, value) {
                    self.extension = PRE_SHARED_KEY;
                }
                self.server_hello(field, value);
            }
            _ => self.certificate(field, value),
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

/// Whether the server went on with the keys of an earlier connection, though no session came back: with a ticket the client chose the number
/// of the session, and the server sends no certificate (RFC 5077 section 3.4).
pub(super) fn settle_resumption(summary: &mut TlsSummary, offer: &Offer, certificate_seen: bool) {
    if offer.ticket && summary.server_hello.is_some() && summary.resumption == Resumption::Offered && !summary.hides_choice() {
        summary.resumption = if certificate_seen { Resumption::No } else { Resumption::Yes };
    }
}
