//! Applications by the first bytes that a side says.

use super::Application;
use crate::conversation::{Conversation, Side};
use crate::dissect::application::{dns, http, tls};
use crate::dissect::registry::registry;
use crate::limits::Limits;

/// Beginnings that nothing else has.
const BEGINNINGS: &[(&[u8], Application)] = &[
    (b"PRI * HTTP/2.0\r\n", Application::Http2),
    (b"SSH-", Application::Ssh),
    // With a blank behind it: servers of Redis say `+OK` alone.
    (b"+OK ", Application::Pop),
    (b"* OK", Application::Imap),
    (b"* PREAUTH", Application::Imap),
    (b"* BYE", Application::Imap),
    (b"EHLO ", Application::Smtp),
    (b"HELO ", Application::Smtp),
    (b"NICK ", Application::Irc),
    (b"CAP LS", Application::Irc),
    (b"NOTICE AUTH", Application::Irc),
    (b"RTSP/1.0 ", Application::Rtsp),
    (b"SIP/2.0 ", Application::Sip),
    (b"\x13BitTorrent protocol", Application::BitTorrent),
    (b"RFB 00", Application::Vnc),
    (b"AMQP", Application::Amqp),
];

/// What a side of a stream begins with.
pub(super) fn of_stream(conversation: &Conversation, bytes: &[u8]) -> Option<Application> {
    if let Some((_, application)) = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        return Some(*application);
    }
    if let Some(application) = of_requests(bytes) {
        return Some(application);
    }
    if let Some(protocol) = registry().tcp(0, 0, bytes) {
        if protocol.is(&http::PROTOCOL) {
            return Some(Application::Http);
        }
        if protocol.is(&tls::PROTOCOL) {
            return Some(Application::Tls);
        }
    }
    match *bytes {
        [b'2', b'2', b'0', b' ' | b'-', ..] => Some(greeting(conversation, bytes)),
        // Negotiation, or its details (RFC 854).
        [255, 250..=254, 0..=49, ..] => Some(Application::Telnet),
        [0, _, _, _, 0xfe | 0xff, b'S', b'M', b'B', ..] => Some(Application::Smb),
        // A request for a connection (X.224) in its frame (RFC 1006).
        [3, 0, _, _, _, 0xe0 | 0xd0, 0, 0, ..] => Some(Application::Rdp),
        [b'*', b'1'..=b'9', b'\r', b'\n', b'$', ..] => Some(Application::Redis),
        [0x10, _, 0, 4, b'M', b'Q', b'T', b'T', ..] | [0x10, _, _, 0, 4, b'M', b'Q', b'T', b'T', ..] => Some(Application::Mqtt),
        // A request for TLS, or a startup in version 3.
        [0, 0, 0, 8, 4, 210, 22, 47, ..] | [0, 0, _, _, 0, 3, 0, 0, b'u', b's', b'e', b'r', 0, ..] => Some(Application::Postgresql),
        // The greeting of version 10, which begins with the server's version.
        [_, 0, 0, 0, 10, b'4'..=b'9', b'.', ..] | [_, 0, 0, 0, 10, b'1', b'0'..=b'9', b'.', ..] => Some(Application::Mysql),
        [_, _, _, _, b'g', b'i', b't', b'-', ..] => Some(Application::Git),
        _ if has_port(conversation, 53) && bytes.len() >= 14 && dns::begins_message(bytes) => Some(Application::Dns),
        _ => None,
    }
}

/// What a side's first datagram holds.
pub(super) fn of_datagram(conversation: &Conversation, bytes: &[u8]) -> Option<Application> {
    match *bytes {
        // The magic cookie (RFC 8489 section 5).
        [0..=3, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..] => return Some(Application::Stun),
        // A long header of version 1 or 2 (RFC 9000 section 17.2, RFC 9369).
        [0xc0..=0xff, 0, 0, 0, 1, ..] | [0xc0..=0xff, 0x6b, 0x33, 0x43, 0xcf, ..] => return Some(Application::Quic),
        [20..=26, 0xfe, 0xff | 0xfd, ..] => return Some(Application::Dtls),
        [1, 0, 0, 0, ..] if bytes.len() == 148 => return Some(Application::WireGuard),
        [2, 0, 0, 0, ..] if bytes.len() == 92 => return Some(Application::WireGuard),
        [b'd', b'1', b':', b'a' | b'r' | b'e', ..] => return Some(Application::BitTorrentTable),
        _ => {}
    }
    // The cookie before its options (RFC 2131 section 3).
    if bytes.get(236..240) == Some(&[99, 130, 83, 99]) {
        return Some(Application::Dhcp);
    }
    if bytes.starts_with(b"SIP/2.0 ") {
        return Some(Application::Sip);
    }
    if let Some(application) = of_requests(bytes) {
        return Some(application);
    }
    if has_port(conversation, 1900) && (bytes.starts_with(b"M-SEARCH ") || bytes.starts_with(b"NOTIFY ") || bytes.starts_with(b"HTTP/1.1 "))
    {
        return Some(Application::Ssdp);
    }
    // The port and a header that makes sense are more than the port alone.
    let services = [(53, Application::Dns), (5353, Application::Mdns), (5355, Application::Llmnr), (137, Application::Nbns)];
    let (_, application) = services.into_iter().find(|(port, _)| has_port(conversation, *port))?;
    looks_like_dns(bytes).then_some(application)
}

/// Requests in the form of HTTP's that are others': the version at the end of the first line says it.
fn of_requests(bytes: &[u8]) -> Option<Application> {
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return None;
    }
    let line = bytes.get(..Limits::GREETING).unwrap_or(bytes).split(|byte| *byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line {
        _ if line.ends_with(b" SIP/2.0") => Some(Application::Sip),
        _ if line.ends_with(b" RTSP/1.0") => Some(Application::Rtsp),
        _ => None,
    }
}

/// Mail and files are greeted with the same number: what the server calls itself tells them apart, else the port.
fn greeting(conversation: &Conversation, bytes: &[u8]) -> Application {
    let line = bytes.get(..Limits::GREETING).unwrap_or(bytes);
    let says = |word: &[u8]| line.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    let is_mail = says(b"smtp") || !says(b"ftp") && [25, 465, 587, 2525].into_iter().any(|port| has_port(conversation, port));
    if is_mail { Application::Smtp } else { Application::Ftp }
}

/// Whether a datagram has a header of DNS that makes sense: a known operation, some question or record, and not more than fit.
fn looks_like_dns(bytes: &[u8]) -> bool {
    let Some((&[_, _, flags, _, q0, q1, n0, n1, s0, s1, d0, d1], body)) = bytes.split_first_chunk::<12>() else { return false };
    let counts = [[q0, q1], [n0, n1], [s0, s1], [d0, d1]].map(|count| usize::from(u16::from_be_bytes(count)));
    let [questions, records @ ..] = counts;
    let least = questions * 5 + records.iter().sum::<usize>() * 11;
    flags >> 3 & 15 <= 9 && (1..=body.len()).contains(&least)
}

fn has_port(conversation: &Conversation, port: u16) -> bool {
    Side::BOTH.into_iter().any(|side| conversation.end(side).port == port)
}
