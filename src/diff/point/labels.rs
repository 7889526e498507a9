//! What tells one packet of a protocol from another, where addresses and ports may have been translated: TCP has its sequence numbers,
//! others have what stands here.

use crate::diff::Digester;
use crate::dissect::network::{icmp, icmpv6};
use crate::dissect::{Dissection, Network};

/// Two numbers that stay the same on a packet's way, and one of 16 bits that says what kind of message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) kind: u16,
    /// How many bytes of the payload are a header that a translator may change.
    pub(super) header: usize,
    /// Whether the payload is a quotation, which a translator changes in.
    pub(super) quotes: bool,
}

/// Ports that DNS, multicast DNS and LLMNR are spoken on.
const NAME_PORTS: [u16; 3] = [53, 5353, 5355];
/// The header of a DNS message (RFC 1035 section 4.1.1).
const DNS_HEADER: usize = 12;

/// The labels of a UDP datagram: of DNS the identification and the question, else how it begins.
pub(super) fn of_datagram(payload: &[u8], ports: [u16; 2], digester: &Digester) -> Labels {
    let number = |at: usize| payload.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_be_bytes);
    if ports.iter().any(|port| NAME_PORTS.contains(port)) && payload.len() >= DNS_HEADER {
        let question = question(payload).unwrap_or_default();
        let hashed = digester.of(question).value;
        // Query or response (RFC 1035 section 4.1.1, QR and OPCODE).
        return Labels { first: number(0).into(), second: hashed as u32, kind: number(2) & 0xf800, ..Labels::default() };
    }
    Labels { first: u32::from(number(0)) << 16 | u32::from(number(2)), ..Labels::default() }
}

/// The first question of a DNS message: its name, type and class (RFC 1035 section 4.1.2).
fn question(payload: &[u8]) -> Option<&[u8]> {
    let mut at = DNS_HEADER;
    loop {
        let length = usize::from(*payload.get(at)?);
        match length {
            0 => return payload.get(DNS_HEADER..at + 5),
            1..=63 => at += length + 1,
            // A pointer has nothing to point at in the first name.
            64.. => return None,
        }
    }
}

/// The labels of an ICMP message: of an echo its number and identifier, of an error the packet that it quotes. `None` where the packet
/// holds none.
pub(super) fn of_icmp(bytes: &[u8], dissection: &Dissection) -> Option<Labels> {
    let names = [icmp::PROTOCOL.name, icmpv6::PROTOCOL.name];
    let layer = dissection.layers.iter().rev().find(|layer| !layer.quoted && names.contains(&layer.protocol.name))?;
    let &[kind, code, _, _, a, b, c, d, ..] = bytes.get(layer.start..layer.end)? else { return None };
    let is_echo = matches!((layer.protocol.name == names[0], kind), (true, 0 | 8) | (false, 128 | 129));
    let kind = u16::from_be_bytes([kind, code]);
    if is_echo {
        let (first, second) = (u16::from_be_bytes([c, d]).into(), u16::from_be_bytes([a, b]).into());
        return Some(Labels { first, second, kind, header: 8, quotes: false });
    }
    let quoted = dissection.networks.iter().find(|network| network.quoted);
    let Some(quoted) = quoted else { return Some(Labels { kind, header: 4, ..Labels::default() }) };
    let transport = dissection.transports.iter().find(|transport| transport.quoted);
    let sequence = transport.and_then(|transport| transport.tcp).map(|tcp| tcp.sequence);
    let length = || transport.and_then(|transport| u32::try_from(transport.payload_length).ok()).unwrap_or_default();
    let identification = identification(bytes, dissection, quoted);
    Some(Labels { first: sequence.unwrap_or_else(length), second: identification, kind, header: 8, quotes: true })
}

/// IPv4: the identification. IPv6: the flow label, or the identification of a fragment.
pub(super) fn identification(bytes: &[u8], dissection: &Dissection, network: &Network) -> u32 {
    if let Some(part) = network.fragment {
        return part.identification;
    }
    let header = dissection.layers.get(network.layer).and_then(|layer| bytes.get(layer.start..)).unwrap_or_default();
    match (network.source.is_ipv4(), header) {
        (true, [_, _, _, _, high, low, ..]) => u16::from_be_bytes([*high, *low]).into(),
        (false, [_, high, middle, low, ..]) => u32::from_be_bytes([0, high & 0x0f, *middle, *low]),
        (true | false, _) => 0,
    }
}

/// The identification that the fragments of a datagram share, of which `own` is one and `whole` what they make: the header of IPv6 alone has
/// none (RFC 8200 section 4.5).
pub(super) fn of_fragment(own: &Dissection, whole: &Dissection) -> Option<u32> {
    let (own, whole) = (own.network()?, whole.network()?);
    let is_itself = (own.source, own.destination) == (whole.source, whole.destination);
    own.fragment.filter(|_| is_itself).map(|part| part.identification)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_is_told_apart_by_its_identification_and_its_question() {
        let digester = Digester::new();
        let message = |id: u8, flags: u8, name: &[u8], rest: &[u8]| {
            let mut bytes = vec![0, id, flags, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            bytes.push(name.len() as u8);
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(&[0, 0, 1, 0, 1]);
            bytes.extend_from_slice(rest);
            of_datagram(&bytes, [40000, 53], &digester)
        };
        assert_eq!(message(7, 1, b"example", b""), message(7, 1, b"example", b"an answer"));
        assert_ne!(message(7, 1, b"example", b""), message(7, 1, b"another", b""));
        assert_ne!(message(7, 1, b"example", b""), message(8, 1, b"example", b""));
        assert_ne!(message(7, 1, b"example", b""), message(7, 0x81, b"example", b""));
        // A name that does not end is no question.
        assert_eq!(of_datagram(&[0; 12], [53, 53], &digester).first, 0);
    }
}
