//! Reading ahead: another thread reads the frames that come next, while this one looks at those before them.
//!
//! What comes out is the same as without it, frame by frame: the frames, what the capture says beside them up to there, and where it ends.

use super::batch::Batch;
use super::{Interface, NameRecord, Source, SourceError};
use crate::frame::Frame;
use crate::limits::Limits;
use std::mem;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

/// As many frames are read before it is decided whether reading ahead gains: no thread is begun for fewer.
const TRIED: usize = 1024;
/// It does where they have so many bytes each: to hand a small frame to another core costs as much as to read it.
const LARGE: usize = 512;

/// The same frames, read by another thread as soon as that gains. The source must not be one whose frames somebody waits for.
#[must_use]
pub fn ahead(source: Box<dyn Source>) -> Box<dyn Source> {
    Box::new(Ahead::new(source))
}

/// Frames that come one behind the other and between which nothing else became known.
#[derive(Default)]
struct Portion {
    frames: Batch,
    /// What became known before the first of them.
    news: News,
    /// What the source said behind the last of them, where that was its last word.
    ending: Option<Result<(), SourceError>>,
}

/// What the capture said beside its frames since the portion before.
#[derive(Default)]
struct News {
    interfaces: Vec<Interface>,
    names: Vec<NameRecord>,
    /// All damage, where there is more than before.
    damage: Option<Vec<SourceError>>,
}

/// The frames of a source that another thread may read.
struct Ahead {
    /// The source itself: until another thread has it, and once all of its frames were looked at.
    source: Option<Box<dyn Source>>,
    trial: Option<Trial>,
    thread: Option<Reading>,
    portion: Portion,
    /// The place in the portion of the frame that it stands on.
    place: usize,
    section_options: Vec<(u16, Vec<u8>)>,
    interfaces: Vec<Interface>,
    names: Vec<NameRecord>,
    damage: Vec<SourceError>,
}

/// What was read before it is decided.
#[derive(Default)]
struct Trial {
    frames: usize,
    bytes: usize,
}

/// The thread that reads.
struct Reading {
    read: Receiver<Portion>,
    spare: Sender<Portion>,
    thread: JoinHandle<Option<Box<dyn Source>>>,
}

impl Ahead {
    fn new(source: Box<dyn Source>) -> Self {
        Self {
            source: Some(source),
            trial: Some(Trial::default()),
            thread: None,
            portion: Portion::default(),
            place: 0,
            section_options: Vec::new(),
            interfaces: Vec::new(),
            names: Vec::new(),
            damage: Vec::new(),
        }
    }

    /// Goes on in this thread.
    fn advance_at_hand(&mut self) -> Result<bool, SourceError> {
        let Some(source) = &mut self.source else { return Ok(false) };
        let found = source.advance()?;
        if let (true, Some(trial)) = (found, &mut self.trial) {
            trial.frames = trial.frames.saturating_add(1);
            trial.bytes = trial.bytes.saturating_add(source.frame().data.len());
        }
        Ok(found)
    }

    /// Has another thread read from here on. Where there is no room for one, this one goes on.
    #[cold]
    fn begin(&mut self) {
        let ((full, read), (spare, empty), (hand, handed)) = (channel(), channel(), channel::<Box<dyn Source>>());
        // The source is handed over when the thread is there: one that cannot begin would take it along.
        let begun = thread::Builder::new().name("reading".to_owned()).spawn(move || Some(read_ahead(handed.recv().ok()?, &full, &empty)));
        let Ok(thread) = begun else { return };
        let Some(source) = self.source.take() else { return };
        self.section_options = source.section_options().to_vec();
        self.interfaces = source.interfaces().to_vec();
        self.names = source.names().to_vec();
        self.damage = source.damage().into_iter().cloned().collect();
        (1..Limits::BATCHES).for_each(|_| send(&spare, Portion::default()));
        send(&hand, source);
        self.thread = Some(Reading { read, spare, thread });
    }

