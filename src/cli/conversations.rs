//! `wirelore conversations`: who talked to whom.

use super::arguments::{ConversationsArguments, Sort};
use super::host_file;
use super::input::{Input, check_standard_input, split_number};
use super::listen::{Listened, listen};
use super::notebook::Notebook;
use super::output::Output;
use super::told::{say_holes, say_left_out};
use super::{Outcome, color, say};
use crate::conversation::application::{Application, ApplicationWatch};
use crate::conversation::dns::DnsWatch;
use crate::conversation::names::Between;
use crate::conversation::tls::TlsWatch;
use crate::conversation::{Conversation, Conversations, NameSource};
use crate::reassembly::Limits;
use crate::render::conversation::{Overview, Rung, Table, push_detail, push_json, push_summary};
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &ConversationsArguments) -> anyhow::Result<Outcome> {
    let (words, number) = split_number(&arguments.words);
    let input = Input::parse(words, arguments.filter.as_deref())?;
    check_standard_input(input.files.iter().chain(&arguments.host))?;
    let everything = words.len() == input.files.len() && arguments.filter.is_none();
    let mut shown = Shown { all: everything && number.is_none(), number, ids: HashSet::new() };
    let mut ladders = Ladders::default();
    let limits = Limits::default();
    let mut watches: Watches = (ApplicationWatch::default(), (DnsWatch::new(&limits), TlsWatch::new(&limits)));
    let explains = arguments.json || arguments.verbose > 0;
    let mut notebook = explains.then(|| host_file::explainer(&arguments.host)).transpose()?.map(Notebook::new);
    let mut listeners = (&mut watches, notebook.as_mut());
    let mut listened = listen(&input, &limits, arguments.numeric == 0, &mut listeners, |heard, (_, notebook)| {
        if let Some(notebook) = notebook {
            notebook.observe(heard);
        }
        let Some(belongs) = heard.belongs else { return Ok(true) };
        if heard.passes {
            shown.add(belongs.conversation);
        }
        if arguments.verbose > 0 && number.is_none_or(|number| number == belongs.conversation) {
            ladders.add(belongs.conversation, || Rung::new(&heard.packet, heard.names, belongs.from, belongs.segment));
        }
        Ok(true)
    })?;
    if let Some(notebook) = &mut notebook {
        notebook.finish(&listened);
    }
    if arguments.numeric == 0 {
        learn_server_names(&mut listened, &watches);
    }
    let conversations = &listened.conversations;
    if let Some(number) = number.filter(|number| !conversations.iter().any(|conversation| conversation.id == *number)) {
        for damage in &listened.damage {
            say(damage);
        }
        anyhow::bail!("there is no conversation {number}: {}", how_many(conversations));
    }
    let order = sorted(conversations, arguments, &shown);
    let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
    colored::control::set_override(coloured);
    let palette = if coloured { Palette::coloured() } else { Palette::plain() };
    let names = &mut listened.names;
    let (_, (lookups, secured)) = &watches;
    let put_away = conversations.put_away();
    let left_out = [
        ("lookups", lookups.left_out(), "questions and answers of DNS"),
        ("handshakes", secured.left_out(), "TLS handshakes"),
        ("names", names.left_out(), "names of addresses"),
    ];
    let [notes_left_out, forgotten] =
        notebook.as_ref().map_or([0; 2], |notebook| [notebook.explainer.left_out(), notebook.explainer.forgotten()]);
    let mut out = Output::new();
    if arguments.json {
        for &conversation in &order {
            names.turn_to(Some(Between::of(conversation)));
            push_json(&mut out.pending, &overview(conversation, &watches, notebook.as_ref()), names);
            out.settle()?;
        }
        let more = [("notes", notes_left_out), ("forgotten", forgotten), ("holes", put_away.holes)];
        let limits: Vec<(&str, u64)> = left_out.iter().map(|(name, count, _)| (*name, *count)).chain(more).collect();
        let shown = order.len() as u64;
        push_summary(&mut out.pending, listened.frames, conversations.count(), shown, put_away, &limits);
    } else if arguments.verbose > 0 {
        ladders.sort();
        for &conversation in &order {
            names.turn_to(Some(Between::of(conversation)));
            push_detail(
                &mut out.pending,
                &overview(conversation, &watches, notebook.as_ref()),
                names,
                &palette,
                ladders.of(conversation.id),
            );
            out.settle()?;
        }
    } else if !order.is_empty() {
        let form = if arguments.time_letters == 0 { TimeForm::TimeOfDay } else { TimeForm::from_count(arguments.time_letters) };
        let mut table = Table::new(&palette, names, Clock::new(form, Precision::Microseconds));
        order.iter().for_each(|&conversation| table.measure(&overview(conversation, &watches, notebook.as_ref())));
        table.push_heads(&mut out.pending);
        for &conversation in &order {
            table.push(&mut out.pending, &overview(conversation, &watches, notebook.as_ref()));
            out.settle()?;
        }
        table.push_names(&mut out.pending, order.iter().copied());
    }
    out.flush()?;
    if put_away.conversations > 0 {
        say(&format!(
            "{} of {} conversations were put away to stay within the limits and are not shown, {} of them a SYN that nobody answered",
            put_away.conversations,
            conversations.count(),
            put_away.unanswered
        ));
    }
    say_holes(put_away.holes);
    say_left_out(notes_left_out, forgotten);
    for (_, count, what) in left_out {
        if count > 0 {
            say(&format!("{count} {what} were left out to stay within the limits"));
        }
    }
    if order.is_empty() && !arguments.json && listened.damage.is_empty() {
        say(&format!("no conversation to show: {}", how_many(conversations)));
    }
    for damage in &listened.damage {
        say(damage);
    }
    Ok(if listened.damage.is_empty() { Outcome::Done } else { Outcome::Damaged })
}

