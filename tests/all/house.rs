//! The house: data runs one way, text is made in one room, and the core knows nothing of the world around it.

use super::support::repository;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from left to right: a room may use those to its left, never one to its right.
const ROOMS: [&str; 13] =
    ["limits", "nearest", "frame", "source", "host", "dissect", "filter", "reassembly", "conversation", "explain", "diff", "render", "cli"];
/// The rooms that make no text: what they know is data.
const WORDLESS: [&str; 3] = ["dissect", "explain", "diff"];
/// What makes text.
const TEXT: [&str; 9] =
    ["format!", "write!", "writeln!", "format_args!", "to_string", "String::new", "String::from", "push_str", "concat!"];
/// What asks or tells the world: files, sockets, clocks, the environment, the terminal, other threads and programs.
const WORLD: [&str; 22] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "File",
    "OpenOptions",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "UnixStream",
    "Instant",
    "SystemTime",
    "stdin",
    "stdout",
    "stderr",
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "dbg!",
];
/// Where the world is met: the command, what asks this machine what it knows or may, what opens the input that the user named, waits for its
/// bytes and has another core read them.
const DOORS: [&str; 9] = [
    "cli/",
    "host/probe/",
    "source/administrator.rs",
    "source/ahead.rs",
    "source/file.rs",
    "source/live/",
    "source/patient.rs",
    "source/privilege/",
    "source/ring/",
];
/// The most lines of a file, its tests not counted.
const LONGEST: usize = 500;

/// A file of `src/`: its path there, and its code without comments, string contents and tests.
struct File {
    path: String,
    text: String,
    code: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: without_tests(&without_prose(text)) }
    }

    /// The room it belongs to; `None` for the crate's root.
    fn room(&self) -> Option<&str> {
        let first = self.path.split('/').next()?.trim_end_matches(".rs");
        (!["lib", "main"].contains(&first)).then_some(first)
    }

    /// How many modules deep it stands: `super` as often leads to the crate's root.
    fn depth(&self) -> usize {
        let parts = self.path.trim_end_matches(".rs").split('/');
        parts.filter(|part| *part != "mod").count()
    }
}

/// Every file of `src/` that is not a test as a whole.
fn files() -> Vec<File> {
    let root = repository("src");
    let mut folders = vec![root.clone()];
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src/ is readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                found.push((path, text));
            }
        }
    }
    let tests: BTreeSet<PathBuf> = found.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let inside = |path: &Path| path.strip_prefix(&root).expect("a file of src/").to_string_lossy().into_owned();
    let mut files: Vec<File> =
        found.iter().filter(|(path, _)| !tests.contains(path)).map(|(path, text)| File::new(&inside(path), text)).collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// The files that `#[cfg(test)] mod name;` names.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let own = path.file_stem().is_some_and(|stem| ["mod", "lib", "main"].iter().any(|name| stem == *name));
    let folder = if own { path.parent().expect("a folder").to_path_buf() } else { path.with_extension("") };
    let code = without_prose(text);
    let after = code.match_indices("#[cfg(test)]").map(|(at, mark)| code[at + mark.len()..].trim_start());
    after
        .filter_map(|item| item.strip_prefix("pub(crate) ").unwrap_or(item).strip_prefix("mod "))
        .filter_map(|item| item.split_once([';', '{']).filter(|(name, _)| item[name.len()..].starts_with(';')))
        .map(|(name, _)| folder.join(format!("{}.rs", name.trim())))
        .collect()
}

