//! Values are held against tshark's: every field that both have, in every frame of `captures/`.

use super::support::{captures, peer, read};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use wirelore::dissect::registry::PROTOCOLS;
use wirelore::dissect::{Field, Kind};

/// Fields that are not compared, with the reason.
const NOT_COMPARED: &[(&str, &str)] = &[
    ("data.len", "of an echo's data tshark takes off the time that ping puts there"),
    ("dhcp.client_id.type", "tshark calls the type of a client's identifier by the name of the header's field"),
    ("dhcp.hw.type", "the same"),
    ("dhcp.option.type", "not shown for padding"),
    ("http.content_length_header", "shown only where it is not a number; tshark shows both"),
    ("http.unknown_header", "without reassembly tshark takes lines of a body for headers"),
    ("imap.line", "tshark shows the line's end too"),
    ("imap.request.command", "of UID FETCH tshark shows the second word, which is what UID is about"),
    ("imap.response.command", "tshark shows the word behind the status"),
    ("imap.response_tag", "tshark shows none where the line answers no command"),
    ("ip.version", "tshark gives IPv6 packets this one too"),
    ("ipv6.opt.type.action", "not shown for padding, which is known to everybody"),
    ("ipv6.opt.type.change", "not shown for padding, which does not change"),
    ("pop.response.data", "tshark shows it empty"),
    ("smtp.message", "tshark follows the session and shows the answer to a challenge as another field"),
    ("smtp.response.code", "tshark shows it once a reply, wirelore once a line"),
    ("tls.handshake.sig_hash_alg", "the signature of a key exchange stands in its body"),
    ("tls.record.content_type", "tshark follows the session and shows another field for records that are encrypted"),
];

/// Frames that are not compared, with the reason.
const FRAMES_NOT_COMPARED: &[(&str, usize, &str)] = &[
    // What goes on between ports of their own is known by the request before it: a frame alone does not show it.
    ("answer-from-another-port.pcap", 2, "TFTP between ports of its own"),
    ("answer-from-another-port.pcap", 3, "the same"),
    ("answer-from-another-port.pcap", 4, "the same"),
    ("answer-from-another-port.pcap", 5, "the same"),
    ("pppoe.pcapng", 15, "the packet that a protocol reject quotes is shown as bytes"),
    (
        "arp-announced.pcapng",
        1,
        "arping fills the target's link address with ones; RFC 5227 2.1.1 asks for zeros, and ignores what stands there",
    ),
    ("arp-announced.pcapng", 2, "the same"),
    ("arp-probe-conflict.pcapng", 1, "the same"),
    ("fragments-overlap-ipv6.pcap", 2, "IPv6 fragments that overlap are thrown away (RFC 5722), and tshark puts them together"),
    (
        "ping-large-clipped.pcapng",
        3,
        "the capture cut it: tshark puts nothing together, and shows the first fragment's ICMP with that frame",
    ),
    ("ping-large-clipped.pcapng", 6, "the same"),
    ("ping-large-clipped.pcapng", 9, "the same"),
    ("ping-large-clipped.pcapng", 12, "the same"),
    ("icmp-kinds.pcapng", 10, "tshark reads no UDP in a fragment that is quoted"),
    ("icmpv6-kinds.pcapng", 11, "tshark reads no UDP in a fragment that is quoted"),
];

/// Fields that tshark does not show of a packet that an ICMP error quotes.
const NOT_QUOTED: &[&str] = &["tcp.len", "tcp.seq_raw"];

/// The captures that hold secrets.
const WITH_SECRETS: &[&str] = &["tls13.pcapng"];

/// Bits that must be 0, and are shown where they are not.
const SHOWN_WHEN_SET: &[&str] = &["ip.flags.rb", "ipv6.fraghdr.reserved_octet", "tcp.flags.res", "vxlan.gbp"];

/// What parts the values of a cell, and the cells of a line, where no value can hold it.
const BETWEEN_VALUES: char = '\u{1e}';
const BETWEEN_CELLS: char = '\u{1f}';

/// A value, in a form that both sides can be brought to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
enum Plain {
    Number(u64),
    Text(String),
}

/// Which fields are compared: those that Wireshark has, of the kinds that both print alike.
fn compared(known: &BTreeSet<String>) -> BTreeMap<&'static str, &'static Field> {
    let fields = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten().copied());
    fields
        .filter(|field| !matches!(field.kind, Kind::Group | Kind::Bytes | Kind::Time))
        .filter(|field| known.contains(field.id) && !NOT_COMPARED.iter().any(|(id, _)| *id == field.id))
        .map(|field| (field.id, field))
        .collect()
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// A value as tshark prints it.
fn from_tshark(kind: Kind, text: &str) -> Plain {
    let known = match (kind, text) {
        (Kind::Boolean, "True") => Some(1),
        (Kind::Boolean, "False") => Some(0),
        (Kind::Text, _) => None,
        _ => number(text),
    };
    match (kind, known) {
        // proto_checksum_vals of Wireshark.
        (Kind::Status, Some(status)) => Plain::Text(["bad", "good", "unverified", "not present", "illegal"][status as usize].to_owned()),
        (_, Some(number)) => Plain::Number(number),
        // The name of the root, which others write as a dot.
        (_, None) if text == "<Root>" => Plain::Text(".".to_owned()),
        (_, None) => Plain::Text(text.to_lowercase()),
    }
}

