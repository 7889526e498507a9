//! What is done with bytes that somebody else chose, and what must be true of it: the bodies of the fuzz targets. `tests/all/fuzz.rs` calls
//! the same with every seed and with everything that was ever found.

mod capture;
mod clean;
mod diff;
mod dissect;
mod filter;
mod heard;
mod http;
mod inside;
mod operations;
mod reassembly;

/// A target: its name, and what it does with bytes.
type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 6] = [
    ("capture", capture::run),
    ("dissect", dissect::run),
    ("reassembly", reassembly::run),
    ("http", http::run),
    ("filter", filter::run),
    ("diff", diff::run),
];

/// Does with these bytes what the target of this name does.
///
/// # Panics
/// Where something is not as it must be.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.expect("a target").1(bytes);
}
