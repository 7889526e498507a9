//! The command: what was typed, what it means, and running it. Only this room reads the environment, prints and ends the process.

pub mod arguments;
pub mod color;

use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and returns its exit status: 0 done, 2 an error.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let _ = arguments::Arguments::parse_from(arguments::spell_out(arguments));
    let _ = arguments::Arguments::command();
    ExitCode::SUCCESS
}
