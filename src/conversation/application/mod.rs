//! What a conversation is held in: by what is said first, and else by its ports, which is only a guess.

mod content;
mod port;

use super::{Conversation, Kind, Listener, Side};
use crate::limits::Limits;
use crate::reassembly::{Origin, Piece};
use std::collections::VecDeque;

/// Declares the applications with their names.
macro_rules! applications {
    ($($(#[$doc:meta])* $application:ident = $name:literal,)*) => {
        /// What programs speak with each other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Application {
            $($(#[$doc])* $application,)*
        }

        /// All of them.
        const APPLICATIONS: &[Application] = &[$(Application::$application),*];

        impl Application {
            /// Its short name, where Wireshark knows it the one that it has there.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$application => $name,)*
                }
            }
        }
    };
}

applications! {
    /// The Advanced Message Queuing Protocol.
    Amqp = "amqp",
    /// BitTorrent.
    BitTorrent = "bittorrent",
    /// BitTorrent's table of who has what.
    BitTorrentTable = "bt-dht",
    /// DHCP (RFC 2131).
    Dhcp = "dhcp",
    /// DHCP for IPv6 (RFC 8415).
    Dhcpv6 = "dhcpv6",
    /// DNS (RFC 1035).
    Dns = "dns",
    /// TLS over datagrams (RFC 9147).
    Dtls = "dtls",
    /// The control connection of FTP (RFC 959).
    Ftp = "ftp",
    /// A connection on which FTP hands over files.
    FtpData = "ftp-data",
    /// Git's own transport.
    Git = "git",
    /// HTTP/1 (RFC 9112).
    Http = "http",
    /// HTTP/2 in clear (RFC 9113).
    Http2 = "http2",
    /// IMAP (RFC 9051).
    Imap = "imap",
    /// Internet Relay Chat (RFC 2812).
    Irc = "irc",
    /// Key exchange of IPsec (RFC 7296).
    Isakmp = "isakmp",
    /// Kerberos (RFC 4120).
    Kerberos = "kerberos",
    /// LDAP (RFC 4511).
    Ldap = "ldap",
    /// Link-local multicast name resolution (RFC 4795).
    Llmnr = "llmnr",
    /// Multicast DNS (RFC 6762).
    Mdns = "mdns",
    /// MQTT.
    Mqtt = "mqtt",
    /// MySQL and MariaDB.
    Mysql = "mysql",
    /// The NetBIOS datagram service (RFC 1002).
    Nbdgm = "nbdgm",
    /// The NetBIOS name service (RFC 1002).
    Nbns = "nbns",
    /// Sun's network file system.
    Nfs = "nfs",
    /// News (RFC 3977).
    Nntp = "nntp",
    /// Clocks (RFC 5905).
    Ntp = "ntp",
    /// PostgreSQL.
    Postgresql = "pgsql",
    /// POP3 (RFC 1939).
    Pop = "pop",
    /// QUIC (RFC 9000).
    Quic = "quic",
    /// RADIUS (RFC 2865).
    Radius = "radius",
    /// Remote desktops of Windows.
    Rdp = "rdp",
    /// Redis.
    Redis = "redis",
    /// Routing by RIP (RFC 2453).
    Rip = "rip",
    /// Streams of media, their control (RFC 7826).
    Rtsp = "rtsp",
    /// Calls (RFC 3261).
    Sip = "sip",
    /// Files of Windows.
    Smb = "smb",
    /// SMTP (RFC 5321).
    Smtp = "smtp",
    /// Management of networks (RFC 3416).
    Snmp = "snmp",
    /// A secure shell (RFC 4253).
    Ssh = "ssh",
    /// Discovery of UPnP devices.
    Ssdp = "ssdp",
    /// Finding a way through address translators (RFC 8489).
    Stun = "stun",
    /// Logs (RFC 5424).
    Syslog = "syslog",
    /// Telnet (RFC 854).
    Telnet = "telnet",
    /// Trivial file transfer (RFC 1350).
    Tftp = "tftp",
    /// TLS (RFC 8446).
    Tls = "tls",
    /// Remote desktops by VNC (RFC 6143).
    Vnc = "vnc",
    /// WireGuard.
    WireGuard = "wg",
    /// Who is behind a name or an address (RFC 3912).
    Whois = "whois",
}

/// How it is known what a conversation is held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// What is said shows it.
    Content,
    /// One of the ports is known for it: a guess.
    Port,
}

