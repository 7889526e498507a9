//! ARP as the lessons read it: IPv4 on Ethernet, a question or an answer (RFC 826, RFC 5227).

use std::net::Ipv4Addr;

/// A question for a hardware address, or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// Whether it is an answer.
    pub is_reply: bool,
    /// The hardware address of whoever sends it.
    pub sender: [u8; 6],
    /// The address of whoever sends it; unspecified where it has none yet.
    pub sender_address: Ipv4Addr,
    /// The hardware address of the target: empty in a question.
    pub target: [u8; 6],
    /// The address that is asked for, or of the one that asked.
    pub target_address: Ipv4Addr,
}

impl Arp {
    /// Reads an ARP packet; `None` where it is about other links or protocols, or neither asks nor answers.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [0, 1 | 6, 8, 0, 6, 4, 0, operation @ (1 | 2), rest @ ..] = bytes else { return None };
        let (sender, rest) = rest.split_first_chunk::<6>()?;
        let (sender_address, rest) = rest.split_first_chunk::<4>()?;
        let (target, rest) = rest.split_first_chunk::<6>()?;
        let target_address = rest.first_chunk::<4>()?;
        Some(Self {
            is_reply: *operation == 2,
            sender: *sender,
            sender_address: (*sender_address).into(),
            target: *target,
            target_address: (*target_address).into(),
        })
    }

    /// Whether the sender has no address yet and asks whether the one it wants is taken (RFC 5227 1.1).
    #[must_use]
    pub fn is_probe(&self) -> bool {
        !self.is_reply && self.sender_address.is_unspecified()
    }

    /// Whether the sender speaks of its own address and asks nothing (RFC 5944 4.6; RFC 5227 1.1 calls the request an announcement).
    #[must_use]
    pub fn is_gratuitous(&self) -> bool {
        self.sender_address == self.target_address && !self.sender_address.is_unspecified()
    }
}
