//! A capture through every form of `read`, with lessons.

use super::heard::hear;
use super::{clean, inside};
use std::sync::LazyLock;
use wirelore::dissect::registry::PROTOCOLS;
use wirelore::explain::{ChecksumWatch, Explainer};
use wirelore::reassembly::Limits;
use wirelore::render::Seen;
use wirelore::render::fields::{Columns, FieldsOptions};
use wirelore::render::json::Json;
use wirelore::render::line::LineForm;
use wirelore::render::note;
use wirelore::render::style::Palette;
use wirelore::render::time::{Clock, Precision, TimeForm};
use wirelore::render::tree::{Tree, TreeOptions};

/// Fields of all kinds: a column a field of all of them costs as much as all other forms together.
static FIELDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let fields = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
    fields.step_by(29).map(|field| field.id).collect()
});

/// What each form writes of a capture.
#[derive(Default, PartialEq, Eq)]
struct Written {
    line: Vec<u8>,
    tree: Vec<u8>,
    json: Vec<u8>,
    fields: Vec<u8>,
    notes: Vec<u8>,
    damage: Vec<String>,
}

pub(super) fn run(bytes: &[u8]) {
    let written = write(bytes);
    clean::text("the line form", &written.line);
    clean::text("the tree", &written.tree);
    clean::json_lines("--json", &written.json);
    clean::text("the columns", &written.fields);
    clean::text("the notes", &written.notes);
    for damage in &written.damage {
        clean::text("what could not be read", damage.as_bytes());
    }
    assert!(written == write(bytes), "the same bytes give another output");
}

fn write(bytes: &[u8]) -> Written {
    let clock = || Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
    let options = FieldsOptions { separator: '|', ..FieldsOptions::default() };
    let mut line = LineForm::new(clock(), Palette::plain(), true);
    let mut tree = Tree::new(clock(), Palette::plain(), TreeOptions { meanings: true, bytes: true, width: 100 });
    let (mut json, mut checksums) = (Json::default(), ChecksumWatch::default());
    let mut columns = Columns::parse(&FIELDS, options).expect("fields of the registry");
    let mut written = Written::default();
    let mut explainer = Explainer::default();
    let ended = hear(bytes, Limits::default(), &mut explainer, |heard, explainer| {
        let (frame, dissection) = (heard.packet.frame, heard.packet.dissection);
        inside::check(frame.data, dissection);
        explainer.observe(&heard.scene());
        let notes: Vec<_> = explainer.take_notes().collect();
        let finding = checksums.observe(frame.data, frame.number, dissection);
        let conversation = heard.belongs.map(|belongs| belongs.conversation);
        let seen = Seen { frame, dissection, fragment: heard.packet.fragment, finding: finding.as_ref(), conversation, notes: &notes };
        let interfaces = heard.source.interfaces();
        line.write(&mut written.line, &seen, interfaces, heard.names);
        tree.write(&mut written.tree, &seen, interfaces, heard.names);
        json.write(&mut written.json, &seen, interfaces, heard.names);
        columns.write(&mut written.fields, &seen, interfaces);
        for note in &notes {
            note::push_line(&mut written.notes, note, heard.names, &Palette::plain());
        }
    });
    explainer.finish(&ended.ending());
    for note in explainer.take_notes() {
        note::push_line(&mut written.notes, &note, &ended.names, &Palette::plain());
        note::push_json(&mut written.json, &note, &ended.names);
        written.json.push(b'\n');
    }
    written.damage = ended.damage;
    written
}
