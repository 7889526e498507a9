//! Names of addresses: in their place, behind them, and where they come from.

use super::escape;
use super::json::push_string;
use super::number::{push_address, push_decimal};
use crate::conversation::names::{Called, Evidence};
use crate::conversation::{NameSource, Names};
use crate::dissect::Dissection;
use crate::limits::Limits;
use std::net::IpAddr;

/// How many characters of a name stand in place of an address. Of a longer one the end is shown: there it says whose it is.
const CHARACTERS_SHOWN: usize = 60;

/// Appends the name of an address, or the address where it has none.
pub fn push_name(out: &mut Vec<u8>, names: &Names, address: IpAddr) {
    push_endpoint(out, names.called(address), address, None);
}

/// Appends the name of an address, or the address where it has none, and a port: `www.example.com:80`, `10.130.1.4:80`,
/// `[2001:db8::4]:80`.
pub fn push_name_port(out: &mut Vec<u8>, names: &Names, address: IpAddr, port: u16) {
    push_endpoint(out, names.called(address), address, Some(port));
}

/// Appends an address, or its name where one is known, with a port where there is one.
pub(super) fn push_endpoint(out: &mut Vec<u8>, called: Option<Called<'_>>, address: IpAddr, port: Option<u16>) {
    match (called, address, port) {
        (Some(called), _, _) => push_short(out, &called.evidence.name),
        (None, IpAddr::V6(_), Some(_)) => {
            out.push(b'[');
            push_address(out, address);
            out.push(b']');
        }
        (None, _, _) => push_address(out, address),
    }
    if let Some(port) = port {
        out.push(b':');
        push_decimal(out, u64::from(port));
    }
}

/// Which names were introduced: whoever reads one for the first time is told where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Introductions {
    /// By the places of [`Names`], a bit for each name of the address.
    done: Vec<u8>,
    /// The places of those that the frame at hand is the first to use.
    new: Vec<[usize; 2]>,
}

impl Introductions {
    /// What the sender and the receiver of a frame are called, those of the innermost packet.
    pub fn meet<'n>(&mut self, names: &'n Names, dissection: &Dissection) -> [Option<Called<'n>>; 2] {
        let mut called = [None; 2];
        self.new.clear();
        if !names.is_empty() {
            for network in &dissection.networks {
                let both = [network.source, network.destination].map(|address| self.meet_one(names, address));
                // Those of a packet that an error quotes are named too, but are not who sent it to whom.
                if !network.quoted {
                    called = both;
                }
            }
        }
        called
    }

    /// Those that the frame is the first to use.
    pub fn newcomers<'n>(&self, names: &'n Names) -> impl Iterator<Item = Called<'n>> {
        self.new.iter().filter_map(|place| names.called_at(*place))
    }

    fn meet_one<'n>(&mut self, names: &'n Names, address: IpAddr) -> Option<Called<'n>> {
        let called = names.called(address)?;
        let [place, nth] = called.place;
        if self.done.len() <= place {
            self.done.resize(names.len(), 0);
        }
        let done = self.done.get_mut(place)?;
        let bit = 1 << (nth % Limits::NAMES_OF_ADDRESS);
        if *done & bit == 0 {
            *done |= bit;
            self.new.push(called.place);
        }
        Some(called)
    }
}

/// Appends what an address is called as a JSON object: `{"address":"10.130.1.4","name":"www.example.com","from":"dns","frame":2}`.
pub fn push_json(out: &mut Vec<u8>, called: Called<'_>) {
    out.extend_from_slice(b"{\"address\":\"");
    push_address(out, called.address);
    out.extend_from_slice(b"\",");
    push_json_members(out, called.evidence);
    out.push(b'}');
}

/// Appends a name as members of a JSON object: `"name":"www.example.com","from":"dns","frame":2`.
pub fn push_json_members(out: &mut Vec<u8>, evidence: &Evidence) {
    out.extend_from_slice(b"\"name\":");
    push_string(out, &evidence.name);
    out.extend_from_slice(b",\"from\":\"");
    out.extend_from_slice(source_key(evidence.source).as_bytes());
    out.push(b'"');
    if let Some(frame) = evidence.frame {
        out.extend_from_slice(b",\"frame\":");
        push_decimal(out, frame);
    }
}

/// Appends what an address is called and where that comes from, as it stands behind an address: ` (www.example.com, DNS answer in frame
/// 2)`; nothing where it has no name.
pub fn push_behind(out: &mut Vec<u8>, names: &Names, address: IpAddr) {
    push_known_behind(out, names, address, names.called(address));
}

/// The same where it is `called` so.
pub(super) fn push_known_behind(out: &mut Vec<u8>, names: &Names, address: IpAddr, called: Option<Called<'_>>) {
    let Some(known) = names.known(address) else { return };
    let shown = called.map_or(known.first(), |called| called.evidence);
    out.extend_from_slice(b" (");
    escape::push_text(out, shown.name.as_bytes());
    out.extend_from_slice(b", ");
    push_origin(out, shown);
    for (place, other) in known.all().filter(|other| other.name != shown.name).enumerate() {
        out.extend_from_slice(if place == 0 { b"; also " } else { b", " });
        escape::push_text(out, other.name.as_bytes());
    }
    out.push(b')');
}

