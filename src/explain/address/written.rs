//! Addresses as people write them: read, or told what is wrong with them.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use thiserror::Error;

/// An address, a prefix or a link address that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// An address: `192.168.1.11`, `fe80::1%eth0`, `[::1]:80`.
    Address {
        /// The address.
        address: IpAddr,
        /// The zone behind `%`: an interface (RFC 4007 section 11).
        zone: Option<Box<str>>,
        /// The port behind it.
        port: Option<u16>,
    },
    /// An address and how many of its bits are the network's; host bits may be set.
    Prefix {
        /// Both.
        prefix: IpNet,
        /// How the length was written.
        form: MaskForm,
    },
    /// A link address.
    Hardware([u8; 6]),
}

/// How the length of a prefix was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskForm {
    /// `/24`.
    Length,
    /// `/255.255.255.0`.
    Mask,
    /// `/0.0.0.255`, as access lists have it.
    Wildcard,
}

/// Why a word is no address, and what would be one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// A number of an IPv4 address is too large.
    #[error("{part} is more than 255, and each of the four numbers of an IPv4 address is one byte: 0 to 255")]
    OctetTooLarge {
        /// The number.
        part: Box<str>,
    },
    /// A number has a leading zero.
    #[error("{part} has a zero in front: some programs read it as {octal} (octal), others as {decimal}; write {decimal} or {octal}")]
    LeadingZero {
        /// The number.
        part: Box<str>,
        /// What it is in decimal.
        decimal: u64,
        /// What it is in octal.
        octal: u64,
    },
    /// A number has a leading zero, and would not be one in octal.
    #[error("{part} has a zero in front, by which some programs know octal numbers; write {decimal}")]
    Padded {
        /// The number.
        part: Box<str>,
        /// What it is in decimal.
        decimal: u64,
    },
    /// Something between the dots is missing.
    #[error("two dots without a number between them, or a dot at an end; an IPv4 address is four numbers: 192.0.2.1")]
    EmptyOctet,
    /// Something between the dots is no number.
    #[error("{part} is no number from 0 to 255; an IPv4 address is four of them: 192.0.2.1")]
    NoOctet {
        /// What stands there.
        part: Box<str>,
    },
    /// Too few or too many numbers.
    #[error("{found} numbers with dots between them, and an IPv4 address has four: 192.0.2.1{}", short(*found))]
    Octets {
        /// How many there are.
        found: usize,
    },
    /// One large number.
    #[error("a number alone is no address here; some programs read it as {address}")]
    OneNumber {
        /// What they read.
        address: Ipv4Addr,
    },
    /// More than one `::`.
    #[error("two `::`: each stands for as many zero groups as are missing, so of two nobody could tell how many each is")]
    TwoGaps,
    /// A group is too long.
    #[error("{part} has {} digits, and a group of an IPv6 address has at most four hexadecimal ones", part.len())]
    GroupTooLong {
        /// The group.
        part: Box<str>,
    },
    /// A group is no number.
    #[error("{part} is no group of an IPv6 address: up to four digits of 0-9 and a-f")]
    NoGroup {
        /// What stands there.
        part: Box<str>,
    },
    /// Too few groups.
    #[error("{found} groups, and an IPv6 address has eight; `::` stands for zero groups that are left out: 2001:db8::1")]
    TooFewGroups {
        /// How many there are.
        found: usize,
    },
    /// Too many groups.
    #[error("{found} groups{}, and an IPv6 address has eight", if *gap { " and a `::`, which stands for one at least" } else { "" })]
    TooManyGroups {
        /// How many there are.
        found: usize,
        /// Whether there is a `::` too.
        gap: bool,
    },
    /// A colon alone at an end.
    #[error("a colon alone at an end: zero groups are left out with two of them (`::`)")]
    LoneColon,
    /// An IPv4 address that is not last.
    #[error("an IPv4 address in an IPv6 one is its last 32 bits: nothing can stand behind it (::ffff:192.0.2.1)")]
    Ipv4NotLast,
    /// A length that the version does not have.
    #[error("/{length} is too long: an {} address has {bits} bits, so /{bits} is one address alone", if *bits == 32 { "IPv4" } else { "IPv6" })]
    LengthTooLong {
        /// The length.
        length: Box<str>,
        /// How many bits there are.
        bits: u8,
    },
    /// What stands behind the slash is no length.
    #[error("/{text}: behind the slash stands how many bits are the network's (/24), or a mask (/255.255.255.0)")]
    NoLength {
        /// What stands there.
        text: Box<str>,
    },
    /// A mask with a one behind a zero.
    #[error("{mask} is no mask: its bits are ones and then zeros, and here bit {bit} is a one behind a zero; near are {} and {}",
        ones(u32::from(*mask).leading_ones()), ones(u32::from(*mask).count_ones()))]
    BrokenMask {
        /// The mask.
        mask: Ipv4Addr,
        /// The first one behind a zero, counted from 1.
        bit: u32,
    },
    /// An IPv4 mask behind an IPv6 address.
    #[error("a mask in dotted form is for IPv4; behind an IPv6 address stands a length: /64")]
    MaskOfOther,
    /// A port that there is not.
    #[error("{port} is no port: they are 1 to 65535")]
    NoPort {
        /// What stands there.
        port: Box<str>,
    },
    /// A bracket that is not closed.
    #[error("the bracket is not closed: an IPv6 address with a port is written [::1]:80")]
    OpenBracket,
    /// A zone behind an IPv4 address, or an empty one.
    #[error("behind % stands an interface, and before it an IPv6 address: fe80::1%eth0")]
    Zone,
    /// A link address of another length.
    #[error("{found} bytes, and a link address (MAC) has six: 02:00:5e:00:53:01")]
    HardwareLength {
        /// How many there are.
        found: usize,
    },
}

