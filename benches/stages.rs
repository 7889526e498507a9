//! What each stage costs, in frames and bytes a second, on captures held in memory: `cargo bench`, or `cargo bench -- line` for one.
//!
//! A stage gets what the stages before it made, so that it is measured alone; `whole_line` is all of them together, and `bare_loop` the
//! least that any program must do for such a line.

mod bare;
#[path = "../tests/bench/packets/http.rs"]
mod http;
#[path = "../tests/bench/packets/random.rs"]
mod random;
#[path = "../tests/bench/packets/small.rs"]
mod small;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::fmt;
use std::hint::black_box;
use std::sync::LazyLock;
use wirelore::conversation::http1::{Exchange, HttpWatch, Sink};
use wirelore::conversation::{Conversation, Conversations, Listener, NameWatch, Names, Packet, Side};
use wirelore::dissect::{Dissection, Field, FieldSink, Span, Value, View, dissect};
use wirelore::explain::{ChecksumWatch, Explainer, Scene};
use wirelore::filter::Filter;
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use wirelore::limits::Limits;
use wirelore::reassembly::Piece;
use wirelore::render::json::Json;
use wirelore::render::line::LineForm;
use wirelore::render::style::Palette;
use wirelore::render::time::Clock;
use wirelore::render::tree::{Tree, TreeOptions};
use wirelore::source::from_reader;

fn main() {
    divan::main();
}

/// What is read: full-sized frames of HTTP, or small packets of many hosts.
#[derive(Clone, Copy)]
enum Traffic {
    Http,
    Small,
}

const TRAFFIC: [Traffic; 2] = [Traffic::Http, Traffic::Small];

impl fmt::Display for Traffic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Http => "http",
            Self::Small => "small",
        })
    }
}

/// A capture, and what each stage makes of it.
struct Capture {
    bytes: Vec<u8>,
    frames: Vec<(Frame<'static>, Dissection)>,
}

impl Traffic {
    fn capture(self) -> &'static Capture {
        static HTTP: LazyLock<Capture> = LazyLock::new(|| Capture::new(|out| http::write_capture(out, 10_000)));
        static SMALL: LazyLock<Capture> = LazyLock::new(|| Capture::new(|out| small::write_capture(out, 40_000)));
        match self {
            Self::Http => &HTTP,
            Self::Small => &SMALL,
        }
    }

    /// The bencher, told how much one run goes through.
    fn counted<'a, 'b>(self, bencher: Bencher<'a, 'b>) -> Bencher<'a, 'b> {
        let capture = self.capture();
        bencher.counter(ItemsCount::new(capture.frames.len())).counter(BytesCount::new(capture.bytes.len()))
    }
}

impl Capture {
    fn new(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Self {
        let mut bytes = Vec::new();
        write(&mut bytes).expect("memory takes what is written");
        let shared: &'static [u8] = bytes.clone().leak();
        let frames = bare::records(shared).enumerate().map(|(place, record)| {
            let frame = Frame {
                number: place as u64 + 1,
                timestamp: Some(Timestamp::from_parts(record.seconds.into(), record.microseconds * 1000)),
                interface: InterfaceId(0),
                link_type: LinkType::ETHERNET,
                length: record.data.len() as u32,
                check_sequence_length: 0,
                data: record.data,
                annotations: Annotations::default(),
            };
            let mut dissection = Dissection::default();
            dissect(&frame, &mut dissection);
            (frame, dissection)
        });
        Self { frames: frames.collect(), bytes }
    }
}

#[divan::bench(args = TRAFFIC)]
fn walk(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let bytes = traffic.capture().bytes.as_slice();
    traffic.counted(bencher).bench(|| {
        let mut source = from_reader(bytes, "memory").expect("a capture");
        let mut length = 0;
        while let Some(frame) = source.next_frame().expect("whole") {
            length += frame.data.len();
        }
        length
    });
}

#[divan::bench(args = TRAFFIC)]
fn dissecting(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let frames = &traffic.capture().frames;
    let mut dissection = Dissection::default();
    traffic.counted(bencher).bench_local(|| {
        for (frame, _) in frames {
            dissect(frame, &mut dissection);
            black_box(&dissection);
        }
    });
}

#[divan::bench(args = TRAFFIC)]
fn checksums(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let frames = &traffic.capture().frames;
    let mut watch = ChecksumWatch::default();
    traffic.counted(bencher).bench_local(|| {
        for (frame, dissection) in frames {
            black_box(watch.observe(frame.data, frame.number, dissection));
        }
    });
}

#[divan::bench(args = TRAFFIC)]
fn describing(bencher: Bencher<'_, '_>, traffic: Traffic) {
    struct Nobody;
    impl FieldSink for Nobody {
        fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
            black_box((field, span, value));
        }
    }
    let frames = &traffic.capture().frames;
    traffic.counted(bencher).bench(|| {
        for (frame, dissection) in frames {
            for index in 0..dissection.layers.len() {
                View { frame: frame.data, dissection, index }.describe(&mut Nobody);
            }
        }
    });
}

#[divan::bench(args = TRAFFIC)]
fn line(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let mut form = LineForm::new(Clock::default(), Palette::plain(), false);
    let names = Names::default();
    written(bencher, traffic, |out, frame, dissection| form.write_frame(out, frame, dissection, &names, None));
}

#[divan::bench(args = TRAFFIC)]
fn json(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let mut form = Json::default();
    let names = Names::default();
    written(bencher, traffic, |out, frame, dissection| form.write_frame(out, frame, dissection, &[], &names));
}

