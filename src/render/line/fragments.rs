//! A fragment's place in its datagram.

use super::wrappers;
use crate::conversation::Names;
use crate::dissect::View;
use crate::reassembly::fragments::{Fragment, Outcome};
use crate::render::note::defect_words;
use crate::render::number::{push_decimal, push_hex};
use crate::render::style::{Palette, Role};

/// How many frames are named.
const FRAMES: usize = 6;

/// Appends ` [fragment 2 of 3, bytes 1480-2959 of 3508, id 0x1234, whole in frame 5]`, and behind it what is wrong with it.
pub(super) fn push(out: &mut Vec<u8>, fragment: &Fragment, frame: u64, palette: &Palette) {
    out.extend_from_slice(b" [");
    push_place(out, fragment, frame);
    out.push(b']');
    if has_trouble(fragment) {
        out.extend_from_slice(b" [");
        palette.paint(out, Role::Warning, |out| push_trouble(out, fragment));
        out.push(b']');
    }
}

/// Appends the tags and tunnels around a fragment.
pub(super) fn push_wrappers(out: &mut Vec<u8>, subject: View<'_>, fragment: &Fragment, names: &Names, palette: &Palette) {
    let own = subject.dissection.networks.iter().find(|network| network.fragment == Some(fragment.part));
    if let Some(network) = own {
        wrappers::push_before(out, subject, network.layer, names, palette);
    }
}

/// Appends the place without brackets.
pub(in crate::render) fn push_place(out: &mut Vec<u8>, fragment: &Fragment, frame: u64) {
    out.extend_from_slice(b"fragment ");
    let place = fragment.place(frame);
    if let Some((number, fragments)) = place {
        push_decimal(out, number as u64);
        out.extend_from_slice(b" of ");
        push_decimal(out, fragments as u64);
        out.extend_from_slice(b", bytes ");
        push_range(out, fragment);
        out.extend_from_slice(b", ");
    }
    out.extend_from_slice(b"id 0x");
    push_hex(out, u64::from(fragment.part.identification), if fragment.is_ipv4 { 4 } else { 8 });
    if place.is_none() {
        out.extend_from_slice(b", ");
        if fragment.range.is_empty() {
            out.extend_from_slice(b"at byte ");
            push_decimal(out, u64::from(fragment.range.start));
        } else {
            out.extend_from_slice(b"bytes ");
            push_range(out, fragment);
        }
    }
    match (&fragment.whole, fragment.outcome) {
        (Some(whole), Outcome::Completes) => {
            out.extend_from_slice(if whole.frames.len() > 2 { b", whole with frames " } else { b", whole with frame " });
            let others = whole.frames.iter().filter(|other| **other != frame);
            for (index, other) in others.clone().take(FRAMES).enumerate() {
                out.extend_from_slice(if index == 0 { b"" } else { b", " });
                push_decimal(out, *other);
            }
            if others.count() > FRAMES {
                out.extend_from_slice(b" ..");
            }
        }
        (Some(whole), _) => {
            out.extend_from_slice(b", whole in frame ");
            push_decimal(out, whole.completed_in);
        }
        (None, _) => out.extend_from_slice(if fragment.part.more { b", more follow" } else { b", the last" }),
    }
    if fragment.outcome == Outcome::Again && fragment.different == 0 {
        out.extend_from_slice(b", came before");
    } else if fragment.same > 0 && fragment.different == 0 {
        out.extend_from_slice(b", ");
        push_decimal(out, u64::from(fragment.same));
        out.extend_from_slice(if fragment.same == 1 { b" byte of it came before" } else { b" bytes of it came before" });
    }
}

fn push_range(out: &mut Vec<u8>, fragment: &Fragment) {
    push_decimal(out, u64::from(fragment.range.start));
    out.push(b'-');
    push_decimal(out, u64::from(fragment.range.end.saturating_sub(1)));
    if let Some(total) = fragment.total {
        out.extend_from_slice(b" of ");
        push_decimal(out, u64::from(total));
    }
}

/// Whether something is wrong with a fragment.
pub(in crate::render) fn has_trouble(fragment: &Fragment) -> bool {
    fragment.different > 0 || matches!(fragment.outcome, Outcome::Dropped | Outcome::Refused(_))
}

/// Appends what is wrong with it.
pub(in crate::render) fn push_trouble(out: &mut Vec<u8>, fragment: &Fragment) {
    if let Some(rival) = fragment.rival {
        push_decimal(out, u64::from(fragment.different));
        out.extend_from_slice(if fragment.different == 1 {
            b" byte is another than in frame "
        } else {
            b" bytes are others than in frame "
        });
        push_decimal(out, rival);
        out.extend_from_slice(if fragment.outcome == Outcome::Dropped { b"; " } else { b", which is used" });
    }
    match fragment.outcome {
        Outcome::Dropped => out.extend_from_slice(b"fragments overlap: the datagram is thrown away"),
        Outcome::Refused(defect) => {
            out.extend_from_slice(b"not used: ");
            out.extend_from_slice(defect_words(defect).as_bytes());
        }
        Outcome::Waits | Outcome::Completes | Outcome::Again => {}
    }
}
