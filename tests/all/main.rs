//! The integration tests: one binary, a module a subject.

mod captures_index;
mod filter;
mod house;
mod manual;
mod read;
mod registry;
mod support;
