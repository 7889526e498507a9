//! Lessons: what stands behind a rule, in full. `wirelore explain RULE` shows one, and the manual's page of lessons is made of all of them.

mod address;
mod capture;
mod encoding;
mod fragments;
mod handshake;
mod hops;
mod http;
mod icmp;
mod login;
mod loss;
mod mtu;
mod name;
mod page;
mod route;
mod subnet;
mod wireless;

pub use page::{push_lesson, push_list, push_manual};

/// What there is to say of a rule. Each part is a few paragraphs, parted by empty lines; lines that begin with four spaces stand as they
/// are (bits worked out, a command).
#[derive(Debug)]
pub struct Lesson {
    /// The rule's id.
    pub rule: &'static str,
    /// What it says, in a line: "The packet goes to the gateway".
    pub title: &'static str,
    /// What is seen in the capture when it is told.
    pub seen: &'static str,
    /// Why it happens, without words that are not explained.
    pub why: &'static str,
    /// How the bits, the numbers or the times work out, on an example.
    pub worked: &'static str,
    /// What to try next, or that nothing has to be done.
    pub advice: &'static str,
}

/// All lessons, subject by subject.
pub fn lessons() -> impl Iterator<Item = &'static Lesson> {
    let subjects: [&'static [Lesson]; 15] = [
        address::LESSONS,
        subnet::LESSONS,
        route::LESSONS,
        hops::LESSONS,
        icmp::LESSONS,
        mtu::LESSONS,
        fragments::LESSONS,
        handshake::LESSONS,
        loss::LESSONS,
        name::LESSONS,
        http::LESSONS,
        login::LESSONS,
        wireless::LESSONS,
        encoding::LESSONS,
        capture::LESSONS,
    ];
    subjects.into_iter().flatten()
}

/// The lesson of a rule.
#[must_use]
pub fn lesson(rule: &str) -> Option<&'static Lesson> {
    lessons().find(|lesson| lesson.rule == rule)
}
