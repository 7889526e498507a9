//! What was looked up: a name, its type, the answer, and how long that took.

use super::super::escape;
use super::super::json::{push_string, push_text_member};
use super::super::number::{push_address, push_decimal};
use super::cell::{push_count, push_duration};
use crate::conversation::dns::{Lookup, Service};
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};

/// How many addresses and names of an answer are shown; the others are counted.
const SHOWN: usize = 4;
/// The longest that a name can be, written out (RFC 1035 section 2.3.4).
const NAME_SHOWN: usize = 1024;

/// Appends a lookup: `www.example.com A: 10.130.1.4 after 0.307 ms`.
pub(super) fn push(out: &mut Vec<u8>, lookup: &Lookup) {
    escape::push_presented_cut(out, &lookup.name, NAME_SHOWN);
    out.push(b' ');
    push_type(out, lookup);
    match &lookup.answer {
        None => out.extend_from_slice(b", no answer"),
        Some(answer) => {
            out.extend_from_slice(b": ");
            let mut items = Vec::new();
            for name in &answer.names {
                let mut item = Vec::new();
                escape::push_presented_cut(&mut item, name, NAME_SHOWN);
                items.push(item);
            }
            for address in &answer.addresses {
                let mut item = Vec::new();
                push_address(&mut item, *address);
                items.push(item);
            }
            let mut shown: Vec<&[u8]> = Vec::new();
            for item in &items {
                if shown.len() < SHOWN && !shown.contains(&item.as_slice()) {
                    shown.push(item);
                }
            }
            out.extend_from_slice(&shown.join(&b", "[..]));
            let others = u64::from(answer.others) + (items.len() - shown.len()) as u64;
            if others > 0 {
                out.extend_from_slice(if items.is_empty() { b"" } else { b" and " });
                push_count(out, others, if items.is_empty() { "record" } else { "more record" });
            }
            if answer.code != 0 {
                out.extend_from_slice(if items.is_empty() && others == 0 { b"" } else { b", " });
                push_named(out, "code ", RESPONSE_CODES, answer.code.into());
            } else if items.is_empty() && others == 0 {
                out.extend_from_slice(b"nothing");
            }
            if answer.truncated {
                out.extend_from_slice(b", truncated");
            }
            if let Some(took) = lookup.took() {
                out.extend_from_slice(b" after ");
                push_duration(out, took);
            } else if lookup.question.is_none() {
                out.extend_from_slice(b", not asked in the capture");
            }
        }
    }
    if lookup.asked_again > 0 {
        out.extend_from_slice(b", asked ");
        push_decimal(out, u64::from(lookup.asked_again) + 1);
        out.extend_from_slice(b" times");
    }
    if let Some(conversation) = lookup.repeated_in {
        out.extend_from_slice(b", asked again over TCP in conversation ");
        push_decimal(out, conversation);
    }
    if let Some(problem) = &lookup.problem {
        out.extend_from_slice(b" [");
        escape::push_text(out, problem);
        out.push(b']');
    }
}

/// Appends a lookup as a JSON object.
pub(super) fn push_json(out: &mut Vec<u8>, lookup: &Lookup) {
    out.push(b'{');
    push_text_member(out, "name", &lookup.name);
    out.extend_from_slice(b",\"type\":");
    let mut kind = Vec::new();
    push_type(&mut kind, lookup);
    push_string(out, &String::from_utf8_lossy(&kind));
    if let Some(question) = &lookup.question {
        out.extend_from_slice(b",\"question_frame\":");
        push_decimal(out, question.frame);
    }
    if lookup.asked_again > 0 {
        out.extend_from_slice(b",\"asked_again\":");
        push_decimal(out, lookup.asked_again.into());
    }
    if let Some(answer) = &lookup.answer {
        out.extend_from_slice(b",\"answer_frame\":");
        push_decimal(out, answer.origin.frame);
        out.extend_from_slice(b",\"code\":");
        push_decimal(out, answer.code.into());
        if answer.truncated {
            out.extend_from_slice(b",\"truncated\":true");
        }
        out.extend_from_slice(b",\"addresses\":[");
        for (place, address) in answer.addresses.iter().enumerate() {
            out.extend_from_slice(if place == 0 { b"\"" } else { b",\"" });
            push_address(out, *address);
            out.push(b'"');
        }
        out.extend_from_slice(b"],\"names\":[");
        for (place, name) in answer.names.iter().enumerate() {
            out.extend_from_slice(if place == 0 { b"" } else { b"," });
            push_string(out, &String::from_utf8_lossy(name));
        }
        out.push(b']');
        if let Some(took) = lookup.took() {
            out.extend_from_slice(b",\"took_ms\":");
            super::json::push_thousandths(out, took / 1000);
        }
    }
    out.push(b'}');
}

fn push_type(out: &mut Vec<u8>, lookup: &Lookup) {
    // NetBIOS has numbers of its own (RFC 1002 section 4.2.1.3).
    let names = if lookup.service == Service::NetBios { &[(32, "NB"), (33, "NBSTAT")] } else { TYPES };
    push_named(out, "type ", names, lookup.kind.into());
}

fn push_named(out: &mut Vec<u8>, what: &str, names: &[(u64, &str)], number: u64) {
    match names.iter().find(|(value, _)| *value == number) {
        Some((_, name)) => out.extend_from_slice(name.as_bytes()),
        None => {
            out.extend_from_slice(what.as_bytes());
            push_decimal(out, number);
        }
    }
}
