//! The protocols' names, fields and meanings: what filters, JSON, `-vv` and wirelore-fields(7) rest on.

use super::support::{captures, peer, repository};
use std::collections::{BTreeMap, BTreeSet};
use wirelore::dissect::registry::PROTOCOLS;
use wirelore::dissect::{Dissection, Field, FieldSink, Kind, Protocol, Selector, Span, Value, View, dissect};
use wirelore::source;

/// Fields that wirelore has and Wireshark does not, with the reason.
const OUR_OWN: &[(&str, &str)] = &[
    ("ip.opt.data", "the bytes of an option that has no fields; Wireshark shows them without a name"),
    ("tcp.options.data", "the same for TCP"),
    ("dhcp.option.classless_static_route.destination", "Wireshark says a route in one text"),
    ("dhcp.option.classless_static_route.prefix_length", "the same"),
    ("dhcp.option.classless_static_route.router", "the same"),
    ("dhcp.option.ipv6_only_wait", "RFC 8925 is younger than Wireshark 4.0's options"),
    ("dhcp.options_in_file", "where options stand that did not fit; Wireshark says it in text"),
    ("dhcp.options_in_server", "the same"),
    ("dhcpv6.option.value", "the bytes of an option that has no fields; Wireshark shows them without a name"),
    ("dhcpv6.duid.rest", "the same for an identifier"),
    ("dns.questions", "a section, which Wireshark shows without a name"),
    ("dns.answers", "the same"),
    ("dns.authority", "the same"),
    ("dns.additional", "the same"),
    ("dns.continues", "over TCP, that the rest of a message is in a later segment"),
    ("dns.problem", "what is wrong with a message; Wireshark calls the whole frame malformed"),
    ("dns.nsec.type", "a type that a name has; Wireshark says it in text"),
    ("dns.svcb.svcparam.dohpath", "RFC 9461 is younger than Wireshark 4.0"),
    ("dns.uri.priority", "Wireshark shows URI records as bytes"),
    ("dns.uri.weight", "the same"),
    ("dns.uri.target", "the same"),
    ("ntp.data", "a management message; Wireshark takes it apart"),
    ("ftp.line", "what is neither a command nor a reply; Wireshark shows it without a name"),
    ("l2tp.avp.value", "the same for an L2TP attribute"),
    ("lldp.orgtlv.subtype", "Wireshark has another field for each organization"),
    ("lldp.orgtlv.data", "the bytes of an item that has no fields"),
    ("cdp.address.ipv4", "Wireshark says it in the text of the item"),
    ("dsa.mode", "Wireshark does not know the tag"),
    ("dsa.tagged", "Wireshark does not know the tag"),
    ("dsa.device", "Wireshark does not know the tag"),
    ("dsa.port", "Wireshark does not know the tag"),
    ("dsa.priority", "Wireshark does not know the tag"),
    ("dsa.vid", "Wireshark does not know the tag"),
    ("brcm_tag.port_map", "Wireshark knows another version of the tag"),
    ("ppp.opt.data", "the same for an option of a PPP control protocol"),
    ("pppcp.opt.type", "one protocol shows all PPP control protocols whose options have no fields; Wireshark has one for each"),
    ("pppcp.opt.length", "the same"),
    ("tls.record.continues", "that the rest of a record is in a later segment"),
    ("x509.subject.common_name", "Wireshark names the string's encoding, not what it is for"),
    ("x509.issuer.common_name", "the same"),
    ("x509.validity.not_before", "Wireshark's names differ from version to version"),
    ("x509.validity.not_after", "the same"),
    ("tls.handshake.continues", "the same for a message"),
    ("x509.subject", "a name as one text; Wireshark shows its parts"),
    ("x509.issuer", "the same"),
    ("tls.record.encrypted", "what is encrypted and no application data; Wireshark says it in text"),
    ("tls.handshake.body", "the bytes of a message that has no fields; Wireshark shows them without a name"),
    ("tls.handshake.rest", "the same for what continues a message"),
    ("tls.handshake.hello_retry", "Wireshark changes the message's name instead"),
    ("hip.tlv.length", "Wireshark shows a parameter's length without a name"),
    ("hip.tlv.data", "the bytes of a parameter that has no fields"),
    ("icmpv6.opt.data", "the same for an option of a neighbour discovery message"),
    ("ipv6.nonxt.data", "what stands behind the last header; Wireshark shows it without a name"),
    ("ipv6.routing.srh.tlv.type", "RFC 8754 is younger than what Wireshark 4.0 reads of a segment routing header"),
    ("ipv6.routing.srh.tlv.length", "the same"),
    ("ipv6.routing.srh.tlv.value", "the same"),
    ("mip6.cot.token", "Wireshark gives it the name of the home token"),
    ("mip6.csum.status", "Wireshark does not verify it"),
    ("shim6.data", "the bytes of a message that has no fields"),
    ("eigrp.tlv.value", "the bytes of an item that has no fields"),
    ("ospf.checksum.status", "Wireshark verifies it and says so in text"),
    ("ospf.data", "the bytes of a message that has no fields"),
    ("ip.len.left_open", "Wireshark says it in the text of ip.len"),
];

