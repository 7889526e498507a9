//! Handshakes of TLS, as what is compared of them.

use super::field::Field;
use super::run::{Item, ItemKind, Value, Weight};
use crate::conversation::tls::{Resumption, TlsSummary};
use sha2::{Digest, Sha256};

/// What is compared of a handshake.
pub(super) fn item(summary: &TlsSummary) -> Item {
    let first = summary.client_hello.or(summary.server_hello).unwrap_or_default();
    let last = summary.server_hello.map_or(first.frame, |hello| hello.frame.max(first.frame));
    let mut item = Item::new(ItemKind::Handshake, first, last);
    if let Some(name) = &summary.server_name {
        item.push(Field::ServerName, Value::Text(name.to_ascii_lowercase().into()));
    }
    if let Some(version) = summary.offered_version {
        item.push(Field::OfferedVersion, Value::Code(version));
    }
    for (field, codes) in [(Field::OfferedSuites, &summary.offered_suites), (Field::OfferedGroups, &summary.offered_groups)] {
        if !codes.is_empty() {
            item.push(field, Value::Codes(codes.as_slice().into()));
        }
    }
    if !summary.offered_protocols.is_empty() {
        item.push(Field::OfferedProtocols, Value::Texts(summary.offered_protocols.clone()));
    }
    item.push(Field::HandshakeAnswered, Value::Flag(summary.server_hello.is_some()));
    for (field, code) in [(Field::TlsVersion, summary.version), (Field::CipherSuite, summary.cipher_suite)] {
        if let Some(code) = code {
            item.push(field, Value::Code(code));
        }
    }
    if let Some(protocol) = &summary.protocol {
        item.push(Field::Protocol, Value::Text(protocol.clone()));
    }
    item.push(Field::Resumption, Value::Flag(summary.resumption != Resumption::No));
    if let Some(certificate) = summary.certificates.first() {
        item.push(Field::Subject, Value::Text(certificate.subject.clone()));
        item.push(Field::Issuer, Value::Text(certificate.issuer.clone()));
        if !certificate.hosts.is_empty() {
            item.push(Field::CertificateHosts, Value::Texts(certificate.hosts.clone()));
        }
        if let Some(until) = certificate.not_after {
            item.push(Field::NotAfter, Value::Moment(until));
        }
        if !certificate.key.is_empty() {
            let sha256 = Some(Sha256::digest(&certificate.key).into());
            item.push(Field::PublicKey, Value::Bytes { length: certificate.key.len() as u64, sha256 });
        }
    }
    for alert in &summary.alerts {
        // A warning that this was all is how connections end.
        const CLOSE: u8 = 0;
        if alert.description != CLOSE {
            item.push_named(Field::Alert, &[], &[], Weight::Whole);
            if let Some(last) = item.aspects.last_mut() {
                last.value = Value::Code(alert.description.into());
            }
        }
    }
    item
}