fn short(found: usize) -> &'static str {
    if found < 4 { "; some programs take the last number for all that lacks, and read 10.1 as 10.0.0.1" } else { "" }
}

/// The mask of so many ones.
fn ones(length: u32) -> Ipv4Addr {
    Ipv4Addr::from(!u32::MAX.checked_shr(length).unwrap_or(0))
}

/// Reads a word; `None` where it is not meant as an address at all.
#[must_use]
pub fn read(word: &str) -> Option<Result<Written, Mistake>> {
    if let Some(hardware) = read_hardware(word) {
        return Some(hardware);
    }
    let address = word.split('/').next().unwrap_or(word);
    let is_ipv6 = (address.contains("::") || address.matches(':').count() > 1 || address.starts_with('['))
        && address.starts_with(|first: char| first.is_ascii_hexdigit() || first == ':' || first == '[');
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let before_port = address.split([':', '%']).next().unwrap_or(address);
    let is_ipv4 = is_digits(before_port) && before_port.bytes().any(|byte| byte.is_ascii_digit());
    (is_ipv4 || is_ipv6).then(|| match word.split_once('/') {
        Some((address, length)) => read_prefix(address, length),
        None => read_address(word),
    })
}

fn read_address(word: &str) -> Result<Written, Mistake> {
    if let Some(rest) = word.strip_prefix('[') {
        let (inside, behind) = rest.split_once(']').ok_or(Mistake::OpenBracket)?;
        let (address, zone) = read_zoned(inside)?;
        let port = match behind {
            "" => None,
            behind => Some(read_port(behind.strip_prefix(':').unwrap_or(behind))?),
        };
        return Ok(Written::Address { address: address.into(), zone, port });
    }
    match word.split_once(':') {
        // One colon behind dots is a port's.
        Some((address, port)) if address.contains('.') && !port.contains(':') => {
            Ok(Written::Address { address: read_ipv4(address)?.into(), zone: None, port: Some(read_port(port)?) })
        }
        Some(_) => {
            let (address, zone) = read_zoned(word)?;
            Ok(Written::Address { address: address.into(), zone, port: None })
        }
        None if word.contains('%') => Err(Mistake::Zone),
        None => Ok(Written::Address { address: read_ipv4(word)?.into(), zone: None, port: None }),
    }
}

fn read_zoned(text: &str) -> Result<(Ipv6Addr, Option<Box<str>>), Mistake> {
    match text.split_once('%') {
        Some((_, "")) => Err(Mistake::Zone),
        Some((address, zone)) => Ok((read_ipv6(address)?, Some(zone.into()))),
        None => Ok((read_ipv6(text)?, None)),
    }
}

fn read_port(text: &str) -> Result<u16, Mistake> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port != 0).ok_or_else(|| Mistake::NoPort { port: text.into() })
}

fn read_prefix(address: &str, length: &str) -> Result<Written, Mistake> {
    let address: IpAddr = match read_address(address)? {
        Written::Address { address, .. } => address,
        Written::Prefix { prefix, .. } => prefix.addr(),
        Written::Hardware(_) => return Err(Mistake::NoLength { text: length.into() }),
    };
    let bits = super::prefix::bits(address);
    let (length, form) = if length.contains('.') {
        if address.is_ipv6() {
            return Err(Mistake::MaskOfOther);
        }
        read_mask(read_ipv4(length)?)?
    } else {
        if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Mistake::NoLength { text: length.into() });
        }
        let number = length.parse().ok().filter(|number| *number <= bits);
        (number.ok_or_else(|| Mistake::LengthTooLong { length: length.into(), bits })?, MaskForm::Length)
    };
    let prefix = IpNet::new(address, length).map_err(|_| Mistake::LengthTooLong { length: "".into(), bits })?;
    Ok(Written::Prefix { prefix, form })
}

