//! Datagrams and packets without a connection in words: who sent how many, and what came back.

use super::held::{say_alike, unanswered};
use super::words::{Who, application, say_frames};
use crate::conversation::application::Evidence;
use crate::conversation::{Endpoint, Kind, Names};
use crate::explain::story::{Event, Held};
use crate::render::sentence::{Counted, Sentence};
use std::net::IpAddr;

/// Says who sent how many datagrams or packets.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, held: &Held, what: &'static str, alike: &[&Event]) {
    let conversation = &held.conversation;
    let [client, server]: [Endpoint; 2] = conversation.ends;
    let [(there, there_payload), (back, back_payload)] = [0, 1].map(|side: usize| {
        let (sent, copies) = (&conversation.sent[side], held.copies[side]);
        (sent.frames.saturating_sub(copies.0), sent.payload.saturating_sub(copies.1))
    });
    if there == 0 {
        only_answered(sentence, names, held, what, (back, back_payload));
        say_copies(sentence, held);
        return say_alike(sentence, server.port, alike);
    }
    say_sent(sentence, names, held, client.address, what, there);
    match conversation.kind {
        Kind::Other(number) => match crate::dissect::network::ip_protocol_name(number.into()) {
            Some(name) => write!(sentence, "of {name} "),
            None => write!(sentence, "of IP protocol {number} "),
        },
        Kind::Tcp | Kind::Udp | Kind::Echo => {}
    }
    if conversation.kind == Kind::Udp {
        write!(sentence, "to port {} of {}", server.port, Who(server.address, names));
    } else {
        write!(sentence, "to {}", Who(server.address, names));
    }
    if let Some((is, evidence)) = held.application {
        write!(sentence, " ({}{})", application(is), if evidence == Evidence::Port { ", by the port" } else { "" });
    }
    if there_payload > 0 {
        let them = if there == 1 { "it" } else { "them" };
        write!(sentence, ", with {} in {them}", Counted(there_payload, "byte"));
    }
    match (back, server.address.is_multicast()) {
        (0, true) => sentence.say(": that is a group address, for all who want to hear"),
        (0, false) => return in_vain(sentence, names, held, alike),
        (frames, _) => {
            write!(sentence, ", and {} came back", Counted(frames.into(), if held.is_fragmented { "frame" } else { what }));
            if back_payload > 0 {
                write!(sentence, " with {}", Counted(back_payload, "byte"));
            }
        }
    }
    write!(sentence, " (from frame {} on).", conversation.first_frame);
    say_copies(sentence, held);
    say_alike(sentence, server.port, alike);
}

/// Says how many frames more there are of the same packets.
fn say_copies(sentence: &mut Sentence<'_>, held: &Held) {
    let copies: u32 = held.copies.iter().map(|(frames, _)| frames).sum();
    if copies > 0 {
        write!(sentence, " The capture has {} of the same packets, as of another link of their way.", Counted(copies.into(), "more frame"));
    }
}

/// Says who sent how many: fragments are frames, and how many datagrams they are is told with them.
fn say_sent(sentence: &mut Sentence<'_>, names: &Names, held: &Held, sender: IpAddr, what: &'static str, frames: u32) {
    if held.is_fragmented {
        write!(sentence, "{} sent {what}s in {}, some of which are fragments, ", Who(sender, names), Counted(frames.into(), "frame"));
    } else {
        write!(sentence, "{} sent {} ", Who(sender, names), Counted(frames.into(), what));
    }
}

/// Says what the other side sent, where the capture has nothing of who asked.
fn only_answered(sentence: &mut Sentence<'_>, names: &Names, held: &Held, what: &'static str, (frames, payload): (u32, u64)) {
    let [client, server] = held.conversation.ends;
    say_sent(sentence, names, held, server.address, what, frames);
    if held.conversation.kind == Kind::Udp {
        write!(sentence, "from port {} ", server.port);
    }
    write!(sentence, "to {}", Who(client.address, names));
    if payload > 0 {
        write!(sentence, ", with {}", Counted(payload, "byte"));
    }
    if let Some((is, evidence)) = held.application {
        write!(sentence, " ({}{})", application(is), if evidence == Evidence::Port { ", by the port" } else { "" });
    }
    write!(sentence, "; what that host sent is not in the capture (from frame {} on).", held.conversation.first_frame);
}

fn in_vain(sentence: &mut Sentence<'_>, names: &Names, held: &Held, alike: &[&Event]) {
    match &held.answered_in {
        Some(answer) => {
            // There the server is who began.
            let [down, up] = [0, 1].map(|side: usize| &answer.sent[side]);
            write!(sentence, ". The answer came from port {}, which the server chose: ", answer.ends[0].port);
            write!(sentence, "{} with {}", Counted(down.frames.into(), "datagram"), Counted(down.payload, "byte"));
            if up.frames > 0 {
                write!(sentence, ", and {} back", Counted(up.frames.into(), "datagram"));
            }
            say_frames(sentence, &[held.conversation.first_frame, answer.first_frame]);
        }
        None => unanswered(sentence, names, held.objection, &[held.conversation.first_frame]),
    }
    sentence.say(".");
    say_copies(sentence, held);
    say_alike(sentence, held.conversation.ends[1].port, alike);
}