    /// Goes on to the first frame of the portions that come; `false` where there is none.
    fn next_portion(&mut self) -> Result<bool, SourceError> {
        while let Some(reading) = &self.thread {
            if let Some(ending) = self.portion.ending.take() {
                self.end();
                return ending.map(|()| false);
            }
            send(&reading.spare, mem::take(&mut self.portion));
            self.place = 0;
            let Ok(portion) = reading.read.recv() else {
                // It ended without a last word.
                self.end();
                return Ok(false);
            };
            self.portion = portion;
            let News { interfaces, names, damage } = mem::take(&mut self.portion.news);
            self.interfaces.extend(interfaces);
            self.names.extend(names);
            self.damage = damage.unwrap_or_else(|| mem::take(&mut self.damage));
            if !self.portion.frames.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes the source back from the thread, which has ended.
    fn end(&mut self) {
        let thread = self.thread.take().map(|reading| reading.thread);
        self.source = thread.and_then(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
    }
}

impl Trial {
    fn gains(&self) -> bool {
        self.bytes >= self.frames.saturating_mul(LARGE)
    }
}

impl Source for Ahead {
    fn advance(&mut self) -> Result<bool, SourceError> {
        if let Some(trial) = self.trial.take_if(|trial| trial.frames == TRIED)
            && trial.gains()
        {
            self.begin();
        }
        if self.source.is_some() {
            return self.advance_at_hand();
        }
        self.place = self.place.saturating_add(1);
        if self.place < self.portion.frames.len() { Ok(true) } else { self.next_portion() }
    }

    fn frame(&self) -> Frame<'_> {
        self.source.as_ref().map_or_else(|| self.portion.frames.frame(self.place), |source| source.frame())
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        self.source.as_ref().map_or(&self.section_options, |source| source.section_options())
    }

    fn interfaces(&self) -> &[Interface] {
        self.source.as_ref().map_or(&self.interfaces, |source| source.interfaces())
    }

    fn names(&self) -> &[NameRecord] {
        self.source.as_ref().map_or(&self.names, |source| source.names())
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.source.as_ref().map_or_else(|| self.damage.iter().collect(), |source| source.damage())
    }

    fn has_more_at_hand(&self) -> bool {
        if let Some(source) = &self.source {
            return source.has_more_at_hand();
        }
        self.place.saturating_add(1) < self.portion.frames.len()
    }
}

/// How much of what the source says was handed on.
#[derive(Default)]
struct Told {
    interfaces: usize,
    names: usize,
    damaged: u64,
}

impl Told {
    /// What the source said since, where it said something.
    fn news(&mut self, source: &dyn Source) -> Option<News> {
        let (interfaces, names, damage) = (source.interfaces(), source.names(), source.damage());
        let now = Self {
            interfaces: interfaces.len(),
            names: names.len(),
            // The last of them may stand for more and more.
            damaged: damage.iter().map(|place| if let SourceError::More { count, .. } = place { *count } else { 1 }).sum(),
        };
        if (now.interfaces, now.names, now.damaged) == (self.interfaces, self.names, self.damaged) {
            return None;
        }
        let news = News {
            interfaces: interfaces.get(self.interfaces..).unwrap_or_default().to_vec(),
            names: names.get(self.names..).unwrap_or_default().to_vec(),
            damage: (now.damaged > self.damaged).then(|| damage.into_iter().cloned().collect()),
        };
        *self = now;
        Some(news)
    }
}

/// Reads a source to its end, or until nobody wants to know any more, and gives it back.
fn read_ahead(mut source: Box<dyn Source>, full: &Sender<Portion>, empty: &Receiver<Portion>) -> Box<dyn Source> {
    let mut told = Told::default();
    // What was said so far is known.
    told.news(source.as_ref());
    let Ok(mut portion) = empty.recv() else { return source };
    loop {
        let found = source.advance();
        if !matches!(found, Ok(true)) {
            portion.ending = Some(found.map(drop));
            send(full, portion);
            return source;
        }
        // What was said stands before the frame, and behind those that were read before.
        let news = told.news(source.as_ref());
        if portion.frames.is_full() || news.is_some() && !portion.frames.is_empty() {
            send(full, portion);
            let Ok(next) = empty.recv() else { return source };
            portion = next;
            portion.frames.clear();
        }
        if let Some(news) = news {
            portion.news = news;
        }
        portion.frames.push(&source.frame());
    }
}

/// Hands something on, where there is still somebody who wants it.
fn send<T>(to: &Sender<T>, what: T) {
    let _unwanted = to.send(what);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;
    use std::io::Cursor;
    use std::path::PathBuf;

    /// All that is told, frame by frame, to the very end.
    fn told(mut source: Box<dyn Source>) -> Vec<String> {
        let mut told = Vec::new();
        let ending = loop {
            match source.advance() {
                Ok(true) => told.push(format!("{:?} {}", source.frame(), said(source.as_ref()))),
                ending => break ending,
            }
        };
        told.push(format!("{:?} {}", ending.map_err(|error| error.to_string()), said(source.as_ref())));
        assert!(matches!(source.advance(), Ok(false)), "after its last word it says no more");
        told
    }

    /// What is said beside the frames.
    fn said(source: &dyn Source) -> String {
        let damage: Vec<String> = source.damage().iter().map(ToString::to_string).collect();
        format!("{:?} {:?} {:?} {damage:?}", source.section_options(), source.interfaces(), source.names())
    }

    /// Read ahead from the first frame on.
    fn begun(source: Box<dyn Source>) -> Ahead {
        let mut ahead = Ahead::new(source);
        ahead.trial = None;
        ahead.begin();
        assert!(ahead.thread.is_some());
        ahead
    }

    /// Holds what is read ahead against what is not. Gives what was told.
    fn is_the_same(what: &str, open: impl Fn() -> Box<dyn Source>) -> Vec<String> {
        let (one, other) = (told(open()), told(Box::new(begun(open()))));
        assert_eq!(one.len(), other.len(), "{what}");
        // The first of them alone: the rest would be as long as the capture.
        assert_eq!(one.iter().zip(&other).find(|(one, other)| one != other), None, "{what}");
        one
    }

    #[test]
    fn what_is_read_ahead_is_what_is_read_at_hand() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/captures");
        let mut captures: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        captures.retain(|path| source::open(path).is_ok());
        captures.sort();
        assert!(captures.len() > 50, "{captures:?}");
        for path in &captures {
            is_the_same(&path.display().to_string(), || source::open(path).unwrap());
        }
        // Several at once: interfaces and names become known between frames.
        let some: Vec<&PathBuf> = captures.iter().step_by(12).collect();
        is_the_same("several", || source::open_all(&some).unwrap());
    }

    #[test]
    fn damage_is_known_with_the_frame_that_stands_behind_it() {
        // Whatever byte is wrong: interfaces, lengths, options, what a block is.
        let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/captures/http-gzip.pcapng")).unwrap();
        let mut damaged = 0;
        for place in (0..bytes.len()).step_by(7) {
            let mut bytes = bytes.clone();
            bytes[place] ^= 0x41;
            let open = || source::from_reader(Cursor::new(bytes.clone()), "damaged");
            if open().is_ok() {
                let told = is_the_same(&format!("byte {place}"), || open().unwrap());
                damaged += usize::from(!told.last().unwrap().ends_with("[]"));
            }
        }
        assert!(damaged > 10, "{damaged}");
    }

    /// A capture of frames of these lengths.
    fn capture(lengths: impl Iterator<Item = u32>) -> Vec<u8> {
        let mut file = Vec::from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
        for (number, length) in lengths.enumerate() {
            [number as u32, 0, length, length].iter().for_each(|field| file.extend_from_slice(&field.to_le_bytes()));
            file.extend((0..length).map(|byte| (byte as usize ^ number) as u8));
        }
        file
    }

    #[test]
    fn more_than_waits_at_once_comes_in_order_and_reading_ends_where_nobody_looks() {
        let many = 3 * Limits::BATCHES * Limits::BATCH_FRAMES + 7;
        let small = capture((0..many).map(|number| number as u32 % 7));
        // Also frames of which few are gathered, and one that is as large as they come.
        let large = capture((0..100).map(|number| if number == 50 { Limits::RECORD } else { 100_000 + number }));
        for (file, frames) in [(small, many), (large, 100)] {
            let open = || source::from_reader(Cursor::new(file.clone()), "long").unwrap();
            assert_eq!(is_the_same("long", open).len(), frames + 1);
            let mut ahead = begun(open());
            assert!(ahead.advance().unwrap());
            let Reading { read, spare, thread } = ahead.thread.take().unwrap();
            drop((read, spare));
            // It ends, and does so before the end of the capture.
            assert_eq!(thread.join().unwrap().map(|source| source.frame().number < frames as u64), Some(true));
        }
    }

    #[test]
    fn another_thread_reads_where_frames_are_many_and_large() {
        let many = 2 * TRIED as u32;
        for (length, frames, is_begun) in [(LARGE as u32, many, true), (LARGE as u32 - 1, many, false), (1_500, TRIED as u32 - 1, false)] {
            let file = capture((0..frames).map(|_| length));
            let open = || source::from_reader(Cursor::new(file.clone()), "tried").unwrap();
            let mut ahead = Ahead::new(open());
            for _ in 0..TRIED.min(frames as usize) {
                assert!(ahead.advance().unwrap() && ahead.thread.is_none());
            }
            assert_eq!(ahead.advance().unwrap(), frames == many);
            assert_eq!(ahead.thread.is_some(), is_begun, "{frames} frames of {length} bytes");
            assert_eq!(told(Box::new(Ahead::new(open()))), told(open()));
        }
    }
}
