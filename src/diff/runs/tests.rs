//! Runs from captures.

use super::testing::{capture, explained, run};
use super::*;
use crate::diff::{Digester, Selection};
use crate::explain::Explainer;
use std::mem;
use std::path::{Path, PathBuf};

/// The captures of the repository.
fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.to_string_lossy().contains(".pcap"));
    found.sort();
    found
}

#[test]
fn a_run_is_the_same_as_itself() {
    let digester = Digester::new();
    for path in captures() {
        let mut both = [run(&path, &digester), run(&path, &digester)];
        settle(&mut both);
        for strict in [false, true] {
            let selection = Selection { strict, ..Default::default() };
            let comparison = Comparison::between(&both[0], &both[1], &selection);
            assert_eq!(comparison.relation, Relation::Same, "{} {comparison:?}", path.display());
            assert!(comparison.apart.is_empty(), "{} {:?}", path.display(), comparison.apart);
        }
    }
}

#[test]
fn what_an_explainer_of_conversations_leaves_out_explains_no_difference() {
    let digester = Digester::new();
    for path in captures() {
        let both = [run(&path, &digester), explained(&path, &digester, Explainer::of_conversations())];
        let comparison = Comparison::between(&both[0], &both[1], &Selection::default());
        for pair in &comparison.pairs {
            let rules = [0, 1].map(|side| {
                let rules = pair.notes[side].iter().map(|place| both[side].notes[*place as usize].rule());
                let of_conversations = rules.filter(|rule| !matches!(rule.subject(), "address" | "subnet" | "route" | "capture"));
                // That both ends are on one link is known by the network around them: else it is a way like any other.
                of_conversations.map(|rule| if rule.id == "mtu.mismatch" { "mtu.black-hole" } else { rule.id }).collect::<Vec<&str>>()
            });
            assert_eq!(rules[0], rules[1], "{}", path.display());
        }
    }
}

/// Everything that differs, with left and right as they are or exchanged, in an order of its own.
fn told(comparison: &Comparison<'_>, is_turned: bool) -> Vec<String> {
    let mut all = Vec::new();
    let turn = |mut both: [String; 2]| {
        if is_turned {
            both.reverse();
        }
        both.join(" | ")
    };
    let push = |all: &mut Vec<String>, mark: &str, differences: &[Difference]| {
        for one in differences {
            let kind = match (one.kind, is_turned) {
                (DifferenceKind::Removed, true) => DifferenceKind::Added,
                (DifferenceKind::Added, true) => DifferenceKind::Removed,
                (kind, _) => kind,
            };
            let hunks = one.hunks.iter().map(|hunk| {
                turn([0, 1].map(|side| {
                    let own = hunk.lines.iter().filter(|line| line.is_in[side]).map(|line| line.text.clone()).collect::<Vec<_>>();
                    format!("{}{own:?}", hunk.start[side])
                }))
            });
            let name = if one.kind == DifferenceKind::Moved || one.field.id().ends_with("file_data") {
                ""
            } else {
                str::from_utf8(&one.name).unwrap_or("?")
            };
            let values = turn(one.values.clone().map(|value| format!("{value:?}")));
            all.push(format!("{mark} {kind:?} {:?} {name} {values} {}", one.field, hunks.collect::<String>()));
        }
    };
    for pair in &comparison.pairs {
        let place = turn(pair.places.map(|place| format!("{place:?}")));
        push(&mut all, &place, &pair.differences);
        push(&mut all, &format!("{place} told"), &pair.told);
        all.push(format!("{place} notes {}", turn(pair.notes.each_ref().map(|notes| format!("{notes:?}")))));
        for item in &pair.items {
            let place = turn(item.places.map(|place| format!("{place:?}")));
            push(&mut all, &place, &item.differences);
            push(&mut all, &format!("{place} told"), &item.told);
        }
    }
    all.sort_unstable();
    all
}

#[test]
fn exchanged_it_is_the_same_from_the_other_side() {
    let digester = Digester::new();
    let mut runs: Vec<(PathBuf, Run)> = captures().into_iter().map(|path| (path.clone(), run(&path, &digester))).collect();
    // Every capture with those that stand near it: of the same subject, with the same servers.
    for place in 0..runs.len() {
        for beside in place + 1..runs.len().min(place + 7) {
            // What is settled once more, with another, is what it was or goes by what it is without its codings.
            let mut both = [place, beside].map(|place| mem::take(&mut runs[place].1));
            settle(&mut both);
            let [left, right] = &both;
            let names = format!("{} {}", runs[place].0.display(), runs[beside].0.display());
            for strict in [false, true] {
                let selection = Selection { strict, ..Default::default() };
                let [there, back] = [Comparison::between(left, right, &selection), Comparison::between(right, left, &selection)];
                let turned = match back.relation {
                    Relation::Empty([left, right]) => Relation::Empty([right, left]),
                    relation => relation,
                };
                assert_eq!((there.relation, there.count, &there.apart), (turned, back.count, &back.apart), "{names}");
                assert_eq!(told(&there, false), told(&back, true), "{names}");
            }
            for (place, run) in [place, beside].into_iter().zip(both) {
                runs[place].1 = run;
            }
        }
    }
}

