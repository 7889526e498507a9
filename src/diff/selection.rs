//! Which differences count: `--ignore`, `--only` and `--strict`.

use super::{Cause, PacketField};

/// A name that is neither a field, nor a header, nor a cause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is no field, header or cause of a difference")]
pub struct UnknownName {
    /// What was asked for.
    pub name: Box<str>,
    /// What was perhaps meant.
    pub nearest: Option<Box<str>>,
}

/// Which differences count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of fields, headers and causes that do not count.
    pub ignore: Vec<Box<str>>,
    /// If there are any, nothing else counts.
    pub only: Vec<Box<str>>,
    /// Whether nothing is set apart because it differs every time.
    pub strict: bool,
}

impl Selection {
    /// Whether a difference counts that has these names: its field's, its header's, its cause's. A name stands for what begins with it and
    /// goes on with a dot, too: `tcp.options` for `tcp.options.mss_val`. Capitals do not matter.
    #[must_use]
    pub fn counts(&self, names: &[&str]) -> bool {
        let has = |list: &[Box<str>]| list.iter().any(|wanted| names.iter().any(|name| is_or_holds(wanted, name)));
        !has(&self.ignore) && (self.only.is_empty() || has(&self.only))
    }

    /// Whether a difference of packets counts.
    #[must_use]
    pub fn counts_field(&self, field: PacketField, cause: Cause) -> bool {
        let names: Vec<&str> = [field.id(), cause.word()].into_iter().chain(field.other_ids().iter().copied()).collect();
        self.counts(&names)
    }
}

/// Whether `wanted` is `name`, or the family that it belongs to.
fn is_or_holds(wanted: &str, name: &str) -> bool {
    let (Some(head), rest) = (name.get(..wanted.len()), name.get(wanted.len()..).unwrap_or_default()) else { return false };
    head.eq_ignore_ascii_case(wanted) && (rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(ignore: &[&str], only: &[&str]) -> Selection {
        let own = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
        Selection { ignore: own(ignore), only: own(only), strict: false }
    }

    #[test]
    fn a_family_stands_for_its_fields_and_a_beginning_of_a_word_does_not() {
        let ignores = selection(&["tcp.options", "TIME"], &[]);
        assert!(!ignores.counts(&["tcp.options.mss_val"]));
        assert!(!ignores.counts(&["tcp.options"]));
        assert!(ignores.counts(&["tcp.optionsother"]));
        assert!(!ignores.counts(&["x", "time"]));
    }

    #[test]
    fn only_leaves_what_it_names_and_ignore_wins() {
        let both = selection(&["ip.ttl"], &["ip", "User-Agent"]);
        assert!(both.counts(&["ip.id"]));
        assert!(!both.counts(&["ip.ttl"]));
        assert!(both.counts(&["user-agent"]));
        assert!(!both.counts(&["tcp.flags"]));
        assert!(!both.counts_field(PacketField::HopLimit, Cause::Router));
        assert!(both.counts_field(PacketField::Source, Cause::Nat));
    }
}
