//! What was captured and what was lost, said on standard error.

use super::super::say;
use crate::cli::arguments::CaptureArguments;
use crate::render::sentence::{Counted, Grouped};
use crate::source::live::Counters;
use std::time::Instant;

/// What was captured and what was lost.
pub(super) struct Summary {
    interfaces: Vec<String>,
    began: Instant,
    silent: bool,
}

/// How many frames there were, all interfaces together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    /// Frames that passed the filter: those that are shown or written.
    pub(super) captured: u64,
    /// Those of them that could not be written.
    pub(super) lost: u64,
    /// Whether it is over: frames that wait to be read came after the end.
    pub(super) is_over: bool,
}

impl Summary {
    pub(super) fn new(arguments: &CaptureArguments, interfaces: &[String]) -> Self {
        Self { interfaces: interfaces.to_vec(), began: Instant::now(), silent: arguments.no_summary }
    }

    /// Says that it begins.
    pub(super) fn begin(&self) {
        if !self.silent {
            say(&format!("capturing on {}; Ctrl-C ends it", self.interfaces.join(", ")));
        }
    }

    /// Says what was counted so far.
    pub(super) fn say(&self, counters: &[Counters], totals: Totals) {
        if !self.silent {
            self.sentences(counters, totals, self.began.elapsed().as_secs_f64()).iter().for_each(|sentence| say(sentence));
        }
    }

    fn sentences(&self, counters: &[Counters], totals: Totals, seconds: f64) -> Vec<String> {
        let all: Counters = counters.iter().copied().sum();
        let mut sentences = vec![format!(
            "{} captured on {} in {seconds:.1} s; {} received by the filter, {} dropped by the kernel, {} dropped by wirelore{}",
            Counted(totals.captured, "frame"),
            self.interfaces.join(", "),
            Grouped(received(&all, totals.is_over)),
            Grouped(all.dropped),
            Grouped(totals.lost),
            waiting(&all, totals.is_over),
        )];
        if counters.len() > 1 {
            sentences.extend(self.interfaces.iter().zip(counters).map(|(name, one)| {
                format!(
                    "{name}: {} read, {} received by the filter, {} dropped by the kernel",
                    Counted(one.read, "frame"),
                    Grouped(received(one, totals.is_over)),
                    Grouped(one.dropped)
                )
            }));
        }
        sentences
    }
}

/// Frames that the filter accepted; those that came after the end were not asked for.
fn received(counted: &Counters, is_over: bool) -> u64 {
    if is_over { counted.read + counted.dropped } else { counted.received }
}

fn waiting(counted: &Counters, is_over: bool) -> String {
    match counted.received.saturating_sub(counted.read).saturating_sub(counted.dropped) {
        0 => String::new(),
        _ if is_over => String::new(),
        waiting => format!(", {} to be read", Grouped(waiting)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(interfaces: &[&str]) -> Summary {
        Summary { interfaces: interfaces.iter().map(ToString::to_string).collect(), began: Instant::now(), silent: false }
    }

    #[test]
    fn what_came_after_the_end_is_not_lost() {
        let counters = [Counters { received: 1_010, dropped: 3, read: 1_000 }];
        let totals = Totals { captured: 1_000, lost: 0, is_over: true };
        let said = "1,000 frames captured on lo in 2.5 s; 1,003 received by the filter, 3 dropped by the kernel, 0 dropped by wirelore";
        assert_eq!(summary(&["lo"]).sentences(&counters, totals, 2.5), [said]);
        let totals = Totals { captured: 1, lost: 0, is_over: false };
        let said =
            "1 frame captured on lo in 2.5 s; 1,010 received by the filter, 3 dropped by the kernel, 0 dropped by wirelore, 7 to be read";
        assert_eq!(summary(&["lo"]).sentences(&counters, totals, 2.5), [said]);
    }

    #[test]
    fn each_of_several_interfaces_is_told() {
        let counters = [Counters { received: 2, dropped: 0, read: 2 }, Counters { received: 5, dropped: 4, read: 1 }];
        let totals = Totals { captured: 3, lost: 1, is_over: true };
        let said = summary(&["a", "b"]).sentences(&counters, totals, 0.0);
        assert_eq!(
            said[1..],
            [
                "a: 2 frames read, 2 received by the filter, 0 dropped by the kernel",
                "b: 1 frame read, 5 received by the filter, 4 dropped by the kernel"
            ]
        );
        assert!(said[0].ends_with("7 received by the filter, 4 dropped by the kernel, 1 dropped by wirelore"), "{}", said[0]);
    }
}
