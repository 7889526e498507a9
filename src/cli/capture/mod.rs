//! `wirelore capture`: frames of live interfaces, as they come.

mod confinement;
mod ending;
mod file_maker;
mod hangup;
mod interfaces;
mod progress;
mod recorder;
mod rotation;
mod running;
mod sieve;
mod summary;
mod way;

use super::arguments::{BackendChoice, CaptureArguments};
use super::create::NobodyReads;
use super::form::Form;
use super::pipeline::{PATIENCE, Pipeline};
use super::shower::{Shower, explains};
use super::{Outcome, host_file, namespace, say};
use crate::explain::Explainer;
use crate::filter::{Filter, KernelLink};
use crate::frame::{LinkType, Timestamp};
use crate::host::{capture, probe};
use crate::source::live::{Backend, LiveSource, Program, SNAP_LENGTH, Settings};
use anyhow::bail;
use confinement::confine;
use ending::Ending;
#[cfg(target_os = "linux")]
pub(super) use file_maker::{NAME as FILE_MAKER, run as make_files};
use interfaces::Chosen;
use progress::Progress;
use running::Run;
use sieve::Sieve;
use std::cell::Cell;
use std::ffi::OsString;
use std::time::{SystemTime, UNIX_EPOCH};
use summary::Summary;
use way::Way;

/// Runs the verb.
pub(super) fn run(arguments: &CaptureArguments) -> anyhow::Result<Outcome> {
    let show = &arguments.show;
    let typed = expression(&arguments.words, arguments.filter.as_deref())?;
    let filter = Filter::parse(&typed).map_err(|error| interfaces::in_place_of_filter(error, &arguments.interfaces))?;
    recorder::check(arguments)?;
    let given = (!show.host.is_empty()).then(|| host_file::load(&show.host)).transpose()?;
    // Before the socket: a signal that comes while it is opened ends it as well.
    let mut ending = Ending::new(arguments.lasts)?;
    let netns = arguments.netns.as_deref();
    let begin = || {
        let Chosen { names, is_first } = interfaces::chosen(&arguments.interfaces)?;
        let settings = settings(arguments, names, typed);
        let host = match given {
            None if arguments.no_host => None,
            // What cannot be asked is not known; frames come all the same.
            None => probe::probe_in(netns).ok(),
            given => given,
        };
        let (mut source, asking) = open(&settings, &filter).map_err(|error| interfaces::with_advice(error, netns))?;
        // As whoever reads it knows them that is written.
        source.know(host.as_ref().map(capture::names).unwrap_or_default());
        anyhow::Ok((settings, is_first, host, source, asking))
    };
    let (settings, is_first, host, source, asking) = namespace::within(netns, "capture", begin)??;
    // A file is opened as whoever called.
    let recorder = match recorder::shared(arguments, &source, host.clone(), || ending.is_asked()) {
        Err(error) if error.is::<NobodyReads>() => {
            say(&error.to_string());
            return Ok(Outcome::Done);
        }
        recorder => recorder?,
    };
    confine(arguments, &source)?;
    if let Some(recorder) = &recorder {
        recorder.borrow_mut().begin()?;
    }
    let way = match &recorder {
        Some(recorder) if asking == Asking::Nothing && !show.annotate => {
            Way::Straight { recorder: recorder.clone(), count: show.count.unwrap_or(u64::MAX), taken: 0 }
        }
        recorder => {
            let form = match recorder {
                Some(recorder) => Form::Capture(Box::new(recorder.clone())),
                None if source.tells_directions() => Form::choose(show, &source, None)?.with_directions(),
                None => Form::choose(show, &source, None)?,
            };
            let explainer = explains(show, &form).then(|| host.map_or_else(Explainer::default, Explainer::with_host));
            // What is cut is not asked any more: the kernel has decided, or the sieve does.
            let (sieve, filter) = match asking {
                Asking::Whole => (Some(Box::new(Sieve::new(filter, settings.snap_length))), Filter::everything()),
                Asking::Nothing => (None, Filter::everything()),
                Asking::AsTheyCome => (None, filter),
            };
            Way::Pipeline { sieve, pipeline: Box::new(Pipeline::new(Shower::new(show, filter, form, explainer), PATIENCE, !show.quiet)) }
        }
    };
    let summary = Summary::new(arguments, &settings.interfaces);
    summary.warn(&source, settings.backend, settings.ring_bytes);
    let progress = Progress::new(recorder.is_some() && !arguments.no_summary);
    summary.begin(is_first);
    ending.begin();
    Run { source, way, recorder, ending, summary, progress }.run()
}

