//! Addresses of the link layer.

use super::spelled::spelled;
use crate::limits::Limits;
use std::fmt;
use std::str::FromStr;

/// An address of the link layer: six bytes of Ethernet, other lengths elsewhere (4 of an IPv4 tunnel, 20 of InfiniBand).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LinkAddress(pub Vec<u8>);

impl LinkAddress {
    /// The six bytes of a MAC address, where it is one.
    #[must_use]
    pub fn mac(&self) -> Option<[u8; 6]> {
        self.0.as_slice().try_into().ok()
    }
}

impl fmt::Display for LinkAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if place == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl FromStr for LinkAddress {
    type Err = ();

    /// Bytes with colons between them; `ip` writes those of tunnels as IP addresses.
    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(address) = text.parse::<std::net::Ipv4Addr>() {
            return Ok(Self(address.octets().to_vec()));
        }
        let byte = |part: &str| u8::from_str_radix(part, 16).ok().filter(|_| part.len() <= 2 && !part.starts_with('+'));
        let bytes: Option<Vec<u8>> = text.split([':', '-']).map(byte).collect();
        if let Some(bytes) = bytes.filter(|bytes| (2..=Limits::HARDWARE_ADDRESS).contains(&bytes.len())) {
            return Ok(Self(bytes));
        }
        text.parse::<std::net::Ipv6Addr>().map(|address| Self(address.octets().to_vec())).map_err(drop)
    }
}

spelled!(LinkAddress, "a link address such as 02:00:00:00:00:01");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_is_written() {
        let text = "02:00:5e:10:00:ff";
        let address: LinkAddress = text.parse().unwrap();
        assert_eq!(address.mac(), Some([2, 0, 0x5e, 0x10, 0, 0xff]));
        assert_eq!(address.to_string(), text);
        assert_eq!("10.0.0.1".parse(), Ok(LinkAddress(vec![10, 0, 0, 1])));
        for wrong in ["", "02", "02:00:00:00:00:0g", "02:000:01", "+2:00"] {
            assert_eq!(wrong.parse::<LinkAddress>(), Err(()), "{wrong}");
        }
    }
}
