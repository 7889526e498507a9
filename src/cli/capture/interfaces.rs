//! Which interfaces were asked for.

use crate::cli::interfaces::administration;
use crate::source::live::{self, ANY, LiveError};
use anyhow::{anyhow, bail};

/// The names of the interfaces that were asked for, each once; where none was, that of the default route.
///
/// # Errors
/// One is named twice, or beside all of them; or there is none.
pub(super) fn chosen(asked: &[String]) -> anyhow::Result<Vec<String>> {
    if asked.is_empty() {
        return Ok(vec![live::default_interface()?]);
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
    Ok(names)
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

    fn refused(asked: &[&str]) -> String {
        let asked: Vec<String> = asked.iter().map(ToString::to_string).collect();
        chosen(&asked).expect_err("refused").to_string()
    }

    #[test]
    fn each_interface_is_named_once() {
        assert_eq!(refused(&["a", "b", "a"]), "-i a is named twice; once is enough");
        assert_eq!(refused(&["any", "any"]), "-i any is named twice; once is enough");
        assert_eq!(refused(&["a", "any", "b"]), "-i any is all interfaces already: leave out a, b");
    }

    #[test]
    fn an_index_is_a_name() {
        let all = live::interfaces();
        let loopback = all.iter().find(|interface| interface.is_loopback()).expect("a loopback");
        assert_eq!(chosen(&[loopback.index.to_string()]).expect("chosen"), std::slice::from_ref(&loopback.name));
        let said = refused(&[&loopback.name, &loopback.index.to_string()]);
        assert!(said.contains(&format!("-i {}, which is {},", loopback.index, loopback.name)), "{said}");
        // No interface has these: they stay what they are, and opening them says so.
        assert_eq!(chosen(&["0".to_owned(), "4294967295".to_owned(), String::new()]).expect("chosen"), ["0", "4294967295", ""]);
    }
}
