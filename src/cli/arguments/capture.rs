//! The command line of `wirelore capture`.

use super::ShowArguments;
use clap::{ArgAction, Args, ValueEnum};
use std::ffi::OsString;
use std::time::Duration;

/// How frames are received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum BackendChoice {
    /// From a ring that the kernel fills (Linux)
    #[cfg_attr(target_os = "linux", default)]
    Ring,
    /// By pnet's own receiver: times are those of reading; tags and directions are lost, and filters on tags find nothing
    #[cfg_attr(not(target_os = "linux"), default)]
    Pnet,
}

/// When a capture goes on in a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotateLimit {
    /// Before a file has more than so many bytes.
    Size(u64),
    /// After so long.
    Time(Duration),
}

/// `wirelore capture`.
#[derive(Debug, Args)]
#[command(
    after_help = "Capturing takes the capability CAP_NET_RAW; `wirelore interfaces` says whether you have it, and how to get it here:\n  \
      wirelore capture                                        the interface of the default route, a line a frame\n  \
      wirelore capture -i eth0 -i lo tcp port 80              two interfaces, HTTP alone\n  \
      wirelore capture -i any -w all.pcapng --for 10s         all interfaces, ten seconds, to a file\n  \
      wirelore capture -w ring.pcapng --rotate 100M --files 5 the last 500 MB\n\
    Ctrl-C ends it and says what was captured and dropped; SIGUSR1 says so and goes on.\n\
    Exit status: 0 done, also by Ctrl-C; 2 an error (said on standard error)."
)]
pub struct CaptureArguments {
    /// A filter: it runs in the kernel as far as that can be
    #[arg(value_name = "FILTER", num_args(0..))]
    pub words: Vec<OsString>,

    /// An interface, by its name or index, or `any` for all of them at once; may be repeated. Without it: the interface of the default route, else the first that is up
    #[arg(short, long = "interface", value_name = "INTERFACE")]
    pub interfaces: Vec<String>,

    /// Stop after so long: so many seconds, or a number with its unit (10, 500ms, 10s, 5m, 1h, 1d)
    #[arg(long = "for", value_name = "TIME", allow_hyphen_values = true, value_parser = parse_duration)]
    pub lasts: Option<Duration>,

    /// How they are shown.
    #[command(flatten)]
    pub show: ShowArguments,

    /// The filter, where it shall not stand at the end
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// Keep so many bytes of each frame; 0 for all. The filter is asked of the whole frame
    #[arg(short = 's', long, value_name = "BYTES", default_value_t = 0, allow_negative_numbers = true, value_parser = parse_snap_length)]
    pub snap_length: u32,

    /// Only frames for this machine: the interface is not made promiscuous
    #[arg(short = 'p', long)]
    pub no_promiscuous: bool,

    /// Nothing of what this machine knows: no names of its own, and with -w no interfaces, routes and neighbours in the file
    #[arg(long)]
    pub no_host: bool,

    /// Hand on each frame as it comes, not when there are enough for it to be worth it (with -w)
    #[arg(short = 'U', long)]
    pub flush: bool,

    /// With -w: go on in a new file before one has more than so many bytes (100M, 2GiB), or after so long (1h); one of each may be given.
    /// The files of FILE.pcapng are FILE-00001.pcapng, FILE-00002.pcapng, ..
    #[arg(long, value_name = "SIZE|TIME", requires = "write", allow_hyphen_values = true, value_parser = parse_limit)]
    pub rotate: Vec<RotateLimit>,

    /// With --rotate: keep the newest so many files of this run, and remove older ones
    #[arg(long, value_name = "NUMBER", requires = "rotate", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub files: Option<u32>,

    /// Memory for frames that wait to be read, in MiB, for each interface: 4 to 4096
    #[arg(short = 'B', long, value_name = "MIB", default_value_t = 64, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(4..=4096))]
    pub buffer: u16,

    /// In another network namespace: its name (`ip netns`), or the number of a process in it (a container's)
    #[arg(long, value_name = "NAME|PID")]
    pub netns: Option<String>,

    /// How frames are received
    #[arg(long, value_enum, value_name = "BACKEND", default_value_t)]
    pub backend: BackendChoice,

    /// Nothing on standard error but errors: neither the line while writing nor the summary
    #[arg(long, action = ArgAction::SetTrue)]
    pub no_summary: bool,
}

/// A time in seconds, or with its unit.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    const FORM: &str = "a time is a number of seconds, or a number with its unit: 10, 500ms, 10s, 5m, 1h, 1d";
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(FORM.to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| FORM.to_owned())?;
    Duration::try_from_secs_f64(number * seconds).ok().filter(|time| !time.is_zero()).ok_or_else(|| "a time is longer than 0".to_owned())
}

/// How many bytes of a frame are kept.
fn parse_snap_length(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "how many bytes of each frame to keep: a whole number, as 96; 0 keeps all".to_owned())
}

/// How many frames.
pub(super) fn parse_count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "how many frames: a whole number, as 10".to_owned())
}

/// A size (`M` is a million bytes, `m` are minutes) or a time, with its unit.
fn parse_limit(text: &str) -> Result<RotateLimit, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let bytes: u64 = match unit.trim() {
        "B" => 1,
        "k" | "K" | "kB" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        unit if !unit.is_empty() && parse_duration(text).is_ok() => return parse_duration(text).map(RotateLimit::Time),
        _ => return Err("a size or a time, a number with its unit: 100M, 2GiB, 15m, 1h".to_owned()),
    };
    let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(bytes)).filter(|size| *size > 0);
    size.map(RotateLimit::Size).ok_or_else(|| "a size is a whole number above 0 with its unit: 100M, 2GiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(parse_duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        for bad in ["", "s", "ten", "10y", "0s", "1.2.3s", "1e400"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
    #[test]
    fn a_limit_is_a_size_or_a_time() {
        let sizes = [("100M", 100_000_000), ("5k", 5_000), ("2GiB", 2 << 30), ("512 MiB", 512 << 20), ("7B", 7)];
        sizes.iter().for_each(|(text, bytes)| assert_eq!(parse_limit(text), Ok(RotateLimit::Size(*bytes)), "{text}"));
        assert_eq!(parse_limit("1h"), Ok(RotateLimit::Time(Duration::from_secs(3600))));
        assert_eq!(parse_limit("5m"), Ok(RotateLimit::Time(Duration::from_secs(300))), "M is a million, m are minutes");
        for bad in ["", "5", "M", "0M", "1.5M", "-1M", "99999999999G", "5x"] {
            assert!(parse_limit(bad).is_err(), "{bad}");
        }
    }
}
