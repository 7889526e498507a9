//! Protocols of commands and replies, each a line of text: mail and file transfer. What is between two commands (a mail, a file's list) is
//! shown by its first line.

use crate::dissect::{Cursor, Describe, Field, Layer, Next, Protocol, Selector, Stop, Transport, Value, Walk};
use crate::limits::Limits;

/// SMTP.
pub static MAIL_TRANSFER: Protocol = Protocol {
    name: "smtp",
    label: "SMTP",
    title: "Simple Mail Transfer Protocol",
    reference: "RFC 5321",
    claims: &[Selector::TcpPort(25), Selector::TcpPort(587)],
    fields: &[&[&MAIL_COMMAND, &MAIL_ARGUMENT, &MAIL_CODE, &MAIL_REPLY, &MAIL_TEXT]],
    ..SHAPE
};

/// POP3.
pub static POST_OFFICE: Protocol = Protocol {
    name: "pop",
    label: "POP",
    title: "Post Office Protocol",
    reference: "RFC 1939",
    claims: &[Selector::TcpPort(110)],
    fields: &[&[&POST_COMMAND, &POST_ARGUMENT, &POST_CODE, &POST_REPLY, &POST_TEXT]],
    ..SHAPE
};

/// IMAP.
pub static MAIL_ACCESS: Protocol = Protocol {
    name: "imap",
    label: "IMAP",
    title: "Internet Message Access Protocol",
    reference: "RFC 9051",
    claims: &[Selector::TcpPort(143)],
    fields: &[&[&ACCESS_TAG, &ACCESS_COMMAND, &ACCESS_ARGUMENT, &ACCESS_REPLY_TAG, &ACCESS_REPLY, &ACCESS_TEXT]],
    ..SHAPE
};

/// FTP.
pub static FILE_TRANSFER: Protocol = Protocol {
    name: "ftp",
    label: "FTP",
    title: "File Transfer Protocol",
    reference: "RFC 959",
    claims: &[Selector::TcpPort(21)],
    fields: &[&[&FILE_COMMAND, &FILE_ARGUMENT, &FILE_CODE, &FILE_REPLY, &FILE_TEXT]],
    ..SHAPE
};

const SHAPE: Protocol =
    Protocol { name: "", label: "", title: "", reference: "", claims: &[], dissect, describe, verify: None, fields: &[] };

static MAIL_COMMAND: Field = Field::text("smtp.req.command", "Command", "What the client wants.");
static MAIL_ARGUMENT: Field = Field::text("smtp.req.parameter", "Argument", "What the command is about.");
static MAIL_CODE: Field = Field::number("smtp.response.code", "Code", "How it went: 2 done, 3 go on, 4 try again later, 5 no.");
static MAIL_REPLY: Field = Field::text("smtp.rsp.parameter", "Reply", "The same in words.");
static MAIL_TEXT: Field = Field::text("smtp.message", "Message", "A line of the mail.");
static POST_COMMAND: Field = Field::text("pop.request.command", "Command", "What the client wants.");
static POST_ARGUMENT: Field = Field::text("pop.request.parameter", "Argument", "What the command is about.");
static POST_CODE: Field = Field::text("pop.response.indicator", "Status", "How it went: +OK or -ERR.");
static POST_REPLY: Field = Field::text("pop.response.description", "Reply", "The same in words.");
static POST_TEXT: Field = Field::text("pop.response.data", "Data", "A line of a list or of a mail.");
static ACCESS_TAG: Field = Field::text("imap.request_tag", "Tag", "The answer repeats it, so that the client knows what is answered.");
static ACCESS_COMMAND: Field = Field::text("imap.request.command", "Command", "What the client wants.");
static ACCESS_ARGUMENT: Field = Field::text("imap.request", "Request", "The whole line.");
static ACCESS_REPLY_TAG: Field = Field::text("imap.response_tag", "Tag", "Which command is answered; * where the server speaks of itself.");
static ACCESS_REPLY: Field = Field::text("imap.response.command", "Reply", "How it went, or what is told.");
static ACCESS_TEXT: Field = Field::text("imap.line", "Line", "The whole line.");
static FILE_COMMAND: Field = Field::text("ftp.request.command", "Command", "What the client wants.");
static FILE_ARGUMENT: Field =
    Field::text("ftp.request.arg", "Argument", "What the command is about: a password too, for everybody to read.");
static FILE_CODE: Field = Field::number("ftp.response.code", "Code", "How it went: 1 wait, 2 done, 3 go on, 4 try again later, 5 no.");
static FILE_REPLY: Field = Field::text("ftp.response.arg", "Reply", "The same in words.");
static FILE_TEXT: Field = Field::text("ftp.line", "Line", "A line that is neither a command nor a reply.");

/// How a protocol's lines are read.
struct Language {
    command: &'static Field,
    argument: &'static Field,
    code: &'static Field,
    reply: &'static Field,
    text: &'static Field,
    /// Whether the first word of a server's line is its code.
    is_code: fn(&[u8]) -> bool,
}

