//! What is in the air of a wireless network: access points that tell of themselves, and stations that join (IEEE 802.11-2020 section 9.3.3).

use super::watch::StoryWatch;
use crate::dissect::Dissection;
use crate::dissect::link::{eap, wireless};
use crate::explain::Scene;
use crate::explain::wireless::{Heard, Said, Step};
use crate::limits::Limits;

/// In front of an 802.11 header stand two others at most.
const IN_FRONT: usize = 3;
/// Management frames, by the first byte of their frame control (IEEE 802.11-2020 table 9-1).
const ASSOCIATION: u8 = 0x00;
const REASSOCIATION: u8 = 0x20;
const PROBE_RESPONSE: u8 = 0x50;
const BEACON: u8 = 0x80;
const AUTHENTICATION: u8 = 0xb0;
const ENCRYPTED: u8 = 0x40;
/// The bit of a beacon's capabilities that says that data is encrypted.
const PRIVACY: u16 = 0x0010;
/// Elements (IEEE 802.11-2020 table 9-92).
const NAME: u8 = 0;
const CHANNEL: u8 = 3;
const ROBUST: u8 = 48;
const VENDOR: u8 = 221;
const WPA: [u8; 4] = [0, 0x50, 0xf2, 1];

/// How what a network carries is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    Open,
    /// By WEP, which is broken.
    Wep,
    /// By the first WPA alone.
    Wpa,
    /// By WPA2.
    Wpa2,
    /// By WPA3 alone: the passphrase is proved in another way (SAE).
    Wpa3,
}

/// An access point that tells of its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPoint {
    /// Its address, by which the network is known.
    pub address: [u8; 6],
    /// What the network is called; nothing where that is hidden.
    pub name: Option<Box<[u8]>>,
    /// The number of the channel.
    pub channel: Option<u8>,
    /// How it is protected.
    pub protection: Protection,
    /// How often it told.
    pub times: u64,
}

/// A station that wants to join a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joining {
    /// The station.
    pub station: [u8; 6],
    /// The access point.
    pub access_point: [u8; 6],
    /// What the station calls the network.
    pub name: Option<Box<[u8]>>,
    /// The first frame in which it asked to be known, and whether by a shared key.
    pub known: Option<(u64, bool)>,
    /// The first frame in which it asked to belong to the network.
    pub asked: Option<u64>,
    /// The last answer to each of the two: the status, 0 for yes, and the frame.
    pub answers: [Option<(u16, u64)>; 2],
    /// How often the access point began to agree on keys, and how often the station answered.
    pub keys: [u64; 2],
    /// The frames of the last time that they began, that it answered, and that both proved to have the keys.
    pub agreed: [Option<u64>; 3],
    /// Whether that they have the keys only follows from what came then: data that is encrypted, or what the access point says once the station
    /// answered.
    pub is_inferred: bool,
    /// Who ended it: the frame, whether it was the station, and why.
    pub farewell: Option<(u64, bool, Option<u16>)>,
}

