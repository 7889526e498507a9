//! Words that several parts of a story use.

use crate::conversation::Names;
use crate::conversation::application::Application;
use crate::explain::story::{Clock, What};
use crate::render::number::push_address;
use crate::render::sentence::{Grouped, Sentence, Took};
use std::fmt;
use std::net::IpAddr;

/// A host as it is called, with its address: `www.example.com (10.130.1.4)`.
#[derive(Clone, Copy)]
pub(super) struct Who<'a>(pub(super) IpAddr, pub(super) &'a Names);

impl fmt::Display for Who<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        match self.1.called(self.0) {
            Some(_) => {
                crate::render::name::push_name(&mut text, self.1, self.0);
                text.extend_from_slice(b" (");
                push_address(&mut text, self.0);
                text.push(b')');
            }
            None => push_address(&mut text, self.0),
        }
        formatter.write_str(&String::from_utf8_lossy(&text))
    }
}

/// Appends the frames that show something: ` (frames 3-5, 9)`.
pub(super) fn say_frames(sentence: &mut Sentence<'_>, frames: &[u64]) {
    let mut frames: Vec<u64> = frames.to_vec();
    frames.sort_unstable();
    frames.dedup();
    let Some(first) = frames.first().copied() else { return };
    sentence.say(if frames.len() > 1 { " (frames " } else { " (frame " });
    let mut run = (first, first);
    let mut any = false;
    let mut say_run = |sentence: &mut Sentence<'_>, (from, to): (u64, u64)| {
        sentence.say(if any { ", " } else { "" });
        any = true;
        match to - from {
            0 => write!(sentence, "{from}"),
            1 => write!(sentence, "{from}, {to}"),
            _ => write!(sentence, "{from}-{to}"),
        }
    };
    for frame in frames.into_iter().skip(1) {
        if frame == run.1 + 1 {
            run.1 = frame;
        } else {
            say_run(sentence, run);
            run = (frame, frame);
        }
    }
    say_run(sentence, run);
    sentence.say(")");
}

/// A VLAN by its number (IEEE 802.1Q clause 9.6); one in another with both, the outer one first.
#[derive(Clone, Copy)]
pub(super) struct Vlan(pub(super) u32);

impl fmt::Display for Vlan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [outer, inner] = [self.0 >> 12, self.0 & 0x0fff];
        if outer > 0 {
            write!(formatter, "{}.", Self(outer))?;
        }
        write!(formatter, "{inner}")
    }
}

/// How many ports are listed where not everything is told.
const PORTS: usize = 12;

/// Says at which other ports of the same host something is so.
pub(super) fn say_other_ports(sentence: &mut Sentence<'_>, ports: &[u16]) {
    sentence.say(if ports.len() == 1 { "So it is at port " } else { "So it is at ports " });
    list_ports(sentence, ports);
    sentence.say(" of that host too");
}

/// Lists ports: the first of many.
pub(super) fn list_ports(sentence: &mut Sentence<'_>, ports: &[u16]) {
    match ports.get(..PORTS).filter(|_| ports.len() > PORTS + 1) {
        None => sentence.list(ports),
        Some(first) => {
            for port in first {
                write!(sentence, "{port}, ");
            }
            write!(sentence, "and {} more", Grouped((ports.len() - first.len()) as u64));
        }
    }
}

/// How long something took, as far as the clock can tell.
#[derive(Clone, Copy)]
pub(super) struct Measured<'a>(pub(super) i64, pub(super) &'a Clock);

impl fmt::Display for Measured<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1.step {
            Some(step) if self.0 < step => write!(formatter, "less than {}", Took(step)),
            Some(_) | None => write!(formatter, "{}", Took(self.0)),
        }
    }
}

/// The words for notes: for one of them, and for several.
pub(super) const NOTE: [&str; 2] = ["note", "notes"];

