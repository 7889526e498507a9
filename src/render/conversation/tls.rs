//! How a conversation is secured: what its handshake says in clear.

use super::super::escape;
use super::super::json::{push_string, push_text_member};
use super::super::number::{push_address, push_hex};
use super::super::time::{Calendar, Clock, Precision, TimeForm};
use super::cell::push_count;
use super::words::side;
use crate::conversation::tls::{Alert, Certificate, Resumption, TlsSummary};
use crate::dissect::application::tls::{cipher_suite, table};

/// How many of a certificate's hosts are shown in a line.
const HOSTS_SHOWN: usize = 6;
const FATAL: u8 = 2;

/// Appends a summary for the table: `TLS 1.3, www.example.com, h2`.
pub(super) fn push_short(out: &mut Vec<u8>, tls: &TlsSummary) {
    push_version(out, tls);
    if let Some(name) = &tls.server_name {
        out.extend_from_slice(b", ");
        escape::push_text(out, name);
    }
    if let Some(protocol) = &tls.protocol {
        out.extend_from_slice(b", ");
        escape::push_text(out, protocol);
    }
    for alert in tls.alerts.iter().filter(|alert| alert.level == FATAL) {
        out.extend_from_slice(b", ");
        push_alert(out, alert);
    }
}

/// Appends all that is known, a line each.
pub(super) fn push_detail(out: &mut Vec<u8>, tls: &TlsSummary) {
    line(out, |out| {
        push_version(out, tls);
        if let Some(suite) = tls.cipher_suite {
            out.extend_from_slice(b", ");
            push_named(out, cipher_suite::NAMES, suite.into());
        }
        out.extend_from_slice(match tls.resumption {
            Resumption::No => b"".as_slice(),
            Resumption::Offered => b", would resume an earlier connection",
            Resumption::Yes => b", resumes an earlier connection",
        });
        if tls.retried {
            out.extend_from_slice(b", the server asked for another hello");
        }
    });
    if let Some(name) = &tls.server_name {
        line(out, |out| {
            out.extend_from_slice(b"server name ");
            escape::push_text(out, name);
            if tls.encrypted_hello {
                out.extend_from_slice(b", and an encrypted hello: another name may be meant");
            }
        });
    }
    if !tls.offered_protocols.is_empty() {
        line(out, |out| {
            out.extend_from_slice(b"offered protocols ");
            push_texts(out, &tls.offered_protocols);
            if let Some(chosen) = &tls.protocol {
                out.extend_from_slice(b"; chosen ");
                escape::push_text(out, chosen);
            } else if tls.hides_choice() {
                out.extend_from_slice(b"; which one was chosen is encrypted");
            }
        });
    }
    for certificate in tls.certificates.iter().chain(&tls.client_certificates) {
        line(out, |out| push_certificate(out, certificate));
    }
    // Who goes on with the keys of an earlier connection sends none.
    if tls.certificates.is_empty() && tls.hides_choice() && tls.resumption != Resumption::Yes {
        line(out, |out| out.extend_from_slice(b"the certificates are encrypted"));
    }
    for alert in &tls.alerts {
        line(out, |out| push_alert(out, alert));
    }
    for (found, words) in [
        (tls.missing, "some of the handshake is not in the capture"),
        (tls.cut, "a message of the handshake was longer than the limit"),
        (tls.damaged, "a side went on with bytes that are no records"),
    ] {
        if found {
            line(out, |out| out.extend_from_slice(words.as_bytes()));
        }
    }
}

/// Appends the summary as a JSON object.
pub(super) fn push_json(out: &mut Vec<u8>, tls: &TlsSummary) {
    let mut version = Vec::new();
    push_version(&mut version, tls);
    out.extend_from_slice(b"{\"version\":");
    push_string(out, &String::from_utf8_lossy(&version));
    if let Some(suite) = tls.cipher_suite {
        out.extend_from_slice(b",\"cipher_suite\":");
        let mut name = Vec::new();
        push_named(&mut name, cipher_suite::NAMES, suite.into());
        push_string(out, &String::from_utf8_lossy(&name));
    }
    for (name, value) in [("server_name", &tls.server_name), ("alpn", &tls.protocol)] {
        if let Some(value) = value {
            out.push(b',');
            push_text_member(out, name, value);
        }
    }
    push_json_texts(out, "alpn_offered", &tls.offered_protocols);
    out.extend_from_slice(if tls.resumption == Resumption::Yes { b",\"resumed\":true" } else { b",\"resumed\":false" });
    for (name, certificates) in [("certificates", &tls.certificates), ("client_certificates", &tls.client_certificates)] {
        if certificates.is_empty() {
            continue;
        }
        out.extend_from_slice(b",");
        push_string(out, name);
        for (place, certificate) in certificates.iter().enumerate() {
            out.extend_from_slice(if place == 0 { b":[{" } else { b",{" });
            push_text_member(out, "subject", &certificate.subject);
            out.push(b',');
            push_text_member(out, "issuer", &certificate.issuer);
            push_json_texts(out, "hosts", &certificate.hosts);
            for (name, time) in [("not_before", certificate.not_before), ("not_after", certificate.not_after)] {
                if let Some(time) = time {
                    out.push(b',');
                    push_string(out, name);
                    out.extend_from_slice(b":\"");
                    Calendar::default().push_rfc3339(out, time);
                    out.push(b'"');
                }
            }
            out.push(b'}');
        }
        out.push(b']');
    }
    for (place, alert) in tls.alerts.iter().enumerate() {
        out.extend_from_slice(if place == 0 { b",\"alerts\":[" } else { b"," });
        let mut text = Vec::new();
        push_alert(&mut text, alert);
        push_string(out, &String::from_utf8_lossy(&text));
    }
    out.extend_from_slice(if tls.alerts.is_empty() { b"}" } else { b"]}" });
}

