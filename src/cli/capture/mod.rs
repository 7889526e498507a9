//! `wirelore capture`: frames of live interfaces, as they come.

mod confinement;
mod ending;
mod interfaces;
mod summary;

use super::arguments::{BackendChoice, CaptureArguments};
use super::form::Form;
use super::pipeline::{PATIENCE, Pipeline};
use super::shower::{Shower, explains};
use super::{Outcome, host_file, namespace};
use crate::explain::Explainer;
use crate::filter::{Filter, KernelLink};
use crate::frame::{LinkType, Timestamp};
use crate::host::probe;
use crate::source::Source;
use crate::source::live::{Arrival, Backend, LiveSource, SNAP_LENGTH, Settings};
use anyhow::bail;
use confinement::confine;
use ending::Ending;
use std::ffi::OsString;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use summary::Summary;

/// How long to wait for a frame before anything else is looked after: a signal that comes just before is seen this late.
const A_WHILE: Duration = Duration::from_millis(250);

/// Runs the verb.
pub(super) fn run(arguments: &CaptureArguments) -> anyhow::Result<Outcome> {
    let show = &arguments.show;
    let filter = Filter::parse(&expression(&arguments.words, arguments.filter.as_deref())?)?;
    let given = (!show.host.is_empty()).then(|| host_file::load(&show.host)).transpose()?;
    // Before the socket: a signal that comes while it is opened ends it as well.
    let mut ending = Ending::new(arguments.lasts)?;
    let begin = || {
        let settings = settings(arguments)?;
        let host = match given {
            None if arguments.no_host => None,
            // What cannot be asked is not known; frames come all the same.
            None => probe::probe().ok(),
            given => given,
        };
        let source = open(&settings, &filter)?;
        anyhow::Ok((settings, host, source))
    };
    let (settings, host, mut source) = namespace::within(arguments.netns.as_deref(), begin)??;
    let form = Form::choose(show, &source, host.clone().filter(|_| show.write.is_some()))?;
    confine(arguments)?;
    let summary = Summary::new(arguments, &settings.interfaces);
    let explainer = explains(show, &form).then(|| host.map_or_else(Explainer::default, Explainer::with_host));
    let at_once = arguments.flush || show.write.is_none();
    let mut pipeline = Pipeline::new(Shower::new(show, filter, form, explainer), PATIENCE, !show.quiet);
    summary.begin();
    let mut damage = Vec::new();
    while !pipeline.is_done() {
        if ending.is_asked_to_report() {
            summary.say(&mut source);
        }
        match source.wait(ending.patience(A_WHILE)) {
            Ok(Arrival::Frame) if ending.is_past(source.frame().timestamp) => break,
            Ok(Arrival::Frame) => {
                pipeline.take(&source)?;
                let more = source.has_more_at_hand();
                pipeline.settle(at_once && !more)?;
                if !more {
                    ending.look();
                }
            }
            Ok(Arrival::Quiet) => {
                pipeline.let_go(Some(now()), &source)?;
                pipeline.settle(true)?;
                ending.look();
                if ending.has_come() {
                    break;
                }
            }
            Ok(Arrival::Ended) => break,
            Err(error) => damage.push(error.to_string()),
        }
    }
    let outcome = pipeline.finish(&source, damage)?;
    summary.say(&mut source);
    Ok(outcome)
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

fn settings(arguments: &CaptureArguments) -> anyhow::Result<Settings> {
    Ok(Settings {
        interfaces: interfaces::chosen(&arguments.interfaces)?,
        backend: match arguments.backend {
            BackendChoice::Ring => Backend::Ring,
            BackendChoice::Pnet => Backend::Pnet,
        },
        promiscuous: !arguments.no_promiscuous,
        snap_length: if arguments.snap_length == 0 { SNAP_LENGTH } else { arguments.snap_length.min(SNAP_LENGTH) },
        ring_bytes: usize::from(arguments.buffer) << 20,
    })
}

fn open(settings: &Settings, filter: &Filter) -> anyhow::Result<LiveSource> {
    let program = |link_type: LinkType| {
        let link = match link_type {
            LinkType::ETHERNET => KernelLink::Ethernet,
            LinkType::LINUX_SLL2 => KernelLink::Cooked,
            LinkType::RAW => KernelLink::RawIp,
            _ => KernelLink::Other,
        };
        filter.kernel_program(link, settings.snap_length).instructions
    };
    Ok(LiveSource::open(settings, program)?)
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_nanoseconds(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
}
