//! What is kept of one packet.

use crate::conversation::Side;
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::frame::Timestamp;
use std::hash::Hash;

/// Time that is not known.
pub(super) const NO_TIME: i64 = i64::MIN;

/// What verifying the checksum of TCP or UDP gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Checks {
    /// It was not looked at, or could not be.
    Unknown,
    /// It adds up.
    Good,
    /// It does not.
    Bad,
    /// It is the sum of the pseudo-header alone, which an operating system leaves for the network card to complete.
    Partial,
}

/// A packet as one point saw it. There are millions of these: numbers stand in for what is long.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    pub(super) time: i64,
    /// The frame; of a packet that came in fragments the one that completed it.
    pub frame: u64,
    pub(in crate::diff) digest: u64,
    /// The index of its conversation in [`super::Point::conversations`]; past its end where it is no IP packet.
    pub conversation: u32,
    /// The index of its hardware addresses in [`super::Point::links`].
    pub link: u32,
    /// TCP: the sequence number. DNS: the identification. Echo: the sequence number. Else what tells packets of its protocol apart.
    pub sequence: u32,
    /// TCP: the acknowledgement number. DNS: what its question hashes to. Echo: the identifier.
    pub acknowledgement: u32,
    /// TCP: the sender's timestamp, 0 where it has none.
    pub timestamp_value: u32,
    /// TCP: the timestamp that it answers, 0 where it has none.
    pub timestamp_echo: u32,
    /// TCP: what its options but the timestamps hash to; of a SYN the index in [`super::Point::options`]. See [`super::Point::knows_options`].
    pub options: u32,
    /// IPv4: the identification. IPv6: the flow label, or of what came in fragments their identification.
    pub identification: u32,
    /// Bytes of payload on the wire: of TCP or UDP, else of IP, else of the link.
    pub length: u32,
    /// TCP flags; of ICMP the type and the code.
    pub flags: u16,
    /// TCP: the window, not scaled.
    pub window: u16,
    /// How many frames it came in: more than 1 where it was cut into fragments.
    pub pieces: u16,
    /// The IP protocol it carries; 0 and no conversation where it is no IP packet.
    pub protocol: u8,
    /// Time to live, hop limit.
    pub hop_limit: u8,
    /// Differentiated services and congestion notification.
    pub traffic_class: u8,
    pub(super) marks: u8,
    /// Whether it is another frame once more: the same bytes at the same moment, as where files were put together that share frames.
    pub is_repeated: bool,
    /// What verifying its checksum gave.
    pub checksum: Checks,
}

/// It was sent by the responder.
pub(super) const FROM_RESPONDER: u8 = 1;
/// The capture cut it.
pub(super) const CUT: u8 = 2;
/// Routers must not cut it.
pub(super) const DONT_FRAGMENT: u8 = 4;
/// Some of its fragments are not there.
pub(super) const INCOMPLETE: u8 = 8;
/// The machine that captured received it.
pub(super) const INBOUND: u8 = 16;
/// The machine that captured sent it.
pub(super) const OUTBOUND: u8 = 32;
/// It does not leave its link: its receiver is everybody there, or its protocol is of the link alone.
pub(super) const OF_THE_LINK: u8 = 64;
/// It is IPv6.
pub(super) const VERSION_6: u8 = 128;

/// In the place of options that the capture cut.
pub(super) const OPTIONS_CUT: u32 = u32::MAX;

impl Sighting {
    /// When it came; of a packet that came in fragments, when the last of them did.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        (self.time != NO_TIME).then_some(Timestamp::from_nanoseconds(self.time))
    }

    /// Who of its conversation sent it.
    #[must_use]
    pub fn from(&self) -> Side {
        if self.is(FROM_RESPONDER) { Side::Responder } else { Side::Originator }
    }

    fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// Whether the capture kept less of it than was on the wire.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is(CUT)
    }

    /// Whether routers must not cut it (RFC 791 section 3.1).
    #[must_use]
    pub fn must_not_be_cut(&self) -> bool {
        self.is(DONT_FRAGMENT)
    }

    /// Whether some of its fragments are not there.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.is(INCOMPLETE)
    }

    /// Whether the machine that captured it says that it received it.
    #[must_use]
    pub fn was_received(&self) -> bool {
        self.is(INBOUND)
    }

    /// Whether the machine that captured it says that it sent it.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.is(OUTBOUND)
    }

    /// Whether it does not leave its link: for everybody on it, or of a protocol of the link alone.
    #[must_use]
    pub fn is_of_the_link(&self) -> bool {
        self.is(OF_THE_LINK)
    }

    /// Whether it is IPv6.
    #[must_use]
    pub fn is_version_6(&self) -> bool {
        self.is(VERSION_6)
    }

    /// Whether it is a segment of TCP.
    #[must_use]
    pub fn is_tcp(&self) -> bool {
        self.protocol == 6
    }

    /// Whether it is an echo request or reply (RFC 792, RFC 4443 section 4): its identifier is translated as a port is.
    #[must_use]
    pub fn is_echo(&self) -> bool {
        matches!((self.protocol, self.flags), (1, 0x0000 | 0x0800) | (58, 0x8000 | 0x8100))
    }

    fn has(&self, flag: u16) -> bool {
        self.is_tcp() && self.flags & flag != 0
    }

    /// Whether it is a SYN or a SYN-ACK.
    #[must_use]
    pub fn is_syn(&self) -> bool {
        self.has(SYN)
    }

    /// Whether it is a FIN.
    #[must_use]
    pub fn is_fin(&self) -> bool {
        self.has(FIN)
    }

    /// Whether it is a reset.
    #[must_use]
    pub fn is_reset(&self) -> bool {
        self.has(RST)
    }

    /// Whether it acknowledges something.
    #[must_use]
    pub fn acknowledges(&self) -> bool {
        self.has(ACK)
    }

    /// All but the frame's number: what is the same in a frame that is another once more.
    pub(super) fn all_but_frame(&self) -> impl Hash + Eq + use<> {
        let marks = self.marks & !(INBOUND | OUTBOUND);
        let numbers = [
            self.conversation,
            self.link,
            self.sequence,
            self.acknowledgement,
            self.timestamp_value,
            self.timestamp_echo,
            self.options,
            self.identification,
            self.length,
        ];
        (self.digest, numbers, (self.flags, self.window, self.pieces), (self.protocol, self.hop_limit, self.traffic_class, marks))
    }

    /// How many sequence numbers it takes: its bytes, and one each for SYN and FIN.
    #[must_use]
    pub fn sequence_length(&self) -> u32 {
        self.length.saturating_add(u32::from(self.is_syn())).saturating_add(u32::from(self.is_fin()))
    }
}
