//! One interface that frames come from, by pnet alone: the way in on systems other than Linux.
//!
//! pnet tells the bytes of a frame and nothing else: the time is that at which we read, there is no filter but our own, and what the system
//! drops is not counted. The loopback's frames come once there. Each interface has a thread, so that a silent one keeps no other waiting.

use super::super::envelope::Envelope;
use super::super::{Backend, Counters, LiveError, Program, SNAP_LENGTH, Settings, interface};
use crate::frame::{LinkType, Timestamp};
use crate::limits::Limits;
use pnet::datalink::{self, Channel, DataLinkReceiver};
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often a thread without frames looks whether it is still wanted.
const LOOKS: Duration = Duration::from_millis(250);

/// One interface that frames come from.
pub(in crate::source::live) struct Port {
    name: String,
    frames: Receiver<Taken>,
    /// Memory of frames that were left, for those to come.
    used: Sender<Vec<u8>>,
    at_hand: (Envelope, Vec<u8>),
    /// The frame behind the one at hand.
    next: Option<Taken>,
    /// Whether the frame at hand was not left yet.
    arrived: bool,
    /// Whether the thread has ended, and whether that was told.
    closed: bool,
    ended: bool,
    read: u64,
    snap_length: u32,
    /// The thread goes on as long as this is there.
    _wanted: Arc<()>,
}

/// A frame that a thread took.
struct Taken {
    envelope: Envelope,
    data: Vec<u8>,
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Port {
    /// Opens an interface. Nobody here takes instructions: what they would keep back comes, and is left to the filter itself.
    pub(in crate::source::live) fn open(
        name: &str,
        settings: &Settings,
        program: &impl Fn(LinkType) -> Program,
    ) -> Result<Self, LiveError> {
        match settings.backend {
            Backend::Ring => return Err(LiveError::NoRing),
            Backend::Pnet => {}
        }
        if name == interface::ANY {
            return Err(LiveError::NoAny);
        }
        let found = interface::find(name)?;
        let refused = |what: &'static str| move |source: io::Error| LiveError::Kernel { name: name.to_owned(), what, source };
        let config = datalink::Config {
            read_buffer_size: SNAP_LENGTH as usize,
            read_timeout: Some(LOOKS),
            promiscuous: settings.promiscuous,
            ..datalink::Config::default()
        };
        let receiver = match datalink::channel(&found, config).map_err(refused("receiving"))? {
            Channel::Ethernet(_, receiver) => receiver,
            _ => return Err(refused("receiving")(ErrorKind::Unsupported.into())),
        };
        let Program { snap_length, .. } = program(LinkType::ETHERNET);
        let (taken, frames) = sync_channel(Limits::LIVE_FRAMES);
        let (used, memory) = channel();
        let wanted = Arc::new(());
        let taker = Taker {
            receiver,
            taken,
            memory,
            wanted: Arc::downgrade(&wanted),
            reader: thread::current(),
            snap_length: snap_length as usize,
        };
        thread::Builder::new().spawn(move || taker.run()).map_err(refused("beginning a thread"))?;
        let at_hand = (Envelope::EMPTY, Vec::new());
        let name = name.to_owned();
        Ok(Self {
            name,
            frames,
            used,
            at_hand,
            next: None,
            arrived: false,
            closed: false,
            ended: false,
            read: 0,
            snap_length,
            _wanted: wanted,
        })
    }

    /// Its name.
    pub(in crate::source::live) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the interface of an index: nothing here comes from all interfaces at once.
    pub(in crate::source::live) fn name_of(&self, _index: u32) -> Option<String> {
        None
    }

    /// How much memory there is for frames that wait: the system does not say.
    pub(in crate::source::live) fn short_of_memory(&self) -> Option<usize> {
        None
    }

    /// The most bytes that are lent of a frame.
    pub(in crate::source::live) fn snap_length(&self) -> u32 {
        self.snap_length
    }

    /// Whether frames come with the time at which they came: the thread takes them as they come.
    pub(in crate::source::live) fn tells_times(&self) -> bool {
        true
    }

    /// Hands on so many frames in all and no more, where frames do not tell when they came: these do.
    pub(in crate::source::live) fn take_only(&mut self, _most: u64) {}

    /// How the first bytes of its frames are to be read: pnet puts an Ethernet header before those that have none.
    pub(in crate::source::live) fn link_type(&self) -> LinkType {
        LinkType::ETHERNET
    }

    /// Goes on to the next frame where the last one was left; the time of the one at hand.
    pub(in crate::source::live) fn arrive(&mut self) -> Option<Timestamp> {
        if !self.arrived
            && let Some(Taken { envelope, data }) = self.take()
        {
            let (_, left) = std::mem::replace(&mut self.at_hand, (envelope, data));
            // A thread that has ended needs no memory.
            let _unwanted = self.used.send(left);
            self.arrived = true;
            self.read += 1;
            self.next = self.take();
        }
        self.arrived.then_some(self.at_hand.0.time)
    }

    fn take(&mut self) -> Option<Taken> {
        self.next.take().or_else(|| match self.frames.try_recv() {
            Ok(taken) => Some(taken),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.closed = true;
                None
            }
        })
    }

