//! The names that a machine gives to addresses by itself: hosts(5).

use super::Named;
use crate::limits::Limits;

/// Reads a hosts file. Lines that are none are passed over, as every resolver does.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Named> {
    let text = String::from_utf8_lossy(bytes);
    let named = text.lines().filter_map(|line| {
        let content = line.split('#').next().unwrap_or_default();
        let mut words = content.split_whitespace();
        // A zone (`fe80::1%eth0`) tells the interface, not the address.
        let address = words.next()?.split('%').next()?.parse().ok()?;
        let names: Vec<String> = words.map(str::to_owned).collect();
        (!names.is_empty()).then_some(Named { address, names })
    });
    named.take(Limits::HOST_NAMES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_an_address_and_names() {
        let names = parse(
            b"127.0.0.1\tlocalhost\n# nobody\n10.0.0.7 mail.example.com mail # the mail\n\nfe80::1%eth0 router\n10.0.0.8\nwhat is this\n",
        );
        let said: Vec<String> = names.iter().map(|named| format!("{} {}", named.address, named.names.join(","))).collect();
        assert_eq!(said, ["127.0.0.1 localhost", "10.0.0.7 mail.example.com,mail", "fe80::1 router"]);
        let host = crate::host::Host { names, ..Default::default() };
        assert_eq!(host.names_of("10.0.0.7".parse().unwrap()).collect::<Vec<_>>(), ["mail.example.com", "mail"]);
        assert_eq!(host.addresses_of("MAIL").next(), Some("10.0.0.7".parse().unwrap()));
    }
}
