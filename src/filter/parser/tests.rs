use super::*;
use crate::filter::error::Hint;
use crate::limits::Limits;
use proptest::prelude::*;

/// The word that is wrong, the message and the hint.
fn mistake(expression: &str) -> (String, String, String) {
    let error = parse(expression).map(|node| panic!("{expression} is taken: {node:?}")).unwrap_err();
    let hint = match &error.hint {
        Some(Hint::DidYouMean(suggestion)) => suggestion.clone(),
        Some(Hint::Advice(advice)) => (*advice).to_owned(),
        None => String::new(),
    };
    (error.word().to_owned(), error.to_string(), hint)
}

#[test]
fn what_is_nearly_right_is_suggested() {
    for (expression, word, suggestion) in [
        ("prot 80", "prot", "port"),
        ("tcp prot 80", "prot", "port"),
        ("hots 10.0.0.1", "hots", "host"),
        ("TCP", "TCP", "tcp"),
        ("tcp 80", "80", "port 80"),
        ("tcp src 80", "80", "port 80"),
        ("10.0.0.1", "10.0.0.1", "host 10.0.0.1"),
        ("80", "80", "port 80"),
        ("00:11:22:33:44:55", "00:11:22:33:44:55", "ether host 00:11:22:33:44:55"),
        ("host 00:11:22:33:44:55", "00:11:22:33:44:55", "ether host 00:11:22:33:44:55"),
        ("host 10.0.0.0/8", "10.0.0.0", "net 10.0.0.0/8"),
        ("net 10.1.2.3/8", "10.1.2.3/8", "10.0.0.0/8"),
        ("net 2001:db8::1/32", "2001:db8::1/32", "2001:db8::/32"),
        ("net 10.1.0.0 mask 255.0.0.0", "10.1.0.0 mask 255.0.0.0", "10.0.0.0"),
        ("port 80-90", "80-90", "portrange 80-90"),
        ("port htpp", "htpp", "http"),
        ("ip.scr == 10.0.0.1", "ip.scr", "ip.src"),
        ("tcp.prot == 80", "tcp.prot", "tcp.port"),
        ("frame.length > 9", "frame.length", "frame.len"),
        ("tcp[tcpflag] = 2", "tcpflag", "tcpflags"),
        ("ip proto \\tpc", "\\tpc", "tcp"),
        ("ip.proto == tpc", "tpc", "TCP"),
        ("tcp an host 10.0.0.1", "an", "and"),
        ("tcp.port == 80 nad udp", "nad", "and"),
        ("frame contians \"x\"", "contians", "contains"),
        ("vlan 100 or 200", "200", "vlan 200"),
        ("ip.addr == 10.0.0.1 or 10.0.0.2", "10.0.0.2", "ip.addr == 10.0.0.2"),
        ("ip 10.0.0.1", "10.0.0.1", "host 10.0.0.1"),
        ("ip ttl 5", "ttl", "ip.ttl"),
        ("host 10.0.0.1 and ip.tll == 5", "ip.tll", "ip.ttl"),
        ("lenght > 5", "lenght", "len"),
        ("tcp syn", "syn", "tcp.flags.syn == 1"),
        ("source 10.0.0.1", "source", "src"),
    ] {
        let (at, message, hint) = mistake(expression);
        assert_eq!((at.as_str(), hint.as_str()), (word, suggestion), "{expression}: {message}");
    }
}

#[test]
fn mistakes_are_named() {
    for (expression, word, message) in [
        ("tcp udp", "udp", "`udp` begins another question: is an `and` missing before it?"),
        ("port 80 host 10.0.0.1", "host", "`host` begins another question: is an `and` missing before it?"),
        ("(tcp or udp", "(", "this `(` is never closed"),
        ("tcp[0:1", "[", "this `[` is never closed"),
        ("tcp.port in {80, 81", "{", "this `{` is never closed"),
        ("tcp)", ")", "this `)` closes nothing"),
        (")", ")", "this `)` closes nothing"),
        ("ip.src == abc", "abc", "`ip.src` is an IPv4 address; `abc` is none"),
        ("ip.src == 10.0.0.0/33", "33", "33 is too large: the length of this prefix is at most 32"),
        ("ip.src contains 10", "contains", "`ip.src` is an IPv4 address, and `contains` does not apply to IPv4 addresses"),
        ("tcp.flags.syn > 0", ">", "`tcp.flags.syn` is true or false, and `>` does not apply to what is true or false"),
        ("tcp.port == http", "http", "`tcp.port` is a number; `http` is none"),
        ("tcp.port[0] == 1", "[", "`tcp.port` is a number, and `[ ]` does not apply to numbers"),
        ("port 70000", "70000", "70000 is too large: a port is at most 65535"),
        ("vlan 5000", "5000", "5000 is too large: the number of a tag is at most 4095"),
        ("host www.example.com", "www.example.com", "`www.example.com` is a name, and filters look no names up"),
        ("host fritz", "fritz", "`fritz` is a name, and filters look no names up"),
        ("icmp host 10.0.0.1", "10.0.0.1", "`icmp` and `host` do not go together"),
        ("ip port 80", "80", "`ip` and `port` do not go together"),
        ("ip6 host 10.0.0.1", "10.0.0.1", "`ip6` and `10.0.0.1` do not go together"),
        (
            "gateway 10.0.0.1",
            "gateway",
            "`gateway` cannot be asked here: it needs the gateway's link address looked up; ask `ether host LINK-ADDRESS and not host ADDRESS`",
        ),
        ("tcp[0] / 0 = 1", "0", "a division by zero has no result"),
        ("tcp[0:3] = 1", "3", "1, 2 or 4 (bytes) should stand here, not `3`"),
        ("len", "", "the filter ends where a comparison, such as `= 2` or `!= 0`, should stand"),
        ("tcp == 80", "==", "`and`, `or` or the end should stand here, not `==`"),
        ("frame contains GET", "GET", "`frame` is bytes; `GET` is none"),
        ("frame contains \"\\d\"", "\\d", "`\\d` is no escape sequence"),
        ("frame matches \"(\"", "\"(\"", "this is no regular expression: unclosed group"),
        ("frame == \"abc", "\"abc", "this `\"` is never closed"),
        ("frame.comment contains http://x", "/", "`and`, `or` or the end should stand here, not `/`"),
        ("tcp[13 & 2 != 0", "[", "this `[` is never closed"),
        ("port 80 - 90", "-", "`and`, `or` or the end should stand here, not `-`"),
        ("port 80, 90", ",", "`and`, `or` or the end should stand here, not `,`"),
        ("tcp.port in [80]", "[", "a value should stand here, not `[`"),
        ("tcp.port in {90..80}", "90..80", "this is a range from low to high; `90..80` is none"),
        ("tcp and", "", "the filter ends where a question, such as `host 10.0.0.1` or `tcp.port == 80`, should stand"),
        ("not", "", "the filter ends where a question, such as `host 10.0.0.1` or `tcp.port == 80`, should stand"),
        ("()", ")", "a question, such as `host 10.0.0.1` or `tcp.port == 80`, should stand here, not `)`"),
    ] {
        let (at, said, _) = mistake(expression);
        assert_eq!((at.as_str(), said.as_str()), (word, message), "{expression}");
    }
}

