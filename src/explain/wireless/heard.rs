//! What frames say of who joins a wireless network: requests, refusals, the four messages that agree on keys, and farewells.

use super::{Step, is_refusal};
use crate::dissect::link::{eap, ethernet, wireless};
use crate::dissect::{Layer, Protocol};
use crate::explain::Scene;

/// In front of an 802.11 header stand two others at most.
const IN_FRONT: usize = 3;
/// Frame control: how 802.11 tells its frames apart (IEEE 802.11-2020 table 9-1), the two types and the subtypes together.
const ASSOCIATED: u8 = 0x10;
const REASSOCIATED: u8 = 0x30;
const DISASSOCIATION: u8 = 0xa0;
const AUTHENTICATION: u8 = 0xb0;
const DEAUTHENTICATION: u8 = 0xc0;
const IS_DATA: u8 = 0x08;
const ENCRYPTED: u8 = 0x40;
/// Where a frame says whom it is for, and who put it into the air.
const RECEIVER: usize = 4;
const TRANSMITTER: usize = 10;
/// Where a frame that manages a network says whose it is.
const NETWORK: usize = 16;
/// A key frame of 802.1X, and its descriptors: those of 802.11 and of the first WPA.
const KEY: u8 = 3;
const DESCRIPTORS: [u8; 2] = [2, 254];
/// What a key frame says of itself (IEEE 802.11-2020 figure 12-33).
const PAIRWISE: u16 = 0x0008;
const WANTS_ANSWER: u16 = 0x0080;
const HAS_CHECK: u16 = 0x0100;
const SECURE: u16 = 0x0200;
/// Where the length of its data stands, behind a check of 16 bytes.
const DATA_LENGTH: usize = 97;
/// The way to prove a passphrase of WPA3 (IEEE 802.11-2020 section 9.4.1.1).
const SAE: u16 = 3;

/// A frame between two stations, of which one is an access point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct Heard {
    pub(in crate::explain) sender: [u8; 6],
    pub(in crate::explain) receiver: [u8; 6],
    pub(in crate::explain) what: What,
}

/// What it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) enum What {
    /// The answer to a station: 0 for yes.
    Answer(Step, u16),
    /// The first message on keys: the access point begins.
    Begin,
    /// The second: the station answers.
    Reply,
    /// What only who has the keys says: the third or fourth message, or data that is encrypted.
    Proof,
    /// The station is sent away, or goes: why, where that is not encrypted.
    Farewell(Option<u16>),
}

impl Heard {
    /// What the frame at hand says.
    pub(in crate::explain) fn of(scene: &Scene<'_>) -> Option<Self> {
        let (bytes, dissection) = scene.own();
        let layers = dissection.layers.as_slice();
        let is = |layer: &&Layer, protocol: &'static Protocol| std::ptr::eq(layer.protocol, protocol);
        if let Some(layer) = layers.iter().take(IN_FRONT).find(|layer| is(layer, &wireless::PROTOCOL)) {
            let frame = bytes.get(layer.start..layer.end)?;
            let at = |place: usize| frame.get(place..)?.first_chunk::<6>().copied();
            let body = bytes.get(layer.payload_start()..).unwrap_or_default();
            let key = layers.last().filter(|layer| is(layer, &eap::OVER_LAN)).and_then(|layer| bytes.get(layer.start..layer.end));
            let what = match key {
                Some(key) => key_message(key)?,
                None => management(frame, body)?,
            };
            return Some(Self { sender: at(TRANSMITTER)?, receiver: at(RECEIVER)?, what });
        }
        let [first, layer] = layers else { return None };
        if !is(&first, &ethernet::PROTOCOL) || !is(&layer, &eap::OVER_LAN) {
            return None;
        }
        let &[a, b, c, d, e, f, ref sender @ ..] = bytes.first_chunk::<12>()?;
        Some(Self { sender: *sender, receiver: [a, b, c, d, e, f], what: key_message(bytes.get(layer.start..layer.end)?)? })
    }
}

/// What a frame says that manages the network, or that is encrypted.
fn management(frame: &[u8], body: &[u8]) -> Option<What> {
    let &[control, flags, ..] = frame else { return None };
    let word = |place: usize| body.get(place..)?.first_chunk().map(|word| u16::from_le_bytes(*word));
    let is_encrypted = flags & ENCRYPTED != 0;
    match control {
        ASSOCIATED | REASSOCIATED if !is_encrypted => Some(What::Answer(Step::Association, word(2)?)),
        // The algorithm, the number of the message, and what the other side says to it: only its answers have that.
        // In SAE the station sends the second message too: the answer is of the access point, whose network it is.
        // It refuses in its first message already.
        AUTHENTICATION
            if !is_encrypted
                && (word(2)? % 2 == 0 || word(0)? == SAE && is_refusal(word(4)?))
                && frame.get(TRANSMITTER..TRANSMITTER + 6)? == frame.get(NETWORK..NETWORK + 6)? =>
        {
            Some(What::Answer(Step::Authentication, word(4)?))
        }
        DISASSOCIATION | DEAUTHENTICATION => Some(What::Farewell(if is_encrypted { None } else { word(0) })),
        control if control & 0x0c == IS_DATA && is_encrypted => Some(What::Proof),
        _ => None,
    }
}

/// Which of the four messages a key frame is.
fn key_message(key: &[u8]) -> Option<What> {
    let &[_, KEY, _, _, descriptor, high, low, ..] = key else { return None };
    let says = u16::from_be_bytes([high, low]);
    if !DESCRIPTORS.contains(&descriptor) || says & PAIRWISE == 0 {
        return None;
    }
    let has_data = key.get(DATA_LENGTH..DATA_LENGTH + 2).is_none_or(|length| length != [0, 0]);
    match (says & WANTS_ANSWER != 0, says & HAS_CHECK != 0) {
        (true, false) => Some(What::Begin),
        (false, true) if says & SECURE == 0 && has_data => Some(What::Reply),
        (true | false, true) => Some(What::Proof),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_station_comes_from_whose_network_it_is() {
        let [access_point, station] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 0x11]];
        let frame = |to: [u8; 6], from: [u8; 6]| [&[AUTHENTICATION, 0, 0, 0][..], &to, &from, &access_point, &[0, 0]].concat();
        // SAE, the second message: both sides confirm.
        let confirm = [3, 0, 2, 0, 0, 0];
        assert_eq!(management(&frame(station, access_point), &confirm), Some(What::Answer(Step::Authentication, 0)));
        assert_eq!(management(&frame(access_point, station), &confirm), None);
        // The first message goes both ways too, and is an answer where it says no (77: not that group) and not where it says that
        // the other is to say a token first (76).
        let commit = |status: u8| [3, 0, 1, 0, status, 0];
        let refused = Some(What::Answer(Step::Authentication, 77));
        assert_eq!(management(&frame(station, access_point), &commit(77)), refused);
        assert_eq!(management(&frame(access_point, station), &commit(77)), None);
        assert_eq!([0, 76, 126].map(|status| management(&frame(station, access_point), &commit(status))), [None; 3]);
    }
}
