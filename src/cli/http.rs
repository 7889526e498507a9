//! `wirelore http`: exchanges, and their bodies.

use super::arguments::HttpArguments;
use super::export::Exporter;
use super::form::time_form;
use super::host_file;
use super::input::{Input, check_standard_input};
use super::listen::{Heard, Listened, listen};
use super::output::{self, Output};
use super::told::Told;
use super::{Outcome, color, say};
use crate::conversation::body::{Bodies, Keeper, Taker, Wanted};
use crate::conversation::http1::{Exchange, HttpWatch};
use crate::conversation::{Kind, Names};
use crate::explain::{Explainer, Note};
use crate::reassembly::Limits;
use crate::render::har::Har;
use crate::render::http::Subject;
use crate::render::http::limited::Limited;
use crate::render::http::line::HttpLine;
use crate::render::http::whole::HttpWhole;
use crate::render::json::{ExchangeJson, ExchangeSummary, push_exchange_summary};
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use crate::source;
use anyhow::Context;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufWriter, IsTerminal, Write};

/// What an exchange costs beside its heads and bodies.
const COST: usize = 1_024;

/// Runs the verb.
pub(super) fn run(arguments: &HttpArguments) -> anyhow::Result<Outcome> {
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    check_standard_input(input.files.iter().chain(&arguments.host))?;
    let limits = Limits::default();
    let mut shower = Shower::new(arguments, &input, &limits)?;
    let keeper = Keeper::new(shower.wanted(), &limits, Collector::default());
    let mut watch = HttpWatch::new(keeper, limits);
    let mut explainer = shower.explains().then(|| host_file::explainer(&arguments.host)).transpose()?;
    let mut listeners = (&mut watch, explainer.as_mut());
    let is_piped = input.files.iter().any(|file| file.as_os_str() == source::STANDARD_INPUT);
    let watched = std::io::stdout().is_terminal() || is_piped;
    let listened = listen(&input, &limits, shower.uses_names, &mut listeners, |heard, (watch, explainer)| {
        shower.begin()?;
        shower.hear(heard);
        if let Some(explainer) = explainer {
            host_file::learn_carried(explainer, heard.packet.frame.number, heard.source);
            explainer.observe(&heard.scene());
            shower.note(explainer);
        }
        shower.take(&mut watch.sink_mut().taker);
        if watched && !heard.source.has_more_at_hand() {
            shower.show_all(heard.names)?;
            shower.out.flush()?;
        } else {
            shower.show_due(heard.names)?;
        }
        Ok(!shower.is_done())
    })?;
    shower.begin()?;
    if let Some(explainer) = &mut explainer {
        explainer.finish(&listened.ending());
        shower.note(explainer);
        shower.limited.notes = explainer.left_out();
        shower.limited.forgotten = explainer.forgotten();
    }
    shower.limited.given_up = watch.given_up();
    shower.take(&mut watch.finish().taker);
    shower.show_all(&listened.names)?;
    shower.limited.conversations = listened.conversations.put_away().conversations;
    shower.limited.holes = listened.conversations.put_away().holes;
    shower.say_why_nothing(&listened);
    let failures = shower.finish(listened.frames)?;
    let mut outcome = Outcome::Done;
    for message in listened.damage.iter().chain(&failures) {
        say(message);
        outcome = Outcome::Damaged;
    }
    Ok(outcome)
}

/// Exchanges as they are over.
#[derive(Default)]
struct Collector {
    over: Vec<(Exchange, Bodies)>,
}

impl Taker for Collector {
    fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
        self.over.push((exchange, bodies));
    }
}

/// The forms of standard output.
enum Form {
    Line(HttpLine),
    Whole(HttpWhole),
    Json(ExchangeJson),
    Nothing,
}

/// A HAR that is being written.
struct HarFile {
    har: Har,
    out: BufWriter<Box<dyn Write>>,
    text: Vec<u8>,
    left_out: u64,
}

impl HarFile {
    fn settle(&mut self) -> anyhow::Result<()> {
        let written = self.out.write_all(&self.text);
        self.text.clear();
        self.text.shrink_to(1 << 20);
        written.context("writing the HAR")
    }
}

/// Shows exchanges in the order in which they began.
struct Shower<'a> {
    arguments: &'a HttpArguments,
    limits: &'a Limits,
    form: Form,
    begun: bool,
    har: Option<HarFile>,
    exporter: Option<Exporter>,
    out: Output,
    /// Those that wait, by the frame they begin with.
    waiting: BTreeMap<(u64, u64, u32), (Exchange, Bodies)>,
    waiting_bytes: usize,
    /// The last frame of each conversation that passed the filter; nothing where every frame does.
    passed: Option<HashMap<u64, u64, RandomState>>,
    uses_names: bool,
    /// The notes on exchanges that were not shown yet.
    notes: HashMap<(u64, u32), Vec<Note>, RandomState>,
    told: Told,
    /// Frames that were cut when they were captured.
    cut: u64,
    count: u64,
    exchanges: u64,
    shown: u64,
    limited: Limited,
}