/// What is marked of a conversation beside its application: which sides have spoken.
const SPOKE: [u8; 2] = [0x80, 0x40];
const APPLICATION: u8 = 0x3f;

/// Hears how conversations begin, and tells what they are held in.
#[derive(Clone, Debug, Default)]
pub struct ApplicationWatch {
    /// The number of the first conversation that is remembered.
    first: u64,
    /// Of each: who has spoken, and the place of its application in the list, from 1; 0 where what was said did not show it.
    heard: VecDeque<u8>,
}

impl ApplicationWatch {
    /// What a conversation is held in, and how that is known; `None` where nothing shows it.
    #[must_use]
    pub fn application(&self, conversation: &Conversation) -> Option<(Application, Evidence)> {
        let heard = conversation.id.checked_sub(self.first).and_then(|place| self.heard.get(usize::try_from(place).ok()?));
        let place = usize::from(heard.copied().unwrap_or_default() & APPLICATION);
        let shown = place.checked_sub(1).and_then(|place| APPLICATIONS.get(place));
        match shown {
            Some(application) => Some((*application, Evidence::Content)),
            None => port::application(conversation).map(|application| (application, Evidence::Port)),
        }
    }

    fn hear(&mut self, conversation: &Conversation, from: Side, bytes: &[u8]) {
        let Some(heard) = self.place(conversation.id) else { return };
        let spoke = SPOKE[from.index()];
        if *heard & (spoke | APPLICATION) != 0 {
            return;
        }
        *heard |= spoke;
        let shown = match conversation.kind {
            Kind::Tcp => content::of_stream(conversation, bytes),
            Kind::Udp => content::of_datagram(conversation, bytes),
            Kind::Echo | Kind::Other(_) => None,
        };
        let place = shown.and_then(|shown| APPLICATIONS.iter().position(|application| *application == shown));
        *heard |= place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or_default() & APPLICATION;
    }

    fn place(&mut self, conversation: u64) -> Option<&mut u8> {
        let place = usize::try_from(conversation.checked_sub(self.first)?).ok()?;
        if place >= self.heard.len() {
            let too_many = (place + 1).saturating_sub(Limits::APPLICATIONS_REMEMBERED);
            self.heard.drain(..too_many.min(self.heard.len()));
            self.first += too_many as u64;
            self.heard.resize(place + 1 - too_many, 0);
        }
        self.heard.get_mut(usize::try_from(conversation.checked_sub(self.first)?).ok()?)
    }
}

