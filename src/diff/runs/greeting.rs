//! What protocols say in clear that are no lines, as lines: how SSH greets and what it offers, what messages of DHCP ask for and give, in which
//! version QUIC begins.

use super::collect::Room;
use super::field::Field;
use super::run::{Item, ItemKind, Value};
use crate::conversation::Side;
use crate::limits::Limits;
use crate::reassembly::Origin;

/// What a message of SSH that offers algorithms is for, by the place in it (RFC 4253 section 7.1).
const OFFERS: [&str; 8] = [
    "key exchange",
    "host key",
    "cipher to the server",
    "cipher to the client",
    "MAC to the server",
    "MAC to the client",
    "compression to the server",
    "compression to the client",
];

/// The beginnings of both sides of a connection.
#[derive(Debug, Default)]
pub(super) struct Greeting {
    sides: [Vec<u8>; 2],
    first: [Origin; 2],
    /// Whether the capture lacks some of it, from which on nothing can be read.
    is_over: [bool; 2],
}

impl Greeting {
    /// Hears the next bytes of a side; none where the capture lacks some.
    pub(super) fn hear(&mut self, from: Side, bytes: Option<&[u8]>, origin: Origin, room: &mut Room) {
        let place = from.index();
        let (Some(own), Some(first), Some(is_over)) = (self.sides.get_mut(place), self.first.get_mut(place), self.is_over.get_mut(place))
        else {
            return;
        };
        let Some(bytes) = bytes.filter(|_| !*is_over) else {
            *is_over = true;
            return;
        };
        *first = if first.frame == 0 { origin } else { *first };
        let kept = Limits::GREETING_KEPT.saturating_sub(own.len()).min(bytes.len()).min(room.bytes);
        room.bytes -= kept;
        own.extend_from_slice(bytes.get(..kept).unwrap_or_default());
    }

    /// What both sides said, the originator first: which one of them is faster is chance.
    pub(super) fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for (side, (bytes, first)) in [Side::Originator, Side::Responder].into_iter().zip(self.sides.iter().zip(self.first)) {
            items.extend(ssh(bytes).into_iter().map(|said| line(side, said, first)));
        }
        items
    }
}

/// A line that somebody said, as what is compared of it.
pub(super) fn line(from: Side, said: Vec<u8>, origin: Origin) -> Item {
    let mut item = Item::new(ItemKind::Line(from), origin, origin.frame);
    item.push(Field::Line, Value::Line { said: said.into(), lasting: None });
    item
}

/// Who a side of SSH is, and what it offers (RFC 4253 sections 4.2 and 7.1).
fn ssh(bytes: &[u8]) -> Vec<Vec<u8>> {
    // Lines may stand before the one that counts.
    let mut rest = bytes;
    let mut lines = Vec::new();
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let (own, behind) = rest.split_at(end + 1);
        rest = behind;
        let own = own.trim_ascii_end();
        let is_version = own.starts_with(b"SSH-");
        lines.push(own.to_vec());
        if is_version {
            lines.extend(offers(rest).unwrap_or_default());
            break;
        }
    }
    lines
}

fn offers(packet: &[u8]) -> Option<Vec<Vec<u8>>> {
    const OFFER: u8 = 20;
    // The length of the packet and of its padding, the kind of message, and 16 bytes that are made up.
    let (head, mut rest) = packet.split_first_chunk::<22>()?;
    if head.get(5) != Some(&OFFER) {
        return None;
    }
    let mut lines = Vec::new();
    for what in OFFERS {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (names, behind) = behind.split_at_checked(length)?;
        lines.push([what.as_bytes(), b": ", names].concat());
        rest = behind;
    }
    Some(lines)
}

/// What a message of DHCP is for, and the address that it is about (RFC 2131, RFC 2132 sections 9.1 and 9.6).
pub(super) fn dhcp(message: &[u8]) -> Option<Vec<u8>> {
    const KINDS: [&str; 8] = ["DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"];
    let given: [u8; 4] = message.get(16..20)?.try_into().ok()?;
    let mut options = message.get(236..)?.strip_prefix(&[99, 130, 83, 99])?;
    let (mut kind, mut asked) = (None, None);
    loop {
        options = match *options {
            [0, ref rest @ ..] => rest,
            [255, ..] | [] | [_] => break,
            [option, length, ref rest @ ..] => {
                let (value, rest) = rest.split_at_checked(length.into())?;
                match (option, value) {
                    (53, [number]) => kind = KINDS.get(usize::from(*number).checked_sub(1)?),
                    (50, [a, b, c, d]) => asked = Some([*a, *b, *c, *d]),
                    (_, _) => {}
                }
                rest
            }
        };
    }
    let about = asked.or(Some(given).filter(|given| *given != [0; 4]));
    let mut said = kind?.as_bytes().to_vec();
    for (place, octet) in about.into_iter().flatten().enumerate() {
        said.push(if place == 0 { b' ' } else { b'.' });
        let digits = [100, 10, 1].into_iter().filter(|unit| octet >= *unit || *unit == 1);
        said.extend(digits.map(|unit| b'0' + octet / unit % 10));
    }
    Some(said)
}

