//! One interface that frames come from, on Linux: its socket is our own.

use super::super::envelope::{Envelope, OUTGOING};
use super::super::{Backend, Counters, LEFT_OVER, LiveError, Program, SNAP_LENGTH, Settings, hardware, interface};
use crate::frame::{LinkType, Timestamp};
use crate::source::privilege;
use crate::source::ring::{PacketSocket, Ring};
use pnet::datalink::{self, Channel, DataLinkReceiver};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::sockopt;
use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, IntoRawFd, RawFd};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One interface that frames come from.
pub(in crate::source::live) struct Port {
    name: String,
    socket: PacketSocket,
    receiver: Receiver,
    /// The descriptor of the same socket that pnet has.
    second: RawFd,
    /// The most bytes that are lent of a frame.
    snap_length: u32,
    /// How much memory was asked for.
    ring_bytes: usize,
    /// Frames that pnet handed on, and how many are taken of them where the end has come.
    taken: u64,
    most: Option<u64>,
    /// Whether the frame at hand was not left yet.
    arrived: bool,
    /// When it was seen that the interface is gone.
    down: Option<Instant>,
    ended: bool,
    /// Frames that came twice and were passed over.
    passed_over: u64,
}

/// How the frames of a port are received.
enum Receiver {
    /// From a ring. What pnet made of the socket is kept alive, and with it promiscuous mode.
    Ring { ring: Ring, _bound: Box<dyn DataLinkReceiver> },
    /// By pnet.
    Pnet { receiver: Box<dyn DataLinkReceiver>, envelope: Envelope, data: Vec<u8> },
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port").field("name", &self.name).field("socket", &self.socket).finish_non_exhaustive()
    }
}

