//! What differs between captures, in words and as JSON.

pub mod points;
pub mod runs;

/// Appends the first line of a comparison of runs: that it is one, and why.
pub fn push_why_runs(out: &mut Vec<u8>, is_forced: bool) {
    out.extend_from_slice(if is_forced {
        b"runs, as asked: the same thing done twice\n"
    } else {
        b"runs: no packet is in both captures for sure, so they are compared as the same thing done twice (--points compares packets)\n"
    });
}
