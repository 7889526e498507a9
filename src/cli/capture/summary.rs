//! What was captured and what was lost, said on standard error.

use super::super::say;
use super::now;
use crate::cli::arguments::CaptureArguments;
use crate::frame::Timestamp;
use crate::render::sentence::{Counted, Grouped};
use crate::source::live::{Backend, Counters, LiveSource};
use std::time::{Duration, Instant};

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
}

impl Summary {
    pub(super) fn new(arguments: &CaptureArguments, interfaces: &[String]) -> Self {
        Self { interfaces: interfaces.to_vec(), began: Instant::now(), silent: arguments.no_summary }
    }

    /// Says that it begins, and where nobody chose the interface why it is this one.
    pub(super) fn begin(&self, is_first: bool) {
        if !self.silent {
            let why = if is_first { " (there is no default route: this is the first interface that is up)" } else { "" };
            say(&format!("capturing on {}{why}; Ctrl-C ends it", self.interfaces.join(", ")));
        }
    }

    /// Says what frames are without, and where the kernel has less memory for those that wait than was asked for (`-B`).
    pub(super) fn warn(&self, source: &LiveSource, backend: Backend, asked: usize) {
        if !self.silent {
            // Elsewhere there is no other way.
            if backend == Backend::Pnet && cfg!(target_os = "linux") {
                say("--backend pnet: times are those of reading; VLAN tags and directions are lost, and a filter on tags finds nothing");
            }
            source.short_of_memory().for_each(|(name, there)| say(&short_of_memory(name, there, asked)));
        }
    }

    /// Says what was counted until then.
    pub(super) fn say(&self, counters: &[Counters], totals: Totals, until: Timestamp) {
        if !self.silent {
            // What was worked off after the end is none of it.
            let after = Duration::from_nanos(u64::try_from(now().since(until)).unwrap_or(0));
            let seconds = self.began.elapsed().saturating_sub(after).as_secs_f64();
            self.sentences(counters, totals, seconds).iter().for_each(|sentence| say(sentence));
        }
    }

    fn sentences(&self, counters: &[Counters], totals: Totals, seconds: f64) -> Vec<String> {
        let all: Counters = counters.iter().copied().sum();
        let mut sentences = vec![format!(
            "{} captured on {} in {seconds:.1} s; {} received by the filter, {} dropped by the kernel, {} dropped by wirelore{}",
            Counted(totals.captured, "frame"),
            self.interfaces.join(", "),
            Grouped(all.read + all.dropped),
            Grouped(all.dropped),
            Grouped(totals.lost),
            waiting(&all),
        )];
        if counters.len() > 1 {
            sentences.extend(self.interfaces.iter().zip(counters).map(|(name, one)| {
                format!(
                    "{name}: {} read, {} received by the filter, {} dropped by the kernel",
                    Counted(one.read, "frame"),
                    Grouped(one.read + one.dropped),
                    Grouped(one.dropped)
                )
            }));
        }
        sentences
    }
}

fn short_of_memory(name: &str, there: usize, asked: usize) -> String {
    let [there, asked] = [there, asked].map(|bytes| bytes >> 20);
    format!("{name}: the kernel has {there} MiB for frames that wait, and not the {asked} MiB of -B: more may be dropped in a burst")
}

/// While it goes on, some frames wait to be read.
fn waiting(counted: &Counters) -> String {
    match counted.received.saturating_sub(counted.read).saturating_sub(counted.dropped) {
        0 => String::new(),
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
    fn frames_that_wait_are_told_while_it_goes_on() {
        let counters = [Counters { received: 1_003, dropped: 3, read: 1_000 }];
        let totals = Totals { captured: 1_000, lost: 0 };
        let said = "1,000 frames captured on lo in 2.5 s; 1,003 received by the filter, 3 dropped by the kernel, 0 dropped by wirelore";
        assert_eq!(summary(&["lo"]).sentences(&counters, totals, 2.5), [said]);
        let counters = [Counters { received: 1_010, dropped: 3, read: 1_000 }];
        let totals = Totals { captured: 1, lost: 0 };
        let said =
            "1 frame captured on lo in 2.5 s; 1,003 received by the filter, 3 dropped by the kernel, 0 dropped by wirelore, 7 to be read";
        assert_eq!(summary(&["lo"]).sentences(&counters, totals, 2.5), [said]);
    }

    #[test]
    fn a_smaller_ring_is_told() {
        let expected = "b: the kernel has 16 MiB for frames that wait, and not the 4096 MiB of -B: more may be dropped in a burst";
        assert_eq!(short_of_memory("b", 16 << 20, 4096 << 20), expected);
    }

    #[test]
    fn each_of_several_interfaces_is_told() {
        let counters = [Counters { received: 2, dropped: 0, read: 2 }, Counters { received: 5, dropped: 4, read: 1 }];
        let totals = Totals { captured: 3, lost: 1 };
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
