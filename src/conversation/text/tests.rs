//! Dialogues as they are held.

use super::*;
use crate::conversation::testing::conversation;
use crate::conversation::{Kind, Side};
use crate::reassembly::{End, Limits, Origin, Piece};
use proptest::prelude::*;

/// The client says.
fn c(bytes: &(impl AsRef<[u8]> + ?Sized)) -> (Side, Vec<u8>) {
    (Side::Originator, bytes.as_ref().to_vec())
}

/// The server says.
fn s(bytes: &(impl AsRef<[u8]> + ?Sized)) -> (Side, Vec<u8>) {
    (Side::Responder, bytes.as_ref().to_vec())
}

struct Told {
    language: Option<Language>,
    lines: Vec<String>,
    /// Of each side, where what was told stands.
    ranges: [Vec<std::ops::Range<u64>>; 2],
}

/// How many bytes are missing where nothing is said.
const MISSING: u64 = 7;

/// What a dialogue over a port comes to: one line for each thing told. Where a side says nothing, bytes of it are missing.
fn told(port: u16, said: &[(Side, Vec<u8>)]) -> Told {
    let conversation = conversation(Kind::Tcp, port);
    let mut dialogue = Dialogue::new(&Limits::default());
    let mut offsets = [0; 2];
    let mut heard = [const { Vec::new() }; 2];
    let mut told = Told { language: None, lines: Vec::new(), ranges: Default::default() };
    let mut tell = |said: Said<'_>| {
        if !matches!(said.what, Utterance::Aside(_)) {
            told.ranges[said.from.index()].push(said.range.clone());
        }
        told.lines.push(shown(&said));
    };
    for (frame, (from, bytes)) in said.iter().enumerate() {
        let origin = Origin { frame: frame as u64, time: None };
        let offset = offsets[from.index()];
        let piece = if bytes.is_empty() { Piece::Gap { offset, length: MISSING, origin } } else { Piece::Data { offset, bytes, origin } };
        dialogue.piece(&conversation, *from, &piece, &mut tell);
        let heard = &mut heard[from.index()];
        heard.extend(std::iter::repeat_n(1, bytes.len()));
        heard.resize(heard.len() + if bytes.is_empty() { MISSING as usize } else { 0 }, 0);
        offsets[from.index()] = heard.len() as u64;
    }
    for side in Side::BOTH {
        let end = Piece::End { offset: offsets[side.index()], how: End::Finished, origin: Origin::default() };
        dialogue.piece(&conversation, side, &end, &mut tell);
    }
    dialogue.finish(&conversation, &mut tell);
    told.language = dialogue.language();
    for (ranges, heard) in told.ranges.iter().zip(heard) {
        assert!(ranges.is_sorted_by(|one, next| one.end <= next.start), "in its order: {ranges:?} {:?}", told.lines);
        let mut times = vec![0; heard.len()];
        for range in ranges {
            times[range.start as usize..range.end as usize].fill(1);
        }
        let once = times.iter().zip(&heard).all(|(times, heard)| times >= heard);
        assert!(once, "every byte is told once: {ranges:?} {:?}", told.lines);
    }
    told
}

fn shown(said: &Said<'_>) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mark = if said.from == Side::Originator { '>' } else { '<' };
    let line = text(said.bytes);
    let words = match &said.what {
        Utterance::Command { tag, verb, argument } => format!("command [{}] [{}] [{}]", text(tag), text(verb), text(argument)),
        Utterance::Reply { tag, code, text: words, more } => {
            format!("reply [{}] [{}] [{}]{}", text(tag), text(code), text(words), if *more { " .." } else { "" })
        }
        Utterance::Message { prefix, command, parameters } => {
            format!("message [{}] [{}] [{}]", text(prefix), text(command), text(parameters))
        }
        Utterance::Line => format!("line {line}"),
        Utterance::Body { stuffed } => format!("body {line}{}", if *stuffed { " (stuffed)" } else { "" }),
        Utterance::BodyEnd => "body ends".to_owned(),
        Utterance::Counted { left } => format!("counted {line:?}, {left} left"),
        Utterance::Response => format!("response {line}"),
        Utterance::Telnet(telnet) => format!("{telnet:?}"),
        Utterance::Record(record) => format!("{record:?}"),
        Utterance::Bytes => format!("bytes {line:?}"),
        Utterance::Encrypted => format!("encrypted, {} bytes", said.bytes.len()),
        Utterance::Aside(Aside::Credentials { acting_as, user, password }) => {
            format!("aside [{}] [{}] [{}]", text(acting_as), text(user), text(password))
        }
        Utterance::Aside(Aside::Decoded(bytes)) => format!("aside {}", text(bytes)),
        Utterance::Aside(Aside::DataConnection(end)) => format!("aside {}:{}", end.address, end.port),
        Utterance::Aside(aside) => format!("aside {aside:?}"),
    };
    format!("{mark} {words}")
}

