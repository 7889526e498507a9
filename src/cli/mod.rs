//! The command: what was typed, what it means, and running it. Only this room reads the environment, prints and ends the process.

mod annotate;
pub mod arguments;
mod capture;
mod capture_name;
pub mod color;
mod conversations;
mod create;
mod diff;
mod explain;
mod export;
mod follow;
mod form;
mod held;
mod host;
mod host_file;
mod http;
mod input;
mod interfaces;
mod listen;
mod namespace;
mod notebook;
mod output;
mod owner;
mod pace;
mod pipeline;
mod progress;
mod read;
mod sample;
mod shower;
mod told;
mod unknown_link;
mod unwritable;

use crate::filter::FilterError;
use crate::render::{escape, filter_error};
#[cfg(target_os = "linux")]
use crate::source::privilege;
use arguments::{Arguments, Verb};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How a verb ended, where no error ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything was done.
    Done,
    /// Everything was compared, and there are differences.
    Different,
    /// What could be done was done; what could not was said.
    Damaged,
}

/// Runs the command line and returns its exit status: 0 done, 1 captures differ, 2 an error. A reader that went away (`| head`) is a quiet 0.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    #[cfg(target_os = "linux")]
    {
        if let Err(error) = privilege::refuse_set_user() {
            say(&error.to_string());
            return ExitCode::from(2);
        }
        if let Some((_, arguments)) = arguments.split_first().filter(|(name, _)| *name == capture::FILE_MAKER) {
            return capture::make_files(arguments);
        }
    }
    let typed = arguments::spell_out(arguments);
    let arguments = match (Arguments::try_parse_from(&typed), typed.get(1)) {
        (Ok(arguments), _) => arguments,
        (Err(error), Some(word)) if error.kind() == ErrorKind::InvalidSubcommand && arguments::looks_like_a_file(word) => {
            let word = word.to_string_lossy();
            say(&format!("{word} is a capture and no verb; did you mean `wirelore read {word}`?"));
            return ExitCode::from(2);
        }
        (Err(error), _) => error.exit(),
    };
    match run(&arguments.verb) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Different) => ExitCode::from(1),
        Ok(Outcome::Damaged) => ExitCode::from(2),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<FilterError>() {
                Some(error) => {
                    let mut message = Vec::new();
                    filter_error::push(&mut message, error);
                    message.push(b'\n');
                    tell(&message);
                }
                None => say(&whole(&error)),
            }
            ExitCode::from(2)
        }
    }
}

fn run(verb: &Verb) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Read(arguments) => read::run(arguments),
        Verb::Capture(arguments) => capture::run(arguments),
        Verb::Interfaces(arguments) => interfaces::run(arguments),
        Verb::Conversations(arguments) => conversations::run(arguments),
        Verb::Follow(arguments) => follow::run(arguments),
        Verb::Http(arguments) => http::run(arguments),
        Verb::Diff(arguments) => diff::run(arguments),
        Verb::Explain(arguments) => explain::run(arguments),
        Verb::Host(arguments) => host::run(arguments),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "wirelore", &mut script);
            output::print(&script)?;
            Ok(Outcome::Done)
        }
    }
}

/// An error with its causes, each said once: some say their cause themselves.
fn whole(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    message
}

/// Says what went wrong, on standard error. What stands in the message may come from a packet or a file name: it is shown, not obeyed.
fn say(message: &str) {
    let mut line = b"wirelore: ".to_vec();
    escape::push_message(&mut line, message);
    line.push(b'\n');
    tell(&line);
}

fn tell(message: &[u8]) {
    progress::clear();
    // Nobody is left to be told where standard error is closed.
    let _unheard = std::io::stderr().write_all(message);
}
