//! Writes a capture for `compare` and `growth`: `cargo run --release --example generate -- FILE FRAMES [KIND]`

#[path = "packets/fragments.rs"]
mod fragments;
#[path = "packets/http.rs"]
mod http;
#[path = "packets/random.rs"]
mod random;
#[path = "packets/small.rs"]
mod small;

use small::Pattern;
use std::fs::File;
use std::io::{self, BufWriter, Write};

const KINDS: &str = "small|one-network|ports-in-sequence|fragments|http";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(path), Some(frames)) = (arguments.first(), arguments.get(1).and_then(|number| number.parse().ok())) else {
        return Err(io::Error::other(format!("generate FILE FRAMES [{KINDS}]")));
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    match arguments.get(2).map(String::as_str) {
        None | Some("small") => small::write_capture(&mut out, frames)?,
        Some("one-network") => small::write_capture_of(&mut out, frames, Pattern::OneNetwork)?,
        Some("ports-in-sequence") => small::write_capture_of(&mut out, frames, Pattern::PortsInSequence)?,
        Some("fragments") => fragments::write_capture(&mut out, frames)?,
        Some("http") => http::write_capture(&mut out, frames)?,
        Some(other) => return Err(io::Error::other(format!("{other}: {KINDS}"))),
    }
    out.flush()
}
