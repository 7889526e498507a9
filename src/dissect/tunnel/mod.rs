//! Tunnels: what carries frames and packets in other packets.

pub mod erspan;
pub mod etherip;
pub mod geneve;
pub mod gre;
pub mod l2tp;
pub mod mpls;
pub mod nsh;
pub mod pim;
pub mod pseudowire;
pub mod sflow;
pub mod teredo;
pub mod vxlan;
