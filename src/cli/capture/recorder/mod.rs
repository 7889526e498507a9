//! What `-w` writes while frames come: blocks are gathered and written in large pieces, never later than half a second after they came.

mod target;

use super::now;
use super::rotation::Rotation;
use crate::cli::arguments::CaptureArguments;
use crate::cli::capture_name::{self, is_classic};
use crate::cli::form::FrameWriter;
use crate::cli::output;
use crate::frame::{Frame, InterfaceId, Timestamp};
use crate::host::{Host, capture};
use crate::limits::Limits;
use crate::render::pcap;
use crate::render::pcapng::{self, Counted, PcapngWriter};
use crate::render::sentence::Counted as Sum;
use crate::source::live::{Counters, LiveSource};
use crate::source::{Interface, Source};
use anyhow::{Context, ensure};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use target::Target;

/// For how long blocks are gathered at most.
const SOON: Duration = Duration::from_millis(500);
/// More than a frame's block has beside the frame, in bytes.
const BLOCK: u64 = 64;
/// More than the statistics of an interface take.
const STATISTICS: u64 = 128;
/// More than an interface's description has beside its options.
const DESCRIPTION: u64 = 64;
/// What most frames have at most: a file of a rotation that cannot hold one of these behind its beginning makes no sense.
const USUAL_FRAME: u64 = 1514;

/// A recorder that the loop and the pipeline share.
pub(super) type Shared = Rc<RefCell<Recorder>>;

/// What is gathered for the file, in its format.
enum Gathered {
    Pcapng(Box<PcapngWriter<Vec<u8>>>),
    Pcap(Vec<u8>),
}

impl Gathered {
    fn bytes(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Pcapng(writer) => writer.get_mut(),
            Self::Pcap(bytes) => bytes,
        }
    }
}

/// Writes frames as they come.
pub(super) struct Recorder {
    gathered: Gathered,
    /// How many frames are gathered.
    waiting: u64,
    /// When something was written last.
    written: Instant,
    target: Target,
    rotation: Option<Rotation>,
    /// Whether each frame is written as it comes.
    at_once: bool,
    /// What every file begins with.
    section: Vec<(u16, Vec<u8>)>,
    host: Option<Host>,
    interfaces: Vec<Interface>,
    /// When the file began, and what was counted then.
    began: Timestamp,
    counted: Vec<Counters>,
    /// What was counted when that was last told.
    latest: Vec<Counters>,
    /// Frames and bytes of the files before.
    before: (u64, u64),
}

/// That what is asked for can be written, before anything is opened.
pub(super) fn check(arguments: &CaptureArguments) -> anyhow::Result<()> {
    let Some(path) = &arguments.show.write else { return Ok(()) };
    capture_name::check(path)?;
    let interfaces = arguments.interfaces.len();
    ensure!(
        !is_classic(path) || interfaces < 2,
        "{}: pcap holds the frames of one interface, and these are {interfaces}; name the file .pcapng, or capture on `any`",
        path.display()
    );
    ensure!(!is_classic(path) || !arguments.show.annotate, "{}: pcap holds no notes; name the file .pcapng", path.display());
    ensure!(arguments.rotate.is_empty() || !output::is_standard(path), "--rotate: standard output is no file; name one");
    Ok(())
}

impl Recorder {
    /// Opens the file, and writes nothing yet.
    pub(super) fn open(
        path: &Path,
        arguments: &CaptureArguments,
        source: &dyn Source,
        host: Option<Host>,
        given_up: impl Fn() -> bool,
    ) -> anyhow::Result<Self> {
        let section = match &host {
            Some(host) => capture::section_options(host, source.section_options())?,
            None => source.section_options().to_vec(),
        };
        let mut rotation = Rotation::new(arguments, path)?;
        if let Some(size) = rotation.as_ref().and_then(|rotation| rotation.size) {
            check_room(size, path, &section, host.as_ref(), source.interfaces())?;
        }
        let target = match &mut rotation {
            Some(rotation) => {
                let (path, file) = rotation.next()?;
                rotation.keep();
                Target::of(path, file)
            }
            None => Target::open(path, arguments.show.force, given_up)?,
        };
        let gathered = if is_classic(path) {
            Gathered::Pcap(Vec::with_capacity(2 * Limits::RECORD_GATHERED))
        } else {
            Gathered::Pcapng(Box::new(PcapngWriter::new(Vec::new(), &section)?))
        };
        let interfaces = source.interfaces().to_vec();
        Ok(Self {
            gathered,
            waiting: 0,
            written: Instant::now(),
            target,
            rotation,
            at_once: arguments.flush,
            section,
            host,
            counted: vec![Counters::default(); interfaces.len()],
            latest: vec![Counters::default(); interfaces.len()],
            interfaces,
            began: now(),
            before: (0, 0),
        })
    }

