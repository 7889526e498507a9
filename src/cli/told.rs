//! Which notes stand under the frames: what is new, and not the same of everything.

use super::say;
use crate::explain::{Note, Repeat, rules};
use crate::limits::Limits;
use std::collections::HashMap;

/// Says how many notes were never made, and how often explanations had no room for something new.
pub(super) fn say_left_out(notes: u64, forgotten: u64) {
    if notes > 0 {
        say(&format!("{notes} notes were left out, for there were too many of their rules"));
    }
    if forgotten > 0 {
        let times = if forgotten == 1 { "once".to_owned() } else { format!("{forgotten} times") };
        say(&format!(
            "explanations had no room {times} for more hosts, questions or connections: what would follow from these is not said"
        ));
    }
}

/// Says how many holes were passed over.
pub(super) fn say_holes(holes: u64) {
    let holes = match holes {
        0 => return,
        1 => "1 hole is told as a gap".to_owned(),
        more => format!("{more} holes are told as gaps"),
    };
    say(&format!(
        "{holes} though what is missing may have come later: more waited behind than is kept (1 MiB a direction, 256 MiB in all)"
    ));
}

/// What was told under the frames so far.
#[derive(Default)]
pub(super) struct Told {
    counts: HashMap<&'static str, u64>,
}

impl Told {
    /// Whether a note is told here: a lesson once, the others until there are many of their rule.
    pub(super) fn tells(&mut self, note: &Note) -> bool {
        let rule = note.rule();
        let count = self.counts.entry(rule.id).or_default();
        *count += 1;
        match rule.repeat {
            Repeat::Once => *count == 1,
            Repeat::Each => *count <= Limits::NOTES_UNDER_FRAMES,
        }
    }

    /// Says of which rules there was more.
    pub(super) fn say_rest(&self) {
        for rule in rules().filter(|rule| rule.repeat == Repeat::Each) {
            let rest = self.counts.get(rule.id).copied().unwrap_or_default().saturating_sub(Limits::NOTES_UNDER_FRAMES);
            if rest > 0 {
                let (id, more) = (rule.id, if rest == 1 { "one more note" } else { "more notes" });
                let count = if rest == 1 { String::new() } else { format!("{rest} ") };
                say(&format!("{count}{more} of {id} not shown; --json has them"));
            }
        }
    }
}
