//! What fields mean, in the lines that it takes in a tree.

use crate::dissect::Field;
use crate::limits::Limits;
use crate::render::wrap;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::ops::Range;

/// The meanings of fields in lines. The same fields stand at the same columns in nearly every frame, and to put their meanings into lines again
/// each time would be half of the work.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    /// Where each stands in `lines`, by where its field is, the column and the width.
    places: HashMap<(usize, usize, usize), Range<usize>, RandomState>,
    lines: Vec<u8>,
}

impl Meanings {
    /// The meaning of a field in lines of at most `width` characters, each after `indent` spaces.
    pub(super) fn lines(&mut self, field: &'static Field, indent: usize, width: usize) -> &[u8] {
        let Self { places, lines } = self;
        if lines.len() > Limits::MEANINGS_KEPT {
            places.clear();
            lines.clear();
        }
        let place = places.entry((std::ptr::from_ref(field).addr(), indent, width)).or_insert_with(|| {
            let start = lines.len();
            wrap::push(lines, field.meaning, indent, width);
            start..lines.len()
        });
        lines.get(place.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LENGTH: Field = Field::number("a.length", "Length", "How long it is.");
    static KIND: Field = Field::number("a.kind", "Kind", "What kind of thing it is.");

    #[test]
    fn each_field_has_its_own_at_each_column_and_width() {
        let mut meanings = Meanings::default();
        for _ in 0..2 {
            assert_eq!(meanings.lines(&LENGTH, 2, 80), b"  How long it is.\n");
            assert_eq!(meanings.lines(&KIND, 2, 80), b"  What kind of thing it is.\n");
            assert_eq!(meanings.lines(&LENGTH, 4, 80), b"    How long it is.\n");
            assert_eq!(meanings.lines(&LENGTH, 2, 10), b"  How long\n  it is.\n");
        }
    }

    #[test]
    fn what_is_kept_of_them_has_a_limit() {
        let (mut meanings, mut most) = (Meanings::default(), 0);
        for indent in 0..2_000 {
            assert_eq!(meanings.lines(&LENGTH, indent, 3_000), format!("{:indent$}How long it is.\n", "").as_bytes());
            most = most.max(meanings.lines.len());
        }
        assert!((Limits::MEANINGS_KEPT..Limits::MEANINGS_KEPT + 4_000).contains(&most), "{most}");
        assert!(meanings.places.len() < 2_000);
    }
}
