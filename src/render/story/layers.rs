//! One exchange as the stack that it is: boxes in boxes, and a table that adds up to the bytes on the wire.

use super::words::short;
use crate::conversation::{Kind, Names};
use crate::explain::story::stack::{Amount, PURPOSES, Part, Purpose, Row, Stack, Target};
use crate::render::conversation::push_end;
use crate::render::http::url;
use crate::render::json::object::Object;
use crate::render::number::push_decimal;
use crate::render::sentence::{Counted, Grouped, Sentence, Shown};
use crate::render::style::{Palette, Role};
use crate::render::wrap;

/// How wide the boxes are.
const BOX: usize = 76;
/// How deep boxes stand in each other at most.
const DEEPEST: usize = 14;
/// The widths of the columns of the table: what, then numbers.
const WHAT: usize = 44;
const NUMBER: usize = 11;
/// What Ethernet adds to a frame and no capture shows: preamble and start of frame, and the gap behind it (IEEE 802.3 3.1.1, 4.4.2).
const PREAMBLE: u64 = 8;
const GAP: u64 = 12;
/// Its frame check sequence.
const CHECK_SEQUENCE: u64 = 4;

/// Appends the stack.
pub fn push_layers(out: &mut Vec<u8>, stack: &Stack, names: &Names, palette: &Palette, width: usize) {
    push_title(out, stack, names, width);
    out.push(b'\n');
    push_boxes(out, stack, palette);
    out.push(b'\n');
    push_table(out, stack, palette);
    out.push(b'\n');
    push_purposes(out, stack, palette);
    push_unseen(out, stack, width);
}

fn total(stack: &Stack) -> u64 {
    stack.sent[0].bytes + stack.sent[1].bytes
}

fn frames(stack: &Stack) -> u64 {
    stack.sent[0].frames + stack.sent[1].frames
}

fn push_title(out: &mut Vec<u8>, stack: &Stack, names: &Names, width: usize) {
    let mut text = Vec::new();
    let sentence = &mut Sentence::new(&mut text, names);
    let mut asked = Vec::new();
    if let Some(exchange) = &stack.exchange {
        url::push_without_passwords(&mut asked, exchange);
        write!(sentence, "{} ", exchange.request.as_ref().map_or(Shown(b"an answer alone"), |request| Shown(request.method())));
        sentence.out().extend_from_slice(&asked);
        if let Some(line) = exchange.response.as_ref().and_then(|response| response.head.status_line()) {
            write!(sentence, ": {} {}", Shown(line.status), Shown(line.reason));
        }
        sentence.say(", ");
    }
    match stack.target {
        Target::Exchange(id, ..) => write!(sentence, "exchange {} of conversation {}", id.index, id.conversation),
        Target::Conversation(id) => write!(sentence, "conversation {id}"),
        Target::Frame(frame) => write!(sentence, "frame {frame}"),
    }
    if let (Some([client, server]), Some(kind)) = (&stack.ends, stack.kind) {
        sentence.say(" between ");
        push_end(sentence.out(), names, kind, client);
        sentence.say(" and ");
        push_end(sentence.out(), names, kind, server);
    }
    write!(sentence, ": {} with {}.", Counted(frames(stack), "frame"), Counted(total(stack), "byte"));
    let first_on_connection = matches!(stack.target, Target::Exchange(id, ..) if id.index == 0);
    if let Some(exchange) = &stack.exchange {
        write!(
            sentence,
            " Who typed the URL typed {}. The request carries its path in the first line and its host in a header field.",
            Counted(String::from_utf8_lossy(&asked).chars().count() as u64, "character")
        );
        if first_on_connection && exchange.request.is_some() {
            sentence.say(" It is the first on its connection, and so pays for the opening of it.");
        }
    }
    wrap::push(out, &String::from_utf8_lossy(&text), 0, width);
}

/// Appends the headers as boxes, the outermost around all others.
fn push_boxes(out: &mut Vec<u8>, stack: &Stack, palette: &Palette) {
    let headers: Vec<&Row> = stack.rows.iter().rev().filter(|row| row.part.header().is_some()).collect();
    let shown = headers.get(..DEEPEST).unwrap_or(&headers);
    for (depth, row) in shown.iter().enumerate() {
        push_edge(out, depth, |out| {
            let role = row.part.header().map_or(Role::Payload, Role::of_protocol);
            let before = out.len();
            let words = box_words(row, stack);
            palette.paint(out, role, |out| out.extend_from_slice(words.as_bytes()));
            out.len() - before - words.len()
        });
    }
    let inner: Vec<&Row> = stack.rows.iter().filter(|row| !is_outer(row)).collect();
    for row in inner.iter().rev() {
        let text = box_words(row, stack);
        push_sides(out, shown.len(), &text);
    }
    if inner.is_empty() {
        push_sides(out, shown.len(), "nothing more: the header is all that there is");
    }
    for depth in (0..shown.len()).rev() {
        push_edge(out, depth, |_| 0);
    }
}

