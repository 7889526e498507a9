//! Which exchange is meant: the capture is heard once, and what was asked for is found by its number.

use super::stack::Target;
use crate::conversation::http1::{Exchange, ExchangeId, HttpWatch, Sink};
use crate::conversation::{Conversation, Kind, Listener, Side};
use crate::explain::Scene;
use crate::reassembly::{Limits, Piece};

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The exchange of this number, from 1, in the order in which exchanges began; where there is none at all, the frame of this number.
    Exchange(u64),
    /// The conversation of this frame, or the frame alone where it belongs to none.
    Frame(u64),
}

/// Where an exchange stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    first: u64,
    id: ExchangeId,
    last: u64,
}

/// Finds what is wanted.
#[derive(Debug)]
pub struct Finder {
    wanted: Wanted,
    http: HttpWatch<Places>,
    frames: u64,
    at: Option<(u64, Option<u64>)>,
}

#[derive(Debug, Default)]
struct Places {
    places: Vec<Place>,
}

impl Sink for Places {
    fn exchange(&mut self, exchange: Exchange) {
        if self.places.len() < Limits::STORY_PLACES {
            let ends = exchange.messages().map(|message| message.last.frame.max(message.first.frame));
            let last = ends.chain(exchange.stray.map(|stray| stray.last.frame)).max().unwrap_or_default();
            self.places.push(Place { first: exchange.first().frame, id: exchange.id, last });
        }
    }
}

impl Finder {
    /// Looks for this.
    #[must_use]
    pub fn new(wanted: Wanted, limits: &Limits) -> Self {
        Self { wanted, http: HttpWatch::new(Places::default(), *limits), frames: 0, at: None }
    }

    /// Looks at a frame.
    pub fn observe(&mut self, scene: &Scene<'_>) {
        self.frames += 1;
        let (Wanted::Exchange(number) | Wanted::Frame(number)) = self.wanted;
        if scene.number() == number {
            let told = scene.conversation().filter(|conversation| !matches!(conversation.kind, Kind::Other(_)));
            self.at = Some((number, told.map(|conversation| conversation.id)));
        }
    }

    /// What was found; else how many exchanges and frames there are.
    ///
    /// # Errors
    ///
    /// What is wanted is not there: the number of exchanges and that of frames.
    pub fn finish(self) -> Result<Target, (u64, u64)> {
        let mut places = self.http.finish().places;
        places.sort_unstable();
        let counts = (places.len() as u64, self.frames);
        match self.wanted {
            Wanted::Exchange(number) if !places.is_empty() => {
                let place = number.checked_sub(1).and_then(|place| places.get(usize::try_from(place).ok()?)).ok_or(counts)?;
                let next = places.iter().filter(|other| other.id.conversation == place.id.conversation && other.id.index > place.id.index);
                let before = next.map(|other| other.first.saturating_sub(1)).min().unwrap_or(u64::MAX);
                let first = if place.id.index == 0 { 0 } else { place.first };
                Ok(Target::Exchange(place.id, first, before.max(place.last)))
            }
            Wanted::Exchange(_) | Wanted::Frame(_) => match self.at {
                Some((_, Some(conversation))) => Ok(Target::Conversation(conversation)),
                Some((frame, None)) => Ok(Target::Frame(frame)),
                None => Err(counts),
            },
        }
    }
}

impl Listener for Finder {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.http.piece(conversation, from, piece);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.http.finished(conversation);
    }
}