    /// Leaves the frame at hand: it was seen.
    pub(in crate::source::live) fn leave(&mut self) {
        self.arrived = false;
    }

    /// The frame at hand, and what is known of it.
    pub(in crate::source::live) fn frame(&self) -> (&Envelope, &[u8]) {
        (&self.at_hand.0, &self.at_hand.1)
    }

    /// Whether directions are known.
    pub(in crate::source::live) fn tells_directions(&self) -> bool {
        false
    }

    /// Whether a frame is there behind the one at hand.
    pub(in crate::source::live) fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Waits until a frame comes to one of the ports, for so long at most: their threads wake the one that opened them.
    pub(in crate::source::live) fn wait(ports: &[Self], most: Duration) {
        if !ports.iter().any(|port| port.closed && !port.ended) {
            thread::park_timeout(most);
        }
    }

    /// Why no more frames come, said once, behind the last frame.
    pub(in crate::source::live) fn failure(&mut self) -> Option<LiveError> {
        if self.ended || !self.closed || self.arrived || self.has_more() {
            return None;
        }
        self.ended = true;
        Some(LiveError::Ended { name: self.name.clone(), gone: !interface::is_there(&self.name) })
    }

    /// Whether a frame is at hand that was not left yet.
    pub(in crate::source::live) fn has_arrived(&self) -> bool {
        self.arrived
    }

    /// Whether no more frames come.
    pub(in crate::source::live) fn has_ended(&self) -> bool {
        self.ended
    }

    /// What was counted: the system tells nothing, so that what was read is all that is known.
    pub(in crate::source::live) fn count(&mut self, counted: &mut Counters) {
        counted.received = self.read;
    }
}

/// What a thread takes frames with.
struct Taker {
    receiver: Box<dyn DataLinkReceiver>,
    taken: SyncSender<Taken>,
    memory: Receiver<Vec<u8>>,
    wanted: Weak<()>,
    /// Who waits for frames.
    reader: Thread,
    snap_length: usize,
}

impl Taker {
    /// Takes frames until nobody wants them, or none can come.
    fn run(mut self) {
        while self.wanted.strong_count() > 0 {
            match self.receiver.next() {
                Ok(bytes) => {
                    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                    let time = Timestamp::from_nanoseconds(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
                    let envelope = Envelope { time, length: bytes.len() as u32, ..Envelope::EMPTY };
                    let mut data = self.memory.try_recv().unwrap_or_default();
                    data.clear();
                    data.extend_from_slice(bytes.get(..self.snap_length).unwrap_or(bytes));
                    if self.taken.send(Taken { envelope, data }).is_err() {
                        return;
                    }
                    self.reader.unpark();
                }
                Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(_) => break,
            }
        }
        drop(self.taken);
        self.reader.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::time::Instant;

    fn settings(backend: Backend) -> Settings {
        Settings { interfaces: Vec::new(), backend, promiscuous: false, snap_length: 40, ring_bytes: 0, filter: String::new() }
    }

    fn open(name: &str, backend: Backend) -> Result<Port, LiveError> {
        Port::open(name, &settings(backend), &|_| Program { instructions: Vec::new(), snap_length: 40 })
    }

    #[test]
    fn what_pnet_has_not_is_said() {
        assert!(matches!(open("lo", Backend::Ring), Err(LiveError::NoRing)));
        assert!(matches!(open(interface::ANY, Backend::Pnet), Err(LiveError::NoAny)));
        assert!(matches!(open("no-such-one", Backend::Pnet), Err(LiveError::NoSuchInterface { .. })));
    }

    #[test]
    fn frames_come_by_pnet_alone() {
        // Whoever may not capture is refused; whoever may sees what is sent.
        let mut port = match open("lo", Backend::Pnet) {
            Ok(port) => port,
            Err(refused) => return assert!(matches!(refused, LiveError::Kernel { .. }), "{refused}"),
        };
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let own = socket.local_addr().expect("an address");
        socket.send_to(b"through the portable way in", own).expect("sent");
        let (began, mut seen) = (Instant::now(), false);
        while !seen && began.elapsed() < Duration::from_secs(10) {
            Port::wait(std::slice::from_ref(&port), Duration::from_millis(100));
            while port.arrive().is_some() {
                let (envelope, data) = port.frame();
                // UDP behind Ethernet and IPv4: from our own port.
                seen |= data.get(34..36) == Some(&own.port().to_be_bytes()) && data.len() == 40 && envelope.length == 42 + 27;
                port.leave();
            }
        }
        assert!(seen, "the frame did not come");
        assert!(port.failure().is_none() && !port.has_ended() && !port.has_arrived() && !port.tells_directions() && port.tells_times());
        port.take_only(0);
        assert!(port.name() == "lo" && port.snap_length() == 40 && port.short_of_memory().is_none() && port.name_of(1).is_none());
        let mut counted = Counters::default();
        port.count(&mut counted);
        assert!(counted.received > 0 && port.link_type() == LinkType::ETHERNET);
    }
}