/// The filter that was typed, behind the options or with -f.
fn expression(words: &[OsString], filter: Option<&str>) -> anyhow::Result<String> {
    let words = words.iter().map(|word| word.to_str()).collect::<Option<Vec<_>>>();
    match (words, filter) {
        (None, _) => bail!("a filter is UTF-8"),
        (Some(words), Some(filter)) if words.is_empty() => Ok(filter.to_owned()),
        (Some(_), Some(_)) => bail!("two filters: one behind --filter and one at the end; join them with `and`"),
        (Some(words), None) => Ok(words.join(" ")),
    }
}

fn settings(arguments: &CaptureArguments, interfaces: Vec<String>, filter: String) -> Settings {
    Settings {
        interfaces,
        backend: match arguments.backend {
            BackendChoice::Ring => Backend::Ring,
            BackendChoice::Pnet => Backend::Pnet,
        },
        promiscuous: !arguments.no_promiscuous,
        snap_length: if arguments.snap_length == 0 { SNAP_LENGTH } else { arguments.snap_length.min(SNAP_LENGTH) },
        ring_bytes: usize::from(arguments.buffer) << 20,
        filter,
    }
}

/// What is still to be asked of frames that the kernel handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    /// Nothing: exactly those come that the filter accepts.
    Nothing,
    /// The filter, of frames as they come: nothing was cut off.
    AsTheyCome,
    /// The filter, of whole frames, which are cut behind that.
    Whole,
}

/// The interfaces, and what is still to be asked of their frames. A filter is asked of whole frames: where only a part of each is kept, the
/// kernel cuts those of which it decides alone, and the others come whole.
fn open(settings: &Settings, filter: &Filter) -> anyhow::Result<(LiveSource, Asking)> {
    const LINKS: [KernelLink; 3] = [KernelLink::Ethernet, KernelLink::Cooked, KernelLink::RawIp];
    // Other systems take no program: nothing is decided there.
    let is_decided = |exact: bool| exact && (cfg!(target_os = "linux") || filter.passes_everything());
    let decides = |link| is_decided(filter.kernel_program(link, SNAP_LENGTH).exact);
    let comes_whole = settings.snap_length < SNAP_LENGTH && !filter.passes_everything() && !LINKS.into_iter().all(decides);
    let lent = if comes_whole { SNAP_LENGTH } else { settings.snap_length };
    // What the kernel cuts off is lost to pnet, which then knows no length either.
    let kept = if settings.backend == Backend::Pnet { SNAP_LENGTH } else { lent };
    let is_exact = Cell::new(true);
    let program = |link_type: LinkType| {
        let link = match link_type {
            LinkType::ETHERNET => KernelLink::Ethernet,
            LinkType::LINUX_SLL2 => KernelLink::Cooked,
            LinkType::RAW => KernelLink::RawIp,
            _ => KernelLink::Other,
        };
        let program = filter.kernel_program(link, SNAP_LENGTH).keeping(kept);
        is_exact.set(is_exact.get() && is_decided(program.exact));
        Program { instructions: program.instructions, snap_length: lent }
    };
    let source = LiveSource::open(settings, program)?;
    let asking = match (comes_whole, is_exact.get()) {
        (true, _) => Asking::Whole,
        (false, true) => Asking::Nothing,
        (false, false) => Asking::AsTheyCome,
    };
    Ok((source, asking))
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_nanoseconds(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
}
