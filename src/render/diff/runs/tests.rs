//! Comparisons of captures, as they are told.

use super::{Telling, push, push_brief, push_json, push_side_by_side};
use crate::diff::runs::testing::{capture, run};
use crate::diff::runs::{Comparison, check_name, settle};
use crate::diff::{Digester, Selection};
use crate::render::no_repeats;
use crate::render::style::Palette;
use crate::render::time::TimeForm;
use std::path::Path;

const WIDTH: usize = 100;

/// What two captures have to say of each other, in all forms.
struct Forms {
    report: String,
    brief: String,
    side: String,
    json: String,
}

fn forms(paths: [&Path; 2], selection: &Selection) -> Forms {
    let digester = Digester::new();
    let mut runs = paths.map(|path| run(path, &digester));
    settle(&mut runs);
    let comparison = Comparison::between(&runs[0], &runs[1], selection);
    let palette = Palette::plain();
    let telling = Telling { titles: ["one", "two"], palette: &palette, width: WIDTH, all: false, time: TimeForm::Without, numeric: false };
    let text = |push: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).expect("text")
    };
    Forms {
        report: text(&|out| push(out, &comparison, &telling)),
        brief: text(&|out| push_brief(out, &comparison, &telling)),
        side: text(&|out| push_side_by_side(out, &comparison, &telling)),
        json: text(&|out| push_json(out, &comparison, &telling)),
    }
}

fn of_captures(left: &str, right: &str) -> Forms {
    forms([&capture(left), &capture(right)], &Selection::default())
}

/// A capture with a text in it exchanged for another one of the same length.
fn altered(name: &str, texts: &[(&str, &str)]) -> tempfile::NamedTempFile {
    let mut bytes = std::fs::read(capture(name)).expect("a capture");
    for (from, to) in texts {
        assert_eq!(from.len(), to.len());
        let place = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect("the text");
        bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    let file = tempfile::Builder::new().suffix(".pcapng").tempfile().expect("a file");
    std::fs::write(file.path(), bytes).expect("written");
    file
}

#[test]
fn a_parameter_and_what_came_of_it_and_nothing_else() {
    let other = altered("http-geocode.pcapng", &[("sensor=false", "sensor=FALSE"), ("\"OK\"", "\"NO\"")]);
    let told = forms([&capture("http-geocode.pcapng"), other.path()], &Selection::default());
    assert!(told.brief.contains("the query parameter sensor is false left and FALSE right (exchange 1: frames "), "{}", told.brief);
    let changes: Vec<&str> =
        told.report.lines().filter(|line| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")).collect();
    assert_eq!(
        changes,
        [
            "-query parameter sensor: false",
            "+query parameter sensor: FALSE",
            "-response body /status: \"OK\"",
            "+response body /status: \"NO\""
        ]
    );
    assert!(
        told.side.lines().any(|line| line.contains("sensor: false") && line.contains(" | ") && line.contains("sensor: FALSE")),
        "{}",
        told.side
    );
    let ignoring = |names: &[&str]| Selection { ignore: names.iter().map(|name| (*name).into()).collect(), ..Selection::default() };
    let ignored = forms([&capture("http-geocode.pcapng"), other.path()], &ignoring(&["http.request.uri.query.sensor", "json.status"]));
    assert!(ignored.brief.contains("no difference") && ignored.report.contains("2 differences ignored"), "{}", ignored.report);
    let only = Selection { only: vec!["http.response.code".into()], ..Selection::default() };
    assert!(forms([&capture("http-geocode.pcapng"), other.path()], &only).brief.contains("no difference"));
}

#[test]
fn lines_stand_among_their_neighbours() {
    let other = altered("ftp.pcapng", &[("USER ", "XSER ")]);
    let told = forms([&capture("ftp.pcapng"), other.path()], &Selection::default());
    let from = told.report.find("@@ lines ").expect("a hunk");
    let hunk: Vec<&str> = told.report[from..].lines().take(6).collect();
    assert!(hunk[1].starts_with(" < 220"), "{hunk:?}");
    assert!(hunk[2].starts_with("-> USER ") && hunk[3].starts_with("+> XSER ") && hunk[4].starts_with(" < "), "{hunk:?}");
}

#[test]
fn an_outcome_with_its_lesson_and_what_is_unrelated() {
    let told = of_captures("happy-eyeballs.pcapng", "happy-eyeballs-refused.pcapng");
    assert!(told.report.contains("-outcome: no answer\n+outcome: refused\n"), "{}", told.report);
    assert!(told.report.contains("[icmp.prohibited]"), "{}", told.report);
    let told = of_captures("ftp.pcapng", "http-geocode.pcapng");
    assert!(told.brief.starts_with("one and two are unrelated"), "{}", told.brief);
}

#[test]
fn every_form_is_plain_and_every_line_of_json_stands_for_itself() {
    let mut paths: Vec<_> = std::fs::read_dir(capture("")).expect("captures").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().contains(".pcap"));
    paths.sort();
    for both in paths.windows(3) {
        let told = forms([&both[0], &both[2]], &Selection { strict: true, ..Selection::default() });
        for text in [&told.report, &told.brief, &told.side, &told.json] {
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{both:?}\n{text}");
        }
        for line in told.json.lines() {
            assert!(no_repeats::check(line).is_ok(), "{line}");
        }
        let rows = told.side.lines().skip_while(|line| !line.is_empty()).take_while(|line| !line.starts_with("Set apart"));
        assert!(rows.clone().all(|line| line.chars().count() <= WIDTH), "{}", told.side);
    }
}

#[test]
fn names_that_nothing_has_are_refused_with_the_nearest() {
    for known in [
        "http.request.uri",
        "HTTP.request.method",
        "dns.a",
        "time",
        "X-Request-Id",
        "http.user_agent",
        "http.request.uri.query.id",
        "json.a",
    ] {
        assert!(check_name(known).is_ok(), "{known}");
    }
    let wrong = check_name("http.request.mehtod").expect_err("no such field");
    assert_eq!(wrong.nearest.as_deref(), Some("http.request.method"));
}