/// Appends what an address is called from here on, and why: `10.130.1.4 is www.example.com, DNS answer in frame 2`.
pub fn push_introduction(out: &mut Vec<u8>, called: Called<'_>) {
    push_address(out, called.address);
    out.extend_from_slice(b" is ");
    escape::push_text(out, called.evidence.name.as_bytes());
    out.extend_from_slice(b", ");
    push_origin(out, called.evidence);
}

/// Appends where a name comes from: `DNS answer in frame 2`.
pub fn push_origin(out: &mut Vec<u8>, evidence: &Evidence) {
    out.extend_from_slice(source_words(evidence.source).as_bytes());
    if let Some(frame) = evidence.frame {
        out.extend_from_slice(b" in frame ");
        push_decimal(out, frame);
    }
}

/// The words for what gave a name.
#[must_use]
pub fn source_words(source: NameSource) -> &'static str {
    match source {
        NameSource::Capture => "the capture says so",
        NameSource::Dns => "DNS answer",
        NameSource::ReverseDns => "reverse DNS answer",
        NameSource::MulticastDns => "multicast DNS",
        NameSource::LinkLocal => "LLMNR answer",
        NameSource::NetBios => "NetBIOS",
        NameSource::ServerName => "TLS server name",
        NameSource::HttpHost => "HTTP Host",
        NameSource::Dhcp => "DHCP",
    }
}

/// The word for what gave a name in JSON.
#[must_use]
pub fn source_key(source: NameSource) -> &'static str {
    match source {
        NameSource::Capture => "capture",
        NameSource::Dns => "dns",
        NameSource::ReverseDns => "reverse-dns",
        NameSource::MulticastDns => "mdns",
        NameSource::LinkLocal => "llmnr",
        NameSource::NetBios => "nbns",
        NameSource::ServerName => "tls",
        NameSource::HttpHost => "http",
        NameSource::Dhcp => "dhcp",
    }
}

/// Appends a name, of a long one its end.
fn push_short(out: &mut Vec<u8>, name: &str) {
    let characters = if name.len() <= CHARACTERS_SHOWN { 0 } else { name.chars().count() };
    if characters <= CHARACTERS_SHOWN {
        return escape::push_text(out, name.as_bytes());
    }
    let end = name.char_indices().nth(characters - CHARACTERS_SHOWN + 2).map_or(name.len(), |(at, _)| at);
    out.extend_from_slice(b"..");
    escape::push_text(out, name.get(end..).unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.learn([10, 130, 1, 4].into(), b"www.example.com", NameSource::Dns, Some(2));
        names.learn([10, 130, 1, 4].into(), b"api.example.com", NameSource::ServerName, Some(7));
        names.learn([10, 130, 1, 5].into(), b"db", NameSource::Capture, None);
        names
    }

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_name_stands_in_place_of_its_address_or_behind_it() {
        let names = names();
        let (named, other): (IpAddr, IpAddr) = ([10, 130, 1, 4].into(), "2001:db8::1".parse().unwrap());
        assert_eq!(text(|out| push_name(out, &names, named)), "www.example.com");
        assert_eq!(text(|out| push_name_port(out, &names, named, 80)), "www.example.com:80");
        assert_eq!(text(|out| push_name(out, &names, other)), "2001:db8::1");
        assert_eq!(text(|out| push_name_port(out, &names, other, 80)), "[2001:db8::1]:80");
        assert_eq!(text(|out| push_behind(out, &names, named)), " (www.example.com, DNS answer in frame 2; also api.example.com)");
        assert_eq!(text(|out| push_behind(out, &names, other)), "");
    }

    #[test]
    fn where_a_name_comes_from_is_said_once() {
        let names = names();
        let all = || names.iter().filter_map(|known| names.called(known.address));
        let said: Vec<_> = all().map(|called| text(|out| push_introduction(out, called))).collect();
        assert_eq!(said, ["10.130.1.4 is www.example.com, DNS answer in frame 2", "10.130.1.5 is db, the capture says so"]);
        let said: Vec<_> = all().map(|called| text(|out| push_json(out, called))).collect();
        assert_eq!(said[0], r#"{"address":"10.130.1.4","name":"www.example.com","from":"dns","frame":2}"#);
        assert_eq!(said[1], r#"{"address":"10.130.1.5","name":"db","from":"capture"}"#);
        let mut introductions = Introductions::default();
        for last in [4, 5, 4, 6] {
            introductions.meet_one(&names, [10, 130, 1, last].into());
        }
        assert_eq!(introductions.newcomers(&names).map(|called| &*called.evidence.name).collect::<Vec<_>>(), ["www.example.com", "db"]);
    }

    #[test]
    fn of_a_long_name_the_end_is_shown() {
        let name = format!("{}.example.com", "\u{fc}".repeat(80));
        let short = text(|out| push_short(out, &name));
        assert_eq!((short.chars().count(), short.starts_with("..\u{fc}"), short.ends_with("\u{fc}.example.com")), (60, true, true));
        assert_eq!(text(|out| push_short(out, "www.example.com")), "www.example.com");
    }
}