/// Mail, with everything that may come in it.
fn mail() -> Vec<(Side, Vec<u8>)> {
    vec![
        s("220 mail.example.com ESMTP\r\n"),
        c("EHLO h1\r\n"),
        s("250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n"),
        c("AUTH PLAIN AGFubmEAc2VjcmV0\r\n"),
        s("235 welcome\r\n"),
        c("MAIL FROM:<a@example.com>\r\nRCPT TO:<nobody@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"),
        s("250 ok\r\n550 no such user\r\n250 ok\r\n354 go on\r\n"),
        c("Subject: x\r\n\r\nQUIT\r\n..\r\n.\r\nQUIT\r\n"),
        s("250 queued\r\n221 bye\r\n"),
    ]
}

#[test]
fn a_mail_is_told_from_the_commands_around_it() {
    let told = told(25, &mail());
    assert_eq!(told.language, Some(Language::Smtp));
    assert_eq!(
        told.lines,
        [
            "< reply [] [220] [mail.example.com ESMTP]",
            "> command [] [EHLO] [h1]",
            "< reply [] [250] [mail.example.com] ..",
            "< reply [] [250] [AUTH PLAIN LOGIN]",
            "> command [] [AUTH] [PLAIN AGFubmEAc2VjcmV0]",
            "> aside [] [anna] [secret]",
            "< reply [] [235] [welcome]",
            "> command [] [MAIL] [FROM:<a@example.com>]",
            "> command [] [RCPT] [TO:<nobody@example.com>]",
            "> command [] [RCPT] [TO:<b@example.com>]",
            "> command [] [DATA] []",
            "< reply [] [250] [ok]",
            "< reply [] [550] [no such user]",
            "< reply [] [250] [ok]",
            "< reply [] [354] [go on]",
            "> body Subject: x",
            "> body ",
            "> body QUIT",
            "> body .. (stuffed)",
            "> body ends",
            "> command [] [QUIT] []",
            "< reply [] [250] [queued]",
            "< reply [] [221] [bye]",
        ]
    );
}

