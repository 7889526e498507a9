//! Mail and file transfer: the first line as it stands, `MAIL FROM:<anna@example.com>`, and how much there is where it is not alone.

use super::super::Subject;
use crate::render::escape;

/// How much of a line is shown.
const LINE_SHOWN: usize = 120;

/// Appends the first line of the segment.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let bytes = subject.view.bytes();
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    let (line, rest) = bytes.split_at(end);
    escape::push_text_cut(out, line.trim_ascii_end(), LINE_SHOWN);
    if let Some(transport) = subject.transport.filter(|_| !rest.is_empty()) {
        out.extend_from_slice(b" .., ");
        super::tcp::push_length(out, transport.payload_length);
    }
}
