//! Every rule is proved by a capture that fires it and one, close to it, that must not; and every rule has a lesson.
//!
//! A subject is a file with the table of its rules.

mod address;
mod asked;
mod capture;
mod claims;
mod counts;
mod distances;
mod doubtful;
mod encoding;
mod fragments;
mod handshake;
mod hops;
mod http;
mod icmp;
mod leases;
mod links;
mod login;
mod loss;
mod made;
mod mtu;
mod name;
mod route;
mod subnet;
mod unanswered;
mod vlans;
mod wireless;

use super::support::read;
use serde_json::Value;
use std::collections::BTreeSet;
use wirelore::explain::rules;
use wirelore::render::lesson::lessons;

/// A rule, a capture that fires it, and one that is close to it and must not.
pub(super) struct Case {
    pub(super) rule: &'static str,
    /// Words of `wirelore read`: a capture of captures/, and options where they matter.
    pub(super) fires: &'static [&'static str],
    pub(super) near_miss: &'static [&'static str],
}

/// How wide a line of a lesson may be that is not wrapped.
const WIDEST: usize = 112;

/// The rules that a capture fires.
pub(super) fn fired(words: &[&str]) -> BTreeSet<String> {
    let mut all = vec!["--json"];
    all.extend(words);
    let ran = read(&all);
    assert_eq!(ran.status, Some(0), "wirelore read {words:?}: {}", ran.err);
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    lines.flat_map(|line| rules_of(&line["notes"])).collect()
}

fn rules_of(notes: &Value) -> Vec<String> {
    let notes = notes.as_array().map(Vec::as_slice).unwrap_or_default();
    notes.iter().map(|note| note["rule"].as_str().expect("a rule").to_owned()).collect()
}

/// Holds a subject's table: each rule once, each as it says.
pub(super) fn hold(subject: &str, cases: &[Case]) {
    let rules: BTreeSet<&str> = rules().filter(|rule| rule.subject() == subject).map(|rule| rule.id).collect();
    let proved: BTreeSet<&str> = cases.iter().map(|case| case.rule).collect();
    assert_eq!(rules, proved, "the rules of {subject}, and those that captures prove");
    assert_eq!(proved.len(), cases.len(), "each rule stands once in the table of {subject}");
    for Case { rule, fires, near_miss } in cases {
        assert!(fired(fires).contains(*rule), "{fires:?} does not fire {rule}");
        assert!(!fired(near_miss).contains(*rule), "{near_miss:?} fires {rule} and must not");
    }
}

#[test]
fn every_rule_has_one_lesson_and_every_lesson_a_rule() {
    let rules: Vec<&str> = rules().map(|rule| rule.id).collect();
    let taught: Vec<&str> = lessons().map(|lesson| lesson.rule).collect();
    assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len(), "a rule stands twice");
    assert_eq!(taught.iter().collect::<BTreeSet<_>>().len(), taught.len(), "a lesson stands twice");
    let (rules, taught): (BTreeSet<_>, BTreeSet<_>) = (rules.into_iter().collect(), taught.into_iter().collect());
    assert_eq!(rules.symmetric_difference(&taught).collect::<Vec<_>>(), [&""; 0], "rules without a lesson, or lessons without a rule");
}

#[test]
fn a_lesson_is_full_and_a_rule_says_where_it_is_specified() {
    for lesson in lessons() {
        assert!(!lesson.title.is_empty() && !lesson.seen.is_empty() && !lesson.why.is_empty(), "{}", lesson.rule);
        assert!(!lesson.title.ends_with('.'), "{}: a title is no sentence", lesson.rule);
    }
    for lesson in lessons() {
        assert!(!lesson.worked.is_empty(), "{}: nothing is worked out: bits, numbers, times, or a header line by line", lesson.rule);
        assert!(!lesson.advice.is_empty(), "{}: what is to be tried, or that nothing has to be done", lesson.rule);
        let wide = [lesson.seen, lesson.why, lesson.worked, lesson.advice].into_iter().flat_map(str::lines);
        for line in wide.filter(|line| line.starts_with("    ")) {
            assert!(line.chars().count() <= WIDEST, "{}: a line that stands as it is is too wide: {line}", lesson.rule);
        }
    }
    for rule in rules() {
        assert!(!rule.reference.is_empty() && rule.id.split('.').count() == 2, "{}", rule.id);
    }
}