impl Listener for ApplicationWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        if let Piece::Data { bytes, .. } = piece {
            self.hear(conversation, from, bytes);
        }
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], _: Origin) {
        self.hear(conversation, from, payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::testing::conversation;
    use Evidence::{Content, Port};
    use Side::{Originator, Responder};

    fn told(kind: Kind, port: u16, said: &[(Side, &[u8])]) -> Option<(Application, Evidence)> {
        let conversation = conversation(kind, port);
        let mut watch = ApplicationWatch::default();
        for (from, bytes) in said {
            watch.hear(&conversation, *from, bytes);
        }
        watch.application(&conversation)
    }

    #[test]
    fn there_is_room_for_every_application() {
        assert!(APPLICATIONS.len() < usize::from(APPLICATION));
        for (place, application) in APPLICATIONS.iter().enumerate() {
            assert_eq!(APPLICATIONS.iter().position(|other| other.name() == application.name()), Some(place), "{}", application.name());
        }
    }

    #[test]
    fn what_is_said_first_counts_on_any_port() {
        for (said, application) in [
            (&b"GET / HTTP/1.1\r\n"[..], Application::Http),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Application::Http2),
            (b"SSH-2.0-OpenSSH_9.2\r\n", Application::Ssh),
            (b"* OK IMAP4rev1 ready\r\n", Application::Imap),
            (b"+OK POP3 ready\r\n", Application::Pop),
            (b"220 mail ESMTP Postfix\r\n", Application::Smtp),
            (b"220 (vsFTPd 3.0.3)\r\n", Application::Ftp),
            (b"EHLO h1\r\n", Application::Smtp),
            (b"NICK anna\r\n", Application::Irc),
            (b"\xff\xfd\x18\xff\xfd\x20", Application::Telnet),
            (b"\x13BitTorrent protocol", Application::BitTorrent),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", Application::Tls),
            (b"\x00\x00\x00\x55\xfeSMB@\x00", Application::Smb),
            (b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00", Application::Rdp),
            (b"*1\r\n$4\r\nPING\r\n", Application::Redis),
            (b"\x10\x10\x00\x04MQTT\x04\x02", Application::Mqtt),
        ] {
            assert_eq!(told(Kind::Tcp, 4444, &[(Originator, said)]), Some((application, Content)), "{}", application.name());
        }
        assert_eq!(told(Kind::Tcp, 4444, &[(Originator, b"SET a 1\r\n"), (Responder, b"+OK\r\n")]), None, "as Redis answers");
        assert_eq!(told(Kind::Tcp, 4444, &[(Originator, b"hello"), (Responder, b"SSH-2.0-x\r\n")]), Some((Application::Ssh, Content)));
        assert_eq!(told(Kind::Tcp, 4444, &[(Originator, b"hello"), (Originator, b"SSH-2.0-x\r\n")]), None, "only what is said first");
    }

    #[test]
    fn a_port_is_only_a_guess_and_what_is_said_beats_it() {
        assert_eq!(told(Kind::Tcp, 80, &[]), Some((Application::Http, Port)));
        assert_eq!(told(Kind::Tcp, 80, &[(Originator, b"\x01\x02")]), Some((Application::Http, Port)));
        assert_eq!(told(Kind::Tcp, 80, &[(Originator, b"SSH-2.0-x\r\n")]), Some((Application::Ssh, Content)));
        assert_eq!(told(Kind::Tcp, 443, &[(Originator, b"GET / HTTP/1.1\r\n")]), Some((Application::Http, Content)));
        assert_eq!(told(Kind::Udp, 9, &[]), None);
        assert_eq!(told(Kind::Echo, 80, &[]), None);
    }

    #[test]
    fn datagrams_are_told_by_what_they_hold() {
        let question = b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x00\x00\x01\x00\x01";
        assert_eq!(told(Kind::Udp, 53, &[(Originator, question)]), Some((Application::Dns, Content)));
        assert_eq!(told(Kind::Udp, 53, &[(Originator, b"\x01\x02\x03")]), Some((Application::Dns, Port)));
        let stun = b"\x00\x01\x00\x00\x21\x12\xa4\x42aaaaaaaaaaaa";
        assert_eq!(told(Kind::Udp, 4444, &[(Originator, stun)]), Some((Application::Stun, Content)));
        assert_eq!(told(Kind::Udp, 4444, &[(Originator, b"\xc3\x00\x00\x00\x01\x08aaaaaaaa\x00\x00")]), Some((Application::Quic, Content)));
        assert_eq!(told(Kind::Udp, 1900, &[(Originator, b"M-SEARCH * HTTP/1.1\r\n")]), Some((Application::Ssdp, Content)));
    }

    #[test]
    fn conversations_that_are_over_for_long_are_forgotten() {
        let mut watch = ApplicationWatch::default();
        let numbered = |id| Conversation { id, ..conversation(Kind::Tcp, 4444) };
        for id in [0, 5, Limits::APPLICATIONS_REMEMBERED as u64 + 3] {
            watch.hear(&numbered(id), Originator, b"SSH-2.0-x\r\n");
        }
        let known = [0, 4, 5, Limits::APPLICATIONS_REMEMBERED as u64 + 3].map(|id| watch.application(&numbered(id)).is_some());
        assert_eq!((known, watch.heard.len()), ([false, false, true, true], Limits::APPLICATIONS_REMEMBERED));
        watch.hear(&numbered(u64::MAX / 2), Originator, b"SSH-2.0-x\r\n");
        assert_eq!(watch.heard.len(), Limits::APPLICATIONS_REMEMBERED);
        watch.hear(&numbered(1), Originator, b"SSH-2.0-x\r\n");
    }
}
