//! Captures, read as points of a way.

use super::order::in_order;
use crate::cli::input::Input;
use crate::cli::listen::{Listened, listen, listen_to};
use crate::cli::progress::open_all_ahead;
use crate::conversation::Names;
use crate::diff::Digester;
use crate::diff::point::{Captured, Collector, Point};
use crate::frame::Timestamp;
use crate::reassembly::Limits;
use crate::reassembly::fragments::Fragment;
use crate::source::ordered::Copies;
use crate::source::{Interface, STANDARD_INPUT};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Captures that were read.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) files: Vec<PathBuf>,
    pub(super) titles: Vec<String>,
    pub(super) points: Vec<Point>,
    pub(super) names: Vec<Names>,
    /// What could not be read, in words.
    pub(super) damage: Vec<String>,
}

/// Whether a capture comes through a pipe.
pub(super) fn is_standard(file: &Path) -> bool {
    file.as_os_str() == STANDARD_INPUT
}

/// What a capture is called.
pub(super) fn title(file: &Path) -> String {
    if is_standard(file) { "standard input".to_owned() } else { file.display().to_string() }
}

/// One of the captures, with the filter of all.
pub(super) fn alone(file: &Path, input: &Input) -> Input {
    Input { files: vec![file.to_path_buf()], filter: input.filter.clone() }
}

/// Reads a capture.
pub(super) fn see(file: &Path, input: &Input, digester: Digester, uses_names: bool, seen: &mut Seen) -> anyhow::Result<()> {
    // What is there twice is told, and counts only where the other capture has as many.
    let ((collector, heard), arranged) = in_order(
        file,
        Copies::Kept,
        |file| open_all_ahead(&[file]),
        |source| {
            let mut collector = Collector::new(digester);
            let Listened { names, interfaces, frames, damage, .. } =
                listen_to(source, &input.filter, &Limits::default(), uses_names, &mut (), |heard, ()| {
                    if heard.passes {
                        collector.observe(&heard.packet, heard.belongs.as_ref(), heard.conversations);
                    }
                    Ok(true)
                })?;
            // The table of conversations goes before more room is taken.
            Ok((collector, (names, interfaces, frames, damage)))
        },
    )?;
    let (names, interfaces, frames, damage) = heard;
    let mut point = collector.finish(Captured { window: [None; 2], dropped: dropped(&interfaces), frames });
    point.captured.window = window(&interfaces, point.times());
    seen.files.push(file.to_path_buf());
    seen.titles.push(title(file));
    seen.points.push(point);
    seen.names.push(names);
    seen.damage.extend(damage.into_iter().chain(arranged.damage(file)));
    Ok(())
}

/// How many frames a capture says that it lost itself.
fn dropped(interfaces: &[Interface]) -> u64 {
    let of = |interface: &Interface| {
        let counted = interface.statistics;
        [counted.dropped_by_interface, counted.dropped_by_system].into_iter().flatten().fold(0, u64::saturating_add)
    };
    interfaces.iter().map(of).fold(0, u64::saturating_add)
}

/// When a capture says that it began and ended. What its own frames do not lie in says nothing: their times were moved, or they come from
/// elsewhere.
fn window(interfaces: &[Interface], times: Option<[Timestamp; 2]>) -> [Option<Timestamp>; 2] {
    let all = |of: fn(&Interface) -> Option<Timestamp>| interfaces.iter().map(of).collect::<Option<Vec<Timestamp>>>().unwrap_or_default();
    let began = all(|interface| interface.statistics.began).into_iter().min();
    let ended = all(|interface| interface.statistics.ended).into_iter().max();
    let holds = times.is_none_or(|[first, last]| began.is_none_or(|began| began <= first) && ended.is_none_or(|ended| ended >= last));
    if holds { [began, ended] } else { [None, None] }
}

/// Reads what some frames carry over TCP or UDP.
pub(super) fn payloads(file: &Path, input: &Input, frames: &BTreeSet<u64>) -> anyhow::Result<BTreeMap<u64, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let last = frames.last().copied().unwrap_or_default();
    listen(&alone(file, input), &Limits::default(), false, &mut (), |heard, ()| {
        let number = heard.packet.frame.number;
        if frames.contains(&number) {
            let whole = heard.packet.fragment.and_then(Fragment::completed);
            let (bytes, dissection) =
                whole.map_or((heard.packet.frame.data, heard.packet.dissection), |whole| (whole.bytes.as_slice(), &whole.dissection));
            if let Some(transport) = dissection.transport() {
                let payload = bytes.get(transport.payload_start..).unwrap_or_default();
                let payload = payload.get(..transport.payload_length.min(Limits::PAYLOAD_SEEN)).unwrap_or(payload);
                found.insert(number, payload.to_vec());
            }
        }
        Ok(number < last)
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::LinkType;
    use crate::source::Statistics;

    #[test]
    fn a_window_counts_where_every_interface_tells_one_and_the_frames_lie_in_it() {
        let moment = |second: i64| Timestamp::from_parts(second, 0);
        let interface = |began: Option<i64>, ended: Option<i64>| Interface {
            name: None,
            link_type: LinkType::ETHERNET,
            snap_length: 0,
            options: Vec::new(),
            statistics: Statistics { began: began.map(moment), ended: ended.map(moment), ..Statistics::default() },
        };
        let both = [interface(Some(10), Some(20)), interface(Some(12), Some(30))];
        let times = Some([moment(11), moment(25)]);
        assert_eq!(window(&both, times), [Some(moment(10)), Some(moment(30))]);
        assert_eq!(window(&both, None), [Some(moment(10)), Some(moment(30))]);
        assert_eq!(window(&both, Some([moment(41), moment(55)])), [None, None]);
        assert_eq!(window(&[both[0].clone(), interface(None, Some(30))], times), [None, Some(moment(30))]);
        assert_eq!(window(&[], times), [None, None]);
    }
}