/// Whether a row is no payload.
fn is_outer(row: &Row) -> bool {
    matches!(row.part, Part::Header(_) | Part::Padding | Part::CheckSequence)
}

/// What stands in a box: `TCP: 332 bytes, 12.3 %`.
fn box_words(row: &Row, stack: &Stack) -> String {
    let bytes = row.bytes[0] + row.bytes[1];
    let mut text = Vec::new();
    text.extend_from_slice(part_words(row).as_bytes());
    text.extend_from_slice(b": ");
    let names = Names::default();
    write!(&mut Sentence::new(&mut text, &names), "{}, {}", Counted(bytes, "byte"), share(bytes, total(stack)));
    String::from_utf8_lossy(&text).into_owned()
}

/// Appends the upper or the lower edge of a box. `title` gives how many bytes of it are no characters.
fn push_edge(out: &mut Vec<u8>, depth: usize, title: impl FnOnce(&mut Vec<u8>) -> usize) {
    push_bars(out, depth);
    let begin = out.len();
    out.extend_from_slice(b"+-");
    let before = out.len();
    out.push(b' ');
    let unseen = title(out);
    if out.len() == before + 1 {
        out.pop();
    } else {
        out.push(b' ');
    }
    let room = BOX - 4 * depth;
    let used = out.len() - begin - unseen;
    out.extend(std::iter::repeat_n(b'-', room.saturating_sub(used + 1)));
    out.push(b'+');
    push_bars_behind(out, depth);
    out.push(b'\n');
}

fn push_sides(out: &mut Vec<u8>, depth: usize, text: &str) {
    push_bars(out, depth);
    let room = BOX - 4 * depth;
    out.extend_from_slice(text.as_bytes());
    out.extend(std::iter::repeat_n(b' ', room.saturating_sub(text.len())));
    push_bars_behind(out, depth);
    out.push(b'\n');
}

fn push_bars(out: &mut Vec<u8>, depth: usize) {
    out.extend(std::iter::repeat_n(*b"| ", depth).flatten());
}

fn push_bars_behind(out: &mut Vec<u8>, depth: usize) {
    out.extend(std::iter::repeat_n(*b" |", depth).flatten());
}

/// The word for a part, for people.
fn part_words(row: &Row) -> String {
    match row.part {
        Part::Body => "the body: what was wanted".to_owned(),
        Part::Chunks => "chunk sizes and ends".to_owned(),
        Part::StartLine => "request line and status line".to_owned(),
        Part::Headers => "HTTP header fields".to_owned(),
        Part::Interim => "interim answers".to_owned(),
        Part::Again => "payload sent again".to_owned(),
        Part::Others => "payload of other exchanges".to_owned(),
        Part::Payload(Some(application)) => ["payload: ", &short(application)].concat(),
        Part::Payload(None) => "payload".to_owned(),
        Part::Header(protocol) => {
            let times = row.times[0] + row.times[1];
            let mut text = Vec::new();
            let names = Names::default();
            write!(&mut Sentence::new(&mut text, &names), "{}, {}", protocol.label, Counted(times, "header"));
            String::from_utf8_lossy(&text).into_owned()
        }
        Part::Padding => "padding and trailers".to_owned(),
        Part::CheckSequence => "Ethernet frame check sequence".to_owned(),
    }
}

/// A share in per cent: `12.3 %`.
fn share(bytes: u64, all: u64) -> String {
    let tenths = (bytes.saturating_mul(1000) + all / 2).checked_div(all).unwrap_or_default();
    let mut text = Vec::new();
    push_decimal(&mut text, tenths / 10);
    text.push(b'.');
    push_decimal(&mut text, tenths % 10);
    text.extend_from_slice(b" %");
    String::from_utf8_lossy(&text).into_owned()
}

fn push_line(out: &mut Vec<u8>, what: &str, numbers: &[String]) {
    out.extend_from_slice(b"  ");
    out.extend_from_slice(what.as_bytes());
    out.extend(std::iter::repeat_n(b' ', WHAT.saturating_sub(what.len())));
    for number in numbers {
        out.extend(std::iter::repeat_n(b' ', NUMBER.saturating_sub(number.len())));
        out.extend_from_slice(number.as_bytes());
    }
    out.push(b'\n');
}

fn heads(stack: &Stack) -> Vec<String> {
    let has_client = matches!(stack.kind, Some(Kind::Tcp | Kind::Udp));
    let sides = if stack.exchange.is_some() || has_client { ["client", "server"] } else { ["sent", "answered"] };
    [sides[0], sides[1], "together", "share"].map(str::to_owned).to_vec()
}

