//! The form that frames are shown in: which one was asked for, and giving it what it needs.

use super::arguments::{Format, ShowArguments, TimeChoice};
use super::{capture_name, color, output, unwritable};
use crate::conversation::Names;
use crate::explain::{ChecksumWatch, Note};
use crate::frame::Frame;
use crate::host::Host;
use crate::host::capture;
use crate::reassembly::fragments::Outcome;
use crate::render::Seen;
use crate::render::fields::{Columns, FieldsOptions};
use crate::render::json::{self, Json, Totals};
use crate::render::line::LineForm;
use crate::render::note;
use crate::render::pcapng::PcapngWriter;
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use crate::render::tree::{Tree, TreeOptions};
use crate::source::Source;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// What a capture is written with.
pub(super) trait FrameWriter {
    /// Writes a frame, and what is said of it.
    fn write(&mut self, frame: &Frame<'_>, source: &dyn Source, comments: &[&str]) -> anyhow::Result<()>;

    /// Hands on what was written so far.
    fn flush(&mut self) -> anyhow::Result<()>;
}

/// A capture that `read` writes.
struct Written {
    writer: PcapngWriter<BufWriter<Box<dyn Write>>>,
    path: PathBuf,
}

impl FrameWriter for Written {
    fn write(&mut self, frame: &Frame<'_>, source: &dyn Source, comments: &[&str]) -> anyhow::Result<()> {
        let done = self.writer.write(frame, source.interfaces(), source.names(), comments);
        done.map_err(|error| unwritable::unwritable(&self.path, &error).into())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        self.writer.flush().map_err(|error| unwritable::unwritable(&self.path, &error).into())
    }
}

/// The forms of `read`.
pub(super) enum Form {
    Line(Box<LineForm>),
    Tree(Box<Tree>),
    Json(Box<Json>),
    Fields(Box<Columns>),
    Capture(Box<dyn FrameWriter>),
}

impl Form {
    /// What the arguments ask for.
    pub(super) fn choose(arguments: &ShowArguments, source: &dyn Source, known: Option<Host>) -> anyhow::Result<Self> {
        let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
        colored::control::set_override(coloured);
        let palette = if coloured { Palette::coloured() } else { Palette::plain() };
        if let Some(path) = &arguments.write {
            let options = match &known {
                Some(known) => capture::section_options(known, source.section_options())?,
                None => source.section_options().to_vec(),
            };
            capture_name::check(path)?;
            let out = output::capture(path, arguments.force)?;
            let told = |error| unwritable::unwritable(path, &error);
            let out = BufWriter::new(out);
            let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) && !output::is_standard(path);
            let writer = if is_file { PcapngWriter::new(out, &options) } else { PcapngWriter::for_pipe(out, &options) };
            let mut writer = writer.map_err(told)?;
            if let Some(known) = known {
                writer.begin_host(known).map_err(told)?;
            }
            return Ok(Self::Capture(Box::new(Written { writer, path: path.clone() })));
        }
        if arguments.json || arguments.format == Some(Format::Json) {
            return Ok(Self::Json(Box::default()));
        }
        if arguments.format == Some(Format::Fields) {
            anyhow::ensure!(!arguments.fields.is_empty(), "-T fields: which ones? Name them with -e, for example -e ip.src -e tcp.dstport");
            let options = FieldsOptions::parse(&arguments.fields_options)?;
            return Ok(Self::Fields(Box::new(Columns::parse(&arguments.fields, options)?)));
        }
        let stray = !arguments.fields.is_empty() || !arguments.fields_options.is_empty();
        anyhow::ensure!(!stray, "--field and -E are for columns: add -T fields");
        if arguments.verbose > 0 || arguments.hex {
            let options = TreeOptions { meanings: arguments.verbose > 1, bytes: arguments.hex, width: terminal_width() };
            let clock = Clock::new(time_form(arguments.time, arguments.time_letters, TimeForm::DateAndTime), Precision::Nanoseconds);
            return Ok(Self::Tree(Box::new(Tree::new(clock, palette, options))));
        }
        let clock = Clock::new(time_form(arguments.time, arguments.time_letters, TimeForm::TimeOfDay), Precision::Microseconds);
        let line = LineForm::new(clock, palette, arguments.link_addresses);
        Ok(Self::Line(Box::new(if arguments.quiet { line.without_introductions() } else { line })))
    }

    /// The same, where frames of some interfaces tell their direction.
    pub(super) fn with_directions(self) -> Self {
        match self {
            Self::Line(line) => Self::Line(Box::new(line.with_directions())),
            other @ (Self::Tree(_) | Self::Json(_) | Self::Fields(_) | Self::Capture(_)) => other,
        }
    }

    /// What stands before the first frame.
    pub(super) fn begin(&self, out: &mut Vec<u8>) {
        if let Self::Fields(columns) = self {
            columns.write_header(out);
        }
    }

