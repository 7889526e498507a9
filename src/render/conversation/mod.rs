//! Conversations: a table of all of them, one in detail with its ladder, and JSON.

pub(super) mod cell;
mod json;
mod ladder;
mod lookup;
mod table;
mod tls;
mod words;

pub use json::{push_json, push_summary};
pub use ladder::{Rung, push_detail};
pub use table::Table;
pub(super) use words::{push_end, push_end_called, push_kind};

use crate::conversation::application::{Application, Evidence};
use crate::conversation::dns::Lookup;
use crate::conversation::tls::TlsSummary;
use crate::conversation::{Conversation, Side};
use crate::explain::Note;

/// What both ends did, in the order of the columns: the originator first.
fn both<T>(of: impl Fn(Side) -> T) -> [T; 2] {
    Side::BOTH.map(of)
}

/// What there is to say of a conversation beside what it counts.
#[derive(Clone, Debug)]
pub struct Overview<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// What it is held in, and how that is known.
    pub application: Option<(Application, Evidence)>,
    /// What was looked up in it.
    pub lookups: Vec<&'a Lookup>,
    /// How it is secured.
    pub tls: Option<&'a TlsSummary>,
    /// The notes on it.
    pub notes: Vec<&'a Note>,
}
