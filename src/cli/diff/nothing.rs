//! Captures of which a filter lets nothing through: mostly one on an address that is another one there.

use super::see::{Seen, is_standard, see};
use crate::cli::input::Input;
use crate::cli::say;
use crate::diff::Digester;
use crate::diff::path::Path;
use crate::filter::Filter;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// How many translated addresses are named.
const NAMED: usize = 4;

/// Says which captures hold frames of which the filter lets none through, and which addresses are others there. To see that all captures are
/// compared without the filter; the addresses that stand in it, `asked`, come first.
pub(super) fn explain(input: &Input, asked: &str, seen: &Seen) {
    let is_nothing = |place: &usize| seen.points.get(*place).is_some_and(|point| point.frames == 0 && point.captured.frames > 0);
    let nothing: Vec<usize> = (0..seen.points.len()).filter(is_nothing).collect();
    if nothing.is_empty() {
        return;
    }
    let mut translated = translated(input, seen);
    translated.sort_by_key(|two| !two.iter().any(|address| asked.contains(&address.to_string())));
    let of_each = match translated.first() {
        None => "where addresses are translated in between, ask for those of each capture (`host A or host B`)".to_owned(),
        Some([one, other]) => {
            let named: Vec<String> = translated.iter().take(NAMED).map(|[one, other]| format!("{one} is {other} in the other")).collect();
            format!("{}: ask for both (`host {one} or host {other}`)", named.join(", "))
        }
    };
    for title in nothing.into_iter().filter_map(|place| seen.titles.get(place)) {
        say(&format!("{title}: none of its frames passes the filter; {of_each}"));
    }
}

/// Addresses that stand for others between neighbouring captures. Nothing where one came through a pipe,
/// which is read once.
fn translated(input: &Input, seen: &Seen) -> Vec<[IpAddr; 2]> {
    if seen.files.iter().any(|file| is_standard(file)) {
        return Vec::new();
    }
    let everything = Input { files: input.files.clone(), filter: Filter::everything() };
    let (digester, mut all) = (Digester::new(), Seen::default());
    if !seen.files.iter().all(|file| see(file, &everything, digester, false, &mut all).is_ok()) {
        return Vec::new();
    }
    let path = Path::along(&all.points);
    let rows = path.hops.iter().flat_map(|hop| &hop.translations);
    let found: BTreeSet<[IpAddr; 2]> = rows.map(|row| [row.left.address, row.right.address]).filter(|[one, other]| one != other).collect();
    found.into_iter().collect()
}
