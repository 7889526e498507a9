//! Two contents beside each other: JSON by its structure, text by its lines, all else by its size and hash.

use super::align::{Block, blocks};
use super::document;
use super::json::{self, JsonChange};
use super::run::{Content, Value};
use crate::conversation::body::charset::Charset;
use crate::conversation::body::sniff;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};
use std::hash::BuildHasher;

/// How many lines stand around those that differ.
const CONTEXT: usize = 3;
/// How much of two lines may be the same before its beginning is left out.
const UNSEEN: usize = 200;
/// How much of it stands before what differs.
const AROUND: usize = 20;

/// How two contents differ.
#[derive(Debug)]
pub(super) enum Contrast {
    /// Not at all.
    None,
    /// That is not known: the capture lacks some of them.
    Unread,
    /// They are the same JSON, written in another way.
    Rewritten,
    /// In these parts of their JSON; and how many more there are.
    Json(Vec<JsonChange>, u64),
    /// In these lines; and how many more hunks there are.
    Text(Vec<Hunk>, u64),
    /// One of them was not sent to its end; as far as it goes it is the same.
    Cut,
    /// In their bytes.
    Bytes,
}

/// Lines that differ, with some around them that do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The number of its first line left and right, from 1.
    pub start: [usize; 2],
    /// Its lines.
    pub lines: Vec<HunkLine>,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HunkLine {
    /// Whether it is there left and right.
    pub is_in: [bool; 2],
    /// It, without its end; of a long one a part, with what differs.
    pub text: Box<[u8]>,
    /// How many bytes of it stand before that.
    pub skipped: usize,
}

/// Compares two contents that were digested by one digester.
pub(super) fn contrast(left: &Content, right: &Content) -> Contrast {
    if left.missing > 0 || right.missing > 0 {
        return Contrast::Unread;
    }
    if left.digest == right.digest {
        return Contrast::None;
    }
    let both = [left, right];
    if is_cut(both) {
        return Contrast::Cut;
    }
    if !both.iter().all(|content| content.is_kept) {
        return Contrast::Bytes;
    }
    if both.iter().all(|content| may_be_json(content))
        && let [Some(left), Some(right)] = both.map(|content| document::read(&content.bytes))
    {
        let (changes, more) = json::compare(&left, &right);
        return if changes.is_empty() { Contrast::Rewritten } else { Contrast::Json(changes, more) };
    }
    let texts = both.map(text);
    match texts {
        [Some(left), Some(right)] => match hunks(&left, &right) {
            (hunks, more) if !hunks.is_empty() => Contrast::Text(hunks, more),
            // Only what is no character differs.
            (_, _) => Contrast::Bytes,
        },
        [_, _] => Contrast::Bytes,
    }
}

/// Whether the shorter one was cut off, and is the same as far as it goes, for all that is known.
fn is_cut([left, right]: [&Content; 2]) -> bool {
    let (shorter, longer) = if left.digest.length <= right.digest.length { (left, right) } else { (right, left) };
    let is_known = shorter.is_kept && longer.is_kept;
    shorter.cut.is_some() && shorter.digest.length < longer.digest.length && (!is_known || longer.bytes.starts_with(&shorter.bytes))
}

/// A content as what is said of it where it stands alone, or cannot be shown.
pub(super) fn size(content: &Content) -> Value {
    let sha256 = (content.is_kept && content.missing == 0).then(|| Sha256::digest(&content.bytes).into());
    Value::Bytes { length: content.digest.length, sha256 }
}

fn may_be_json(content: &Content) -> bool {
    let is_declared = content.media_type.as_deref().map(sniff::essence).is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind.ends_with(b"/json") || kind.ends_with(b"+json")
    });
    is_declared || matches!(content.bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// It as characters, where it is text.
fn text(content: &Content) -> Option<Box<str>> {
    let kind = content.media_type.as_deref();
    if !Charset::may_be_wide(kind, &content.bytes) && !sniff::is_text(kind, &content.bytes, false) {
        return None;
    }
    let charset = Charset::find(kind, &content.bytes);
    if !sniff::is_text(kind, &content.bytes, charset.is_wide()) {
        return None;
    }
    // Each datagram has lines of its own.
    let mut lines = Vec::with_capacity(content.bytes.len() + content.ends.len());
    let mut from = 0;
    for end in content.ends.iter().copied().chain([content.bytes.len()]) {
        lines.extend_from_slice(content.bytes.get(from..end).unwrap_or_default());
        if end < content.bytes.len() && lines.last() != Some(&b'\n') {
            lines.push(b'\n');
        }
        from = end;
    }
    Some(charset.decode(&lines, &[]).text.into())
}

/// The lines in which two texts differ, with some around them.
fn hunks(left: &str, right: &str) -> (Vec<Hunk>, u64) {
    let order = left.cmp(right);
    let hasher = RandomState::default();
    let lines =
        [left, right].map(|text| text.split_inclusive('\n').map(|line| line.strip_suffix('\n').unwrap_or(line)).collect::<Vec<&str>>());
    let [left, right] = lines.each_ref().map(|lines| lines.iter().map(|line| hasher.hash_one(line)).collect::<Vec<u64>>());
    let found = blocks(&left, &right, order);
    let [left, right] = lines;
    let (mut hunks, mut kept, mut more): (Vec<Hunk>, usize, u64) = (Vec::new(), 0, 0);
    let mut rest = found.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        // Blocks whose surroundings touch stand in one hunk.
        let mut last = first;
        let mut count = 0;
        for next in behind {
            if next.left.start - last.left.end > 2 * CONTEXT {
                break;
            }
            last = next;
            count += 1;
        }
        let (own, others) = rest.split_at(count + 1);
        rest = others;
        if kept >= Limits::HUNK_LINES {
            more += 1;
            continue;
        }
        let hunk = hunk(own, &left, &right);
        kept += hunk.lines.len();
        hunks.push(hunk);
    }
    (hunks, more)
}

