//! wirelore-lessons(7) is made from the lessons: the same text that `wirelore explain RULE` shows.

use super::support::{compare_or_bless, repository, wirelore};
use wirelore::explain::rules;
use wirelore::render::lesson::{lesson, push_manual};

fn lessons_page() -> String {
    let mut page = format!(
        r#".TH WIRELORE\-LESSONS 7 2026-11-22 "wirelore {}" "Miscellaneous Information Manual"
.\" WIRELORE_BLESS=1 cargo test manual writes this page.
.SH NAME
wirelore\-lessons \- what the notes of wirelore mean
.SH DESCRIPTION
Every note that wirelore makes names its rule in brackets, such as
.BR [route.gateway] .
Here stands of each rule what is seen, why it happens, how the bits or numbers work out, what to try, and where it is specified.
.B wirelore explain route.gateway
shows one of them,
.B wirelore explain route
lists those of a subject, and
.B wirelore explain \-\-list
lists them all.
"#,
        env!("CARGO_PKG_VERSION").replace('-', "\\-")
    )
    .into_bytes();
    push_manual(&mut page);
    page.extend_from_slice(b".SH SEE ALSO\n.BR wirelore\\-explain (1),\n.BR wirelore\\-read (1),\n.BR wirelore\\-conversations (1)\n");
    String::from_utf8(page).expect("UTF-8")
}

#[test]
fn the_page_of_the_manual_is_made_of_the_same_text() {
    let fresh = compare_or_bless(&repository("man/wirelore-lessons.7"), &lessons_page());
    assert_eq!(fresh, Ok(()), "\n{}\nWIRELORE_BLESS=1 cargo test manual writes it anew", fresh.clone().unwrap_err());
}

fn explain(words: &[&str]) -> (Option<i32>, String, String) {
    let output = wirelore().arg("explain").args(words).output().expect("wirelore runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_list_names_every_rule_and_each_can_be_shown() {
    let (status, list, _) = explain(&["--list"]);
    assert_eq!(status, Some(0));
    for rule in rules() {
        assert!(list.lines().any(|line| line.starts_with(&format!("{} ", rule.id))), "--list lacks {}", rule.id);
        let title = lesson(rule.id).expect("a lesson").title;
        let (status, shown, _) = explain(&[rule.id]);
        assert!(status == Some(0) && shown.starts_with(&format!("{}: {title}", rule.id)), "{}: {shown}", rule.id);
    }
}

#[test]
fn a_subject_lists_its_rules_alone_and_an_unknown_rule_is_told_the_nearest() {
    let (status, list, _) = explain(&["fragments"]);
    assert_eq!(status, Some(0));
    assert!(!list.is_empty() && list.lines().all(|line| line.starts_with("fragments.")), "{list}");
    let (status, out, said) = explain(&["fragments.refusd"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(said.contains("fragments.refused"), "{said}");
}
