//! What is at one point alone and is no difference: summed up in a line.

use super::{Compared, SIDES, Telling};
use crate::diff::hop::Fate;
use crate::diff::pairing::Opposite;
use crate::render::sentence::{Grouped, Sentence};
use crate::render::style::Role;

/// Appends a line for each capture that holds something of it.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    let mut begun = false;
    for side in 0..2 {
        let other = SIDES[1 - side];
        let strays = &compared.hop.strays[side];
        let count = |fate: Fate| strays.iter().filter(|stray| stray.fate == fate && !stray.counts(compared.selection)).count() as u64;
        let opposites = (0..).zip(&compared.hop.pairing.opposite[side]);
        let copies = opposites.filter(|(_, opposite)| **opposite == Opposite::Copy).filter_map(|(place, _)| compared.sighting(side, place));
        let [elsewhere, repeated] =
            copies.fold(
                [0_u64; 2],
                |[elsewhere, repeated], one| {
                    if one.is_repeated { [elsewhere, repeated + 1] } else { [elsewhere + 1, repeated] }
                },
            );
        let parts: Vec<(u64, String)> = [
            (count(Fate::OutsideOfCapture), format!("from while the {other} was not capturing")),
            (count(Fate::OfTheLink), "of the link (ARP, multicast)".to_owned()),
            (count(Fate::Elsewhere), format!("of conversations that the {other} sees nothing of")),
            (count(Fate::Relayed), "of connections that end in between".to_owned()),
            (elsewhere, "once more at another place".to_owned()),
            (repeated, "once more with the same bytes and the same time (files that were put together)".to_owned()),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .collect();
        if parts.is_empty() {
            continue;
        }
        if !std::mem::replace(&mut begun, true) {
            out.push(b'\n');
        }
        telling.palette.paint(out, Role::Dim, |out| {
            let mut sentence = Sentence::new(out, compared.names[side]);
            write!(sentence, "at the {} alone, and no difference: ", SIDES[side]);
            sentence.list(parts.iter().map(|(count, what)| format!("{} {what}", Grouped(*count))));
        });
        out.push(b'\n');
    }
}