/// With what a packet of QUIC begins a connection, or refuses to: its version and kind (RFC 9000 section 17.2, RFC 9369 section 3.2).
pub(super) fn quic(datagram: &[u8]) -> Option<&'static [u8]> {
    let [first @ 0x80..=0xff, version @ .., _] = datagram.first_chunk::<6>()? else { return None };
    let kind = first >> 4 & 3;
    let said: &[u8] = match (u32::from_be_bytes(*version), kind) {
        (0, _) => b"version negotiation",
        (1, 0) => b"initial, version 1",
        (1, 3) => b"retry, version 1",
        (0x6b33_43cf, 1) => b"initial, version 2",
        (0x6b33_43cf, 0) => b"retry, version 2",
        // Whether more of the handshake stands behind it, and in which order, is chance.
        (_, _) => return None,
    };
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: Vec<Vec<u8>>) -> Vec<String> {
        lines.into_iter().map(|line| String::from_utf8(line).expect("text")).collect()
    }

    #[test]
    fn a_server_of_ssh_says_who_it_is_and_what_it_offers() {
        let mut packet = vec![0, 0, 0, 99, 4, 20];
        packet.extend([7; 16]);
        for names in ["kex", "key", "a,b", "a", "", "mac", "none", "none"] {
            packet.extend((names.len() as u32).to_be_bytes());
            packet.extend(names.bytes());
        }
        let all = [&b"hello\r\nSSH-2.0-test_1 here\r\n"[..], &packet].concat();
        let said = text(ssh(&all));
        assert_eq!(said[..4], ["hello", "SSH-2.0-test_1 here", "key exchange: kex", "host key: key"]);
        assert_eq!((said.len(), said[5].as_str()), (10, "cipher to the client: a"));
        // Cut anywhere it tells less, and panics nowhere.
        for end in 0..all.len() {
            assert!(ssh(&all[..end]).len() <= 2);
        }
    }

    #[test]
    fn a_packet_of_quic_by_its_kind_and_version() {
        let told = |bytes: &[u8]| quic(bytes).map(|said| str::from_utf8(said).expect("text"));
        assert_eq!(told(&[0xc3, 0, 0, 0, 1, 8, 0]), Some("initial, version 1"));
        assert_eq!(told(&[0xf0, 0, 0, 0, 1, 8, 0]), Some("retry, version 1"));
        assert_eq!(told(&[0xd0, 0x6b, 0x33, 0x43, 0xcf, 0]), Some("initial, version 2"));
        assert_eq!(told(&[0x80, 0, 0, 0, 0, 0]), Some("version negotiation"));
        assert_eq!([told(&[0x43, 0, 0, 0, 1, 8]), told(&[0xe3, 0, 0, 0, 1, 8]), told(&[0xc3, 0, 0])], [None; 3]);
    }

    #[test]
    fn a_message_of_dhcp_by_its_kind_and_address() {
        let message = |options: &[u8], given: [u8; 4]| {
            let mut bytes = vec![0; 236];
            bytes[16..20].copy_from_slice(&given);
            [&bytes[..], &[99, 130, 83, 99], options].concat()
        };
        let told = |bytes: &[u8]| dhcp(bytes).map(|line| String::from_utf8(line).expect("text"));
        assert_eq!(told(&message(&[0, 53, 1, 3, 50, 4, 10, 200, 105, 7, 255], [0; 4])).as_deref(), Some("REQUEST 10.200.105.7"));
        assert_eq!(told(&message(&[53, 1, 2, 255], [10, 0, 0, 8])).as_deref(), Some("OFFER 10.0.0.8"));
        assert_eq!(told(&message(&[53, 1, 1], [0; 4])).as_deref(), Some("DISCOVER"));
        assert_eq!(told(&message(&[53, 9, 1], [0; 4])), None);
        assert_eq!(told(&[0; 30]), None);
    }
}
