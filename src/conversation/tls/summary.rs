//! What is known of a TLS connection from what it says in clear.

use crate::conversation::Side;
use crate::frame::Timestamp;
use crate::reassembly::Origin;

/// Whether a connection goes on with the keys of an earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resumption {
    /// It does not.
    #[default]
    No,
    /// The client would, and what the server says to it is not known or not yet.
    Offered,
    /// It does: the server agreed.
    Yes,
}

/// A message that something is wrong, or that this was all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Who says it.
    pub from: Side,
    /// 1 is a warning, 2 is fatal.
    pub level: u8,
    /// What is said (IANA, TLS alerts).
    pub description: u8,
    /// The frame that it begins in.
    pub origin: Origin,
}

/// A certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is: a distinguished name (RFC 4514).
    pub subject: Box<[u8]>,
    /// The common name in it.
    pub common_name: Box<[u8]>,
    /// Who signed it: a distinguished name.
    pub issuer: Box<[u8]>,
    /// The hosts that it is good for.
    pub hosts: Vec<Box<[u8]>>,
    /// The addresses that it is good for.
    pub addresses: Vec<std::net::IpAddr>,
    /// How many more of either there are.
    pub more: u32,
    /// From when it counts.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// The public key that it is for (RFC 5280 section 4.1.2.7).
    pub key: Box<[u8]>,
}

/// What is known of a connection. What is encrypted is not: from TLS 1.3 on that is all behind the server's hello, certificates and the
/// application protocol that was chosen among it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSummary {
    /// The conversation that it is in.
    pub conversation: u64,
    /// Who is the client.
    pub client: Side,
    /// The frame that the client's hello begins in; `None` where it is not in the capture.
    pub client_hello: Option<Origin>,
    /// The frame that the server's hello begins in.
    pub server_hello: Option<Origin>,
    /// The version that both speak (0x0304 is TLS 1.3): the server's hello says it.
    pub version: Option<u16>,
    /// The highest version that the client offers.
    pub offered_version: Option<u16>,
    /// The cipher suites that the client offers, in its order.
    pub offered_suites: Vec<u16>,
    /// The groups that the client can exchange keys in, in its order.
    pub offered_groups: Vec<u16>,
    /// The host that the client wants.
    pub server_name: Option<Box<[u8]>>,
    /// Whether the client sent an encrypted hello (ECH): the name above may be another than the one that is meant.
    pub encrypted_hello: bool,
    /// The application protocols that the client offers.
    pub offered_protocols: Vec<Box<[u8]>>,
    /// The one that the server chose, where it says so in clear.
    pub protocol: Option<Box<[u8]>>,
    /// The cipher suite that the server chose.
    pub cipher_suite: Option<u16>,
    /// Whether the server had the client send another hello.
    pub retried: bool,
    /// Whether it goes on with the keys of an earlier connection.
    pub resumption: Resumption,
    /// The certificates of the server, its own first.
    pub certificates: Vec<Certificate>,
    /// Those of the client.
    pub client_certificates: Vec<Certificate>,
    /// How many certificates were not kept.
    pub more_certificates: u32,
    /// What went wrong, in clear.
    pub alerts: Vec<Alert>,
    /// Whether a message was longer than the limit, or the limit of all was reached, so that not all of it was read.
    pub cut: bool,
    /// Whether some of the handshake is not in the capture.
    pub missing: bool,
    /// Whether a side went on with bytes that are no records.
    pub damaged: bool,
}

impl TlsSummary {
    pub(super) fn new(conversation: u64, client: Side) -> Self {
        Self {
            conversation,
            client,
            client_hello: None,
            server_hello: None,
            version: None,
            offered_version: None,
            offered_suites: Vec::new(),
            offered_groups: Vec::new(),
            server_name: None,
            encrypted_hello: false,
            offered_protocols: Vec::new(),
            protocol: None,
            cipher_suite: None,
            retried: false,
            resumption: Resumption::No,
            certificates: Vec::new(),
            client_certificates: Vec::new(),
            more_certificates: 0,
            alerts: Vec::new(),
            cut: false,
            missing: false,
            damaged: false,
        }
    }

    /// Whether what was chosen stays hidden: in TLS 1.3 the server's certificate and its choice of application protocol are encrypted.
    #[must_use]
    pub fn hides_choice(&self) -> bool {
        self.version.is_some_and(|version| version == 0x0304 || version >> 8 == 0x7f)
    }

    /// How much memory it takes, as nearly as that is known.
    pub(super) fn cost(&self) -> usize {
        let text = |text: &[u8]| text.len() + 32;
        let certificate = |certificate: &Certificate| {
            let texts = [&certificate.subject, &certificate.common_name, &certificate.issuer, &certificate.key]
                .map(|part| text(part))
                .iter()
                .sum::<usize>();
            let hosts: usize = certificate.hosts.iter().map(|host| text(host)).sum();
            size_of::<Certificate>() + texts + hosts + certificate.addresses.len() * size_of::<std::net::IpAddr>()
        };
        let certificates: usize = self.certificates.iter().chain(&self.client_certificates).map(certificate).sum();
        let protocols: usize = self.offered_protocols.iter().map(|protocol| text(protocol)).sum();
        let name = self.server_name.as_deref().map_or(0, text);
        let codes = (self.offered_suites.capacity() + self.offered_groups.capacity()) * size_of::<u16>();
        size_of::<Self>() + 128 + certificates + protocols + codes + name + self.alerts.len() * size_of::<Alert>()
    }
}
