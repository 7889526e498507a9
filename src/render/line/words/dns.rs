//! DNS: `query www.example.com A`, `answer www.example.com A: 10.130.1.4`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::{number, value};

/// How many answers a line shows.
const ANSWERS_LIMIT: u64 = 4;

/// Appends the words of a DNS message.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let mut words = Words { out, answers: 0, shown: 0, record: 0, code: None, response: false, truncated: false };
    subject.view.describe(&mut words);
    let Words { answers, shown, code, response, truncated, .. } = words;
    if answers > shown && shown > 0 {
        out.extend_from_slice(b" and ");
        number::push_decimal(out, answers - shown);
        out.extend_from_slice(b" more");
    }
    match code {
        Some((0, _)) | None => {
            if response && answers == 0 && !truncated {
                out.extend_from_slice(b": no such record");
            }
        }
        Some((_, Some(name))) => {
            out.extend_from_slice(b": ");
            out.extend_from_slice(name.as_bytes());
        }
        Some((code, None)) => {
            out.extend_from_slice(b": error ");
            number::push_decimal(out, code);
        }
    }
    if truncated {
        out.extend_from_slice(b" (truncated)");
    }
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
    /// How many records the answer section has.
    answers: u64,
    shown: u64,
    /// Which record of all sections is being given.
    record: u64,
    code: Option<(u64, Option<&'static str>)>,
    response: bool,
    /// Whether the message says that it is not whole: it is to be asked for over TCP.
    truncated: bool,
}

impl FieldSink for Words<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            ("dns.flags.response", Value::Boolean(response)) => {
                self.response = response;
                self.out.extend_from_slice(if response { b"answer" } else { b"query" });
            }
            ("dns.flags.opcode", Value::Number(operation)) if operation != 0 => {
                self.out.push(b' ');
                value::push_short(self.out, field, value);
            }
            ("dns.flags.rcode", Value::Number(code)) => self.code = Some((code, field.name_of(code))),
            ("dns.flags.truncated", Value::Boolean(truncated)) => self.truncated = truncated,
            ("dns.count.answers", Value::Number(answers)) => self.answers = answers,
            ("dns.qry.name" | "dns.qry.type", _) => {
                self.out.push(b' ');
                value::push_short(self.out, field, value);
            }
            ("dns.resp.name", _) => self.record += 1,
            (
                "dns.a"
                | "dns.aaaa"
                | "dns.cname"
                | "dns.ns"
                | "dns.ptr.domain_name"
                | "dns.mx.mail_exchange"
                | "dns.txt"
                | "dns.srv.target",
                _,
            ) if self.response && self.record <= self.answers && self.shown < ANSWERS_LIMIT && self.record > self.shown => {
                self.out.extend_from_slice(if self.shown == 0 { b": " } else { b", " });
                self.shown = self.record;
                if field.id == "dns.cname" {
                    self.out.extend_from_slice(b"alias of ");
                }
                value::push_short(self.out, field, value);
            }
            _ => {}
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}