/// How many bytes at the beginning of two lines need not be shown to tell them apart.
fn alike(left: &str, right: &str) -> usize {
    let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let from = if same > UNSEEN { same - AROUND } else { 0 };
    (0..=from).rev().find(|from| left.is_char_boundary(*from)).unwrap_or_default()
}

/// What is kept of a line, from a byte on.
fn part(is_in: [bool; 2], text: &str, from: usize) -> HunkLine {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    HunkLine { is_in, text: rest.get(..Limits::HUNK_LINE).unwrap_or(rest).into(), skipped: from }
}

impl Hunk {
    /// The first lines that differ: their number left and right, and what stands there on either side.
    #[must_use]
    pub fn first(&self) -> ([usize; 2], [Option<&HunkLine>; 2]) {
        let same = self.lines.iter().take_while(|line| line.is_in == [true; 2]).count();
        let block = || self.lines.iter().skip(same).take_while(|line| line.is_in != [true; 2]);
        (self.start.map(|start| start + same), [[true, false], [false, true]].map(|is_in| block().find(|line| line.is_in == is_in)))
    }
}

fn hunk(own: &[Block], left: &[&str], right: &[&str]) -> Hunk {
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return Hunk { start: [1; 2], lines: Vec::new() } };
    let before = CONTEXT.min(first.left.start);
    let start = [first.left.start - before + 1, first.right.start.saturating_sub(before) + 1];
    let mut lines = Vec::new();
    let line = |is_in: [bool; 2], text: &&str| part(is_in, text, 0);
    let mut at = first.left.start - before;
    for block in own {
        lines.extend(left.get(at..block.left.start).unwrap_or_default().iter().map(|text| line([true; 2], text)));
        let both = [left.get(block.left.clone()).unwrap_or_default(), right.get(block.right.clone()).unwrap_or_default()];
        let same: Vec<usize> = both[0].iter().zip(both[1]).map(|(left, right)| alike(left, right)).collect();
        for (texts, is_in) in both.into_iter().zip([[true, false], [false, true]]) {
            let from = same.iter().copied().chain(std::iter::repeat(0));
            lines.extend(texts.iter().zip(from).take(Limits::HUNK_LINES).map(|(text, from)| part(is_in, text, from)));
        }
        at = block.left.end;
    }
    let end = (last.left.end + CONTEXT).min(left.len());
    lines.extend(left.get(at..end).unwrap_or_default().iter().map(|text| line([true; 2], text)));
    Hunk { start, lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Digester;
    use proptest::prelude::*;

    fn content(bytes: &[u8], kind: &str) -> Content {
        let digester = Digester::default();
        let media_type = Some(kind.as_bytes().into());
        Content { bytes: bytes.into(), media_type, digest: digester.of(bytes), is_kept: true, ..Content::default() }
    }

    #[test]
    fn text_by_its_lines_with_some_around() {
        let lines: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
        let left = lines.join("\n");
        let right = left.replace("\n10\n", "\nten\n");
        let Contrast::Text(hunks, 0) = contrast(&content(left.as_bytes(), "text/plain"), &content(right.as_bytes(), "text/plain")) else {
            panic!("text")
        };
        let [Hunk { start: [7, 7], lines }] = hunks.as_slice() else { panic!("{hunks:?}") };
        let shown: Vec<String> = lines.iter().map(|line| String::from_utf8_lossy(&line.text).into_owned()).collect();
        assert_eq!(shown.join(" "), "7 8 9 10 ten 11 12 13");
        assert_eq!((lines[3].is_in, lines[4].is_in), ([true, false], [false, true]));
    }

    #[test]
    fn what_is_no_text_is_told_by_its_bytes_and_a_hole_tells_nothing() {
        assert!(matches!(contrast(&content(b"GIF89a\0\x01", "image/gif"), &content(b"GIF89a\0\x02", "image/gif")), Contrast::Bytes));
        let holed = Content { missing: 3, ..content(b"ab", "text/plain") };
        assert!(matches!(contrast(&content(b"abcde", "text/plain"), &holed), Contrast::Unread));
    }

    #[test]
    fn json_that_is_only_written_otherwise() {
        let [left, right] = [&b"{\"a\": 1, \"b\": 2}"[..], b"{\"b\":2,\"a\":1}"].map(|bytes| content(bytes, "application/json"));
        assert!(matches!(contrast(&left, &right), Contrast::Rewritten));
    }

    proptest! {
        #[test]
        fn hunks_turn_one_text_into_the_other(left in prop::collection::vec(0_u8..4, 0..30), right in prop::collection::vec(0_u8..4, 0..30)) {
            let text = |lines: &[u8]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let (found, 0) = hunks(&text(&left), &text(&right)) else { panic!("few lines") };
            for hunk in found {
                for side in 0..2 {
                    let own: Vec<u8> = hunk.lines.iter().filter(|line| line.is_in[side]).map(|line| line.text[0] - b'0').collect();
                    let all = [&left, &right][side];
                    let start = hunk.start[side] - 1;
                    prop_assert_eq!(&all[start..start + own.len()], own.as_slice());
                }
            }
        }
    }
}
