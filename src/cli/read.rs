//! `wirelore read`: every frame of captures, decoded.

use super::arguments::{Format, ReadArguments, TimeChoice};
use super::input::Input;
use super::output::Output;
use super::{Outcome, color, say};
use crate::dissect::{Dissection, dissect};
use crate::explain::ChecksumWatch;
use crate::frame::{Frame, Timestamp};
use crate::render::json::{self, Json};
use crate::render::line::LineForm;
use crate::render::note;
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use crate::source::{self, Source};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// The forms that frames are shown in.
enum Form {
    Line(Box<LineForm>),
    Json(Box<Json>),
}

/// Runs the verb.
pub(super) fn run(arguments: &ReadArguments) -> anyhow::Result<Outcome> {
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    let mut form = Form::choose(arguments)?;
    let mut source = source::open(&input.files[0])?;
    let mut out = Output::new();
    // Somebody may be watching: then each frame is shown as soon as nothing more is at hand.
    let watched = std::io::stdout().is_terminal() || input.files.iter().any(|file| file.as_os_str() == "-");
    let mut pace = arguments.pace.map(Pace::new);
    let mut dissection = Dissection::default();
    let mut checksums = ChecksumWatch::default();
    let (mut read, mut shown) = (0u64, 0u64);
    let damage = loop {
        if arguments.count.is_some_and(|count| shown >= count) {
            break None;
        }
        match source.advance() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        let frame = source.frame();
        read += 1;
        dissect(&frame, &mut dissection);
        shown += 1;
        if let Some(pace) = &mut pace {
            pace.wait(frame.timestamp, &mut out)?;
        }
        form.write(&mut out.pending, &frame, &dissection, source.as_ref(), &mut checksums)?;
        if watched && !source.has_more_at_hand() { out.flush()? } else { out.settle()? }
    };
    form.finish(&mut out.pending, arguments.quiet, (read, shown), &checksums)?;
    out.flush()?;
    let damages = source.damage().into_iter().map(ToString::to_string).chain(damage.map(|error| error.to_string()));
    let mut outcome = Outcome::Done;
    for damage in damages {
        say(&damage);
        outcome = Outcome::Damaged;
    }
    Ok(outcome)
}

impl Form {
    fn choose(arguments: &ReadArguments) -> anyhow::Result<Self> {
        let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
        colored::control::set_override(coloured);
        let palette = if coloured { Palette::coloured() } else { Palette::plain() };
        if arguments.json || arguments.format == Some(Format::Json) {
            return Ok(Self::Json(Box::default()));
        }
        let clock = Clock::new(time_form(arguments), Precision::Microseconds);
        Ok(Self::Line(Box::new(LineForm::new(clock, palette, arguments.link_addresses))))
    }

    fn write(
        &mut self,
        out: &mut Vec<u8>,
        frame: &Frame<'_>,
        dissection: &Dissection,
        source: &dyn Source,
        checksums: &mut ChecksumWatch,
    ) -> anyhow::Result<()> {
        match self {
            Self::Line(line) => {
                let finding = checksums.observe(frame.data, frame.number, dissection);
                line.write_frame(out, frame, dissection, finding.as_ref());
            }
            Self::Json(json) => {
                checksums.observe(frame.data, frame.number, dissection);
                json.write_frame(out, frame, dissection, source.interfaces());
            }
        }
        Ok(())
    }

    /// What is said when all frames have been seen.
    fn finish(&mut self, out: &mut Vec<u8>, quiet: bool, (read, shown): (u64, u64), checksums: &ChecksumWatch) -> anyhow::Result<()> {
        let notes = if quiet { Vec::new() } else { checksums.notes() };
        match self {
            Self::Line(line) => notes.iter().for_each(|note| note::push_line(out, note, line.palette())),
            Self::Json(_) => json::push_summary(out, read, shown, &notes),
        }
        Ok(())
    }
}

fn time_form(arguments: &ReadArguments) -> TimeForm {
    match arguments.time {
        None => TimeForm::from_count(arguments.time_letters),
        Some(TimeChoice::Clock) => TimeForm::TimeOfDay,
        Some(TimeChoice::None) => TimeForm::Without,
        Some(TimeChoice::Epoch) => TimeForm::Epoch,
        Some(TimeChoice::Delta) => TimeForm::SincePrevious,
        Some(TimeChoice::Date) => TimeForm::DateAndTime,
        Some(TimeChoice::Elapsed) => TimeForm::SinceFirst,
    }
}

/// Shows frames as far apart as they were.
struct Pace {
    speed: f64,
    began: Option<(Instant, Timestamp)>,
}

impl Pace {
    fn new(speed: f64) -> Self {
        Self { speed, began: None }
    }

    /// Waits until it is this frame's turn; what was shown before is on the screen by then.
    fn wait(&mut self, timestamp: Option<Timestamp>, out: &mut Output) -> anyhow::Result<()> {
        let Some(timestamp) = timestamp else { return Ok(()) };
        let (instant, first) = *self.began.get_or_insert_with(|| (Instant::now(), timestamp));
        let after = Duration::from_nanos(u64::try_from(timestamp.since(first)).unwrap_or_default());
        let due = after.div_f64(self.speed).saturating_sub(instant.elapsed());
        if !due.is_zero() {
            out.flush()?;
            std::thread::sleep(due);
        }
        Ok(())
    }
}
