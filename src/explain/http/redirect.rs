//! Redirects, followed from request to request.

use super::{HttpFacts, without_passwords};
use crate::conversation::http1::{Exchange, Host, Url};
use crate::explain::Note;
use crate::limits::Limits;
use std::collections::VecDeque;
use std::net::IpAddr;

/// How often a URL comes in a chain for that to be a loop.
const LOOPS: usize = 3;

/// A redirect that was told to somebody.
#[derive(Debug)]
struct Told {
    client: IpAddr,
    /// Where it leads.
    to: Box<[u8]>,
    frame: u64,
    /// The URLs on the way to it, the first one first.
    chain: Vec<Box<[u8]>>,
}

/// Redirects that may be followed.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    told: VecDeque<Told>,
}

impl Redirects {
    /// An exchange: whether it follows a redirect, and whether it is one. `say` takes what is said to that.
    pub(super) fn observe(&mut self, exchange: &Exchange, mut say: impl FnMut(Note)) {
        let (Some(request), Some(url)) = (&exchange.request, exchange.url()) else { return };
        let client = exchange.ends[0].address;
        let own = whole(&url, url.path, url.query);
        let is_next = |told: &Told| told.client == client && told.to == own;
        let followed = self.told.iter().rposition(is_next).and_then(|place| self.told.remove(place));
        let mut chain = Vec::new();
        if let Some(told) = followed {
            let (begin, steps) = (told.chain.first().cloned().unwrap_or_default(), told.chain.len() as u64);
            let facts = HttpFacts::Followed { begin, url: without_passwords(&own).into(), steps };
            say(Note::inferred(facts, &[told.frame, request.first.frame]));
            chain = told.chain;
        }
        chain.push(own.clone());
        let Some(response) = &exchange.response else { return };
        let Some(status) = response.status().filter(|status| matches!(status, 301 | 302 | 303 | 307 | 308)) else { return };
        let Some(location) = response.head.get("location").filter(|location| !location.is_empty()) else { return };
        let to = resolved(&url, location);
        let times = chain.iter().filter(|visited| **visited == to).count() + 1;
        let frames = [request.first.frame, response.first.frame];
        let secured = to.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"https:"));
        say(Note::seen(HttpFacts::Redirect { status, from: own, to: to.clone(), secured }, &frames));
        if times == LOOPS {
            say(Note::seen(HttpFacts::Loop { url: without_passwords(&to).into(), times: times as u64 - 1 }, &frames));
        }
        if self.told.len() >= Limits::REDIRECTS_WAITING {
            self.told.pop_front();
        }
        if chain.len() < Limits::REDIRECT_CHAIN {
            self.told.push_back(Told { client, to, frame: response.first.frame, chain });
        }
    }
}

/// A URL in one piece, with this path and query.
fn whole(url: &Url<'_>, path: &[u8], query: Option<&[u8]>) -> Box<[u8]> {
    let host = match url.host {
        Host::Named(name) => name,
        Host::Address(_) => b"",
    };
    let mut out = [url.scheme, b"://", &host.to_ascii_lowercase()].concat();
    if let Some(port) = url.port.filter(|port| *port != b"80") {
        out.push(b':');
        out.extend_from_slice(port);
    }
    out.extend_from_slice(if path.is_empty() { b"/" } else { path });
    if let Some(query) = query {
        out.push(b'?');
        out.extend_from_slice(query);
    }
    out.into()
}

/// Where a Location leads, seen from a URL (RFC 3986 section 5.2): whole, or with the parts that it leaves out.
fn resolved(base: &Url<'_>, location: &[u8]) -> Box<[u8]> {
    let location = location.split(|byte| *byte == b'#').next().unwrap_or_default();
    let scheme_end =
        location.windows(3).position(|window| window == b"://").filter(|end| location.iter().take(*end).all(u8::is_ascii_alphanumeric));
    if let Some(end) = scheme_end {
        let authority = end + 3;
        let rest = location.get(authority..).unwrap_or_default();
        let path = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(path).unwrap_or((rest, &[]));
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix(b":80").filter(|_| location.starts_with(b"http:")).unwrap_or(&host);
        let slash: &[u8] = if path.starts_with(b"/") { b"" } else { b"/" };
        return [location.get(..authority).unwrap_or_default(), host, slash, path].concat().into();
    }
    if let Some(rest) = location.strip_prefix(b"//") {
        return [base.scheme, b"://", rest].concat().into();
    }
    let mut parts = location.splitn(2, |byte| *byte == b'?');
    let (path, query) = (parts.next().unwrap_or_default(), parts.next());
    if path.starts_with(b"/") {
        return whole(base, path, query);
    }
    if path.is_empty() {
        return whole(base, base.path, query);
    }
    let folder = base.path.iter().rposition(|byte| *byte == b'/').map_or(&b"/"[..], |slash| base.path.get(..=slash).unwrap_or_default());
    whole(base, &[folder, path].concat(), query)
}
