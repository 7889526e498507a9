//! `wirelore interfaces`: what can be captured on, and whether it may be.

use super::arguments::InterfacesArguments;
use super::output::Output;
use super::{Outcome, color, namespace};
use crate::frame::LinkType;
use crate::host::probe;
use crate::render::interfaces::{self, Administration, Listed, Listing, Permission};
use crate::render::style::Palette;
use crate::source::administrator::Administrator;
use crate::source::live;
#[cfg(target_os = "linux")]
use crate::source::privilege;
use std::io::IsTerminal;

/// Runs the verb.
pub(super) fn run(arguments: &InterfacesArguments) -> anyhow::Result<Outcome> {
    let netns = arguments.netns.as_deref();
    let listing = namespace::within(netns, "interfaces", || list(netns))??;
    let mut out = Output::new();
    if arguments.json {
        interfaces::push_json(&mut out.pending, &listing);
    } else {
        let coloured = color::decide(arguments.color, std::io::stdout().is_terminal(), |name| std::env::var_os(name));
        colored::control::set_override(coloured);
        let palette = if coloured { Palette::coloured() } else { Palette::plain() };
        interfaces::push(&mut out.pending, &listing, &palette);
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The interfaces of the network namespace that we are in.
fn list(netns: Option<&str>) -> anyhow::Result<Listing> {
    let found = probe::interfaces()?;
    let default = live::routed_interface();
    let listed = found.into_iter().map(|attachment| Listed {
        // Where it is not known it is what pnet makes of it.
        link_type: attachment.hardware.map_or(LinkType::ETHERNET, live::link_type),
        is_default: default.as_ref() == Some(&attachment.interface.name),
        attachment,
    });
    Ok(Listing {
        interfaces: listed.collect(),
        has_any: cfg!(target_os = "linux"),
        permission: permission(),
        administration: administration(netns),
    })
}

#[cfg(target_os = "linux")]
fn permission() -> Permission {
    match privilege::may_capture() {
        Ok(()) => Permission::Allowed,
        Err(denial) => Permission::Denied { why: denial.to_string(), command: denial.command() },
    }
}

#[cfg(not(target_os = "linux"))]
fn permission() -> Permission {
    Permission::Unknown
}

/// Who is to run commands for that network namespace.
pub(super) fn administration(netns: Option<&str>) -> Administration {
    Administration { administrator: Administrator::here(), namespace: netns.map(str::to_owned) }
}