#[test]
fn what_has_nothing_in_common_is_unrelated() {
    let digester = Digester::new();
    let related = |left: &str, right: &str| {
        let runs = [left, right].map(|name| run(&capture(name), &digester));
        Comparison::between(&runs[0], &runs[1], &Selection::default()).relation
    };
    assert_eq!(related("ftp.pcapng", "http-geocode.pcapng"), Relation::Unrelated);
    assert_eq!(related("imap.pcapng", "dns-truncated.pcapng.gz"), Relation::Unrelated);
    assert_eq!(related("arp-probe-conflict.pcapng", "http-gzip.pcapng"), Relation::Empty([true, false]));
}

#[test]
fn what_alone_is_compared_is_not_what_things_are_matched_by() {
    let digester = Digester::new();
    let run = run(&capture("http-redirect-chain.pcapng"), &digester);
    // Were exchanges matched by their status alone, one of them would stand for another.
    let statuses = |run: &Run| -> Vec<Value> {
        let items = run.talks.iter().flat_map(|talk| &talk.items);
        items.filter_map(|item| item.get(Field::Status).cloned()).collect()
    };
    assert!(statuses(&run).len() > 1, "{:?}", statuses(&run));
    let mut other = testing::run(&capture("http-redirect-chain.pcapng"), &digester);
    let mut exchanges: Vec<&mut Item> =
        other.talks.iter_mut().flat_map(|talk| &mut talk.items).filter(|item| item.kind == ItemKind::Exchange).collect();
    let last = exchanges.len() - 1;
    let status = |item: &Item| item.aspects.iter().position(|aspect| aspect.field == Field::Status).expect("a status");
    let [first_at, last_at] = [status(exchanges[0]), status(exchanges[last])];
    let kept = exchanges[0].aspects[first_at].value.clone();
    exchanges[0].aspects[first_at].value = exchanges[last].aspects[last_at].value.clone();
    exchanges[last].aspects[last_at].value = kept;
    let only = Selection { only: vec!["http.response.code".into()], ..Selection::default() };
    let comparison = Comparison::between(&run, &other, &only);
    assert_eq!((comparison.relation, comparison.count), (Relation::Different, 2), "{comparison:?}");
}

#[test]
fn what_a_client_of_tls_offers_and_the_key_of_the_certificate_are_compared() {
    let digester = Digester::new();
    let with = |change: &dyn Fn(&mut Value, Field)| {
        let mut run = run(&capture("tls12.pcapng"), &digester);
        let handshake = run.talks.iter_mut().flat_map(|talk| &mut talk.items).find(|item| item.kind == ItemKind::Handshake).expect("TLS");
        handshake.aspects.iter_mut().for_each(|aspect| change(&mut aspect.value, aspect.field));
        run
    };
    let as_it_is = with(&|_, _| {});
    let compared = |other: &Run, strict: bool| {
        let selection = Selection { strict, ..Selection::default() };
        let comparison = Comparison::between(&as_it_is, other, &selection);
        let differences = comparison.pairs.iter().flat_map(|pair| &pair.items).flat_map(|item| &item.differences);
        differences.map(|one| (one.field, one.values.clone())).collect::<Vec<_>>()
    };
    let without_first = with(&|value, field| {
        if let (Value::Codes(codes), Field::OfferedSuites) = (value, field) {
            *codes = codes[1..].into();
        }
    });
    assert_eq!(compared(&without_first, false), [(Field::OfferedSuites, [Value::Codes([0xc02c].into()), Value::Absent])]);
    let turned = with(&|value, field| {
        if let (Value::Codes(codes), Field::OfferedGroups) = (value, field) {
            codes.reverse();
        }
    });
    assert_eq!((compared(&turned, false).len(), compared(&turned, true)[0].0), (0, Field::GroupOrder));
    let other_key = with(&|value, field| {
        if let (Value::Bytes { sha256: Some(hash), .. }, Field::PublicKey) = (value, field) {
            hash[0] ^= 1;
        }
    });
    assert_eq!(compared(&other_key, false)[0].0, Field::PublicKey);
}

#[test]
fn what_tls_1_3_encrypts_is_not_called_absent() {
    let digester = Digester::new();
    let [left, right] = ["tls12.pcapng", "tls13.pcapng"].map(|name| run(&capture(name), &digester));
    let comparison = Comparison::between(&left, &right, &Selection::default());
    let differences = comparison.pairs.iter().flat_map(|pair| &pair.items).flat_map(|item| &item.differences);
    let fields: Vec<Field> = differences.map(|one| one.field).collect();
    assert!(
        fields.contains(&Field::TlsVersion) && !fields.iter().any(|field| (Field::Subject..=Field::PublicKey).contains(field)),
        "{fields:?}"
    );
}
