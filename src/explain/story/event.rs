//! What can happen in a story.

use super::{AccessPoint, Advertisement, Dialogue, Joining, Lease6, Report};
use crate::conversation::application::{Application, Evidence as Known};
use crate::conversation::dns::Lookup;
use crate::conversation::http1::Exchange;
use crate::conversation::tls::TlsSummary;
use crate::conversation::{Conversation, Endpoint, Side, State};
use crate::explain::Note;
use crate::frame::Timestamp;
use std::net::{IpAddr, Ipv4Addr};

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// What.
    pub what: What,
    /// The first frame of it.
    pub frame: u64,
    /// When that came.
    pub time: Option<Timestamp>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// Somebody asked for the hardware address of an address.
    Resolved(Resolution),
    /// Somebody told everybody the hardware address of its address.
    Announced(Resolution),
    /// Somebody asked whether an address is free before using it.
    Probed(Resolution),
    /// An address was leased.
    Leased(Box<Lease>),
    /// An address or a prefix was leased by DHCPv6.
    Leased6(Box<Lease6>),
    /// A router told of the network that it is on.
    Advertised {
        /// The router.
        router: IpAddr,
        /// Its hardware address, where others told with the same address.
        card: Option<[u8; 6]>,
        /// What it told.
        told: Box<Advertisement>,
    },
    /// An access point told of its wireless network.
    Beaconed(Box<AccessPoint>),
    /// A station wanted to join one.
    Joined(Box<Joining>),
    /// A name was looked up.
    LookedUp(Box<Exchanged<Lookup>>),
    /// A conversation was held.
    Held(Box<Held>),
    /// Somebody asked whether a host is there.
    Pinged(Ping),
    /// The way to a host was traced.
    Traced(Trace),
    /// Somebody reported that a packet could not be delivered.
    Reported(Report),
    /// Datagrams were too large for a packet and came in fragments.
    Fragmented(Fragmented),
    /// What a lesson says of it: why it went this way.
    Explained(Box<Note>),
}

/// A question for a hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Who asks; unspecified where it has no address yet.
    pub asker: IpAddr,
    /// Whose hardware address is wanted.
    pub target: IpAddr,
    /// How often it was asked.
    pub asked: u64,
    /// The last question.
    pub last: u64,
    /// What was answered, and in which frame.
    pub answer: Option<([u8; 6], u64)>,
    /// How often it was asked after the last answer.
    pub since: u64,
    /// The hardware address that somebody else claims for the same address, and in which frame.
    pub other: Option<([u8; 6], u64)>,
    /// The hardware address of who asks, where its frame shows it, and when it asked last.
    pub by: (Option<[u8; 6]>, Option<Timestamp>),
    /// Who asks in truth, where the address that it asks as is another's.
    pub really: Option<IpAddr>,
    /// Whether the answer is that of a router that answers for the target with its own hardware address (RFC 1027), and the router's address where it
    /// is known.
    pub proxy: Option<Option<IpAddr>>,
    /// The VLAN tags that it was asked under, as in [`crate::explain::LinkId`].
    pub tags: u32,
}

/// A lease of an address (RFC 2131).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    /// The client's hardware address.
    pub client: [u8; 6],
    /// What the client calls itself.
    pub name: Option<Box<[u8]>>,
    /// The first frame of each kind of message, by its number: 1 is Discover, 7 Release (RFC 2132 section 9.6).
    pub messages: [Option<u64>; 9],
    /// The address that is offered or given.
    pub address: Option<Ipv4Addr>,
    /// Which bits of it are the network's.
    pub mask: Option<Ipv4Addr>,
    /// The way out of the network.
    pub router: Option<Ipv4Addr>,
    /// Whom to ask for names.
    pub name_servers: Vec<Ipv4Addr>,
    /// Who gives it.
    pub server: Option<Ipv4Addr>,
    /// The relay that passed on what the client asked (RFC 1542).
    pub relay: Option<Ipv4Addr>,
    /// The server that the client asked by its address, and not everybody, and the frame in which it did.
    pub asked: Option<(Ipv4Addr, u64)>,
    /// Who offered an address, and in which frame: the first few.
    pub offers: Vec<(Ipv4Addr, u64)>,
    /// The address that the client names itself: to be given, to keep, or to give back.
    pub named: Option<Ipv4Addr>,
    /// What the server says to its refusal (RFC 2132 section 9.9).
    pub reason: Option<Box<[u8]>>,
    /// How often it asked everybody.
    pub asks: Asks,
    /// For how many seconds.
    pub seconds: Option<u64>,
}

/// How often somebody asked everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// How often.
    pub times: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Asks {
    /// The same so soon is the same packet, captured again, in nanoseconds: clients wait for a second and more (RFC 2131 section 4.1, RFC 8415
    /// section 7.6).
    const COPY: i64 = 300_000_000;

    /// It asked, once more or for the first time.
    pub(super) fn add(&mut self, now: Option<Timestamp>) {
        if self.last.zip(now).is_some_and(|(last, now)| (0..Self::COPY).contains(&now.since(last))) {
            return;
        }
        self.times += 1;
        self.first = self.first.or(now);
        self.last = now;
    }

    /// Nanoseconds from the first time to the last, where there are several.
    #[must_use]
    pub fn over(&self) -> Option<i64> {
        self.first.zip(self.last).map(|(first, last)| last.since(first)).filter(|over| self.times > 1 && *over >= 0)
    }
}

