//! `wirelore read`: every frame of captures, decoded.

use super::annotate::{Annotations, annotations};
use super::arguments::ReadArguments;
use super::form::Form;
use super::input::{Input, check_standard_input};
use super::pipeline::{PATIENCE, Pipeline};
use super::shower::{Shower, explains};
use super::{Outcome, host_file, progress};
use crate::explain::Explainer;
use crate::reassembly::Limits;
use crate::source;
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &ReadArguments) -> anyhow::Result<Outcome> {
    let show = &arguments.show;
    let input = Input::parse(&arguments.words, arguments.filter.as_deref())?;
    check_standard_input(input.files.iter().chain(&show.host))?;
    // Before the form: what -w names is only begun where there is a capture, and may itself be the one that is read.
    let opened = if arguments.pace.is_some() { source::open_all(&input.files) } else { progress::open_all_ahead(&input.files) };
    let mut source = opened?;
    // Also before what -w names: facts that make no sense leave no file.
    let host = (!show.host.is_empty()).then(|| host_file::load(&show.host)).transpose()?;
    let form = Form::choose(show, source.as_ref(), host.clone())?;
    // Somebody may be watching: then each frame is shown as soon as nothing more is at hand.
    let is_piped = input.files.iter().any(|file| file.as_os_str() == source::STANDARD_INPUT);
    let watched = std::io::stdout().is_terminal() || is_piped;
    let mut explainer = explains(show, &form).then(|| host.map_or_else(Explainer::default, Explainer::with_host));
    let ahead = match explainer.take_if(|_| show.annotate && !is_piped) {
        Some(explainer) => annotations(&input, show.numeric == 0, explainer)?,
        None => Annotations::default(),
    };
    let shower = Shower::new(show, input.filter, form, explainer).with_pace(arguments.pace).with_annotations(ahead);
    let patience = if is_piped { PATIENCE } else { Limits::default().fragment_wait };
    let mut pipeline = Pipeline::new(shower, patience, !show.quiet);
    let failure = loop {
        if pipeline.is_done() {
            break None;
        }
        match source.advance() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        pipeline.take(source.as_ref())?;
        // Also behind a frame that did not pass: one that did may stand before it, and the next may be long in coming.
        pipeline.settle(watched && !source.has_more_at_hand())?;
    };
    let damage = source.damage().into_iter().chain(&failure).map(ToString::to_string).collect();
    let (outcome, _) = pipeline.finish(source.as_ref(), damage, None)?;
    Ok(outcome)
}