fn is_number(word: &[u8]) -> bool {
    matches!(word, [a, b, c] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()))
}

fn is_indicator(word: &[u8]) -> bool {
    matches!(word, b"+OK" | b"-ERR" | b"+")
}

static MAIL: Language = Language {
    command: &MAIL_COMMAND,
    argument: &MAIL_ARGUMENT,
    code: &MAIL_CODE,
    reply: &MAIL_REPLY,
    text: &MAIL_TEXT,
    is_code: is_number,
};
static POST: Language = Language {
    command: &POST_COMMAND,
    argument: &POST_ARGUMENT,
    code: &POST_CODE,
    reply: &POST_REPLY,
    text: &POST_TEXT,
    is_code: is_indicator,
};
static FILE: Language = Language {
    command: &FILE_COMMAND,
    argument: &FILE_ARGUMENT,
    code: &FILE_CODE,
    reply: &FILE_REPLY,
    text: &FILE_TEXT,
    is_code: is_number,
};

/// Commands by which a client's line is told from a line of mail.
const COMMANDS: &[&str] = &[
    "HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "STARTTLS", "AUTH", "ETRN",
    "USER", "PASS", "APOP", "STAT", "LIST", "RETR", "DELE", "TOP", "UIDL", "CAPA", "STLS", "ACCT", "CWD", "CDUP", "SMNT", "REIN", "PORT",
    "PASV", "EPRT", "EPSV", "TYPE", "STRU", "MODE", "STOR", "STOU", "APPE", "ALLO", "REST", "RNFR", "RNTO", "ABOR", "RMD", "MKD", "PWD",
    "NLST", "MLSD", "MLST", "SITE", "SYST", "FEAT", "OPTS", "SIZE", "MDTM", "PBSZ", "PROT", "CLNT", "XPWD", "XCWD", "XMKD", "XRMD",
];

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    // Encryption may have begun on the same port, and a segment may be the middle of an attachment.
    let is_text = walk.bytes().iter().take(64).all(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~' | 0x80..));
    Ok(if is_text && !walk.bytes().is_empty() { Next::Nothing } else { Next::Foreign })
}

/// Whether the server sent the segment: it comes from a port that the protocol claims.
fn from_server(layer: &Layer, transports: &[Transport], index: usize) -> bool {
    let source = transports.iter().rfind(|transport| transport.layer < index).map(|transport| transport.source_port);
    layer.protocol.claims.iter().any(|claim| matches!(claim, Selector::TcpPort(port) if Some(*port) == source))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let (layer, index) = (d.view.layer(), d.view.index);
    let server = from_server(layer, &d.view.dissection.transports, index);
    let language = match layer.protocol.name {
        "smtp" => Some(&MAIL),
        "pop" => Some(&POST),
        "ftp" => Some(&FILE),
        _ => None,
    };
    let length = d.view.bytes().len();
    let mut cursor = Cursor::new(d, 0, length);
    for _ in 0..Limits::TEXT_LINES {
        let rest = cursor.rest();
        if rest.is_empty() {
            break;
        }
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end.saturating_add(1));
        let mut line = cursor.part(end);
        let told = match language {
            Some(language) if server => describe_reply(&mut line, language),
            Some(language) => describe_command(&mut line, language),
            None => describe_tagged(&mut line, server),
        };
        // The first line that is neither begins what is not of the protocol itself.
        if told.is_none() {
            let text = without_end(line.rest());
            return line.text(language.map_or(&ACCESS_TEXT, |language| language.text), text.len()).map(drop);
        }
    }
    Some(())
}

fn without_end(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

/// The first word of a line, and what stands behind it: behind a code that is not the last line's, a dash.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let is_end = |byte: &u8| *byte == b' ' || (*byte == b'-' && line.get(..3).is_some_and(is_number));
    let (word, rest) = line.split_at(line.iter().position(is_end).unwrap_or(line.len()));
    (word, rest.get(1..).unwrap_or_default())
}

/// Gives a server's line: a code and words.
fn describe_reply(line: &mut Cursor<'_, '_, '_>, language: &Language) -> Option<()> {
    let (word, words) = split(without_end(line.rest()));
    if !(language.is_code)(word) {
        return None;
    }
    if is_number(word) {
        let number = word.iter().fold(0u64, |number, digit| u64::from(digit & 15).saturating_add(number.saturating_mul(10)));
        line.value(language.code, word.len(), Value::Number(number))?;
    } else {
        line.text(language.code, word.len())?;
    }
    if !words.is_empty() {
        line.skip(1)?;
        line.text(language.reply, words.len())?;
    }
    Some(())
}

/// Gives a client's line: a command and what it is about.
fn describe_command(line: &mut Cursor<'_, '_, '_>, language: &Language) -> Option<()> {
    let (word, words) = split(without_end(line.rest()));
    if !COMMANDS.iter().any(|command| command.as_bytes().eq_ignore_ascii_case(word)) {
        return None;
    }
    line.text(language.command, word.len())?;
    if !words.is_empty() {
        line.skip(1)?;
        line.text(language.argument, words.len())?;
    }
    Some(())
}

