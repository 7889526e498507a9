//! Pings: questions whether a host is there, and their answers.

use super::clock::Clock;
use super::passed::Passed;
use super::watch::StoryWatch;
use super::{Objection, Ping};
use crate::conversation::Conversation;
use crate::dissect::Dissection;
use crate::explain::Scene;
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::net::IpAddr;

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
        if self.pings.len() >= Limits::STORY_CONVERSATIONS && !self.pings.contains_key(&belongs.conversation) {
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
            echoes.asks(sequence, scene);
            if let Some((asker, target)) = echoes.ends
                && is_for_all(bytes, dissection, target)
            {
                if self.to_all.len() >= Limits::STORY_ECHOES {
                    self.to_all.remove(0);
                }
                self.to_all.push(ToAll { asker, number, frame: scene.number(), conversation: belongs.conversation });
            }
        } else {
            let asked = echoes.answers(sequence, scene);
            let asker = echoes.ends.map(|(asker, _)| asker).filter(|_| echoes.asked == 0);
            if let Some(question) = self.to_all.iter().find(|question| Some(question.asker) == asker && question.number == number) {
                echoes.of_all.get_or_insert(question.frame);
                if let Some(asked) = self.pings.get_mut(&question.conversation) {
                    asked.others += 1;
                }
                return true;
            }
            echoes.took(asked, scene, &self.clock);
        }
        true
    }

    /// Takes an echo that a tunnel carries. Whether it is one.
    pub(super) fn echoes_inside(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let layer = dissection.layers.iter().rev().find(|layer| matches!(layer.protocol.name, "icmp" | "icmpv6") && !layer.quoted);
        let (Some(layer), Some(network), Some(belongs)) = (layer, dissection.network(), scene.belongs) else { return false };
        let Some(&[kind @ (0 | 8 | 128 | 129), _, _, _, first, second, high, low]) = bytes.get(layer.start..layer.start + 8) else {
            return false;
        };
        let asks = matches!(kind, 8 | 128);
        let (asker, target) = if asks { (network.source, network.destination) } else { (network.destination, network.source) };
        let at = (scene.number(), scene.time());
        let Some(((echoes, _), _)) =
            self.pings_inside.take((asker, target, [first, second]), at, || (Echoes::default(), belongs.conversation))
        else {
            return false;
        };
        echoes.frames += 1;
        let sequence = u16::from_be_bytes([high, low]);
        if echoes.passed.again(scene, bytes, dissection, (!asks, sequence)) {
            echoes.again += u64::from(asks);
        } else if asks {
            echoes.asks(sequence, scene);
        } else {
            let asked = echoes.answers(sequence, scene);
            echoes.took(asked, scene, &self.clock);
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
    /// A question.
    fn asks(&mut self, sequence: u16, scene: &Scene<'_>) {
        self.asked += 1;
        if self.waiting.len() >= Limits::STORY_ECHOES {
            self.waiting.remove(0);
        }
        self.waiting.push(Waiting { sequence, frame: scene.number(), time: scene.time() });
    }

    /// An answer. The question, where it waited.
    fn answers(&mut self, sequence: u16, scene: &Scene<'_>) -> Option<Waiting> {
        self.answered += 1;
        self.answer.get_or_insert(scene.number());
        self.waiting.iter().position(|asked| asked.sequence == sequence).map(|place| self.waiting.remove(place))
    }

    /// How long the answer at hand took.
    fn took(&mut self, asked: Option<Waiting>, scene: &Scene<'_>, clock: &Clock) {
        if let (Some(Waiting { frame, time: Some(asked), .. }), Some(now)) = (asked, scene.time())
            && clock.is_steady(frame, scene.number())
        {
            let took = now.since(asked).max(0);
            let [shortest, longest] = self.took.get_or_insert([took; 2]);
            (*shortest, *longest) = (took.min(*shortest), took.max(*longest));
        }
    }

    pub(super) fn ping(&self, conversation: &Conversation, tags: u32, objection: Option<Objection>) -> Ping {
        self.ping_of(conversation.ends.map(|end| end.address), (conversation.id, tags), objection)
    }

    /// The ping from the first of two to the second, in a conversation with these VLAN tags.
    pub(super) fn ping_of(&self, [asker, target]: [IpAddr; 2], (conversation, tags): (u64, u32), objection: Option<Objection>) -> Ping {
        Ping {
            asker,
            target,
            asked: self.asked,
            answered: self.answered,
            answer: self.answer,
            others: self.others,
            of_all: self.of_all,
            again: self.again,
            frames: self.frames,
            took: self.took,
            conversation,
            tags,
            objection,
        }
    }
}
