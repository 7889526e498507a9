//! Conversations in words: how they began, what was said, how they ended.

use super::datagrams;
use super::words::{Measured, Who, application, list_ports, say_frames};
use crate::conversation::application::Evidence;
use crate::conversation::http1::Exchange;
use crate::conversation::text::Language;
use crate::conversation::{Conversation, Kind, Names, Side, State};
use crate::explain::story::{Clock, Dialogue, Event, Held, Objection, What, is_turned_away};
use crate::explain::without_passwords;
use crate::frame::Timestamp;
use crate::render::http::url;
use crate::render::sentence::{Counted, Sentence, Shown, Took};

/// How many exchanges of one conversation are told, and how many commands.
const EXCHANGES: usize = 3;
const COMMANDS: usize = 12;
/// From how many nanoseconds on it is told how long an answer took to come.
const LONG: i64 = 1_000_000_000;

/// Says how a conversation went, and how much else was like it.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, clock: &Clock, held: &Held, alike: &[&Event]) {
    match held.conversation.kind {
        Kind::Tcp => connected(sentence, names, clock, held, alike),
        Kind::Udp => {
            datagrams::say(sentence, names, held, "datagram", alike);
        }
        Kind::Echo | Kind::Other(_) => datagrams::say(sentence, names, held, "packet", alike),
    }
}

