//! HTTP exchanges for people: a line each, or whole.

pub mod limited;
pub mod line;
pub mod url;
pub mod whole;
pub mod words;

use crate::conversation::body::Bodies;
use crate::conversation::http1::Exchange;
use crate::conversation::names::{Between, Called};
use crate::conversation::{Kind, Names};
use crate::explain::Note;

/// An exchange with what is known of it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// Its bodies, where they were wanted.
    pub bodies: &'a Bodies,
    /// What addresses are called.
    pub names: &'a Names,
    /// What there is to say of it.
    pub notes: &'a [Note],
}

impl<'a> Subject<'a> {
    /// What the client is called, at 0, or the server.
    fn called(&self, end: usize) -> Option<Called<'a>> {
        let Exchange { ends, request, .. } = self.exchange;
        let last = request.as_ref().map_or_else(|| self.exchange.first(), |request| request.last);
        self.names.called_in(ends.get(end)?.address, Some(&Between::until(last.frame, Kind::Tcp, *ends)))
    }
}

#[cfg(test)]
mod tests;
