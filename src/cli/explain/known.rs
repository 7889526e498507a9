//! What is known while words are explained: a machine, and the names that it and captures give.

use crate::cli::arguments::ExplainArguments;
use crate::cli::host_file;
use crate::cli::input::Input;
use crate::cli::listen::listen;
use crate::cli::say;
use crate::conversation::Names;
use crate::filter::Filter;
use crate::host::probe::{self, KernelAnswer};
use crate::host::{Host, Query};
use crate::reassembly::Limits;
use crate::render::address::Called;
use crate::render::name::source_words;
use std::net::IpAddr;

/// What is known; nothing where nobody asks.
#[derive(Default)]
pub(super) struct Known {
    names: Names,
    damage: Vec<String>,
    /// The machine whose ways are told, with what it is called.
    machine: Option<(String, Host)>,
    /// Whether it is this one, so that its kernel can be asked.
    is_here: bool,
    wants_ways: bool,
}

impl Known {
    /// Reads what the arguments name; this machine where they name no other.
    pub(super) fn gather(arguments: &ExplainArguments) -> anyhow::Result<Self> {
        let is_here = arguments.host.is_empty();
        let mut known = Self { names: Names::default(), damage: Vec::new(), machine: None, is_here, wants_ways: !arguments.no_host };
        if is_here {
            match probe::probe() {
                Ok(host) => known.machine = Some(("this machine".to_owned(), host)),
                // What the address is can be said all the same.
                Err(error) if known.wants_ways => say(&format!("how this machine reaches an address is not known: {error}")),
                Err(_) => {}
            }
        } else {
            let host = host_file::load(&arguments.host)?;
            let files = arguments.host.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" and ");
            known.machine = Some((host.name.clone().unwrap_or_else(|| format!("the machine of {files}")), host));
        }
        if !arguments.from.is_empty() {
            let input = Input { files: arguments.from.clone(), filter: Filter::parse("")? };
            let listened = listen(&input, &Limits::default(), true, &mut (), |_, _| Ok(true))?;
            known.names = listened.names;
            known.damage.extend(listened.damage);
        }
        Ok(known)
    }

    /// What could not be read.
    pub(super) fn damage(&self) -> &[String] {
        &self.damage
    }

    /// The machine whose ways are told, with what it is called.
    pub(super) fn machine(&self) -> Option<(&str, &Host)> {
        self.machine.as_ref().filter(|_| self.wants_ways).map(|(whose, host)| (whose.as_str(), host))
    }

    /// The kernel's own answer to where it would send a packet, where the machine is this one.
    pub(super) fn kernel(&self, query: &Query) -> Option<KernelAnswer> {
        let (_, host) = self.machine().filter(|_| self.is_here)?;
        probe::kernel_answer(host, query).ok()
    }

    /// What an address is called, and by whom.
    pub(super) fn names_of(&self, address: IpAddr) -> Vec<Called> {
        let mut called = Vec::new();
        if let Some((whose, host)) = &self.machine {
            let origin = if self.is_here { "/etc/hosts".to_owned() } else { format!("the names of {whose}") };
            called.extend(host.names_of(address).map(|name| Called { name: name.to_owned(), origin: origin.clone() }));
        }
        if let Some(known) = self.names.known(address) {
            called.extend(known.all().map(|evidence| {
                let frame = evidence.frame.map(|frame| format!(", frame {frame}")).unwrap_or_default();
                Called { name: evidence.name.to_string(), origin: format!("{}{frame}", source_words(evidence.source)) }
            }));
        }
        called
    }

    /// The addresses that have a name, each once.
    pub(super) fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
        let own = self.machine.iter().flat_map(|(_, host)| host.addresses_of(name));
        let named = self.names.iter().filter(|known| known.all().any(|evidence| evidence.name.eq_ignore_ascii_case(name)));
        let mut addresses = Vec::new();
        for address in own.chain(named.map(|known| known.address)) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// Every name that is known.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> {
        let own = self.machine.iter().flat_map(|(_, host)| &host.names).flat_map(|named| named.names.iter().map(String::as_str));
        own.chain(self.names.iter().flat_map(|known| known.all().map(|evidence| &*evidence.name)))
    }
}
