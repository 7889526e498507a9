//! `captures/README.md` is an index: it names every capture once, and no capture that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Captures are read whole by people and by tests: one that needs more room has too much in it for one story.
const LARGEST: u64 = 100_000;

struct Row {
    file: String,
    look_for: String,
    how_made: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// The rows of an index: the table's lines whose first cell is a file name in backquotes.
fn rows_of(folder: &Path) -> Vec<Row> {
    let text = fs::read_to_string(folder.join("README.md")).expect("README.md is readable");
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells.len(), 3, "a row has three cells: {line}");
            Row { file: cells[0].trim_matches('`').to_owned(), look_for: cells[1].to_owned(), how_made: cells[2].to_owned() }
        })
        .collect()
}

fn rows() -> Vec<Row> {
    rows_of(&folder())
}

/// Everything in a folder but the index, with its size; folders with a slash behind their name.
fn entries(folder: &Path) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(folder).expect("it is a folder").map(|entry| {
        let entry = entry.expect("an entry");
        let (metadata, name) = (entry.metadata().expect("its size"), entry.file_name().to_string_lossy().into_owned());
        (if metadata.is_dir() { format!("{name}/") } else { name }, metadata.len())
    });
    entries.filter(|(name, _)| name != "README.md").collect()
}

/// Every capture in the folder, with its size.
fn files() -> BTreeMap<String, u64> {
    entries(&folder()).into_iter().filter(|(name, _)| !name.ends_with('/')).collect()
}

#[test]
fn every_scene_has_one_row_and_six_small_captures() {
    let folder = folder().join("diff");
    let named: Vec<String> = rows_of(&folder).into_iter().map(|row| row.file).collect();
    let scenes = entries(&folder);
    assert_eq!(named.iter().collect::<BTreeSet<_>>(), scenes.keys().collect(), "captures/diff/README.md names each scene");
    assert_eq!(named.len(), scenes.len());
    for scene in scenes.keys() {
        let files = entries(&folder.join(scene));
        assert_eq!(files.len(), 7, "captures/diff/{scene} has a capture of each point, and truth.json: {files:?}");
        assert!(files.values().all(|size| *size > 0 && *size < LARGEST), "{files:?}");
    }
}

#[test]
fn every_capture_has_one_row() {
    let rows = rows();
    for name in files().keys() {
        let found = rows.iter().filter(|row| row.file == *name).count();
        assert_eq!(found, 1, "captures/README.md has {found} rows for {name}");
    }
}

#[test]
fn every_row_names_a_capture() {
    let files = files();
    for row in rows() {
        assert!(files.contains_key(&row.file), "captures/{} is in the index and not in the folder", row.file);
    }
}

#[test]
fn every_row_says_what_to_look_for_and_how_it_was_made() {
    for row in rows() {
        assert!(!row.look_for.is_empty(), "{}: what is there to look for?", row.file);
        assert!(!row.how_made.is_empty(), "{}: how was it made?", row.file);
    }
}

#[test]
fn captures_are_small() {
    let files = files();
    assert!(!files.is_empty(), "there are no captures");
    for (name, size) in files {
        assert!(size > 0 && size < LARGEST, "captures/{name} has {size} bytes");
    }
}
