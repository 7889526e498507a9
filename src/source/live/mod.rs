//! Live interfaces: frames as they come.
//!
//! [`pnet`](pnet::datalink) is the portable way in. On Linux the socket is our own and pnet is handed it: pnet ties it to its interface and
//! makes it promiscuous, and the frames are read from a ring (`source::ring`), with what pnet's own receiver loses. `Backend::Pnet` is that
//! receiver nevertheless: times are then those at which we read, tags and directions are lost.

mod envelope;
mod error;
pub(in crate::source) mod hardware;
mod header;
mod instruction;
mod interface;
mod port;

use crate::limits::Limits;
pub(in crate::source) use envelope::Envelope;
pub use error::LiveError;
pub use hardware::link_type;
pub use instruction::{Instruction, Program};
pub use interface::{ANY, first_interface, interfaces, name_of, nameless, routed_interface};

use super::{Interface, NameRecord, Source, SourceError, Statistics};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use envelope::OUTGOING;
use header::Scratch;
use port::Port;
#[cfg(target_os = "linux")]
use std::os::fd::RawFd;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The most bytes that are kept of a frame unless somebody asks for less: more than any frame has.
pub const SNAP_LENGTH: u32 = 262_144;
/// How much memory the kernel gets to keep frames in until we read them, in bytes, for each interface.
pub const RING_BYTES: usize = 64 << 20;

/// How long after a frame came the kernel hands it on, where no more come.
pub const HANDED_ON: Duration = Duration::from_millis(50);
/// For how long frames may still be handed on: the kernel's clock has ticks of up to 10 ms, and a busy machine looks late.
pub const LEFT_OVER: Duration = HANDED_ON.saturating_add(Duration::from_millis(50));
/// For how long a frame waits for earlier ones of other interfaces.
const TOGETHER: Duration = HANDED_ON.saturating_add(Duration::from_millis(30));

/// The option of a packet that tells its direction (`epb_flags`), as it stands in a file: inbound, outbound.
const INBOUND: [u8; 8] = [2, 0, 4, 0, 1, 0, 0, 0];
const OUTBOUND: [u8; 8] = [2, 0, 4, 0, 2, 0, 0, 0];
/// The options of an interface: its name, that its times are nanoseconds, and the filter that its frames passed.
const NAME: u16 = 2;
const RESOLUTION: u16 = 9;
const FILTER: u16 = 11;
/// The first byte of a filter's text (pcapng specification, section 4.2, `if_filter`).
const TEXT: u8 = 0;

/// How frames are received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// From a ring that the kernel fills (Linux).
    #[cfg_attr(target_os = "linux", default)]
    Ring,
    /// By pnet's own receiver.
    #[cfg_attr(not(target_os = "linux"), default)]
    Pnet,
}

/// What is to be captured, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The interfaces; [`ANY`] is all of them at once.
    pub interfaces: Vec<String>,
    /// How frames are received.
    pub backend: Backend,
    /// Whether frames for other machines are asked for as well.
    pub promiscuous: bool,
    /// The most bytes that are kept of a frame, which interfaces are described with. What is lent of one says its [`Program`].
    pub snap_length: u32,
    /// How much memory the kernel gets for frames, in bytes, for each interface.
    pub ring_bytes: usize,
    /// The filter as it was typed, which interfaces are described with; empty where there is none.
    pub filter: String,
}

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A frame, which [`Source::frame`] lends.
    Frame,
    /// Nothing, for as long as was waited at most.
    Quiet,
    /// No interface is left that a frame could come from.
    Ended,
}

/// What was counted since capturing began. When it is over, every frame that was received was either read or dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames that the kernel's filter accepted; when it is over, those that came before the end.
    pub received: u64,
    /// Those of them that the kernel dropped, because we were too slow.
    pub dropped: u64,
    /// Those of them that were read: lent and not put back.
    pub read: u64,
}

impl std::iter::Sum for Counters {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            received: sum.received.saturating_add(one.received),
            dropped: sum.dropped.saturating_add(one.dropped),
            read: sum.read.saturating_add(one.read),
        })
    }
}

/// Frames from live interfaces.
pub struct LiveSource {
    ports: Vec<Port>,
    interfaces: Vec<Interface>,
    counters: Vec<Counters>,
    /// The one whose frame is at hand.
    current: usize,
    number: u64,
    snap_length: u32,
    /// The interface of the frame at hand.
    interface: InterfaceId,
    /// Of all interfaces at once: the interface of each index that frames came by.
    indexes: Vec<(u32, InterfaceId)>,
    filter: String,
    /// Whether no frame is taken any more.
    is_over: bool,
    scratch: Scratch,
    /// Whether the frame at hand stands in `scratch`.
    is_put_together: bool,
    /// Whether it was lent.
    lent: bool,
    names: Vec<NameRecord>,
}

