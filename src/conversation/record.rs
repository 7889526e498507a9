//! What is known of one conversation.

use super::Side;
use crate::frame::Timestamp;
use crate::reassembly::stream::Stream;
use std::net::IpAddr;

/// What a conversation is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// TCP segments between two ports.
    Tcp,
    /// UDP datagrams between two ports.
    Udp,
    /// ICMP or ICMPv6 echoes with one identifier.
    Echo,
    /// Packets of another IP protocol, by its number, between two addresses; between two ports where it has some (SCTP).
    Other(u8),
}

/// An end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its address.
    pub address: IpAddr,
    /// Its port; the identifier for echoes, 0 where there is none.
    pub port: u16,
}

/// What one side sent.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Bytes of its frames on the wire.
    pub bytes: u64,
    /// Bytes of payload, each place of the stream counted once.
    pub payload: u64,
    /// Its frames.
    pub frames: u32,
    /// Segments that hold bytes which were sent before.
    pub retransmitted: u32,
    /// The shortest and the longest time from a segment of this side to its acknowledgement, in microseconds; 0 and 0 where none was seen.
    pub round_trip: [u32; 2],
    pub(super) stream: Stream,
    /// Since which segment of the conversation (counted from 1) bytes of this side are acknowledged that have not come; 0 where none are.
    pub(super) stalled: u32,
    /// How often in a row it has acknowledged the same because something is missing.
    pub(super) asking: u8,
    /// The window it last told, not scaled.
    pub(super) window: u16,
    /// What it did, in the lower four bits; the shift of its window in the others.
    marks: u8,
}

impl Sent {
    pub(super) fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    pub(super) fn mark(&mut self, mark: u8) {
        self.marks |= mark;
    }

    pub(super) fn set_window_shift(&mut self, shift: u8) {
        self.marks = self.marks & 0x0f | shift << 4;
    }

    /// A segment was acknowledged after so many nanoseconds, if that is known.
    pub(super) fn time_round_trip(&mut self, took: Option<i64>) {
        let Some(took) = took else { return };
        let took = u32::try_from(took / 1000).unwrap_or(0).max(1);
        let [shortest, longest] = &mut self.round_trip;
        *shortest = if *shortest == 0 { took } else { took.min(*shortest) };
        *longest = took.max(*longest);
    }

    /// How many bytes it can take, as it last said.
    pub(super) fn window_bytes(&self) -> u64 {
        u64::from(self.window) << (self.marks >> 4)
    }
}

/// It sent a SYN.
pub(super) const SYNCHRONIZED: u8 = 1;
/// It sent a FIN.
pub(super) const FINISHED: u8 = 2;
/// It sent a reset that its peer takes.
pub(super) const RESET: u8 = 4;
/// It sent something behind its SYN: an acknowledgement or data.
pub(super) const SPOKE: u8 = 8;

/// How a TCP conversation stands at the end of the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A SYN that nobody answered, as far as the capture shows: who sends more than SYNs has been answered.
    Unanswered,
    /// A SYN that was answered with a reset.
    Refused,
    /// SYN and SYN-ACK, and nothing after them.
    HalfOpen,
    /// Open: both ends may speak.
    Open,
    /// This side has said everything; the other may still speak.
    HalfClosed(Side),
    /// Both ends have said everything; this side said so first.
    Closed(Side),
    /// This side reset it.
    Reset(Side),
}

