//! What notes state, typed, and how each names its facts.

use super::Rule;
use super::address::AddressFacts;
use super::capture::CaptureFacts;
use super::checksum::ChecksumFacts;
use super::encoding::EncodingFacts;
use super::fragments::FragmentFacts;
use super::handshake::HandshakeFacts;
use super::hops::HopsFacts;
use super::http::HttpFacts;
use super::icmp::IcmpFacts;
use super::login::LoginFacts;
use super::loss::LossFacts;
use super::mtu::MtuFacts;
use super::name::NameFacts;
use super::route::RouteFacts;
use super::subnet::SubnetFacts;
use super::wireless::WirelessFacts;
use ipnet::IpNet;
use std::net::IpAddr;
use std::ops::Range;

/// One fact of a note, for programs. Times that something took are nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact<'a> {
    /// A number, a count, a port, a size in bytes.
    Number(u64),
    /// Numbers in order.
    Numbers(&'a [u64]),
    /// Yes or no.
    Flag(bool),
    /// An address.
    Address(IpAddr),
    /// Addresses in order.
    Addresses(&'a [IpAddr]),
    /// A network.
    Prefix(IpNet),
    /// A hardware address.
    Link([u8; 6]),
    /// A word of ours.
    Word(&'a str),
    /// Text from a packet.
    Text(&'a [u8]),
    /// Texts from packets.
    Texts(&'a [Box<[u8]>]),
    /// Bytes from a packet that are no text.
    Bytes(&'a [u8]),
    /// Bytes of something: the first, and one past the last.
    Range(&'a Range<u32>),
    /// Several of them.
    Ranges(&'a [Range<u32>]),
    /// How long something took, in nanoseconds.
    Took(i64),
}

/// Who is told a note's facts, each with its key.
pub type Tell<'t> = dyn FnMut(&'static str, Fact<'_>) + 't;

/// What every subject's facts can say of themselves.
pub trait Stated {
    /// The rule that they are of.
    fn rule(&self) -> &'static Rule;

    /// Tells them by their keys, for programs. No key comes twice.
    fn members(&self, tell: &mut Tell<'_>);
}

/// What a note states, by subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// Of addresses.
    Address(AddressFacts),
    /// Of what is an artefact of the capture.
    Capture(CaptureFacts),
    /// Of checksums.
    Checksum(ChecksumFacts),
    /// Of characters.
    Encoding(EncodingFacts),
    /// Of datagrams that came in fragments.
    Fragments(FragmentFacts),
    /// Of how conversations begin and end.
    Handshake(HandshakeFacts),
    /// Of routers that were passed.
    Hops(HopsFacts),
    /// Of HTTP.
    Http(HttpFacts),
    /// Of what ICMP reports.
    Icmp(IcmpFacts),
    /// Of logins.
    Login(LoginFacts),
    /// Of what TCP sent again.
    Loss(LossFacts),
    /// Of packet sizes.
    Mtu(MtuFacts),
    /// Of names.
    Name(NameFacts),
    /// Of routes.
    Route(RouteFacts),
    /// Of subnets.
    Subnet(SubnetFacts),
    /// Of wireless networks.
    Wireless(WirelessFacts),
}

impl Facts {
    /// What they say of themselves.
    #[must_use]
    pub fn stated(&self) -> &dyn Stated {
        match self {
            Self::Address(facts) => facts,
            Self::Capture(facts) => facts,
            Self::Checksum(facts) => facts,
            Self::Encoding(facts) => facts,
            Self::Fragments(facts) => facts,
            Self::Handshake(facts) => facts,
            Self::Hops(facts) => facts,
            Self::Http(facts) => facts,
            Self::Icmp(facts) => facts,
            Self::Login(facts) => facts,
            Self::Loss(facts) => facts,
            Self::Mtu(facts) => facts,
            Self::Name(facts) => facts,
            Self::Route(facts) => facts,
            Self::Subnet(facts) => facts,
            Self::Wireless(facts) => facts,
        }
    }
}

/// Each subject's facts are facts.
macro_rules! are_facts {
    ($($subject:ident: $facts:ty,)*) => {
        $(impl From<$facts> for Facts {
            fn from(facts: $facts) -> Self {
                Self::$subject(facts)
            }
        })*
    };
}

are_facts! {
    Address: AddressFacts,
    Capture: CaptureFacts,
    Checksum: ChecksumFacts,
    Encoding: EncodingFacts,
    Fragments: FragmentFacts,
    Handshake: HandshakeFacts,
    Hops: HopsFacts,
    Http: HttpFacts,
    Icmp: IcmpFacts,
    Login: LoginFacts,
    Loss: LossFacts,
    Mtu: MtuFacts,
    Name: NameFacts,
    Route: RouteFacts,
    Subnet: SubnetFacts,
    Wireless: WirelessFacts,
}

/// Every rule, subject by subject.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let subjects: [&'static [&'static Rule]; 16] = [
        super::address::RULES,
        super::subnet::RULES,
        super::route::RULES,
        super::hops::RULES,
        super::icmp::RULES,
        super::mtu::RULES,
        super::fragments::RULES,
        super::handshake::RULES,
        super::loss::RULES,
        super::name::RULES,
        super::http::RULES,
        super::encoding::RULES,
        super::login::RULES,
        super::wireless::RULES,
        super::capture::RULES,
        super::checksum::RULES,
    ];
    subjects.into_iter().flatten().copied()
}
