//! Which interfaces were asked for.

use crate::cli::interfaces::administration;
use crate::filter::FilterError;
use crate::source::live::{self, ANY, LiveError};
use anyhow::{anyhow, bail};

/// The interfaces to capture on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Their names, each once.
    pub(super) names: Vec<String>,
    /// Whether nobody named one and there is no default route: then it is the first that is up.
    pub(super) is_first: bool,
}

/// The interfaces that were asked for; where none was, that of the default route.
///
/// # Errors
/// One is named twice, or beside all of them; or there is none.
pub(super) fn chosen(asked: &[String]) -> anyhow::Result<Chosen> {
    if asked.is_empty() {
        let routed = live::routed_interface();
        return Ok(Chosen { is_first: routed.is_none(), names: vec![routed.map_or_else(live::first_interface, Ok)?] });
    }
    let mut names: Vec<String> = Vec::new();
    for asked in asked {
        let name = live::name_of(asked);
        if names.contains(&name) {
            let same = if *asked == name { String::new() } else { format!(", which is {name},") };
            bail!("-i {asked}{same} is named twice; once is enough");
        }
        names.push(name);
    }
    if names.len() > 1 && names.iter().any(|name| name == ANY) {
        let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != ANY).collect();
        bail!("-i {ANY} is all interfaces already: leave out {}", others.join(", "));
    }
    Ok(Chosen { names, is_first: false })
}

/// The error of a filter; where an interface stands in its place, that.
pub(super) fn in_place_of_filter(error: FilterError, asked: &[String]) -> anyhow::Error {
    let word = error.word();
    let is_interface = || word == ANY || live::interfaces().iter().any(|interface| interface.name == word);
    match asked.is_empty() && error.span.start == 0 && is_interface() {
        true => anyhow!("{word} is an interface, and stands where a filter does: `wirelore capture -i {word}`"),
        false => error.into(),
    }
}

/// The same error, with what switches an interface on that is down.
pub(super) fn with_advice(error: anyhow::Error, netns: Option<&str>) -> anyhow::Error {
    match error.downcast_ref::<LiveError>() {
        Some(LiveError::Down { name }) => {
            anyhow!("{error}; switch it on with `{}`", administration(netns).switch_on(name, cfg!(target_os = "linux")))
        }
        Some(_) | None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    fn refused(asked: &[&str]) -> String {
        let asked: Vec<String> = asked.iter().map(ToString::to_string).collect();
        chosen(&asked).expect_err("refused").to_string()
    }

    fn named(asked: &[String]) -> Vec<String> {
        let chosen = chosen(asked).expect("chosen");
        assert!(!chosen.is_first);
        chosen.names
    }

    #[test]
    fn each_interface_is_named_once() {
        assert_eq!(refused(&["a", "b", "a"]), "-i a is named twice; once is enough");
        assert_eq!(refused(&["any", "any"]), "-i any is named twice; once is enough");
        assert_eq!(refused(&["a", "any", "b"]), "-i any is all interfaces already: leave out a, b");
    }

    #[test]
    fn an_interface_is_no_filter() {
        let said = |typed: &str, asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(ToString::to_string).collect();
            in_place_of_filter(Filter::parse(typed).expect_err("no filter"), &asked).to_string()
        };
        assert_eq!(said("any", &[]), "any is an interface, and stands where a filter does: `wirelore capture -i any`");
        assert_eq!(said("any", &["lo"]), "I know no word `any`");
        assert_eq!(said("wirelore99", &[]), "I know no word `wirelore99`");
    }

    #[test]
    fn an_index_is_a_name() {
        let all = live::interfaces();
        let loopback = all.iter().find(|interface| interface.is_loopback()).expect("a loopback");
        assert_eq!(named(&[loopback.index.to_string()]), std::slice::from_ref(&loopback.name));
        let said = refused(&[&loopback.name, &loopback.index.to_string()]);
        assert!(said.contains(&format!("-i {}, which is {},", loopback.index, loopback.name)), "{said}");
        // No interface has these: they stay what they are, and opening them says so.
        assert_eq!(named(&["0".to_owned(), "4294967295".to_owned(), String::new()]), ["0", "4294967295", ""]);
    }
}