impl Port {
    /// Opens an interface.
    pub(in crate::source::live) fn open(
        name: &str,
        settings: &Settings,
        program: &impl Fn(LinkType) -> Program,
    ) -> Result<Self, LiveError> {
        let found = interface::find(name)?;
        let refused = |what: &'static str| {
            move |source: io::Error| match source.kind() {
                io::ErrorKind::PermissionDenied => LiveError::Denied { name: name.to_owned(), denial: privilege::denial() },
                _ => LiveError::Kernel { name: name.to_owned(), what, source },
            }
        };
        if name == interface::ANY && settings.backend == Backend::Pnet {
            // Its receiver does not tell which interface a frame came by, nor what it is.
            return Err(LiveError::NoAny);
        }
        let socket = PacketSocket::open(found.index).map_err(refused("opening a packet socket"))?;
        let Program { instructions, snap_length } = program(socket.link_type());
        socket.attach(&instructions).map_err(refused("handing the filter to the kernel"))?;
        let ring = match settings.backend {
            Backend::Ring => Some(Ring::new(&socket, settings.ring_bytes).map_err(refused("making a ring"))?),
            Backend::Pnet => None,
        };
        let second = socket.second().map_err(refused("opening a packet socket"))?.into_raw_fd();
        let config = datalink::Config {
            // Whole frames: what pnet cuts off is not known to have been there.
            read_buffer_size: SNAP_LENGTH as usize,
            // Nobody sends.
            write_buffer_size: 0,
            read_timeout: Some(Duration::ZERO),
            promiscuous: settings.promiscuous && name != interface::ANY,
            // pnet closes it, also where it fails.
            socket_fd: Some(second),
            ..datalink::Config::default()
        };
        let bound = match datalink::channel(&found, config).map_err(refused("receiving"))? {
            Channel::Ethernet(_, receiver) => receiver,
            _ => return Err(refused("receiving")(io::ErrorKind::Unsupported.into())),
        };
        let receiver = match ring {
            Some(ring) => Receiver::Ring { ring, _bound: bound },
            None => Receiver::Pnet { receiver: bound, envelope: Envelope::EMPTY, data: Vec::new() },
        };
        Ok(Self {
            name: name.to_owned(),
            socket,
            receiver,
            second,
            snap_length,
            ring_bytes: settings.ring_bytes,
            taken: 0,
            most: None,
            arrived: false,
            down: None,
            ended: false,
            passed_over: 0,
        })
    }

    /// Its name.
    pub(in crate::source::live) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the interface of an index, where there is one: asked by its own socket, which may be of another network namespace.
    pub(in crate::source::live) fn name_of(&self, index: u32) -> Option<String> {
        rustix::net::netdevice::index_to_name(&self.socket, index).ok()
    }

    /// How much memory there is for frames that wait, in bytes, where that is less than was asked for.
    pub(in crate::source::live) fn short_of_memory(&self) -> Option<usize> {
        match &self.receiver {
            Receiver::Ring { ring, .. } => Some(ring.bytes()).filter(|bytes| *bytes < self.ring_bytes),
            Receiver::Pnet { .. } => None,
        }
    }

    /// The most bytes that are lent of a frame.
    pub(in crate::source::live) fn snap_length(&self) -> u32 {
        self.snap_length
    }

    /// Whether frames come with the time at which they came.
    pub(in crate::source::live) fn tells_times(&self) -> bool {
        matches!(self.receiver, Receiver::Ring { .. })
    }

    /// Hands on so many frames in all and no more, where frames do not tell when they came.
    pub(in crate::source::live) fn take_only(&mut self, most: u64) {
        self.most = Some(most).filter(|_| !self.tells_times());
    }

    /// Whether all was taken that is to be.
    fn is_emptied(&self) -> bool {
        self.most.is_some_and(|most| self.taken >= most)
    }

    /// The descriptors of its socket.
    pub(in crate::source::live) fn descriptors(&self) -> [RawFd; 2] {
        [self.socket.as_fd().as_raw_fd(), self.second]
    }

    /// How the first bytes of its frames are to be read.
    pub(in crate::source::live) fn link_type(&self) -> LinkType {
        self.socket.link_type()
    }

    /// Goes on to the next frame where the last one was left; the time of the one at hand.
    pub(in crate::source::live) fn arrive(&mut self) -> Option<Timestamp> {
        if !self.arrived {
            self.arrived = self.advance();
        }
        self.arrived.then(|| self.frame().0.time)
    }

    /// Leaves the frame at hand: it was seen.
    pub(in crate::source::live) fn leave(&mut self) {
        self.arrived = false;
    }

    fn advance(&mut self) -> bool {
        if self.is_emptied() {
            return false;
        }
        loop {
            let found = match &mut self.receiver {
                Receiver::Ring { ring, .. } => ring.advance(),
                Receiver::Pnet { receiver, envelope, data } => match receiver.next() {
                    Ok(bytes) => {
                        data.clear();
                        data.extend_from_slice(bytes.get(..self.snap_length as usize).unwrap_or(bytes));
                        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                        let time = Timestamp::from_nanoseconds(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
                        *envelope = Envelope { time, length: bytes.len() as u32, ..Envelope::EMPTY };
                        self.taken = self.taken.saturating_add(1);
                        true
                    }
                    // What is wrong with the interface is asked by `failure`.
                    Err(_) => false,
                },
            };
            // On all interfaces at once the kernel does not know the loopback's frames from others: they come as they go out and as they come in.
            let (envelope, _) = self.frame();
            if found && envelope.packet_type == OUTGOING && envelope.hardware == hardware::LOOPBACK {
                self.passed_over = self.passed_over.saturating_add(1);
                continue;
            }
            return found;
        }
    }

    /// The frame at hand, and what the kernel says of it.
    pub(in crate::source::live) fn frame(&self) -> (&Envelope, &[u8]) {
        match &self.receiver {
            Receiver::Ring { ring, .. } => ring.frame(),
            Receiver::Pnet { envelope, data, .. } => (envelope, data),
        }
    }

    /// Whether the kernel told directions.
    pub(in crate::source::live) fn tells_directions(&self) -> bool {
        matches!(self.receiver, Receiver::Ring { .. }) && !self.socket.is_loopback()
    }

    /// Whether a frame is there behind the one at hand.
    pub(in crate::source::live) fn has_more(&self) -> bool {
        match &self.receiver {
            Receiver::Ring { ring, .. } => ring.has_more(),
            Receiver::Pnet { .. } => false,
        }
    }

    /// Waits until a frame comes to one of the ports, for so long at most.
    pub(in crate::source::live) fn wait(ports: &[Self], most: Duration) {
        let most = if ports.iter().any(|port| port.down.is_some() && !port.ended) {
            most.min(LEFT_OVER.checked_div(4).unwrap_or(LEFT_OVER))
        } else {
            most
        };
        // A port whose frame is not taken yet has more to give, and would end the waiting at once.
        let mut waited: Vec<PollFd<'_>> = ports
            .iter()
            .filter(|port| !port.ended && !port.arrived && !port.is_emptied())
            .map(|port| PollFd::new(&port.socket, PollFlags::IN))
            .collect();
        let timeout = Timespec { tv_sec: most.as_secs() as i64, tv_nsec: most.subsec_nanos().into() };
        // A signal ends the waiting early, which is as well.
        let _interrupted = rustix::event::poll(&mut waited, Some(&timeout));
    }

    /// Why no more frames come, said once, behind the last frame.
    pub(in crate::source::live) fn failure(&mut self) -> Option<LiveError> {
        if self.ended {
            return None;
        }
        if self.down.is_none() && sockopt::socket_error(self.socket.as_fd()).is_ok_and(|state| state.is_err()) {
            self.down = Some(Instant::now());
        }
        // Of an interface that is gone the kernel still hands on what it has.
        self.ended = self.down.is_some_and(|since| since.elapsed() > LEFT_OVER) && !self.has_more();
        self.ended.then(|| LiveError::Ended { name: self.name.clone(), gone: !self.is_there() })
    }

    /// Whether its interface is still there: asked by its own socket, which may be of another network namespace.
    fn is_there(&self) -> bool {
        self.name == interface::ANY || rustix::net::netdevice::name_to_index(&self.socket, &self.name).is_ok()
    }

    /// Whether a frame is at hand that was not left yet.
    pub(in crate::source::live) fn has_arrived(&self) -> bool {
        self.arrived
    }

    /// Whether no more frames come.
    pub(in crate::source::live) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Adds what was counted since the last time.
    pub(in crate::source::live) fn count(&mut self, counted: &mut Counters) {
        if let Ok(received) = self.socket.received() {
            counted.received = counted.received.saturating_add(u64::from(received.frames));
            counted.dropped = counted.dropped.saturating_add(u64::from(received.dropped));
        }
        counted.received = counted.received.saturating_sub(std::mem::take(&mut self.passed_over));
    }
}