    /// Whether it goes on in new files.
    pub(super) fn rotates(&self) -> bool {
        self.rotation.is_some()
    }

    /// Writes what stands before the first frame: whoever waits for the file finds it readable.
    pub(super) fn begin(&mut self) -> anyhow::Result<()> {
        self.began = now();
        match &mut self.gathered {
            Gathered::Pcapng(writer) => {
                let mut room = std::mem::take(writer.get_mut());
                room.clear();
                room.reserve(2 * Limits::RECORD_GATHERED);
                **writer = if self.target.is_file() {
                    PcapngWriter::new(room, &self.section)?
                } else {
                    PcapngWriter::for_pipe(room, &self.section)?
                };
                if let Some(host) = self.host.clone() {
                    writer.begin_host(host)?;
                }
                writer.describe_all(&self.interfaces)?;
            }
            Gathered::Pcap(bytes) => {
                for interface in self.interfaces.iter().take(1) {
                    pcap::begin(bytes, interface.link_type, interface.snap_length)?;
                }
            }
        }
        self.flush()
    }

    /// Takes a frame.
    #[inline]
    pub(super) fn write(&mut self, frame: &Frame<'_>, interfaces: &[Interface], comments: &[&str]) -> anyhow::Result<()> {
        if interfaces.len() > self.interfaces.len() {
            self.interfaces.extend_from_slice(interfaces.get(self.interfaces.len()..).unwrap_or_default());
        }
        match &mut self.gathered {
            Gathered::Pcapng(writer) => writer.write(frame, &self.interfaces, &[], comments)?,
            Gathered::Pcap(bytes) => pcap::write(bytes, frame)?,
        }
        self.waiting += 1;
        if self.at_once || self.gathered.bytes().len() >= Limits::RECORD_GATHERED { self.flush() } else { Ok(()) }
    }

    /// Writes what has been gathered for long enough.
    pub(super) fn settle(&mut self, now: Instant) -> anyhow::Result<()> {
        if now.duration_since(self.written) >= SOON { self.flush() } else { Ok(()) }
    }

    /// Writes all that was gathered.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        self.written = Instant::now();
        let headed = self.target.length == 0;
        let frames = std::mem::take(&mut self.waiting);
        let is_pcap = matches!(self.gathered, Gathered::Pcap(_));
        let whole = |bytes: &[u8], end| if is_pcap { pcap::whole(bytes, headed, end) } else { pcapng::whole(bytes, end) };
        let bytes = self.gathered.bytes();
        let done = if bytes.is_empty() { Ok(()) } else { self.target.write(bytes, frames, self.before.0, whole) };
        bytes.clear();
        bytes.shrink_to(2 * Limits::RECORD_GATHERED);
        done
    }

    /// Whether a frame is to go into a new file, with what it is to be described with. No file is left without a frame.
    pub(super) fn is_due(&mut self, frame: &Frame<'_>, interfaces: &[Interface], comments: &[&str]) -> bool {
        let Some(rotation) = &self.rotation else { return false };
        if self.target.frames + self.waiting == 0 {
            return false;
        }
        let new = interfaces.get(self.interfaces.len()..).unwrap_or_default();
        let comments: u64 = comments.iter().map(|comment| option_length(comment.len())).sum();
        let added = BLOCK + u64::from(frame.captured()) + comments + description_length(new, self.host.as_ref());
        let end = STATISTICS * self.counted.len() as u64 + added;
        let length = self.target.length + self.gathered.bytes().len() as u64 + end;
        let lasted = frame.timestamp.map_or(0, |time| time.since(self.began));
        rotation.size.is_some_and(|size| length > size) || rotation.time.is_some_and(|time| i128::from(lasted) >= time.as_nanos() as i128)
    }

    /// What was counted so far: what a file says at its end that is full in between.
    pub(super) fn know(&mut self, counters: &[Counters]) {
        self.latest.clear();
        self.latest.extend(counters);
    }

    /// Ends the file and goes on in a new one.
    pub(super) fn rotate(&mut self, counters: &[Counters]) -> anyhow::Result<()> {
        self.end(counters, now())?;
        let Some(rotation) = &mut self.rotation else { return Ok(()) };
        let (path, file) = rotation
            .next()
            .with_context(|| format!("{} are whole in the files before", Sum(self.before.0 + self.target.frames, "frame")))?;
        let target = Target::of(path, file);
        let ended = std::mem::replace(&mut self.target, target);
        self.before = (self.before.0 + ended.frames, self.before.1 + ended.length);
        self.counted.clear();
        self.counted.extend(counters);
        let begun = self.begin();
        let Some(rotation) = &mut self.rotation else { return begun };
        if let Err(error) = begun {
            rotation.discard();
            return Err(error);
        }
        rotation.keep();
        Ok(())
    }

    /// Writes what was counted from when the file began until then.
    fn statistics(&mut self, counters: &[Counters], until: Timestamp) -> anyhow::Result<()> {
        let Gathered::Pcapng(writer) = &mut self.gathered else { return Ok(()) };
        for (place, (counted, before)) in counters.iter().zip(&self.counted).enumerate() {
            let (read, dropped) = (counted.read.saturating_sub(before.read), counted.dropped.saturating_sub(before.dropped));
            let accepted = read + dropped;
            let is_filtered = self.interfaces.get(place).is_some_and(|interface| interface.options.iter().any(|(code, _)| *code == FILTER));
            let counted = Counted {
                began: self.began,
                // A file that begins while what came before the end is worked off.
                ended: Timestamp::from_nanoseconds(until.nanoseconds().max(self.began.nanoseconds())),
                received: (!is_filtered).then_some(accepted),
                accepted,
                dropped,
                delivered: read,
            };
            writer.write_statistics(InterfaceId(place as u32), &counted)?;
        }
        Ok(())
    }

    /// Ends the file: with what was counted, and nothing left to be written.
    pub(super) fn end(&mut self, counters: &[Counters], until: Timestamp) -> anyhow::Result<()> {
        self.statistics(counters, until)?;
        self.flush()
    }

    /// How many frames were taken and how many bytes they came to, written or gathered.
    pub(super) fn progress(&mut self) -> (u64, u64) {
        let gathered = self.gathered.bytes().len() as u64;
        (self.kept() + self.waiting, self.before.1 + self.target.length + gathered)
    }

    /// How many frames were written.
    pub(super) fn kept(&self) -> u64 {
        self.before.0 + self.target.frames
    }
}

