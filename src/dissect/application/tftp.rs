//! Trivial File Transfer Protocol (RFC 1350, with the options of RFC 2347): the first message, which goes to a known port; what follows is
//! between ports that only a conversation knows.

use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// TFTP.
pub static PROTOCOL: Protocol = Protocol {
    name: "tftp",
    label: "TFTP",
    title: "Trivial File Transfer Protocol",
    reference: "RFC 1350",
    claims: &[Selector::UdpPort(69)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const READ: u64 = 1;
const WRITE: u64 = 2;
const OPERATIONS: &[(u64, &str)] =
    &[(READ, "read"), (WRITE, "write"), (3, "data"), (4, "acknowledgement"), (5, "error"), (6, "option acknowledgement")];
const ERRORS: &[(u64, &str)] = &[
    (0, "not defined"),
    (1, "file not found"),
    (2, "access violation"),
    (3, "disk full"),
    (4, "illegal operation"),
    (5, "unknown transfer"),
    (6, "file exists"),
    (7, "no such user"),
    (8, "option refused"),
];

fields! {
    OPERATION = Field::number("tftp.opcode", "Operation", "What the message does.").names(OPERATIONS).in_line();
    SOURCE_FILE = Field::text("tftp.source_file", "File", "The file that the client wants.").in_line();
    DESTINATION_FILE = Field::text("tftp.destination_file", "File", "The file that the client sends.").in_line();
    MODE = Field::text("tftp.type", "Mode", "How it is sent: octet for bytes, netascii for text.");
    OPTION_NAME = Field::text("tftp.option.name", "Option", "Something to agree on: the size of blocks, a time limit.");
    OPTION_VALUE = Field::text("tftp.option.value", "Value", "The option's value.");
    BLOCK = Field::number("tftp.block", "Block", "Which piece of the file this is, from 1.").in_line();
    ERROR_CODE = Field::number("tftp.error.code", "Error", "What went wrong.").names(ERRORS).in_line();
    ERROR_TEXT = Field::text("tftp.error.message", "Message", "The same in words.").in_line();
    DATA = Field::bytes("tftp.data", "Data", "A piece of the file.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    Ok(if matches!(walk.bytes(), [0, 1..=6, ..]) { Next::Nothing } else { Next::Foreign })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let length = d.view.bytes().len();
    let mut cursor = Cursor::new(d, 0, length);
    let operation = cursor.number(&OPERATION, 2)?;
    match operation {
        READ | WRITE => {
            string(&mut cursor, if operation == READ { &SOURCE_FILE } else { &DESTINATION_FILE })?;
            string(&mut cursor, &MODE)?;
            options(&mut cursor)
        }
        3 | 4 => {
            cursor.number(&BLOCK, 2)?;
            cursor.remainder(&DATA)
        }
        5 => {
            cursor.number(&ERROR_CODE, 2)?;
            string(&mut cursor, &ERROR_TEXT)
        }
        _ => options(&mut cursor),
    }
}

fn options(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    while !cursor.is_done() {
        string(cursor, &OPTION_NAME)?;
        string(cursor, &OPTION_VALUE)?;
    }
    Some(())
}

/// Gives characters to a 0, or as far as they go.
fn string(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<()> {
    let rest = cursor.rest();
    let length = rest.iter().position(|byte| *byte == 0);
    cursor.text(field, length.unwrap_or(rest.len()))?;
    length?;
    cursor.skip(1).map(drop)
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{cut_everywhere, damage_everywhere, look, udp};

    #[test]
    fn a_request_names_its_file_and_its_options() {
        let outcome = look(udp(69, b"\0\x01boot/kernel\0octet\0blksize\x001428\0tsize\x000\0"));
        assert_eq!(outcome.protocols(), "ip:udp:tftp");
        assert_eq!([outcome.value("tftp.source_file"), outcome.value("tftp.type")], ["boot/kernel", "octet"]);
        assert_eq!(outcome.values("tftp.option.name"), ["blksize", "tsize"]);
        assert_eq!(outcome.values("tftp.option.value"), ["1428", "0"]);
        assert_eq!(look(udp(69, b"\0\x02up\0octet\0")).value("tftp.destination_file"), "up");
    }

    #[test]
    fn data_and_errors_are_told() {
        let outcome = look(udp(69, b"\0\x03\0\x07abc"));
        assert_eq!([outcome.value("tftp.block"), outcome.value("tftp.data")], ["7", "616263"]);
        let outcome = look(udp(69, b"\0\x05\0\x01File not found"));
        assert_eq!([outcome.value("tftp.error.code"), outcome.value("tftp.error.message")], ["1", "File not found"]);
        assert_eq!(look(udp(69, b"\x01\x01")).protocols(), "ip:udp:data");
    }

    #[test]
    fn damaged_messages_are_described_as_far_as_they_go() {
        let packet = udp(69, b"\0\x01kernel\0octet\0blksize\x001428\0");
        cut_everywhere(&packet);
        damage_everywhere(&packet, 28);
    }
}
