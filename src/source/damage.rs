//! What was wrong with an input without keeping it from being read on.

use super::error::SourceError;
use crate::limits::Limits;

/// Damaged places, the first ones in full.
pub(super) struct Damage {
    name: String,
    places: Vec<SourceError>,
}

impl Damage {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), places: Vec::new() }
    }

    pub(super) fn places(&self) -> Vec<&SourceError> {
        self.places.iter().collect()
    }

    #[cold]
    pub(super) fn add(&mut self, place: SourceError) {
        if self.places.len() < Limits::DAMAGES_LISTED {
            self.places.push(place);
        } else if let Some(SourceError::More { count, .. }) = self.places.last_mut() {
            *count = count.saturating_add(1);
        } else {
            self.places.push(SourceError::More { name: self.name.clone(), count: 1 });
        }
    }
}