fn others<'a>(alike: &'a [&'a Event]) -> impl Iterator<Item = &'a Held> {
    alike.iter().filter_map(|event| match &event.what {
        What::Held(held) => Some(&**held),
        What::Resolved(_)
        | What::Announced(_)
        | What::Probed(_)
        | What::Leased(_)
        | What::Leased6(_)
        | What::Advertised { .. }
        | What::Beaconed(_)
        | What::Joined(_)
        | What::LookedUp(_)
        | What::Pinged(_)
        | What::Traced(_)
        | What::Reported(_)
        | What::Fragmented(_)
        | What::Explained(_) => None,
    })
}

fn connected(sentence: &mut Sentence<'_>, names: &Names, clock: &Clock, held: &Held, alike: &[&Event]) {
    let conversation = &held.conversation;
    let [client, server] = conversation.ends;
    let frames: Vec<u64> = held.opening.frames.iter().flatten().copied().collect();
    let (who, whom) = (Who(client.address, names), Who(server.address, names));
    let state = conversation.state().unwrap_or(State::Open);
    // Whose further segments came by was answered: the capture has one direction.
    let is_one_sided = conversation.sent[0].payload > 0 && conversation.sent[0].frames > held.opening.sent[0];
    if conversation.begins_oddly() && conversation.sent.iter().all(|sent| sent.payload == 0) {
        match conversation.sent[0].frames {
            0 | 1 => {
                write!(sentence, "{who} sent a segment to port {} of {whom} as no program sends it: ", server.port);
                sentence.say("it neither begins a connection nor belongs to one");
            }
            many => {
                write!(sentence, "{who} sent {} to port {} of {whom} ", Counted(many.into(), "segment"), server.port);
                sentence.say("as no program sends them: they neither begin a connection nor belong to one");
            }
        }
        match (state, conversation.sent[1].frames) {
            (_, 0) => unanswered(sentence, names, held.objection, &[conversation.first_frame]),
            (State::Refused | State::Reset(Side::Responder), _) => {
                sentence.say(", and was refused (reset)");
                say_frames(sentence, &[conversation.first_frame]);
            }
            _ => {
                sentence.say(", and was answered");
                say_frames(sentence, &[conversation.first_frame]);
            }
        }
        sentence.say(".");
        return say_alike(sentence, server.port, alike);
    }
    match state {
        State::Unanswered if !is_one_sided => {
            write!(sentence, "{who} tried to connect to port {} of {whom}", server.port);
            // Where the same packet was captured twice it was one try.
            let tries = u64::from(held.opening.sent[0]);
            if tries > 1 {
                write!(sentence, ", {}", Counted(tries, "time"));
                if let Some(took) = conversation.duration().filter(|took| *took >= 0) {
                    write!(sentence, " in {}", Took(took));
                }
            }
            unanswered(sentence, names, held.objection, &frames);
            sentence.say(".");
            return say_alike(sentence, server.port, alike);
        }
        State::Refused => {
            write!(
                sentence,
                "{who} tried to connect to port {} of {whom} and was refused: no program listens there, or a firewall says so",
                server.port
            );
            say_frames(sentence, &frames);
            sentence.say(".");
            return say_alike(sentence, server.port, alike);
        }
        State::HalfOpen => {
            write!(
                sentence,
                "{who} asked to connect to port {} of {whom} and was answered; that it went on is not in the capture",
                server.port
            );
            say_frames(sentence, &frames);
            sentence.say(".");
        }
        State::Reset(_) if held.is_half_open_probe() => {
            write!(sentence, "{who} asked to connect to port {} of {whom} and reset the answer", server.port);
            sentence.say(" before there was a connection");
            say_frames(sentence, &frames);
            sentence.say(".");
            return say_alike(sentence, server.port, alike);
        }
        State::Unanswered | State::Open | State::HalfClosed(_) | State::Closed(_) | State::Reset(_) => {
            if let [Some(begin), Some(answer), end] = held.opening.frames {
                write!(sentence, "{who} connected to port {} of {whom}", server.port);
                say_frames(sentence, &frames);
                let took = conversation.handshake().or(conversation.syn_to_syn_ack());
                match (held.opening.sent, took) {
                    // Which of them was answered, or which answer came, does not show.
                    ([tries @ 2..=u32::MAX, _], _) => write!(
                        sentence,
                        ": its SYN was sent {}, so how long there and back takes is not known",
                        Counted(tries.into(), "time")
                    ),
                    ([_, tries @ 2..=u32::MAX], _) => {
                        write!(
                            sentence,
                            ": the answer to its SYN was sent {}, so how long there and back takes is not known",
                            Counted(tries.into(), "time")
                        )
                    }
                    (_, Some(took)) if clock.measures(begin, end.unwrap_or(answer)) => {
                        write!(sentence, ": there and back took {}", Measured(i64::from(took) * 1000, clock));
                    }
                    _ => {}
                }
            } else if let Some(side) = only_side(held) {
                let sent = &conversation.sent[side.index()];
                let segments = Counted(sent.frames.into(), "segment");
                match side {
                    Side::Originator => write!(sentence, "{who} sent {segments} of TCP to port {} of {whom}", server.port),
                    Side::Responder => write!(sentence, "{whom} sent {segments} of TCP from port {} to {who}", server.port),
                }
                if sent.payload > 0 {
                    write!(sentence, ", with {}", Counted(sent.payload, "byte"));
                }
                sentence.say("; neither the beginning nor what the other sent is in the capture");
                say_frames(sentence, &[conversation.first_frame]);
            } else if is_turned_away(conversation) {
                let segments = match conversation.sent[0].frames {
                    1 => "a segment".to_owned(),
                    many => Counted(many.into(), "segment").to_string(),
                };
                write!(sentence, "{who} sent {segments} to port {} of {whom}, which knew no such connection ", server.port);
                sentence.say("and refused (reset); what was before is not in the capture");
                say_frames(sentence, &[conversation.first_frame]);
                sentence.say(".");
                return say_alike(sentence, server.port, alike);
            } else {
                write!(sentence, "{who} and {whom} spoke over TCP, port {}; ", server.port);
                sentence.say(match (held.opening.frames, conversation.sent.each_ref().map(|sent| sent.frames)) {
                    ([Some(_), ..], [_, 0]) => "what the server sent is not in the capture",
                    ([_, Some(_), _], [0, _]) => "what the client sent is not in the capture",
                    ([Some(_), ..], _) => "the answer to the SYN is not in the capture",
                    _ => "the beginning is not in the capture",
                });
                say_frames(sentence, &[conversation.first_frame]);
            }
            sentence.say(".");
        }
    }
    said(sentence, clock, held);
    ended(sentence, state, held);
    say_alike(sentence, server.port, alike);
}

/// The side of which alone the capture has something, and nothing of the beginning.
fn only_side(held: &Held) -> Option<Side> {
    let [there, back] = held.conversation.sent.each_ref().map(|sent| sent.frames > 0);
    match (there, back) {
        _ if held.opening.frames.iter().any(Option::is_some) => None,
        (true, false) => Some(Side::Originator),
        (false, true) => Some(Side::Responder),
        (true, true) | (false, false) => None,
    }
}

/// Says that no answer came, and who reported why; with the frames that show it.
pub(super) fn unanswered(sentence: &mut Sentence<'_>, names: &Names, objection: Option<Objection>, frames: &[u64]) {
    match objection {
        Some(Objection { reporter, frame, .. }) => {
            write!(sentence, ", and got no answer but an ICMP error from {}", Who(reporter, names));
            let frames: Vec<u64> = frames.iter().copied().chain([frame]).collect();
            say_frames(sentence, &frames);
        }
        None => {
            sentence.say(", and the capture shows no answer");
            say_frames(sentence, frames);
        }
    }
}

/// Says what a connection was used for.
fn said(sentence: &mut Sentence<'_>, clock: &Clock, held: &Held) {
    let conversation = &held.conversation;
    let secured = held.tls.is_some();
    if let Some(tls) = &held.tls {
        let hellos: Vec<u64> = [tls.client_hello, tls.server_hello].into_iter().flatten().map(|origin| origin.frame).collect();
        match tls.version.and_then(version) {
            Some(version) => write!(sentence, " Both agreed on {version}"),
            None => sentence.say(" It spoke TLS"),
        }
        if let Some(name) = &tls.server_name {
            write!(sentence, " for {}", Shown(name));
        }
        say_frames(sentence, &hellos);
        sentence.say("; what they said from there on is encrypted.");
    }
    let unheard = unacknowledged(conversation, Side::Responder);
    for (place, exchange) in held.exchanges.iter().enumerate().take(EXCHANGES) {
        if exchange.request.is_some() || exchange.response.is_some() {
            if place == 0 {
                say_pause(sentence, held, exchange);
            }
            exchanged(sentence, clock, exchange, unheard > 0 && place + 1 == held.exchanges.len());
        }
    }
    let more = held.exchanges.len().saturating_sub(EXCHANGES) as u64 + held.more_exchanges;
    if more > 0 {
        write!(sentence, " {} followed on the same connection.", Counted(more, "further exchange"));
    }
    if let Some(dialogue) = &held.dialogue {
        spoken(sentence, dialogue);
    }
    let [up, down] = [0, 1].map(|side| conversation.sent[side].payload);
    let is_counted = only_side(held).is_some();
    if held.exchanges.is_empty() && (up > 0 || down > 0) {
        if let (Some((is, evidence)), false, None) = (held.application, secured, &held.dialogue) {
            write!(sentence, " It was used for {}", application(is));
            sentence.say(if evidence == Evidence::Port { ", by its port." } else { "." });
        }
        let is_captured = conversation.sent.each_ref().map(|sent| sent.frames > 0);
        match (up, down) {
            _ if is_counted => {}
            (up, 0) if !is_captured[1] => write!(sentence, " {} went to the server.", Counted(up, "byte")),
            (0, down) if !is_captured[0] => write!(sentence, " {} came from the server.", Counted(down, "byte")),
            (up, 0) => write!(sentence, " {} went to the server and nothing came back.", Counted(up, "byte")),
            (0, down) => write!(sentence, " {} came from the server, and nothing went there.", Counted(down, "byte")),
            (up, down) => write!(sentence, " {} went to the server and {} came back.", Counted(up, "byte"), Counted(down, "byte")),
        }
    }
}

/// Says that the client was long in asking, once the connection stood.
fn say_pause(sentence: &mut Sentence<'_>, held: &Held, exchange: &Exchange) {
    let (conversation, [_, _, stood]) = (&held.conversation, held.opening.frames);
    let is_clear = held.opening.sent == [1, 1] && conversation.sent[0].retransmitted == 0;
    let (Some(stood), Some(took), true) = (stood, conversation.handshake(), is_clear) else { return };
    let asked = exchange.request.as_ref().map(|request| request.first);
    let since = |asked: Timestamp| Some(asked.since(conversation.first()?) - i64::from(took) * 1_000);
    if let Some(origin) = asked
        && let Some(waited) = origin.time.and_then(since).filter(|waited| *waited >= LONG)
    {
        write!(sentence, " The client had nothing to say for {}", Took(waited));
        say_frames(sentence, &[stood, origin.frame]);
        sentence.say(".");
    }
}

fn version(version: u16) -> Option<&'static str> {
    [(0x0300, "SSL 3.0"), (0x0301, "TLS 1.0"), (0x0302, "TLS 1.1"), (0x0303, "TLS 1.2"), (0x0304, "TLS 1.3")]
        .into_iter()
        .find(|(number, _)| *number == version)
        .map(|(_, name)| name)
}

