//! Log messages (RFC 5424; RFC 3164 for the older form).

use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Syslog.
pub static PROTOCOL: Protocol = Protocol {
    name: "syslog",
    label: "syslog",
    title: "Log message",
    reference: "RFC 5424",
    claims: &[Selector::UdpPort(514)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const FACILITIES: &[(u64, &str)] = &[
    (0, "kernel"),
    (1, "user"),
    (2, "mail"),
    (3, "daemon"),
    (4, "authorization"),
    (5, "syslog"),
    (6, "printer"),
    (7, "news"),
    (8, "UUCP"),
    (9, "cron"),
    (10, "private authorization"),
    (11, "FTP"),
    (12, "NTP"),
    (13, "audit"),
    (14, "alert"),
    (15, "clock"),
    (16, "local 0"),
    (17, "local 1"),
    (18, "local 2"),
    (19, "local 3"),
    (20, "local 4"),
    (21, "local 5"),
    (22, "local 6"),
    (23, "local 7"),
];
const LEVELS: &[(u64, &str)] =
    &[(0, "emergency"), (1, "alert"), (2, "critical"), (3, "error"), (4, "warning"), (5, "notice"), (6, "information"), (7, "debug")];

fields! {
    FACILITY = Field::number("syslog.facility", "Facility", "What kind of program says it.").names(FACILITIES).in_line();
    LEVEL = Field::number("syslog.level", "Level", "How serious it is.").names(LEVELS).in_line();
    MESSAGE = Field::text("syslog.msg", "Message", "What is said: mostly with a time and a host's name before it.").in_line();
}

/// The priority, a number between angle brackets, and how many bytes it takes with them.
#[expect(clippy::arithmetic_side_effects, reason = "at most three digits")]
fn priority(bytes: &[u8]) -> Option<(u64, usize)> {
    let end = bytes.iter().take(5).position(|byte| *byte == b'>')?;
    let digits = bytes.get(..end)?.strip_prefix(b"<").filter(|digits| (1..=3).contains(&digits.len()))?;
    let number = digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))?;
    (number < 192).then_some((number, end + 1))
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    // A message without a priority is one too (RFC 3164 section 4.3.3), if it is text.
    let is_text = walk.bytes().iter().take(8).all(|byte| (b' '..=b'~').contains(byte));
    Ok(if is_text && !walk.bytes().is_empty() { Next::Nothing } else { Next::Foreign })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let bytes = d.view.bytes();
    let mut cursor = Cursor::new(d, 0, bytes.len());
    if let Some((number, length)) = priority(bytes) {
        cursor.value(&FACILITY, length, Value::Number(number >> 3))?;
        cursor.worked_out(&LEVEL, Value::Number(number & 7));
    }
    // Some programs send the 0 that ends text in C, or a line feed, too.
    let length = cursor.rest().iter().rposition(|byte| !matches!(byte, 0 | b'\n')).map_or(0, |last| last.saturating_add(1));
    cursor.text(&MESSAGE, length).map(drop)
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{damage_everywhere, look, udp};

    #[test]
    fn a_priority_is_a_facility_and_a_level() {
        let outcome = look(udp(514, b"<165>1 2003-10-11T22:14:15.003Z host app - - - up\0"));
        assert_eq!(outcome.protocols(), "ip:udp:syslog");
        assert_eq!([outcome.value("syslog.facility"), outcome.value("syslog.level")], ["20", "5"]);
        assert_eq!(outcome.value("syslog.msg"), "1 2003-10-11T22:14:15.003Z host app - - - up");
    }

    #[test]
    fn what_is_no_priority_belongs_to_the_message() {
        for message in ["<192>over", "<>none", "<1x>odd", "<0001>long", "plain"] {
            let outcome = look(udp(514, message.as_bytes()));
            assert_eq!([outcome.value("syslog.facility"), outcome.value("syslog.msg")], ["", message]);
        }
        assert_eq!(look(udp(514, &[0, 1, 2])).protocols(), "ip:udp:data");
        damage_everywhere(&udp(514, b"<165>1 - host"), 28);
    }
}
