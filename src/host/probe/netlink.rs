//! Questions to the kernel and its answers.

use super::ProbeError;
use super::readable::readable;
use netlink_packet_core::{NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};
use std::io;

/// How often a question is asked again whose answer changed while it was given.
const AGAIN: usize = 5;

/// A connection to the kernel's routing.
pub(super) struct Kernel {
    socket: Socket,
    sequence: u32,
}

impl Kernel {
    pub(super) fn connect() -> Result<Self, ProbeError> {
        let connect = || {
            let mut socket = Socket::new(NETLINK_ROUTE)?;
            socket.bind_auto()?;
            socket.connect(&SocketAddr::new(0, 0))?;
            Ok(Self { socket, sequence: 0 })
        };
        connect().map_err(|source| ProbeError::Kernel { what: "a netlink socket", source })
    }

    /// Everything of a kind. `what` is how errors call it.
    pub(super) fn dump(&mut self, what: &'static str, question: &RouteNetlinkMessage) -> Result<Vec<RouteNetlinkMessage>, ProbeError> {
        let mut changed = true;
        let mut messages = Vec::new();
        for _ in 0..AGAIN {
            (messages, changed) = self.ask(what, NLM_F_DUMP, question.clone())?;
            if !changed {
                break;
            }
        }
        if changed {
            let problem = "it changed each time while it was read".to_owned();
            return Err(ProbeError::Strange { what, problem });
        }
        Ok(messages)
    }

    /// One answer.
    pub(super) fn get(&mut self, what: &'static str, question: RouteNetlinkMessage) -> Result<Option<RouteNetlinkMessage>, ProbeError> {
        Ok(self.ask(what, 0, question)?.0.into_iter().next())
    }

    /// The answers, and whether what they tell of changed meanwhile.
    fn ask(
        &mut self,
        what: &'static str,
        flags: u16,
        question: RouteNetlinkMessage,
    ) -> Result<(Vec<RouteNetlinkMessage>, bool), ProbeError> {
        let failed = |source| ProbeError::Kernel { what, source };
        let strange = |problem: String| ProbeError::Strange { what, problem };
        self.sequence = self.sequence.wrapping_add(1);
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | flags;
        header.sequence_number = self.sequence;
        let mut message = NetlinkMessage::new(header, NetlinkPayload::from(question));
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        self.socket.send(&bytes, 0).map_err(failed)?;
        let (mut answers, mut changed) = (Vec::new(), false);
        loop {
            let received = match self.socket.recv_from_full() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                received => received.map_err(failed)?.0,
            };
            let mut rest = received.as_slice();
            while !rest.is_empty() {
                let message = understood(rest).map_err(strange)?;
                let length = rest.first_chunk().map_or(0, |length| u32::from_ne_bytes(*length) as usize).next_multiple_of(4);
                rest = rest.get(length.max(4)..).unwrap_or_default();
                if message.header.sequence_number != self.sequence {
                    continue;
                }
                changed |= message.header.flags & NLM_F_DUMP_INTR != 0;
                match message.payload {
                    NetlinkPayload::Done(_) => return Ok((answers, changed)),
                    NetlinkPayload::Error(error) => return Err(failed(error.to_io())),
                    NetlinkPayload::InnerMessage(answer) => {
                        answers.push(answer);
                        if flags == 0 {
                            return Ok((answers, changed));
                        }
                    }
                    // More kinds of control messages may come to be: none of them is an answer.
                    _ => {}
                }
            }
        }
    }
}

/// A message, and why it is none.
fn understood(bytes: &[u8]) -> Result<NetlinkMessage<RouteNetlinkMessage>, String> {
    let deserialized = NetlinkMessage::<RouteNetlinkMessage>::deserialize;
    deserialized(bytes).or_else(|error| {
        let readable = readable(bytes).and_then(|readable| deserialized(&readable).ok());
        readable.ok_or_else(|| error.to_string())
    })
}
