//! Bodies as they were before their codings, held against others' reading of them.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write;

/// The hashes of the whole bodies in an index, and how often each is there: tshark leaves out what was cut.
fn hashes(index: &Path) -> BTreeMap<String, usize> {
    let mut hashes = BTreeMap::new();
    for line in fs::read_to_string(index).expect("an index").lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        if line["complete"] == false {
            continue;
        }
        *hashes.entry(line["sha256"].as_str().expect("a hash").to_owned()).or_default() += 1;
    }
    hashes
}

#[test]
fn the_bodies_are_those_that_tshark_exports() {
    let (Some(_), Some(_)) = (peer("tshark"), peer("sha256sum")) else { return };
    let mut held = 0;
    for path in captures().iter().filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("http-"))) {
        let folder = folder();
        let theirs = folder.path().join("theirs");
        let export = format!("http,{}", theirs.display());
        let ran = std::process::Command::new("tshark").args(["-q", "-2", "-r", text(path), "--export-objects", &export]).output();
        assert!(ran.expect("tshark runs").status.success());
        let ours = folder.path().join("ours");
        assert_eq!(http(["-q", "--save", text(&ours), text(path)]).status, Some(0));
        let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
        for entry in fs::read_dir(&theirs).into_iter().flatten() {
            let sum = std::process::Command::new("sha256sum").arg(entry.expect("an entry").path()).output().expect("sha256sum runs");
            *wanted.entry(String::from_utf8_lossy(&sum.stdout)[..64].to_owned()).or_default() += 1;
        }
        held += wanted.values().sum::<usize>();
        assert_eq!(hashes(&ours.join("index.jsonl")), wanted, "{}", path.display());
    }
    assert!(held > 10, "only {held} bodies were held");
}

#[test]
fn a_bomb_ends_at_the_limit_and_the_rest_is_still_read() {
    let folder = folder();
    // Many members of one MiB; a byte now and then keeps what one gives below the limit of their ratio.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let part: Vec<u8> = (0..1_u32 << 20).map(|place| if place % 512 == 0 { (place >> 9) as u8 } else { 0 }).collect();
    encoder.write_all(&part).unwrap();
    let bomb = encoder.finish().unwrap().repeat(80);
    let answers = [answer("Content-Encoding: gzip\r\n", &bomb), answer("Content-Type: text/plain\r\n", b"and on")].concat();
    let path = made(&folder, &[Client(&[GET, GET].concat()), Server(&answers)]);
    let ran = http(["-v", text(&path)]);
    assert!(ran.out.contains("gzip stops after 67108864 bytes"), "{}", ran.out);
    assert!(ran.out.contains("warning: limit: 1 bodies were not decoded to their end"), "{}", ran.out);
    assert!(ran.out.contains("  < and on\n"), "{}", ran.out);
}

#[test]
fn what_is_damaged_is_shown_as_far_as_it_goes() {
    let folder = folder();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(b"It was all well until here").unwrap();
    let mut coded = encoder.finish().unwrap();
    let last = coded.len() - 1;
    coded[last] ^= 1;
    let path = made(&folder, &[Client(GET), Server(&answer("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", &coded))]);
    let body = &json(&path, &[])[0]["response"]["body"];
    assert_eq!((&body["text"], &body["decoding_stopped"]["why"]), (&"It was all well until here".into(), &"checksum".into()));
}

#[test]
fn a_label_that_is_wrong_is_told_and_the_bytes_are_shown() {
    let folder = folder();
    let path = made(&folder, &[Client(GET), Server(&answer("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", b"plain after all"))]);
    let body = &json(&path, &[])[0]["response"]["body"];
    assert_eq!((&body["text"], &body["mislabelled"][0]["found"]), (&"plain after all".into(), &"identity".into()));
    assert!(http(["--hash", text(&path)]).out.contains("[labelled gzip, but it is not]"));
}