/// The text with comments, and what stands in strings and characters, blanked; line feeds stay.
fn without_prose(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest, 1),
            'r' if !code.ends_with(is_word) && (rest.starts_with("r\"") || rest.starts_with("r#\"")) => {
                let end = if rest.starts_with("r\"") { "\"" } else { "\"#" };
                let start = end.len() + 1;
                rest[start..].find(end).map_or(rest.len(), |at| start + at + end.len())
            }
            '\'' if rest.starts_with("'\\") => quoted_character(rest),
            '\'' if rest.chars().nth(2) == Some('\'') => rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at),
            _ => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        // Two words that a comment parted stay parted.
        code.push(' ');
        rest = &rest[length..];
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a string from its opening quote.
fn quoted(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text[from..].char_indices() {
        match c {
            '"' if !escaped => return from + at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

/// The length of a character that is written with an escape.
fn quoted_character(text: &str) -> usize {
    text[3..].find('\'').map_or(text.len(), |end| end + 4)
}

/// Code without the items that stand behind `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    without_items(code, "#[cfg(test)]")
}

/// Code without the items that begin with `mark`: to their semicolon, or to their closing brace.
fn without_items(code: &str, mark: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(mark) {
        kept.push_str(&rest[..at]);
        let mut depth = 0usize;
        let end = rest[at..].char_indices().find_map(|(place, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            (depth == 0 && (c == '}' || c == ';')).then_some(at + place + 1)
        });
        rest = &rest[end.unwrap_or(rest.len())..];
    }
    kept.push_str(rest);
    kept
}

/// The words behind each `prefix` in code: one, or each of those in braces.
fn names_behind<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let word = |text: &'a str| &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c| is_word(c) || c == ':') {
            continue;
        }
        let behind = &code[at + prefix.len()..];
        let Some(list) = behind.strip_prefix('{') else {
            names.push(word(behind));
            continue;
        };
        let mut depth = 0usize;
        let mut start = true;
        for (place, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && is_word(c) => {
                    names.push(word(&list[place..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

/// The rooms that a file uses and must not.
fn rooms_to_the_right(file: &File) -> Vec<String> {
    let Some(own) = file.room() else { return Vec::new() };
    let Some(place) = ROOMS.iter().position(|room| *room == own) else {
        return vec![format!("{}: {own} is not a room of the house", file.path)];
    };
    let up = "super::".repeat(file.depth());
    let used: BTreeSet<&str> = ["crate::", &up].iter().flat_map(|prefix| names_behind(&file.code, prefix)).collect();
    let right = used.into_iter().filter(|name| ROOMS.iter().position(|room| room == name).is_some_and(|other| other > place));
    right.map(|name| format!("{} uses {name}, which is to its right", file.path)).collect()
}

/// Which of `words` stand in code as words of their own.
fn words_in(code: &str, words: &[&'static str]) -> Vec<&'static str> {
    let alone = |word: &str| {
        code.match_indices(word).any(|(at, _)| {
            let behind = &code[at + word.len()..];
            !code[..at].ends_with(is_word) && (word.ends_with('!') || !behind.starts_with(is_word))
        })
    };
    words.iter().filter(|word| alone(word)).copied().collect()
}

/// What a room without words says. How a value is shown to a programmer, and an error to whoever reports it, is not meant.
fn text_made(file: &File) -> Vec<&'static str> {
    if !file.room().is_some_and(|room| WORDLESS.contains(&room)) {
        return Vec::new();
    }
    let code = ["impl fmt::Debug", "impl fmt::Display", "impl std::fmt::Display", "impl std::fmt::Debug"]
        .iter()
        .fold(file.code.clone(), |code, mark| without_items(&code, mark));
    words_in(&code, &TEXT)
}

/// What a file of the core asks of the world.
fn world_asked(file: &File) -> Vec<&'static str> {
    if file.room().is_none() || DOORS.iter().any(|door| file.path.starts_with(door)) {
        return Vec::new();
    }
    words_in(&file.code, &WORLD)
}

/// How many lines a file has before its tests.
fn lines(file: &File) -> usize {
    file.text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

/// The numbers that say how much is kept and stand outside `limits`, by the words that their names have. What is kept is counted in `usize`:
/// other types are times, hops and ports.
fn bounds(file: &File) -> Vec<String> {
    const WORDS: [&str; 7] = ["REMEMBERED", "KEPT", "WAITING", "WATCHED", "MOST", "LIMIT", "LONGEST"];
    if file.room() == Some("limits") {
        return Vec::new();
    }
    let constants = file.code.split("const ").skip(1).filter_map(|rest| rest.split_once(':'));
    let counts = constants.filter(|(name, rest)| rest.trim_start().starts_with("usize") && name.chars().all(is_word));
    let bounds = counts.filter(|(name, _)| name.split('_').any(|part| WORDS.contains(&part)));
    bounds
        .map(|(name, _)| format!("{name}: how much is kept stands in src/limits, as Limits::{name}; how much is shown is called .._SHOWN"))
        .collect()
}

fn hold(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn data_runs_one_way() {
    hold(files().iter().flat_map(rooms_to_the_right).collect());
}

#[test]
fn text_is_made_only_where_it_is_shown() {
    let made = files().into_iter().flat_map(|file| text_made(&file).into_iter().map(move |word| (file.path.clone(), word)));
    hold(made.map(|(path, word)| format!("{path} makes text: {word}")).collect());
}

#[test]
fn the_core_asks_nothing_of_the_world() {
    let asked = files().into_iter().flat_map(|file| world_asked(&file).into_iter().map(move |word| (file.path.clone(), word)));
    hold(asked.map(|(path, word)| format!("{path} is of the core and uses {word}")).collect());
}

#[test]
fn no_file_is_long() {
    let long = files().into_iter().filter(|file| lines(file) > LONGEST);
    hold(long.map(|file| format!("{} has {} lines before its tests", file.path, lines(&file))).collect());
}

#[test]
fn what_is_kept_is_bounded_among_the_limits() {
    hold(files().iter().flat_map(|file| bounds(file).into_iter().map(|bound| format!("{}: {bound}", file.path))).collect());
}

#[test]
fn every_room_is_on_the_map() {
    let map = fs::read_to_string(repository("src/lib.rs")).expect("src/lib.rs is readable");
    let rooms: BTreeSet<String> = files().iter().filter_map(|file| file.room().map(str::to_owned)).collect();
    assert!(rooms.len() >= 5, "the rooms were not found: {rooms:?}");
    hold(rooms.iter().filter(|room| !map.contains(&format!("mod {room};"))).map(|room| format!("lib.rs lacks {room}")).collect());
}

mod the_scanner {
    use super::*;

    #[test]
    fn sees_a_room_to_the_right_however_it_is_named() {
        let found = |path: &str, text: &str| rooms_to_the_right(&File::new(path, text)).len();
        assert_eq!(found("dissect/link/ethernet.rs", "use crate::render::number;"), 1);
        assert_eq!(found("dissect/link/ethernet.rs", "fn f() { crate::cli::say() }"), 1);
        assert_eq!(found("dissect/link/ethernet.rs", "use crate::{frame::Frame, render::{number, value}, cli};"), 2);
        assert_eq!(found("dissect/link/ethernet.rs", "use super::super::super::render::number;"), 1);
        assert_eq!(found("dissect/mod.rs", "use super::render::number;"), 1);
        assert_eq!(found("kitchen/mod.rs", ""), 1);
    }

    #[test]
    fn lets_a_room_use_those_to_its_left_and_itself() {
        let found = |path: &str, text: &str| rooms_to_the_right(&File::new(path, text)).len();
        assert_eq!(found("dissect/link/ethernet.rs", "use crate::{frame::Frame, dissect::Walk}; use super::super::render;"), 0);
        assert_eq!(found("render/line.rs", "use crate::explain::Note; // crate::cli"), 0);
        assert_eq!(found("dissect/walk.rs", "const A: &str = \"crate::cli\";\n#[cfg(test)]\nmod tests { use crate::render::value; }"), 0);
        assert_eq!(found("lib.rs", "pub use crate::cli::main;"), 0);
    }

    #[test]
    fn sees_text_that_is_made_and_not_text_that_is_spoken_of() {
        let found = |text: &str| text_made(&File::new("dissect/a.rs", text));
        assert_eq!(found("fn f() -> String { format!(\"{}\", 1) }"), ["format!"]);
        assert_eq!(found("fn f() { 1.to_string() }"), ["to_string"]);
        assert_eq!(found("// format!\nconst A: char = '\"'; const B: &str = r#\"write!\"#; fn my_format!() {}"), [""; 0]);
        assert_eq!(found("impl fmt::Debug for A { fn fmt() { write!(f) } }\nfn g() {}"), [""; 0]);
        assert_eq!(found("impl fmt::Debug for A { fn fmt() { write!(f) } }\nfn g() { write!(f) }"), ["write!"]);
        assert_eq!(found("#[cfg(test)]\nmod tests;\nfn g() { format!() }"), ["format!"]);
        assert!(text_made(&File::new("render/a.rs", "format!()")).is_empty());
    }

    #[test]
    fn sees_the_world() {
        let found = |path: &str, text: &str| world_asked(&File::new(path, text));
        assert_eq!(found("explain/a.rs", "use std::time::{Duration, Instant};"), ["Instant"]);
        assert_eq!(found("source/pcap.rs", "use std::fs::File;"), ["std::fs", "File"]);
        assert_eq!(found("render/a.rs", "fn f() { println!(\"\"); }"), ["println!"]);
        assert_eq!(found("render/a.rs", "use std::time::Duration; struct FileHeader; fn instant() {}"), [""; 0]);
        assert!(found("source/file.rs", "use std::fs::File;").is_empty());
        assert!(found("cli/read.rs", "use std::time::Instant;").is_empty());
    }

    #[test]
    fn counts_the_lines_before_the_tests() {
        assert_eq!(lines(&File::new("a.rs", "one\ntwo\n#[cfg(test)]\nmod tests {\n}\n")), 2);
    }

    #[test]
    fn knows_the_files_that_are_tests_as_a_whole() {
        let found = |path: &str| test_modules(Path::new(path), "#[cfg(test)]\nmod tests;\nmod code;\n#[cfg(test)]\nmod inside { }");
        assert_eq!(found("src/a/mod.rs"), [Path::new("src/a/tests.rs")]);
        assert_eq!(found("src/a.rs"), [Path::new("src/a/tests.rs")]);
    }
}