impl StoryWatch {
    /// Keeps what access points and stations say of a network. Whether the frame said something of that.
    pub(super) fn on_air(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let layers = dissection.layers.as_slice();
        let Some(layer) = layers.iter().take(IN_FRONT).find(|layer| std::ptr::eq(layer.protocol, &wireless::PROTOCOL)) else {
            return false;
        };
        let (Some(&[control, flags, _, _, ref addresses @ ..]), body) =
            (bytes.get(layer.start..layer.end), bytes.get(layer.payload_start()..).unwrap_or_default())
        else {
            return false;
        };
        let at = (scene.number(), scene.time());
        let address = |place: usize| addresses.get(place * 6..)?.first_chunk::<6>().copied();
        let (Some(receiver), Some(sender)) = (address(0), address(1)) else { return false };
        if flags & ENCRYPTED == 0 {
            match control {
                BEACON | PROBE_RESPONSE => {
                    let Some(told) = access_point(sender, body) else { return false };
                    if let Some((known, new)) = self.access_points.take(sender, at, || told.clone()) {
                        known.times += u64::from(!new);
                        known.name = known.name.take().or(told.name);
                    }
                    return true;
                }
                AUTHENTICATION if address(2) == Some(sender) && matches!(body, [_, _, 1 | 3, 0, ..]) && Heard::of(scene).is_none() => {
                    return self.joining(sender, receiver).is_some();
                }
                AUTHENTICATION if asks_to_be_known(address(2), receiver, body) => {
                    let is_shared = matches!(body, [1, 0, ..]);
                    self.begins_anew(receiver, sender);
                    self.joins(receiver, sender, at, |joining| _ = joining.known.get_or_insert((at.0, is_shared)));
                    return true;
                }
                ASSOCIATION | REASSOCIATION => {
                    let fixed = if control == ASSOCIATION { 4 } else { 10 };
                    let name = elements(body.get(fixed..).unwrap_or_default()).find(|(kind, _)| *kind == NAME).map(|(_, name)| name.into());
                    self.begins_anew(receiver, sender);
                    self.joins(receiver, sender, at, |joining| {
                        joining.name = joining.name.take().or(name);
                        joining.asked.get_or_insert(at.0);
                    });
                    return true;
                }
                _ => {}
            }
        }
        let Some(heard) = Heard::of(scene) else { return false };
        let frame = at.0;
        match heard.what {
            Said::Answer(step, status) => self.joins(sender, receiver, at, |joining| {
                if let Some(answer) = joining.answers.get_mut(usize::from(step == Step::Association)) {
                    *answer = Some((status, frame));
                }
            }),
            Said::Begin => {
                self.begins_anew(sender, receiver);
                self.joins(sender, receiver, at, |joining| {
                    joining.keys[0] += 1;
                    if joining.agreed[2].is_none() {
                        joining.agreed = [Some(frame), None, None];
                    }
                });
            }
            Said::Reply => self.joins(receiver, sender, at, |joining| {
                joining.keys[1] += 1;
                if joining.agreed[2].is_none() {
                    joining.agreed[1] = Some(frame);
                }
            }),
            Said::Proof => {
                let is_key = layers.last().is_some_and(|layer| std::ptr::eq(layer.protocol, &eap::OVER_LAN));
                return self.proves((sender, receiver), frame, is_key) || is_key && self.has_proved(sender, receiver);
            }
            Said::Farewell(reason) => {
                for (is_station, (access_point, station)) in [(true, (receiver, sender)), (false, (sender, receiver))] {
                    if let Some(joining) = self.joining(access_point, station) {
                        joining.farewell.get_or_insert((frame, is_station, reason));
                        return true;
                    }
                }
                // Whose network it is stands behind both.
                let network = address(2);
                if network != Some(sender) && network != Some(receiver) {
                    return false;
                }
                let is_station = network == Some(receiver);
                let (access_point, station) = if is_station { (receiver, sender) } else { (sender, receiver) };
                self.joins(access_point, station, at, |joining| _ = joining.farewell.get_or_insert((frame, is_station, reason)));
            }
        }
        true
    }

    /// A station and an access point that have keys. Whether that ends their handshake; what is encrypted behind it is data.
    fn proves(&mut self, (sender, receiver): ([u8; 6], [u8; 6]), frame: u64, is_key: bool) -> bool {
        for (access_point, station) in [(sender, receiver), (receiver, sender)] {
            // The access point goes on only where the station has proved it: that was heard, or not.
            if let Some(joining) = self.joining(access_point, station)
                && let [Some(_), reply, proof @ None] = &mut joining.agreed
            {
                *proof = Some(frame);
                joining.is_inferred = !is_key || reply.is_none();
                return true;
            }
        }
        false
    }

    /// Whether both have proved to have the keys: what is said of keys behind that ends the handshake, or renews them.
    fn has_proved(&mut self, sender: [u8; 6], receiver: [u8; 6]) -> bool {
        let pairs = [(sender, receiver), (receiver, sender)];
        pairs.into_iter().any(|(access_point, station)| {
            self.joining(access_point, station).is_some_and(|joining| matches!(joining.agreed, [_, _, Some(_)]))
        })
    }

    /// How a station last came to an access point, where it did.
    fn joining(&mut self, access_point: [u8; 6], station: [u8; 6]) -> Option<&mut Joining> {
        let nth = self.joining_counts.get(&(access_point, station)).copied().unwrap_or_default();
        self.joinings.known(&(access_point, station, nth))
    }

    /// A station comes to an access point: once more, where it was sent away before.
    fn begins_anew(&mut self, access_point: [u8; 6], station: [u8; 6]) {
        let is_over = self.joining(access_point, station).is_some_and(|joining| joining.farewell.is_some());
        if is_over
            && (self.joining_counts.len() < Limits::STORY_CONVERSATIONS || self.joining_counts.contains_key(&(access_point, station)))
        {
            *self.joining_counts.entry((access_point, station)).or_default() += 1;
        }
    }

    fn joins(
        &mut self,
        access_point: [u8; 6],
        station: [u8; 6],
        at: (u64, Option<crate::frame::Timestamp>),
        say: impl FnOnce(&mut Joining),
    ) {
        let new = || Joining { station, access_point, ..Joining::default() };
        let nth = self.joining_counts.get(&(access_point, station)).copied().unwrap_or_default();
        if let Some((joining, _)) = self.joinings.take((access_point, station, nth), at, new) {
            say(joining);
        }
    }
}

