//! Writes a capture for `compare`: `cargo run --release --example generate -- FILE FRAMES [small|fragments]`

#[path = "packets/fragments.rs"]
mod fragments;
#[path = "packets/random.rs"]
mod random;
#[path = "packets/small.rs"]
mod small;

use std::fs::File;
use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(path), Some(frames)) = (arguments.first(), arguments.get(1).and_then(|number| number.parse().ok())) else {
        return Err(io::Error::other("generate FILE FRAMES [small|fragments]"));
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    match arguments.get(2).map(String::as_str) {
        None | Some("small") => small::write_capture(&mut out, frames)?,
        Some("fragments") => fragments::write_capture(&mut out, frames)?,
        Some(other) => return Err(io::Error::other(format!("{other}: small or fragments"))),
    }
    out.flush()
}