fn exchanged(sentence: &mut Sentence<'_>, clock: &Clock, exchange: &Exchange, is_unheard: bool) {
    let mut frames = Vec::new();
    match &exchange.request {
        Some(request) => {
            frames.push(request.first.frame);
            let mut asked = Vec::new();
            url::push_without_passwords(&mut asked, exchange);
            write!(sentence, " It asked {} ", Shown(request.method()));
            let cut = asked.get(..120).filter(|cut| str::from_utf8(cut).is_ok()).unwrap_or(&asked);
            sentence.out().extend_from_slice(cut);
            sentence.say(if cut.len() < asked.len() { ".." } else { "" });
            if request.body.length > 0 {
                write!(sentence, " with {}", Counted(request.body.length, "byte"));
            }
        }
        None => sentence.say(" A request that is not in the capture"),
    }
    match &exchange.response {
        Some(response) => {
            frames.push(response.first.frame);
            frames.push(response.last.frame);
            sentence.say(match (exchange.request.is_some(), is_unheard) {
                (true, false) => " and got ",
                (true, true) => " and was sent ",
                (false, false) => " got ",
                (false, true) => " was sent ",
            });
            match response.head.status_line() {
                Some(line) => write!(sentence, "{} {}", Shown(line.status), Shown(line.reason)),
                None => sentence.say("an answer without a status"),
            }
            let redirects =
                response.head.status_line().is_some_and(|line| matches!(line.status, b"301" | b"302" | b"303" | b"307" | b"308"));
            if let Some(target) = response.head.get("location").filter(|_| redirects) {
                let target = &without_passwords(target)[..];
                let cut = target.get(..120).filter(|cut| str::from_utf8(cut).is_ok()).unwrap_or(target);
                write!(sentence, ", which sends it to {}{}", Shown(cut), if cut.len() < target.len() { ".." } else { "" });
            }
            if response.body.length > 0 {
                write!(sentence, " with {}", Counted(response.body.length, "byte"));
                if let Some(kind) = response.head.get("content-type") {
                    write!(sentence, " of {}", Shown(crate::conversation::body::sniff::essence(kind)));
                }
                if response.body.missing > 0 {
                    write!(sentence, " (of which {} are missing in the capture)", Counted(response.body.missing, "byte"));
                } else if !response.body.is_complete() {
                    sentence.say(" (not all of it came)");
                }
            }
            let asked = exchange.request.as_ref().map_or(0, |request| request.last.frame);
            if let Some(waited) = exchange.wait_time().filter(|_| clock.measures(asked, response.first.frame)) {
                write!(sentence, ", after {}", Measured(waited, clock));
            }
            if let Some(took) =
                exchange.receive_time().filter(|took| *took >= LONG && clock.measures(response.first.frame, response.last.frame))
            {
                write!(sentence, "; it took {} to come", Measured(took, clock));
            }
        }
        None => sentence.say(", and the capture shows no answer"),
    }
    frames.dedup();
    say_frames(sentence, &frames);
    sentence.say(".");
    if exchange.tunnel.is_some() {
        sentence.say(" From there on the connection carried something else than HTTP.");
    }
}