#[test]
fn chunks_of_a_mail_are_counted_and_a_server_that_is_not_heard_is_taken_to_agree() {
    let chunks = told(25, &[s("220 a ESMTP\r\n"), c("BDAT 7\r\nQUIT\r\n."), c("BDAT 0 LAST\r\nQUIT\r\n")]).lines;
    assert_eq!(chunks[2..], [r#"> counted "QUIT\r\n.", 0 left"#, "> command [] [BDAT] [0 LAST]", "> command [] [QUIT] []"]);
    let alone = told(25, &[c("DATA\r\n"), c("NOOP\r\n.\r\nQUIT\r\n")]).lines;
    assert_eq!(alone[1..], ["> body NOOP", "> body ends", "> command [] [QUIT] []"]);
}

#[test]
fn passwords_that_base_64_hides_are_shown() {
    let lines =
        told(587, &[s("220 a\r\n"), c("AUTH LOGIN\r\n"), s("334 VXNlcm5hbWU6\r\n"), c("YW5uYQ==\r\n"), s("535 no\r\n"), c("YW5uYQ==\r\n")])
            .lines;
    assert_eq!(
        lines[1..],
        [
            "> command [] [AUTH] [LOGIN]",
            "< reply [] [334] [VXNlcm5hbWU6]",
            "< aside Username:",
            "> response YW5uYQ==",
            "> aside anna",
            "< reply [] [535] [no]",
            "> line YW5uYQ==",
        ]
    );
}

#[test]
fn behind_starttls_nothing_is_a_line() {
    let hello = b"\x16\x03\x01\x00\x04\x01\0\0\0";
    let lines = told(25, &[s("220 a ESMTP\r\n"), c("STARTTLS\r\n"), s("220 go\r\n"), c(hello), s(b"\x15\x03\x01\x00\x02\x02\x28")]).lines;
    assert_eq!(
        lines[3..],
        [
            "< aside Encrypted",
            "> Record { content_type: 22, length: 4, missing: 0, handshake: Some(1) }",
            "< Record { content_type: 21, length: 2, missing: 0, handshake: None }",
        ]
    );
    let refused = told(25, &[s("220 a ESMTP\r\n"), c("STARTTLS\r\n"), s("454 no\r\n"), c("QUIT\r\n")]).lines;
    assert_eq!(refused[3], "> command [] [QUIT] []");
    let one_sided = told(25, &[c("STARTTLS\r\n"), c(hello)]).lines;
    assert_eq!(one_sided[1], "> Record { content_type: 22, length: 4, missing: 0, handshake: Some(1) }");
    let pop = told(110, &[s("+OK a\r\n"), c("STLS\r\n"), s("+OK go\r\n"), c(hello)]).lines;
    assert_eq!(pop[3], "< aside Encrypted");
    let ftp = told(21, &[s("220 a\r\n"), c("AUTH TLS\r\n"), s("234 go\r\n"), c(hello)]).lines;
    assert_eq!(ftp[3], "< aside Encrypted");
}

#[test]
fn files_are_fetched_over_connections_that_are_named() {
    let conversation = [
        s("220-welcome\r\n 221 is no code here\r\n220 ready\r\n"),
        c("USER anna\r\n"),
        s("331 password\r\n"),
        c("PASV\r\n"),
        s("227 Entering Passive Mode (10,130,1,4,4,1)\r\n"),
        c("EPSV\r\n"),
        s("229 Entering Extended Passive Mode (|||1026|)\r\n"),
        c(b"PORT 192,168,1,11,4,3\r\nEPRT |2|2001:db8::1|1028|\r\n\xff\xf4\xff\xf2ABOR\r\n"),
    ];
    let told = told(2121, &conversation);
    assert_eq!(told.language, Some(Language::Ftp));
    assert_eq!(
        told.lines,
        [
            "< reply [] [220] [welcome] ..",
            "< line  221 is no code here",
            "< reply [] [220] [ready]",
            "> command [] [USER] [anna]",
            "< reply [] [331] [password]",
            "> command [] [PASV] []",
            "< reply [] [227] [Entering Passive Mode (10,130,1,4,4,1)]",
            "< aside 10.130.1.4:1025",
            "> command [] [EPSV] []",
            "< reply [] [229] [Entering Extended Passive Mode (|||1026|)]",
            "< aside DataPort(1026)",
            "> command [] [PORT] [192,168,1,11,4,3]",
            "> aside 192.168.1.11:1027",
            "> command [] [EPRT] [|2|2001:db8::1|1028|]",
            "> aside 2001:db8::1:1028",
            "> command [] [ABOR] []",
        ]
    );
}

#[test]
fn a_mailbox_is_read_to_its_dots() {
    let conversation = [
        s("+OK ready\r\n"),
        c("LIST\r\nLIST 1\r\nRETR 9\r\nTOP 1 0\r\nQUIT\r\n"),
        s("+OK 1 message\r\n1 120\r\n.\r\n+OK 1 120\r\n-ERR none\r\n+OK\r\n+OK is no reply\r\n.\r\n+OK bye\r\n"),
    ];
    let told = told(2110, &conversation);
    assert_eq!(told.language, Some(Language::Pop3));
    assert_eq!(
        told.lines[6..],
        [
            "< reply [] [+OK] [1 message] ..",
            "< body 1 120",
            "< body ends",
            "< reply [] [+OK] [1 120]",
            "< reply [] [-ERR] [none]",
            "< reply [] [+OK] [] ..",
            "< body +OK is no reply",
            "< body ends",
            "< reply [] [+OK] [bye]",
        ]
    );
}

#[test]
fn literals_are_counted_and_the_line_goes_on_behind_them() {
    let conversation = [
        s("* OK ready\r\n"),
        c("a1 LOGIN anna {6}\r\n"),
        s("+ go on\r\n"),
        c("secret\r\n"),
        s("a1 OK done\r\n"),
        c("a2 FETCH 1 BODY[]\r\n"),
        s("* 1 FETCH (BODY[] {9}\r\na1 OK x\r\n)\r\na2 OK done\r\n"),
        c("a3 LOGIN x {6}\r\n"),
        s("a3 BAD no\r\n"),
        c("a4 COMPRESS DEFLATE\r\n"),
        s("a4 OK\r\n\x01\x02"),
        c("\x03\r\n"),
    ];
    let told = told(1143, &conversation);
    assert_eq!(told.language, Some(Language::Imap));
    assert_eq!(
        told.lines[1..],
        [
            "> command [a1] [LOGIN] [anna {6}]",
            "< reply [] [+] [go on]",
            r#"> counted "secret", 0 left"#,
            "> line ",
            "< reply [a1] [OK] [done]",
            "> command [a2] [FETCH] [1 BODY[]]",
            "< reply [*] [1] [FETCH (BODY[] {9}]",
            r#"< counted "a1 OK x\r\n", 0 left"#,
            "< line )",
            "< reply [a2] [OK] [done]",
            "> command [a3] [LOGIN] [x {6}]",
            "< reply [a3] [BAD] [no]",
            "> command [a4] [COMPRESS] [DEFLATE]",
            "< reply [a4] [OK] []",
            "< aside Compressed",
            r#"< bytes "\u{1}\u{2}""#,
            r#"> bytes "\u{3}\r\n""#,
        ]
    );
}

#[test]
fn chat_names_its_numbers_once() {
    let conversation = [
        c("NICK anna\r\nUSER anna 0 * :Anna\r\n"),
        s(":irc.example.com 001 anna :Welcome\r\n:irc.example.com 372 anna :- a\r\n:irc.example.com 372 anna :- b\r\n"),
        c("PRIVMSG #a :hello\r\n"),
    ];
    let told = told(7777, &conversation);
    assert_eq!(told.language, Some(Language::Irc));
    assert_eq!(
        told.lines[2..],
        [
            "< aside Numeric { number: 1, name: \"RPL_WELCOME\" }",
            "< message [irc.example.com] [001] [anna :Welcome]",
            "< aside Numeric { number: 372, name: \"RPL_MOTD\" }",
            "< message [irc.example.com] [372] [anna :- a]",
            "< message [irc.example.com] [372] [anna :- b]",
            "> message [] [PRIVMSG] [#a :hello]",
        ]
    );
}

#[test]
fn what_is_typed_key_by_key_is_a_line_and_a_prompt_comes_before_its_answer() {
    let conversation = [
        s(b"\xff\xfb\x01\xff\xfd\x1f"),
        c(b"\xff\xfd\x01\xff\xfb\x1f\xff\xfa\x1f\0\x50\0\x18\xff\xf0"),
        s("Welcome\r\nlogin: "),
        c("a"),
        s("a"),
        c("b"),
        s("b"),
        c("\r\0"),
        s("\r\nPassword: "),
        c("x\r\0"),
        s("\r\n$ "),
        c("ls\rexit"),
        c("\r"),
        s("ls\r\n"),
    ];
    let told = told(2323, &conversation);
    assert_eq!(told.language, Some(Language::Telnet));
    assert_eq!(
        told.lines,
        [
            "< Negotiation { verb: Will, option: 1 }",
            "< Negotiation { verb: Do, option: 31 }",
            "> Negotiation { verb: Do, option: 1 }",
            "> Negotiation { verb: Will, option: 31 }",
            "> Details { option: 31, parameters: [0, 80, 0, 24], left_out: 0, ended: true }",
            "< line Welcome",
            "< line login: ",
            "> line ab",
            "< line ab",
            "< line Password: ",
            "> line x",
            "< line ",
            "< line $ ",
            "> line ls",
            "> line exit",
            "< line ls",
        ]
    );
}

#[test]
fn what_is_no_dialogue_is_bytes() {
    assert_eq!(told(80, &[c("GET / HTTP/1.0\r\n\r\n"), s("HTTP/1.0 200 OK\r\n\r\n")]).language, Some(Language::Bytes));
    assert_eq!(told(25, &[c(b"\0\x01\x02")]).language, Some(Language::Bytes));
    assert_eq!(told(443, &[c(b"\x16\x03\x01\x00\x01x")]).language, Some(Language::Tls));
    assert_eq!(told(9000, &[s("22"), c("x")]).lines, [r#"< bytes "22""#, r#"> bytes "x""#]);
    assert_eq!(told(9000, &[s("2"), s("2"), s("0 hello\r\n")]).lines, ["< reply [] [220] [hello]"]);
    assert_eq!(told(9000, &[s(":irc.example.com NOTI"), s("CE * :x\r\n")]).language, Some(Language::Irc));
    assert_eq!(told(9000, &[s(":something else\r\n")]).language, Some(Language::Bytes));
}

/// What the other side says ends no record that was begun.
#[test]
fn a_side_that_encrypts_goes_on_encrypting() {
    let begun = c(b"\x16\x03\x01\x00\x02");
    let record = "> Record { content_type: 22, length: 2, missing: 2, handshake: None }";
    for (port, before, after) in [
        (25, vec![s(b"\xff\xf0")], s("a1 x {5}\r\n354 x\r\n.")),
        (25, vec![c("STARTTLS\r\n")], s("354 x\r\n.")),
        (9000, vec![s("220 SMTP\r\n")], s("354 x\r\n.")),
        (143, vec![c("a1 COMPRESS DEFLATE\r\n")], s("a1 OK\r\n.")),
        (143, vec![c("a1 COMPRESS DEFLATE\r\n")], s("a1 OK\r\n")),
    ] {
        let said: Vec<_> = before.into_iter().chain([begun.clone(), after]).collect();
        let lines = told(port, &said).lines;
        assert_eq!(lines.iter().filter(|line| *line == record).count(), 1, "{lines:?}");
    }
}

#[test]
fn what_is_begun_and_does_not_go_on_is_told() {
    let details = "< Details { option: 1, parameters: [], left_out: 0, ended: false }";
    assert_eq!(told(21, &[s(b"\xff\xfa\x01"), c(b"\xff")]).lines, ["> bytes \"\u{fffd}\"", details]);
    assert_eq!(told(23, &[c(b"\xff\xfb"), c(""), c("ls\r\n")]).lines, ["> bytes \"\u{fffd}\u{fffd}\"", "> line ls"]);
    assert_eq!(told(443, &[c(b"\x16\x03\x01\x00")]).lines, ["> encrypted, 4 bytes"]);
    assert_eq!(told(443, &[c(b"\x16\x03\x01"), c(""), c("x")]).lines, ["> encrypted, 3 bytes", "> encrypted, 1 bytes"]);
}

#[test]
fn behind_a_gap_reading_goes_on() {
    let conversation = conversation(Kind::Tcp, 25);
    let mut dialogue = Dialogue::new(&Limits::default());
    let mut lines = Vec::new();
    let origin = Origin::default();
    let mut tell = |said: Said<'_>| lines.push(shown(&said));
    let mut piece = |piece: Piece<'_>| dialogue.piece(&conversation, Side::Responder, &piece, &mut tell);
    piece(Piece::Data { offset: 0, bytes: b"220-a\r\n220-b", origin });
    piece(Piece::Gap { offset: 12, length: 10, origin });
    piece(Piece::Data { offset: 22, bytes: b"250 c\r\n", origin });
    assert_eq!(lines, ["< reply [] [220] [a] ..", "< line 220-b", "< reply [] [250] [c]"]);
}

#[test]
fn a_line_without_end_is_told_in_parts() {
    let limit = Limits::default().dialogue_line;
    let told = told(25, &[c(&vec![b'x'; limit * 2 + 10])]);
    assert_eq!(told.ranges[0].iter().map(|range| range.end - range.start).collect::<Vec<_>>(), [limit as u64, limit as u64, 10]);
}

proptest! {
    /// Segments end anywhere; what is told stays the same.
    #[test]
    fn segments_end_anywhere(sizes in proptest::collection::vec(1usize..40, 1..20)) {
        let mut cut = Vec::new();
        let mut size = sizes.iter().cycle();
        for (from, bytes) in mail() {
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(*size.next().unwrap()));
                cut.push((from, piece.to_vec()));
                rest = after;
            }
        }
        prop_assert_eq!(told(2525, &cut).lines, told(2525, &mail()).lines);
    }

    /// Every byte is told once, whatever it is and whatever port it goes to: `told` holds that.
    #[test]
    fn any_bytes_are_told_once(
        port in prop_oneof![Just(21u16), Just(23), Just(25), Just(110), Just(143), Just(194), Just(9000)],
        said in proptest::collection::vec((any::<bool>(), proptest::collection::vec(prop_oneof![
            Just(b"\r\n".to_vec()), Just(b"220 SMTP\r\n".to_vec()), Just(b"354 x\r\n.".to_vec()), Just(b"a1 x {5}\r\n".to_vec()),
            Just(b"+OK\r\nRETR\r\n".to_vec()), Just(b"\xff\xfa\x01".to_vec()), Just(b"\xff\xf0".to_vec()), Just(b"\xff\xff".to_vec()),
            Just(b"\x16\x03\x01\x00\x02".to_vec()), Just(b"STARTTLS\r\n".to_vec()), Just(b"BDAT 9\r\n".to_vec()), Just(b"234 x\r\n".to_vec()),
            Just(b"a1 COMPRESS DEFLATE\r\n".to_vec()), Just(b"a1 OK\r\n".to_vec()), Just(b"a1 STARTTLS\r\n".to_vec()),
            Just(b"\xff".to_vec()), Just(b"\xff\xfb".to_vec()), Just(b"\xff\xfa".to_vec()), Just(b"\x16\x03\x01".to_vec()), Just(b"\x16".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..6)], 0..5)), 0..12),
    ) {
        let said: Vec<(Side, Vec<u8>)> = said
            .into_iter()
            .map(|(client, parts)| (if client { Side::Originator } else { Side::Responder }, parts.concat()))
            .collect();
        told(port, &said);
    }
}
