//! Whether what has a wrong checksum was taken by its receiver all the same: then it was right where it arrived.

use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::dissect::{Dissection, Network, Transport};
use crate::limits::Limits;
use std::net::IpAddr;

/// Ports of questions for names: the answer has the number of the question.
const NAMES: [u16; 4] = [53, 5353, 5355, 137];

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its receiver acknowledged or answered it.
    Taken,
    /// It was sent again before its receiver said anything.
    SentAgain,
}

/// A packet that waits, and whose it is: the place of its sender among the hosts, the kind of checksum, the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose {
    pub(super) host: usize,
    pub(super) kind: usize,
    pub(super) frame: u64,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    whose: Whose,
    /// From where to where.
    ends: [(IpAddr, u16); 2],
    sign: Sign,
}

/// What tells that the receiver took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// An acknowledgement of all from the first of these sequence numbers to the second.
    Acknowledgement(u32, u32),
    /// A message with this number: of a question for a name, or of an echo.
    Number([u8; 2]),
}

/// Packets whose receivers may still say that they took them.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    waiting: Vec<Waiting>,
}

impl Receipts {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// A packet has a wrong checksum.
    pub(super) fn wait(&mut self, whose: Whose, frame: &[u8], dissection: &Dissection) {
        let Some((ends, sign)) = sign(frame, dissection, false) else { return };
        if self.waiting.len() >= Limits::RECEIPTS_WAITING {
            self.waiting.remove(0);
        }
        self.waiting.push(Waiting { whose, ends, sign });
    }

    /// Takes a packet, whose own checksum is right or not: whether it tells something of those that wait.
    pub(super) fn hear(&mut self, frame: &[u8], dissection: &Dissection, is_right: bool, mut tell: impl FnMut(Whose, Fate)) {
        let Some(network) = dissection.network() else { return };
        let Some(ends) = ends(frame, dissection, network) else { return };
        let tcp = dissection.transport().and_then(|transport| transport.tcp);
        self.waiting.retain(|waiting| {
            let [from, to] = waiting.ends;
            let fate = match (waiting.sign, tcp) {
                (Sign::Acknowledgement(_, end), Some(tcp)) if ends == [to, from] => {
                    if tcp.flags & RST != 0 {
                        return false;
                    }
                    let is_behind = tcp.acknowledgement.wrapping_sub(end).cast_signed() >= 0;
                    (tcp.flags & ACK != 0 && is_behind).then_some(Fate::Taken)
                }
                (Sign::Acknowledgement(start, end), Some(tcp)) if ends == waiting.ends => {
                    let length = dissection.transport().map_or(0, length);
                    let reaches = |one: u32, other: u32| other.wrapping_sub(one).cast_signed() > 0;
                    let overlaps = reaches(tcp.sequence, end) && reaches(start, tcp.sequence.wrapping_add(length));
                    overlaps.then_some(Fate::SentAgain)
                }
                (Sign::Number(_), None) if ends == [to, from] => {
                    let says = sign(frame, dissection, true).is_some_and(|(_, sign)| sign == waiting.sign);
                    says.then_some(Fate::Taken)
                }
                (Sign::Number(_), None) if ends == waiting.ends => {
                    let repeats = sign(frame, dissection, false).is_some_and(|(_, sign)| sign == waiting.sign);
                    repeats.then_some(Fate::SentAgain)
                }
                (Sign::Acknowledgement(..) | Sign::Number(_), _) => None,
            };
            // The same with a wrong checksum again may be the same packet, captured at another place.
            if let Some(fate) = fate.filter(|fate| is_right || *fate == Fate::Taken) {
                tell(waiting.whose, fate);
            }
            fate.is_none()
        });
    }
}

/// From where to where a packet goes: addresses with ports, or with the identifier of an echo.
fn ends(frame: &[u8], dissection: &Dissection, network: &Network) -> Option<[(IpAddr, u16); 2]> {
    if network.fragment.is_some() {
        return None;
    }
    let [from, to] = match dissection.transport() {
        Some(transport) => [transport.source_port, transport.destination_port],
        None => [echo(frame, dissection)?.1; 2],
    };
    Some([(network.source, from), (network.destination, to)])
}

/// What would tell that a packet was taken; of an `answer`, what it tells.
fn sign(frame: &[u8], dissection: &Dissection, answer: bool) -> Option<([(IpAddr, u16); 2], Sign)> {
    let ends = ends(frame, dissection, dissection.network()?)?;
    let sign = match dissection.transport() {
        Some(transport) => match transport.tcp {
            Some(tcp) => {
                let end = tcp.sequence.wrapping_add(length(transport));
                (end != tcp.sequence).then_some(Sign::Acknowledgement(tcp.sequence, end))?
            }
            None if [500, 4500].contains(&transport.source_port) || [500, 4500].contains(&transport.destination_port) => {
                Sign::Number(key_exchange(frame.get(transport.payload_start..)?, answer)?)
            }
            None => {
                let port = if answer { transport.source_port } else { transport.destination_port };
                let number = frame.get(transport.payload_start..)?.first_chunk().copied();
                Sign::Number(number.filter(|_| NAMES.contains(&port))?)
            }
        },
        None => {
            let (is_answer, _, number) = echo(frame, dissection)?;
            (is_answer == answer).then_some(Sign::Number(number))?
        }
    };
    Some((ends, sign))
}

/// A message of a key exchange (IKE, RFC 7296 section 3.1): the last byte of its number, and one of its sender's number for the exchange. Of what is
/// heard, those of the message that it shows to have arrived: of an answer the question with the same number, of a question the answer to the one
/// before, as the next is only asked then (section 2.3). Version 1 has other numbers.
fn key_exchange(payload: &[u8], heard: bool) -> Option<[u8; 2]> {
    let message = payload.strip_prefix(&[0; 4]).filter(|rest| rest.len() >= 28).unwrap_or(payload);
    let is_second = message.get(17)? >> 4 == 2;
    let is_answer = message.get(19)? & 0x20 != 0;
    let number = message.get(23)?.wrapping_sub(u8::from(heard && !is_answer));
    is_second.then_some([*message.first()?, number])
}

/// How many sequence numbers a segment takes.
fn length(transport: &Transport) -> u32 {
    let flags = transport.tcp.map_or(0, |tcp| tcp.flags);
    let more = [SYN, FIN].into_iter().filter(|flag| flags & flag != 0).count();
    u32::try_from(transport.payload_length + more).unwrap_or(u32::MAX)
}

/// Whether an echo is the answer, its identifier and its number.
fn echo(frame: &[u8], dissection: &Dissection) -> Option<(bool, u16, [u8; 2])> {
    let layer = dissection.layers.iter().find(|layer| !layer.quoted && matches!(layer.protocol.name, "icmp" | "icmpv6"))?;
    let &[kind, _, _, _, i0, i1, s0, s1, ..] = frame.get(layer.start..layer.end)? else { return None };
    matches!(kind, 0 | 8 | 128 | 129).then_some((matches!(kind, 0 | 129), u16::from_be_bytes([i0, i1]), [s0, s1]))
}
