//! The `wirelore` command: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    wirelore::cli::main(std::env::args_os())
}
