//! The same traffic at several points of its way: as it was recorded, as it happens, and made by script.

mod mirror;
mod oracle;
mod properties;
mod scenes;
mod synthetic;
mod windows;

use std::path::Path;
use wirelore::conversation::{Conversations, Packet};
use wirelore::diff::Digester;
use wirelore::diff::point::{Captured, Collector, Point};
use wirelore::dissect::{Dissection, dissect};
use wirelore::reassembly::Limits;
use wirelore::reassembly::fragments::Fragments;
use wirelore::source::{self, Source};

/// Where the scenes are captured, in the order of the way: the client, inside and outside of the translator, the provider, the backbone,
/// the server.
const POINTS: [&str; 6] = ["h1", "modemA-inside", "modemA-outside", "isp-core", "backbone-example", "www"];

/// A capture as a point.
fn point(path: &Path, digester: Digester) -> Point {
    let mut source = source::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    collected(source.as_mut(), digester)
}

/// A capture that was made in memory, as a point.
fn collected(source: &mut dyn Source, digester: Digester) -> Point {
    let limits = Limits::default();
    let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(&limits));
    let (mut conversations, mut collector) = (Conversations::new(limits), Collector::new(digester));
    while let Some(frame) = source.next_frame().expect("the capture can be read") {
        dissect(&frame, &mut dissection);
        let fragment = fragments.observe(&frame, &dissection);
        let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
        let belongs = conversations.observe(&packet, &mut ());
        collector.observe(&packet, belongs.as_ref(), &conversations);
    }
    conversations.finish(&mut ());
    collector.finish(Captured::default())
}
