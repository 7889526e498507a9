//! What frames show is claimed, and no more: each rule beside what is close to it, and is something else.

use super::made::{ACK, End, Made, SYN, datagram, run, segment};

const FIN: u8 = 1;
const HOST: [u8; 4] = [192, 168, 1, 5];
const OTHER: [u8; 4] = [192, 168, 1, 6];
const DOMAIN: [u8; 4] = [192, 168, 1, 1];
const FAR: [u8; 4] = [203, 0, 113, 5];

fn story(frames: &[Made]) -> String {
    run(&["explain"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A host asks for the address of a name of one letter under `example`, and is told the far one.
fn looked_up(at: u32, host: [u8; 4], letter: u8) -> Vec<Made> {
    let name = [b"\x01", [letter].as_slice(), b"\x07example\0\0\x01\0\x01"].concat();
    let number = (at / 100) as u8;
    let message = |flags: [u8; 2], answers: u8| [&[0, number, flags[0], flags[1], 0, 1, 0, answers, 0, 0, 0, 0], name.as_slice()].concat();
    let told = [message([0x81, 0x80], 1).as_slice(), &[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4], &FAR].concat();
    let ends: [End; 2] = [(host, 40_000 + u16::from(number)), (DOMAIN, 53)];
    vec![datagram(at, ends, 64, &message([1, 0], 0)), datagram(at + 1, [ends[1], ends[0]], 64, &told)]
}

/// A connection that is opened and says something.
fn connected(at: u32, ends: [End; 2], said: &str) -> Vec<Made> {
    let back = [ends[1], ends[0]];
    let length = said.len() as u32;
    vec![
        segment(at, ends, 64, (SYN, 0, 0), ""),
        segment(at + 20, back, 55, (SYN | ACK, 0, 0), ""),
        segment(at + 21, ends, 64, (ACK, 0, 0), ""),
        segment(at + 22, ends, 64, (ACK, 0, 0), said),
        segment(at + 42, back, 55, (ACK, 0, length), "x"),
        segment(at + 43, ends, 64, (ACK | FIN, length, 1), ""),
    ]
}

#[test]
fn of_several_names_of_an_address_the_one_is_told_that_was_looked_up_last() {
    let both = [looked_up(0, HOST, b'a'), looked_up(1_000, HOST, b'b')].concat();
    let ends = |host, port| [(host, port), (FAR, 4_433)];
    let told = story(&[both.clone(), connected(2_000, ends(HOST, 50_000), "hello")].concat());
    assert!(told.contains("connected to port 4433 of b.example (203.0.113.5)"), "{told}");
    assert!(told.contains("b.example is 9 routers away"), "{told}");
    // The first was looked up again, or looked up alone before the connection began.
    let told = story(&[both.clone(), looked_up(1_500, HOST, b'a'), connected(2_000, ends(HOST, 50_000), "hello")].concat());
    assert!(told.contains("of a.example (203.0.113.5)"), "{told}");
    let told = story(&[looked_up(0, HOST, b'a'), connected(100, ends(HOST, 50_000), "hello"), looked_up(1_000, HOST, b'b')].concat());
    assert!(told.contains("of a.example (203.0.113.5)"), "{told}");
    // Who looked nothing up means either of them; where there is but one name it is that.
    let told = story(&[both.clone(), connected(2_000, ends(OTHER, 50_000), "hello")].concat());
    assert!(told.contains("192.168.1.6 connected to port 4433 of 203.0.113.5 (frames"), "{told}");
    let told = story(&[looked_up(0, HOST, b'a'), connected(2_000, ends(OTHER, 50_000), "hello")].concat());
    assert!(told.contains("192.168.1.6 connected to port 4433 of a.example (203.0.113.5)"), "{told}");
    // What it says itself is meant, whatever it looked up.
    let asks = "GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n";
    let told = story(&[both.clone(), connected(2_000, [(HOST, 50_000), (FAR, 80)], asks)].concat());
    assert!(told.contains("connected to port 80 of a.example (203.0.113.5)"), "{told}");
}
