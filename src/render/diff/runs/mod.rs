//! Two runs beside each other: as a report like `diff -u`, in a line, side by side, as JSON.

mod foot;
mod json;
mod lines;
mod moment;
mod report;
mod side;
mod summary;
mod value;
mod words;

#[cfg(test)]
mod tests;

use crate::conversation::Names;
use crate::diff::runs::Comparison;
use crate::render::style::Palette;
use crate::render::time::TimeForm;
use std::sync::LazyLock;

pub use json::push_json;
pub use report::push;
pub use side::push_side_by_side;
pub use summary::push_brief;
pub use words::field_called;

/// How a comparison is told.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// What the captures are called: left and right.
    pub titles: [&'a str; 2],
    /// Its colours.
    pub palette: &'a Palette,
    /// How many characters a line has.
    pub width: usize,
    /// Whether everything is shown, not only as much as usual.
    pub all: bool,
    /// How times are shown; [`TimeForm::Without`] where they are not.
    pub time: TimeForm,
    /// Whether addresses stand for the names that captures know of them.
    pub numeric: bool,
}

/// No names, for those who want addresses.
static NO_NAMES: LazyLock<Names> = LazyLock::new(Names::default);

/// A comparison with how it is told.
#[derive(Clone, Copy)]
struct Told<'a, 'r> {
    comparison: &'a Comparison<'r>,
    telling: &'a Telling<'a>,
}

impl Told<'_, '_> {
    /// The names of a capture, where they are wanted.
    fn names<'n>(&self, names: &'n Names) -> &'n Names {
        if self.telling.numeric { &NO_NAMES } else { names }
    }
}
