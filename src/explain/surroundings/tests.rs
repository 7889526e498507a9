//! What is learnt from captures, and what is not.

use super::*;
use crate::conversation::{Conversations, Names, Packet};
use crate::dissect::{Dissection, dissect};
use crate::explain::Scene;
use crate::frame::{Frame, InterfaceId, LinkType};
use crate::reassembly::Limits;
use crate::source::{Interface, Statistics, open};

/// Learns from all frames of a capture in captures/.
fn learnt(name: &str) -> Surroundings {
    let mut known = Surroundings::default();
    let mut source = open(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)).unwrap();
    while source.advance().unwrap() {
        learn(&mut known, &source.frame(), source.interfaces());
    }
    known
}

fn learn(known: &mut Surroundings, frame: &Frame<'_>, interfaces: &[Interface]) {
    let mut dissection = Dissection::default();
    dissect(frame, &mut dissection);
    let (conversations, names) = (Conversations::new(Limits::default()), Names::default());
    let packet = Packet { frame, dissection: &dissection, fragment: None };
    known.learn(&Scene { packet, belongs: None, conversations: &conversations, names: &names, interfaces });
}

/// Learns from Ethernet frames.
fn learnt_from(frames: &[Vec<u8>], interfaces: &[Interface]) -> Surroundings {
    let mut known = Surroundings::default();
    learn_all(&mut known, frames, interfaces);
    known
}