/// Says what was said in lines of text.
fn spoken(sentence: &mut Sentence<'_>, dialogue: &Dialogue) {
    let language = match dialogue.language {
        Some(Language::Smtp) => "SMTP, sending mail",
        Some(Language::Ftp) => "FTP, handing files over",
        Some(Language::Pop3) => "POP3, fetching mail",
        Some(Language::Imap) => "IMAP, reading mail",
        Some(Language::Irc) => "IRC, chat",
        Some(Language::Telnet) => "Telnet",
        Some(Language::Numbered | Language::Tls | Language::Bytes) | None => "lines of text",
    };
    write!(sentence, " They spoke {language}");
    let lines = dialogue.lines.get(..COMMANDS).unwrap_or(&dialogue.lines);
    if !lines.is_empty() {
        sentence.say(": ");
        let words: Vec<String> = lines
            .iter()
            .map(|line| match &line.code {
                Some(code) => format!("{} ({})", Shown(&line.verb), Shown(code)),
                None => Shown(&line.verb).to_string(),
            })
            .collect();
        for (place, word) in words.iter().enumerate() {
            write!(sentence, "{}{word}", if place == 0 { "" } else { ", " });
        }
        let more = (dialogue.lines.len() - lines.len()) as u64 + dialogue.more;
        if more > 0 {
            write!(sentence, " and {}", Counted(more, "more command"));
        }
        let frames: Vec<u64> = [dialogue.lines.first(), dialogue.lines.last()].into_iter().flatten().map(|line| line.frame).collect();
        match *frames.as_slice() {
            [first, last] if first != last => write!(sentence, " (frames {first} to {last})"),
            _ => say_frames(sentence, &frames),
        }
    }
    sentence.say(".");
    if let Some((user, frame)) = &dialogue.login {
        let is_open = [b"anonymous".as_slice(), b"ftp"].iter().any(|everybody| user.eq_ignore_ascii_case(everybody));
        let how = if is_open { "as everybody may" } else { "with a password that everybody on the way could read" };
        write!(sentence, " {} logged in, {how} (frame {frame}).", Shown(user));
    }
    if let Some(frame) = dialogue.encrypted {
        write!(sentence, " From frame {frame} on it is encrypted.");
    }
}

