//! What is known while words are explained: the names that captures give.

use crate::cli::arguments::ExplainArguments;
use crate::cli::input::Input;
use crate::cli::listen::listen;
use crate::conversation::Names;
use crate::filter::Filter;
use crate::reassembly::Limits;
use crate::render::address::Called;
use crate::render::name::source_words;
use std::net::IpAddr;

/// What is known.
pub(super) struct Known {
    names: Names,
    damage: Vec<String>,
}

impl Known {
    /// Reads what the arguments name.
    pub(super) fn gather(arguments: &ExplainArguments) -> anyhow::Result<Self> {
        let mut known = Self { names: Names::default(), damage: Vec::new() };
        if !arguments.from.is_empty() {
            let input = Input { files: arguments.from.clone(), filter: Filter::parse("")? };
            let listened = listen(&input, &Limits::default(), true, &mut (), |_, _| Ok(true))?;
            known.names = listened.names;
            known.damage = listened.damage;
        }
        Ok(known)
    }

    /// What could not be read.
    pub(super) fn damage(&self) -> &[String] {
        &self.damage
    }

    /// What an address is called, and by whom.
    pub(super) fn names_of(&self, address: IpAddr) -> Vec<Called> {
        let Some(known) = self.names.known(address) else { return Vec::new() };
        let called = known.all().map(|evidence| {
            let frame = evidence.frame.map(|frame| format!(", frame {frame}")).unwrap_or_default();
            Called { name: evidence.name.to_string(), origin: format!("{}{frame}", source_words(evidence.source)) }
        });
        called.collect()
    }

    /// The addresses that have a name, in the order in which they got it.
    pub(super) fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
        let named = self.names.iter().filter(|known| known.all().any(|evidence| evidence.name.eq_ignore_ascii_case(name)));
        named.map(|known| known.address).collect()
    }

    /// Every name that is known.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flat_map(|known| known.all().map(|evidence| &*evidence.name))
    }
}
