//! What a conversation is to be matched by, and how it went.

use super::field::Field;
use super::run::{Facts, Item, ItemKind, Outcome, Service, Value};
use crate::conversation::application::{Application, Evidence};
use crate::conversation::names::Between;
use crate::conversation::{Conversation, Kind, Names, State};
use crate::explain::Scene;
use std::net::IpAddr;

/// Whether a watch of its own reads it.
pub(super) fn has_watch(application: Application) -> bool {
    matches!(
        application,
        Application::Http | Application::Tls | Application::Dns | Application::Mdns | Application::Llmnr | Application::Nbns
    )
}

/// Whether its bytes are others every time: they are encrypted, or full of times and numbers that are made up.
pub(super) fn is_hidden(application: Application) -> bool {
    matches!(
        application,
        Application::Ssh
            | Application::Quic
            | Application::Dtls
            | Application::WireGuard
            | Application::Isakmp
            | Application::Ntp
            | Application::Dhcp
            | Application::Dhcpv6
            | Application::Kerberos
            | Application::Stun
            | Application::Smb
            | Application::Rdp
            | Application::BitTorrent
            | Application::BitTorrentTable
            | Application::Http2
            | Application::Radius
            | Application::Snmp
    )
}

/// Whether it is held in lines.
pub(super) fn is_dialogue(application: Application) -> bool {
    matches!(
        application,
        Application::Smtp | Application::Ftp | Application::Pop | Application::Imap | Application::Irc | Application::Telnet
    )
}

/// Whether something was said in it that is not read: nothing of it was, or it went on encrypted or in another language.
pub(super) fn is_unread(conversation: &Conversation, items: &[Item], bytes: [u64; 2], application: Option<Application>) -> bool {
    let is_closed = application.is_some_and(is_hidden);
    let goes_on = |item: &Item| match item.kind {
        // Behind how SSH greets all is encrypted.
        ItemKind::Line(_) if is_closed => true,
        ItemKind::Handshake => item.get(Field::HandshakeAnswered) == Some(&Value::Flag(true)),
        ItemKind::Exchange => item.get(Field::Tunnel).is_some(),
        ItemKind::Lookup | ItemKind::Line(_) | ItemKind::Stream | ItemKind::Echo => false,
    };
    let is_said = matches!(conversation.kind, Kind::Tcp | Kind::Udp) && bytes != [0; 2];
    is_said && (items.is_empty() || items.iter().any(goes_on))
}

/// Whether machines say it to everybody around, all the time, whatever is done.
pub(super) fn is_chatter(conversation: &Conversation, application: Option<(Application, Evidence)>) -> bool {
    let said = application.is_some_and(|(application, _)| {
        matches!(
            application,
            Application::Mdns
                | Application::Llmnr
                | Application::Nbns
                | Application::Nbdgm
                | Application::Ssdp
                | Application::Dhcp
                | Application::Dhcpv6
                | Application::Ntp
                | Application::Rip
        )
    });
    let to_all = conversation.ends.iter().any(|end| match end.address {
        IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
        IpAddr::V6(address) => address.is_multicast(),
    });
    let is_rest =
        conversation.kind == Kind::Tcp && !conversation.beginning_was_seen() && conversation.sent.iter().all(|sent| sent.payload <= 1);
    said || to_all || is_rest
}

/// What is spoken: what was said shows it, or a port is known for it.
pub(super) fn service(conversation: &Conversation, application: Option<(Application, Evidence)>) -> Service {
    match (application, conversation.kind) {
        (Some((application, _)), _) => Service::Application(application),
        (None, Kind::Tcp | Kind::Udp) => Service::Port(conversation.ends[1].port),
        (None, Kind::Echo | Kind::Other(_)) => Service::Unknown,
    }
}

/// What the server is called: by what was said to it, else by what the capture knows of its address.
pub(super) fn name(conversation: &Conversation, items: &[Item], names: &Names) -> Option<Box<[u8]>> {
    let said = items.iter().find_map(|item| match item.kind {
        ItemKind::Exchange => item.text(Field::Host),
        ItemKind::Handshake => item.text(Field::ServerName),
        ItemKind::Lookup | ItemKind::Line(_) | ItemKind::Stream | ItemKind::Echo => None,
    });
    let called = || names.called_in(conversation.ends[1].address, Some(&Between::of(conversation)));
    let known = || called().map(|called| called.evidence.name.to_ascii_lowercase().into_bytes().into());
    said.map(Into::into).or_else(known)
}

/// Whether it came about.
pub(super) fn outcome(conversation: &Conversation, is_refused: bool) -> Outcome {
    let [sent, answered] = conversation.sent.each_ref().map(|sent| sent.frames > 0);
    match conversation.state() {
        Some(State::Refused) => Outcome::Refused,
        Some(State::Unanswered) if is_refused => Outcome::Refused,
        Some(State::Unanswered) => Outcome::Unanswered,
        Some(State::HalfOpen) => Outcome::HalfOpen,
        Some(State::Open | State::HalfClosed(_) | State::Closed(_) | State::Reset(_)) => Outcome::Opened,
        None if sent && !answered && is_refused => Outcome::Refused,
        None if sent && !answered => Outcome::Unanswered,
        None if answered && !sent => Outcome::OnlyAnswers,
        None => Outcome::Opened,
    }
}

/// How the transport did.
pub(super) fn facts(conversation: &Conversation, segment_sizes: [Option<u16>; 2]) -> Facts {
    let missing = conversation.incidents().gaps.iter().map(|count| count.bytes).sum();
    Facts {
        segment_sizes,
        round_trip: conversation.handshake().map(|time| i64::from(time) * 1_000),
        retransmissions: conversation.sent.iter().map(|sent| u64::from(sent.retransmitted)).sum(),
        missing,
    }
}

/// The largest segment that a SYN says its sender takes (RFC 9293 section 3.7.1).
pub(super) fn segment_size(scene: &Scene<'_>) -> Option<u16> {
    let (bytes, dissection) = scene.whole();
    let transport = dissection.transport()?;
    let start = dissection.layers.get(transport.layer)?.start.checked_add(20)?;
    let mut rest = bytes.get(start..transport.payload_start)?;
    loop {
        rest = match *rest {
            [1, ref behind @ ..] => behind,
            [2, 4, high, low, ..] => return Some(u16::from_be_bytes([high, low])),
            [kind, length, ..] if kind != 0 && length >= 2 => rest.get(usize::from(length)..)?,
            _ => return None,
        };
    }
}
