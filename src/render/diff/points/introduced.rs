//! Where the names come from that stand for addresses.

use super::{Compared, SIDES, Telling};
use crate::conversation::names::Between;
use crate::render::name::push_introduction;
use crate::render::style::Role;
use std::collections::{BTreeMap, BTreeSet};

/// How many names are introduced.
const SHOWN: usize = 20;

/// The conversations, left and right, that are told of one by one: of packets that are at one point alone, and of relays.
fn told(compared: &Compared<'_>) -> [BTreeSet<u32>; 2] {
    let mut told: [BTreeSet<u32>; 2] = Default::default();
    for side in 0..2 {
        for stray in compared.hop.strays[side].iter().filter(|stray| stray.counts(compared.selection)) {
            match stray.conversation.and_then(|index| compared.hop.pairing.conversations.get(index as usize)) {
                // What is at both points is called by its left names.
                Some(pair) => _ = told[0].insert(pair.left),
                None => told[side].extend(compared.sighting(side, stray.place).map(|one| one.conversation)),
            }
        }
    }
    if compared.selection.counts(&["relay"]) {
        for pair in super::translation::relays(compared) {
            told[0].insert(pair.left);
            told[1].insert(pair.right);
        }
    }
    told
}

/// Appends where the names in a report come from.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    push_of(out, compared, telling, told(compared));
}

/// Appends where the names of the ends of conversations come from.
pub(super) fn push_of(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, conversations: [BTreeSet<u32>; 2]) {
    let mut begun = false;
    for (side, conversations) in conversations.into_iter().enumerate() {
        let all = &compared.points[side].conversations;
        let names = compared.names[side];
        let called = conversations.into_iter().filter_map(|place| all.get(place as usize)).flat_map(|one| {
            let between = Between::since(one.first_frame, one.kind, one.ends);
            one.ends.into_iter().filter_map(move |end| names.called_in(end.address, Some(&between)))
        });
        let called: BTreeMap<_, _> = called.map(|called| ((called.address, called.place), called)).collect();
        for called in called.into_values().take(SHOWN) {
            if !std::mem::replace(&mut begun, true) {
                out.push(b'\n');
            }
            telling.palette.paint(out, Role::Dim, |out| {
                out.extend_from_slice(b"note: ");
                push_introduction(out, called);
                out.extend_from_slice(b" (");
                out.extend_from_slice(SIDES[side].as_bytes());
                out.push(b')');
            });
            out.push(b'\n');
        }
    }
}
