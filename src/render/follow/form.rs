//! Whichever form was asked for.

use super::Whose;
use super::hex::HexForm;
use super::json::JsonForm;
use super::raw::RawForm;
use super::text::TextForm;
use crate::conversation::Side;
use crate::reassembly::{Origin, Overlap, Piece};

/// A form of a followed conversation.
#[derive(Debug)]
pub enum FollowForm {
    /// As text.
    Text(Box<TextForm>),
    /// In hexadecimal.
    Hex(Box<HexForm>),
    /// As JSON lines.
    Json(Box<JsonForm>),
    /// The bytes alone.
    Raw(RawForm),
}

impl FollowForm {
    /// Appends a piece of a TCP stream; what cannot stand among the bytes is returned.
    pub fn piece(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, piece: &Piece<'_>) -> Option<String> {
        match self {
            Self::Text(form) => form.piece(out, whose, from, piece),
            Self::Hex(form) => form.piece(out, whose, from, piece),
            Self::Json(form) => form.piece(out, whose, from, piece),
            Self::Raw(form) => return form.piece(out, whose, from, piece),
        }
        None
    }

    /// Appends that bytes came again; what cannot stand among the bytes is returned.
    pub fn overlap(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, overlap: &Overlap<'_>) -> Option<String> {
        match self {
            Self::Text(form) => form.overlap(out, whose, from, overlap),
            Self::Hex(form) => form.overlap(out, whose, from, overlap),
            Self::Json(form) => form.overlap(out, whose, from, overlap),
            Self::Raw(form) => return form.overlap(whose, from, overlap),
        }
        None
    }

    /// Appends a datagram.
    pub fn datagram(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, payload: &[u8], origin: Origin) {
        match self {
            Self::Text(form) => form.datagram(out, whose, from, payload, origin),
            Self::Hex(form) => form.datagram(out, whose, from, payload, origin),
            Self::Json(form) => form.datagram(out, whose, from, payload, origin),
            Self::Raw(form) => form.datagram(out, from, payload),
        }
    }

    /// Appends what was begun: nothing more is heard.
    pub fn finish(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        match self {
            Self::Text(form) => form.finish(out, whose),
            Self::Hex(form) => form.finish(out, whose),
            Self::Json(form) => form.finish(out, whose),
            Self::Raw(_) => {}
        }
    }
}
