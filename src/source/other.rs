//! Files that are no capture to wirelore, but that another program makes one of; told by their first bytes.

/// What a file is, and the command that makes a capture of it.
pub(super) struct Other {
    /// With its article.
    pub(super) format: &'static str,
    /// `FILE` stands for its name.
    pub(super) remedy: &'static str,
}

const CONVERT: &str = "editcap -F pcapng FILE NEW.pcapng";

/// First bytes, what they are, and the remedy.
const KNOWN: &[(&[u8], &str, &str)] = &[
    (b"\xfd7zXZ\0", "an xz archive", "xz -dc FILE | wirelore read -"),
    (b"BZh", "a bzip2 archive", "bzip2 -dc FILE | wirelore read -"),
    (b"\x04\x22\x4d\x18", "an lz4 archive", "lz4 -dc FILE | wirelore read -"),
    (b"\x1f\x9d", "a compress archive", "gzip -dc FILE | wirelore read -"),
    (b"PK\x03\x04", "a zip archive", "unzip -p FILE | wirelore read -"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "7z x -so FILE | wirelore read -"),
    (b"snoop\0\0\0", "a snoop capture (Solaris, RFC 1761)", CONVERT),
    (b"btsnoop\0", "a Bluetooth btsnoop capture", CONVERT),
    (b"RTSS", "a Microsoft Network Monitor 1 capture", CONVERT),
    (b"GMBU", "a Microsoft Network Monitor 2 capture", CONVERT),
    (b"XCP\0", "a NetXRay or Sniffer for Windows capture", CONVERT),
    (b"TRSNIFF data    \x1a", "a Sniffer for DOS capture", CONVERT),
    (b"\x7fver", "an OmniPeek capture", CONVERT),
    (b"\x05VNF", "a Visual Networks capture", CONVERT),
    (b"iptrace ", "an AIX iptrace capture", CONVERT),
    (b"\x54\x52\x00\x64\x00", "an HP-UX nettl capture", CONVERT),
    (b"\x1c\x00\x01\xab", "an Ixia pcap variant", CONVERT),
    (b"\x1c\x00\x01\xac", "an Ixia pcap variant", CONVERT),
    (b"\xab\x01\x00\x1c", "an Ixia pcap variant", CONVERT),
    (b"\xac\x01\x00\x1c", "an Ixia pcap variant", CONVERT),
    (b"\x0d\x0a\x0d\x0d\x0a", "a pcapng capture that was transferred as text, its line ends changed", "transfer it again in binary mode"),
    (b"\x0a\x0a\x0d\x0a", "a pcapng capture that was transferred as text, its line ends changed", "transfer it again in binary mode"),
];

/// What the first bytes of an input are, where they are known.
pub(super) fn from_magic(bytes: &[u8]) -> Option<Other> {
    KNOWN.iter().find(|(magic, ..)| bytes.starts_with(magic)).map(|(_, format, remedy)| Other { format, remedy })
}
