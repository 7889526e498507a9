//! A segment in its connection; nearly every frame of most captures is one more of a connection that goes on as it went.

use super::Scene;
use super::icmp::PROBE_HOP_LIMIT;
use crate::conversation::{Belongs, Conversation, Segment};
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::dissect::{Network, Tcp, Transport};

/// How long nothing was said for what comes then to be a return, in nanoseconds.
pub(super) const SILENCE: i64 = 200_000_000;
/// How long a TCP header is without options, in bytes (RFC 9293 section 3.1).
pub(super) const HEADER: usize = 20;
/// How many layers a frame has at most that is in no tunnel: its link, a tag, IP, TCP and what that carries.
const LAYERS: usize = 5;

/// A segment, with its connection and the packet that carries it.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) conversation: &'a Conversation,
    pub(super) belongs: &'a Belongs,
    pub(super) segment: &'a Segment,
    pub(super) network: &'a Network,
    pub(super) transport: &'a Transport,
    pub(super) tcp: Tcp,
    /// Where its TCP header begins in the frame.
    pub(super) start: usize,
}

impl<'a> Step<'a> {
    /// What a frame carries, where that is a segment and the frame is no fragment.
    #[inline]
    pub(super) fn of(scene: &'a Scene<'_>) -> Option<Self> {
        let belongs = scene.belongs.as_ref()?;
        let segment = belongs.segment.as_ref()?;
        let (_, dissection) = scene.own();
        let (network, transport) = (dissection.network()?, dissection.transport()?);
        let is_whole = scene.packet.fragment.is_none();
        let start = dissection.layers.get(transport.layer)?.start;
        is_whole.then_some(Self { conversation: scene.conversation()?, belongs, segment, network, transport, tcp: transport.tcp?, start })
    }

    /// The options of its TCP header.
    pub(super) fn options(&self, scene: &Scene<'a>) -> &'a [u8] {
        scene.packet.frame.data.get(self.start + HEADER..self.transport.payload_start).unwrap_or_default()
    }

    /// Whether it continues its connection as that went: with an acknowledgement and perhaps data, neither the first of its side nor the last,
    /// with nothing remarkable about it, as far from its sender as the one before, and in no tunnel.
    pub(super) fn goes_on(&self, scene: &Scene<'_>) -> bool {
        let Self { conversation, belongs, segment, network, .. } = self;
        let (_, dissection) = scene.own();
        // The second frame of who began the connection completes the handshake.
        let is_begun = segment.highest > 1 && conversation.sent[0].frames != 2;
        segment.flags & (SYN | FIN | RST | ACK) == ACK
            && segment.remark.is_none()
            && segment.window > 0
            && segment.idle < SILENCE
            && is_begun
            && belongs.hop_limit_before == Some(network.hop_limit)
            && network.hop_limit >= PROBE_HOP_LIMIT
            && !scene.packet.frame.is_cut()
            && dissection.networks.len() == 1
            && dissection.layers.len() <= LAYERS
    }
}
