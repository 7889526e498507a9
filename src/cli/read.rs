//! `wirelore read`: every frame of captures, decoded.

use super::arguments::ReadArguments;
use super::form::Form;
use super::input::Input;
use super::output::Output;
use super::pace::Pace;
use super::unknown_link::UnknownLinks;
use super::{Outcome, say};
use crate::conversation::NameWatch;
use crate::dissect::{Dissection, dissect};
use crate::explain::ChecksumWatch;
use crate::source;
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &ReadArguments) -> anyhow::Result<Outcome> {
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    // Before the form: what -w names is only begun where there is a capture, and may itself be the one that is read.
    let mut source = source::open_all(&input.files)?;
    let mut form = Form::choose(arguments, source.as_ref())?;
    let mut out = Output::new();
    form.begin(&mut out.pending);
    // Somebody may be watching: then each frame is shown as soon as nothing more is at hand.
    let watched = std::io::stdout().is_terminal() || input.files.iter().any(|file| file.as_os_str() == source::STANDARD_INPUT);
    let mut pace = arguments.pace.map(Pace::new);
    let mut dissection = Dissection::default();
    let mut checksums = ChecksumWatch::default();
    let mut names = NameWatch::default();
    let uses_names = arguments.numeric == 0 && form.uses_names();
    let mut unknown_links = UnknownLinks::default();
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
        unknown_links.observe(&frame);
        if uses_names {
            names.names_mut().learn_records(source.names());
        }
        if input.filter.matches(&frame, &dissection) {
            shown += 1;
            if let Some(pace) = &mut pace {
                pace.wait(frame.timestamp, &mut out)?;
            }
            form.write(&mut out.pending, &frame, &dissection, source.as_ref(), names.names(), &mut checksums)?;
        }
        // Also of a frame that did not pass: those that do may be called by what it shows.
        if uses_names {
            names.observe(frame.data, frame.number, &dissection);
        }
        // Also behind a frame that did not pass: one that did may stand before it, and the next may be long in coming.
        if watched && !source.has_more_at_hand() {
            form.flush()?;
            out.flush()?;
        } else {
            out.settle()?;
        }
    };
    let notes = if arguments.quiet { Vec::new() } else { checksums.notes() };
    form.finish(&mut out.pending, (read, shown), &notes);
    form.flush()?;
    out.flush()?;
    let mut outcome = Outcome::Done;
    // Where frames are only copied nothing was to be decoded.
    let undecoded = unknown_links.messages().filter(|_| arguments.write.is_none());
    for damage in source.damage().into_iter().chain(&damage).map(ToString::to_string).chain(undecoded) {
        say(&damage);
        outcome = Outcome::Damaged;
    }
    Ok(outcome)
}
