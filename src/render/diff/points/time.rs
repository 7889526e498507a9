//! What every router does, and how long the way took.

use super::{Compared, Telling, push_heading, way};
use crate::diff::Toward;
use crate::diff::hop::{Basis, ClockOffset, Delays, Routers};
use crate::render::number::push_mac;
use crate::render::sentence::{Counted, Grouped, Sentence, Took};
use crate::render::style::Role;
use crate::render::time::{Clock, Precision, TimeForm};

/// What clocks that are set by the network differ by, in nanoseconds.
const MILLISECOND: u64 = 1_000_000;

/// The names that routers count under.
pub(super) const ROUTER_NAMES: [&str; 2] = ["router", "ip.ttl"];

/// Appends the line on what every router does.
pub(super) fn push_routers(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    if compared.hop.routers.is_empty() || !compared.selection.counts(&ROUTER_NAMES) {
        return;
    }
    push_heading(out, telling, Role::Warning, |out| out.extend_from_slice(b"what every router does"));
    for routers in &compared.hop.routers {
        let mut sentence = Sentence::new(out, compared.names[0]);
        let Routers { toward, routers: count, packets, hop_limits: [left, right], frames } = *routers;
        write!(
            sentence,
            "  {}, {}: {}, time to live {left} -> {right}",
            way(toward),
            Counted(packets, "packet"),
            Counted(count.into(), "router")
        );
        push_links(out, compared, frames);
        let [left, right] = frames;
        writeln!(Sentence::new(out, compared.names[0]), " (first frame {left} -> {right})");
    }
}

/// Appends the hardware addresses of the first packet at both points.
fn push_links(out: &mut Vec<u8>, compared: &Compared<'_>, frames: [u64; 2]) {
    let link = |side: usize| {
        let point = compared.points[side];
        let sighting = point.sightings.get(point.place_of_frame(frames[side])? as usize)?;
        let ends = point.link_of(sighting);
        ends.source.zip(ends.destination)
    };
    let (Some(left), Some(right)) = (link(0), link(1)) else { return };
    for (text, (source, destination)) in [(", link addresses ", left), (" -> ", right)] {
        out.extend_from_slice(text.as_bytes());
        push_mac(out, source);
        out.extend_from_slice(b" > ");
        push_mac(out, destination);
    }
}

/// Appends what the clocks show and how long the way took.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    let Some(clock) = compared.hop.clock else { return };
    if !compared.selection.counts(&["time"]) || is_still(compared, &clock) {
        return;
    }
    push_heading(out, telling, Role::Address, |out| out.extend_from_slice(b"time (no difference by itself)"));
    out.extend_from_slice(b"  ");
    push_clock(out, compared, &clock);
    // The way that most take for the first one is told first.
    for (toward, delays) in [(Toward::Right, compared.hop.delays[1]), (Toward::Left, compared.hop.delays[0])] {
        if let Some(delays) = delays {
            push_delays(out, compared, toward, &delays);
        }
    }
    if let Some(delays) = compared.hop.undirected {
        push_undirected(out, compared, &delays);
    }
}

/// Appends how much later than the earliest those came of which nothing tells which way they went.
fn push_undirected(out: &mut Vec<u8>, compared: &Compared<'_>, delays: &Delays) {
    let [left, right] = delays.slowest;
    let mut sentence = Sentence::new(out, compared.names[0]);
    write!(sentence, "  {}, {}: ", way(Toward::Unknown), Counted(delays.packets, "packet"));
    write!(sentence, "at the right up to {} later than the earliest of them (frame {left} -> {right})", Took(delays.most));
    writeln!(sentence, ", median {}, jitter {}", Took(delays.median), Took(delays.jitter));
}

/// Whether two clocks show the same, as near as can be told.
pub(super) fn is_alike(clock: &ClockOffset) -> bool {
    let is_steady = clock.basis != Basis::Unsteady && clock.gains == 0 && clock.step.is_none();
    is_steady && clock.nanoseconds.unsigned_abs() <= clock.uncertainty.unsigned_abs().max(MILLISECOND)
}

