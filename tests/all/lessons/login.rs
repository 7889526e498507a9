//! What proves the rules on logins.

use super::{Case, fired, hold};
use crate::support::read;

const CASES: &[Case] = &[
    Case { rule: "login.in-clear", fires: &["captures/pop3.pcapng"], near_miss: &["captures/ftp.pcapng"] },
    Case { rule: "login.link-in-clear", fires: &["captures/pppoe.pcapng"], near_miss: &["captures/ppp-challenge-refused.pcap"] },
    Case { rule: "login.link-refused", fires: &["captures/ppp-challenge-refused.pcap"], near_miss: &["captures/pppoe.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("login", CASES);
}

#[test]
fn every_language_of_logins_is_understood_and_the_password_is_never_shown() {
    for (capture, language) in [("pop3", "POP3"), ("imap", "IMAP"), ("smtp", "SMTP"), ("telnet", "Telnet")] {
        let capture = format!("captures/{capture}.pcapng");
        assert!(fired(&[&capture]).contains("login.in-clear"), "{capture}");
        let said = read([&capture]).out;
        let note = said.lines().find(|line| line.contains("[login.in-clear]")).expect("a note");
        assert!(note.contains("anna logs in to") && note.contains(&format!("anybody on the way can read ({language})")), "{note}");
        assert!(!note.contains("Wolke7"), "{note}");
    }
}

#[test]
fn the_password_of_a_line_is_not_shown_either() {
    let said = read(["captures/pppoe.pcapng"]).out;
    let note = said.lines().find(|line| line.contains("[login.link-in-clear]")).expect("a note");
    assert!(note.contains("h1@isp.example logs in to 02:00:0a:19:01:01") && !note.contains("secret"), "{note}");
}
