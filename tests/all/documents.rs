//! What the documents show is what happens: each `$ wirelore ..` in a console block is run, and its output held against the block.

use super::support::{bless, difference, repository};
use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENTS: [&str; 2] = ["README.md", "CONTRIBUTING.md"];
const OPEN: &str = "```console\n";
const CLOSE: &str = "```\n";

/// A command of a document, with what stands under it.
struct Example<'a> {
    command: &'a str,
    shown: &'a str,
}

/// The commands of a console block.
fn examples(block: &str) -> Vec<Example<'_>> {
    let mut starts: Vec<usize> =
        block.match_indices("$ ").map(|(at, _)| at).filter(|at| *at == 0 || block[..*at].ends_with('\n')).collect();
    starts.push(block.len());
    let pair = |pair: &[usize]| {
        let (command, shown) = block[pair[0] + 2..pair[1]].split_once('\n').expect("a line has an end");
        Example { command, shown }
    };
    starts.windows(2).map(pair).collect()
}

/// The document with the output of its commands as it is now.
fn fresh(text: &str, run: &dyn Fn(&str) -> String) -> String {
    let mut document = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let (before, block) = rest.split_at(at + OPEN.len());
        let end = block.find(CLOSE).expect("a block is closed");
        document += before;
        for example in examples(&block[..end]) {
            // Other commands build, install or change something.
            let own = example.command.starts_with("wirelore ");
            document += &format!("$ {}\n{}", example.command, if own { run(example.command) } else { example.shown.to_owned() });
        }
        rest = &block[end..];
    }
    document + rest
}

/// What a shell prints for a command, the binary of this build being the `wirelore` that it finds.
fn in_a_shell(command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_wirelore"));
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(binary.parent().expect("a folder").to_path_buf()).chain(std::env::split_paths(&folders));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}; }} 2>&1")])
        .current_dir(repository(""))
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        .output()
        .expect("a shell runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn what_the_documents_show_is_what_happens() {
    for name in DOCUMENTS {
        let path = repository(name);
        let text = fs::read_to_string(&path).expect("a document");
        let now = fresh(&text, &in_a_shell);
        if now != text && bless() {
            fs::write(&path, now).expect("a document is written");
            continue;
        }
        assert!(
            now == text,
            "{name} shows what does not happen; WIRELORE_BLESS=1 cargo test documents writes it anew\n{}",
            difference(&text, &now)
        );
    }
}

#[test]
fn the_readme_shows_the_main_job() {
    let text = fs::read_to_string(repository("README.md")).expect("README.md");
    assert!(text.contains("$ wirelore read captures/http-geocode.pcapng\n"));
    assert!(text.contains("cargo run --release -- read captures/http-geocode.pcapng\n") && text.contains("cargo test\n"));
}

#[test]
fn only_our_commands_are_run_and_each_has_its_output() {
    let text = "before\n```console\n$ cargo test\nok\n$ wirelore a\nold\nolder\n$ wirelore b\n```\nafter $ wirelore c\n";
    let run = |command: &str| format!("<{command}>\n");
    assert_eq!(
        fresh(text, &run),
        "before\n```console\n$ cargo test\nok\n$ wirelore a\n<wirelore a>\n$ wirelore b\n<wirelore b>\n```\nafter $ wirelore c\n"
    );
}

/// What a document names in the repository is there.
#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "captures/README.md"];
    for document in documents {
        let text = fs::read_to_string(repository(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        let folder = repository(document).parent().expect("a folder").to_path_buf();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.contains("://") && !file.is_empty() && !folder.join(file).exists() {
                wrong.push(format!("{document} leads to {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
