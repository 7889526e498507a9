//! Open Shortest Path First (version 2: RFC 2328; version 3: RFC 5340): headers, hellos and what is described, asked for or acknowledged.

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, Value, View, Walk, checksum};

/// OSPF.
pub static PROTOCOL: Protocol = Protocol {
    name: "ospf",
    label: "OSPF",
    title: "Open Shortest Path First",
    reference: "RFC 2328 appendix A",
    claims: &[Selector::IpProtocol(89)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] =
    &[(1, "hello"), (2, "database description"), (3, "link state request"), (4, "link state update"), (5, "link state acknowledgement")];
const AUTHENTICATIONS: &[(u64, &str)] = &[(0, "none"), (1, "plain text password"), (2, "cryptographic")];
const HELLO: u64 = 1;
/// Version 2 has 8 bytes of authentication in its header, which the checksum leaves out.
const HEADER_LENGTH_2: usize = 24;
const HEADER_LENGTH_3: usize = 16;

fields! {
    VERSION = Field::number("ospf.version", "Version", "Which version of the protocol this is: 2 for IPv4, 3 for IPv6.");
    TYPE = Field::number("ospf.msg", "Type", "What the message does.").names(TYPES).in_line();
    LENGTH = Field::number("ospf.packet_length", "Length", "How long the message is, with this header.").unit("bytes");
    ROUTER = Field::ipv4("ospf.srcrouter", "Router", "The number of the router that sent the message, written like an address.").in_line();
    AREA = Field::ipv4("ospf.area_id", "Area", "The part of the network that the message belongs to; 0.0.0.0 is the backbone.");
    CHECKSUM = Field::checksum("ospf.checksum", "Checksum", "Guards the message without its authentication.");
    CHECKSUM_STATUS = Field::status("ospf.checksum.status", "Checksum status", "Whether the message adds up.");
    AUTHENTICATION = Field::number("ospf.auth.type", "Authentication", "How the sender proves itself.").names(AUTHENTICATIONS);
    PASSWORD = Field::text("ospf.auth.simple", "Password", "What proves the sender, readable by everybody.");
    KEY = Field::number("ospf.auth.crypt.key_id", "Key", "Which key the proof behind the message was made with.");
    INSTANCE = Field::number("ospf.instance_id", "Instance", "Which of several instances on one link this is.");
    MASK = Field::ipv4("ospf.hello.network_mask", "Network mask", "The mask of the sender's interface; neighbours must have the same.");
    INTERFACE = Field::number("ospf.hello.interface_id", "Interface", "The number of the sender's interface.");
    INTERVAL = Field::number("ospf.hello.hello_interval", "Hello interval", "How often the sender says hello; neighbours must do the same.").unit("seconds");
    PRIORITY = Field::number("ospf.hello.router_priority", "Priority", "The larger the rather the sender speaks for the link; 0: never.");
    DEAD_INTERVAL = Field::number("ospf.hello.router_dead_interval", "Dead interval", "How long without a hello before a neighbour counts as gone.").unit("seconds");
    DESIGNATED = Field::ipv4("ospf.hello.designated_router", "Designated router", "The router that speaks for the link; 0.0.0.0: none yet.");
    BACKUP = Field::ipv4("ospf.hello.backup_designated_router", "Backup designated router", "The router that takes over; 0.0.0.0: none yet.");
    NEIGHBOUR = Field::ipv4("ospf.hello.active_neighbor", "Neighbour", "A router that the sender has heard of lately.");
    DATA = Field::bytes("ospf.data", "Data", "What the message says of links and routers.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[version, _, high, low, ..] = walk.header_bytes::<HEADER_LENGTH_3>()?;
    let least = header_length(u64::from(version));
    walk.need(least, "header")?;
    let stated = usize::from(u16::from_be_bytes([high, low]));
    if stated < least {
        return Err(walk.invalid("length", least, stated));
    }
    Ok(Next::Nothing)
}

fn header_length(version: u64) -> usize {
    if version == 3 { HEADER_LENGTH_3 } else { HEADER_LENGTH_2 }
}

fn verify(view: &View<'_>) -> Checksum {
    let bytes = view.bytes();
    let Some(&[version, _, high, low, _, _, _, _, _, _, _, _, c0, c1, a0, a1]) = bytes.first_chunk::<16>() else {
        return Checksum::without(Status::Unverified, 0);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if version == 3 {
        return checksum::verify_with_pseudo_header(view, 89, length, 12);
    }
    let found = u16::from_be_bytes([c0, c1]);
    if u16::from_be_bytes([a0, a1]) == 2 {
        return Checksum::without(Status::NotPresent, found);
    }
    match (bytes.get(..HEADER_LENGTH_3), bytes.get(HEADER_LENGTH_2..length)) {
        (Some(head), Some(rest)) if view.network().is_none_or(|network| network.fragment.is_none() && !network.quoted) => {
            Checksum { partial: false, ..checksum::verify(checksum::sum(0, rest), head, 12) }
        }
        _ => Checksum::without(Status::Unverified, found),
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let version = d.number(&VERSION, 0, 1)?;
    let kind = d.number(&TYPE, 1, 1)?;
    let length = usize::try_from(d.number(&LENGTH, 2, 2)?).ok()?;
    d.ipv4(&ROUTER, 4)?;
    d.ipv4(&AREA, 8)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 12)?;
    if version == 3 {
        d.number(&INSTANCE, 14, 1)?;
    } else {
        match d.number(&AUTHENTICATION, 14, 2)? {
            1 => {
                let password = d.slice(16, 8)?;
                let end = password.iter().position(|byte| *byte == 0).unwrap_or(password.len());
                d.value(&PASSWORD, 16, 8, Value::Text(password.get(..end)?));
            }
            2 => {
                d.number(&KEY, 18, 1)?;
            }
            _ => {}
        }
    }
    let (body, end) = (header_length(version), length.min(d.view.bytes().len()));
    match kind {
        HELLO => describe_hello(d, version, body, end),
        _ if end > body => d.bytes(&DATA, body, end.saturating_sub(body)).map(|_| ()),
        _ => Some(()),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_hello(d: &mut Describe<'_, '_>, version: u64, body: usize, end: usize) -> Option<()> {
    if version == 3 {
        d.number(&INTERFACE, body, 4)?;
        d.number(&PRIORITY, body + 4, 1)?;
        d.number(&INTERVAL, body + 8, 2)?;
        d.number(&DEAD_INTERVAL, body + 10, 2)?;
    } else {
        d.ipv4(&MASK, body)?;
        d.number(&INTERVAL, body + 4, 2)?;
        d.number(&PRIORITY, body + 7, 1)?;
        d.number(&DEAD_INTERVAL, body + 8, 4)?;
    }
    d.ipv4(&DESIGNATED, body + 12)?;
    d.ipv4(&BACKUP, body + 16)?;
    for at in (body + 20..end).step_by(4).take_while(|at| at + 4 <= end) {
        d.ipv4(&NEIGHBOUR, at)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_hello_of_either_version() {
        let got = dissect(
            LinkType::IPV6,
            "6e000000 0024 59 01 fe800000000000000000000000000001 ff020000000000000000000000000005
             03010024 01010101 00000001 fb860000 00000005 01000013 000a0028 00000000 00000000",
        );
        assert_eq!(got.protocols(), "ipv6:ospf");
        assert_eq!(
            [got.value("ospf.srcrouter"), got.value("ospf.hello.router_dead_interval"), got.value("ospf.checksum.status")],
            ["1.1.1.1", "40", "good"]
        );
        let got = dissect(
            LinkType::IPV4,
            "45c00044 00000000 01590000 c0a80101 e0000005 02010030 0a000001 00000000 16ed 0001 6369736300000000
             ffffff00 000a 12 01 00000028 c0a80101 00000000 0a000002",
        );
        assert_eq!([got.value("ospf.auth.simple"), got.value("ospf.hello.active_neighbor")], ["cisc", "10.0.0.2"]);
        assert_eq!([got.value("ospf.hello.network_mask"), got.value("ospf.checksum.status")], ["255.255.255.0", "good"]);
    }

    #[test]
    fn a_length_below_the_header_is_said() {
        let got =
            dissect(LinkType::IPV4, "4500002c 00000000 01590000 c0a80101 e0000005 02010010 0a000001 00000000 f3d6 0001 6369736300000000");
        assert_eq!(got.dissection.stop.map(|stop| (stop.reason, stop.needed, stop.had)), Some((StopReason::Invalid, 24, 16)));
    }
}