fn learn_all(known: &mut Surroundings, frames: &[Vec<u8>], interfaces: &[Interface]) {
    for (data, number) in frames.iter().zip(1..) {
        let frame = Frame {
            number,
            timestamp: None,
            interface: InterfaceId(0),
            link_type: LinkType::ETHERNET,
            length: data.len() as u32,
            check_sequence_length: 0,
            data,
            annotations: Default::default(),
        };
        learn(known, &frame, interfaces);
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

const HOST: [u8; 6] = [2, 0, 0, 0, 0, 11];
const ROUTER: [u8; 6] = [2, 0, 0, 0, 0, 1];
const EVERYBODY: [u8; 6] = [0xff; 6];

/// An IPv4 packet without content, of protocol 253.
fn packet(destination: [u8; 6], source: [u8; 6], from: [u8; 4], to: [u8; 4], time_to_live: u8) -> Vec<u8> {
    [&destination[..], &source, &[8, 0, 0x45, 0, 0, 20, 0, 0, 0, 0, time_to_live, 253, 0, 0], &from, &to].concat()
}

#[test]
fn a_gateway_is_who_gets_packets_for_others() {
    let known = learnt("http-ipv4.pcapng");
    let [gateway] = known.gateways() else { panic!("{:?}", known.gateways()) };
    assert_eq!((gateway.address, gateway.origin), (Some(address("192.168.1.1")), Origin::Forwarding));
    assert_eq!((gateway.card, &gateway.frames[..]), (Some([2, 0, 0xc0, 0xa8, 1, 1]), &[1, 2, 3][..]));
    let network = known.network_of(None, address("192.168.1.11")).unwrap();
    assert_eq!((network.prefix.to_string().as_str(), network.origin.surety()), ("192.168.1.0/24", Surety::Assumed));
    assert_eq!(known.name_servers().iter().map(|known| known.address).collect::<Vec<_>>(), [address("10.1.1.1")]);
    assert!(known.roles(address("192.168.1.1")).gateway && known.roles(address("10.1.1.1")).name_server);
    assert!(known.networks().is_empty(), "what is only assumed is no network that is known");
}

#[test]
fn neighbours_are_no_gateways() {
    let known = learnt("arp.pcapng");
    assert_eq!(known.gateways(), []);
    assert!(known.mac_of(None, address("192.168.1.11")).is_some());
    assert_eq!(known.mac_of(None, address("192.168.1.99")), None, "nobody answered for it");
}

#[test]
fn a_lease_tells_the_network_and_its_servers() {
    let known = learnt("dhcp.pcapng");
    let network = known.networks().first().unwrap();
    assert_eq!((network.origin, network.origin.surety()), (Origin::Dhcp, Surety::Told));
    let lease = known.leases().iter().find(|lease| lease.granted).unwrap();
    assert!(network.prefix.contains(&IpAddr::V4(lease.client)));
    assert_eq!(known.roles(lease.routers[0].into()), Roles { gateway: true, name_server: false, address_server: true });
    assert_eq!(known.mac_of(None, lease.client.into()), Some(lease.card));
}

#[test]
fn a_router_advertises_the_network_and_itself() {
    let known = learnt("router-advertisement.pcapng");
    let network = known.networks().first().unwrap();
    assert_eq!((network.prefix.to_string().as_str(), network.origin), ("2001:db8:a:1::/64", Origin::RouterAdvertisement));
    assert_eq!(known.gateways().first().unwrap().origin, Origin::RouterAdvertisement);
}

#[test]
fn an_interface_of_the_capture_says_its_network() {
    let options = vec![(2, b"eth0".to_vec()), (4, vec![192, 168, 5, 7, 255, 255, 255, 128]), (5, [&[0xfd; 16][..], &[48]].concat())];
    let interfaces = [Interface { name: None, link_type: LinkType::ETHERNET, snap_length: 0, options, statistics: Statistics::default() }];
    let known = learnt_from(&[packet(ROUTER, HOST, [192, 168, 5, 7], [192, 168, 5, 8], 64)], &interfaces);
    let networks: Vec<_> = known.networks().iter().map(|known| (known.prefix.to_string(), known.origin)).collect();
    assert_eq!(networks, [("192.168.5.0/25".to_owned(), Origin::Capture), ("fdfd:fdfd:fdfd::/48".to_owned(), Origin::Capture)]);
}

#[test]
fn the_machine_that_captured_knows_its_networks() {
    let host = crate::host::file::parse(
        "test",
        r#"[{"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"192.168.5.7","prefixlen":22,"scope":"global"}]},
            {"ifindex":3,"ifname":"eth1","addr_info":[{"family":"inet","local":"10.0.0.7","prefixlen":8,"scope":"global"}]}]
           [{"dst":"default","gateway":"192.168.4.1","dev":"eth0"}]"#,
    );
    let mut known = Surroundings::default();
    known.know_host(host.unwrap(), Origin::Host);
    let interfaces = [Interface {
        name: Some(b"eth0".to_vec()),
        link_type: LinkType::ETHERNET,
        snap_length: 0,
        options: Vec::new(),
        statistics: Statistics::default(),
    }];
    learn_all(&mut known, &[packet(ROUTER, HOST, [192, 168, 5, 7], [192, 168, 5, 8], 64)], &interfaces);
    let networks: Vec<_> = known.networks().iter().map(|known| (known.prefix.to_string(), known.origin)).collect();
    assert_eq!(networks, [("192.168.4.0/22".to_owned(), Origin::Host)]);
    assert_eq!(known.gateways().iter().map(|gateway| gateway.address).collect::<Vec<_>>(), [Some(address("192.168.4.1"))]);
}

#[test]
fn a_broadcast_says_the_mask() {
    let known = learnt_from(&[packet(EVERYBODY, HOST, [172, 20, 1, 9], [172, 20, 15, 255], 64)], &[]);
    let network = known.network_of(None, address("172.20.3.3")).unwrap();
    assert_eq!((network.prefix.to_string().as_str(), network.origin, network.frames), ("172.20.0.0/20", Origin::Broadcast, vec![1]));
    let routed = learnt_from(&[packet(EVERYBODY, ROUTER, [10, 0, 0, 9], [172, 20, 15, 255], 63)], &[]);
    assert_eq!(routed.networks(), []);
}

#[test]
fn a_card_from_which_others_packets_come_is_a_gateways() {
    let from_afar = |from| packet(HOST, ROUTER, from, [192, 168, 1, 11], 57);
    let known = learnt_from(&[from_afar([8, 8, 8, 8]), from_afar([9, 9, 9, 9])], &[]);
    let [gateway] = known.gateways() else { panic!("{:?}", known.gateways()) };
    assert_eq!((gateway.address, gateway.card, &gateway.frames[..]), (None, Some(ROUTER), &[1, 2][..]));
    // A host with several addresses of its own sends what no router has passed on.
    let own = |from| packet(HOST, ROUTER, from, [192, 168, 1, 11], 64);
    assert_eq!(learnt_from(&[own([8, 8, 8, 8]), own([9, 9, 9, 9])], &[]).gateways(), []);
}

#[test]
fn who_reports_of_a_packet_that_it_was_handed_is_a_gateway() {
    let quoted = packet(ROUTER, HOST, [192, 168, 1, 11], [45, 33, 7, 20], 64).split_off(14);
    let report = |hop_limit| {
        let mut report = packet(HOST, ROUTER, [192, 168, 1, 1], [192, 168, 1, 11], hop_limit);
        report[17] = 56;
        report[23] = 1;
        [report, vec![3, 13, 0, 0, 0, 0, 0, 0], quoted.clone(), vec![0; 8]].concat()
    };
    let sent = packet(ROUTER, HOST, [192, 168, 1, 11], [45, 33, 7, 20], 64);
    let known = learnt_from(&[sent.clone(), report(64)], &[]);
    let [gateway] = known.gateways() else { panic!("{:?}", known.gateways()) };
    assert_eq!((gateway.address, gateway.card, &gateway.frames[..]), (Some(address("192.168.1.1")), Some(ROUTER), &[2, 1][..]));
    assert_eq!(learnt_from(&[sent, report(63)], &[]).gateways(), [], "it comes from a router behind that one");
    assert_eq!(learnt_from(&[report(64)], &[]).gateways(), [], "who was handed the packet is not in the capture");
}

#[test]
fn who_answers_from_another_of_its_addresses_is_no_gateway() {
    let quoted = packet(ROUTER, HOST, [192, 168, 1, 11], [192, 168, 1, 53], 64);
    let mut report = packet(HOST, ROUTER, [192, 168, 1, 54], [192, 168, 1, 11], 64);
    report[17] = 56;
    report[23] = 1;
    let report = [report, vec![3, 3, 0, 0, 0, 0, 0, 0], quoted[14..].to_vec(), vec![0; 8]].concat();
    assert_eq!(learnt_from(&[quoted, report], &[]).gateways(), []);
}

#[test]
fn who_passes_on_what_comes_from_the_same_network_is_no_gateway_to_others() {
    let behind = |last| packet(HOST, ROUTER, [192, 168, 1, last], [192, 168, 1, 11], 63);
    assert_eq!(learnt_from(&[behind(20), behind(21)], &[]).gateways(), []);
}

#[test]
fn a_router_that_looks_for_a_host_is_sent_nothing_through_it() {
    // Two solicitations: by the router's link-local address for the host's global one, to the host itself (RFC 4861 section 7.3.3).
    let solicitation = |from: &str, source: [u8; 6], to: &str, destination: [u8; 6]| {
        let [from, to] = [from, to].map(|address| address.parse::<std::net::Ipv6Addr>().unwrap().octets());
        let message = [&[135, 0, 0, 0, 0, 0, 0, 0][..], &to, &[1, 1], &source].concat();
        [&destination[..], &source, &[0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255], &from, &to, &message].concat()
    };
    let known = learnt_from(
        &[
            solicitation("fe80::b", HOST, "2001:db8:1::1", ROUTER),
            solicitation("fe80::1", ROUTER, "2001:db8:1::b", HOST),
            solicitation("2001:db8:2::1", ROUTER, "2001:db8:1::b", HOST),
        ],
        &[],
    );
    assert!(known.mac_of(None, address("fe80::b")).is_some(), "they are read");
    assert_eq!(known.gateways(), []);
}
