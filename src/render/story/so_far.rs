//! What hosts are called, as far as it is known when something happens: nobody is called by a name that comes up later, and of the names of one
//! address each conversation has the one that it was held for.

use crate::conversation::names::{Evidence, Known, without_port};
use crate::conversation::{NameSource, Names};
use crate::explain::story::{Event, Held, What};
use std::collections::HashMap;
use std::net::IpAddr;

/// By who asked and which address was told: the frames that told it, and for which name.
type Lookups<'a> = HashMap<(IpAddr, IpAddr), Vec<(u64, &'a [u8])>>;

/// The names so far.
pub(super) struct SoFar<'a> {
    all: &'a Names,
    /// Those that come up with a frame, in the order of the frames.
    later: Vec<(IpAddr, &'a Evidence)>,
    next: usize,
    known: Names,
    /// Which names were asked for by whom, of addresses that have several, and with which frame the address was told.
    lookups: Lookups<'a>,
    /// What is otherwise called for the event that was asked for last: which names of an address were exchanged, or not used.
    apart: Option<(IpAddr, Apart)>,
}

/// How an address is called otherwise for one event.
enum Apart {
    /// By the name that now is first; this was.
    Exchanged(Box<str>),
    /// Not at all: it is not known which of its names is meant. The place of the names.
    Hidden(usize),
}

impl<'a> SoFar<'a> {
    /// What is known before the first of these events.
    pub(super) fn new(all: &'a Names, events: &'a [Event]) -> Self {
        let mut known = Names::default();
        let evidence = |known: &'a Known| known.all().map(|evidence| (known.address, evidence));
        let (mut later, before): (Vec<_>, Vec<_>) = all.iter().flat_map(evidence).partition(|(_, evidence)| evidence.frame.is_some());
        before.into_iter().for_each(|(address, evidence)| learn(&mut known, address, evidence));
        later.sort_by_key(|(_, evidence)| evidence.frame);
        let has_several = |address: &&IpAddr| all.known(**address).is_some_and(|known| known.all().count() > 1);
        let mut lookups = Lookups::new();
        for event in events {
            let What::LookedUp(lookup) = &event.what else { continue };
            let Some(answer) = &lookup.of.answer else { continue };
            for address in answer.addresses.iter().filter(has_several) {
                lookups
                    .entry((lookup.client.address, *address))
                    .or_default()
                    .push((answer.origin.frame, lookup.of.name.strip_suffix(b".").unwrap_or(&lookup.of.name)));
            }
        }
        lookups.values_mut().for_each(|told| told.sort_by_key(|(frame, _)| *frame));
        Self { all, later, next: 0, known, lookups, apart: None }
    }

    /// What is known when an event begins; what one end of a conversation calls the other in it counts. Events are asked for in their order.
    pub(super) fn at(&mut self, event: &Event) -> &Names {
        match self.apart.take() {
            Some((address, Apart::Exchanged(name))) => drop(self.known.exchange(address, name.as_bytes())),
            Some((address, Apart::Hidden(place))) => self.known.show(address, place),
            None => {}
        }
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
        self.call(event);
        &self.known
    }

    /// Calls who is spoken to by the name that is meant: the one that the conversation itself says, or that who speaks looked up last.
    fn call(&mut self, event: &Event) {
        let (client, server, said) = match &event.what {
            What::Held(held) => (held.conversation.ends[0].address, held.conversation.ends[1].address, said(held)),
            What::Pinged(ping) => (ping.asker, ping.target, None),
            What::Traced(trace) => (trace.source, trace.destination, None),
            _ => return,
        };
        let Some(known) = self.known.known(server) else { return };
        let is_of_client = |name: &Evidence| matches!(name.source, NameSource::Dns | NameSource::ServerName | NameSource::HttpHost);
        if !is_of_client(known.first()) || known.all().filter(|name| is_of_client(name)).count() < 2 {
            return;
        }
        let looked_up = || {
            let told = self.lookups.get(&(client, server))?;
            told.iter().take_while(|(frame, _)| *frame <= event.frame).last().map(|(_, name)| *name)
        };
        let meant = said.or_else(looked_up);
        let is_first = meant.is_some_and(|name| known.first().name.as_bytes().eq_ignore_ascii_case(name));
        self.apart = match meant.and_then(|name| self.known.exchange(server, name)) {
            _ if is_first => None,
            Some(first) => Some((server, Apart::Exchanged(first))),
            None => self.known.hide(server).map(|place| (server, Apart::Hidden(place))),
        };
    }
}

/// The name of the server that its client says to it.
fn said(held: &Held) -> Option<&[u8]> {
    let hello = held.tls.as_ref().and_then(|tls| tls.server_name.as_deref());
    let request = || held.exchanges.iter().find_map(|exchange| exchange.request.as_ref()?.head.get("host"));
    hello.or_else(|| request().map(without_port))
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
        let mut so_far = SoFar::new(&names, &[]);
        assert_eq!(so_far.at(&reported(4)).known(address).map(|known| known.first().name.clone()), None);
        assert!(so_far.at(&reported(4)).known([10, 130, 1, 5].into()).is_some());
        assert_eq!(so_far.at(&reported(5)).known(address).map(|known| known.first().name.clone()), Some("www.example.com".into()));
    }
}