/// How many of the last bytes that a side sent the other never said to have.
fn unacknowledged(conversation: &Conversation, from: Side) -> u64 {
    let hears = conversation.sent.iter().all(|sent| sent.frames > 0);
    let unheard = conversation.progress(from).filter(|_| hears).map_or(0, |(acknowledged, highest)| highest.saturating_sub(acknowledged));
    // Where it is more than came, the capture does not have all of it.
    if unheard > conversation.sent[from.index()].payload { 0 } else { unheard }
}

fn ended(sentence: &mut Sentence<'_>, state: State, held: &Held) {
    let side = |side: Side| match side {
        Side::Originator => "client",
        Side::Responder => "server",
    };
    for by in Side::BOTH {
        let unheard = unacknowledged(&held.conversation, by);
        if held.lacks[by.other().index()] {
            write!(
                sentence,
                " By the end the {} still lacked some of what the {} sent, and had what is behind it (SACK).",
                side(by.other()),
                side(by)
            );
        } else if unheard > 0 {
            let them = if unheard == 1 { "was" } else { "were" };
            let last = Counted(unheard, "byte");
            write!(sentence, " Of what the {} sent, the last {last} {them} never acknowledged in the capture.", side(by));
        }
    }
    match state {
        State::Closed(by) => write!(sentence, " The {} closed the connection first.", side(by)),
        State::Reset(by) => write!(sentence, " The {} broke the connection off (reset).", side(by)),
        // Whether the other side had more to say is not shown where nothing of it is.
        State::HalfClosed(by) if held.conversation.sent[by.other().index()].frames == 0 => {
            write!(sentence, " The {} has said all that it has to say.", side(by));
        }
        State::HalfClosed(by) => write!(sentence, " The {} has said all that it has to say; the other has not.", side(by)),
        State::Open if only_side(held).is_none() && held.conversation.sent.iter().any(|sent| sent.frames == 0) => {
            sentence.say(" Only one direction is in the capture.");
        }
        State::Open | State::Unanswered | State::Refused | State::HalfOpen => {}
    }
}

pub(super) fn say_alike(sentence: &mut Sentence<'_>, own_port: u16, alike: &[&Event]) {
    if alike.is_empty() {
        return;
    }
    let said = |held: &Held| held.conversation.sent.iter().map(|sent| sent.payload).sum::<u64>();
    let said_again = |held: &Held| held.copies.iter().map(|(_, payload)| payload).sum::<u64>();
    let payload: u64 = others(alike).map(|held| said(held).saturating_sub(said_again(held))).sum();
    let exchanges: u64 = others(alike).map(|held| held.exchanges.len() as u64 + held.more_exchanges).sum();
    write!(sentence, " {} of the same kind went the same way", Counted(alike.len() as u64, "more conversation"));
    if exchanges > 0 {
        write!(sentence, ", with {}", Counted(exchanges, "exchange"));
    }
    if payload > 0 {
        write!(sentence, "{} {}", if exchanges > 0 { " and" } else { ", with" }, Counted(payload, "byte"));
    }
    let mut ports: Vec<u16> = others(alike).map(|held| held.conversation.ends[1].port).collect();
    ports.sort_unstable();
    ports.dedup();
    if ports.iter().any(|port| *port != own_port) {
        sentence.say(if ports.len() == 1 { ", at port " } else { ", at ports " });
        list_ports(sentence, &ports);
    }
    sentence.say(".");
}