/// What goes wrong now and then, and is not kept where it does not. Arrays hold both sides, the originator first; each counts what that
/// side sent.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    /// Holes in its stream, and the bytes that are missing.
    pub gaps: [Count; 2],
    /// Bytes that came again, the same, and in how many segments.
    pub overlaps: [Count; 2],
    /// Bytes that came again as others, and in how many segments.
    pub conflicts: [Count; 2],
    /// Bytes for a place whose first bytes are not remembered: they could not be compared.
    pub forgotten: [Count; 2],
    /// Bytes behind the end of the stream, or far out of its reach.
    pub beyond: [Count; 2],
    /// Segments that came behind one that was sent after them.
    pub out_of_order: [u32; 2],
    /// Acknowledgements that say the same again because something is missing.
    pub duplicate_acknowledgements: [u32; 2],
    /// How often it said that it can take no more.
    pub zero_windows: [u32; 2],
    /// How often that became so: who is full says it again to every probe.
    pub became_full: [u32; 2],
    /// Probes whether the other side still lives (RFC 9293 section 3.8.4).
    pub keep_alives: [u32; 2],
    /// Segments with urgent bytes; they are read where they stand in the stream (RFC 6093).
    pub urgent: [u32; 2],
    /// Resets that its peer does not take: out of the window, or before there was an answer.
    pub stray_resets: [u32; 2],
    /// Frames that are the same packet, captured at another place of its way or twice at one.
    pub copies: [u32; 2],
    /// The limit of bytes that wait behind a hole bit, and declared it.
    pub limited: [u32; 2],
    pub(super) other_synchronize: Option<u32>,
}

/// How often, and how many bytes in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub times: u32,
    /// Bytes in all.
    pub bytes: u64,
}

impl Count {
    pub(super) fn add(&mut self, bytes: u64) {
        if bytes > 0 {
            self.times = self.times.saturating_add(1);
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }
}

/// A moment that may be unknown, in the room of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

impl Moment {
    pub(super) const UNKNOWN: Self = Self(i64::MIN);

    pub(super) fn get(self) -> Option<Timestamp> {
        (self != Self::UNKNOWN).then_some(Timestamp::from_nanoseconds(self.0))
    }
}

impl From<Option<Timestamp>> for Moment {
    fn from(time: Option<Timestamp>) -> Self {
        time.map_or(Self::UNKNOWN, |time| Self(time.nanoseconds()))
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Its number: the first conversation of the capture has 0.
    pub id: u64,
    /// What it is made of.
    pub kind: Kind,
    /// Both ends, the originator first.
    pub ends: [Endpoint; 2],
    /// What each sent, the originator first.
    pub sent: [Sent; 2],
    /// The frame that it begins with.
    pub first_frame: u64,
    pub(super) first: Moment,
    pub(super) last: Moment,
    /// Microseconds from the SYN to the SYN-ACK and to the acknowledgement of that; `u32::MAX` where it was not seen.
    pub(super) handshake: [u32; 2],
    pub(super) marks: u8,
    /// The time to live (hop limit) that the last packet of each side had; 0 before there is one.
    pub(super) hop_limits: [u8; 2],
    pub(super) incidents: Option<Box<Incidents>>,
}

/// Nothing more is told of it.
pub(super) const OVER: u8 = 1;
/// Who began it was seen, not inferred.
pub(super) const BEGINNING_SEEN: u8 = 2;
/// The responder said first that it has said everything.
pub(super) const RESPONDER_CLOSED: u8 = 4;
/// Pieces of it were told: its sides stay as they are.
pub(super) const TOLD: u8 = 8;
/// Its first segment neither begins a connection nor belongs to one.
pub(super) const BEGINS_ODDLY: u8 = 16;
/// It was put away to make room: its slot waits for another.
pub(super) const AWAY: u8 = 32;

impl Conversation {
    /// An end.
    #[must_use]
    pub fn end(&self, side: Side) -> &Endpoint {
        &self.ends[side.index()]
    }

    /// When it began.
    #[must_use]
    pub fn first(&self) -> Option<Timestamp> {
        self.first.get()
    }

    /// When its last frame came.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.last.get()
    }

    /// The time to live (hop limit) of the last packet that a side sent; `None` where it sent none.
    #[must_use]
    pub fn hop_limit(&self, side: Side) -> Option<u8> {
        Some(self.hop_limits[side.index()]).filter(|limit| *limit != 0)
    }

    /// All its frames.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.sent.iter().map(|sent| u64::from(sent.frames)).sum()
    }

