//! The same traffic at several places.

use super::Seen;
use super::see::{is_standard, payloads};
use crate::cli::arguments::DiffArguments;
use crate::cli::input::Input;
use crate::cli::output::Output;
use crate::diff::Selection;
use crate::diff::path::Path;
use crate::render::diff::points::{self, Along, Compared, Excerpt, Excerpts, Tally, Telling};
use anyhow::{Context, ensure};
use std::path::PathBuf;

/// Tells what happened between captures. Gives whether there is a difference.
pub(super) fn tell(
    input: &Input,
    seen: &Seen,
    path: &Path,
    arguments: &DiffArguments,
    selection: &Selection,
    telling: &Telling<'_>,
    out: &mut Output,
) -> anyhow::Result<bool> {
    let none: Vec<Excerpts> = path.hops.iter().map(|_| Excerpts::new()).collect();
    let along = Along {
        titles: &seen.titles,
        points: &seen.points,
        names: &seen.names,
        path,
        selection,
        excerpts: &none,
        is_forced: arguments.points || arguments.packet.is_some(),
    };
    if let Some(frame) = arguments.packet {
        return follow(&along, frame, arguments, telling, out);
    }
    let mut excerpts = Vec::new();
    for (at, hop) in along.hops().enumerate() {
        excerpts.push(read_again(input, &seen.files, at, &hop)?);
    }
    let along = Along { excerpts: &excerpts, ..along };
    let pending = &mut out.pending;
    let Some(alone) = along.hop(0).filter(|_| path.hops.len() == 1) else {
        if arguments.json {
            points::push_along_json(pending, &along);
        } else if arguments.brief {
            points::push_brief_along(pending, &along);
        } else {
            points::push_along(pending, &along, telling);
        }
        return Ok(along.differs());
    };
    if arguments.json {
        points::push_json(pending, &alone);
    } else if arguments.brief {
        points::push_brief(pending, &alone);
    } else if arguments.side_by_side {
        points::push_side_by_side(pending, &alone, telling);
    } else {
        points::push(pending, &alone, telling);
    }
    Ok(Tally::of(&alone).differs)
}

/// Tells what became of a packet of the first capture.
fn follow(along: &Along<'_>, frame: u64, arguments: &DiffArguments, telling: &Telling<'_>, out: &mut Output) -> anyhow::Result<bool> {
    let (first, title) = along.points.first().zip(along.titles.first()).context("no capture")?;
    ensure!(
        frame > 0 && frame <= first.frames,
        "--packet {frame}: {title} has frames 1 to {}; a frame of another capture is followed when that one is named first",
        first.frames
    );
    let place = first.place_of_frame(frame).with_context(|| {
        format!(
            "--packet {frame}: this frame of {title} is not compared: it did not pass the filter, is damaged, came twice, or is a fragment (the \
             last one stands for the datagram); a frame of another capture is followed when that one is named first"
        )
    })?;
    let steps = along.path.follow(along.points, 0, place);
    if arguments.json {
        points::push_way_json(&mut out.pending, along, &steps);
    } else {
        points::push_way(&mut out.pending, along, &steps, telling);
    }
    Ok(!points::is_everywhere(&steps))
}

/// Reads the payloads again that differ, and compares them. What came through a pipe cannot be read again.
fn read_again(input: &Input, files: &[PathBuf], at: usize, hop: &Compared<'_>) -> anyhow::Result<Excerpts> {
    let wanted = points::wanted(hop);
    let (Some(left), Some(right)) = (files.get(at), files.get(at + 1)) else { return Ok(Excerpts::new()) };
    if wanted.is_empty() || is_standard(left) || is_standard(right) {
        return Ok(Excerpts::new());
    }
    let lefts = payloads(left, input, &wanted.iter().map(|[left, _]| *left).collect())?;
    let rights = payloads(right, input, &wanted.iter().map(|[_, right]| *right).collect())?;
    let excerpt = |frames: [u64; 2]| Some((frames, Excerpt::of([lefts.get(&frames[0])?, rights.get(&frames[1])?])?));
    Ok(wanted.into_iter().filter_map(excerpt).collect())
}
