//! The form of a page on an address: a title, and rows of a label and what there is to say.

use crate::render::style::{Palette, Role};
use crate::render::wrap;

/// How far what is said stands from the left.
pub(super) const INDENT: usize = 14;
/// Where labels begin.
const LABEL: usize = 2;

/// A page being written.
pub struct Page<'a> {
    out: &'a mut Vec<u8>,
    palette: &'a Palette,
    width: usize,
}

impl<'a> Page<'a> {
    /// Appends to `out`, in lines of at most `width` characters.
    pub fn new(out: &'a mut Vec<u8>, palette: &'a Palette, width: usize) -> Self {
        Self { out, palette, width }
    }

    /// Appends the line that says what the page is about. The text must be safe to show.
    pub(super) fn title(&mut self, text: &str) {
        self.palette.paint(self.out, Role::Application, |out| out.extend_from_slice(text.as_bytes()));
        self.out.push(b'\n');
    }

    /// Appends what is said under a label, in lines. The text must be safe to show.
    pub(super) fn row(&mut self, label: &str, text: &str) {
        let start = self.out.len();
        wrap::push(self.out, text, INDENT, self.width);
        self.label(start, label);
    }

    /// The same where something is not as it should be.
    pub(super) fn warning(&mut self, label: &str, text: &str) {
        let mut lines = Vec::new();
        wrap::push(&mut lines, text, INDENT, self.width);
        let start = self.out.len();
        self.out.resize(start + INDENT, b' ');
        self.palette.paint(self.out, Role::Warning, |out| out.extend_from_slice(lines.trim_ascii()));
        self.out.push(b'\n');
        self.label(start, label);
    }

    /// Appends lines under a label that are not wrapped: `push` appends them, each behind [`INDENT`] spaces.
    pub(super) fn drawing(&mut self, label: &str, push: impl FnOnce(&mut Vec<u8>, &Palette)) {
        let start = self.out.len();
        push(self.out, self.palette);
        self.label(start, label);
    }

    /// Puts a label where the line that begins at `start` has its spaces.
    fn label(&mut self, start: usize, label: &str) {
        let end = (start + LABEL + label.len()).min(start + INDENT);
        if label.is_empty() || self.out.len() < end {
            return;
        }
        let mut painted = Vec::new();
        self.palette.paint(&mut painted, Role::Dim, |out| out.extend_from_slice(label.as_bytes()));
        self.out.splice(start + LABEL..end, painted);
    }

    /// Parts what follows from what is above.
    pub fn space(&mut self) {
        self.out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_before_lines_that_hang() {
        let (mut out, palette) = (Vec::new(), Palette::plain());
        let mut page = Page::new(&mut out, &palette, 30);
        page.title("10.0.0.1");
        page.row("is", "a private address of somebody");
        page.warning("but", "not here");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "10.0.0.1\n  is          a private\n              address of\n              somebody\n  but         not here\n"
        );
    }

    #[test]
    fn colour_changes_no_letter() {
        let (mut out, palette) = (Vec::new(), Palette::coloured());
        Page::new(&mut out, &palette, 40).row("is", "x");
        assert_eq!(String::from_utf8_lossy(&out), "  \x1b[2mis\x1b[0m          x\n");
    }
}
