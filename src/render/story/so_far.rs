//! What hosts are called, as far as it is known when something happens: nobody is called by a name that comes up later.

use crate::conversation::names::{Evidence, Known};
use crate::conversation::{NameSource, Names};
use crate::explain::story::{Event, What};
use std::net::IpAddr;

/// The names so far.
pub(super) struct SoFar<'a> {
    all: &'a Names,
    /// Those that come up with a frame, in the order of the frames.
    later: Vec<(IpAddr, &'a Evidence)>,
    next: usize,
    known: Names,
}

impl<'a> SoFar<'a> {
    /// What is known before the first frame.
    pub(super) fn new(all: &'a Names) -> Self {
        let mut known = Names::default();
        let evidence = |known: &'a Known| known.all().map(|evidence| (known.address, evidence));
        let (mut later, before): (Vec<_>, Vec<_>) = all.iter().flat_map(evidence).partition(|(_, evidence)| evidence.frame.is_some());
        before.into_iter().for_each(|(address, evidence)| learn(&mut known, address, evidence));
        later.sort_by_key(|(_, evidence)| evidence.frame);
        Self { all, later, next: 0, known }
    }

    /// What is known when an event begins; what one end of a conversation calls the other in it counts. Events are asked for in their order.
    pub(super) fn at(&mut self, event: &Event) -> &Names {
        while let Some((address, evidence)) = self.later.get(self.next).filter(|(_, evidence)| evidence.frame <= Some(event.frame)) {
            learn(&mut self.known, *address, evidence);
            self.next += 1;
        }
        if let What::Held(held) = &event.what {
            let [_, server] = held.conversation.ends;
            let hello = held.tls.as_ref().and_then(|tls| tls.client_hello).map(|hello| hello.frame);
            let is_said = |evidence: &&Evidence| match (evidence.source, evidence.frame) {
                (NameSource::HttpHost, Some(frame)) => {
                    let mut requests = held.exchanges.iter().filter_map(|exchange| exchange.request.as_ref());
                    requests.any(|request| (request.first.frame..=request.last.frame).contains(&frame))
                }
                (NameSource::ServerName, frame) => frame == hello,
                _ => false,
            };
            for evidence in self.all.known(server.address).into_iter().flat_map(Known::all).filter(is_said) {
                learn(&mut self.known, server.address, evidence);
            }
        }
        &self.known
    }
}

fn learn(names: &mut Names, address: IpAddr, evidence: &Evidence) {
    names.learn(address, evidence.name.as_bytes(), evidence.source, evidence.frame);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::story::Report;

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
        assert_eq!(so_far.at(&reported(4)).known(address).map(|known| known.first().name.clone()), None);
        assert!(so_far.at(&reported(4)).known([10, 130, 1, 5].into()).is_some());
        assert_eq!(so_far.at(&reported(5)).known(address).map(|known| known.first().name.clone()), Some("www.example.com".into()));
    }
}
