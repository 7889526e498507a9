//! Notes in words: one short sentence each, with the frames that prove it.

mod fragments;

pub(super) use fragments::{defect_word, defect_words};

use super::json::push_string;
use super::number::{push_address, push_decimal};
use super::style::{Palette, Role};
use crate::explain::{Facts, Note, Severity};

/// Appends a note as a line of its own, under the frames.
pub fn push_line(out: &mut Vec<u8>, note: &Note, palette: &Palette) {
    let (word, role) = match note.severity() {
        Severity::Information => ("note", Role::Dim),
        Severity::Warning => ("warning", Role::Warning),
    };
    palette.paint(out, role, |out| {
        out.extend_from_slice(word.as_bytes());
        out.extend_from_slice(b": ");
        push_sentence(out, note);
    });
    out.push(b'\n');
}

/// Appends what a note says, and its proof.
pub fn push_sentence(out: &mut Vec<u8>, note: &Note) {
    match note.facts {
        Facts::Fragments(ref facts) => fragments::push_sentence(out, facts),
        Facts::ChecksumOffload { host, protocol, sent, received, partial } => {
            counted(out, sent, "all ", "the one ");
            out.extend_from_slice(protocol_word(protocol).as_bytes());
            said(out, if sent == 1 { " checksum that " } else { " checksums that " });
            push_address(out, host);
            said(out, if sent == 1 { " sent is wrong" } else { " sent are wrong" });
            if received > 0 {
                said(out, " and ");
                counted(out, received, "all ", "the one ");
                said(out, if received == 1 { "that it received is right" } else { "that it received are right" });
            }
            if partial > 0 {
                said(
                    out,
                    if sent == 1 {
                        ", and it holds"
                    } else if partial == sent {
                        ", and each holds"
                    } else {
                        ", and some hold"
                    },
                );
                said(out, " the sum of the addresses alone");
            }
            said(out, ": inferred from that, its network card fills them in after the point of capture");
        }
        Facts::ChecksumBad { host, protocol, bad, verified } => {
            push_decimal(out, bad);
            said(out, " of ");
            push_decimal(out, verified);
            said(out, " ");
            out.extend_from_slice(protocol_word(protocol).as_bytes());
            said(out, " checksums that ");
            push_address(out, host);
            said(
                out,
                if bad == 1 {
                    " sent is wrong: a receiver that verifies it drops the packet"
                } else {
                    " sent are wrong: a receiver that verifies them drops these packets"
                },
            );
        }
        Facts::ChecksumHostsBeyondLimit { limit, bad } => {
            said(out, "checksums were counted for the first ");
            push_decimal(out, limit);
            said(out, " hosts alone; of the others ");
            push_decimal(out, bad);
            said(out, if bad == 1 { " was wrong, and was" } else { " were wrong, and were" });
            said(out, " judged without asking for the network card");
        }
    }
    push_evidence(out, note);
}

/// Appends a note as a JSON object.
pub fn push_json(out: &mut Vec<u8>, note: &Note) {
    said(out, "{\"rule\":\"");
    said(out, note.rule());
    said(out, "\",\"severity\":\"");
    said(
        out,
        match note.severity() {
            Severity::Information => "info",
            Severity::Warning => "warning",
        },
    );
    said(out, "\",\"text\":");
    let mut text = Vec::new();
    push_sentence(&mut text, note);
    push_string(out, &String::from_utf8_lossy(&text));
    said(out, ",\"facts\":{");
    let (who, counts): (_, &[(&str, u64)]) = match &note.facts {
        Facts::ChecksumOffload { host, protocol, sent, received, partial } => {
            (Some((host, protocol)), &[("sent", *sent), ("received", *received), ("partial", *partial)])
        }
        Facts::ChecksumBad { host, protocol, bad, verified } => (Some((host, protocol)), &[("bad", *bad), ("verified", *verified)]),
        Facts::ChecksumHostsBeyondLimit { limit, bad } => (None, &[("limit", *limit), ("bad", *bad)]),
        Facts::Fragments(facts) => {
            fragments::push_members(out, facts);
            (None, &[])
        }
    };
    let mut separator = "";
    if let Some((host, protocol)) = who {
        said(out, "\"host\":\"");
        push_address(out, *host);
        said(out, "\",\"protocol\":\"");
        said(out, protocol);
        said(out, "\"");
        separator = ",";
    }
    for (name, count) in counts {
        said(out, separator);
        said(out, "\"");
        said(out, name);
        said(out, "\":");
        push_decimal(out, *count);
        separator = ",";
    }
    said(out, "},\"evidence\":[");
    for (place, frame) in note.evidence.iter().enumerate() {
        said(out, if place == 0 { "" } else { "," });
        push_decimal(out, *frame);
    }
    said(out, "],\"reference\":\"");
    said(out, note.reference());
    said(out, "\"}");
}

fn push_evidence(out: &mut Vec<u8>, note: &Note) {
    for (place, frame) in note.evidence.iter().enumerate() {
        said(
            out,
            match (place, note.evidence.len()) {
                (0, 1) => " (frame ",
                (0, _) => " (frames ",
                _ => ", ",
            },
        );
        push_decimal(out, *frame);
    }
    let shown = note.evidence.len() as u64;
    let all = match &note.facts {
        Facts::ChecksumOffload { sent, .. } => *sent,
        Facts::ChecksumBad { bad, .. } => *bad,
        Facts::ChecksumHostsBeyondLimit { .. } => return,
        Facts::Fragments(facts) => match fragments::evidence_count(facts) {
            Some(count) => count,
            None => return,
        },
    };
    said(out, if all > shown { ", ..)" } else { ")" });
}

fn counted(out: &mut Vec<u8>, count: u64, many: &str, one: &str) {
    if count == 1 {
        return said(out, one);
    }
    said(out, many);
    push_decimal(out, count);
    said(out, " ");
}

fn protocol_word(name: &'static str) -> &'static str {
    crate::dissect::registry::protocol_named(name).map_or(name, |protocol| protocol.label)
}

fn said(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_as_a_sentence_with_its_proof() {
        let host = std::net::IpAddr::from([10, 0, 0, 1]);
        let facts = Facts::ChecksumOffload { host, protocol: "tcp", sent: 4, received: 1, partial: 4 };
        let mut out = Vec::new();
        push_line(&mut out, &Note { facts, evidence: vec![1, 3, 4] }, &Palette::plain());
        assert_eq!(
            String::from_utf8_lossy(&out),
            "note: all 4 TCP checksums that 10.0.0.1 sent are wrong and the one that it received is right, and each holds the sum of the \
             addresses alone: inferred from that, its network card fills them in after the point of capture (frames 1, 3, 4, ..)\n"
        );
    }
}
