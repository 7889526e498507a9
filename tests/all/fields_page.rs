//! wirelore-fields(7) is written from the registry: every protocol, and every field that filters, columns and JSON know it by.

use super::support::{compare_or_bless, repository};
use std::collections::BTreeSet;
use wirelore::dissect::registry::PROTOCOLS;
use wirelore::dissect::{Field, Kind, Protocol, Selector};

/// Text of ours as a page shows it: nothing in it is a command, no quote is turned.
fn roff(text: &str) -> String {
    let mut escaped = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('"', "\\(dq");
    escaped = escaped.replace('~', "\\(ti").replace('^', "\\(ha").replace('`', "\\(ga");
    if escaped.starts_with('.') { format!("\\&{escaped}") } else { escaped }
}

fn kind(field: &Field) -> &'static str {
    match field.kind {
        Kind::Group => "heading",
        Kind::Decimal | Kind::Hexadecimal(_) => "number",
        Kind::Boolean => "true or false",
        Kind::Mac => "link address",
        Kind::Ipv4 => "IPv4 address",
        Kind::Ipv6 => "IPv6 address",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
        Kind::Time => "time",
        Kind::Checksum => "checksum",
        Kind::Status => "checksum status",
    }
}

/// What a protocol is found by.
fn claims(protocol: &Protocol) -> String {
    let words: Vec<String> = protocol
        .claims
        .iter()
        .map(|claim| match claim {
            Selector::LinkType(number) => format!("link type {number}"),
            Selector::EtherType(number) => format!("EtherType 0x{number:04x}"),
            Selector::LinkLength => "a length in place of the EtherType".to_owned(),
            Selector::LinkServiceAccessPoint(number) => format!("service access point 0x{number:02x}"),
            Selector::PppProtocol(number) => format!("PPP protocol 0x{number:04x}"),
            Selector::IpProtocol(number) => format!("IP protocol {number}"),
            Selector::NextHeader(number) => format!("IPv6 next header {number}"),
            Selector::TcpPort(number) => format!("TCP port {number}"),
            Selector::UdpPort(number) => format!("UDP port {number}"),
            Selector::TcpContent(_) => "TCP payload that looks like it".to_owned(),
            Selector::UdpContent(_) => "UDP payload that looks like it".to_owned(),
        })
        .collect();
    words.join(", ")
}

fn fields_page() -> String {
    let mut page = format!(
        r#".TH WIRELORE\-FIELDS 7 2026-11-22 "wirelore {}" "Miscellaneous Information Manual"
.\" WIRELORE_BLESS=1 cargo test manual writes this page.
.SH NAME
wirelore\-fields \- the protocols and fields that wirelore knows
.SH DESCRIPTION
Each field by the name that filters (see
.BR wirelore\-filter (7)),
.B \-T fields
and
.B \-\-json
know it by: Wireshark\(aqs display\-filter name, where Wireshark has the field.
Behind it stand what it is called in the tree, what kind of value it has, and other names that mean it too.
A heading stands for the fields under it.
.SH PROTOCOLS
"#,
        roff(env!("CARGO_PKG_VERSION"))
    );
    for protocol in PROTOCOLS {
        page += &format!(".SS {}: {}\n", roff(protocol.name), roff(protocol.title));
        let found = claims(protocol);
        let sentences = [(!protocol.reference.is_empty(), protocol.reference.to_owned()), (!found.is_empty(), format!("Found by {found}"))];
        for (_, sentence) in sentences.iter().filter(|(there, _)| *there) {
            page += &format!("{}.\n", roff(sentence));
        }
        let mut shown = BTreeSet::new();
        // Descriptors of one id differ by the names of their numbers alone.
        for field in protocol.fields.iter().copied().flatten().filter(|field| shown.insert(field.id)) {
            let unit = if field.unit.is_empty() { String::new() } else { format!(" of {}", field.unit) };
            let aliases = field.aliases.iter().map(|alias| format!(", \\fB{}\\fR", roff(alias))).collect::<String>();
            page += &format!(".TP\n\\fB{}\\fR{aliases}\n", roff(field.id));
            page += &format!("{} ({}{}).\n{}\n", roff(field.label), kind(field), roff(&unit), roff(field.meaning));
        }
    }
    page + ".SH SEE ALSO\n.BR wirelore\\-read (1),\n.BR wirelore\\-filter (7)\n"
}

#[test]
fn the_page_of_fields_is_that_of_the_registry() {
    let path = repository("man/wirelore-fields.7");
    let fresh = compare_or_bless(&path, &fields_page());
    assert_eq!(fresh, Ok(()), "\n{}\nWIRELORE_BLESS=1 cargo test manual writes it anew", fresh.clone().unwrap_err());
}