/// The option of an interface that holds its filter.
const FILTER: u16 = 11;

/// How long an option is whose value has so many bytes.
fn option_length(value: usize) -> u64 {
    4 + value.next_multiple_of(4) as u64
}

/// How many bytes interfaces are described with, at most.
fn description_length(interfaces: &[Interface], host: Option<&Host>) -> u64 {
    let length = |interface: &Interface| interface.options.iter().map(|(_, value)| option_length(value.len())).sum::<u64>();
    let described = |interface| host.map_or_else(|| length(interface), |host| length(&capture::described(host, interface)));
    interfaces.iter().map(|interface| DESCRIPTION + described(interface)).sum()
}

/// That a file of a rotation has room for its beginning, its end and a frame between them.
fn check_room(size: u64, path: &Path, section: &[(u16, Vec<u8>)], host: Option<&Host>, interfaces: &[Interface]) -> anyhow::Result<()> {
    let begins = if is_classic(path) {
        BLOCK
    } else {
        let mut writer = PcapngWriter::new(Vec::new(), section)?;
        if let Some(host) = host {
            writer.begin_host(host.clone())?;
        }
        writer.get_mut().len() as u64 + description_length(interfaces, host) + STATISTICS * interfaces.len() as u64
    };
    let least = begins + BLOCK + USUAL_FRAME;
    let facts = if host.is_some() { "; --no-host leaves out what this machine knows, which each file begins with" } else { "" };
    ensure!(size >= least, "--rotate: files of {size} bytes have no room for frames: give at least {}k{facts}", least.div_ceil(1_000));
    Ok(())
}

impl FrameWriter for Shared {
    fn write(&mut self, frame: &Frame<'_>, source: &dyn Source, comments: &[&str]) -> anyhow::Result<()> {
        let mut recorder = self.borrow_mut();
        if recorder.is_due(frame, source.interfaces(), comments) {
            let latest = std::mem::take(&mut recorder.latest);
            recorder.rotate(&latest)?;
            recorder.latest = latest;
        }
        recorder.write(frame, source.interfaces(), comments)
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        self.borrow_mut().flush()
    }
}

/// A recorder on the interfaces of a source.
pub(super) fn shared(
    arguments: &CaptureArguments,
    source: &LiveSource,
    host: Option<Host>,
    given_up: impl Fn() -> bool,
) -> anyhow::Result<Option<Shared>> {
    let Some(path) = &arguments.show.write else { return Ok(None) };
    Ok(Some(Rc::new(RefCell::new(Recorder::open(path, arguments, source, host, given_up)?))))
}