/// Something between two hosts.
#[derive(Clone, Debug)]
pub struct Exchanged<T> {
    /// Who began it.
    pub client: Endpoint,
    /// The other.
    pub server: Endpoint,
    /// What it was.
    pub of: T,
    /// Who reported that what was asked could not be delivered.
    pub objection: Option<Objection>,
}

/// A conversation that was held.
#[derive(Clone, Debug)]
pub struct Held {
    /// The conversation.
    pub conversation: Conversation,
    /// The VLAN tags that it was held under, as in [`crate::explain::LinkId`]; 0 without any, and where it goes from one VLAN to another.
    pub tags: u32,
    /// What it was held in, and how that is known.
    pub application: Option<(Application, Known)>,
    /// How it was opened.
    pub opening: Opening,
    /// How it was secured.
    pub tls: Option<TlsSummary>,
    /// What was asked and answered in HTTP: the first of it.
    pub exchanges: Vec<Exchange>,
    /// How many more there are.
    pub more_exchanges: u64,
    /// The conversation in which the answer came, from another port, where none came in this one.
    pub answered_in: Option<Box<Conversation>>,
    /// Whether the last that each side said is that it lacks something, and has what is behind it (RFC 2018).
    pub lacks: [bool; 2],
    /// How many frames of each side are packets of UDP that came by before, and how many bytes are in them.
    pub copies: [(u32, u64); 2],
    /// Whether some of its frames are fragments.
    pub is_fragmented: bool,
    /// What was said in lines of text.
    pub dialogue: Option<Dialogue>,
    /// Who reported that a packet of it could not be delivered.
    pub objection: Option<Objection>,
}

impl Held {
    /// Whether a client got an answer to its SYN and reset it before the connection stood.
    #[must_use]
    pub fn is_half_open_probe(&self) -> bool {
        matches!(self.conversation.state(), Some(State::Reset(Side::Originator)))
            && matches!(self.opening.frames, [Some(_), Some(_), None])
            && self.conversation.sent.iter().all(|sent| sent.payload == 0)
    }
}

/// How a connection of TCP was opened, as far as that was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The first SYN, the first SYN-ACK and the acknowledgement of that.
    pub frames: [Option<u64>; 3],
    /// How often the SYN and the SYN-ACK were sent.
    pub sent: [u32; 2],
    /// When each of them was captured last.
    pub(super) last: [Option<Timestamp>; 2],
}

impl Opening {
    /// No timer sends a SYN again so soon, in nanoseconds (RFC 6298 section 2.1: a second, where nothing is known of the way): it is the same one,
    /// captured again where something on the way had changed it.
    const COPY: i64 = 100_000_000;

    /// A SYN or the answer to one came. Whether it is the same as the one before.
    pub(super) fn is_copy(&mut self, place: usize, now: Option<Timestamp>) -> bool {
        let Some(last) = self.last.get_mut(place) else { return false };
        let before = std::mem::replace(last, now);
        before.zip(now).is_some_and(|(before, now)| (0..Self::COPY).contains(&now.since(before)))
    }
}

/// An ICMP error about a packet of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Who reports it.
    pub reporter: IpAddr,
    /// The type and the code of the message (IANA, ICMP parameters).
    pub kind: (u8, u8),
    /// The frame of it.
    pub frame: u64,
}

/// Echoes: questions whether a host is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ping {
    /// Who asks.
    pub asker: IpAddr,
    /// Who is asked.
    pub target: IpAddr,
    /// Questions.
    pub asked: u64,
    /// How often questions came by again that had come by before: on the other side of a router, or in a circle.
    pub again: u64,
    /// The frames with questions and answers, those that came by again counted.
    pub frames: u64,
    /// Answers.
    pub answered: u64,
    /// The first answer.
    pub answer: Option<u64>,
    /// Answers of other hosts, where the question is for everybody.
    pub others: u64,
    /// The frame with the question, where that was for everybody and this is one host's answer.
    pub of_all: Option<u64>,
    /// The shortest and the longest time from a question to its answer, in nanoseconds.
    pub took: Option<[i64; 2]>,
    /// The conversation.
    pub conversation: u64,
    /// The VLAN tags that it was held under, as in [`crate::explain::LinkId`]; 0 without any, and where it goes from one VLAN to another.
    pub tags: u32,
    /// Who reported that a question could not be delivered.
    pub objection: Option<Objection>,
}

/// The way to a host, as its routers said that a packet's time was up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Who wants to know.
    pub source: IpAddr,
    /// The way to whom.
    pub destination: IpAddr,
    /// The routers, in the order of their distance where that is known.
    pub hops: Vec<Hop>,
    /// The first frame in which the destination itself answered.
    pub reached: Option<u64>,
}

/// A router on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The time to live of the packet that ended there; `None` where that packet is not in the capture.
    pub distance: Option<u8>,
    /// The router.
    pub router: IpAddr,
    /// The frame in which it says so first.
    pub frame: u64,
}

/// Datagrams that came in fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragmented {
    /// Who sent them.
    pub source: IpAddr,
    /// For whom.
    pub destination: IpAddr,
    /// How many datagrams became whole.
    pub datagrams: u64,
    /// Into how many fragments the first one was cut.
    pub fragments: u64,
    /// How many bytes of payload that one had.
    pub length: u64,
    /// The frame that completed it.
    pub completed: u64,
}