fn fields(protocol: &Protocol) -> impl Iterator<Item = &'static Field> {
    protocol.fields.iter().copied().flatten().copied()
}

fn all_fields() -> impl Iterator<Item = (&'static Protocol, &'static Field)> {
    PROTOCOLS.iter().flat_map(|protocol| fields(protocol).map(move |field| (*protocol, field)))
}

fn hold(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether a name is one that a filter can hold: parts of letters, digits, `_` and `-`, joined by dots, the first letter small.
fn well_formed(id: &str, parts: usize) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    id.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && id.split('.').count() >= parts
        && id.split('.').all(|part| !part.is_empty() && part.chars().all(allowed))
}

/// Whether a meaning reads as a sentence.
fn is_sentence(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && text.ends_with('.')
        && text.len() > 8
        && text.trim() == text
        && !text.contains("  ")
}

/// Whether a label can head a line of the tree.
fn is_label(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && !text.ends_with(['.', ':', ' '])
}

#[test]
fn the_measures_can_fail() {
    assert!(well_formed("ip.ttl", 2) && well_formed("tls.handshake.extensions_alpn_str", 2) && well_formed("ip", 1));
    assert!(!well_formed("ip", 2) && !well_formed("ip..ttl", 2) && !well_formed("Ip.ttl", 2) && !well_formed("ip.t l", 2));
    assert!(is_sentence("How many routers it may still pass.") && !is_sentence("how many.") && !is_sentence("How many routers"));
    assert!(is_label("Time to live") && !is_label("Time to live:") && !is_label(""));
}

#[test]
fn protocols_have_names_of_their_own() {
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for protocol in PROTOCOLS {
        let name = protocol.name;
        if !names.insert(name) {
            wrong.push(format!("{name} is the name of two protocols"));
        }
        if !well_formed(name, 1) {
            wrong.push(format!("{name} is no name"));
        }
        // Bytes that nobody claims are specified nowhere.
        if protocol.label.is_empty() || !is_label(protocol.title) || (protocol.reference.is_empty() && name != "data") {
            wrong.push(format!("{name} lacks a label, a title or a reference"));
        }
        if all_fields().any(|(_, field)| field.id == name && field.kind != Kind::Group) {
            wrong.push(format!("{name} is a protocol and a field with a value"));
        }
    }
    hold(&wrong);
}

#[test]
fn fields_have_ids_labels_and_meanings() {
    let mut wrong = Vec::new();
    for (protocol, field) in all_fields() {
        let mut say = |what: &str| wrong.push(format!("{} of {}: {what}", field.id, protocol.name));
        if !well_formed(field.id, 2) {
            say("the id is not well-formed");
        }
        if !is_label(field.label) {
            say(&format!("the label: {:?}", field.label));
        }
        if !is_sentence(field.meaning) {
            say(&format!("the meaning is no sentence: {:?}", field.meaning));
        }
        if field.aliases.iter().any(|alias| !well_formed(alias, 2) || *alias == field.id) {
            say("an alias is not well-formed");
        }
        let numbers: BTreeSet<u64> = field.names.iter().map(|(number, _)| *number).collect();
        if numbers.len() != field.names.len() {
            say("two names for one number");
        }
        if field.names.iter().chain(field.bits).any(|(_, name)| name.is_empty()) {
            say("an empty name");
        }
    }
    hold(&wrong);
}

#[test]
fn an_id_means_one_thing() {
    let mut known: BTreeMap<&str, (&Protocol, &Field)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (protocol, field) in all_fields() {
        let (other, first) = *known.entry(field.id).or_insert((protocol, field));
        if first.is(field) {
            continue;
        }
        // A code's names depend on the message's type: then each type has a descriptor of its own, alike in all else.
        let differ_by_names =
            first.names != field.names && (first.label, first.meaning, first.kind) == (field.label, field.meaning, field.kind);
        if other.is(protocol) && !differ_by_names {
            wrong.push(format!("{} stands twice in {}", field.id, protocol.name));
        } else if first.kind != field.kind {
            wrong.push(format!("{} is {:?} in {} and {:?} in {}", field.id, first.kind, other.name, field.kind, protocol.name));
        }
    }
    hold(&wrong);
}

