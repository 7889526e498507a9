//! What hosts are called, as far as it is known when something happens: nobody is called by a name that comes up later, and of the names of one
//! address each conversation has the one that it was held for.

use crate::conversation::Names;
use crate::conversation::names::{Between, without_port};
use crate::explain::story::{Event, Held, What};

/// The names so far.
pub(super) struct SoFar {
    names: Names,
}

impl SoFar {
    /// Of these.
    pub(super) fn new(all: &Names) -> Self {
        Self { names: all.clone() }
    }

    /// What is known when an event begins; what one end of a conversation calls the other in it counts.
    pub(super) fn at(&mut self, event: &Event) -> &Names {
        let between = match &event.what {
            What::Held(held) => Between::of(&held.conversation).with_names_so_far(&self.names, said(held)),
            What::Pinged(ping) => Between::from_frame(event.frame, Some([ping.asker, ping.target])),
            What::Traced(trace) => Between::from_frame(event.frame, Some([trace.source, trace.destination])),
            _ => Between::from_frame(event.frame, None),
        };
        self.names.turn_to(Some(between));
        &self.names
    }
}

/// The name of the server that its client says to it.
fn said(held: &Held) -> Option<&[u8]> {
    let hello = held.tls.as_ref().and_then(|tls| tls.server_name.as_deref());
    let request = || held.exchanges.iter().find_map(|exchange| exchange.request.as_ref()?.head.get("host"));
    hello.or_else(|| request().map(without_port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::NameSource;
    use crate::explain::story::Report;
    use std::net::IpAddr;

    fn reported(frame: u64) -> Event {
        let address = IpAddr::from([192, 0, 2, 1]);
        let report = Report {
            reporter: address,
            is_ipv6: false,
            kind: 3,
            code: 1,
            source: address,
            destination: address,
            is_tcp: false,
            size: 0,
            word: 0,
            better: None,
            times: 1,
            last: frame,
        };
        Event { what: What::Reported(report), frame, time: None }
    }

    #[test]
    fn a_name_is_not_known_before_the_frame_that_shows_it() {
        let address = IpAddr::from([10, 130, 1, 4]);
        let mut names = Names::default();
        names.learn(address, b"www.example.com", NameSource::Dns, Some(5));
        names.learn([10, 130, 1, 5].into(), b"given.example.com", NameSource::Capture, None);
        let mut so_far = SoFar::new(&names);
        assert_eq!(so_far.at(&reported(4)).called(address).map(|called| called.evidence.name.clone()), None);
        assert!(so_far.at(&reported(4)).called([10, 130, 1, 5].into()).is_some());
        assert_eq!(so_far.at(&reported(5)).called(address).map(|called| called.evidence.name.clone()), Some("www.example.com".into()));
    }
}
