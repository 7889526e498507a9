//! Two captures, compared as two points of a way and as two runs, in every form; and each with itself.
//!
//! An input is the length of the first capture (four bytes), and both.

use super::clean;
use super::heard::hear;
use super::operations::Operations;
use wirelore::conversation::Names;
use wirelore::diff::path::Path;
use wirelore::diff::point::{Captured, Collector, Point};
use wirelore::diff::runs::{Comparison, Run, RunCollector, settle};
use wirelore::diff::{Digester, Selection};
use wirelore::explain::Explainer;
use wirelore::reassembly::Limits;
use wirelore::render::diff::points::{self, Along, Excerpts, Tally};
use wirelore::render::diff::runs;
use wirelore::render::style::Palette;
use wirelore::render::time::TimeForm;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Operations(bytes);
    let length = input.word();
    // What is told apart by it is the same for both.
    let digester = Digester::new();
    let (left, right) = (input.bytes(length as usize), input.rest());
    let ((left_point, left_names), (right_point, right_names)) = (point(left, digester), point(right, digester));
    let differs = tell_points(&[left_point, right_point], &[left_names, right_names]);
    let mut runs = [run_of(left, digester), run_of(right, digester)];
    settle(&mut runs);
    tell_runs(&runs);
    if left == right {
        assert!(!differs, "a capture differs from itself as a point");
        let comparison = Comparison::between(&runs[0], &runs[1], &Selection::default());
        assert!(!comparison.differs(), "a capture differs from itself as a run");
    }
}

fn point(bytes: &[u8], digester: Digester) -> (Point, Names) {
    let mut collector = Collector::new(digester);
    let ended = hear(bytes, Limits::default(), &mut (), |heard, ()| {
        collector.observe(&heard.packet, heard.belongs.as_ref(), heard.conversations);
    });
    (collector.finish(Captured::default()), ended.names)
}

fn run_of(bytes: &[u8], digester: Digester) -> Run {
    let limits = Limits::default();
    let mut listeners = (RunCollector::new(&limits, &digester), Explainer::of_conversations());
    let mut notes = Vec::new();
    let ended = hear(bytes, limits, &mut listeners, |heard, (collector, explainer)| {
        let scene = heard.scene();
        explainer.observe(&scene);
        notes.extend(explainer.take_notes());
        collector.observe(&scene, true);
    });
    let (collector, mut explainer) = listeners;
    explainer.finish(&ended.ending());
    notes.extend(explainer.take_notes());
    collector.finish(&ended.ending(), notes)
}

/// Tells what happened between two points, in every form; gives whether anything differs.
fn tell_points(points: &[Point; 2], names: &[Names; 2]) -> bool {
    let path = Path::along(points);
    let palette = Palette::plain();
    let telling = points::Telling { palette: &palette, width: 100, all: true, time: TimeForm::DateAndTime };
    let along = Along {
        titles: &["left".to_owned(), "right".to_owned()],
        points,
        names,
        path: &path,
        selection: &Selection::default(),
        excerpts: &[Excerpts::new()],
        is_forced: true,
    };
    let mut out = Vec::new();
    points::push_along(&mut out, &along, &telling);
    points::push_brief_along(&mut out, &along);
    let mut json = Vec::new();
    points::push_along_json(&mut json, &along);
    let mut differs = false;
    for hop in along.hops() {
        points::push(&mut out, &hop, &telling);
        points::push_brief(&mut out, &hop);
        points::push_side_by_side(&mut out, &hop, &telling);
        points::push_json(&mut json, &hop);
        differs |= Tally::of(&hop).differs;
    }
    clean::text("what happened between two points", &out);
    clean::json_lines("--json of points", &json);
    differs
}

fn tell_runs(runs: &[Run; 2]) {
    let palette = Palette::plain();
    let telling =
        runs::Telling { titles: ["left", "right"], palette: &palette, width: 100, all: true, time: TimeForm::DateAndTime, numeric: false };
    for selection in [Selection::default(), Selection { strict: true, ..Selection::default() }] {
        let comparison = Comparison::between(&runs[0], &runs[1], &selection);
        let mut out = Vec::new();
        runs::push(&mut out, &comparison, &telling);
        runs::push_brief(&mut out, &comparison, &telling);
        runs::push_side_by_side(&mut out, &comparison, &telling);
        clean::text("what came out otherwise", &out);
        let mut json = Vec::new();
        runs::push_json(&mut json, &comparison, &telling);
        clean::json_lines("--json of runs", &json);
    }
}