    /// How far this side was acknowledged, and one past the last byte that it sent, where its beginning is known. A FIN counts as one
    /// byte in what is acknowledged and not in what was sent.
    #[must_use]
    pub fn progress(&self, side: Side) -> Option<(u64, u64)> {
        let stream = &self.sent[side.index()].stream;
        stream.is_begun().then(|| (stream.acknowledged(), stream.highest()))
    }

    /// Whether the other side has acknowledged bytes of this one that are not in the capture so far.
    #[must_use]
    pub fn lacks_acknowledged(&self, side: Side) -> bool {
        self.sent[side.index()].stream.lacks_acknowledged()
    }

    /// Whether this side has said that it has said everything.
    #[must_use]
    pub fn is_finished(&self, side: Side) -> bool {
        self.sent[side.index()].is(FINISHED)
    }

    /// Nanoseconds from its first to its last frame.
    #[must_use]
    pub fn duration(&self) -> Option<i64> {
        Some(self.last()?.since(self.first()?))
    }

    /// Whether the packet that began it is in the capture. If not, who began it is inferred, from its ports or from what is said.
    #[must_use]
    pub fn beginning_was_seen(&self) -> bool {
        self.marks & BEGINNING_SEEN != 0
    }

    /// Whether its first segment is one that no TCP sends: with neither SYN, ACK nor RST, or with SYN and FIN. Nobody can be connected by it; who
    /// looks for open ports learns from what comes back (RFC 9293 section 3.10.7).
    #[must_use]
    pub fn begins_oddly(&self) -> bool {
        self.marks & BEGINS_ODDLY != 0
    }

    /// Microseconds from the SYN to the SYN-ACK: the way to the responder and back, seen from where it was captured.
    #[must_use]
    pub fn syn_to_syn_ack(&self) -> Option<u32> {
        Some(self.handshake[0]).filter(|time| *time != u32::MAX)
    }

    /// Microseconds from the SYN to the acknowledgement of the SYN-ACK: the whole way there and back, wherever it was captured.
    #[must_use]
    pub fn handshake(&self) -> Option<u32> {
        Some(self.handshake[1]).filter(|time| *time != u32::MAX)
    }

    /// How it stands; `None` where it is not TCP.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        use Side::{Originator, Responder};
        if self.kind != Kind::Tcp {
            return None;
        }
        let is = |side: Side, mark: u8| self.sent[side.index()].is(mark);
        let (originator, responder) = (is(Originator, FINISHED), is(Responder, FINISHED));
        let refused = is(Responder, RESET) && !is(Responder, SYNCHRONIZED) && !is(Responder, SPOKE) && is(Originator, SYNCHRONIZED);
        let first = if self.marks & RESPONDER_CLOSED != 0 { Responder } else { Originator };
        Some(if refused {
            State::Refused
        } else if originator && responder {
            State::Closed(first)
        } else if is(Responder, RESET) {
            State::Reset(Responder)
        } else if is(Originator, RESET) {
            State::Reset(Originator)
        } else if originator {
            State::HalfClosed(Originator)
        } else if responder {
            State::HalfClosed(Responder)
        } else if is(Originator, SYNCHRONIZED) && !is(Originator, SPOKE) && self.sent[1].frames == 0 {
            State::Unanswered
        } else if is(Originator, SYNCHRONIZED) && is(Responder, SYNCHRONIZED) && !is(Originator, SPOKE) {
            State::HalfOpen
        } else {
            State::Open
        })
    }

    /// What went wrong; nothing where nothing did.
    #[must_use]
    pub fn incidents(&self) -> &Incidents {
        static NONE: std::sync::LazyLock<Incidents> = std::sync::LazyLock::new(Incidents::default);
        self.incidents.as_deref().unwrap_or(&NONE)
    }

    pub(super) fn incidents_mut(&mut self) -> &mut Incidents {
        self.incidents.get_or_insert_default()
    }

    /// Whether a new SYN between the same ports begins another one.
    pub(super) fn is_past(&self) -> bool {
        !matches!(self.state(), Some(State::Open | State::HalfOpen) | None)
    }
}