fn push_table(out: &mut Vec<u8>, stack: &Stack, palette: &Palette) {
    palette.paint(out, Role::Transport, |out| push_line(out, "Bytes, from the inside out", &heads(stack)));
    let numbers = |bytes: [u64; 2]| {
        let sum = bytes[0] + bytes[1];
        vec![Grouped(bytes[0]).to_string(), Grouped(bytes[1]).to_string(), Grouped(sum).to_string(), share(sum, total(stack))]
    };
    for row in &stack.rows {
        push_line(out, &part_words(row), &numbers(row.bytes));
    }
    let rule = "-".repeat(WHAT + 4 * NUMBER);
    push_line(out, &rule, &[]);
    push_line(out, "on the wire", &numbers(stack.sent.map(|amount| amount.bytes)));
    push_line(
        out,
        "frames",
        &[Grouped(stack.sent[0].frames).to_string(), Grouped(stack.sent[1].frames).to_string(), Grouped(frames(stack)).to_string()],
    );
}

fn push_purposes(out: &mut Vec<u8>, stack: &Stack, palette: &Palette) {
    let heads = ["frames", "bytes", "share"].map(str::to_owned);
    palette.paint(out, Role::Transport, |out| push_line(out, "What the frames are there for", &heads));
    for (purpose, sides) in PURPOSES.iter().zip(&stack.purposes) {
        let Amount { frames, bytes } = Amount { frames: sides[0].frames + sides[1].frames, bytes: sides[0].bytes + sides[1].bytes };
        if frames > 0 {
            let numbers = [Grouped(frames).to_string(), Grouped(bytes).to_string(), share(bytes, total(stack))];
            push_line(out, purpose_words(*purpose), &numbers);
        }
    }
}

fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Payload => "to carry something",
        Purpose::Opening => "to open the connection (SYN)",
        Purpose::Acknowledgement => "only to say that something arrived (ACK)",
        Purpose::Closing => "to end the connection (FIN, RST)",
    }
}

/// Says what stands on the cable and in no capture.
fn push_unseen(out: &mut Vec<u8>, stack: &Stack, width: usize) {
    if !stack.is_ethernet {
        return;
    }
    let has_check_sequence = stack.rows.iter().any(|row| matches!(row.part, Part::CheckSequence));
    let each = PREAMBLE + GAP + if has_check_sequence { 0 } else { CHECK_SEQUENCE };
    let mut text = Vec::new();
    let names = Names::default();
    let sentence = &mut Sentence::new(&mut text, &names);
    write!(sentence, "Not in the capture: on a cable Ethernet sends {PREAMBLE} bytes before each frame (preamble), ");
    if !has_check_sequence {
        write!(sentence, "{CHECK_SEQUENCE} behind it (check sequence) ");
    }
    write!(
        sentence,
        "and waits for {GAP} more (gap), {each} a frame and {} in all; and it fills frames up to 60 bytes, which a capture on the sender does \
         not show.",
        Counted(each * frames(stack), "byte")
    );
    out.push(b'\n');
    wrap::push(out, &String::from_utf8_lossy(&text), 0, width);
}

/// Appends the stack as a JSON object on a line of its own.
pub fn push_layers_json(out: &mut Vec<u8>, stack: &Stack) {
    let mut object = Object::begin(out);
    object.string("type", "layers");
    match stack.target {
        Target::Exchange(id, ..) => {
            object.number("conversation", id.conversation);
            object.number("index", id.index.into());
        }
        Target::Conversation(id) => object.number("conversation", id),
        Target::Frame(frame) => object.number("frame", frame),
    }
    if let Some(exchange) = &stack.exchange {
        object.string("url", &url::encoded(exchange));
    }
    if let Some(application) = stack.application {
        object.string("application", application.name());
    }
    object.array("frames", &stack.frames, |out, frame| push_decimal(out, *frame));
    object.number("frame_count", frames(stack));
    object.number("bytes", total(stack));
    object.objects("layers", &stack.rows, |object, row| {
        let (part, protocol) = match row.part {
            Part::Body => ("body", None),
            Part::Chunks => ("chunks", None),
            Part::StartLine => ("start-line", None),
            Part::Headers => ("header-fields", None),
            Part::Interim => ("interim", None),
            Part::Again => ("sent-again", None),
            Part::Others => ("other-exchanges", None),
            Part::Payload(_) => ("payload", None),
            Part::Header(protocol) => ("header", Some(protocol)),
            Part::Padding => ("padding", None),
            Part::CheckSequence => ("check-sequence", None),
        };
        object.string("part", part);
        if let Some(protocol) = protocol {
            object.string("protocol", protocol.name);
            object.number("headers", row.times[0] + row.times[1]);
        }
        object.array("bytes", row.bytes, push_decimal);
    });
    object.objects("purposes", PURPOSES.iter().zip(&stack.purposes), |object, (purpose, sides)| {
        let word = match purpose {
            Purpose::Payload => "payload",
            Purpose::Opening => "opening",
            Purpose::Acknowledgement => "acknowledgement",
            Purpose::Closing => "closing",
        };
        object.string("purpose", word);
        object.array("frames", sides.map(|amount| amount.frames), push_decimal);
        object.array("bytes", sides.map(|amount| amount.bytes), push_decimal);
    });
    object.end();
    out.push(b'\n');
}
