//! The manual: its pages are fresh, name every option, and are clean to the programs that show them.

use super::support::{compare_or_bless, peer, repository, wirelore};
use clap::{Command, CommandFactory};
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use wirelore::cli::arguments::Arguments;

/// Between these lines of a page stands what is made from the command line's own description.
const BEGIN: &str = ".\\\" begin of what WIRELORE_BLESS=1 cargo test manual writes\n";
const END: &str = ".\\\" end of it\n";

/// A page, as it is in `man/`.
fn page(name: &str) -> String {
    fs::read_to_string(repository("man").join(name)).unwrap_or_default()
}

/// Every page of `man/`, by name.
fn pages() -> BTreeMap<String, String> {
    let entries = fs::read_dir(repository("man")).expect("man/ is a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.map(|name| (name.clone(), page(&name))).collect()
}

/// The command, and each of its verbs, with the page that tells of it.
fn commands() -> Vec<(String, Command)> {
    let mut root = Arguments::command();
    root.build();
    let verbs: Vec<Command> = root.get_subcommands().filter(|verb| verb.get_name() != "help").cloned().collect();
    let verbs = verbs.into_iter().map(|verb| (format!("wirelore-{}.1", verb.get_name()), verb));
    std::iter::once(("wirelore.1".to_owned(), root.clone())).chain(verbs).collect()
}

/// The options of a command, as a section's content: as clap_mangen writes it, without what only its own pages need.
fn options(command: &Command) -> String {
    let mut section = Vec::new();
    let command = command.clone().mut_args(|argument| {
        let file = argument.is_positional();
        argument.hide(file)
    });
    clap_mangen::Man::new(command).render_options_section(&mut section).expect("written to memory");
    let section = String::from_utf8(section).expect("UTF-8").replace(r"\*(Aq", r"\(aq").replace("\\fI<", "\\fI").replace(">\\fR", "\\fR");
    let mut lines: Vec<&str> = Vec::new();
    for line in section.lines() {
        let twice = line == ".br" && lines.last() == Some(&".br");
        if !line.is_empty() && !twice && !line.starts_with(".ie ") && !line.starts_with(".el ") {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn options_are_those_of_the_command_line() {
    let mut wrong = Vec::new();
    for (name, command) in commands() {
        let text = page(&name);
        let (Some(begin), Some(end)) = (text.find(BEGIN), text.find(END)) else {
            wrong.push(format!("man/{name} lacks its marks"));
            continue;
        };
        let fresh = format!("{}{}{}", &text[..begin + BEGIN.len()], options(&command), &text[end..]);
        wrong.extend(compare_or_bless(&repository("man").join(&name), &fresh).err());
    }
    assert!(wrong.is_empty(), "\n{}\nWIRELORE_BLESS=1 cargo test manual writes them anew", wrong.join("\n"));
}

#[test]
fn every_verb_has_a_page_and_every_page_the_version() {
    let pages = pages();
    for (name, _) in commands() {
        assert!(pages.contains_key(&name), "man/{name} is missing");
    }
    for (name, text) in &pages {
        let title = text.lines().find(|line| line.starts_with(".TH ")).unwrap_or_default();
        assert!(title.contains(&format!("\"wirelore {}\"", env!("CARGO_PKG_VERSION"))), "man/{name}: {title}");
    }
}

/// The pages that a page names under SEE ALSO and elsewhere are there, or are somebody else's.
#[test]
fn pages_name_pages_that_there_are() {
    let pages = pages();
    for (name, text) in &pages {
        let named =
            text.lines().filter_map(|line| line.strip_prefix(".BR wirelore")).map(|line| format!("wirelore{line}").replace('\\', ""));
        for reference in named {
            let Some((page, section)) = reference.split_once(" (") else { continue };
            let file = format!("{page}.{}", section.chars().next().unwrap_or('?'));
            assert!(pages.contains_key(&file), "man/{name} names {file}, which is not there");
        }
    }
}

/// The letters and long names of a command's options, as they are typed.
fn spellings(command: &Command) -> Vec<String> {
    let letters = command.get_arguments().filter_map(|argument| argument.get_short()).map(|letter| format!("-{letter}"));
    letters.chain(command.get_arguments().filter_map(|argument| argument.get_long()).map(|name| format!("--{name}"))).collect()
}

#[test]
fn help_names_every_option_and_every_verb() {
    for (name, command) in commands() {
        let verb = name.trim_end_matches(".1").strip_prefix("wirelore-");
        let output = wirelore().args(verb).arg("--help").output().expect("wirelore runs");
        let help = String::from_utf8(output.stdout).expect("help is UTF-8");
        assert!(output.status.success(), "--help of {name}");
        for spelling in spellings(&command) {
            assert!(help.contains(&spelling), "the help of {name} lacks {spelling}");
        }
        for verb in command.get_subcommands() {
            assert!(help.contains(verb.get_name()), "the help of {name} lacks {}", verb.get_name());
        }
        assert!(command.get_arguments().all(|argument| argument.get_help().is_some()), "an option of {name} has no help");
    }
}

#[test]
fn completions_name_every_verb() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = wirelore().args(["completions", shell]).output().expect("wirelore runs");
        let script = String::from_utf8(output.stdout).expect("a script is UTF-8");
        assert!(output.status.success() && script.contains("completions") && script.contains("read"), "{shell}");
    }
}

#[test]
fn pages_are_clean_to_mandoc() {
    let Some(mut mandoc) = peer("mandoc") else { return };
    mandoc.args(["-T", "lint", "-W", "warning"]).args(pages().keys().map(|name| repository("man").join(name)));
    let output = mandoc.output().expect("mandoc runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "\n{said}");
}

#[test]
fn pages_are_clean_to_man() {
    if peer("man").is_none() || peer("groff").is_none() {
        return;
    }
    for name in pages().keys() {
        let mut man = std::process::Command::new("man");
        man.args(["--warnings=mac,reg,font,missing", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]).arg(repository("man").join(name));
        let output = man.env("MANWIDTH", "80").stdin(Stdio::null()).output().expect("man runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "man/{name}:\n{said}");
    }
}
