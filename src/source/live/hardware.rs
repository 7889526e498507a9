//! What the frames of an interface are, by its kind of hardware (`ARPHRD_`, if_arp.h).

use crate::frame::LinkType;

const ETHERNET: u16 = 1;
const RAW_IP: u16 = 519;
const TUNNEL: u16 = 768;
const TUNNEL6: u16 = 769;
/// The loopback.
pub(in crate::source) const LOOPBACK: u16 = 772;
const SIT: u16 = 776;
const WIRELESS: u16 = 801;
const WIRELESS_PRISM: u16 = 802;
const WIRELESS_RADIOTAP: u16 = 803;
const NONE: u16 = 0xfffe;

/// How the first bytes of the frames are to be read that are captured on hardware of this kind. Where they have no header of their own that is
/// of use it is that of a cooked capture.
#[must_use]
pub fn link_type(hardware: u16) -> LinkType {
    match hardware {
        ETHERNET | LOOPBACK => LinkType::ETHERNET,
        NONE | RAW_IP | TUNNEL | TUNNEL6 | SIT => LinkType::RAW,
        WIRELESS => LinkType::WIRELESS,
        WIRELESS_PRISM => LinkType::WIRELESS_PRISM,
        WIRELESS_RADIOTAP => LinkType::WIRELESS_RADIOTAP,
        _ => LinkType::LINUX_SLL2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hardware_decides_what_frames_are() {
        assert_eq!(link_type(1), LinkType::ETHERNET);
        assert_eq!(link_type(0xfffe), LinkType::RAW);
        assert_eq!(link_type(803), LinkType(127));
        // InfiniBand, and GRE, which carries more than IP (RFC 2784 2.4).
        assert_eq!([32, 778, 823].map(link_type), [LinkType::LINUX_SLL2; 3]);
    }
}
