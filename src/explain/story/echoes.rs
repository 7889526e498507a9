//! Pings: questions whether a host is there, and their answers.

use super::passed::Passed;
use super::watch::{CONVERSATIONS, StoryWatch};
use super::{Objection, Ping};
use crate::conversation::Conversation;
use crate::dissect::Dissection;
use crate::explain::Scene;
use crate::frame::Timestamp;
use std::net::IpAddr;

/// How many questions of one ping wait for their answers.
const WAITING: usize = 64;

/// The echoes of one conversation.
#[derive(Debug, Default)]
pub(super) struct Echoes {
    pub(super) ends: Option<(IpAddr, IpAddr)>,
    pub(super) asked: u64,
    pub(super) answered: u64,
    pub(super) answer: Option<u64>,
    pub(super) took: Option<[i64; 2]>,
    /// How often questions came by again that had come by before.
    again: u64,
    frames: u64,
    others: u64,
    of_all: Option<u64>,
    passed: Passed,
    waiting: Vec<Waiting>,
}

/// A question that waits for its answer.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    sequence: u16,
    frame: u64,
    time: Option<Timestamp>,
}

/// A ping to everybody, by a broadcast address or a group's.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToAll {
    asker: IpAddr,
    /// The identifier and the sequence number.
    number: [u8; 4],
    frame: u64,
    conversation: u64,
}

impl StoryWatch {
    /// Takes an echo: a question whether a host is there, or the answer.
    pub(super) fn echoes(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let layer = dissection.layers.iter().find(|layer| matches!(layer.protocol.name, "icmp" | "icmpv6") && !layer.quoted);
        let (Some(layer), Some(belongs)) = (layer, scene.belongs) else { return true };
        let Some(&[kind, _, _, _, first, second, high, low]) = bytes.get(layer.start..layer.start + 8) else { return true };
        let number = [first, second, high, low];
        if self.pings.len() >= CONVERSATIONS && !self.pings.contains_key(&belongs.conversation) {
            return true;
        }
        let echoes = self.pings.entry(belongs.conversation).or_default();
        echoes.ends = echoes.ends.or(scene.conversation().map(|conversation| (conversation.ends[0].address, conversation.ends[1].address)));
        echoes.frames += 1;
        let sequence = u16::from_be_bytes([high, low]);
        let asks = matches!(kind, 8 | 128);
        if echoes.passed.again(scene, bytes, dissection, (!asks, sequence)) {
            echoes.again += u64::from(asks);
        } else if asks {
            echoes.asked += 1;
            if echoes.waiting.len() >= WAITING {
                echoes.waiting.remove(0);
            }
            echoes.waiting.push(Waiting { sequence, frame: scene.number(), time: scene.time() });
            if let Some((asker, target)) = echoes.ends
                && is_for_all(bytes, dissection, target)
            {
                if self.to_all.len() >= WAITING {
                    self.to_all.remove(0);
                }
                self.to_all.push(ToAll { asker, number, frame: scene.number(), conversation: belongs.conversation });
            }
        } else {
            echoes.answered += 1;
            echoes.answer.get_or_insert(scene.number());
            let asker = echoes.ends.map(|(asker, _)| asker).filter(|_| echoes.asked == 0);
            if let Some(question) = self.to_all.iter().find(|question| Some(question.asker) == asker && question.number == number) {
                echoes.of_all.get_or_insert(question.frame);
                if let Some(asked) = self.pings.get_mut(&question.conversation) {
                    asked.others += 1;
                }
                return true;
            }
            let asked = echoes.waiting.iter().position(|asked| asked.sequence == sequence).map(|place| echoes.waiting.remove(place));
            if let (Some(Waiting { frame, time: Some(asked), .. }), Some(now)) = (asked, scene.time())
                && self.clock.is_steady(frame, scene.number())
            {
                let took = now.since(asked).max(0);
                let [shortest, longest] = echoes.took.get_or_insert([took; 2]);
                (*shortest, *longest) = (took.min(*shortest), took.max(*longest));
            }
        }
        true
    }
}

/// Whether a packet is for everybody on its link, or for a group.
fn is_for_all(bytes: &[u8], dissection: &Dissection, target: IpAddr) -> bool {
    let ethernet = dissection.layers.first().filter(|layer| layer.protocol.name == "eth");
    let is_frame_for_all = ethernet.and_then(|layer| bytes.get(layer.start)).is_some_and(|first| first & 1 == 1);
    is_frame_for_all || target.is_multicast() || target == IpAddr::from([0xff; 4])
}

impl Echoes {
    pub(super) fn ping(&self, conversation: &Conversation, objection: Option<Objection>) -> Ping {
        Ping {
            asker: conversation.ends[0].address,
            target: conversation.ends[1].address,
            asked: self.asked,
            answered: self.answered,
            answer: self.answer,
            others: self.others,
            of_all: self.of_all,
            again: self.again,
            frames: self.frames,
            took: self.took,
            conversation: conversation.id,
            objection,
        }
    }
}