#[divan::bench(args = TRAFFIC)]
fn tree(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let mut form = Tree::new(Clock::default(), Palette::plain(), TreeOptions::default());
    let names = Names::default();
    written(bencher, traffic, |out, frame, dissection| form.write_frame(out, frame, dissection, &[], &names, None));
}

fn written(bencher: Bencher<'_, '_>, traffic: Traffic, mut write: impl FnMut(&mut Vec<u8>, &Frame<'_>, &Dissection)) {
    let frames = &traffic.capture().frames;
    let mut out = Vec::new();
    traffic.counted(bencher).bench_local(|| {
        for (frame, dissection) in frames {
            write(&mut out, frame, dissection);
            hand_on(&mut out);
        }
    });
}

/// What takes lines in large pieces costs next to nothing.
fn hand_on(out: &mut Vec<u8>) {
    if out.len() > 64 * 1024 {
        black_box(&out);
        out.clear();
    }
}

/// The table of conversations, and nothing that listens to it.
#[divan::bench(args = TRAFFIC)]
fn conversations(bencher: Bencher<'_, '_>, traffic: Traffic) {
    traffic.counted(bencher).bench_local(|| heard(traffic, &mut ()).count());
}

/// The least that a table of flows can be: both ends and how many packets and bytes there were.
#[divan::bench(args = TRAFFIC)]
fn bare_flows(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let bytes = traffic.capture().bytes.as_slice();
    traffic.counted(bencher).bench_local(|| {
        let mut flows = bare::Flows::default();
        bare::records(bytes).for_each(|record| flows.count(&record));
        assert!(flows.len() > 1);
        flows.len()
    });
}

/// The bytes that each side said, in order.
#[divan::bench(args = TRAFFIC)]
fn streams(bencher: Bencher<'_, '_>, traffic: Traffic) {
    traffic.counted(bencher).bench_local(|| {
        let mut said = Said::default();
        heard(traffic, &mut said);
        black_box(said.0)
    });
}

/// HTTP exchanges, bodies as they were sent.
#[divan::bench(args = TRAFFIC)]
fn http_exchanges(bencher: Bencher<'_, '_>, traffic: Traffic) {
    traffic.counted(bencher).bench_local(|| {
        let mut watch = HttpWatch::new(Exchanges::default(), Limits::default());
        heard(traffic, &mut watch);
        black_box(watch.finish().0)
    });
}

/// What lessons say of all that.
#[divan::bench(args = TRAFFIC)]
fn notes(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let (frames, names) = (&traffic.capture().frames, Names::default());
    traffic.counted(bencher).bench_local(|| {
        let (mut table, mut explainer, mut told) = (Conversations::new(Limits::default()), Explainer::default(), 0);
        for (frame, dissection) in frames {
            let packet = Packet::new(frame, dissection);
            let belongs = table.observe(&packet, &mut explainer);
            explainer.observe(&Scene { packet, belongs, conversations: &table, names: &names, interfaces: &[] });
            told += explainer.take_notes().count();
        }
        told
    });
}

/// How many bytes were said.
#[derive(Default)]
struct Said(usize);

impl Listener for Said {
    fn piece(&mut self, _: &Conversation, _: Side, piece: &Piece<'_>) {
        if let Piece::Data { bytes, .. } = piece {
            self.0 += bytes.len();
        }
    }
}

/// How many exchanges there were.
#[derive(Default)]
struct Exchanges(usize);

impl Sink for Exchanges {
    fn exchange(&mut self, _: Exchange) {
        self.0 += 1;
    }
}

fn heard(traffic: Traffic, listener: &mut impl Listener) -> Conversations {
    let mut table = Conversations::new(Limits::default());
    for (frame, dissection) in &traffic.capture().frames {
        table.observe(&Packet::new(frame, dissection), listener);
    }
    table.finish(listener);
    table
}

/// Words of tcpdump's, and fields: one that has a short way, and one for which layers describe themselves.
#[divan::bench(args = ["udp port 53 and net 16.0.0.0/4", "tcp[13] & 2 != 0", "ip.ttl < 40", "tcp.options.mss_val == 1460"])]
fn filter(bencher: Bencher<'_, '_>, expression: &str) {
    let filter = Filter::parse(expression).expect("an expression");
    let frames = &Traffic::Small.capture().frames;
    let passed = || frames.iter().filter(|(frame, dissection)| filter.matches(frame, dissection)).count();
    assert!((1..frames.len()).contains(&passed()), "some pass, and some do not");
    Traffic::Small.counted(bencher).bench(passed);
}

#[divan::bench(args = TRAFFIC)]
fn whole_line(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let bytes = traffic.capture().bytes.as_slice();
    let (mut dissection, mut out) = (Dissection::default(), Vec::new());
    let mut form = LineForm::new(Clock::default(), Palette::plain(), false);
    traffic.counted(bencher).bench_local(|| {
        let mut source = from_reader(bytes, "memory").expect("a capture");
        let (mut watch, mut names) = (ChecksumWatch::default(), NameWatch::default());
        while let Some(frame) = source.next_frame().expect("whole") {
            dissect(&frame, &mut dissection);
            let finding = watch.observe(frame.data, frame.number, &dissection);
            form.write_frame(&mut out, &frame, &dissection, names.names(), finding.as_ref());
            names.observe(frame.data, frame.number, &dissection);
            hand_on(&mut out);
        }
    });
}

#[divan::bench(args = TRAFFIC)]
fn bare_loop(bencher: Bencher<'_, '_>, traffic: Traffic) {
    let bytes = traffic.capture().bytes.as_slice();
    let mut out = Vec::new();
    traffic.counted(bencher).bench_local(|| {
        for record in bare::records(bytes) {
            bare::push_line(&mut out, &record);
            hand_on(&mut out);
        }
    });
}
