//! `wirelore follow`: what was said in one conversation.

use super::arguments::{FollowArguments, SideChoice};
use super::input::{Input, split_number};
use super::listen::{Listened, listen, listen_lending};
use super::output::Output;
use super::{Outcome, color, progress, say};
use crate::conversation::names::Between;
use crate::conversation::{Conversation, Kind, Listener, Names, Side};
use crate::reassembly::{Limits, Origin, Overlap, Piece};
use crate::render::follow::hex::HexForm;
use crate::render::follow::json::JsonForm;
use crate::render::follow::raw::RawForm;
use crate::render::follow::text::TextForm;
use crate::render::follow::{FollowForm, Whose};
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use crate::source::STANDARD_INPUT;
use anyhow::bail;
use std::io::IsTerminal;

/// How many holes and conflicts are told one by one beside bytes that stand alone.
const TOLD_AT_MOST: u64 = 20;

/// Runs the verb.
pub(super) fn run(arguments: &FollowArguments) -> anyhow::Result<Outcome> {
    let (words, number) = split_number(&arguments.words);
    let input = Input::parse(words, arguments.filter.as_deref())?;
    let filtered = words.len() > input.files.len() || arguments.filter.is_some();
    let form = form(arguments)?;
    let limits = Limits::default();
    let number = match (number, filtered) {
        (Some(_), true) => bail!("a number and a filter: which conversation is meant, the one of the number or the first that passes?"),
        (Some(number), false) => number,
        (None, _) => choose(&input, &limits, filtered)?,
    };
    let mut follower = Follower { number, form, names: Names::default(), out: Output::new(), told: 0, met: None, failure: None };
    let mut source = progress::open_all_ahead(&input.files)?;
    // Pieces are told in the middle of hearing a frame, with the names of the frames before.
    let lend: fn(&mut Follower, &mut Names) = |follower, names| std::mem::swap(&mut follower.names, names);
    let lend = Some(lend).filter(|_| arguments.numeric == 0);
    let listened = listen_lending(source.as_mut(), &input.filter, &limits, lend, &mut follower, |_, follower| {
        follower.failure.take().map_or(Ok(true), Err)
    })?;
    if let Some(failure) = follower.failure.take() {
        return Err(failure);
    }
    follower.out.flush()?;
    if let Some(untold @ 1..) = follower.told.checked_sub(TOLD_AT_MOST) {
        say(&format!("so it is in {untold} more places"));
    }
    for damage in &listened.damage {
        say(damage);
    }
    match follower.met {
        Some(Kind::Tcp | Kind::Udp) => {}
        Some(Kind::Echo | Kind::Other(_)) => {
            bail!(
                "conversation {number} has neither TCP nor UDP in it, and only what these carry can be followed; `wirelore read` shows its frames"
            )
        }
        None => bail!("there is no conversation {number}: {}", how_many(&input, &listened)),
    }
    Ok(if listened.damage.is_empty() { Outcome::Done } else { Outcome::Damaged })
}

/// The first conversation with a frame that passes the filter; without a filter the only one that there is.
fn choose(input: &Input, limits: &Limits, filtered: bool) -> anyhow::Result<u64> {
    if input.files.iter().any(|file| file.as_os_str() == STANDARD_INPUT) {
        bail!("which conversation of standard input? It can be read only once, so give its number (from 0), or write it to a file first");
    }
    let mut chosen = None;
    let mut several = false;
    let listened = listen(input, limits, false, &mut (), |heard, ()| {
        if let Some(belongs) = heard.belongs.filter(|_| heard.passes) {
            let kind = heard.conversations.get(&belongs).map(|conversation| conversation.kind);
            if matches!(kind, Some(Kind::Tcp | Kind::Udp)) {
                several |= *chosen.get_or_insert(belongs.conversation) != belongs.conversation;
            }
        }
        Ok(!several && (!filtered || chosen.is_none()))
    })?;
    match chosen {
        Some(chosen) if filtered || !several => Ok(chosen),
        Some(_) => {
            let listened = listen(input, limits, false, &mut (), |_, ()| Ok(true))?;
            bail!("which conversation? Give its number or a filter: {}", how_many(input, &listened))
        }
        None => {
            listened.damage.iter().for_each(|damage| say(damage));
            bail!("no conversation to follow{}: {}", if filtered { " passes the filter" } else { "" }, how_many(input, &listened))
        }
    }
}

/// How many conversations there are, and how to see them.
fn how_many(input: &Input, listened: &Listened) -> String {
    let files = input.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ");
    match listened.conversations.count() {
        0 => format!("{files} has none"),
        1 => format!("{files} has one, number 0"),
        count => format!("{files} has {count}, 0 to {}; `wirelore conversations {files}` lists them", count - 1),
    }
}

/// The form that was asked for.
fn form(arguments: &FollowArguments) -> anyhow::Result<FollowForm> {
    let only = arguments.from.map(|side| match side {
        SideChoice::Originator => Side::Originator,
        SideChoice::Responder => Side::Responder,
    });
    let terminal = std::io::stdout().is_terminal();
    if arguments.raw {
        anyhow::ensure!(
            !terminal,
            "--raw gives the bytes as they are, and a terminal would obey them: send them on (--raw .. > FILE, or | xxd)"
        );
        return Ok(FollowForm::Raw(RawForm::new(only)));
    }
    if arguments.json {
        return Ok(FollowForm::Json(Box::new(JsonForm::new(only, &Limits::default()))));
    }
    let coloured = color::decide(arguments.color, terminal, |name| std::env::var_os(name));
    colored::control::set_override(coloured);
    let palette = if coloured { Palette::coloured() } else { Palette::plain() };
    let clock = Clock::new(TimeForm::from_count(arguments.time_letters), Precision::Microseconds);
    Ok(if arguments.hex {
        FollowForm::Hex(Box::new(HexForm::new(clock, palette, only)))
    } else {
        FollowForm::Text(Box::new(TextForm::new(clock, palette, only, &Limits::default())))
    })
}

/// Writes what one conversation says, as it says it.
struct Follower {
    number: u64,
    form: FollowForm,
    /// What is known of names: lent while a frame is heard.
    names: Names,
    out: Output,
    /// How much was said about the bytes.
    told: u64,
    /// What the conversation is made of, once it was met.
    met: Option<Kind>,
    /// Why nothing more can be written.
    failure: Option<anyhow::Error>,
}

impl Follower {
    fn write(&mut self, conversation: &Conversation, write: impl FnOnce(&mut FollowForm, &mut Vec<u8>, Whose<'_>) -> Option<String>) {
        if conversation.id != self.number {
            return;
        }
        self.met = Some(conversation.kind);
        if self.failure.is_some() || !matches!(conversation.kind, Kind::Tcp | Kind::Udp) {
            return;
        }
        self.names.turn_to(Some(Between::of(conversation)));
        let whose = Whose { conversation, names: &self.names };
        let message = write(&mut self.form, &mut self.out.pending, whose);
        self.failure = self.out.settle().err();
        if let Some(message) = message {
            self.told += 1;
            if self.told <= TOLD_AT_MOST {
                say(&message);
            }
        }
    }
}

impl Listener for Follower {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.write(conversation, |form, out, whose| form.piece(out, whose, from, piece));
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.write(conversation, |form, out, whose| form.overlap(out, whose, from, overlap));
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.write(conversation, |form, out, whose| {
            form.datagram(out, whose, from, payload, origin);
            None
        });
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.write(conversation, |form, out, whose| {
            form.finish(out, whose);
            None
        });
    }
}
