//! The integration tests: one binary, a module a subject.

#[cfg(target_os = "linux")]
mod capture;
mod capture_input;
mod captures_index;
mod dependencies;
mod diff;
mod diff_command;
mod documents;
mod etherparse_oracle;
mod explain;
mod fields_page;
mod filter;
mod follow;
mod fragments;
mod fuzz;
mod golden;
mod golden_runs;
mod host;
mod house;
mod http;
mod interfaces;
mod lessons;
mod limits;
mod manual;
mod parity;
mod playground;
mod privilege;
mod read;
mod registry;
mod rules_page;
mod same_bytes;
mod story;
mod support;
