//! Every form, given real frames of every capture with bytes changed and ends cut off.

use super::escape::is_treacherous;
use super::fields::{Columns, FieldsOptions};
use super::json::Json;
use super::line::LineForm;
use super::style::Palette;
use super::time::{Clock, Precision, TimeForm};
use super::tree::{Tree, TreeOptions};
use super::{no_repeats, sample};
use crate::conversation::NameWatch;
use crate::dissect::registry::PROTOCOLS;
use crate::frame::{Frame, LinkType};
use crate::source;
use proptest::prelude::*;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The frames of all captures.
static FRAMES: LazyLock<Vec<(LinkType, Vec<u8>)>> = LazyLock::new(|| {
    let mut frames = Vec::new();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/captures")).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(mut source) = source::open(&file) else { continue };
        while let Ok(true) = source.advance() {
            let frame = source.frame();
            frames.push((frame.link_type, frame.data.to_vec()));
        }
    }
    assert!(frames.len() > 100, "{} frames", frames.len());
    frames
});

/// All forms, kept from frame to frame as the command keeps them: what one remembers must not change what it writes.
struct Forms {
    line: LineForm,
    tree: Tree,
    json: Json,
    fields: Columns,
    names: NameWatch,
}

static FORMS: LazyLock<Mutex<Forms>> = LazyLock::new(|| {
    let clock = || Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
    let names: Vec<&str> = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten()).map(|field| field.id).collect();
    let options = FieldsOptions { separator: '|', ..FieldsOptions::default() };
    Mutex::new(Forms {
        line: LineForm::new(clock(), Palette::plain(), true),
        tree: Tree::new(clock(), Palette::plain(), TreeOptions { meanings: true, bytes: true, width: 100 }),
        json: Json::default(),
        fields: Columns::parse(&names, options).unwrap(),
        names: NameWatch::default(),
    })
});

impl Forms {
    /// What each form writes of a frame.
    fn write(&mut self, frame: &Frame<'_>) -> [(&'static str, String); 4] {
        let dissection = sample::dissected(frame);
        let interfaces = sample::interface(b"eth0");
        let [mut line, mut tree, mut json, mut fields] = [const { Vec::new() }; 4];
        self.names.observe(frame.data, frame.number, &dissection);
        let names = self.names.names();
        self.line.write_frame(&mut line, frame, &dissection, names, None);
        self.tree.write_frame(&mut tree, frame, &dissection, &interfaces, names, None);
        self.json.write_frame(&mut json, frame, &dissection, &interfaces, names);
        self.fields.write_frame(&mut fields, frame, &dissection, &interfaces);
        [("line", line), ("tree", tree), ("json", json), ("fields", fields)].map(|(name, out)| (name, String::from_utf8(out).unwrap()))
    }
}

proptest! {
    #[test]
    fn nothing_that_a_terminal_obeys_comes_through_and_json_stays_json(
        place in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        kept in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let (link_type, mut data) = FRAMES[place.index(FRAMES.len())].clone();
        for (place, byte) in changes {
            let place = place.index(data.len());
            data[place] = byte;
        }
        let whole = data.len();
        if cut {
            data.truncate(kept.index(whole));
        }
        let frame = Frame { length: u32::try_from(whole).unwrap(), ..sample::frame(&data, link_type) };
        let mut forms = FORMS.lock().unwrap_or_else(PoisonError::into_inner);
        let written = forms.write(&frame);
        for (name, text) in &written {
            prop_assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || is_treacherous(c))), "{name}: {text:?}");
            prop_assert!(text.ends_with('\n'), "{name}: {text:?}");
            let one_line = *name != "tree";
            prop_assert!(!one_line || text.lines().count() == 1, "{name}: {text:?}");
        }
        let json = &written[2].1;
        prop_assert!(no_repeats::check(json).is_ok(), "{:?}: {json}", no_repeats::check(json));
        // The first time a form may have introduced a name.
        prop_assert_eq!(forms.write(&frame), forms.write(&frame));
    }
}
