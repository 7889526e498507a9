//! Writes a capture of small packets for `compare`: `cargo run --release --example generate -- FILE FRAMES`

#[path = "packets/small.rs"]
mod small;

use std::fs::File;
use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(path), Some(frames)) = (arguments.first(), arguments.get(1).and_then(|number| number.parse().ok())) else {
        return Err(io::Error::other("generate FILE FRAMES"));
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    small::write_capture(&mut out, frames)?;
    out.flush()
}