/// Who hears what conversations are held in, what is looked up in them, and how they are secured.
type Watches = (ApplicationWatch, (DnsWatch, TlsWatch));

/// Takes over the names of servers from hellos that no single frame shows. What is said through a proxy names somebody else than the address
/// that it goes to.
fn learn_server_names(listened: &mut Listened, (applications, (_, secured)): &Watches) {
    let Listened { conversations, names, .. } = listened;
    for conversation in conversations.iter() {
        let Some(summary) = secured.summary(conversation.id) else { continue };
        let is_direct = applications.application(conversation).is_none_or(|(application, _)| application != Application::Http);
        if let (Some(name), Some(hello), true) = (&summary.server_name, summary.client_hello, is_direct) {
            let server = conversation.end(summary.client.other());
            names.learn(server.address, name, NameSource::ServerName, Some(hello.frame));
            names.say_in(conversation, summary.client, name, hello.frame);
        }
    }
}

fn overview<'a>(
    conversation: &'a Conversation,
    (applications, (lookups, secured)): &'a Watches,
    notebook: Option<&'a Notebook>,
) -> Overview<'a> {
    Overview {
        conversation,
        application: applications.application(conversation),
        lookups: lookups.of(conversation.id).collect(),
        tls: secured.summary(conversation.id),
        notes: notebook.map(|notebook| notebook.of(conversation.id)).unwrap_or_default(),
    }
}

fn how_many(conversations: &Conversations) -> String {
    match conversations.count() {
        0 => "the capture holds none".to_owned(),
        1 => "the capture holds one, number 0".to_owned(),
        count => format!("the capture holds {count}, 0 to {}", count - 1),
    }
}

/// Which conversations are shown.
struct Shown {
    all: bool,
    number: Option<u64>,
    ids: HashSet<u64>,
}

impl Shown {
    fn add(&mut self, id: u64) {
        if !self.all && self.number.is_none() {
            self.ids.insert(id);
        }
    }

    fn has(&self, id: u64) -> bool {
        self.all || self.number == Some(id) || self.ids.contains(&id)
    }
}

