//! Applications by well-known ports (IANA's registry of service names): a guess.

use super::Application;
use crate::conversation::{Conversation, Kind, Side};

/// What the ports of a conversation are known for; that of the responder first, where a service is.
pub(super) fn application(conversation: &Conversation) -> Option<Application> {
    let of = match conversation.kind {
        Kind::Tcp => of_tcp,
        Kind::Udp => of_udp,
        Kind::Echo | Kind::Other(_) => return None,
    };
    [Side::Responder, Side::Originator].into_iter().find_map(|side| of(conversation.end(side).port))
}

fn of_tcp(port: u16) -> Option<Application> {
    Some(match port {
        20 => Application::FtpData,
        21 => Application::Ftp,
        22 => Application::Ssh,
        23 => Application::Telnet,
        25 | 587 => Application::Smtp,
        43 => Application::Whois,
        53 => Application::Dns,
        80 | 8000 | 8008 | 8080 => Application::Http,
        88 => Application::Kerberos,
        110 => Application::Pop,
        119 => Application::Nntp,
        139 | 445 => Application::Smb,
        143 => Application::Imap,
        194 | 6660..=6669 => Application::Irc,
        389 => Application::Ldap,
        443 | 465 | 636 | 853 | 989..=995 | 6697 | 8443 => Application::Tls,
        554 => Application::Rtsp,
        1883 => Application::Mqtt,
        2049 => Application::Nfs,
        3306 => Application::Mysql,
        3389 => Application::Rdp,
        5060 => Application::Sip,
        5355 => Application::Llmnr,
        5432 => Application::Postgresql,
        5672 => Application::Amqp,
        5900..=5903 => Application::Vnc,
        6379 => Application::Redis,
        6881..=6889 => Application::BitTorrent,
        9418 => Application::Git,
        _ => return None,
    })
}

fn of_udp(port: u16) -> Option<Application> {
    Some(match port {
        53 => Application::Dns,
        67 | 68 => Application::Dhcp,
        69 => Application::Tftp,
        88 => Application::Kerberos,
        123 => Application::Ntp,
        137 => Application::Nbns,
        138 => Application::Nbdgm,
        161 | 162 => Application::Snmp,
        389 => Application::Ldap,
        443 => Application::Quic,
        500 | 4500 => Application::Isakmp,
        514 => Application::Syslog,
        520 => Application::Rip,
        546 | 547 => Application::Dhcpv6,
        1812 | 1813 => Application::Radius,
        1900 => Application::Ssdp,
        2049 => Application::Nfs,
        3478 => Application::Stun,
        5060 => Application::Sip,
        5353 => Application::Mdns,
        5355 => Application::Llmnr,
        51820 => Application::WireGuard,
        _ => return None,
    })
}
