//! The command line of `wirelore interfaces`.

use super::ColorChoice;
use clap::Args;

/// `wirelore interfaces`.
#[derive(Debug, Args)]
#[command(after_help = "The interface with a * is that of the default route, on which `wirelore capture` captures without -i.\n  \
      wirelore interfaces --json | jq -r 'select(.may_capture) | .name'\n  \
      wirelore interfaces --netns 4711                        those of a container, by a process in it\n\
    Exit status: 0 done, 2 an error.")]
pub struct InterfacesArguments {
    /// Of another network namespace: its name (`ip netns`), or the number of a process in it (a container's)
    #[arg(long, value_name = "NAME|PID")]
    pub netns: Option<String>,

    /// One JSON object a line
    #[arg(long)]
    pub json: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}