fn sorted<'a>(conversations: &'a Conversations, arguments: &ConversationsArguments, shown: &Shown) -> Vec<&'a Conversation> {
    let mut order: Vec<&Conversation> = conversations.iter().filter(|conversation| shown.has(conversation.id)).collect();
    order.sort_unstable_by_key(|conversation| conversation.id);
    let sum = |of: [u64; 2]| Reverse(of[0].saturating_add(of[1]));
    let sent = |conversation: &Conversation, of: fn(&crate::conversation::Sent) -> u64| {
        sum([of(&conversation.sent[0]), of(&conversation.sent[1])])
    };
    match arguments.sort {
        Sort::Began => {}
        Sort::Bytes => order.sort_by_key(|conversation| sent(conversation, |sent| sent.bytes)),
        Sort::Payload => order.sort_by_key(|conversation| sent(conversation, |sent| sent.payload)),
        Sort::Frames => order.sort_by_key(|conversation| sent(conversation, |sent| sent.frames.into())),
        Sort::SentAgain => order.sort_by_key(|conversation| sent(conversation, |sent| sent.retransmitted.into())),
        Sort::Lasted => order.sort_by_key(|conversation| Reverse(conversation.duration())),
        Sort::RoundTrip => order.sort_by_key(|conversation| Reverse(conversation.handshake())),
        Sort::Missing => order.sort_by_key(|conversation| sum(conversation.incidents().gaps.map(|count| count.bytes))),
        Sort::Address => order.sort_by_key(|conversation| conversation.ends),
    }
    order.truncate(arguments.count.unwrap_or(usize::MAX));
    order
}

/// The frames of conversations that are shown in detail.
#[derive(Default)]
struct Ladders {
    /// In one list and not in one of each: a flood of conversations of one frame would take several times what the frames do.
    rungs: Vec<(u64, Rung)>,
    /// How many there are of each conversation.
    counts: HashMap<u64, usize>,
}

impl Ladders {
    fn add(&mut self, id: u64, rung: impl FnOnce() -> Rung) {
        if self.rungs.len() >= Limits::LADDERS {
            return;
        }
        let count = self.counts.entry(id).or_default();
        if *count < Limits::LADDER_OF_ONE {
            *count += 1;
            self.rungs.push((id, rung()));
        }
    }

    /// Brings together what is of one conversation, in the order in which it came.
    fn sort(&mut self) {
        self.counts = HashMap::new();
        self.rungs.sort_by_key(|(id, _)| *id);
    }

    fn of(&self, id: u64) -> impl ExactSizeIterator<Item = &Rung> {
        let begins = self.rungs.partition_point(|(of, _)| *of < id);
        let ends = self.rungs.partition_point(|(of, _)| *of <= id);
        self.rungs.get(begins..ends).unwrap_or_default().iter().map(|(_, rung)| rung)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Side;

    fn rung(frame: u64) -> Rung {
        Rung { frame, time: None, from: Side::Originator, segment: None, words: Box::default() }
    }

    fn frames(ladders: &Ladders, id: u64) -> Vec<u64> {
        ladders.of(id).map(|rung| rung.frame).collect()
    }

    #[test]
    fn the_frames_of_a_conversation_stand_together_in_their_order() {
        let mut ladders = Ladders::default();
        for (frame, id) in [(1, 7), (2, 0), (3, 7), (4, 3), (5, 0)] {
            ladders.add(id, || rung(frame));
        }
        ladders.sort();
        assert_eq!(frames(&ladders, 0), [2, 5]);
        assert_eq!(frames(&ladders, 3), [4]);
        assert_eq!(frames(&ladders, 7), [1, 3]);
        assert_eq!(frames(&ladders, 5), [0; 0]);
    }

    #[test]
    fn neither_one_long_conversation_nor_many_short_ones_are_kept_without_limit() {
        let mut ladders = Ladders::default();
        (0..Limits::LADDER_OF_ONE as u64 + 5).for_each(|frame| ladders.add(0, || rung(frame)));
        assert_eq!(ladders.of(0).len(), Limits::LADDER_OF_ONE);
        (1..Limits::LADDERS as u64 * 2).for_each(|id| ladders.add(id, || rung(id)));
        assert_eq!(ladders.rungs.len(), Limits::LADDERS);
        // Those that are not shown take nothing either.
        assert!(ladders.counts.len() <= Limits::LADDERS, "{}", ladders.counts.len());
    }
}
