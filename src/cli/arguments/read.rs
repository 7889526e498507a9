//! The command line of `wirelore read`.

use super::ShowArguments;
use clap::Args;
use std::ffi::OsString;

/// `wirelore read`.
#[derive(Debug, Args)]
#[command(after_help = "Filters are tcpdump's words and Wireshark's fields in one language, asked of the decoded packet:\n  \
      wirelore read capture.pcapng tcp port 80 and host 10.130.1.4\n  \
      wirelore read capture.pcapng 'dns or http.request.method == \"GET\"'\n\
    All of it is in wirelore-filter(7). Exit status: 0 all was read; 2 not all could be read (what could is shown first).")]
pub struct ReadArguments {
    /// Captures (pcap, pcapng, also gzip or zstd compressed; - for standard input), then a filter
    #[arg(value_name = "FILE.. [FILTER]", num_args(0..))]
    pub words: Vec<OsString>,

    /// The filter, where it shall not stand behind the files
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// How they are shown.
    #[command(flatten)]
    pub show: ShowArguments,

    /// As it happened: wait between frames as long as they were apart, divided by so much (1x, 10x)
    #[arg(long, value_name = "SPEED", value_parser = parse_pace)]
    pub pace: Option<f64>,
}

fn parse_pace(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('x').parse::<f64>() {
        Ok(pace) if (0.001..=1e6).contains(&pace) => Ok(pace),
        _ => Err("a speed is a number from 0.001 to 1000000, as 1x or 0.5x".to_owned()),
    }
}