/// Gives a line of IMAP: a tag, a command or a reply, and more.
fn describe_tagged(line: &mut Cursor<'_, '_, '_>, server: bool) -> Option<()> {
    let whole = without_end(line.rest());
    let space = whole.iter().position(|byte| *byte == b' ')?;
    let (tag, rest) = whole.split_at(space);
    let word = rest.get(1..)?.split(|byte| *byte == b' ').next().filter(|word| (1..=Limits::COMMAND_WORD).contains(&word.len()))?;
    let plain = |word: &[u8]| word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'+'));
    if tag.is_empty() || tag.len() > Limits::COMMAND_WORD || !plain(tag) || !plain(word) {
        return None;
    }
    let (tag_field, word_field, line_field) =
        if server { (&ACCESS_REPLY_TAG, &ACCESS_REPLY, &ACCESS_TEXT) } else { (&ACCESS_TAG, &ACCESS_COMMAND, &ACCESS_ARGUMENT) };
    line.group(line_field, whole.len(), Value::Text(whole), |line| {
        line.text(tag_field, tag.len())?;
        line.skip(1)?;
        line.text(word_field, word.len()).map(drop)
    })
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{cut_everywhere, damage_everywhere, look, tcp};

    /// A segment from the server's port.
    fn reply(port: u16, payload: &[u8]) -> Vec<u8> {
        let mut packet = tcp(40000, payload);
        packet[20..22].copy_from_slice(&port.to_be_bytes());
        packet
    }

    #[test]
    fn commands_and_replies_of_mail_are_told_line_by_line() {
        let outcome = look(tcp(25, b"MAIL FROM:<a@example.com> SIZE=10\r\nrcpt TO:<b@example.com>\r\nDATA\r\n"));
        assert_eq!(outcome.protocols(), "ip:tcp:smtp");
        assert_eq!(outcome.values("smtp.req.command"), ["MAIL", "rcpt", "DATA"]);
        assert_eq!(outcome.values("smtp.req.parameter"), ["FROM:<a@example.com> SIZE=10", "TO:<b@example.com>"]);
        let outcome = look(reply(587, b"250-mail.example.com\r\n250 STARTTLS\r\n"));
        assert_eq!(outcome.values("smtp.response.code"), ["250", "250"]);
        assert_eq!(outcome.values("smtp.rsp.parameter"), ["mail.example.com", "STARTTLS"]);
    }

    #[test]
    fn a_mail_is_told_by_its_first_line_and_what_is_no_text_not_at_all() {
        let outcome = look(tcp(25, b"Received: from a\r\nQUIT is a word\r\n"));
        assert_eq!(outcome.values("smtp.message"), ["Received: from a"]);
        assert_eq!(outcome.values("smtp.req.command"), [""; 0]);
        assert_eq!(look(tcp(25, b"\x00\x01\x02")).protocols(), "ip:tcp:data");
        assert_eq!(look(tcp(25, b"\x16\x03\x01\x00\x10\x01\x00\x00")).protocols(), "ip:tcp:tls");
    }

    #[test]
    fn the_other_languages_have_their_own_words() {
        let outcome = look(tcp(110, b"USER anna\r\n"));
        assert_eq!([outcome.value("pop.request.command"), outcome.value("pop.request.parameter")], ["USER", "anna"]);
        let outcome = look(reply(110, b"-ERR no such mailbox\r\n"));
        assert_eq!([outcome.value("pop.response.indicator"), outcome.value("pop.response.description")], ["-ERR", "no such mailbox"]);
        let outcome = look(reply(21, b"227 Entering Passive Mode (10,0,0,1,4,1)\r\n"));
        assert_eq!(
            [outcome.value("ftp.response.code"), outcome.value("ftp.response.arg")],
            ["227", "Entering Passive Mode (10,0,0,1,4,1)"]
        );
        let outcome = look(tcp(143, b"a1 LOGIN anna secret\r\n"));
        assert_eq!([outcome.value("imap.request_tag"), outcome.value("imap.request.command")], ["a1", "LOGIN"]);
        let outcome = look(reply(143, b"* 18 EXISTS\r\na1 OK done\r\n"));
        assert_eq!(outcome.values("imap.response_tag"), ["*", "a1"]);
        assert_eq!(outcome.values("imap.response.command"), ["18", "OK"]);
    }

    #[test]
    fn damaged_lines_are_described_as_far_as_they_go() {
        for packet in [tcp(25, b"EHLO a\r\nMAIL FROM:<b>\r\n"), tcp(143, b"a1 LOGIN b c\r\n"), reply(21, b"220-a\r\n220 b\r\n")] {
            cut_everywhere(&packet);
            damage_everywhere(&packet, 40);
        }
    }
}
