//! HTTP exchanges for people: a line each, or whole.

pub mod limited;
pub mod line;
pub mod url;
pub mod whole;
pub mod words;

use crate::conversation::Names;
use crate::conversation::body::Bodies;
use crate::conversation::http1::Exchange;
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

#[cfg(test)]
mod tests;