fn push_version(out: &mut Vec<u8>, tls: &TlsSummary) {
    match (tls.version, tls.offered_version) {
        (Some(version), _) => push_named(out, table::VERSIONS, version.into()),
        (None, Some(version)) => {
            out.extend_from_slice(b"up to ");
            push_named(out, table::VERSIONS, version.into());
            out.extend_from_slice(b" offered");
        }
        (None, None) => out.extend_from_slice(b"TLS"),
    }
}

fn push_certificate(out: &mut Vec<u8>, certificate: &Certificate) {
    out.extend_from_slice(b"certificate ");
    escape::push_text(out, if certificate.subject.is_empty() { b"without a subject" } else { &certificate.subject });
    if !certificate.hosts.is_empty() || !certificate.addresses.is_empty() {
        out.extend_from_slice(b" for ");
        push_texts(out, certificate.hosts.get(..HOSTS_SHOWN).unwrap_or(&certificate.hosts));
        for (place, address) in certificate.addresses.iter().take(HOSTS_SHOWN).enumerate() {
            out.extend_from_slice(if place == 0 && certificate.hosts.is_empty() { b"" } else { b", " });
            push_address(out, *address);
        }
        let more = certificate.hosts.len().saturating_sub(HOSTS_SHOWN) + certificate.addresses.len().saturating_sub(HOSTS_SHOWN);
        let more = more as u64 + u64::from(certificate.more);
        if more > 0 {
            out.extend_from_slice(b" and ");
            push_count(out, more, "more name");
        }
    }
    out.extend_from_slice(b", signed by ");
    escape::push_text(out, &certificate.issuer);
    let mut clock = Clock::new(TimeForm::DateAndTime, Precision::Microseconds);
    for (word, time) in [(", from ", certificate.not_before), (" to ", certificate.not_after)] {
        if time.is_some() {
            out.extend_from_slice(word.as_bytes());
            let mut text = Vec::new();
            clock.push(&mut text, time);
            // A certificate's times are whole seconds.
            out.extend_from_slice(text.get(..19).unwrap_or(&text));
        }
    }
}

fn push_alert(out: &mut Vec<u8>, alert: &Alert) {
    out.extend_from_slice(side(alert.from).as_bytes());
    out.extend_from_slice(if alert.level == FATAL { b" gave up: " } else { b" said: " });
    push_named(out, table::ALERTS, alert.description.into());
}

fn push_named(out: &mut Vec<u8>, names: &[(u64, &str)], number: u64) {
    match names.iter().find(|(value, _)| *value == number) {
        Some((_, name)) => out.extend_from_slice(name.as_bytes()),
        None => {
            out.extend_from_slice(b"0x");
            push_hex(out, number, 4);
        }
    }
}

fn push_texts(out: &mut Vec<u8>, texts: &[Box<[u8]>]) {
    for (place, text) in texts.iter().enumerate() {
        out.extend_from_slice(if place == 0 { b"" } else { b", " });
        escape::push_text(out, text);
    }
}

fn push_json_texts(out: &mut Vec<u8>, name: &str, texts: &[Box<[u8]>]) {
    if texts.is_empty() {
        return;
    }
    out.push(b',');
    push_string(out, name);
    for (place, text) in texts.iter().enumerate() {
        out.extend_from_slice(if place == 0 { b":[" } else { b"," });
        push_string(out, &String::from_utf8_lossy(text));
    }
    out.push(b']');
}

fn line(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(b"  ");
    write(out);
    out.push(b'\n');
}
