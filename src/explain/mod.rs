//! What the evidence shows: notes, as data. Words are put on them by render.
//!
//! A subject is a folder: what it watches for, the facts that its notes state, and its rules. [`Explainer`] drives all of them.

pub mod address;
mod capture;
mod checksum;
mod encoding;
mod explainer;
mod facts;
mod fragments;
mod handshake;
mod hops;
mod http;
mod icmp;
mod login;
mod loss;
mod mtu;
mod name;
mod note;
mod notes;
mod receipt;
mod reported;
mod room;
mod route;
mod rule;
mod scene;
mod step;
pub mod story;
mod subnet;
mod surroundings;
mod tcp_options;
mod wireless;

pub use address::AddressFacts;
pub use capture::{CaptureFacts, Offload, Twice};
pub use checksum::{ChecksumFacts, ChecksumWatch, Filled, Finding};
pub use encoding::EncodingFacts;
pub use explainer::Explainer;
pub use facts::{Fact, Facts, Stated, Tell, rules};
pub use fragments::{FragmentFacts, defect_word, fragment_notes};
pub use handshake::{Broken, Forgotten, HandshakeFacts, Offer};
pub use hops::HopsFacts;
pub(crate) use http::without_passwords;
pub use http::{Asked, Credentials, HttpFacts, WaitEnd};
pub use icmp::{IcmpFacts, Quoted, Report};
pub use login::LoginFacts;
pub use loss::{Counts, LossFacts, Place, Proof};
pub use mtu::{Cutter, MtuFacts};
pub use name::{Learned, NameFacts, Question};
pub use note::{Certainty, Evidence, Note};
pub use notes::Notes;
pub use route::RouteFacts;
pub use rule::{Repeat, Rule, Severity};
pub use scene::{Ending, Scene};
pub use subnet::{Pretence, SubnetFacts};
pub use surroundings::{
    Advertised, Arp, Card, Carries, Discovery, Gateway, KnownNetwork, Lease, LinkId, NameServer, Neighbour, Origin, Passage, Roles, Surety,
    Surroundings, common_bits,
};
pub use wireless::{Step, WirelessFacts};
