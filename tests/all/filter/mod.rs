//! The filter language, held against the programs whose words it takes.

mod manual;
mod tcpdump;
mod tshark;

use super::support::captures;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wirelore::dissect::{Dissection, dissect};
use wirelore::filter::Filter;
use wirelore::frame::LinkType;
use wirelore::source;

/// Captures with tags, tunnels, IPv6 extension headers, or UDP over IPv6 to which expressions of bytes apply: libpcap does not see through
/// them, and wirelore does.
const TUNNELLED: [&str; 11] = [
    "addresses-out-of-place",
    "fragments-overlap-ipv6",
    "gre",
    "group-misdirected",
    "group-to-stations",
    "icmpv6-kinds",
    "ipip-tcp",
    "ipv6-in-ipv4",
    "pppoe",
    "vlan",
    "vxlan",
];

/// Every Ethernet frame of `captures/` that stands in no tag or tunnel, in one pcap; frame number N was captured N seconds after 1970
/// (the first one half a second early, so that the last one does not stand on the border of tshark's table).
fn plain_frames() -> (TempDir, PathBuf) {
    let mut bytes = Vec::new();
    for word in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1] {
        bytes.extend(u32::to_le_bytes(word));
    }
    let mut number = 0;
    for path in captures() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if TUNNELLED.contains(&name.split('.').next().unwrap_or_default()) {
            continue;
        }
        let mut source = source::open(&path).expect("a capture of captures/ opens");
        // One of them is cut short on purpose: what stands before the cut is enough.
        while let Ok(Some(frame)) = source.next_frame() {
            if frame.link_type == LinkType::ETHERNET {
                number += 1;
                let (seconds, microseconds) = if number == 1 { (0, 500_000) } else { (number, 0) };
                for word in [seconds, microseconds, frame.captured(), frame.length] {
                    bytes.extend(u32::to_le_bytes(word));
                }
                bytes.extend(frame.data);
            }
        }
    }
    assert!(number > 500, "captures/ has {number} plain Ethernet frames");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plain.pcap");
    std::fs::write(&path, bytes).expect("a file");
    (folder, path)
}

/// The times of a capture's frames, in seconds: with [`plain_frames`] their numbers.
fn times(path: &Path) -> Vec<i64> {
    numbers(path, &Filter::parse("").expect("nothing asks nothing"))
}

/// The times of the frames that pass a filter.
fn numbers(path: &Path, filter: &Filter) -> Vec<i64> {
    let mut source = source::open(path).expect("the capture opens");
    let mut dissection = Dissection::default();
    let mut passed = Vec::new();
    while let Some(frame) = source.next_frame().expect("the capture is whole") {
        dissect(&frame, &mut dissection);
        if filter.matches(&frame, &dissection) {
            passed.push(frame.timestamp.map_or(-1, |timestamp| timestamp.parts().0.max(1)));
        }
    }
    passed
}

/// What wirelore makes of an expression: the frames that pass, or the message.
fn ours(path: &Path, expression: &str) -> Result<Vec<i64>, String> {
    Filter::parse(expression).map(|filter| numbers(path, &filter)).map_err(|error| error.to_string())
}

/// Says how the answers to several questions differ, each of them an expression with the frames that pass it elsewhere, and fails where
/// they do.
fn compare(peer: &str, path: &Path, answers: Vec<(&str, Vec<i64>)>) {
    let mut differences = Vec::new();
    for (expression, theirs) in answers {
        match ours(path, expression) {
            Ok(ours) if ours == theirs => {}
            Ok(ours) => {
                let missing: Vec<_> = theirs.iter().filter(|number| !ours.contains(number)).collect();
                let more: Vec<_> = ours.iter().filter(|number| !theirs.contains(number)).collect();
                differences.push(format!("{expression}\n  only {peer}: {missing:?}\n  only wirelore: {more:?}"));
            }
            Err(message) => differences.push(format!("{expression}\n  {message}")),
        }
    }
    assert!(differences.is_empty(), "{} expressions differ:\n{}", differences.len(), differences.join("\n"));
}
