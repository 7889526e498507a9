//! The experiments (`playground explore`): each shows what it is to show, and stands in the playground's README as it is.

use super::Playground;
use crate::support::{bless, difference, repository};
use std::fs;

/// Where the experiments stand in the README.
const BEGIN: &str = "## The experiments\n";

/// What is the same whenever it is done: titles, texts and what is typed. Of what is printed in answer, that there is something.
fn lasting(text: &str) -> String {
    let mut lines = Vec::new();
    let (mut is_fenced, mut is_answer) = (false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
            is_answer = false;
            lines.push(line);
        } else if !is_fenced || line.starts_with("$ ") {
            is_answer = false;
            lines.push(line);
        } else if !is_answer {
            is_answer = true;
            lines.push("(an answer)");
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_experiments_show_what_the_readme_shows() {
    let Some(playground) = Playground::served() else { return };
    // The program itself says of each experiment which rules must tell of its captures, and fails where one does not.
    let output = playground.call(&["explore", "all"]);
    let shown = String::from_utf8(output.stdout).expect("it is text");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}\n{shown}");
    let path = repository("tests/playground/README.md");
    let readme = fs::read_to_string(&path).expect("the playground has a README");
    let (before, kept) = readme.split_once(BEGIN).expect("the README has a part for the experiments");
    if bless() {
        fs::write(&path, format!("{before}{BEGIN}\n{}\n", shown.trim_end())).expect("the README is written");
        return;
    }
    let [kept, found] = [kept, &shown].map(|text| lasting(text.trim()));
    assert!(kept == found, "WIRELORE_BLESS=1 writes the README anew:\n{}", difference(&kept, &found));
}