impl LiveSource {
    /// Begins to capture. `program` makes the kernel's filter for an interface whose frames are of that link type; frames of
    /// [`LinkType::LINUX_SLL2`] and [`LinkType::RAW`] are asked without the header that is put before them later.
    ///
    /// # Errors
    /// An interface is not there or is down, this user may not capture, or the kernel refuses.
    pub fn open(settings: &Settings, program: impl Fn(LinkType) -> Program) -> Result<Self, LiveError> {
        let mut source = Self {
            ports: Vec::new(),
            interfaces: Vec::new(),
            counters: vec![Counters::default(); settings.interfaces.len()],
            current: 0,
            number: 0,
            snap_length: settings.snap_length,
            interface: InterfaceId::default(),
            indexes: Vec::new(),
            filter: settings.filter.clone(),
            is_over: false,
            scratch: Scratch::default(),
            is_put_together: false,
            lent: false,
            names: Vec::new(),
        };
        for name in &settings.interfaces {
            let port = Port::open(name, settings, &program)?;
            source.describe(name, port.link_type());
            source.ports.push(port);
        }
        Ok(source)
    }

    /// Adds an interface to those that frames come from.
    fn describe(&mut self, name: &str, link_type: LinkType) -> InterfaceId {
        let place = InterfaceId(self.interfaces.len() as u32);
        self.interfaces.push(Interface {
            name: Some(name.as_bytes().to_vec()),
            link_type,
            snap_length: self.snap_length,
            options: options(name, &self.filter),
            statistics: Statistics::default(),
        });
        place
    }

    /// Knows names of addresses from elsewhere, before the first frame.
    pub fn know(&mut self, names: Vec<NameRecord>) {
        self.names = names;
    }

    /// How much memory the kernel gave each interface for frames that wait, in bytes, where that is less than was asked for.
    pub fn short_of_memory(&self) -> impl Iterator<Item = (&str, usize)> {
        self.ports.iter().filter_map(|port| Some((port.name(), port.short_of_memory()?)))
    }

    /// The end has come: what came until now is still handed on. Where frames do not say when they came this decides which are past the end.
    pub fn take_only_what_came(&mut self) {
        self.counters();
        for (port, counted) in self.ports.iter_mut().zip(&self.counters) {
            port.take_only(counted.received.saturating_sub(counted.dropped));
        }
    }

    /// Whether frames of any interface come with their direction. Those of the loopback have none: they are seen once, and go both ways.
    pub fn tells_directions(&self) -> bool {
        self.ports.iter().any(Port::tells_directions)
    }

    /// When the frame at hand came, by the clock of whoever saw it come; `None` where only the time of reading is known.
    pub fn came(&self) -> Option<Timestamp> {
        let port = self.ports.get(self.current)?;
        port.tells_times().then(|| port.frame().0.time)
    }

    /// No frame is taken any more: what was counted, of each interface. Frames behind the end are not among them.
    pub fn end(&mut self) -> &[Counters] {
        self.is_over = true;
        self.counters()
    }

    /// Goes on to the next frame. Where there is none it waits for one, for so long at most; a signal ends the waiting as well.
    ///
    /// # Errors
    /// An interface went down or away, which is told once: the others go on.
    pub fn wait(&mut self, most: Duration) -> Result<Arrival, LiveError> {
        if self.next_at_hand() {
            return Ok(Arrival::Frame);
        }
        if self.ports.iter().all(Port::has_ended) {
            return Ok(Arrival::Ended);
        }
        Port::wait(&self.ports, if self.is_held() { TOGETHER.checked_div(4).unwrap_or(TOGETHER) } else { most });
        if self.next_at_hand() {
            return Ok(Arrival::Frame);
        }
        match self.ports.iter_mut().find_map(Port::failure) {
            Some(error) => Err(error),
            None => Ok(Arrival::Quiet),
        }
    }

    /// Goes on to the earliest of the frames that are at hand.
    fn next_at_hand(&mut self) -> bool {
        if std::mem::take(&mut self.lent)
            && let Some(port) = self.ports.get_mut(self.current)
        {
            port.leave();
        }
        let mut earliest: Option<(Timestamp, usize)> = None;
        let mut silent = false;
        for (place, port) in self.ports.iter_mut().enumerate() {
            match port.arrive() {
                Some(time) if earliest.is_none_or(|(first, _)| time < first) => earliest = Some((time, place)),
                Some(_) => {}
                None => silent |= !port.has_ended(),
            }
        }
        let Some((time, place)) = earliest else { return false };
        // Of another interface an earlier frame may be on its way.
        if silent && self.ports.len() > 1 && is_recent(time) {
            return false;
        }
        self.current = place;
        self.lent = true;
        self.number = self.number.saturating_add(1);
        if let Some(counted) = self.counters.get_mut(place) {
            counted.read = counted.read.saturating_add(1);
        }
        self.interface = self.interface_of(place);
        self.put_together();
        true
    }