/// Ones and then zeros are a mask, zeros and then ones are its opposite; of all zeros and all ones nobody can tell, and they are taken as
/// masks.
fn read_mask(mask: Ipv4Addr) -> Result<(u8, MaskForm), Mistake> {
    let value = u32::from(mask);
    let (leading, opposite) = (value.leading_ones(), (!value).leading_ones());
    if value.count_ones() == leading {
        return Ok((leading as u8, MaskForm::Mask));
    }
    if (!value).count_ones() == opposite {
        return Ok((opposite as u8, MaskForm::Wildcard));
    }
    let zeros = (value << leading).leading_zeros();
    Err(Mistake::BrokenMask { mask, bit: leading + zeros + 1 })
}

fn read_ipv4(text: &str) -> Result<Ipv4Addr, Mistake> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let parts = text.split('.');
    for part in parts.clone() {
        if part.is_empty() {
            return Err(Mistake::EmptyOctet);
        }
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Mistake::NoOctet { part: part.into() });
        }
    }
    let found = parts.clone().count();
    if let (1, Ok(number)) = (found, text.parse::<u32>()) {
        return Err(Mistake::OneNumber { address: number.into() });
    }
    for part in parts {
        let decimal = part.parse::<u64>().ok().filter(|number| *number <= 255);
        match (decimal, u64::from_str_radix(part, 8)) {
            (None, _) => return Err(Mistake::OctetTooLarge { part: part.into() }),
            (Some(decimal), Ok(octal)) if is_padded(part) && octal != decimal => {
                return Err(Mistake::LeadingZero { part: part.into(), decimal, octal });
            }
            (Some(decimal), _) if is_padded(part) => return Err(Mistake::Padded { part: part.into(), decimal }),
            (Some(_), _) => {}
        }
    }
    Err(Mistake::Octets { found })
}

fn is_padded(part: &str) -> bool {
    part.len() > 1 && part.starts_with('0')
}

fn read_ipv6(text: &str) -> Result<Ipv6Addr, Mistake> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let gaps = text.matches("::").count();
    if gaps > 1 || text.contains(":::") {
        return Err(Mistake::TwoGaps);
    }
    let mut found = 0;
    let mut parts = text.split(':').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        if part.contains('.') {
            if parts.peek().is_some() {
                return Err(Mistake::Ipv4NotLast);
            }
            read_ipv4(part)?;
            found += 2;
            continue;
        }
        if !part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Mistake::NoGroup { part: part.into() });
        }
        if part.len() > 4 {
            return Err(Mistake::GroupTooLong { part: part.into() });
        }
        found += 1;
    }
    if (text.starts_with(':') && !text.starts_with("::")) || (text.ends_with(':') && !text.ends_with("::")) {
        return Err(Mistake::LoneColon);
    }
    Err(match gaps {
        0 if found < 8 => Mistake::TooFewGroups { found },
        gaps => Mistake::TooManyGroups { found, gap: gaps > 0 },
    })
}

/// A link address in the forms that are in use: `02:00:5e:00:53:01`, `02-00-5E-00-53-01`, `0200.5e00.5301` and `02005e005301`.
fn read_hardware(word: &str) -> Option<Result<Written, Mistake>> {
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = |separator: char| word.contains(separator) && word.split(separator).all(|part| part.len() <= 2 && is_hex(part));
    let separator = [':', '-'].into_iter().find(|separator| pairs(*separator));
    if let Some(separator) = separator {
        let found = word.split(separator).count();
        // Groups of two digits may be an IPv6 address too.
        let is_meant = separator == '-' || word.split(separator).all(|part| part.len() == 2);
        if found != 6 && !(is_meant && (found == 5 || found == 7)) {
            return None;
        }
        let mut bytes = word.split(separator).filter_map(|part| u8::from_str_radix(part, 16).ok());
        let address: [u8; 6] = std::array::from_fn(|_| bytes.next().unwrap_or_default());
        return Some(if found == 6 { Ok(Written::Hardware(address)) } else { Err(Mistake::HardwareLength { found }) });
    }
    let dotted = word.split('.').count() == 3 && word.split('.').all(|part| part.len() == 4 && is_hex(part));
    let bare = word.len() == 12 && is_hex(word) && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !dotted && !bare {
        return None;
    }
    let digits = word.bytes().filter(u8::is_ascii_hexdigit).filter_map(|digit| char::from(digit).to_digit(16));
    let value = digits.fold(0_u64, |value, digit| value << 4 | u64::from(digit));
    let [_, _, address @ ..] = value.to_be_bytes();
    Some(Ok(Written::Hardware(address)))
}

#[cfg(test)]
mod tests;
