//! Whether to colour, decided once: `colored` gets an empty NO_COLOR, CLICOLOR_FORCE beside NO_COLOR and TERM=dumb wrong.

use super::arguments::ColorChoice;
use std::ffi::OsString;

/// Decides: `--color`, then a non-empty NO_COLOR, then CLICOLOR_FORCE (not 0), then CLICOLOR=0, then TERM=dumb, then whether the stream
/// is a terminal. `variable` reads the environment.
#[must_use]
pub fn decide(choice: ColorChoice, terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto if set("CLICOLOR").is_some_and(|value| value == "0") => false,
        ColorChoice::Auto => terminal && set("TERM").is_none_or(|value| value != "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
        move |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
    }

    #[test]
    fn what_was_typed_beats_the_environment_and_that_beats_the_terminal() {
        assert!(decide(ColorChoice::Always, false, with(&[("NO_COLOR", "1")])));
        assert!(!decide(ColorChoice::Never, true, with(&[("CLICOLOR_FORCE", "1")])));
        assert!(!decide(ColorChoice::Auto, true, with(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")])));
        assert!(decide(ColorChoice::Auto, true, with(&[("NO_COLOR", "")])));
        assert!(decide(ColorChoice::Auto, false, with(&[("CLICOLOR_FORCE", "1")])));
        assert!(!decide(ColorChoice::Auto, false, with(&[("CLICOLOR_FORCE", "0")])));
        assert!(!decide(ColorChoice::Auto, true, with(&[("CLICOLOR", "0")])));
        assert!(!decide(ColorChoice::Auto, true, with(&[("TERM", "dumb")])));
        assert!(decide(ColorChoice::Auto, true, with(&[])));
    }
}
