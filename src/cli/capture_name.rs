//! What the name of a capture says of its format.

use anyhow::bail;
use std::path::Path;

/// Endings of compressed files, and what compresses so.
const COMPRESSED: [(&str, &str); 7] =
    [("gz", "gzip"), ("zst", "zstd"), ("zstd", "zstd"), ("lz4", "lz4"), ("xz", "xz"), ("bz2", "bzip2"), ("z", "compress")];

/// Whether a file of that name is of the classic format, which holds one interface and no comments.
pub(super) fn is_classic(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["pcap", "cap"].iter().any(|classic| ending.eq_ignore_ascii_case(classic)))
}

/// That a name does not promise what is not done: captures are written as they are, and compressed by the program whose job that is.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    let Some(ending) = path.extension() else { return Ok(()) };
    if let Some((_, program)) = COMPRESSED.iter().find(|(other, _)| ending.eq_ignore_ascii_case(other)) {
        let (shown, plain) = (path.display(), path.with_extension(""));
        bail!(
            "{shown}: captures are written uncompressed; send it on (`-w - | {program} > {shown}`), or write {} and compress that",
            plain.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_compressed_file_is_refused() {
        let said = |name: &str| check(Path::new(name)).map_err(|error| error.to_string());
        let expected =
            "d/x.pcap.gz: captures are written uncompressed; send it on (`-w - | gzip > d/x.pcap.gz`), or write d/x.pcap and compress that";
        assert_eq!(said("d/x.pcap.gz"), Err(expected.to_owned()));
        for refused in ["x.ZST", "x.pcapng.lz4", "x.xz"] {
            assert!(said(refused).is_err(), "{refused}");
        }
        for taken in ["-", "x", "x.pcap", "x.pcapng", "gz", ".gz", "x.gz.pcap"] {
            assert_eq!(said(taken), Ok(()), "{taken}");
        }
        assert!(is_classic(Path::new("x.CAP")) && !is_classic(Path::new("x.pcapng")));
    }
}
