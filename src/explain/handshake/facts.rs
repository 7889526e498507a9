//! What is stated of how connections begin and end.

use crate::explain::{Fact, Rule, Stated, Tell};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// A connection opens.
pub(super) static THREE_WAY: Rule = Rule::lesson("handshake.three-way", "RFC 9293 3.5, 3.7.1, RFC 7323 2, 3, RFC 2018 2");
/// A SYN was answered with a reset.
pub(super) static REFUSED: Rule = Rule::warning("handshake.refused", "RFC 9293 3.5.2, 3.10.7.1");
/// SYNs that nobody answered.
pub(super) static SILENCE: Rule = Rule::warning("handshake.silence", "RFC 9293 3.8.3, RFC 6298 2, 5");
/// A SYN was sent again and answered then.
pub(super) static SYN_REPEATED: Rule = Rule::information("handshake.syn-repeated", "RFC 9293 3.8.1, RFC 6298 2, 5");
/// A SYN/ACK was sent again.
pub(super) static ANSWER_REPEATED: Rule = Rule::information("handshake.answer-repeated", "RFC 9293 3.5, 3.8.1");
/// Both sides called each other at once.
pub(super) static SIMULTANEOUS: Rule = Rule::lesson("handshake.simultaneous-open", "RFC 9293 3.5");
/// The ports of an earlier connection are used again.
pub(super) static REUSED: Rule = Rule::information("handshake.ports-reused", "RFC 9293 3.4.1, 3.6.1, RFC 6191");
/// A host has no port left for further connections to a server.
pub(super) static PORTS_EXHAUSTED: Rule = Rule::warning("handshake.ports-exhausted", "RFC 9293 3.6.1, RFC 6056 2.1, 3.2, RFC 6335 6");
/// A host tries the ports of another.
pub(super) static PORT_SCAN: Rule = Rule::warning("handshake.port-scan", "RFC 4949 4, RFC 9293 3.10.7.1");
/// A host tries one port of many.
pub(super) static HOST_SCAN: Rule = Rule::warning("handshake.host-scan", "RFC 4949 4, RFC 9293 3.10.7.1");
/// The answer to a SYN was reset: no connection was made.
pub(super) static HALF_OPEN_PROBE: Rule = Rule::information("handshake.half-open-probe", "RFC 9293 3.5.2, 3.10.7.1");
/// Calls that nobody goes on with.
pub(super) static SYN_FLOOD: Rule = Rule::warning("handshake.syn-flood", "RFC 4987 2, 3");
/// One end does not know a connection that the other takes for open.
pub(super) static HALF_OPEN: Rule = Rule::warning("handshake.half-open", "RFC 9293 3.5.1, 3.10.7.4, RFC 5961 4");
/// Keep-alives, or bytes that were sent again and again, without an answer.
pub(in crate::explain) static GONE: Rule = Rule::warning("handshake.peer-gone", "RFC 9293 3.8.4, RFC 1122 4.2.3.6");
/// One end has said everything, the other keeps its direction open.
pub(super) static HALF_CLOSED: Rule = Rule::information("handshake.half-closed", "RFC 9293 3.6, 3.6.1");
/// A reset while the other was sending.
pub(super) static RESET_DATA: Rule = Rule::warning("handshake.reset-data", "RFC 9293 3.5.3, 3.6.1, RFC 1122 4.2.2.13");
/// A reset of what came after the end.
pub(super) static RESET_LATE: Rule = Rule::information("handshake.reset-late", "RFC 9293 3.6.1, RFC 1122 4.2.2.13");
/// A reset in the middle, of what was acknowledged.
pub(super) static RESET: Rule = Rule::information("handshake.reset", "RFC 9293 3.5.3, RFC 1122 4.2.2.13");
/// The same by a server, in the midst of it.
pub(super) static RESET_BY_SERVER: Rule = Rule::warning("handshake.reset-by-server", "RFC 9293 3.5.3, 3.6.1, RFC 1122 4.2.2.13");
/// A reset at the end of a connection.
pub(super) static RESET_CLOSE: Rule = Rule::lesson("handshake.reset-to-close", "RFC 9293 3.6, 3.5.3");
/// A connection is closed.
pub(super) static CLOSED: Rule = Rule::lesson("handshake.closed", "RFC 9293 3.3.2, 3.6, 3.6.1");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] = &[
    &THREE_WAY,
    &REFUSED,
    &SILENCE,
    &SYN_REPEATED,
    &ANSWER_REPEATED,
    &SIMULTANEOUS,
    &REUSED,
    &PORTS_EXHAUSTED,
    &PORT_SCAN,
    &HOST_SCAN,
    &HALF_OPEN_PROBE,
    &SYN_FLOOD,
    &HALF_OPEN,
    &GONE,
    &HALF_CLOSED,
    &RESET_DATA,
    &RESET_LATE,
    &RESET,
    &RESET_BY_SERVER,
    &RESET_CLOSE,
    &CLOSED,
];