/// Whether a frame of authentication is a station's: the first and the third message are, behind the algorithm. Where a passphrase is proved as
/// in WPA3 both sides send the first and the second (SAE, IEEE 802.11-2020 section 12.4), so that whose network it is tells who asks.
fn asks_to_be_known(network: Option<[u8; 6]>, receiver: [u8; 6], body: &[u8]) -> bool {
    network == Some(receiver) && matches!(body, [_, _, 1 | 3, 0, ..] | [3, 0, 2, 0, ..])
}

/// What an access point tells of itself: behind its clock and the time between two beacons stand what it can, and elements.
fn access_point(address: [u8; 6], body: &[u8]) -> Option<AccessPoint> {
    let can = u16::from_le_bytes(*body.get(10..)?.first_chunk()?);
    let (mut name, mut channel, mut robust, mut has_wpa) = (None, None, None, false);
    for (kind, value) in elements(body.get(12..)?) {
        match kind {
            // A hidden name is empty, or all zeros.
            NAME if value.iter().any(|byte| *byte != 0) => name = name.or(Some(value.into())),
            CHANNEL => channel = channel.or(value.first().copied()),
            ROBUST => robust = robust.or(Some(value)),
            VENDOR => has_wpa |= value.starts_with(&WPA),
            _ => {}
        }
    }
    let protection = match robust {
        Some(robust) if is_wpa3(robust) => Protection::Wpa3,
        Some(_) => Protection::Wpa2,
        None if has_wpa => Protection::Wpa,
        None if can & PRIVACY != 0 => Protection::Wep,
        None => Protection::Open,
    };
    Some(AccessPoint { address, name, channel, protection, times: 1 })
}

/// Whether all ways to prove a passphrase are those of WPA3 (IEEE 802.11-2020 table 9-151: 8 is SAE).
fn is_wpa3(robust: &[u8]) -> bool {
    let ways = || {
        let count = |list: &[u8]| list.first_chunk().map(|count| usize::from(u16::from_le_bytes(*count)));
        let ciphers = robust.get(6..)?;
        let ways = ciphers.get(2 + 4 * count(ciphers)?..)?;
        ways.get(2..2 + 4 * count(ways)?)
    };
    ways().is_some_and(|ways| !ways.is_empty() && ways.chunks(4).all(|way| matches!(way, [0, 0x0f, 0xac, 8 | 24])))
}

/// The elements of a frame: the kind and the value of each.
fn elements(mut rest: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let &[kind, length, ref behind @ ..] = rest else { return None };
        let (value, next) = behind.split_at_checked(length.into())?;
        rest = next;
        Some((kind, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beacon(can: u16, elements: &[&[u8]]) -> AccessPoint {
        let body = [&[0; 8], &[100, 0][..], &can.to_le_bytes(), &elements.concat()].concat();
        access_point([2, 0, 0, 0, 0, 1], &body).expect("an access point")
    }

    #[test]
    fn what_protects_a_network_is_read_from_what_its_access_point_tells() {
        const RSN: [u8; 16] = [48, 18, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 4, 1, 0];
        let robust = |way: u8| [RSN.as_slice(), &[0, 0x0f, 0xac, way]].concat();
        assert_eq!(beacon(0, &[b"\0\x04home"]).protection, Protection::Open);
        assert_eq!(beacon(PRIVACY, &[b"\0\x04home"]).protection, Protection::Wep);
        assert_eq!(beacon(PRIVACY, &[&[221, 6, 0, 0x50, 0xf2, 1, 1, 0]]).protection, Protection::Wpa);
        assert_eq!(beacon(PRIVACY, &[&robust(2)]).protection, Protection::Wpa2);
        let told = beacon(PRIVACY, &[b"\0\x04home", b"\x03\x01\x0b", &robust(8)]);
        assert_eq!((told.protection, told.name.as_deref(), told.channel), (Protection::Wpa3, Some(b"home".as_slice()), Some(11)));
    }

    #[test]
    fn in_sae_only_the_station_asks_though_both_sides_send_the_same_messages() {
        let [access_point, station] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 0x11]];
        for message in [[3, 0, 1, 0, 126, 0], [3, 0, 2, 0, 0, 0]] {
            assert!(asks_to_be_known(Some(access_point), access_point, &message));
            assert!(!asks_to_be_known(Some(access_point), station, &message), "the access point sent it");
        }
        assert!(asks_to_be_known(Some(access_point), access_point, &[0, 0, 1, 0, 0, 0]));
        assert!(!asks_to_be_known(Some(access_point), station, &[0, 0, 2, 0, 0, 0]));
    }

    #[test]
    fn a_hidden_name_and_elements_that_are_cut_off_are_none() {
        let hidden = beacon(0, &[b"\0\x04\0\0\0\0", b"\x03\x05\x01"]);
        assert_eq!((hidden.name, hidden.channel), (None, None));
        assert_eq!(access_point([2; 6], &[0; 11]), None);
    }
}
