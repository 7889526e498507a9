//! Runs for tests, from captures.

use super::{Run, RunCollector};
use crate::conversation::{Conversations, NameWatch, Packet};
use crate::diff::Digester;
use crate::dissect::{Dissection, dissect};
use crate::explain::{Ending, Explainer, Scene};
use crate::reassembly::Limits;
use crate::reassembly::fragments::{Fragment, Fragments};
use crate::source;
use std::path::{Path, PathBuf};

/// What a capture did, with all that is said of it.
pub(crate) fn run(path: &Path, digester: &Digester) -> Run {
    explained(path, digester, Explainer::default())
}

/// What a capture did, with what an explainer says of it.
pub(crate) fn explained(path: &Path, digester: &Digester, explainer: Explainer) -> Run {
    let limits = Limits::default();
    let mut source = source::open(path).expect("a capture");
    let (mut dissection, mut fragments, mut names) = (Dissection::default(), Fragments::new(&limits), NameWatch::default());
    let (mut conversations, mut frames) = (Conversations::new(limits), 0);
    let mut listeners = (RunCollector::new(&limits, digester), explainer);
    let (mut notes, mut last) = (Vec::new(), None);
    while let Ok(true) = source.advance() {
        let frame = source.frame();
        frames += 1;
        last = frame.timestamp.or(last);
        dissect(&frame, &mut dissection);
        let fragment = fragments.observe(&frame, &dissection);
        let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
        let belongs = conversations.observe(&packet, &mut listeners);
        names.observe(frame.data, frame.number, &dissection);
        if let Some(whole) = fragment.as_ref().and_then(Fragment::innermost_whole) {
            names.observe(&whole.bytes, frame.number, &whole.dissection);
        }
        let scene = Scene { packet, belongs, conversations: &conversations, names: names.names(), interfaces: source.interfaces() };
        listeners.0.observe(&scene, true);
        listeners.1.observe(&scene);
        notes.extend(listeners.1.take_notes());
    }
    conversations.finish(&mut listeners);
    let ending = Ending { conversations: &conversations, names: names.names(), interfaces: source.interfaces(), last, is_end: true };
    let (collector, mut explainer) = listeners;
    explainer.finish(&ending);
    notes.extend(explainer.take_notes());
    let run = collector.finish(&ending, notes);
    assert_eq!(run.frames, frames);
    run
}

/// A capture of the repository.
pub(crate) fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)
}