/// The words for a kind of events: for one of them, and for several.
pub(super) fn kind(what: &What) -> [&'static str; 2] {
    match what {
        What::Resolved(_) => ["question for a hardware address", "questions for a hardware address"],
        What::Announced(_) => ["announcement of a hardware address", "announcements of a hardware address"],
        What::Probed(_) => ["check whether an address is free", "checks whether an address is free"],
        What::Leased(_) => ["lease of an address", "leases of an address"],
        What::Leased6(_) => ["lease by DHCPv6", "leases by DHCPv6"],
        What::Advertised { .. } => ["router that advertises itself", "routers that advertise themselves"],
        What::Beaconed(_) => ["access point", "access points"],
        What::Joined(_) => ["station that wants to join a network", "stations that want to join a network"],
        What::LookedUp(_) => ["look-up", "look-ups"],
        What::Held(_) => ["conversation", "conversations"],
        What::Pinged(_) => ["ping", "pings"],
        What::Traced(_) => ["traced way", "traced ways"],
        What::Reported(_) => ["report of an error", "reports of an error"],
        What::Fragmented(_) => ["pair of hosts with datagrams in fragments", "pairs of hosts with datagrams in fragments"],
        What::Explained(_) => NOTE,
    }
}

/// The word for a kind of events, for programs.
pub(super) fn kind_key(what: &What) -> &'static str {
    match what {
        What::Resolved(_) => "address-resolution",
        What::Announced(_) => "announcement",
        What::Probed(_) => "probe",
        What::Leased(_) => "lease",
        What::Leased6(_) => "lease-ipv6",
        What::Advertised { .. } => "router-advertisement",
        What::Beaconed(_) => "access-point",
        What::Joined(_) => "wireless-join",
        What::LookedUp(_) => "lookup",
        What::Held(_) => "conversation",
        What::Pinged(_) => "ping",
        What::Traced(_) => "traceroute",
        What::Reported(_) => "icmp-error",
        What::Fragmented(_) => "fragments",
        What::Explained(_) => "explanation",
    }
}

/// What people call an application.
pub(super) fn application(application: Application) -> String {
    match application {
        Application::BitTorrent | Application::BitTorrentTable => "BitTorrent".to_owned(),
        Application::Dhcpv6 => "DHCPv6, addresses for hosts".to_owned(),
        Application::Dns => "DNS, the names of hosts".to_owned(),
        Application::FtpData => "a file of FTP".to_owned(),
        Application::Http => "HTTP, the web".to_owned(),
        Application::Imap => "IMAP, reading mail".to_owned(),
        Application::Irc => "IRC, chat".to_owned(),
        Application::Mdns => "multicast DNS".to_owned(),
        Application::Mysql => "MySQL".to_owned(),
        Application::Ntp => "NTP, the time".to_owned(),
        Application::Pop => "POP3, fetching mail".to_owned(),
        Application::Postgresql => "PostgreSQL".to_owned(),
        Application::Smtp => "SMTP, sending mail".to_owned(),
        Application::Ssdp => "SSDP, finding devices".to_owned(),
        Application::Ssh => "SSH, an encrypted shell".to_owned(),
        Application::Syslog => "syslog, log messages".to_owned(),
        Application::Telnet => "Telnet, a shell in clear".to_owned(),
        Application::Tls => "TLS, encrypted".to_owned(),
        Application::WireGuard => "WireGuard, an encrypted tunnel".to_owned(),
        other => other.name().to_uppercase(),
    }
}

/// Its short name.
pub(super) fn short(application: Application) -> String {
    match application {
        Application::BitTorrent | Application::BitTorrentTable => "BitTorrent".to_owned(),
        Application::Dhcpv6 => "DHCPv6".to_owned(),
        Application::WireGuard => "WireGuard".to_owned(),
        Application::Mysql => "MySQL".to_owned(),
        Application::Postgresql => "PostgreSQL".to_owned(),
        other => other.name().to_uppercase(),
    }
}
