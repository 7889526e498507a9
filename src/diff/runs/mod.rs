//! The same thing done twice: what came out otherwise, and where it begins.
//!
//! [`RunCollector`] hears a capture and gathers what it did, as a [`Run`]: conversations ([`Talk`]) with what was said in them ([`Item`]),
//! each taken apart into what is compared ([`Aspect`]). Behind [`settle`], [`Comparison::between`] matches the conversations of two runs by
//! role, service and server, then what was said in them, and compares aspect by aspect.
//!
//! What counts. What the programs said and what came of it counts. What is another every time is set apart ([`Comparison::apart`]): dates,
//! validators, identifiers that are made up anew, what cookies hold, the order of headers, ports, who closed a connection first, what
//! machines say to everybody around. What may explain a difference is told beside it and counts for nothing: the largest segment, what was
//! sent again, the address of a server that has the same name. So is time, and only where one is more than three times the other and more
//! than 100 ms away: a build that holds a golden capture must not fail because a machine was busy. A problem that only one of them has counts
//! where nothing else shows it: what was said may come through all the same. With [`Selection::strict`] everything counts; what
//! [`Selection::only`] names counts, whatever it is.
//!
//! ```no_run
//! # use wirelore::diff::{Digester, Selection};
//! # use wirelore::diff::runs::{Comparison, RunCollector, settle};
//! # use wirelore::reassembly::Limits;
//! let digester = Digester::new();
//! let mut left = RunCollector::new(&Limits::default(), &digester);
//! // Each capture: hand the collector to `Conversations::observe` as listener, then call `left.observe(&scene)` for every frame, and in the
//! // end `let left = left.finish(&ending, notes)`, `notes` being those of an `Explainer` that heard the same.
//! # fn compare(mut runs: [wirelore::diff::runs::Run; 2]) {
//! settle(&mut runs);
//! let comparison = Comparison::between(&runs[0], &runs[1], &Selection::default());
//! std::process::exit(i32::from(comparison.differs()));
//! # }
//! ```

mod align;
mod collect;
mod comparison;
mod content;
mod conversation;
mod dns;
mod document;
mod field;
mod greeting;
mod http;
mod item;
mod join;
mod json;
mod key;
mod lasting;
mod opener;
mod order;
mod pairing;
mod run;
mod sealed;
mod shelf;
mod stream;
mod talk;
mod tls;
mod unread;
mod verdict;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use super::Selection;
pub use collect::RunCollector;
pub use comparison::{Comparison, Difference, DifferenceKind, ItemPair, Relation, Spot, TalkPair};
pub use content::{Hunk, HunkLine};
pub use field::{FAMILIES, Field, Standing, check_name, header_id, is_field, known_names};
pub use opener::{Opener, settle};
pub use run::{Aspect, Content, Cut, Facts, Item, ItemKind, LeftOut, Outcome, Outside, Run, Service, Talk, Value, Weight};
