//! No memory is asked for per frame once the buffers have grown: what a frame costs does not depend on the allocator, and memory does not
//! grow with the file. A binary of its own, because its allocator counts.
#![expect(unsafe_code, reason = "an allocator is one; this one only counts and hands on")]

#[path = "bench/packets/http.rs"]
mod http;
#[path = "bench/packets/random.rs"]
mod random;
#[path = "bench/packets/small.rs"]
mod small;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use wirelore::conversation::{NameWatch, Names};
use wirelore::dissect::{Dissection, dissect};
use wirelore::explain::ChecksumWatch;
use wirelore::filter::Filter;
use wirelore::frame::Frame;
use wirelore::render::json::Json;
use wirelore::render::line::LineForm;
use wirelore::render::style::Palette;
use wirelore::render::time::Clock;
use wirelore::source::{self, Source};

struct Counting;

thread_local! {
    /// Of this thread alone: tests run side by side.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn counted(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

type Open = Box<dyn Fn() -> Box<dyn Source>>;

/// Full-sized frames and small ones of many hosts.
fn synthetic() -> Vec<(String, Open)> {
    let (mut large, mut little) = (Vec::new(), Vec::new());
    http::write_capture(&mut large, 5_000).expect("memory takes what is written");
    small::write_capture(&mut little, 10_000).expect("memory takes what is written");
    let in_memory = |(name, bytes): (&str, Vec<u8>)| {
        let bytes: &'static [u8] = bytes.leak();
        let open: Open = Box::new(move || source::from_reader(bytes, "memory").expect("a capture"));
        (name.to_owned(), open)
    };
    [("http", large), ("small", little)].map(in_memory).into()
}

/// Those, and every protocol of the captures in captures/.
fn captures() -> Vec<(String, Open)> {
    let mut captures = synthetic();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/captures")).expect("the captures") {
        let path = entry.expect("a file").path();
        if path.is_file() && path.extension().is_some_and(|extension| extension != "md") {
            let open: Open = Box::new({
                let path = path.clone();
                move || source::open(&path).expect("a capture")
            });
            captures.push((path.display().to_string(), open));
        }
    }
    assert!(captures.len() > 20, "the captures were not found");
    captures
}

/// Goes through every capture three times, and counts the last time what `each` asks for: names that come up the first time name the ends of
/// frames before them the second time, which is noted once.
fn assert_none(work: &str, mut each: impl FnMut(&Frame<'_>)) {
    for (name, open) in captures() {
        for steady in [false, false, true] {
            let mut source = open();
            // One that was cut on purpose ends with an error.
            while let Ok(Some(frame)) = source.next_frame() {
                let allocations = counted(|| each(&frame));
                assert!(!steady || allocations == 0, "{work}: frame {} of {name} asks {allocations} times", frame.number);
            }
        }
    }
}

#[test]
fn the_allocator_counts() {
    assert_eq!(counted(|| drop(std::hint::black_box(vec![1, 2, 3]))), 1);
}

#[test]
fn reading_asks_for_no_memory() {
    for (name, open) in synthetic() {
        let mut source = open();
        let allocations = counted(|| while source.advance().expect("a whole capture") {});
        assert_eq!((source.frame().number >= 5_000, allocations), (true, 0), "{name}");
    }
}

#[test]
fn dissecting_asks_for_no_memory() {
    let mut dissection = Dissection::default();
    assert_none("dissecting", |frame| dissect(frame, &mut dissection));
}

#[test]
fn the_line_form_asks_for_no_memory() {
    for palette in [Palette::plain(), Palette::coloured()] {
        let (mut dissection, mut out, mut watch) = (Dissection::default(), Vec::new(), ChecksumWatch::default());
        let mut names = NameWatch::default();
        let mut form = LineForm::new(Clock::default(), palette, true);
        assert_none("a line", |frame| {
            dissect(frame, &mut dissection);
            let finding = watch.observe(frame.data, frame.number, &dissection);
            out.clear();
            form.write_frame(&mut out, frame, &dissection, names.names(), finding.as_ref());
            names.observe(frame.data, frame.number, &dissection);
        });
    }
}

#[test]
fn json_asks_for_no_memory() {
    let (mut dissection, mut out, mut form, names) = (Dissection::default(), Vec::new(), Json::default(), Names::default());
    assert_none("JSON", |frame| {
        dissect(frame, &mut dissection);
        out.clear();
        form.write_frame(&mut out, frame, &dissection, &[], &names);
    });
}

#[test]
fn filters_ask_for_no_memory() {
    let mut dissection = Dissection::default();
    for expression in
        ["tcp port 80 and not net 10.0.0.0/8", "ip.ttl < 40 or tcp.options.mss_val == 1460", "dns.qry.name contains \"example\""]
    {
        let filter = Filter::parse(expression).expect("an expression");
        assert_none(expression, |frame| {
            dissect(frame, &mut dissection);
            std::hint::black_box(filter.matches(frame, &dissection));
        });
    }
}
