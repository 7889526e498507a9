//! `wirelore host`: what this machine knows of the network.

use super::arguments::HostArguments;
use super::output::Output;
use super::{Outcome, color, host_file};
use crate::host::{file, probe};
use crate::render::host;
use crate::render::style::Palette;
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &HostArguments) -> anyhow::Result<Outcome> {
    let known = if arguments.files.is_empty() { probe::probe()? } else { host_file::load(&arguments.files)? };
    let terminal = std::io::stdout().is_terminal();
    let mut out = Output::new();
    if arguments.json || !(terminal || arguments.table) {
        out.pending.extend_from_slice(file::to_json(&known).as_bytes());
    } else {
        let coloured = color::decide(arguments.color, terminal, |name| std::env::var_os(name));
        colored::control::set_override(coloured);
        let palette = if coloured { Palette::coloured() } else { Palette::plain() };
        host::push(&mut out.pending, &known, &palette);
    }
    out.flush()?;
    Ok(Outcome::Done)
}
