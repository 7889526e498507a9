//! Whether the end of a terminal or of a login ends a capture.

/// Whether SIGHUP was ignored when this program began, as `nohup` has it: whoever did that wants the capture to go on. Asked before a signal is
/// listened to.
#[cfg(target_os = "linux")]
pub(super) fn is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

/// Other systems tell of it only in ways that are not safe.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_ignored() -> bool {
    false
}

/// Whether a process ignores SIGHUP: `SigIgn` of `/proc/PID/status` (proc(5)), of which the lowest bit is that of signal 1.
#[cfg(target_os = "linux")]
fn ignores_hangup(status: &str) -> bool {
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let signals = ignored.and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok());
    signals.is_some_and(|signals| signals & 1 << (signal_hook::consts::SIGHUP - 1) != 0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn the_lowest_bit_is_that_of_a_hangup() {
        assert!(ignores_hangup("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n"));
        assert!(!ignores_hangup("SigBlk:\t0000000000000001\nSigIgn:\t0000000000001002\nSigCgt:\t0000000000000001\n"));
        assert!(!ignores_hangup(""));
    }
}
