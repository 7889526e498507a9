//! Colour, decided once: roles, and a palette that paints them or leaves them plain.

use crate::dissect::{Layer, Protocol};
use colored::Color;

/// What a piece of text is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// When.
    Time,
    /// Who.
    Address,
    /// What stands behind: offsets, meanings, notes.
    Dim,
    /// What deserves a look.
    Warning,
    /// What went wrong.
    Error,
    /// A layer of the link: Ethernet, tags, PPP.
    Link,
    /// A layer of the network: IP, ARP, ICMP.
    Network,
    /// A layer of the transport: TCP, UDP.
    Transport,
    /// What applications say.
    Application,
    /// Bytes that nobody is known for.
    Payload,
}

impl Role {
    /// The role of a layer: the same colour in the line, the tree and the bytes.
    #[must_use]
    pub fn of_layer(layer: &Layer) -> Self {
        Self::of_protocol(layer.protocol)
    }

    /// The role of a protocol, by the room that its parents' numbers put it in.
    #[must_use]
    pub fn of_protocol(protocol: &Protocol) -> Self {
        use crate::dissect::Selector::{IpProtocol, TcpContent, TcpPort, UdpContent, UdpPort};
        match protocol.name {
            "data" => return Self::Payload,
            "tcp" | "udp" | "sctp" => return Self::Transport,
            "ip" | "ipv6" | "arp" => return Self::Network,
            _ => {}
        }
        match protocol.claims.first() {
            Some(TcpPort(_) | UdpPort(_) | TcpContent(_) | UdpContent(_)) => Self::Application,
            Some(IpProtocol(_)) => Self::Network,
            Some(_) | None => Self::Link,
        }
    }

    fn prefix(self) -> String {
        let color = match self {
            Self::Time | Self::Dim => return "\x1b[2m".to_owned(),
            Self::Address => return String::new(),
            Self::Warning => Color::Yellow,
            Self::Error => Color::Red,
            Self::Link => Color::BrightBlack,
            Self::Network => Color::Cyan,
            Self::Transport => Color::Blue,
            Self::Application => Color::Green,
            Self::Payload => Color::BrightBlack,
        };
        format!("\x1b[{}m", color.to_fg_str())
    }
}

const ROLES: [Role; 10] = [
    Role::Time,
    Role::Address,
    Role::Dim,
    Role::Warning,
    Role::Error,
    Role::Link,
    Role::Network,
    Role::Transport,
    Role::Application,
    Role::Payload,
];

/// The colours in use: all of them, or none.
#[derive(Clone, Debug)]
pub struct Palette {
    /// A prefix a role, in the order of [`ROLES`]; none at all where nothing is coloured.
    prefixes: Option<[String; ROLES.len()]>,
}

impl Palette {
    /// No colours.
    #[must_use]
    pub const fn plain() -> Self {
        Self { prefixes: None }
    }

    /// Colours for a terminal.
    #[must_use]
    pub fn coloured() -> Self {
        Self { prefixes: Some(ROLES.map(Role::prefix)) }
    }

    /// Appends what `text` appends, in the colour of a layer.
    pub fn paint_layer(&self, out: &mut Vec<u8>, layer: &Layer, text: impl FnOnce(&mut Vec<u8>)) {
        if self.prefixes.is_some() { self.paint(out, Role::of_layer(layer), text) } else { text(out) }
    }

    /// Appends what `text` appends, in the colour of its role.
    pub fn paint(&self, out: &mut Vec<u8>, role: Role, text: impl FnOnce(&mut Vec<u8>)) {
        let prefix = self.prefixes.as_ref().map(|prefixes| &prefixes[role as usize]).filter(|prefix| !prefix.is_empty());
        match prefix {
            None => text(out),
            Some(prefix) => {
                out.extend_from_slice(prefix.as_bytes());
                text(out);
                out.extend_from_slice(b"\x1b[0m");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stand_at_their_own_places() {
        for (place, role) in ROLES.iter().enumerate() {
            assert_eq!(place, *role as usize);
        }
    }

    #[test]
    fn a_plain_palette_adds_nothing() {
        let (mut plain, mut coloured) = (Vec::new(), Vec::new());
        Palette::plain().paint(&mut plain, Role::Error, |out| out.extend_from_slice(b"x"));
        Palette::coloured().paint(&mut coloured, Role::Error, |out| out.extend_from_slice(b"x"));
        assert_eq!(plain, b"x");
        assert_eq!(coloured, b"\x1b[31mx\x1b[0m");
    }
}
