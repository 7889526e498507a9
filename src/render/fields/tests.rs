use super::*;
use crate::dissect::dissect;
use crate::frame::{Annotations, LinkType};
use crate::render::sample;
use crate::source;

fn columns(names: &[&str], options: &[&str]) -> Columns {
    Columns::parse(names, FieldsOptions::parse(options).unwrap()).unwrap()
}

fn line(columns: &mut Columns, frame: &Frame<'_>) -> String {
    let mut out = Vec::new();
    columns.write_frame(&mut out, frame, &sample::dissected(frame), &sample::interface(b"eth0"));
    String::from_utf8(out).unwrap()
}

#[test]
fn values_as_scripts_know_them() {
    let data = sample::bytes(sample::SYN);
    let frame = sample::frame(&data, LinkType::ETHERNET);
    let names = ["ip.src", "tcp.dstport", "eth.type", "tcp.flags", "ip.flags.df", "ip.flags.mf", "ip.id", "ip.checksum", "eth.src"];
    let expected = "192.168.1.11\t80\t0x0800\t0x0002\t1\t0\t0x3d49\t0x303a\t02:00:c0:a8:01:0b\n";
    assert_eq!(line(&mut columns(&names, &[]), &frame), expected);
}

#[test]
fn several_values_are_joined_and_what_a_frame_lacks_is_empty() {
    let data = sample::bytes(sample::SYN);
    let frame = sample::frame(&data, LinkType::ETHERNET);
    let names = ["ip.addr", "udp.port", "tcp.option_kind"];
    let mut all = columns(&names, &[]);
    for _ in 0..2 {
        assert_eq!(line(&mut all, &frame), "192.168.1.11,10.130.1.4\t\t2,4,8,1,3\n");
    }
    assert_eq!(line(&mut columns(&names, &["occurrence=f", "separator=|"]), &frame), "192.168.1.11||2\n");
    assert_eq!(line(&mut columns(&names, &["occurrence=l", "separator=/s"]), &frame), "10.130.1.4  3\n");
    assert_eq!(line(&mut columns(&names, &["aggregator=;"]), &frame), "192.168.1.11;10.130.1.4\t\t2;4;8;1;3\n");
}

#[test]
fn what_belongs_to_the_frame_itself() {
    let options = [&[1, 0, 5, 0][..], b"say\t\"\0\0\0", &[1, 0, 2, 0], b"hi\0\0"].concat();
    let annotations = Annotations { options: &options, big_endian: false };
    let data = sample::bytes(sample::SYN);
    let frame = Frame { annotations, length: 80, ..sample::frame(&data, LinkType::ETHERNET) };
    let names: Vec<&str> = FRAME_PARTS.iter().map(|(name, _)| *name).collect();
    let expected = "5 2026-11-22T16:00:38.943864056Z 1795363238.943864056 80 74 eth:ip:tcp eth0 0 say\\t\",hi\n";
    assert_eq!(line(&mut columns(&names, &["separator=/s"]), &frame), expected);
    let quoted = line(&mut columns(&["frame.comment", "udp.port"], &["quote=d", "separator=,"]), &frame);
    assert_eq!(quoted, "\"say\\t\"\",hi\",\n");
}

#[test]
fn names_stand_above_where_that_is_asked_for() {
    let mut out = Vec::new();
    columns(&["ip.src", "frame.len"], &[]).write_header(&mut out);
    assert_eq!(out, b"");
    columns(&["ip.src", "frame.len"], &["header=y", "separator=,"]).write_header(&mut out);
    assert_eq!(out, b"ip.src,frame.len\n");
}

#[test]
fn a_name_that_nobody_has_is_refused_with_one_that_is_near() {
    let refusal = |name| Columns::parse(&[name], FieldsOptions::default()).err().unwrap().to_string();
    assert_eq!(refusal("tcp.dstprot"), "no field is named tcp.dstprot; did you mean tcp.dstport?");
    assert_eq!(refusal("frame.length"), "no field is named frame.length; did you mean frame.len?");
    assert_eq!(refusal("\x1b[31m"), "no field is named \\x1b[31m");
    assert_eq!(refusal("tcp"), "tcp is a protocol; name one of its fields, tcp.srcport for example");
}

/// Notes fields that a layer shows and its protocol does not declare: no name could ask for them.
struct Undeclared<'a>(&'static Protocol, &'a mut Vec<String>);

impl FieldSink for Undeclared<'_> {
    fn field(&mut self, field: &'static Field, _: Span, _: Value<'_>) {
        let declared = self.0.fields.iter().copied().flatten().any(|known| known.is(field));
        let name = format!("{} of {}", field.id, self.0.name);
        if !declared && !self.1.contains(&name) {
            self.1.push(name);
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

#[test]
fn whatever_is_shown_can_be_asked_for() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/captures");
    let (mut undeclared, mut frames) = (Vec::new(), 0);
    let mut dissection = Dissection::default();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(mut source) = source::open(&file) else { continue };
        while let Ok(true) = source.advance() {
            let frame = source.frame();
            dissect(&frame, &mut dissection);
            for index in 0..dissection.layers.len() {
                let view = View::new(frame.data, &dissection, index).unwrap();
                view.describe(&mut Undeclared(view.layer().protocol, &mut undeclared));
            }
            frames += 1;
        }
    }
    assert!(frames > 100, "{frames} frames in {folder}");
    assert_eq!(undeclared, Vec::<String>::new());
}