/// A value as it stands in our JSON.
fn from_json(value: &Value) -> Plain {
    match value {
        Value::Bool(set) => Plain::Number(u64::from(*set)),
        Value::Number(number) => Plain::Number(number.as_u64().unwrap_or_default()),
        Value::String(text) => {
            number(text).filter(|_| text.starts_with("0x")).map_or_else(|| Plain::Text(text.to_lowercase()), Plain::Number)
        }
        other => Plain::Text(other.to_string()),
    }
}

type Frame = BTreeMap<&'static str, Vec<Plain>>;

/// The capture for tshark. One that holds the secrets of its TLS sessions is written anew without them: with them tshark would show what
/// was encrypted.
fn without_secrets(capture: &Path, folder: &Path) -> PathBuf {
    let name = capture.file_name().expect("a name");
    if !WITH_SECRETS.iter().any(|known| name == *known) {
        return capture.to_path_buf();
    }
    let copy = folder.join(name);
    let ran = read([Path::new("-w"), &copy, capture]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    copy
}

/// What tshark says of each frame; `None` for a frame that it calls malformed.
fn ask_tshark(mut tshark: Command, capture: &Path, fields: &BTreeMap<&'static str, &'static Field>) -> Vec<Option<Frame>> {
    tshark.args(["-n", "-T", "fields", "-r"]).arg(capture);
    tshark.args(["-E", &format!("separator={BETWEEN_CELLS}"), "-E", &format!("aggregator={BETWEEN_VALUES}"), "-E", "occurrence=a"]);
    for preference in [
        "ip.check_checksum:TRUE",
        "tcp.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
        "tcp.desegment_tcp_streams:FALSE",
        "tcp.relative_sequence_numbers:FALSE",
        // A segment that was sent again is a segment.
        "tcp.no_subdissector_on_error:FALSE",
        "pppoed.show_tags_and_lengths:TRUE",
    ] {
        tshark.args(["-o", preference]);
    }
    for field in ["_ws.malformed", "frame.protocols"].iter().chain(fields.keys()) {
        tshark.args(["-e", field]);
    }
    let output = tshark.output().expect("tshark runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let frame = |line: &str| {
        let cells: Vec<&str> = line.split(BETWEEN_CELLS).collect();
        assert_eq!(cells.len(), fields.len() + 2, "tshark: {line}");
        let malformed = !cells[0].is_empty() || cells[1].contains("_ws.malformed");
        let values = fields.iter().zip(&cells[2..]).filter(|(_, cell)| !cell.is_empty());
        (!malformed).then(|| {
            values
                .map(|((id, field), cell)| (*id, cell.split(BETWEEN_VALUES).map(|value| from_tshark(field.kind, value)).collect()))
                .collect()
        })
    };
    text.lines().map(frame).collect()
}

/// The layers of a frame as tshark counts them: of a fragment only its headers, and in the one that completes a datagram the datagram's.
fn layers_of(frame: &Value) -> Vec<&Value> {
    let layers = frame["layers"].as_array().expect("layers");
    if frame["fragment"].is_null() {
        return layers.iter().collect();
    }
    let is_header = |layer: &Value| ["ip", "ipv6", "ipv6.fraghdr"].iter().any(|name| layer["protocol"] == *name);
    let headers = layers.iter().rposition(is_header).map_or(0, |place| place + 1);
    let whole = frame["reassembled"]["layers"].as_array();
    layers[..headers].iter().chain(whole.into_iter().flatten()).collect()
}

/// What wirelore says of each frame.
fn ask_wirelore(capture: &Path, fields: &BTreeMap<&'static str, &'static Field>) -> Vec<Frame> {
    let ran = read([Path::new("--json"), capture]);
    assert_eq!(ran.status, Some(0), "{}: {}", capture.display(), ran.err);
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let frames = lines.filter(|line| line["type"] == "frame");
    frames
        .map(|line| {
            let mut frame = Frame::new();
            let layers = layers_of(&line);
            for (id, value) in layers.iter().filter_map(|layer| layer["fields"].as_object()).flatten() {
                let Some((id, _)) = fields.get_key_value(id.as_str()) else { continue };
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                frame.entry(id).or_default().extend(values.iter().map(from_json));
            }
            frame
        })
        .collect()
}

/// Bits that tshark shows only where they are set.
const PEER_SHOWS_WHEN_SET: &[&str] = &["llc.control.f", "llc.control.p"];

/// Whether a difference is one of those that are meant.
fn excused(id: &str, theirs: Option<&Vec<Plain>>, ours: Option<&Vec<Plain>>) -> bool {
    match (theirs, ours) {
        (Some(theirs), None) => SHOWN_WHEN_SET.contains(&id) && theirs.iter().all(|value| *value == Plain::Number(0)),
        (None, Some(ours)) if PEER_SHOWS_WHEN_SET.contains(&id) => ours.iter().all(|value| *value == Plain::Number(0)),
        // A text without characters, which tshark does not show.
        (None, Some(ours)) => NOT_QUOTED.contains(&id) || ours.iter().all(|value| *value == Plain::Text(String::new())),
        (Some(theirs), Some(ours)) if theirs.len() == ours.len() => theirs.iter().zip(ours).all(|(theirs, ours)| {
            let eightfold = match theirs {
                Plain::Number(number) => Plain::Number(8 * number),
                Plain::Text(_) => theirs.clone(),
            };
            theirs == ours
                // A name is shown with its last dot there, and as every other name here.
                || (id == "dhcpv6.search_list_entry" && matches!((theirs, ours), (Plain::Text(theirs), Plain::Text(ours)) if *theirs == format!("{ours}.")))
                // tshark 4 counts in units of eight bytes.
                || (id == "ip.frag_offset" && *ours == eightfold)
                // What is quoted is not verified here.
                || (id.ends_with(".status") && *ours == Plain::Text("unverified".to_owned()))
        }),
        _ => false,
    }
}

#[test]
fn only_what_is_meant_is_excused() {
    let number = |number| vec![Plain::Number(number)];
    let text = |text: &str| vec![Plain::Text(text.to_owned())];
    assert!(excused("ip.frag_offset", Some(&number(182)), Some(&number(1456))));
    assert!(!excused("ip.frag_offset", Some(&number(182)), Some(&number(183))));
    assert!(!excused("ip.ttl", Some(&number(8)), Some(&number(64))));
    assert!(excused("tcp.flags.res", Some(&number(0)), None) && !excused("tcp.flags.res", Some(&number(1)), None));
    assert!(excused("llc.control.p", None, Some(&number(0))) && !excused("llc.control.p", None, Some(&number(1))));
    assert!(excused("tcp.checksum.status", Some(&text("bad")), Some(&text("unverified"))));
    assert!(!excused("tcp.checksum.status", Some(&text("bad")), Some(&text("good"))));
    assert!(excused("http.host", None, Some(&text(""))) && !excused("http.host", None, Some(&text("h1"))));
}

#[test]
fn values_are_those_of_tshark() {
    let Some(mut tshark) = peer("tshark") else { return };
    let output = tshark.args(["-G", "fields"]).output().expect("tshark runs");
    let known = String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| line.split('\t').nth(2)).map(str::to_owned).collect();
    let fields = compared(&known);
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut agreed: BTreeMap<&str, usize> = BTreeMap::new();
    let folder = tempfile::tempdir().expect("a folder");
    for capture in captures() {
        let theirs = ask_tshark(Command::new("tshark"), &without_secrets(&capture, folder.path()), &fields);
        let ours = ask_wirelore(&capture, &fields);
        assert_eq!(theirs.len(), ours.len(), "frames of {}", capture.display());
        for (place, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
            let Some(theirs) = theirs else { continue };
            let file = capture.file_name().expect("a name").to_string_lossy();
            if FRAMES_NOT_COMPARED.iter().any(|(known, number, _)| *known == file && *number == place + 1) {
                continue;
            }
            for id in fields.keys() {
                match (theirs.get(id), ours.get(id)) {
                    (None, None) => {}
                    (theirs, ours) if theirs == ours => *agreed.entry(id).or_default() += 1,
                    (theirs, ours) if excused(id, theirs, ours) => {}
                    (theirs, ours) => {
                        wrong.entry(id).or_default().push(format!("{file} frame {}: tshark {theirs:?}, wirelore {ours:?}", place + 1));
                    }
                }
            }
        }
    }
    let told: Vec<String> = wrong.iter().map(|(id, places)| format!("{id}: {} differ; {}", places.len(), places[0])).collect();
    assert!(told.is_empty(), "\n{}\n{} fields differ", told.join("\n"), told.len());
    for id in ["eth.src", "ip.src", "ip.ttl", "tcp.seq_raw", "tcp.flags.syn", "tcp.checksum.status", "udp.length", "arp.opcode"] {
        assert!(agreed.get(id).is_some_and(|count| *count > 10), "{id} was hardly compared: {:?}", agreed.get(id));
    }
}
