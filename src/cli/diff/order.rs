//! Captures whose frames are not in the order of their times, or that hold some twice: those that were put together or reordered.

use super::see::title;
use crate::cli::progress::open_all;
use crate::diff::order::{Order, OrderWatch, Progress};
use crate::dissect::{Dissection, dissect};
use crate::limits::Limits;
use crate::source::ordered::{Copies, Ordered, Rank, Watched};
use crate::source::{Source, SourceError};
use std::path::Path;

/// How many frames before the first that is out of order are looked at to see which order counts.
const BEFORE: u64 = 10_000;

/// What was done to a capture's order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arranged {
    /// Frames that are another one once more, and were left out.
    pub(super) repeated: u64,
    /// Frames that came too late to be put where they belong.
    late: u64,
}

impl Arranged {
    /// What could not be put in order, in words.
    pub(super) fn damage(self, file: &Path) -> Option<String> {
        let (title, megabytes) = (title(file), Limits::ORDERED_BYTES >> 20);
        (self.late > 0).then(|| {
            format!(
                "{title}: {} frames stand more than {megabytes} MiB behind where they belong and are compared where they stand; \
                 `reordercap` puts them in order",
                self.late
            )
        })
    }
}

/// Hears a capture in the order in which its frames were on the wire. `hear` is called again where the first frame is met that is out of
/// order: what it heard until then counts for nothing. `open` opens it.
pub(super) fn in_order<T>(
    file: &Path,
    copies: Copies,
    open: impl Fn(&Path) -> Result<Box<dyn Source>, SourceError>,
    mut hear: impl FnMut(&mut dyn Source) -> anyhow::Result<T>,
) -> anyhow::Result<(T, Arranged)> {
    // What comes through a pipe is read once.
    let is_read_again = file.metadata().is_ok_and(|file| file.is_file());
    let (mut window, mut order) = (Limits::ORDERED_BYTES, Order::Times);
    if is_read_again {
        let mut watched = Watched::new(open(file)?, copies);
        let heard = hear(&mut watched)?;
        let Some(number) = watched.stopped_at() else { return Ok((heard, Arranged::default())) };
        order = order_of(file, number)?;
        if order == Order::Places {
            window = 0;
        } else {
            let mut ordered = ranked(Ordered::new(open(file)?, Limits::ORDERED_BYTES_FIRST, copies).giving_up(), order);
            let heard = hear(&mut ordered)?;
            if !ordered.has_given_up() {
                return Ok((heard, Arranged { repeated: ordered.repeated(), late: 0 }));
            }
        }
    }
    let mut ordered = ranked(Ordered::new(open(file)?, window, copies), order);
    let heard = hear(&mut ordered)?;
    Ok((heard, Arranged { repeated: ordered.repeated(), late: ordered.late() }))
}

/// Where many frames have one and the same time they are put in the order that the numbers of TCP tell.
fn ranked(ordered: Ordered, order: Order) -> Ordered {
    if order != Order::TimesAndNumbers {
        return ordered;
    }
    let (mut dissection, mut progress) = (Dissection::default(), Progress::default());
    let rank: Rank = Box::new(move |frame| {
        dissect(frame, &mut dissection);
        progress.of(&dissection)
    });
    ordered.ranked(rank)
}

/// What tells in which order a capture's frames were on the wire: what those show that stand around the first that is out of order.
fn order_of(file: &Path, out_of_order: u64) -> anyhow::Result<Order> {
    let (mut source, mut dissection, mut watch) = (open_all(&[file])?, Dissection::default(), OrderWatch::default());
    // What cannot be read ends it: that is told where the capture is heard.
    while let Ok(Some(frame)) = source.next_frame() {
        if frame.number.saturating_add(BEFORE) < out_of_order {
            continue;
        }
        dissect(&frame, &mut dissection);
        if !watch.observe(&frame, &dissection) {
            break;
        }
    }
    Ok(watch.order())
}
