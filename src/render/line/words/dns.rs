//! DNS: `query www.example.com A`, `answer www.example.com A: 10.130.1.4`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::{number, value};

/// How many answers a line shows.
const ANSWERS_SHOWN: u64 = 4;

/// Operations that change or tell something, and so are answered by no records (RFC 1996, RFC 2136).
const NOTIFY: u64 = 4;
const UPDATE: u64 = 5;

/// Appends the words of a DNS message.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let mut words = Words {
        out,
        section: Section::Question,
        answers: None,
        authorities: None,
        record: 0,
        shown: 0,
        pending: None,
        operation: None,
        code: None,
        response: false,
        truncated: false,
        problem: false,
    };
    subject.view.describe(&mut words);
    words.end_section();
    words.push_outcome();
    if words.truncated {
        words.out.extend_from_slice(b" (truncated)");
    }
    if words.problem {
        while words.out.pop_if(|last| *last == b' ').is_some() {}
        subject.view.describe(&mut Problem { out: words.out, said: false });
    }
}

/// The part of a message that is being given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Question,
    Answer,
    Authority,
    Additional,
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
    section: Section,
    /// How many records the answer section has, as far as the message was captured.
    answers: Option<u64>,
    /// The same of the authority section.
    authorities: Option<u64>,
    /// Which record of its section is being given.
    record: u64,
    /// How many records of the section were shown.
    shown: u64,
    /// The type of a record of which nothing was shown yet.
    pending: Option<(&'static Field, u64)>,
    operation: Option<u64>,
    code: Option<(u64, Option<&'static str>)>,
    response: bool,
    /// Whether the message says that it is not whole: it is to be asked for over TCP.
    truncated: bool,
    /// Whether something is wrong with it.
    problem: bool,
}

impl Words<'_> {
    /// Whether a record of the section at hand is worth words: an answer, or, where there is none, who else may know.
    fn is_told(&self) -> bool {
        self.response
            && self.operation == Some(0)
            && match self.section {
                Section::Question | Section::Additional => false,
                Section::Answer => true,
                Section::Authority => self.answers == Some(0) && matches!(self.code, Some((0, _))),
            }
    }

    /// Says the type of a record of which nothing else was said.
    fn end_record(&mut self) {
        if self.section == Section::Answer
            && let Some((field, kind)) = self.pending.take()
            && self.begin_value()
        {
            value::push_short(self.out, field, Value::Number(kind));
        }
        self.pending = None;
    }

    /// Appends what stands before a value; `false` where enough was shown.
    fn begin_value(&mut self) -> bool {
        self.pending = None;
        if self.shown >= ANSWERS_SHOWN {
            if self.section == Section::Authority && self.shown == ANSWERS_SHOWN {
                self.shown += 1;
                self.out.extend_from_slice(b", ..");
            }
            return false;
        }
        self.out.extend_from_slice(match (self.shown, self.section) {
            (0, Section::Authority) => b": refers to ",
            (0, _) => b": ",
            (_, _) => b", ",
        });
        self.shown += 1;
        true
    }

    /// Says how many answers were not shown.
    fn end_section(&mut self) {
        self.end_record();
        if self.section == Section::Answer
            && let Some(more) = self.answers.and_then(|answers| answers.checked_sub(self.shown)).filter(|more| *more > 0)
            && self.shown > 0
        {
            self.out.extend_from_slice(b" and ");
            number::push_decimal(self.out, more);
            self.out.extend_from_slice(b" more");
        }
    }

    fn enter(&mut self, section: Section) {
        self.end_section();
        (self.section, self.record) = (section, 0);
        if section != Section::Additional {
            self.shown = 0;
        }
    }

    /// Appends how the query went.
    fn push_outcome(&mut self) {
        // Of a message that was cut the records that are missing may say otherwise.
        let without_records = self.answers == Some(0)
            && self.shown == 0
            && match self.section {
                Section::Question => self.authorities == Some(0),
                Section::Answer => false,
                Section::Authority => self.authorities == Some(self.record),
                Section::Additional => true,
            };
        match (self.code, self.operation) {
            (Some((0, _)), Some(NOTIFY | UPDATE)) => self.out.extend_from_slice(b": done"),
            (Some((0, _)), Some(0)) if without_records && !self.truncated => self.out.extend_from_slice(b": no such record"),
            (Some((0, _)) | None, _) => {}
            (Some((_, Some(name))), _) => {
                self.out.extend_from_slice(b": ");
                self.out.extend_from_slice(name.as_bytes());
            }
            (Some((code, None)), _) => {
                self.out.extend_from_slice(b": error ");
                number::push_decimal(self.out, code);
            }
        }
    }
}

impl FieldSink for Words<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            ("dns.flags.response", Value::Boolean(response)) => {
                self.response = response;
                self.out.extend_from_slice(if response { b"answer" } else { b"query" });
            }
            ("dns.flags.opcode", Value::Number(operation)) => {
                self.operation = Some(operation);
                if operation != 0 {
                    self.out.push(b' ');
                    value::push_short(self.out, field, value);
                }
            }
            ("dns.flags.rcode", Value::Number(code)) => self.code = Some((code, field.name_of(code))),
            ("dns.flags.truncated", Value::Boolean(truncated)) => self.truncated = truncated,
            ("dns.count.answers", Value::Number(answers)) => self.answers = Some(answers),
            ("dns.count.auth_rr", Value::Number(authorities)) => self.authorities = Some(authorities),
            ("dns.problem", _) => self.problem = true,
            ("dns.answers", _) => self.enter(Section::Answer),
            ("dns.authority", _) => self.enter(Section::Authority),
            ("dns.additional", _) => self.enter(Section::Additional),
            ("dns.qry.name" | "dns.qry.type", _) => {
                self.out.push(b' ');
                value::push_short(self.out, field, value);
            }
            ("dns.resp.name", _) => {
                self.end_record();
                self.record += 1;
            }
            ("dns.resp.type", Value::Number(kind)) if self.is_told() => self.pending = Some((field, kind)),
            (
                "dns.a"
                | "dns.aaaa"
                | "dns.cname"
                | "dns.ptr.domain_name"
                | "dns.mx.mail_exchange"
                | "dns.txt"
                | "dns.srv.target"
                | "dns.soa.mname"
                | "dns.svcb.targetname",
                _,
            ) if self.section == Section::Answer && self.pending.is_some() => self.push_value(field, value),
            ("dns.ns", _) if self.pending.is_some() => self.push_value(field, value),
            _ => {}
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

impl Words<'_> {
    fn push_value(&mut self, field: &'static Field, value: Value<'_>) {
        if !self.begin_value() {
            return;
        }
        self.out.extend_from_slice(match field.id {
            "dns.cname" => b"alias of ",
            "dns.soa.mname" => b"primary server ",
            "dns.svcb.targetname" => b"service at ",
            _ => b"",
        });
        if (field.id, value) == ("dns.svcb.targetname", Value::Text(b".")) {
            return self.out.extend_from_slice(b"the name itself");
        }
        value::push_short(self.out, field, value);
    }
}

/// Says behind the words what is wrong with a message, first of all.
struct Problem<'o> {
    out: &'o mut Vec<u8>,
    said: bool,
}

impl FieldSink for Problem<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        if field.id == "dns.problem" && !self.said {
            self.said = true;
            self.out.extend_from_slice(b" [");
            value::push_short(self.out, field, value);
            self.out.push(b']');
        }
    }
}
