//! Logins, as they are said.

use super::*;
use crate::conversation::Kind;
use crate::conversation::testing::conversation;
use crate::reassembly::Origin;

/// The logins of a conversation over a port: who, and how long the password is. The server's lines begin with `< `.
fn logins(port: u16, said: &[&str]) -> Vec<(String, u64)> {
    let conversation = conversation(Kind::Tcp, port);
    let (mut talk, mut offsets, mut logins) = (Talk::new(), [0; 2], Vec::new());
    for (frame, line) in (1..).zip(said) {
        let (from, text) = line.strip_prefix("< ").map_or((Side::Originator, *line), |text| (Side::Responder, text));
        let offset = &mut offsets[from.index()];
        let piece = Piece::Data { offset: *offset, bytes: text.as_bytes(), origin: Origin { frame, time: None } };
        *offset += text.len() as u64;
        if let Some(Login { from, user, length, .. }) = talk.piece(&conversation, from, &piece) {
            assert_eq!(from, Side::Originator);
            logins.push((user.map_or_else(|| "-".to_owned(), |user| String::from_utf8_lossy(&user).into_owned()), length));
        }
    }
    logins
}

fn anna(length: u64) -> Vec<(String, u64)> {
    vec![("anna".to_owned(), length)]
}

#[test]
fn files_are_fetched_by_name_or_by_everybody() {
    let login = |user: &str, password: &str| {
        let (user, password) = (format!("USER {user}\r\n"), format!("PASS {password}\r\n"));
        logins(21, &["< 220 files\r\n", &user, "< 331 Password?\r\n", &password, "< 230 ok\r\n"])
    };
    assert_eq!(login("anna", "secret"), anna(6));
    assert_eq!(login("Anonymous", "anna@example.com"), []);
    assert_eq!(login("ftp", "x"), []);
    assert_eq!(login("anna", ""), []);
    let once = ["< 220 files\r\n", "USER anna\r\n", "< 331 otp-md5 487 dog2 ext\r\n", "PASS INCH SEA ANNE LONG AHEM TOUR\r\n"];
    assert_eq!(logins(21, &once), []);
    assert_eq!(logins(21, &["< 220 files\r\n", "AUTH TLS\r\n", "< 234 go on\r\n", "\x16\x03\x01\0\x05\x01\0\0\x01\0"]), []);
}

#[test]
fn mail_is_fetched_with_a_password_or_a_digest() {
    assert_eq!(logins(110, &["< +OK hello\r\n", "USER anna\r\n", "< +OK\r\n", "PASS two words\r\n", "< -ERR no\r\n"]), anna(9));
    assert_eq!(logins(110, &["< +OK hello <1@x>\r\n", "APOP anna c4c9334bac560ecc979e58001b3e22fb\r\n", "< +OK\r\n"]), []);
    assert_eq!(logins(110, &["< +OK hello\r\n", "CAPA\r\n", "< +OK\r\nUSER\r\n.\r\n", "QUIT\r\n", "< +OK\r\n"]), []);
    assert_eq!(logins(143, &["< * OK hello\r\n", "a LOGIN anna secret\r\n", "< a OK\r\n"]), anna(6));
    assert_eq!(logins(143, &["< * OK hello\r\n", "a LOGIN \"anna\" \"a \\\"b\"\r\n"]), anna(4));
    let literals = ["< * OK hello\r\n", "a LOGIN {4}\r\n", "< + go on\r\n", "anna {6}\r\n", "< + go on\r\n", "secret\r\n", "< a OK\r\n"];
    assert_eq!(logins(143, &literals), anna(6));
    assert_eq!(logins(143, &["< * OK hello\r\n", "a LOGIN anna {6}\r\n", "< a NO not here\r\n", "b LOGOUT\r\n"]), []);
}

#[test]
fn mail_is_handed_over_under_a_name_or_without() {
    let begin = ["< 220 mail ESMTP\r\n", "EHLO h1\r\n", "< 250 AUTH PLAIN LOGIN\r\n"];
    let with = |more: &[&str]| logins(25, &[begin.as_slice(), more].concat());
    assert_eq!(with(&["AUTH PLAIN AGFubmEAc2VjcmV0\r\n", "< 235 welcome\r\n"]), anna(6));
    assert_eq!(with(&["AUTH LOGIN\r\n", "< 334 VXNlcm5hbWU6\r\n", "YW5uYQ==\r\n", "< 334 UGFzc3dvcmQ6\r\n", "c2VjcmV0\r\n"]), anna(6));
    assert_eq!(with(&["AUTH LOGIN YW5uYQ==\r\n", "< 334 UGFzc3dvcmQ6\r\n", "c2VjcmV0\r\n", "< 235 welcome\r\n"]), anna(6));
    assert_eq!(with(&["AUTH CRAM-MD5\r\n", "< 334 PDFAeD4=\r\n", "YW5uYSAwMTIzNDU2Nzg5YWJjZGVm\r\n", "< 235 welcome\r\n"]), []);
    assert_eq!(with(&["STARTTLS\r\n", "< 220 go on\r\n", "\x16\x03\x01\0\x05\x01\0\0\x01\0"]), []);
    assert_eq!(with(&["MAIL FROM:<a@example.com>\r\n", "< 250 ok\r\n", "DATA\r\n", "< 354 go on\r\n", "PASS secret\r\n.\r\n"]), []);
}

#[test]
fn what_is_typed_behind_a_prompt_is_a_name_or_a_password() {
    let screen = ["< \u{1}\r\nwww login: ", "anna\r\n", "< anna\r\nPassword: ", "secret\r\n", "< \r\nLast login: today\r\n$ ", "ls\r\n"];
    assert_eq!(logins(23, &screen), anna(6));
    assert_eq!(logins(23, &["< Password: ", "secret\r\n"]), [("-".to_owned(), 6)]);
    assert_eq!(logins(23, &["< www login: ", "anna\r\n", "< anna\r\nPassword: ", "\r\n", "< Login incorrect\r\n"]), []);
    assert_eq!(logins(23, &["< welcome, everybody\r\n$ ", "cat password:\r\n", "< nothing\r\n$ "]), []);
}
