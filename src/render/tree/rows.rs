//! The fields of one layer as rows: labels in one column, values in the next, what they mean under them.

use super::meanings::Meanings;
use crate::conversation::Names;
use crate::dissect::{Checksum, Field, FieldSink, Kind, Span, Status, Value, View};
use crate::explain::Finding;
use crate::render::name;
use crate::render::number::push_hex;
use crate::render::style::{Palette, Role};
use crate::render::value;

/// Where the labels of a layer's own fields begin.
const INDENT: usize = 4;
/// How much further those of a heading's fields begin.
const STEP: usize = 2;
/// Where the values begin at the latest: a longer label moves its own value only.
const COLUMN_SHOWN: usize = 46;
/// How many characters a line of meaning must have room for beside the labels; with less it stands under them.
const MEANING_LEAST: usize = 40;

/// A terminal that is narrower wraps by itself: less than this no column can stand.
const WIDTH_LEAST: usize = 60;

/// The rows of a layer. It keeps its memory from layer to layer.
#[derive(Debug)]
pub(super) struct Rows {
    /// Whether what the fields mean is shown.
    meanings: bool,
    wrapped: Meanings,
    rows: Vec<Row>,
    /// The values of all rows, one behind the other.
    values: Vec<u8>,
    depth: usize,
    /// The depth of the heading whose bits are named in its own row, so that single bits under it need none.
    named_bits: Option<usize>,
    excused: bool,
    /// The fields that were explained in this layer already.
    explained: Vec<&'static Field>,
}

#[derive(Debug)]
struct Row {
    field: &'static Field,
    indent: usize,
    /// Where its label ends.
    used: usize,
    /// Where its value ends in `Rows::values`; it begins where the one before ends.
    end: usize,
    role: Role,
}

impl Rows {
    /// Rows with or without what they mean. Without, single bits are left out where the row above names those that are set.
    pub(super) fn new(meanings: bool) -> Self {
        Self {
            meanings,
            wrapped: Meanings::default(),
            rows: Vec::new(),
            values: Vec::new(),
            depth: 0,
            named_bits: None,
            excused: false,
            explained: Vec::new(),
        }
    }

    /// Takes the fields of a layer.
    pub(super) fn collect(&mut self, view: View<'_>, names: &Names, finding: Option<&Finding>) {
        self.rows.clear();
        self.values.clear();
        self.explained.clear();
        self.depth = 0;
        self.named_bits = None;
        self.excused = finding.is_none();
        view.describe(&mut Named { rows: self, names });
    }

    /// Appends the rows.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, palette: &Palette, width: usize) {
        let widest = self.rows.iter().map(|row| row.used).max().unwrap_or_default();
        let column = (widest + 2).min(COLUMN_SHOWN);
        let width = width.max(WIDTH_LEAST);
        let mut start = 0;
        for row in &self.rows {
            let value = &self.values[start..row.end];
            start = row.end;
            out.resize(out.len() + row.indent, b' ');
            out.extend_from_slice(row.field.label.as_bytes());
            if !value.is_empty() {
                out.resize(out.len() + column.saturating_sub(row.used).max(2), b' ');
                palette.paint(out, row.role, |out| out.extend_from_slice(value));
            }
            out.push(b'\n');
            if self.meanings && !self.explained.iter().any(|field| field.is(row.field)) {
                self.explained.push(row.field);
                // Two more than the value, so that without colours too the eye finds the values again.
                let beside = width.saturating_sub(column + STEP) >= MEANING_LEAST;
                let indent = if beside { column + STEP } else { row.indent + 2 * STEP };
                let lines = self.wrapped.lines(row.field, indent, width);
                palette.paint(out, Role::Dim, |out| out.extend_from_slice(lines));
            }
        }
    }

    fn add(&mut self, field: &'static Field, value: Value<'_>, names: &Names) {
        if let Value::Status(checksum) = value
            && let Some(row) = self.rows.last_mut().filter(|row| row.field.kind == Kind::Checksum)
        {
            self.values.extend_from_slice(b", ");
            row.role = push_status(&mut self.values, &checksum, self.excused);
            row.end = self.values.len();
            return;
        }
        let role = if let Value::Status(checksum) = value {
            push_status(&mut self.values, &checksum, self.excused)
        } else {
            value::push_long(&mut self.values, field, value);
            if let Value::Ipv4(address) = value {
                name::push_behind(&mut self.values, names, address.into());
            } else if let Value::Ipv6(address) = value {
                name::push_behind(&mut self.values, names, address.into());
            }
            if value == Value::Boolean(false) { Role::Dim } else { Role::Address }
        };
        let indent = INDENT + self.depth * STEP;
        self.rows.push(Row { field, indent, used: indent + field.label.chars().count(), end: self.values.len(), role });
    }
}

/// Rows, with the names of their addresses.
struct Named<'r, 'n> {
    rows: &'r mut Rows,
    names: &'n Names,
}

impl FieldSink for Named<'_, '_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        let is_bit = matches!(value, Value::Boolean(_));
        if !(is_bit && !self.rows.meanings && self.rows.named_bits.is_some()) {
            self.rows.add(field, value, self.names);
        }
    }

    fn open(&mut self, group: &'static Field, _: Span, value: Value<'_>) {
        self.rows.add(group, value, self.names);
        if !group.bits.is_empty() && self.rows.named_bits.is_none() {
            self.rows.named_bits = Some(self.rows.depth);
        }
        self.rows.depth += 1;
    }

    fn close(&mut self) {
        self.rows.depth = self.rows.depth.saturating_sub(1);
        if self.rows.named_bits == Some(self.rows.depth) {
            self.rows.named_bits = None;
        }
    }
}

/// Appends what verifying a checksum gave, and says in which role.
fn push_status(out: &mut Vec<u8>, checksum: &Checksum, excused: bool) -> Role {
    out.extend_from_slice(value::status_word(checksum.status).as_bytes());
    match checksum.status {
        Status::Good => Role::Address,
        Status::Bad => {
            out.extend_from_slice(b": 0x");
            push_hex(out, u64::from(checksum.expected), 4);
            out.extend_from_slice(b" would be right");
            if checksum.partial {
                out.extend_from_slice(b"; it is the sum of the addresses alone, for the network card to complete after the capture");
                return Role::Dim;
            }
            if excused {
                out.extend_from_slice(b"; perhaps the network card fills it in after the capture");
                return Role::Dim;
            }
            Role::Warning
        }
        Status::Unverified => {
            out.extend_from_slice(b": not all of the bytes that it covers are here");
            Role::Dim
        }
        Status::NotPresent => {
            out.extend_from_slice(b": the sender computed none");
            Role::Dim
        }
        Status::Illegal => {
            out.extend_from_slice(b": over IPv6 there must be one");
            Role::Warning
        }
    }
}
