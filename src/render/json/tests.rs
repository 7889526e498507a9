use super::members::Writer;
use super::*;
use crate::dissect::{Checksum, Field, FieldSink, Span, Status, Value, dissect};
use crate::frame::{Annotations, LinkType};
use crate::render::no_repeats::check;
use crate::render::sample;
use proptest::prelude::*;

fn line(frame: &Frame<'_>, interfaces: &[Interface]) -> String {
    let mut out = Vec::new();
    Json::default().write_frame(&mut out, frame, &sample::dissected(frame), interfaces, &Names::default());
    String::from_utf8(out).expect("JSON is text")
}

fn members(describe: impl Fn(&mut Writer<'_>)) -> String {
    let mut members = Members::default();
    let mut out = Vec::new();
    // Twice, so that what is remembered of the layer before is known to change nothing.
    for _ in 0..2 {
        out.clear();
        members.write(&mut out, &describe);
    }
    String::from_utf8(out).expect("JSON is text")
}

#[test]
fn a_syn_as_the_design_has_it() {
    let data = sample::bytes(sample::SYN);
    let line = line(&sample::frame(&data, LinkType::ETHERNET), &sample::interface(b"h1-eth0"));
    let expected = concat!(
        r#"{"type":"frame","number":5,"time":"2026-11-22T16:00:38.943864056Z","interface":"h1-eth0","length":74,"captured":74,"#,
        r#""protocols":"eth:ip:tcp","layers":["#,
        r#"{"protocol":"eth","offset":0,"length":14,"fields":{"eth.dst":"02:00:c0:a8:01:01","eth.src":"02:00:c0:a8:01:0b","eth.type":2048}},"#,
        r#"{"protocol":"ip","offset":14,"length":20,"fields":{"ip.version":4,"ip.hdr_len":20,"ip.dsfield.dscp":0,"ip.dsfield.ecn":0,"#,
        r#""ip.len":60,"ip.id":15689,"ip.flags.df":true,"ip.flags.mf":false,"ip.frag_offset":0,"ip.ttl":64,"ip.proto":6,"#,
        r#""ip.checksum":"0x303a","ip.checksum.status":"good","ip.src":"192.168.1.11","ip.dst":"10.130.1.4"}},"#,
        r#"{"protocol":"tcp","offset":34,"length":40,"fields":{"tcp.srcport":57668,"tcp.dstport":80,"tcp.seq_raw":3874666213,"#,
        r#""tcp.ack_raw":0,"tcp.hdr_len":40,"tcp.flags":2,"#,
    );
    assert!(line.starts_with(expected), "{line}");
    assert!(line.contains(r#""tcp.option_kind":[2,4,8,1,3]"#), "{line}");
    assert!(line.ends_with("}}],\"notes\":[]}\n"), "{line}");
}

#[test]
fn what_is_not_there_is_left_out_and_what_stopped_is_told() {
    let data = sample::bytes(sample::SYN);
    let whole = sample::frame(&data[..42], LinkType::ETHERNET);
    let line = line(&Frame { timestamp: None, length: 74, ..whole }, &[]);
    assert!(line.starts_with(r#"{"type":"frame","number":5,"length":74,"captured":42,"protocols":"eth:ip:tcp","layers":"#), "{line}");
    let stop = r#"],"stop":{"layer":"tcp","part":"header","reason":"cut","offset":34,"needed":20,"had":8},"notes":[]}"#;
    assert!(line.ends_with(&format!("{stop}\n")), "{line}");
}

#[test]
fn names_and_comments_that_are_not_text_are_base64() {
    let options = [&[1, 0, 5, 0][..], b"say\"!\0\0\0", &[1, 0, 1, 0, 0xff, 0, 0, 0, 1, 0, 2, 0], b"hi\0\0"].concat();
    let annotations = Annotations { options: &options, big_endian: false };
    let frame = Frame { annotations, ..sample::frame(b"", LinkType::ETHERNET) };
    let line = line(&frame, &sample::interface(b"eth\xff"));
    assert!(line.contains(r#""interface_base64":"ZXRo/w==","#), "{line}");
    assert!(line.contains(r#","comments":["say\"!","hi"],"comments_base64":["/w=="],"#), "{line}");
}

static NUMBER: Field = Field::number("a.number", "", "");
static SAME_NUMBER: Field = Field::number("a.number", "", "");
static TEXT: Field = Field::text("a.text", "", "");
static BYTES: Field = Field::bytes("a.bytes", "", "");
static GROUP: Field = Field::group("a.group", "", "");
static SUM: Field = Field::checksum("a.sum", "", "");
static STATUS: Field = Field::status("a.sum.status", "", "");

#[test]
fn what_occurs_more_than_once_is_an_array_in_the_place_of_the_first() {
    let text = members(|members| {
        for value in [Value::Number(1), Value::Number(2)] {
            members.field(&NUMBER, Span::default(), value);
            members.field(&TEXT, Span::default(), Value::Text(b"t"));
        }
        members.field(&SAME_NUMBER, Span::default(), Value::Number(3));
    });
    assert_eq!(text, r#"{"a.number":[1,2,3],"a.text":["t","t"]}"#);
}

#[test]
fn a_layer_without_fields_is_an_empty_object() {
    assert_eq!(members(|_| {}), "{}");
}

#[test]
fn arrays_stand_in_the_order_of_their_first_values_whichever_repeats_first() {
    let text = members(|members| {
        for (field, value) in
            [(&TEXT, Value::Text(b"x")), (&NUMBER, Value::Number(1)), (&SUM, Value::Number(2)), (&NUMBER, Value::Number(3))]
        {
            members.field(field, Span::default(), value);
        }
        members.field(&TEXT, Span::default(), Value::Text(b"y"));
    });
    assert_eq!(text, r#"{"a.text":["x","y"],"a.number":[1,3],"a.sum":"0x0002"}"#);
}

#[test]
fn each_kind_of_value() {
    let status = |status| Value::Status(Checksum::without(status, 0));
    let text = members(|members| {
        members.open(&GROUP, Span::default(), Value::Present);
        members.field(&NUMBER, Span::default(), Value::Present);
        members.close();
        members.open(&GROUP, Span::default(), Value::Text(b"named"));
        members.field(&TEXT, Span::default(), Value::Text(b"\xff"));
        members.field(&TEXT, Span::default(), Value::Text("\u{1b}é".as_bytes()));
        members.field(&BYTES, Span::default(), Value::Bytes(b""));
        members.field(&SUM, Span::default(), Value::Number(0xab));
        for value in [Status::Good, Status::Bad, Status::Unverified, Status::NotPresent, Status::Illegal] {
            members.field(&STATUS, Span::default(), status(value));
        }
    });
    let expected = concat!(
        r#"{"a.number":true,"a.group":"named","a.text_base64":"/w==","a.text":"\u001bé","a.bytes_base64":"","a.sum":"0x00ab","#,
        r#""a.sum.status":["good","bad","unverified","not present","illegal"]}"#,
    );
    assert_eq!(text, expected);
}

proptest! {
    #[test]
    fn any_bytes_of_any_link_type_are_one_line_of_json_without_a_repeated_key(
        data in proptest::collection::vec(any::<u8>(), 0..200),
        link_type in prop_oneof![Just(0), Just(1), Just(101), Just(113), Just(228), Just(229), Just(276), any::<u16>()],
        change in proptest::collection::vec((0_usize..74, any::<u8>()), 0..8),
        cut in 0_usize..=74,
    ) {
        let mut damaged = sample::bytes(sample::SYN);
        for (place, byte) in change {
            damaged[place] = byte;
        }
        let mut json = Json::default();
        let mut dissection = Dissection::default();
        for (data, link_type) in [(&data[..], link_type), (&damaged[..cut], 1)] {
            let frame = sample::frame(data, LinkType(link_type));
            dissect(&frame, &mut dissection);
            let mut out = Vec::new();
            json.write_frame(&mut out, &frame, &dissection, &[], &Names::default());
            let line = String::from_utf8(out).expect("JSON is text");
            prop_assert!(line.ends_with('\n') && !line.trim_end_matches('\n').contains(char::is_control), "{line:?}");
            prop_assert!(check(&line).is_ok(), "{:?}: {line}", check(&line));
        }
    }
}