/// What a SYN offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The most payload that its sender takes in a segment, in bytes (MSS).
    pub segment_size: Option<u16>,
    /// By how many bits its windows are shifted.
    pub window_shift: Option<u8>,
    /// Whether it understands selective acknowledgements.
    pub selective: bool,
    /// Whether it sends timestamps.
    pub timestamps: bool,
}

/// What became of a connection when it was reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Bytes that it was being sent were not acknowledged.
    Sending,
    /// It had said that it had said everything, and the other went on.
    Late,
    /// All bytes were acknowledged, and nobody had said that there are no more.
    Middle,
    /// The same, and it is the server that broke it off, right behind what was said.
    ByServer,
    /// All bytes were acknowledged, and somebody had said that there are no more.
    Closing,
}

/// How it shows that one end does not know a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// It resets what belongs to the connection.
    Reset,
    /// It sends a SYN, and the other answers for the connection that it still has.
    Called,
}

/// What a note on this subject states. Waits are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum HandshakeFacts {
    /// A connection opens.
    ThreeWay {
        /// Who called.
        client: IpAddr,
        /// Who was called.
        server: SocketAddr,
        /// What both offered, the client first.
        offers: [Offer; 2],
        /// The way there and back, in nanoseconds.
        round_trip: Option<i64>,
    },
    /// Answers to SYNs were reset by who called.
    Probed {
        /// Who called.
        client: IpAddr,
        /// Who was called.
        server: SocketAddr,
        /// How often.
        times: u64,
    },
    /// A SYN was answered with a reset.
    Refused {
        /// Who called.
        client: IpAddr,
        /// Who was called.
        server: SocketAddr,
    },
    /// SYNs without an answer.
    Silence {
        /// Who called.
        client: IpAddr,
        /// Who was called.
        server: SocketAddr,
        /// How many SYNs there were.
        times: u64,
        /// In how many connections that were never made.
        connections: u64,
        /// How long each of the first connection was waited for before the next: of the first few.
        waits: Box<[u64]>,
        /// Whether there are more waits than those.
        has_more_waits: bool,
        /// Whether the server's host says something elsewhere in the capture.
        is_up: bool,
    },
    /// A SYN, or the answer to it, was sent again.
    Repeated {
        /// Whether it is the answer.
        answer: bool,
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// How long was waited before each repetition.
        waits: Box<[u64]>,
        /// Whether what it waits for is in the capture: the acknowledgement of the answer.
        acknowledged: bool,
    },
    /// Both called at once.
    Simultaneous {
        /// Both.
        ends: [IpAddr; 2],
    },
    /// Ports are used again.
    Reused {
        /// Who called.
        client: SocketAddr,
        /// Who was called.
        server: SocketAddr,
        /// Nanoseconds since the last frame of the earlier connection.
        after: i64,
    },
    /// A host has used all ports that it has for a server.
    PortsExhausted {
        /// Who calls.
        client: IpAddr,
        /// Whom.
        server: SocketAddr,
        /// The lowest port that it used.
        lowest: u16,
        /// The highest.
        highest: u16,
        /// How many it used.
        ports: u64,
        /// In which time, in nanoseconds.
        over: i64,
        /// How long it opened nothing then, in nanoseconds; nothing where the ports are a whole range of a system's.
        pause: Option<i64>,
    },
    /// A host tries the ports of another.
    PortScan {
        /// Whether they are ports of UDP, not of TCP.
        is_udp: bool,
        /// Whether they are tried with segments that begin no connection.
        is_odd: bool,
        /// Who tries.
        client: IpAddr,
        /// Whose ports.
        server: IpAddr,
        /// How many.
        tried: u64,
        /// How many are open.
        answered: u64,
        /// The lowest of them.
        open: Box<[u64]>,
        /// How many were refused, with a reset or by ICMP; the rest was not answered.
        refused: u64,
        /// Nanoseconds from the first to the last.
        over: i64,
    },
    /// A host tries one port of many.
    HostScan {
        /// Who tries.
        client: IpAddr,
        /// Where the others are.
        network: IpNet,
        /// Which port.
        port: u16,
        /// How many hosts.
        tried: u64,
        /// How many take the call.
        answered: u64,
        /// How many refused it, with a reset or by ICMP; the rest did not answer.
        refused: u64,
        /// Nanoseconds from the first to the last.
        over: i64,
    },
    /// Many call, and none goes on.
    SynFlood {
        /// Who is called.
        server: SocketAddr,
        /// How many calls were left.
        calls: u64,
        /// From how many addresses, as far as they were counted.
        callers: u64,
        /// How many of them were answered.
        answered: u64,
        /// Nanoseconds from the first to the last.
        over: i64,
    },
    /// One end does not know the connection.
    HalfOpen {
        /// Who does not know it.
        forgetful: IpAddr,
        /// Who takes it for open.
        other: IpAddr,
        /// How that shows.
        how: Forgotten,
        /// How long nothing was said before, in nanoseconds.
        idle: i64,
    },
    /// Nobody answers keep-alives.
    Gone {
        /// Who asks.
        asking: IpAddr,
        /// Who does not answer.
        silent: IpAddr,
        /// How often it was asked.
        times: u64,
        /// Whether the connection was given up.
        given_up: bool,
    },
    /// Nothing is acknowledged any more, and nothing else is said.
    Silenced {
        /// Who sends the same again.
        sender: IpAddr,
        /// Who says nothing to it.
        silent: IpAddr,
        /// How many bytes it sends again.
        bytes: u64,
        /// How often it sent them.
        times: u64,
        /// Nanoseconds from the first time to the last.
        over: i64,
    },
    /// One direction stays open.
    HalfClosed {
        /// Who has said everything.
        finished: IpAddr,
        /// Who has not.
        open: IpAddr,
        /// How long nothing was heard until the end of the capture, in nanoseconds.
        since: i64,
    },
    /// A reset.
    Reset {
        /// Who reset.
        sender: IpAddr,
        /// Whom.
        receiver: IpAddr,
        /// What became of the connection.
        broken: Broken,
        /// Bytes that `receiver` had sent and `sender` had not acknowledged.
        unread: u64,
    },
    /// A connection is closed.
    Closed {
        /// Who said first that it has said everything.
        first: IpAddr,
        /// Who said so second.
        second: IpAddr,
    },
}