    /// Whether it calls addresses by their names.
    pub(super) fn uses_names(&self) -> bool {
        match self {
            Self::Line(_) | Self::Tree(_) | Self::Json(_) => true,
            Self::Fields(_) | Self::Capture(_) => false,
        }
    }

    /// Whether it says which conversation a frame belongs to.
    pub(super) fn uses_conversations(&self) -> bool {
        match self {
            Self::Json(_) => true,
            Self::Line(_) | Self::Tree(_) | Self::Fields(_) | Self::Capture(_) => false,
        }
    }

    /// A frame. `names` are those of the frames before.
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        seen: &Seen<'_>,
        source: &dyn Source,
        names: &Names,
        checksums: Option<&mut ChecksumWatch>,
    ) -> anyhow::Result<()> {
        let Seen { frame, dissection, fragment, .. } = *seen;
        let finding = || {
            let checksums = checksums?;
            let own = checksums.observe(frame.data, frame.number, dissection);
            let whole = fragment.filter(|fragment| fragment.outcome == Outcome::Completes).and_then(|fragment| fragment.whole.as_ref());
            let other = whole.and_then(|whole| checksums.observe_whole(whole, frame.number));
            own.or(other)
        };
        match self {
            Self::Line(line) => line.write(out, &Seen { finding: finding().as_ref(), ..*seen }, source.interfaces(), names),
            Self::Tree(tree) => tree.write(out, &Seen { finding: finding().as_ref(), ..*seen }, source.interfaces(), names),
            Self::Json(json) => {
                finding();
                json.write(out, seen, source.interfaces(), names);
            }
            Self::Fields(columns) => columns.write(out, seen, source.interfaces()),
            Self::Capture(writer) => {
                let comments: Vec<String> = seen.notes.iter().map(|one| comment(frame.number, one, names)).collect();
                let comments: Vec<&str> = comments.iter().map(String::as_str).collect();
                writer.write(frame, source, &comments)?;
            }
        }
        Ok(())
    }

    /// Hands on what was written so far, where it is not in `out`.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        if let Self::Capture(writer) = self {
            writer.flush()?;
        }
        Ok(())
    }

    /// What is said when all frames have been seen: how many were read, how many shown, and the notes on all of them.
    pub(super) fn finish(&self, out: &mut Vec<u8>, totals: &Totals, notes: &[Note], names: &Names) {
        match self {
            Self::Line(line) => notes.iter().for_each(|note| note::push_line(out, note, names, line.palette())),
            Self::Tree(tree) => notes.iter().for_each(|note| note::push_line(out, note, names, tree.palette())),
            Self::Json(_) => json::push_summary(out, totals, notes, names),
            Self::Fields(_) | Self::Capture(_) => {}
        }
    }

    /// Whether frames are copied, and not decoded.
    pub(super) fn is_capture(&self) -> bool {
        matches!(self, Self::Capture(_))
    }

    /// Whether checksums are judged where no notes are wanted: what is wrong stands in the line of its frame.
    pub(super) fn shows_findings(&self) -> bool {
        matches!(self, Self::Line(_) | Self::Tree(_))
    }

    /// Whether notes stand with its frames.
    pub(super) fn has_notes(&self) -> bool {
        match self {
            Self::Line(_) | Self::Tree(_) | Self::Json(_) => true,
            Self::Fields(_) | Self::Capture(_) => false,
        }
    }

    /// Whether it tells only what is new, because somebody reads it.
    pub(super) fn is_for_people(&self) -> bool {
        match self {
            Self::Line(_) | Self::Tree(_) => true,
            Self::Json(_) | Self::Fields(_) | Self::Capture(_) => false,
        }
    }
}

/// A note as a comment on a frame.
fn comment(frame: u64, note: &Note, names: &Names) -> String {
    let mut text = Vec::new();
    note::push_comment(&mut text, frame, note, names);
    String::from_utf8_lossy(&text).into_owned()
}

/// The time form that was asked for, by name or by letters; `otherwise` where none was.
pub(super) fn time_form(choice: Option<TimeChoice>, letters: u8, otherwise: TimeForm) -> TimeForm {
    match (choice, letters) {
        (None, 0) => otherwise,
        (None, letters) => TimeForm::from_count(letters),
        (Some(TimeChoice::Clock), _) => TimeForm::TimeOfDay,
        (Some(TimeChoice::None), _) => TimeForm::Without,
        (Some(TimeChoice::Epoch), _) => TimeForm::Epoch,
        (Some(TimeChoice::Delta), _) => TimeForm::SincePrevious,
        (Some(TimeChoice::Date), _) => TimeForm::DateAndTime,
        (Some(TimeChoice::Elapsed), _) => TimeForm::SinceFirst,
    }
}

/// How wide the terminal is, for text that wraps; a width that reads well where there is none.
pub(super) fn terminal_width() -> usize {
    const READS_WELL: usize = 100;
    terminal_size::terminal_size().map_or(READS_WELL, |(width, _)| usize::from(width.0))
}
