//! What two PPP stations agree on before they speak: the link itself (RFC 1661), IPv4 (RFC 1332, RFC 1877), IPv6 (RFC 5072) and compression
//! (RFC 1962). All of them are one protocol with options of their own.

use super::ppp::PROTOCOLS;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Declares a control protocol: everything but its name and its options is shared.
macro_rules! control_protocol {
    ($(#[$text:meta])* $static:ident, $name:literal, $label:literal, $title:literal, $reference:literal, $claims:expr, $options:ident) => {
        $(#[$text])*
        pub static $static: Protocol = Protocol {
            name: $name,
            label: $label,
            title: $title,
            reference: $reference,
            claims: $claims,
            dissect,
            describe: |d| describe(d, &$options),
            verify: None,
            fields: &[FIELDS],
        };
    };
}

control_protocol!(
    /// The link: packet size, authentication, what may be left out.
    LINK, "lcp", "LCP", "PPP link control protocol", "RFC 1661", &[Selector::PppProtocol(0xc021)], LINK_OPTIONS
);
control_protocol!(
    /// IPv4: addresses and name servers.
    IPV4, "ipcp", "IPCP", "PPP IPv4 control protocol", "RFC 1332", &[Selector::PppProtocol(0x8021)], IPV4_OPTIONS
);
control_protocol!(
    /// IPv6: interface identifiers.
    IPV6, "ipv6cp", "IPv6CP", "PPP IPv6 control protocol", "RFC 5072", &[Selector::PppProtocol(0x8057)], IPV6_OPTIONS
);
control_protocol!(
    /// Compression.
    COMPRESSION, "ccp", "CCP", "PPP compression control protocol", "RFC 1962",
    &[Selector::PppProtocol(0x80fd), Selector::PppProtocol(0x80fb)], COMPRESSION_OPTIONS
);
control_protocol!(
    /// The others, whose options are shown as bytes.
    OTHER, "pppcp", "PPP control", "PPP control protocol", "RFC 1661",
    &[
        Selector::PppProtocol(0x8023),
        Selector::PppProtocol(0x8029),
        Selector::PppProtocol(0x802b),
        Selector::PppProtocol(0x8031),
        Selector::PppProtocol(0x803f),
        Selector::PppProtocol(0x8053),
        Selector::PppProtocol(0x8207),
        Selector::PppProtocol(0x8281),
    ],
    OTHER_OPTIONS
);

/// A protocol's options: the fields that all of them have, and which field the value of one with so many bytes is.
struct Options {
    kind: &'static Field,
    length: &'static Field,
    value: fn(u64, usize) -> Option<&'static Field>,
}

static LINK_OPTIONS: Options = Options { kind: &LINK_OPTION, length: &LINK_OPTION_LENGTH, value: link_value };
static IPV4_OPTIONS: Options = Options { kind: &IPV4_OPTION, length: &IPV4_OPTION_LENGTH, value: ipv4_value };
static IPV6_OPTIONS: Options = Options { kind: &IPV6_OPTION, length: &IPV6_OPTION_LENGTH, value: ipv6_value };
static COMPRESSION_OPTIONS: Options = Options { kind: &COMPRESSION_OPTION, length: &COMPRESSION_OPTION_LENGTH, value: |_, _| None };
static OTHER_OPTIONS: Options = Options { kind: &OTHER_OPTION, length: &OTHER_OPTION_LENGTH, value: |_, _| None };

const CODES: &[(u64, &str)] = &[
    (1, "configuration request"),
    (2, "configuration accepted"),
    (3, "configuration not accepted"),
    (4, "configuration rejected"),
    (5, "termination request"),
    (6, "termination confirmed"),
    (7, "code rejected"),
    (8, "protocol rejected"),
    (9, "echo request"),
    (10, "echo reply"),
    (11, "discard request"),
    (12, "identification"),
    (13, "time remaining"),
    (14, "reset request"),
    (15, "reset confirmed"),
];
const LINK_OPTION_NAMES: &[(u64, &str)] = &[
    (1, "maximum receive unit"),
    (2, "characters to escape"),
    (3, "authentication"),
    (4, "quality monitoring"),
    (5, "magic number"),
    (7, "protocol field compression"),
    (8, "address and control field compression"),
    (9, "check sequence alternatives"),
    (10, "self-describing padding"),
    (13, "callback"),
    (17, "maximum reconstructed receive unit"),
    (18, "short sequence numbers"),
    (19, "endpoint discriminator"),
    (23, "link discriminator"),
];
const IPV4_OPTION_NAMES: &[(u64, &str)] = &[
    (1, "addresses"),
    (2, "header compression"),
    (3, "address"),
    (4, "mobile address"),
    (129, "first name server"),
    (130, "first NetBIOS name server"),
    (131, "second name server"),
    (132, "second NetBIOS name server"),
];
const IPV6_OPTION_NAMES: &[(u64, &str)] = &[(1, "interface identifier"), (2, "header compression")];
const COMPRESSION_OPTION_NAMES: &[(u64, &str)] = &[
    (0, "vendor's own"),
    (1, "Predictor 1"),
    (2, "Predictor 2"),
    (16, "Hewlett-Packard PPC"),
    (17, "Stac LZS"),
    (18, "Microsoft MPPE, MPPC"),
    (19, "Gandalf FZA"),
    (20, "V.42bis"),
    (21, "BSD Compress"),
    (23, "LZS-DCP"),
    (24, "Deflate as Magnalink did it"),
    (26, "Deflate"),
];
const ALGORITHMS: &[(u64, &str)] = &[(5, "MD5"), (128, "MS-CHAP"), (129, "MS-CHAP-2")];

fields! {
    CODE = Field::number("ppp.code", "Code", "What the message does.").names(CODES).in_line();
    IDENTIFIER = Field::number("ppp.identifier", "Identifier", "An answer has its request's.");
    LENGTH = Field::number("ppp.length", "Length", "How long the message is; what is behind it is padding.").unit("bytes");
    MAGIC_NUMBER = Field::hexadecimal("lcp.magic_number", "Magic number", 8, "The sender's own; a station that sees its own number hears itself.");
    REJECTED_PROTOCOL = Field::hexadecimal("lcp.rej_proto", "Rejected protocol", 4, "The protocol that the sender does not know.").names(PROTOCOLS).in_line();
    MESSAGE = Field::text("lcp.message", "Message", "Who the sender is, in words.");
    SECONDS_REMAINING = Field::number("lcp.secs_remaining", "Time remaining", "How much longer the link stays up.").unit("seconds");
    DATA = Field::bytes("ppp.data", "Data", "The message's bytes.");
    LINK_OPTION = Field::number("lcp.opt.type", "Option", "What the sender would like, or says of itself.").names(LINK_OPTION_NAMES);
    LINK_OPTION_LENGTH = Field::number("lcp.opt.length", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    RECEIVE_UNIT = Field::number("lcp.opt.mru", "Maximum receive unit", "The largest packet that the sender can take.").unit("bytes");
    CHARACTER_MAP = Field::hexadecimal("lcp.opt.asyncmap", "Characters to escape", 8, "A bit for each control character that the line would swallow.");
    AUTHENTICATION = Field::hexadecimal("lcp.opt.auth_protocol", "Authentication", 4, "How the other side shall prove who it is.").names(PROTOCOLS);
    ALGORITHM = Field::number("lcp.opt.algorithm", "Algorithm", "How the challenge is to be answered.").names(ALGORITHMS);
    QUALITY = Field::hexadecimal("lcp.opt.quality_protocol", "Quality monitoring", 4, "How the link's quality is to be watched.").names(PROTOCOLS);
    MAGIC_OPTION = Field::hexadecimal("lcp.opt.magic_number", "Magic number", 8, "The sender's own; a station that sees its own number hears itself.");
    RECONSTRUCTED_UNIT = Field::number("lcp.opt.mrru", "Maximum reconstructed receive unit", "The largest packet put together from several links.").unit("bytes");
    LINK_DISCRIMINATOR = Field::number("lcp.opt.link_discrim", "Link discriminator", "Which of several links this is.");
    IPV4_OPTION = Field::number("ipcp.opt.type", "Option", "What the sender would like, or says of itself.").names(IPV4_OPTION_NAMES);
    IPV4_OPTION_LENGTH = Field::number("ipcp.opt.length", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    IPV4_COMPRESSION = Field::hexadecimal("ipcp.opt.compress_proto", "Header compression", 4, "How headers are to be compressed.").names(PROTOCOLS);
    IPV4_ADDRESS = Field::ipv4("ipcp.opt.ip_address", "Address", "The sender's address; 0.0.0.0 asks the other side for one.").in_line();
    FIRST_NAME_SERVER = Field::ipv4("ipcp.opt.pri_dns_address", "First name server", "0.0.0.0 asks the other side for one.");
    SECOND_NAME_SERVER = Field::ipv4("ipcp.opt.sec_dns_address", "Second name server", "0.0.0.0 asks the other side for one.");
    FIRST_NETBIOS_SERVER = Field::ipv4("ipcp.opt.pri_nbns_address", "First NetBIOS name server", "0.0.0.0 asks the other side for one.");
    SECOND_NETBIOS_SERVER = Field::ipv4("ipcp.opt.sec_nbns_address", "Second NetBIOS name server", "0.0.0.0 asks the other side for one.");
    IPV6_OPTION = Field::number("ipv6cp.opt.type", "Option", "What the sender would like, or says of itself.").names(IPV6_OPTION_NAMES);
    IPV6_OPTION_LENGTH = Field::number("ipv6cp.opt.length", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    INTERFACE_IDENTIFIER = Field::bytes("ipv6cp.interface_identifier", "Interface identifier", "The last 64 bits of the sender's addresses.").in_line();
    COMPRESSION_OPTION = Field::number("ccp.opt.type", "Option", "A way to compress that the sender offers.").names(COMPRESSION_OPTION_NAMES).in_line();
    COMPRESSION_OPTION_LENGTH = Field::number("ccp.opt.length", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    OTHER_OPTION = Field::number("pppcp.opt.type", "Option", "What the sender would like, or says of itself.");
    OTHER_OPTION_LENGTH = Field::number("pppcp.opt.length", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    OPTION_DATA = Field::bytes("ppp.opt.data", "Data", "The option's bytes.");
}

const HEADER_LENGTH: usize = 4;

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length < HEADER_LENGTH {
        return Err(walk.invalid("length", HEADER_LENGTH, length));
    }
    walk.limit(length);
    Ok(Next::Nothing)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer: `at` was read from or compared with `end`")]
fn describe(d: &mut Describe<'_, '_>, options: &Options) -> Option<()> {
    let code = d.number(&CODE, 0, 1)?;
    d.number(&IDENTIFIER, 1, 1)?;
    d.number(&LENGTH, 2, 2)?;
    let end = d.view.bytes().len();
    let mut at = HEADER_LENGTH;
    match code {
        1..=4 => {
            while at < end {
                at += describe_option(d, options, at)?;
            }
            return Some(());
        }
        8 => {
            d.number(&REJECTED_PROTOCOL, at, 2)?;
            at += 2;
        }
        9..=13 => {
            d.number(&MAGIC_NUMBER, at, 4)?;
            at += 4;
        }
        _ => {}
    }
    match code {
        12 => {
            d.text(&MESSAGE, at, end - at)?;
        }
        13 => {
            d.number(&SECONDS_REMAINING, at, 4)?;
        }
        _ if at < end => {
            d.bytes(&DATA, at, end - at)?;
        }
        _ => {}
    }
    Some(())
}

/// Gives one option and returns its length.
#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_option(d: &mut Describe<'_, '_>, options: &Options, at: usize) -> Option<usize> {
    let (kind, length) = (d.peek(at, 1)?, usize::try_from(d.peek(at + 1, 1)?).ok()?);
    let rest = length.checked_sub(2)?;
    d.slice(at, length)?;
    d.open(options.kind, at, length, Value::Number(kind));
    d.number(options.length, at + 1, 1)?;
    match (options.value)(kind, rest) {
        Some(field) if field.is(&AUTHENTICATION) => {
            d.number(field, at + 2, 2)?;
            if rest == 3 {
                d.number(&ALGORITHM, at + 4, 1)?;
            }
        }
        Some(field) => match rest {
            4 if field.kind == crate::dissect::Kind::Ipv4 => {
                d.ipv4(field, at + 2)?;
            }
            8 => {
                d.bytes(field, at + 2, 8)?;
            }
            _ => {
                d.number(field, at + 2, rest)?;
            }
        },
        None if rest > 0 => {
            d.bytes(&OPTION_DATA, at + 2, rest)?;
        }
        None => {}
    }
    d.close();
    Some(length)
}

fn link_value(kind: u64, length: usize) -> Option<&'static Field> {
    match (kind, length) {
        (1, 2) => Some(&RECEIVE_UNIT),
        (2, 4) => Some(&CHARACTER_MAP),
        (3, 2 | 3) => Some(&AUTHENTICATION),
        (4, 2) => Some(&QUALITY),
        (5, 4) => Some(&MAGIC_OPTION),
        (17, 2) => Some(&RECONSTRUCTED_UNIT),
        (23, 2) => Some(&LINK_DISCRIMINATOR),
        _ => None,
    }
}

fn ipv4_value(kind: u64, length: usize) -> Option<&'static Field> {
    match (kind, length) {
        (2, 2) => Some(&IPV4_COMPRESSION),
        (3, 4) => Some(&IPV4_ADDRESS),
        (129, 4) => Some(&FIRST_NAME_SERVER),
        (130, 4) => Some(&FIRST_NETBIOS_SERVER),
        (131, 4) => Some(&SECOND_NAME_SERVER),
        (132, 4) => Some(&SECOND_NETBIOS_SERVER),
        _ => None,
    }
}

fn ipv6_value(kind: u64, length: usize) -> Option<&'static Field> {
    (kind == 1 && length == 8).then_some(&INTERFACE_IDENTIFIER)
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn message(bytes: &str) -> Dissected {
        dissect(LinkType(9), &format!("ff03 {bytes}"))
    }

    #[test]
    fn the_link_is_agreed_on() {
        let frame = message("c021 01 05 0015 0104 05d4 0305 c22305 0506 11223344 0702");
        assert_eq!(frame.protocols(), "ppp:lcp");
        for (id, value) in [
            ("ppp.code", "1"),
            ("ppp.identifier", "5"),
            ("lcp.opt.mru", "1492"),
            ("lcp.opt.auth_protocol", "49699"),
            ("lcp.opt.algorithm", "5"),
            ("lcp.opt.magic_number", "287454020"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        assert_eq!(frame.values("lcp.opt.type"), ["1", "3", "5", "7"]);
    }

    #[test]
    fn echoes_and_rejections_have_no_options() {
        let echo = message("c021 09 01 0008 11223344 0000");
        assert_eq!((echo.value("lcp.magic_number"), echo.values("lcp.opt.type").len()), ("287454020".into(), 0));
        let rejected = message("c021 08 01 0008 8281 0101");
        assert_eq!((rejected.value("lcp.rej_proto"), rejected.value("ppp.data")), ("33409".into(), "0101".into()));
    }

    #[test]
    fn addresses_are_asked_for() {
        let frame = message("8021 01 01 0016 0306 00000000 8106 08080808 8306 01010101");
        assert_eq!((frame.protocols(), frame.value("ipcp.opt.ip_address")), ("ppp:ipcp".into(), "0.0.0.0".into()));
        assert_eq!(
            (frame.value("ipcp.opt.pri_dns_address"), frame.value("ipcp.opt.sec_dns_address")),
            ("8.8.8.8".into(), "1.1.1.1".into())
        );
        let ipv6 = message("8057 01 01 000e 010a 02155dfffe47f011");
        assert_eq!((ipv6.protocols(), ipv6.value("ipv6cp.interface_identifier")), ("ppp:ipv6cp".into(), "02155dfffe47f011".into()));
        assert_eq!(message("80fd 01 01 000a 1206 01000060").value("ccp.opt.type"), "18");
        assert_eq!(message("8281 01 01 0004").protocols(), "ppp:pppcp");
    }

    #[test]
    fn an_option_that_cannot_be_ends_the_list() {
        for options in ["0101", "0100", "0405", "01"] {
            let frame = message(&format!("c021 01 05 000a 0104 05d4 {options}"));
            assert_eq!(frame.values("lcp.opt.type"), ["1"], "{options}");
        }
        assert_eq!(message("c021 01 05 0003").dissection.stop.map(|stop| stop.part), Some("length"));
    }
}