impl Stated for HandshakeFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::ThreeWay { .. } => &THREE_WAY,
            Self::Refused { .. } => &REFUSED,
            Self::Silence { .. } => &SILENCE,
            Self::Repeated { answer: false, .. } => &SYN_REPEATED,
            Self::Repeated { answer: true, .. } => &ANSWER_REPEATED,
            Self::Simultaneous { .. } => &SIMULTANEOUS,
            Self::Reused { .. } => &REUSED,
            Self::PortsExhausted { .. } => &PORTS_EXHAUSTED,
            Self::PortScan { .. } => &PORT_SCAN,
            Self::Probed { .. } => &HALF_OPEN_PROBE,
            Self::HostScan { .. } => &HOST_SCAN,
            Self::SynFlood { .. } => &SYN_FLOOD,
            Self::HalfOpen { .. } => &HALF_OPEN,
            Self::Gone { .. } | Self::Silenced { .. } => &GONE,
            Self::HalfClosed { .. } => &HALF_CLOSED,
            Self::Reset { broken, .. } => broken.rule(),
            Self::Closed { .. } => &CLOSED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::ThreeWay { client, server, offers, round_trip } => {
                tell("client", Fact::Address(*client));
                tell_server(tell, server);
                let keys = [
                    ["client_mss", "client_window_shift", "client_sack", "client_timestamps"],
                    ["server_mss", "server_window_shift", "server_sack", "server_timestamps"],
                ];
                for (offer, [size, shift, selective, timestamps]) in offers.iter().zip(keys) {
                    if let Some(bytes) = offer.segment_size {
                        tell(size, Fact::Number(bytes.into()));
                    }
                    if let Some(bits) = offer.window_shift {
                        tell(shift, Fact::Number(bits.into()));
                    }
                    tell(selective, Fact::Flag(offer.selective));
                    tell(timestamps, Fact::Flag(offer.timestamps));
                }
                if let Some(round_trip) = round_trip {
                    tell("round_trip_ms", Fact::Took(*round_trip));
                }
            }
            Self::Probed { client, server, times } => {
                tell("client", Fact::Address(*client));
                tell_server(tell, server);
                tell("times", Fact::Number(*times));
            }
            Self::Refused { client, server } => {
                tell("client", Fact::Address(*client));
                tell_server(tell, server);
            }
            Self::Silence { client, server, times, connections, waits, has_more_waits: _, is_up } => {
                tell("client", Fact::Address(*client));
                tell_server(tell, server);
                tell("times", Fact::Number(*times));
                tell("connections", Fact::Number(*connections));
                tell("waits_ms", Fact::Numbers(waits));
                tell("is_up", Fact::Flag(*is_up));
            }
            Self::Repeated { answer, sender, receiver, waits, acknowledged } => {
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
                tell("waits_ms", Fact::Numbers(waits));
                if *answer {
                    tell("acknowledged", Fact::Flag(*acknowledged));
                }
            }
            Self::Simultaneous { ends } => tell("ends", Fact::Addresses(ends)),
            Self::Reused { client, server, after } => {
                tell("client", Fact::Address(client.ip()));
                tell("client_port", Fact::Number(client.port().into()));
                tell_server(tell, server);
                tell("after_ms", Fact::Took(*after));
            }
            Self::PortsExhausted { client, server, lowest, highest, ports, over, pause } => {
                tell("client", Fact::Address(*client));
                tell_server(tell, server);
                tell("lowest", Fact::Number((*lowest).into()));
                tell("highest", Fact::Number((*highest).into()));
                tell("ports", Fact::Number(*ports));
                tell("over_ms", Fact::Took(*over));
                if let Some(pause) = pause {
                    tell("pause_ms", Fact::Took(*pause));
                }
            }
            Self::PortScan { is_udp, is_odd, client, server, tried, answered, open, refused, over } => {
                tell("client", Fact::Address(*client));
                tell("server", Fact::Address(*server));
                tell("protocol", Fact::Word(if *is_udp { "udp" } else { "tcp" }));
                if *is_odd {
                    tell("without_call", Fact::Flag(true));
                }
                tell("tried", Fact::Number(*tried));
                tell("open", Fact::Number(*answered));
                tell("open_ports", Fact::Numbers(open));
                tell("refused", Fact::Number(*refused));
                tell("over_ms", Fact::Took(*over));
            }
            Self::HostScan { client, network, port, tried, answered, refused, over } => {
                tell("client", Fact::Address(*client));
                tell("network", Fact::Prefix(*network));
                tell("port", Fact::Number((*port).into()));
                tell("tried", Fact::Number(*tried));
                tell("open", Fact::Number(*answered));
                tell("refused", Fact::Number(*refused));
                tell("over_ms", Fact::Took(*over));
            }
            Self::SynFlood { server, calls, callers, answered, over } => {
                tell_server(tell, server);
                tell("calls", Fact::Number(*calls));
                tell("callers", Fact::Number(*callers));
                tell("answered", Fact::Number(*answered));
                tell("over_ms", Fact::Took(*over));
            }
            Self::HalfOpen { forgetful, other, how, idle } => {
                tell("forgetful", Fact::Address(*forgetful));
                tell("other", Fact::Address(*other));
                tell("shown_by", Fact::Word(if *how == Forgotten::Reset { "reset" } else { "syn" }));
                tell("idle_ms", Fact::Took(*idle));
            }
            Self::Gone { asking, silent, times, given_up } => {
                tell("asking", Fact::Address(*asking));
                tell("silent", Fact::Address(*silent));
                tell("times", Fact::Number(*times));
                tell("given_up", Fact::Flag(*given_up));
            }
            Self::Silenced { sender, silent, bytes, times, over } => {
                tell("asking", Fact::Address(*sender));
                tell("silent", Fact::Address(*silent));
                tell("bytes", Fact::Number(*bytes));
                tell("times", Fact::Number(*times));
                tell("over_ms", Fact::Took(*over));
            }
            Self::HalfClosed { finished, open, since } => {
                tell("finished", Fact::Address(*finished));
                tell("open", Fact::Address(*open));
                tell("since_ms", Fact::Took(*since));
            }
            Self::Reset { sender, receiver, unread, .. } => {
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
                tell("unacknowledged", Fact::Number(*unread));
            }
            Self::Closed { first, second } => {
                tell("first", Fact::Address(*first));
                tell("second", Fact::Address(*second));
            }
        }
    }
}

impl Broken {
    pub(super) fn rule(self) -> &'static Rule {
        match self {
            Self::Sending => &RESET_DATA,
            Self::Late => &RESET_LATE,
            Self::Middle => &RESET,
            Self::ByServer => &RESET_BY_SERVER,
            Self::Closing => &RESET_CLOSE,
        }
    }
}

fn tell_server(tell: &mut Tell<'_>, server: &SocketAddr) {
    tell("server", Fact::Address(server.ip()));
    tell("port", Fact::Number(server.port().into()));
}
