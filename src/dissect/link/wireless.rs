//! 802.11: who sends to whom over the air, and the packets in data frames that are not encrypted (IEEE 802.11-2020 section 9).

use super::{llc, radiotap};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// 802.11.
pub static PROTOCOL: Protocol = Protocol {
    name: "wlan",
    label: "802.11",
    title: "802.11 wireless LAN",
    reference: "IEEE 802.11-2020 section 9",
    claims: &[Selector::LinkType(105)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const MANAGEMENT: u8 = 0;
const CONTROL: u8 = 1;
const DATA: u8 = 2;
const TO_DISTRIBUTION: u8 = 0x01;
const FROM_DISTRIBUTION: u8 = 0x02;
const MORE_FRAGMENTS: u8 = 0x04;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;
const AGGREGATE: u8 = 0x80;

const TYPES: &[(u64, &str)] = &[(0, "management"), (1, "control"), (2, "data"), (3, "extension")];
const SUBTYPES: &[(u64, &str)] = &[
    (0x00, "association request"),
    (0x01, "association response"),
    (0x02, "reassociation request"),
    (0x03, "reassociation response"),
    (0x04, "probe request"),
    (0x05, "probe response"),
    (0x08, "beacon"),
    (0x09, "traffic announcement"),
    (0x0a, "disassociation"),
    (0x0b, "authentication"),
    (0x0c, "deauthentication"),
    (0x0d, "action"),
    (0x0e, "action, no acknowledgement"),
    (0x17, "control wrapper"),
    (0x18, "block acknowledgement request"),
    (0x19, "block acknowledgement"),
    (0x1a, "power save poll"),
    (0x1b, "request to send"),
    (0x1c, "clear to send"),
    (0x1d, "acknowledgement"),
    (0x1e, "contention-free end"),
    (0x1f, "contention-free end with acknowledgement"),
    (0x20, "data"),
    (0x24, "null"),
    (0x28, "QoS data"),
    (0x2c, "QoS null"),
];

fields! {
    TYPE = Field::number("wlan.fc.type", "Type", "Whether the frame manages the network, the air, or carries data.").names(TYPES);
    SUBTYPE = Field::hexadecimal("wlan.fc.type_subtype", "Subtype", 2, "What the frame does.").names(SUBTYPES).in_line();
    TO = Field::boolean("wlan.fc.tods", "To the network", "On its way from a station to the network behind the access point.");
    FROM = Field::boolean("wlan.fc.fromds", "From the network", "On its way from there to a station.");
    FRAGMENTED = Field::boolean("wlan.fc.frag", "More fragments", "Another part of the same frame follows.");
    RETRY = Field::boolean("wlan.fc.retry", "Retry", "Sent before, and not acknowledged.");
    ENCRYPTED = Field::boolean("wlan.fc.protected", "Protected", "The data is encrypted.");
    DURATION = Field::number("wlan.duration", "Duration", "How long everybody else is to stay silent.").unit("microseconds");
    RECEIVER = Field::mac("wlan.ra", "Receiver", "Who is to take the frame out of the air.").aliases(&["wlan.addr"]);
    TRANSMITTER = Field::mac("wlan.ta", "Transmitter", "Who put it into the air.").aliases(&["wlan.addr"]);
    DESTINATION = Field::mac("wlan.da", "Destination", "Whom the frame is for in the end.").aliases(&["wlan.addr"]).in_line();
    SOURCE = Field::mac("wlan.sa", "Source", "Who sent it in the beginning.").aliases(&["wlan.addr"]).in_line();
    NETWORK = Field::mac("wlan.bssid", "Access point", "The access point's address, by which the network is known.").aliases(&["wlan.addr"]);
    FRAGMENT = Field::number("wlan.frag", "Fragment", "Which part of the frame it is.");
    SEQUENCE = Field::number("wlan.seq", "Sequence number", "The same when the frame is sent again.");
    PRIORITY = Field::number("wlan.qos.priority", "Priority", "How urgent the frame is among others.");
}

/// What a frame's first bytes say about the others.
struct Shape {
    kind: u8,
    subtype: u8,
    flags: u8,
    /// Where quality of service control stands, 0 where it does not.
    quality: usize,
    end: usize,
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 36")]
fn shape(frame_control: [u8; 2]) -> Shape {
    let [first, flags] = frame_control;
    let (kind, subtype) = (first >> 2 & 3, first >> 4);
    let mut end = match kind {
        CONTROL => match subtype {
            12 | 13 => 10,
            _ => 16,
        },
        DATA if flags & (TO_DISTRIBUTION | FROM_DISTRIBUTION) == TO_DISTRIBUTION | FROM_DISTRIBUTION => 30,
        _ => 24,
    };
    let has_quality = kind == DATA && subtype & 8 != 0;
    let quality = if has_quality { end } else { 0 };
    end += if has_quality { 2 } else { 0 };
    // Four bytes of high throughput control.
    end += if flags & ORDER != 0 && (has_quality || kind == MANAGEMENT) { 4 } else { 0 };
    Shape { kind, subtype, flags, quality, end }
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let Shape { kind, subtype, flags, quality, end } = shape(*walk.header_bytes()?);
    let header = walk.need(end, "header")?;
    let is_aggregate = quality != 0 && header.get(quality).is_some_and(|control| control & AGGREGATE != 0);
    let is_later_fragment = header.get(22).is_some_and(|sequence| sequence & 15 != 0);
    let in_radiotap = walk.parent().is_some_and(|parent| parent.protocol.is(&radiotap::PROTOCOL));
    let is_padded = in_radiotap && radiotap::has_padding(walk.parent_header());
    walk.header(if is_padded { end.next_multiple_of(4) } else { end });
    let carries_packet = kind == DATA && subtype & 4 == 0 && flags & (PROTECTED | MORE_FRAGMENTS) == 0;
    Ok(match kind {
        DATA if carries_packet && !is_aggregate && !is_later_fragment => Next::Protocol(&llc::PROTOCOL),
        _ => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let Shape { kind, subtype, flags, quality, .. } = shape(*d.slice(0, 2)?.first_chunk()?);
    d.bits(&TYPE, 0, 1, 0x0c)?;
    d.value(&SUBTYPE, 0, 1, Value::Number(u64::from(kind) << 4 | u64::from(subtype)));
    for (field, mask) in [(&TO, 0x01), (&FROM, 0x02), (&FRAGMENTED, 0x04), (&RETRY, 0x08), (&ENCRYPTED, u64::from(PROTECTED))] {
        d.flag(field, 1, 1, mask)?;
    }
    let duration = u16::from_le_bytes(*d.slice(2, 2)?.first_chunk()?);
    if duration & 0x8000 == 0 {
        d.value(&DURATION, 2, 2, Value::Number(u64::from(duration)));
    }
    d.mac(&RECEIVER, 4)?;
    if kind == CONTROL {
        // A clear to send and an acknowledgement have no transmitter.
        if !matches!(subtype, 12 | 13) {
            d.mac(&TRANSMITTER, 10)?;
        }
        return Some(());
    }
    d.mac(&TRANSMITTER, 10)?;
    let (destination, source, network) = match flags & (TO_DISTRIBUTION | FROM_DISTRIBUTION) {
        TO_DISTRIBUTION => (16, 10, Some(4)),
        FROM_DISTRIBUTION => (4, 16, Some(10)),
        0 => (4, 10, Some(16)),
        _ => (16, 24, None),
    };
    d.mac(&DESTINATION, destination)?;
    d.mac(&SOURCE, source)?;
    if let Some(at) = network {
        d.mac(&NETWORK, at)?;
    }
    let sequence = u16::from_le_bytes(*d.slice(22, 2)?.first_chunk()?);
    d.value(&FRAGMENT, 22, 2, Value::Number(u64::from(sequence & 15)));
    d.value(&SEQUENCE, 22, 2, Value::Number(u64::from(sequence >> 4)));
    if quality != 0 {
        d.bits(&PRIORITY, quality, 1, 0x07)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    const PACKET: &str = "aaaa03 000000 0800 45000014 00000000 403b0000 0a000001 0a000002";
    const ADDRESSES: &str = "0022aabbccdd 001562643341 00102a1b3c4d";

    fn frame(bytes: &str) -> Dissected {
        dissect(LinkType(105), bytes)
    }

    #[test]
    fn data_in_clear_carries_packets() {
        let plain = frame(&format!("0801 2c00 {ADDRESSES} 3000 {PACKET}"));
        assert_eq!(plain.protocols(), "wlan:llc:ip");
        assert_eq!((plain.value("wlan.da"), plain.value("wlan.bssid")), ("00:10:2a:1b:3c:4d".into(), "00:22:aa:bb:cc:dd".into()));
        assert_eq!((plain.value("wlan.seq"), plain.value("wlan.duration")), ("3".into(), "44".into()));
        assert_eq!(frame(&format!("8802 2c00 {ADDRESSES} 3000 0600 {PACKET}")).protocols(), "wlan:llc:ip");
        assert_eq!(frame(&format!("8881 2c00 {ADDRESSES} 3000 0600 00000000 {PACKET}")).protocols(), "wlan:llc:ip");
        let bridge = frame(&format!("0803 2c00 {ADDRESSES} 3000 0a0b0c0d0e0f {PACKET}"));
        assert_eq!((bridge.protocols(), bridge.value("wlan.sa")), ("wlan:llc:ip".into(), "0a:0b:0c:0d:0e:0f".into()));
    }

    #[test]
    fn what_is_encrypted_fragmented_or_aggregated_stays_bytes() {
        for header in [format!("0841 2c00 {ADDRESSES} 3000"), format!("0805 2c00 {ADDRESSES} 3000"), format!("0801 2c00 {ADDRESSES} 3100")]
        {
            assert_eq!(frame(&format!("{header} {PACKET}")).protocols(), "wlan:data");
        }
        assert_eq!(frame(&format!("8801 2c00 {ADDRESSES} 3000 8000 {PACKET}")).protocols(), "wlan:data");
    }

    #[test]
    fn padding_is_passed_where_radiotap_says_so() {
        let frame = dissect(LinkType(127), &format!("0000 0900 02000000 20 8801 2c00 {ADDRESSES} 3000 0600 0000 {PACKET}"));
        assert_eq!(frame.protocols(), "radiotap:wlan:llc:ip");
    }

    #[test]
    fn control_frames_are_short() {
        let clear = frame("c400 d400 0022aabbccdd");
        assert_eq!((clear.protocols(), clear.value("wlan.fc.type_subtype")), ("wlan".into(), "28".into()));
        let request = frame("b400 d400 0022aabbccdd 001562643341");
        assert_eq!(request.value("wlan.ta"), "00:15:62:64:33:41");
        assert_eq!(frame("b400 d400 0022aabb").dissection.stop.map(|stop| stop.needed), Some(16));
    }
}