/// Whether both captures have the same times.
fn is_still(compared: &Compared<'_>, clock: &ClockOffset) -> bool {
    let still = |delays: &Delays| delays.least == 0 && delays.most == 0 && delays.reordered == 0;
    let mut delays = compared.hop.delays.iter().chain([&compared.hop.undirected]).flatten();
    (clock.nanoseconds, clock.gains, clock.step) == (0, 0, None) && delays.all(still)
}

/// Appends what the right clock shows more than the left one.
pub(super) fn push_clock(out: &mut Vec<u8>, compared: &Compared<'_>, clock: &ClockOffset) {
    let mut sentence = Sentence::new(out, compared.names[0]);
    if clock.basis == Basis::Unsteady {
        let crossing = Took(clock.uncertainty.saturating_mul(2));
        writeln!(
            sentence,
            "the clocks cannot be compared: packets of both ways contradict each other by {crossing}; one was set, and more than once"
        );
        return;
    }
    match clock.nanoseconds {
        -999..=999 => sentence.say("both clocks show the same"),
        more => {
            sentence.say("the right clock shows ");
            push_more(&mut sentence, more);
            sentence.say(" than the left");
        }
    }
    match clock.basis {
        Basis::BothWays => write!(sentence, ", give or take {} (from packets of both ways)", Took(clock.uncertainty)),
        Basis::OneWay => sentence.say(", and how long the fastest packet took is in that (there are packets of one way only)"),
        Basis::Unknown => sentence.say(", if the nearest packets took no time (nothing tells which way they went)"),
        Basis::Unsteady => {}
    }
    if let Some(step) = clock.step {
        sentence.say("; from ");
        Clock::new(TimeForm::TimeOfDay, Precision::Microseconds).push(sentence.out(), Some(step.at));
        sentence.say(" UTC of the left clock on it shows ");
        push_more(&mut sentence, step.more);
        sentence.say(" than before: one of the clocks was set");
    }
    if clock.gains != 0 {
        let how = if clock.gains < 0 { "slow" } else { "fast" };
        // A millionth of a second is 1,000 nanoseconds.
        let (whole, part) = (clock.gains.unsigned_abs() / 1_000, clock.gains.unsigned_abs() % 1_000 / 100);
        write!(sentence, "; it runs {how} by {}.{part} parts per million", Grouped(whole));
    }
    sentence.say("\n");
}

/// Appends a span by which something is more or less: to the microsecond where it is long.
fn push_more(sentence: &mut Sentence<'_>, more: i64) {
    let word = if more < 0 { "less" } else { "more" };
    let size = more.unsigned_abs();
    if size < 1_000_000_000 {
        write!(sentence, "{} {word}", Took(more.saturating_abs()));
    } else {
        let (seconds, rest) = (size / 1_000_000_000, size % 1_000_000_000 / 1_000);
        write!(sentence, "{}.{rest:06} s {word}", Grouped(seconds));
    }
}

fn push_delays(out: &mut Vec<u8>, compared: &Compared<'_>, toward: Toward, delays: &Delays) {
    let mut sentence = Sentence::new(out, compared.names[0]);
    write!(sentence, "  {}, {}: {} at least", way(toward), Counted(delays.packets, "packet"), Took(delays.least));
    if delays.packets > 1 {
        let [left, right] = delays.slowest;
        write!(sentence, ", median {}, 95 of 100 within {}", Took(delays.median), Took(delays.most_of_them));
        write!(sentence, ", at most {} (frame {left} -> {right}), jitter {}", Took(delays.most), Took(delays.jitter));
    }
    if let Some([left, right]) = delays.reordered_frames {
        write!(sentence, "; {} out of order, the first frame {left} -> {right}", Counted(delays.reordered, "packet"));
    }
    sentence.say("\n");
}