#[test]
fn nesting_has_a_limit_and_length_has_none() {
    let nested = |levels: usize| format!("{}tcp{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(Limits::FILTER_DEPTH)).is_ok());
    assert_eq!(*parse(&nested(100_000)).unwrap_err().kind, FilterErrorKind::TooDeep(Limits::FILTER_DEPTH));
    assert_eq!(*parse(&format!("len = {}1", "-".repeat(100_000))).unwrap_err().kind, FilterErrorKind::TooDeep(Limits::FILTER_DEPTH));
    assert_eq!(*parse(&format!("len = 1{}", " + len".repeat(100_000))).unwrap_err().kind, FilterErrorKind::TooDeep(Limits::FILTER_DEPTH));
    assert!(parse(&"not ".repeat(100_000)).is_err());
    assert!(parse(&format!("{}tcp", "not ".repeat(100_000))).is_ok());
    assert!(parse(&format!("tcp{}", " and udp or not ip".repeat(20_000))).is_ok());
    assert!(parse(&format!("host 10.0.0.1{}", " or 10.0.0.2".repeat(20_000))).is_ok());
}

#[test]
fn every_word_of_tcpdump_that_stands_alone_is_taken() {
    for known in vocabulary::PROTOCOL_WORDS {
        if matches!(known.presence, vocabulary::Presence::Layer(name) if protocol_named(name).is_none()) {
            continue;
        }
        assert!(parse(known.word).is_ok(), "{}", known.word);
    }
    for (word, _) in vocabulary::TAGS {
        assert!(parse(word).is_ok() && parse(&format!("{word} 7")).is_ok(), "{word}");
    }
    for (name, _) in services::SERVICES {
        assert!(parse(&format!("tcp port {name} or 80")).is_ok(), "{name}");
    }
    for (name, _) in vocabulary::CONSTANTS {
        assert!(parse(&format!("icmp[{name}] & {name} != {name}")).is_ok(), "{name}");
    }
}

/// Pieces of expressions, so that random ones get beyond their first word.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "tcp",
            "udp",
            "ip",
            "ip6",
            "arp",
            "ether",
            "host",
            "net",
            "port",
            "portrange",
            "src",
            "dst",
            "proto",
            "protochain",
            "vlan",
            "mpls",
            "less",
            "greater",
            "len",
            "frame",
            "broadcast",
            "multicast",
            "and",
            "or",
            "not",
            "&&",
            "||",
            "!",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            "..",
            "=",
            "==",
            "!=",
            "===",
            "!==",
            "<",
            "<=",
            ">",
            ">=",
            "<<",
            ">>",
            "&",
            "|",
            "^",
            "+",
            "-",
            "*",
            "/",
            "%",
            "~",
            "#",
            "in",
            "contains",
            "matches",
            "eq",
            "ne",
            "any",
            "all",
            "mask",
            "80",
            "0x50",
            "017",
            "4294967296",
            "10.0.0.1",
            "10.0.0.0/8",
            "2001:db8::1",
            "::/0",
            "00:11:22:33:44:55",
            "\"GET\"",
            "\"a\\\"\\x41\"",
            "r\"\\d\"",
            "\"(\"",
            "\\tcp",
            "tcp-syn",
            "tcpflags",
            "icmptype",
            "ip.src",
            "tcp.port",
            "tcp.flags.syn",
            "eth.addr",
            "frame.len",
            "frame.time",
            "frame.comment",
            "ip.checksum.status",
            "true",
            "good",
            "http",
            "domain",
            "80-90",
            "gateway",
            "\u{201c}",
            "é",
            "日本",
            "'",
            "$",
            "\\",
            "\"",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is typed, the answer is a filter or a mistake that stands in the expression.
    #[test]
    fn no_text_panics_and_every_mistake_has_a_place(pieces in prop::collection::vec(piece(), 0..12), glue in prop::sample::select(vec!["", " "])) {
        let expression = pieces.join(glue);
        if let Err(error) = parse(&expression) {
            prop_assert!(expression.get(error.span.clone()).is_some(), "{:?} of {expression:?}", error.span);
            prop_assert!(!error.to_string().contains(|character: char| character.is_control()));
        }
    }
}
