//! How a PPP station proves who it is: with a password in clear (RFC 1334) or by answering a challenge (RFC 1994).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Password authentication.
pub static PASSWORD: Protocol = Protocol {
    name: "pap",
    label: "PAP",
    title: "PPP password authentication protocol",
    reference: "RFC 1334 section 2",
    claims: &[Selector::PppProtocol(0xc023)],
    dissect,
    describe: describe_password,
    verify: None,
    fields: &[FIELDS],
};

/// Challenge handshake authentication.
pub static CHALLENGE: Protocol = Protocol {
    name: "chap",
    label: "CHAP",
    title: "PPP challenge handshake authentication protocol",
    reference: "RFC 1994",
    claims: &[Selector::PppProtocol(0xc223)],
    dissect,
    describe: describe_challenge,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 4;
const PASSWORD_CODES: &[(u64, &str)] = &[(1, "request"), (2, "accepted"), (3, "refused")];
const CHALLENGE_CODES: &[(u64, &str)] = &[(1, "challenge"), (2, "response"), (3, "success"), (4, "failure")];

fields! {
    PASSWORD_CODE = Field::number("pap.code", "Code", "What the message does.").names(PASSWORD_CODES).in_line();
    PASSWORD_IDENTIFIER = Field::number("pap.identifier", "Identifier", "An answer has its request's.");
    PASSWORD_LENGTH = Field::number("pap.length", "Length", "How long the message is.").unit("bytes");
    PEER = Field::text("pap.peer_id", "Name", "Who wants to come in.").in_line();
    SECRET = Field::text("pap.password", "Password", "The password, for everybody on the line to read.");
    PASSWORD_MESSAGE = Field::text("pap.message", "Message", "The answer in words.").in_line();
    CHALLENGE_CODE = Field::number("chap.code", "Code", "What the message does.").names(CHALLENGE_CODES).in_line();
    CHALLENGE_IDENTIFIER = Field::number("chap.identifier", "Identifier", "An answer has its challenge's.");
    CHALLENGE_LENGTH = Field::number("chap.length", "Length", "How long the message is.").unit("bytes");
    VALUE_LENGTH = Field::number("chap.value_size", "Value length", "How long the challenge or the answer is.").unit("bytes");
    VALUE = Field::bytes("chap.value", "Value", "The challenge, or a digest of it and the password.");
    NAME = Field::text("chap.name", "Name", "Who the sender is.").in_line();
    CHALLENGE_MESSAGE = Field::text("chap.message", "Message", "The verdict in words.").in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length < HEADER_LENGTH {
        return Err(walk.invalid("length", HEADER_LENGTH, length));
    }
    walk.limit(length);
    Ok(Next::Nothing)
}

#[expect(clippy::arithmetic_side_effects, reason = "lengths of 8 bits")]
fn describe_password(d: &mut Describe<'_, '_>) -> Option<()> {
    let code = d.number(&PASSWORD_CODE, 0, 1)?;
    d.number(&PASSWORD_IDENTIFIER, 1, 1)?;
    d.number(&PASSWORD_LENGTH, 2, 2)?;
    let length = usize::try_from(d.peek(4, 1)?).ok()?;
    if code == 1 {
        d.text(&PEER, 5, length)?;
        let secret = usize::try_from(d.peek(5 + length, 1)?).ok()?;
        d.text(&SECRET, 6 + length, secret)?;
    } else {
        d.text(&PASSWORD_MESSAGE, 5, length)?;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "a length of 8 bits; what is taken away was compared before")]
fn describe_challenge(d: &mut Describe<'_, '_>) -> Option<()> {
    let code = d.number(&CHALLENGE_CODE, 0, 1)?;
    d.number(&CHALLENGE_IDENTIFIER, 1, 1)?;
    d.number(&CHALLENGE_LENGTH, 2, 2)?;
    let end = d.view.bytes().len();
    if code <= 2 {
        let length = usize::try_from(d.number(&VALUE_LENGTH, 4, 1)?).ok()?;
        d.bytes(&VALUE, 5, length)?;
        d.text(&NAME, 5 + length, end.checked_sub(5 + length)?)?;
    } else if end > HEADER_LENGTH {
        d.text(&CHALLENGE_MESSAGE, HEADER_LENGTH, end - HEADER_LENGTH)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_password_stands_in_clear() {
        let frame = dissect(LinkType(9), "ff03 c023 01 01 000e 04 75736572 04 70617373 0000");
        assert_eq!(frame.protocols(), "ppp:pap");
        assert_eq!((frame.value("pap.peer_id"), frame.value("pap.password")), ("user".into(), "pass".into()));
        let answer = dissect(LinkType(9), "ff03 c023 02 01 0007 02 6f6b");
        assert_eq!((answer.value("pap.message"), answer.value("pap.password")), ("ok".into(), String::new()));
    }

    #[test]
    fn a_challenge_is_answered() {
        let frame = dissect(LinkType(9), "ff03 c223 01 07 000b 04 01020304 4e41 0000");
        assert_eq!((frame.protocols(), frame.value("chap.value")), ("ppp:chap".into(), "01020304".into()));
        assert_eq!((frame.value("chap.name"), frame.value("chap.code")), ("NA".into(), "1".into()));
        assert_eq!(dissect(LinkType(9), "ff03 c223 04 07 0006 6e6f").value("chap.message"), "no");
        assert_eq!(dissect(LinkType(9), "ff03 c223 01 07 0006 ff 00").values("chap.value").len(), 0);
    }
}