impl<'a> Shower<'a> {
    fn new(arguments: &'a HttpArguments, input: &Input, limits: &'a Limits) -> anyhow::Result<Self> {
        let writes = arguments.har.is_some() || arguments.save.is_some();
        anyhow::ensure!(!arguments.force || writes, "--force is for --har and --save: name one of them");
        let form = Form::choose(arguments);
        let uses_names = arguments.numeric == 0 && matches!(form, Form::Line(_) | Form::Whole(_));
        Ok(Self {
            arguments,
            limits,
            form,
            begun: false,
            har: None,
            exporter: None,
            out: Output::new(),
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
            passed: (!input.filter.passes_everything()).then(HashMap::default),
            uses_names,
            notes: HashMap::default(),
            told: Told::default(),
            cut: 0,
            count: arguments.count.unwrap_or(u64::MAX),
            exchanges: 0,
            shown: 0,
            limited: Limited::default(),
        })
    }

    /// Begins what is written beside standard output: only where there is a capture, and once.
    fn begin(&mut self) -> anyhow::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        if let Some(path) = &self.arguments.har {
            let out = BufWriter::new(output::file(path, self.arguments.force)?);
            let mut file = HarFile { har: Har::default(), out, text: Vec::new(), left_out: 0 };
            file.har.begin(&mut file.text);
            self.har = Some(file);
        }
        if let Some(folder) = &self.arguments.save {
            self.exporter = Some(Exporter::new(folder, self.arguments.force, self.limits)?);
        }
        Ok(())
    }

    /// What is wanted of bodies.
    fn wanted(&self) -> Wanted {
        let shows = match self.form {
            Form::Whole(_) | Form::Json(_) => true,
            Form::Line(_) | Form::Nothing => false,
        };
        let saves = self.arguments.save.is_some();
        Wanted { bytes: shows || saves || self.arguments.har.is_some(), sha256: self.arguments.hash || saves }
    }

    /// Whether exchanges are shown with what there is to say of them.
    fn explains(&self) -> bool {
        match self.form {
            Form::Whole(_) | Form::Json(_) => true,
            Form::Line(_) | Form::Nothing => false,
        }
    }

    /// Takes the notes on exchanges.
    fn note(&mut self, explainer: &mut Explainer) {
        for note in explainer.take_notes() {
            if let (Some(conversation), Some(exchange)) = (note.conversation, note.exchange) {
                self.notes.entry((conversation, exchange)).or_default().push(note);
            }
        }
    }

    /// Where there is no exchange at all: what the capture lacks for one to be found.
    fn say_why_nothing(&self, listened: &Listened) {
        if self.exchanges > 0 || !matches!(self.form, Form::Line(_) | Form::Whole(_)) {
            return;
        }
        if self.cut > 0 {
            say(&format!(
                "no exchange found: {} frames were cut when they were captured, and HTTP may have been in what was cut off",
                self.cut
            ));
        }
        let with_data =
            || listened.conversations.iter().filter(|one| one.kind == Kind::Tcp && one.sent.iter().any(|sent| sent.payload > 0));
        let begun = with_data().filter(|one| !one.beginning_was_seen()).count();
        if begun > 0 && self.cut == 0 {
            let all = with_data().count();
            say(&format!(
                "no exchange found: {begun} of {all} TCP conversations with data began before the capture, and the middle of a body cannot be \
                 recognised"
            ));
        }
    }

    fn is_done(&self) -> bool {
        self.shown >= self.count
    }

    /// A frame came.
    fn hear(&mut self, heard: &Heard<'_>) {
        let segment = heard.belongs.and_then(|belongs| belongs.segment);
        let is_cut = heard.packet.frame.data.len() < heard.packet.frame.length as usize;
        self.cut += u64::from(is_cut && segment.is_some_and(|segment| segment.length > 0));
        if let (Some(passed), true, Some(belongs)) = (&mut self.passed, heard.passes, &heard.belongs) {
            passed.insert(belongs.conversation, heard.packet.frame.number);
        }
    }

    /// Takes what is over. It is shown where a frame of its conversation has passed the filter since it began.
    fn take(&mut self, collector: &mut Collector) {
        for (exchange, bodies) in collector.over.drain(..) {
            self.exchanges += 1;
            self.limited.observe(&exchange, &bodies);
            let first = exchange.first().frame;
            let passes = self.passed.as_ref().is_none_or(|passed| passed.get(&exchange.id.conversation).is_some_and(|last| *last >= first));
            if passes {
                self.waiting_bytes += cost(&exchange, &bodies);
                self.waiting.insert((first, exchange.id.conversation, exchange.id.index), (exchange, bodies));
            }
        }
    }

    /// Shows those that have waited long enough.
    fn show_due(&mut self, names: &Names) -> anyhow::Result<()> {
        while self.waiting.len() > Limits::EXCHANGES_WAITING || self.waiting_bytes > Limits::EXCHANGES_WAITING_BYTES {
            self.show_first(names)?;
        }
        Ok(())
    }

    fn show_all(&mut self, names: &Names) -> anyhow::Result<()> {
        while !self.waiting.is_empty() {
            self.show_first(names)?;
        }
        Ok(())
    }

    fn show_first(&mut self, names: &Names) -> anyhow::Result<()> {
        let Some((_, (exchange, bodies))) = self.waiting.pop_first() else { return Ok(()) };
        self.waiting_bytes = self.waiting_bytes.saturating_sub(cost(&exchange, &bodies));
        if self.is_done() {
            return Ok(());
        }
        self.shown += 1;
        let mut notes = self.notes.remove(&(exchange.id.conversation, exchange.id.index)).unwrap_or_default();
        if matches!(self.form, Form::Whole(_)) {
            notes.retain(|note| self.told.tells(note));
        }
        let subject = Subject { exchange: &exchange, bodies: &bodies, names, notes: &notes };
        match &mut self.form {
            Form::Line(line) => line.write(&mut self.out.pending, &subject),
            Form::Whole(whole) => whole.write(&mut self.out.pending, &subject),
            Form::Json(json) => json.write(&mut self.out.pending, &subject),
            Form::Nothing => {}
        }
        if let Some(file) = &mut self.har {
            file.left_out += u64::from(!file.har.write(&mut file.text, &subject));
            file.settle()?;
        }
        if let Some(exporter) = &mut self.exporter {
            exporter.write(&exchange, &bodies)?;
        }
        self.out.settle()
    }

    /// Ends everything that is written; returns what could not be, in words.
    fn finish(mut self, frames: u64) -> anyhow::Result<Vec<String>> {
        self.limited.files = self.exporter.as_ref().map_or(0, |exporter| exporter.left_out);
        match &self.form {
            Form::Line(line) => self.limited.push_lines(&mut self.out.pending, line.palette()),
            Form::Whole(whole) => self.limited.push_lines(&mut self.out.pending, whole.palette()),
            Form::Json(_) => {
                let limits = self.limited.iter().map(|(name, count, _)| (name, count)).collect();
                let summary = ExchangeSummary { frames, exchanges: self.exchanges, shown: self.shown, limits };
                push_exchange_summary(&mut self.out.pending, &summary);
            }
            Form::Nothing => {}
        }
        self.out.flush()?;
        if let Some(mut file) = self.har {
            let mut comment = String::new();
            if file.left_out > 0 {
                comment = format!("{} times bytes that belong to no message are left out", file.left_out);
            }
            file.har.finish(&mut file.text, &comment);
            file.settle()?;
            file.out.flush().context("writing the HAR")?;
        }
        self.exporter.map_or(Ok(Vec::new()), Exporter::finish)
    }
}

impl Form {
    fn choose(arguments: &HttpArguments) -> Self {
        let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
        colored::control::set_override(coloured);
        let palette = if coloured { Palette::coloured() } else { Palette::plain() };
        let clock = |form, precision| Clock::new(time_form(arguments.time, arguments.time_letters, form), precision);
        let har_is_output = arguments.har.as_ref().is_some_and(|path| path.as_os_str() == source::STANDARD_INPUT);
        if arguments.quiet || har_is_output {
            Self::Nothing
        } else if arguments.json {
            Self::Json(ExchangeJson::default())
        } else if arguments.verbose {
            Self::Whole(HttpWhole::new(clock(TimeForm::DateAndTime, Precision::Nanoseconds), palette))
        } else {
            Self::Line(HttpLine::new(clock(TimeForm::TimeOfDay, Precision::Microseconds), palette, arguments.hash))
        }
    }
}

/// About how much memory an exchange takes.
fn cost(exchange: &Exchange, bodies: &Bodies) -> usize {
    exchange.messages().map(|message| 2 * message.head.bytes().len()).sum::<usize>() + bodies.cost() + COST
}
