//! Two streams of a conversation through HTTP, with the bodies decoded, and every form of an exchange.
//!
//! An input is which limits stand, and then pieces: a byte (the lowest bit is the side, the next two are what it is: data twice, a gap, an
//! end), two bytes for how much, and the bytes.

use super::clean;
use super::operations::Operations;
use std::net::IpAddr;
use wirelore::conversation::body::{Bodies, Keeper, Taker, Wanted};
use wirelore::conversation::http1::{Exchange, HttpConversation};
use wirelore::conversation::{Endpoint, Names, Side};
use wirelore::frame::Timestamp;
use wirelore::reassembly::{End, Limits, Origin, Piece};
use wirelore::render::har::Har;
use wirelore::render::http::Subject;
use wirelore::render::http::line::HttpLine;
use wirelore::render::http::whole::HttpWhole;
use wirelore::render::json::ExchangeJson;
use wirelore::render::style::Palette;
use wirelore::render::time::{Clock, Precision, TimeForm};

/// How much one input may give: enough for every limit, and little enough for thousands of inputs a second.
const DECODED: usize = 1 << 20;

/// Exchanges as they are over.
#[derive(Default)]
struct Over(Vec<(Exchange, Bodies)>);

impl Taker for Over {
    fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
        self.0.push((exchange, bodies));
    }
}

pub(super) fn run(bytes: &[u8]) {
    let whole = exchanges(bytes, usize::MAX);
    let again = exchanges(bytes, usize::MAX);
    assert!(whole == again, "the same streams give other exchanges");
    check(&whole);
}

/// The limits of an input: the usual ones, or such that a few bytes reach them.
fn limits(choice: u8) -> Limits {
    let usual = Limits { http_body_bytes: DECODED, http_bodies_bytes: 2 * DECODED, decoded_bytes: DECODED, ..Limits::default() };
    match choice % 4 {
        0 | 1 => usual,
        2 => Limits { http_line: 64, http_headers: 4, http_head_bytes: 256, http_requests_waiting: 2, ..usual },
        _ => Limits { http_body_bytes: 16, http_bodies_bytes: 24, decoded_bytes: 100, decoding_layers: 2, ..usual },
    }
}

/// What is said in the pieces, none of which is larger than `most`.
fn exchanges(bytes: &[u8], most: usize) -> Vec<(Exchange, Bodies)> {
    let mut input = Operations(bytes);
    let limits = limits(input.byte());
    let end = |last: u8, port| Endpoint { address: IpAddr::from([192, 0, 2, last]), port };
    let mut http = HttpConversation::new(1, [end(1, 50_000), end(2, 80)]);
    let mut keeper = Keeper::new(Wanted { bytes: true, sha256: true }, &limits, Over::default());
    let (mut offsets, mut frame) = ([0_u64; 2], 0);
    while !input.is_over() {
        let (what, length) = (input.byte(), input.short());
        let side = if what & 1 == 0 { Side::Originator } else { Side::Responder };
        let offset = &mut offsets[side.index()];
        frame += 1;
        let origin = Origin { frame, time: Some(Timestamp::from_nanoseconds(frame as i64 * 1_000_000)) };
        match what >> 1 & 3 {
            0 | 1 => {
                for bytes in input.bytes(length.into()).chunks(most) {
                    http.piece(side, &Piece::Data { offset: *offset, bytes, origin }, &limits, &mut keeper);
                    *offset += bytes.len() as u64;
                }
            }
            2 if length > 0 => {
                http.piece(side, &Piece::Gap { offset: *offset, length: length.into(), origin }, &limits, &mut keeper);
                *offset += u64::from(length);
            }
            2 => {}
            _ => {
                let how = [End::Finished, End::Reset, End::Unseen][usize::from(length % 3)];
                http.piece(side, &Piece::End { offset: *offset, how, origin }, &limits, &mut keeper);
                // Nothing comes behind an end.
                if http.is_over() {
                    break;
                }
            }
        }
    }
    http.finish(&limits, &mut keeper);
    keeper.taker.0
}

/// Every form of every exchange.
fn check(exchanges: &[(Exchange, Bodies)]) {
    let clock = || Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
    let names = Names::default();
    let (mut line, mut whole) = (HttpLine::new(clock(), Palette::plain(), true), HttpWhole::new(clock(), Palette::plain()));
    let (mut json, mut har) = (ExchangeJson::default(), Har::default());
    let [mut lines, mut wholes, mut jsons, mut archive] = [const { Vec::new() }; 4];
    har.begin(&mut archive);
    for (exchange, bodies) in exchanges {
        for kept in [&bodies.request, &bodies.response, &bodies.stray].into_iter().flatten() {
            assert!(kept.bytes.len() <= DECODED, "{} bytes are kept of a body", kept.bytes.len());
        }
        let subject = Subject { exchange, bodies, names: &names, notes: &[] };
        line.write(&mut lines, &subject);
        whole.write(&mut wholes, &subject);
        json.write(&mut jsons, &subject);
        let _is_in_it = har.write(&mut archive, &subject);
    }
    har.finish(&mut archive, "");
    clean::text("the lines", &lines);
    clean::text("the exchanges", &wholes);
    clean::json_lines("--json", &jsons);
    clean::json("the HAR", &archive);
}
