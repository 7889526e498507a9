//! Which frames lessons look at, where there are far more conversations than anybody reads notes on.

use crate::conversation::Packet;
use crate::dissect::Network;
use std::net::IpAddr;

/// From how many conversations on notes are made of some only.
const MANY: u64 = 50_000;
/// Of how many pairs of addresses one is looked at then.
const ONE_OF: u64 = 16;

/// Chooses pairs of addresses by their bits alone: the same capture has the same notes in every run.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// The first frame that was passed over.
    since: Option<u64>,
}

impl Sample {
    /// Whether lessons look at a frame, when so many conversations were seen. What carries no packet between two hosts, or reports on others
    /// (ICMP), always is.
    pub(super) fn has(&mut self, packet: &Packet<'_>, conversations: u64) -> bool {
        if conversations < MANY {
            return true;
        }
        let Some(network) = packet.dissection.network().filter(|network| !matches!(network.protocol, 1 | 58)) else { return true };
        let is_chosen = mixed(network).is_multiple_of(ONE_OF);
        if !is_chosen {
            self.since.get_or_insert(packet.frame.number);
        }
        is_chosen
    }

    /// What is to be said of it in the end.
    pub(super) fn message(&self) -> Option<String> {
        let since = self.since?;
        Some(format!(
            "from frame {since} on notes are of one in {ONE_OF} pairs of hosts, for there are more than {MANY} conversations; \
             --json and wirelore conversations -v look at all"
        ))
    }
}

/// The same for both directions.
fn mixed(network: &Network) -> u64 {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => (address.to_bits() >> 64) as u64 ^ address.to_bits() as u64,
    };
    let spread = |bits: u64| (bits ^ bits >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread(bits(network.source)) ^ spread(bits(network.destination))) >> 40
}