#[test]
fn a_number_is_claimed_once() {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for protocol in PROTOCOLS {
        let numbers = protocol.claims.iter().filter(|claim| !matches!(claim, Selector::TcpContent(_) | Selector::UdpContent(_)));
        for claim in numbers.map(|claim| format!("{claim:?}")) {
            if let Some(other) = known.insert(claim.clone(), protocol.name) {
                wrong.push(format!("{claim} is claimed by {other} and by {}", protocol.name));
            }
        }
    }
    hold(&wrong);
}

/// Takes what a layer describes, and notes what does not hold.
struct Examiner<'a> {
    protocol: &'static Protocol,
    length: usize,
    open: usize,
    wrong: &'a mut BTreeSet<String>,
}

impl Examiner<'_> {
    fn examine(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        let name = self.protocol.name;
        if !fields(self.protocol).any(|listed| listed.is(field)) {
            self.wrong.insert(format!("{} is given by {name} and is not in its lists", field.id));
        }
        if span.start + span.length > self.length {
            self.wrong.insert(format!("{} of {name} stands beyond the frame", field.id));
        }
        let suits = matches!(
            (field.kind, value),
            (Kind::Group, _)
                | (Kind::Decimal | Kind::Hexadecimal(_) | Kind::Checksum, Value::Number(_))
                | (Kind::Boolean, Value::Boolean(_))
                | (Kind::Mac, Value::Mac(_))
                | (Kind::Ipv4, Value::Ipv4(_))
                | (Kind::Ipv6, Value::Ipv6(_))
                | (Kind::Text, Value::Text(_))
                | (Kind::Bytes, Value::Bytes(_))
                | (Kind::Time, Value::Time(_))
                | (Kind::Status, Value::Status(_))
        );
        if !suits {
            self.wrong.insert(format!("{} of {name} is {:?} and was given as {value:?}", field.id, field.kind));
        }
    }
}

impl FieldSink for Examiner<'_> {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        self.examine(field, span, value);
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.open += 1;
        self.examine(group, span, value);
    }

    fn close(&mut self) {
        self.open -= 1;
    }
}

#[test]
fn what_the_captures_show_is_listed_and_of_its_kind() {
    let mut wrong = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for capture in captures() {
        let mut source = source::open(&capture).expect("a capture opens");
        while let Some(frame) = source.next_frame().expect("a capture is whole") {
            let mut dissection = Dissection::default();
            dissect(&frame, &mut dissection);
            for (index, layer) in dissection.layers.iter().enumerate() {
                seen.insert(layer.protocol.name);
                let view = View::new(frame.data, &dissection, index).expect("a layer");
                let mut examiner = Examiner { protocol: layer.protocol, length: frame.data.len(), open: 0, wrong: &mut wrong };
                view.describe(&mut examiner);
                if examiner.open != 0 {
                    wrong.insert(format!("{} leaves a heading open", layer.protocol.name));
                }
            }
        }
    }
    hold(&wrong.into_iter().collect::<Vec<_>>());
    for name in ["eth", "ip", "tcp", "udp", "arp"] {
        assert!(seen.contains(name), "the captures show no {name}: was anything read?");
    }
}

/// Every display-filter name that Wireshark knows.
fn wireshark() -> Option<BTreeSet<String>> {
    let output = peer("tshark")?.args(["-G", "fields"]).current_dir(repository("")).output().expect("tshark runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: BTreeSet<String> = text.lines().filter_map(|line| line.split('\t').nth(2)).map(str::to_owned).collect();
    assert!(names.contains("ip.ttl") && names.contains("ip"), "tshark -G fields gives {} names", names.len());
    Some(names)
}

#[test]
fn ids_are_those_of_wireshark() {
    let Some(known) = wireshark() else { return };
    let mut wrong = Vec::new();
    let ours: BTreeSet<&str> = all_fields().flat_map(|(_, field)| std::iter::once(field.id).chain(field.aliases.iter().copied())).collect();
    for id in &ours {
        match (known.contains(*id), OUR_OWN.iter().find(|(own, _)| own == id)) {
            (false, None) => wrong.push(format!("{id} is unknown to Wireshark: take its name for the field, or give a reason in OUR_OWN")),
            (true, Some(_)) => wrong.push(format!("{id} is known to Wireshark and needs no reason in OUR_OWN")),
            (true, None) | (false, Some(_)) => {}
        }
    }
    let stale = OUR_OWN.iter().filter(|(own, _)| !ours.contains(own)).map(|(own, _)| format!("{own} is in OUR_OWN and no field"));
    wrong.extend(stale);
    hold(&wrong);
}
