//! Which addresses stand for which, and which connections were begun anew.

use super::{Compared, Telling, push_heading, role};
use crate::conversation::Endpoint;
use crate::diff::hop::Translation;
use crate::diff::pairing::{ConversationPair, Found};
use crate::render::name::push_endpoint;
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::style::Role;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The names that a translation counts under.
pub(super) const NAMES: [&str; 4] = ["nat", "ip.src", "ip.dst", "ip.addr"];

/// A row of the table: one end, or all the ports of an address that stay as they are.
pub(super) struct Row {
    pub(super) left: (IpAddr, Option<u16>),
    pub(super) right: (IpAddr, Option<u16>),
    pub(super) is_originator: bool,
    /// How many ends it sums up.
    pub(super) ends: u64,
    pub(super) conversations: u64,
    pub(super) packets: u64,
    pub(super) frames: [u64; 2],
}

/// The rows of the table, in the order of the left point. An address that many ends have in common, whose ports stay, is one row.
pub(super) fn rows(translations: &[Translation]) -> Vec<Row> {
    let keeps = |one: &Translation| one.left.port == one.right.port;
    let mut kept: BTreeMap<(IpAddr, IpAddr, bool), usize> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    for one in translations {
        let port = |end: Endpoint| Some(end.port).filter(|port| *port != 0);
        let key = (one.left.address, one.right.address, one.is_originator);
        if let Some(row) = kept.get(&key).filter(|_| keeps(one)).and_then(|place| rows.get_mut(*place)) {
            row.left.1 = None;
            row.right.1 = None;
            row.ends += 1;
            row.conversations += one.conversations;
            row.packets += one.packets;
            continue;
        }
        if keeps(one) {
            kept.insert(key, rows.len());
        }
        rows.push(Row {
            left: (one.left.address, port(one.left)),
            right: (one.right.address, port(one.right)),
            is_originator: one.is_originator,
            ends: 1,
            conversations: one.conversations,
            packets: one.packets,
            frames: one.frames,
        });
    }
    rows
}

/// Appends the table of addresses and ports.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    if compared.hop.translations.is_empty() || !compared.selection.counts(&NAMES) {
        return;
    }
    let rows = rows(&compared.hop.translations);
    push_heading(out, telling, Role::Warning, |out| out.extend_from_slice(b"translated (nat)"));
    push_rows(out, compared, telling, &rows);
}

/// Appends rows of the table.
pub(super) fn push_rows(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, rows: &[Row]) {
    let shown = rows.get(..telling.most()).unwrap_or(rows);
    let cells: Vec<[Vec<u8>; 2]> = shown.iter().map(|row| [cell(row.left), cell(row.right)]).collect();
    let width = |side: usize| cells.iter().map(|row| row[side].len()).max().unwrap_or_default();
    let widths = [width(0), width(1)];
    for (row, cells) in shown.iter().zip(&cells) {
        out.extend_from_slice(b"  ");
        for side in 0..2 {
            telling.palette.paint(out, role(side), |out| out.extend_from_slice(&cells[side]));
            out.resize(out.len() + widths[side].saturating_sub(cells[side].len()), b' ');
            out.extend_from_slice(if side == 0 { b" -> " } else { b"   " });
        }
        let mut sentence = Sentence::new(out, compared.names[0]);
        sentence.say(if row.is_originator { "originator" } else { "responder " });
        write!(sentence, "  {}, {}", Counted(row.conversations, "conversation"), Counted(row.packets, "packet"));
        if row.ends > 1 {
            write!(sentence, ", {} kept", Counted(row.ends, "port"));
        }
        let [left, right] = row.frames;
        writeln!(sentence, ", first frame {left} -> {right}");
    }
    if rows.len() > shown.len() {
        writeln!(Sentence::new(out, compared.names[0]), "  .. and {} more (-v shows all)", Grouped((rows.len() - shown.len()) as u64));
    }
}

/// An address, with its port where it has one: as it is, for here it matters.
fn cell((address, port): (IpAddr, Option<u16>)) -> Vec<u8> {
    let mut cell = Vec::new();
    push_endpoint(&mut cell, None, address, port);
    cell
}

/// The connections that something between ended and began anew.
pub(super) fn relays<'a>(compared: &Compared<'a>) -> impl Iterator<Item = &'a ConversationPair> {
    compared.hop.pairing.conversations.iter().filter(|pair| pair.found == Found::Content)
}

/// Appends which connection went on as which.
pub(super) fn push_relays(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    let count = relays(compared).count();
    if count == 0 || !compared.selection.counts(&["relay"]) {
        return;
    }
    push_heading(out, telling, Role::Warning, |out| {
        let mut sentence = Sentence::new(out, compared.names[0]);
        write!(
            sentence,
            "ended in between, and their bytes sent on over another connection (relay): {}",
            Counted(count as u64, "connection")
        );
    });
    for pair in relays(compared).take(telling.most()) {
        out.extend_from_slice(b"  ");
        for (side, place) in [pair.left, pair.right].into_iter().enumerate() {
            if side == 1 {
                out.extend_from_slice(b"  ->  ");
            }
            telling.palette.paint(out, role(side), |out| {
                if let Some(one) = compared.points[side].conversations.get(place as usize) {
                    write!(Sentence::new(out, compared.names[side]), "{}: ", one.number);
                }
                compared.push_ends(out, side, place);
            });
        }
        out.push(b'\n');
    }
    if count > telling.most() {
        writeln!(Sentence::new(out, compared.names[0]), "  .. and {} more (-v shows all)", Grouped((count - telling.most()) as u64));
    }
}
