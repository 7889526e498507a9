//! `wirelore diff`: what differs between captures, and why.

use super::arguments::DiffArguments;
use super::form::terminal_width;
use super::input::{Input, check_standard_input};
use super::listen::listen;
use super::output::Output;
use super::{Outcome, color, say};
use crate::conversation::Names;
use crate::diff::hop::{Fate, Hop};
use crate::diff::point::{Captured, Collector, Point};
use crate::diff::question::{Judgement, Question};
use crate::diff::{Cause, Digester, PacketField, Selection, UnknownName};
use crate::frame::Timestamp;
use crate::nearest::nearest;
use crate::reassembly::Limits;
use crate::render::diff::points::{self, Compared, Tally, Telling};
use crate::render::style::Palette;
use crate::render::time::TimeForm;
use crate::source::{Interface, STANDARD_INPUT};
use anyhow::bail;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::Path;

/// Runs the verb.
pub(super) fn run(arguments: &DiffArguments) -> anyhow::Result<Outcome> {
    anyhow::ensure!(!arguments.words.is_empty(), "compare what? Two captures are wanted: `wirelore diff LEFT RIGHT`");
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    check_standard_input(&input.files)?;
    if let [only] = input.files.as_slice() {
        bail!("{}: compare it with what? Two captures are wanted: `wirelore diff {0} RIGHT`", only.display());
    }
    let selection = selection(arguments)?;
    let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
    colored::control::set_override(coloured);
    let palette = if coloured { Palette::coloured() } else { Palette::plain() };
    anyhow::ensure!(!arguments.runs, "--runs: captures of the same thing done twice cannot be compared yet");
    let digester = Digester::new();
    let seen = input.files.iter().map(|file| see(file, &input, digester, arguments.numeric == 0)).collect::<anyhow::Result<Vec<Seen>>>()?;
    let mut out = Output::new();
    let [left, right] = seen.as_slice() else { bail!("{} captures: two are wanted", seen.len()) };
    let hop = Hop::between(&left.point, &right.point);
    let judgement = Judgement::of(&left.point, &right.point, &hop.pairing);
    let compared = Compared {
        titles: [&left.title, &right.title],
        points: [&left.point, &right.point],
        names: [&left.names, &right.names],
        hop: &hop,
        judgement,
        is_forced: arguments.points,
        selection: &selection,
    };
    if judgement.question == Question::Runs && !arguments.points && !compared.is_unrelated() {
        say("the captures share no packet for sure and are perhaps two runs of one thing, which cannot be compared yet; --points is taken");
    }
    let time = if arguments.time_letters == 0 { TimeForm::TimeOfDay } else { TimeForm::from_count(arguments.time_letters) };
    let telling = Telling { palette: &palette, width: terminal_width(), all: arguments.verbose > 0, time };
    if arguments.json {
        points::push_json(&mut out.pending, &compared);
    } else if arguments.brief {
        points::push_brief(&mut out.pending, &compared);
    } else {
        points::push(&mut out.pending, &compared, &telling);
    }
    out.flush()?;
    let differs = Tally::of(&compared).differs;
    let damage: Vec<&String> = seen.iter().flat_map(|one| &one.damage).collect();
    damage.iter().for_each(|damage| say(damage));
    Ok(match (damage.is_empty(), differs) {
        (false, _) => Outcome::Damaged,
        (true, true) => Outcome::Different,
        (true, false) => Outcome::Done,
    })
}

/// One capture, read.
struct Seen {
    title: String,
    point: Point,
    names: Names,
    damage: Vec<String>,
}

/// Reads a capture.
fn see(file: &Path, input: &Input, digester: Digester, uses_names: bool) -> anyhow::Result<Seen> {
    let title = if file.as_os_str() == OsStr::new(STANDARD_INPUT) { "standard input".to_owned() } else { file.display().to_string() };
    let alone = Input { files: vec![file.to_path_buf()], filter: input.filter.clone() };
    let mut collector = Collector::new(digester);
    let listened = listen(&alone, &Limits::default(), uses_names, &mut (), |heard, ()| {
        if heard.passes {
            collector.observe(&heard.packet, heard.belongs.as_ref(), heard.conversations);
        }
        Ok(true)
    })?;
    let mut point = collector.finish(Captured { window: [None; 2], dropped: dropped(&listened.interfaces) });
    point.captured.window = window(&listened.interfaces, point.times());
    Ok(Seen { title, point, names: listened.names, damage: listened.damage })
}

/// How many frames a capture says that it lost itself.
fn dropped(interfaces: &[Interface]) -> u64 {
    let of = |interface: &Interface| {
        let counted = interface.statistics;
        [counted.dropped_by_interface, counted.dropped_by_system].into_iter().flatten().fold(0, u64::saturating_add)
    };
    interfaces.iter().map(of).fold(0, u64::saturating_add)
}

/// When a capture says that it began and ended. What its own frames do not lie in says nothing: their times were moved, or it was cut from
/// another one.
fn window(interfaces: &[Interface], times: Option<[Timestamp; 2]>) -> [Option<Timestamp>; 2] {
    let all = |of: fn(&Interface) -> Option<Timestamp>| interfaces.iter().map(of).collect::<Option<Vec<Timestamp>>>().unwrap_or_default();
    let began = all(|interface| interface.statistics.began).into_iter().min();
    let ended = all(|interface| interface.statistics.ended).into_iter().max();
    let holds = times.is_none_or(|[first, last]| began.is_none_or(|began| began <= first) && ended.is_none_or(|ended| ended >= last));
    if holds { [began, ended] } else { [None, None] }
}

/// Which differences count.
fn selection(arguments: &DiffArguments) -> Result<Selection, UnknownName> {
    let fields = PacketField::ALL.into_iter().flat_map(|field| std::iter::once(field.id()).chain(field.other_ids().iter().copied()));
    let causes = Cause::ALL.into_iter().map(Cause::word);
    let fates = Fate::ALL.into_iter().flat_map(|fate| fate.words().iter().copied());
    let known: Vec<&str> = fields.chain(causes).chain(fates).collect();
    let check = |names: &[String]| {
        names
            .iter()
            .map(|name| {
                let name = name.trim();
                let begins = |known: &&str| {
                    known.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
                        && known.get(name.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                if !name.is_empty() && known.iter().any(begins) {
                    return Ok(name.into());
                }
                Err(UnknownName { name: name.into(), nearest: nearest(name, known.iter().copied()).map(Into::into) })
            })
            .collect::<Result<Vec<Box<str>>, UnknownName>>()
    };
    Ok(Selection { ignore: check(&arguments.ignore)?, only: check(&arguments.only)?, strict: arguments.strict })
}