    /// The interface that the frame of a port came by: of all interfaces at once the kernel says which.
    fn interface_of(&mut self, place: usize) -> InterfaceId {
        let all = InterfaceId(place as u32);
        let Some(port) = self.ports.get(place).filter(|port| port.name() == ANY) else { return all };
        let index = port.frame().0.interface;
        if let Some((_, known)) = self.indexes.iter().find(|(known, _)| *known == index) {
            return *known;
        }
        if self.indexes.len() >= Limits::LIVE_INTERFACES {
            return all;
        }
        // One that is gone already has no name any more.
        let (name, link_type) = (port.name_of(index), port.link_type());
        let id = name.map_or(all, |name| self.describe(&name, link_type));
        self.indexes.push((index, id));
        id
    }

    /// Counts the frame at hand as one that was not read: nobody wanted it, and nothing is done with it.
    pub fn pass_over(&mut self) {
        if let (true, Some(counted)) = (self.lent, self.counters.get_mut(self.current)) {
            counted.read = counted.read.saturating_sub(1);
        }
    }

    /// The numbers of the descriptors that frames come from.
    #[cfg(target_os = "linux")]
    pub fn descriptors(&self) -> Vec<RawFd> {
        self.ports.iter().flat_map(Port::descriptors).collect()
    }

    /// Whether a frame is at hand that waits for those of other interfaces.
    fn is_held(&self) -> bool {
        self.ports.len() > 1 && self.ports.iter().any(Port::has_arrived)
    }

    /// Puts before the frame at hand what the kernel took off.
    fn put_together(&mut self) {
        let Some(port) = self.ports.get(self.current) else { return };
        let ((envelope, data), snap_length) = (port.frame(), port.snap_length() as usize);
        self.is_put_together = match port.link_type() {
            LinkType::LINUX_SLL2 => {
                self.scratch.cook(envelope, data, snap_length);
                true
            }
            LinkType::ETHERNET if envelope.tag.is_some() => self.scratch.tag(envelope, data, snap_length),
            _ => false,
        };
    }

    /// Counts the frame at hand again that was passed over.
    pub fn take_up(&mut self) {
        if let (true, Some(counted)) = (self.lent, self.counters.get_mut(self.current)) {
            counted.read = counted.read.saturating_add(1);
        }
    }

    /// What was counted so far, of each interface.
    pub fn counters(&mut self) -> &[Counters] {
        for (counted, port) in self.counters.iter_mut().zip(&mut self.ports) {
            port.count(counted);
            if self.is_over {
                counted.received = counted.read.saturating_add(counted.dropped);
            }
        }
        for (interface, counted) in self.interfaces.iter_mut().zip(&self.counters) {
            interface.statistics =
                Statistics { received: Some(counted.received), dropped_by_system: Some(counted.dropped), ..Statistics::default() };
        }
        &self.counters
    }
}

/// What an interface is described with.
fn options(name: &str, filter: &str) -> Vec<(u16, Vec<u8>)> {
    let mut options = vec![(NAME, name.as_bytes().to_vec()), (RESOLUTION, vec![9])];
    if !filter.is_empty() {
        options.push((FILTER, [&[TEXT], filter.as_bytes()].concat()));
    }
    options
}

/// Whether a frame came so short a time ago that the kernel may not have handed on what came before it elsewhere.
fn is_recent(time: Timestamp) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let together = i64::try_from(TOGETHER.as_nanos()).unwrap_or(i64::MAX);
    let age = Timestamp::from_nanoseconds(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)).since(time);
    // A clock that was set back tells nothing.
    (0..together).contains(&age)
}

impl Source for LiveSource {
    fn advance(&mut self) -> Result<bool, SourceError> {
        const A_WHILE: Duration = Duration::from_millis(250);
        loop {
            match self.wait(A_WHILE) {
                Ok(Arrival::Frame) => return Ok(true),
                Ok(Arrival::Ended) => return Ok(false),
                Ok(Arrival::Quiet) | Err(_) => {}
            }
        }
    }

    fn frame(&self) -> Frame<'_> {
        let port = self.ports.get(self.current).filter(|_| self.lent);
        let (envelope, data) = port.map_or((&Envelope::EMPTY, &[][..]), Port::frame);
        let (data, length) = if self.is_put_together { self.scratch.frame() } else { (data, envelope.length) };
        let options: &[u8] = match envelope.packet_type {
            _ if !port.is_some_and(Port::tells_directions) => &[],
            OUTGOING => &OUTBOUND,
            _ => &INBOUND,
        };
        Frame {
            number: self.number,
            timestamp: Some(envelope.time),
            interface: self.interface,
            link_type: port.map_or(LinkType::ETHERNET, Port::link_type),
            length: length.max(data.len() as u32),
            check_sequence_length: 0,
            data,
            annotations: Annotations { options, big_endian: false },
        }
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    fn names(&self) -> &[NameRecord] {
        &self.names
    }

    fn has_more_at_hand(&self) -> bool {
        self.ports.iter().any(Port::has_more)
    }
}
