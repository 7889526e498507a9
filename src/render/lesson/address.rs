//! Lessons on addresses: what kind each is, and where it has no meaning.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "address.loopback",
        title: "A loopback address on a cable",
        seen: "A frame on an Ethernet carries a packet from or to 127.0.0.0/8, or ::1.",
        why: "Every host calls itself by these addresses. A packet to one of them is handed from the host to itself and never becomes a frame; \
              a packet from one of them cannot be answered, because whoever answers sends to itself. So such a frame comes from a program that \
              writes its packets itself, from a wrong rule of address translation, or from somebody who hides who he is.\n\n\
              A capture of the loopback interface itself shows these addresses too, with link addresses that are all zeros: there they are in \
              place, and nothing is said. Nor is it inside of tunnels, where tests of MPLS and BFD use 127.0.0.0/8 on purpose.",
        worked: "127.0.0.1 is in 127.0.0.0/8, for its first 8 bits are those of the block:\n\n    \
                 01111111|00000000 00000000 00000001   127.0.0.1\n    \
                 01111111|00000000 00000000 00000000   127.0.0.0/8",
        advice: "The link address of the frame's sender says which host it is. Look there for programs that make packets of their own, and for \
                 rules that translate addresses. A router should drop such packets (RFC 1812 5.3.7).",
    },
    Lesson {
        rule: "address.private",
        title: "A private address",
        seen: "A packet comes from or goes to 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
        why: "There are not enough IPv4 addresses for all hosts. So three blocks may be used by anybody, in any number of networks: at home, \
              in companies, between containers. Such an address says who is meant only within its own network, as a room number only within \
              its building. The internet has no route to it.\n\n\
              Who wants to go out from there has its address translated on the way: the router puts its own public address in place of the \
              private one (NAT), remembers who asked, and turns it round for the answer.",
        worked: "172.20.1.2 is private, 172.32.1.2 is not: the block's first 12 bits decide.\n\n    \
                 10101100 0001|0100 00000001 00000010   172.20.1.2\n    \
                 10101100 0001|0000 00000000 00000000   172.16.0.0/12\n    \
                 10101100 0010|0000 00000001 00000010   172.32.1.2",
        advice: "Nothing is wrong with it. To see what such a host is called outside, look for address.translated in a capture from outside \
                 the router. Who joins two private networks should see first that they do not use the same addresses: the routes of one \
                 would hide the other.",
    },
    Lesson {
        rule: "address.link-local",
        title: "A link-local address",
        seen: "A packet comes from or goes to 169.254.0.0/16 or fe80::/10.",
        why: "Such an address is good on one link (one cable, one wireless network) alone: no router forwards a packet that carries it.\n\n\
              Every interface of IPv6 gives itself one, and talks to its neighbours and routers with it. A host of IPv4 gives itself one only \
              where nobody else does: it asked DHCP for an address and got no answer. So on IPv6 it is the rule, and on IPv4 often a sign \
              that DHCP does not work.",
        worked: "The first bits are the block's, the others the host's own:\n\n    \
                 169.254.23.7   10101001 11111110 | 00010111 00000111   16 bits, and 16 drawn by lot\n    \
                 fe80::1        1111 1110 10 | 00 .. 0001               10 bits, 54 of zero, and 64 of the interface",
        advice: "Where 169.254.x.x is a surprise, look whether the host's DHCP requests leave it and whether answers come back (filter: dhcp).",
    },
    Lesson {
        rule: "address.shared",
        title: "A shared address, between a provider and its customers",
        seen: "A packet comes from or goes to 100.64.0.0/10.",
        why: "A provider that has too few public addresses gives its customers' routers addresses of this block, and translates for all of them \
              together (carrier-grade NAT). It is a block of its own, so that it does not collide with the private addresses that customers use \
              behind their routers. Nobody on the internet can open a connection to such an address. Some VPNs use the block too.",
        worked: "The block is 100.64.0.0 to 100.127.255.255: its first 10 bits decide.\n\n    \
                 01100100 01|100101 00000001 00000010   100.101.1.2\n    \
                 01100100 01|000000 00000000 00000000   100.64.0.0/10",
        advice: "Whoever wants to be reached from outside needs another address of the provider, or IPv6, which is not translated. In a \
                 network of one's own use the private blocks and leave this one to providers.",
    },
    Lesson {
        rule: "address.documentation",
        title: "An address for examples",
        seen: "A packet comes from or goes to 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32 or 3fff::/20.",
        why: "These blocks are for examples in books and manuals: nobody has them on the internet, so that nobody is harmed who copies an example. \
              In a laboratory, or in a capture that was made to be shown, they are in place. In a network that is in use they are mostly an \
              example that was typed in and never changed.",
        worked: "Three blocks of 24 bits and two of IPv6, with how many addresses each has:\n\n    \
                 192.0.2.0/24      2^8 = 256\n    \
                 198.51.100.0/24   256\n    \
                 203.0.113.0/24    256\n    \
                 2001:db8::/32     2^96\n    \
                 3fff::/20         2^108",
        advice: "In a network that is in use: look for the address in the host's configuration and put the right one there.",
    },
    Lesson {
        rule: "address.unique-local",
        title: "A unique local address",
        seen: "A packet comes from or goes to fc00::/7; in practice it begins with fd.",
        why: "It is the private address of IPv6: good within the networks of an organization, and the internet has no route to it. Its first 48 bits \
              hold 40 that were drawn by lot, so that two organizations that join their networks have the same ones only by great ill luck: \
              that is what unique means here. A host often has a global address beside it, and takes that one to go outside.",
        worked: "fd12:3456:789a:1::7: the block fc00::/7, a 1 for \"drawn by lot\", the lot 12:3456:789a, the subnet 1, the interface ::7.",
        advice: "Nothing is wrong with it. Whoever sets up such a network draws the 40 bits by lot (RFC 4193 3.2.2) and does not take \
                 zeros, which others take too. Where a host has only such an address and cannot go outside, it lacks a global one: see what \
                 the router advertises.",
    },
    Lesson {
        rule: "address.unspecified",
        title: "No address yet",
        seen: "A packet comes from 0.0.0.0 or ::.",
        why: "A host that has no address yet must say something all the same: it asks DHCP for one, or asks whether anybody has the one that it wants \
              to take (duplicate address detection). All zeros stands for none in such packets. Nothing can be sent to it.\n\n\
              In lists of sockets the same zeros mean something else: a program that listens on 0.0.0.0 or :: takes what comes for any address \
              of its host.",
        worked: "The first message to DHCP, of a host that knows nothing yet:\n\n    \
                 source        0.0.0.0           no address\n    \
                 destination   255.255.255.255   everybody on this link\n    \
                 ports         68 > 67           client to server\n    \
                 inside        its hardware address: by that the answer finds it",
        advice: "Nothing, where the host has an address soon after. Where it goes on asking, look for the answers: does a DHCP server offer \
                 something (wirelore read FILE dhcp)? Where packets other than these have no source, the program that sends them builds \
                 them itself, and wrongly.",
    },
    Lesson {
        rule: "address.global",
        title: "A global address",
        seen: "A packet comes from or goes to an address that no block of the special-purpose registries holds (of IPv6, in 2000::/3).",
        why: "It was given to one organization in the world by its registry, and means the same host wherever it is asked for. Whether there is a \
              route to it, and whether a firewall lets anything through, is another question.\n\n\
              Some anycast addresses are one address of many hosts on purpose: the nearest answers.",
        worked: "Of IPv6 the first three bits say it:\n\n    \
                 2001:4860::   001|0 0000 0000 0001   2000::/3, given out by the registries\n    \
                 fd00::        111|1 1101 0000 0000   not: a unique local address\n\n\
                 Of IPv4 it is what remains when all rows of the special-purpose registry are taken away.",
        advice: "Whose it is, a whois service says (`whois ADDRESS`). wirelore asks nobody.",
    },
    Lesson {
        rule: "address.multicast",
        title: "A group, and the link address it is sent to",
        seen: "A packet goes to 224.0.0.0/4 or ff00::/8.",
        why: "Such an address is not one host's but a group's: it gets to all hosts that listen to it. Switches and cards do not know groups of IP, they \
              know link addresses. So the group's last bits are put behind a fixed beginning, and the frame is sent to that: 01:00:5e and 23 bits \
              for IPv4, 33:33 and 32 bits for IPv6.\n\n\
              An IPv4 group has 28 bits of its own and 23 of them fit, so 32 groups share each link address. A host that listens to one gets \
              the frames of the other 31 too, and throws them away when it looks at the packet.",
        worked: "224.0.0.251 goes to 01:00:5e:00:00:fb, and so does 239.128.0.251:\n\n    \
                 1110 00000|0000000 00000000 11111011   224.0.0.251\n    \
                 1110 11111|0000000 00000000 11111011   239.128.0.251: the five bits that differ are lost\n\n    \
                 ff02::1:ff28:9c5a goes to 33:33:ff:28:9c:5a",
        advice: "Nothing, where the group is one that the network uses. To see who listens, look for membership reports (IGMP, MLD). Where \
                 the group floods a whole wireless network, let the switch or the access point look into these reports (snooping) and send \
                 it to those alone who asked.",
    },
    Lesson {
        rule: "address.multicast-mapping",
        title: "A group's packet in another group's frame",
        seen: "A packet is for a group, and its frame goes to a link address of groups (01:00:5e.. or 33:33..) that is not that group's.",
        why: "Cards let only those frames in that somebody on the host listens for, and switches that watch who listens pass them on only there. A frame \
              with the wrong link address gets to the wrong hosts and not to the right ones. A frame to one station, or to all of them, is \
              another matter: wireless networks and old cards send groups' packets so, and nothing is said.",
        worked: "The last 23 bits of the group and of the link address must be the same:\n\n    \
                 224.0.0.5     0|0000000 00000000 00000101\n    \
                 01:00:5e:00:00:05  0000000 00000000 00000101",
        advice: "Look at the program or device that made the frame: something there works the link address out wrongly, or a proxy changed the \
                 destination of the packet and not of the frame.",
    },
    Lesson {
        rule: "address.broadcast-limited",
        title: "Everybody on this link",
        seen: "A packet goes to 255.255.255.255.",
        why: "All 32 bits are ones: every host of the link is meant, whatever its address. A host that does not know its network yet (it asks DHCP) has \
              no other way to reach anybody. No router forwards it. IPv6 has no broadcast and uses groups instead.",
        worked: "    255.255.255.255   11111111 11111111 11111111 11111111   no mask is needed\n    \
                 192.168.1.255     11000000 10101000 00000001 11111111   everybody in 192.168.1.0/24 alone\n\n\
                 On an Ethernet both go to ff:ff:ff:ff:ff:ff, 48 ones.",
        advice: "Nothing, for DHCP and for programs that look for devices. Where one host sends many such frames a second, every card of \
                 the link has to look at them: find the program (ss -up on that host). A host that is to be found across a router needs a \
                 relay, or its name.",
    },
    Lesson {
        rule: "address.broadcast-directed",
        title: "Everybody in a subnet",
        seen: "A packet goes to the last address of a subnet, whose host bits are all ones.",
        why: "Every subnet of IPv4 with room for it has an address for all of its hosts. Printers, name services of old and games look around with it. On \
              the subnet itself it becomes a frame to all stations; from elsewhere routers do not pass it on unless they are told to (RFC 2644), \
              because it was used to flood networks with answers.\n\n\
              Which address it is depends on the mask: 192.168.1.127 is everybody in 192.168.1.0/25, and one host in 192.168.1.0/24.",
        worked: "The last address of 192.168.1.0/24:\n\n    \
                 11000000 10101000 00000001|00000000   192.168.1.0, the network\n    \
                 11000000 10101000 00000001|11111111   192.168.1.255, every host bit a one",
        advice: "Nothing, from a host of that subnet. Where it comes from another network, see whether a router lets it through (Cisco: no \
                 ip directed-broadcast; Linux: net.ipv4.conf.all.bc_forwarding = 0), for it can be used to multiply an attack.",
    },
    Lesson {
        rule: "address.ipv4-mapped",
        title: "An IPv4 address in the clothes of IPv6",
        seen: "A packet of IPv6 comes from or goes to ::ffff:0:0/96.",
        why: "A program that speaks only IPv6 still has to show and take IPv4 addresses: it is given them as ::ffff:192.0.2.1. The packets that it then \
              sends are of IPv4. On a cable such an address is not meant to stand: most hosts drop it, because it can be used to get around \
              rules that were written for IPv4. Translators of an old kind sent them all the same (RFC 2765).",
        worked: "The last 32 bits are the IPv4 address:\n\n    \
                 0000:0000:0000:0000:0000:ffff|c000:0201   c0 00 02 01 is 192.0.2.1",
        advice: "Unless a translator of that kind is at work: find what sends it by the link address, and drop such packets at the border.",
    },
    Lesson {
        rule: "address.nat64",
        title: "An IPv4 host behind a translator",
        seen: "A packet of IPv6 comes from or goes to 64:ff9b::/96, or a part of 64:ff9b:1::/48.",
        why: "A host that has IPv6 alone still has to reach servers that have IPv4 alone. Its name server makes an IPv6 address of the server's IPv4 \
              address, by putting a prefix before it (DNS64), and a router that is known by that prefix translates every packet (NAT64). So what \
              looks like a host of IPv6 is a host of IPv4, and its answers come from the translator.",
        worked: "The last 32 bits are the IPv4 address:\n\n    \
                 0064:ff9b:0000:0000:0000:0000|c000:0221   c0 00 02 21 is 192.0.2.33",
        advice: "Nothing is wrong. Where a program fails with such an address and works with names, it holds an IPv4 address that it was \
                 given as a number: the client's system needs a translator of its own then (464XLAT). To see the IPv4 host meant: wirelore \
                 explain ADDRESS.",
    },
    Lesson {
        rule: "address.6to4",
        title: "IPv6 carried to a router of IPv4",
        seen: "A packet of IPv6 comes from or goes to 2002::/16.",
        why: "A site that gets no IPv6 from its provider made itself addresses from the IPv4 address of its router: 2002, those 32 bits, and 16 for its \
              subnets. Whoever sends there puts the packet of IPv6 into one of IPv4 to that router (IP protocol 41). It worked badly where \
              firewalls drop protocol 41, and the relays that led back to the rest of IPv6 were given up in 2015 (RFC 7526).",
        worked: "Bits 17 to 48 are the IPv4 address of the router:\n\n    \
                 2002:c000:0204:0007:..   c0 00 02 04 is 192.0.2.4, 0007 its subnet",
        advice: "Where it still appears it is mostly an old router's default: give the site IPv6 of its provider, or turn 6to4 off.",
    },
    Lesson {
        rule: "address.teredo",
        title: "IPv6 carried in UDP, through an address translator",
        seen: "A packet of IPv6 comes from or goes to 2001::/32.",
        why: "A host behind a translator of IPv4 addresses cannot be reached by protocol 41. Teredo puts its packets of IPv6 into UDP, and makes the host's \
              address of what is needed to get through: the server that it asked, and the address and port that its translator uses for it. The \
              last two stand there with every bit turned over, lest a translator on the way that looks for its own address replace them.",
        worked: "2001:0000:4136:e378:8000:63bf:3fff:fdd2\n\n    \
                 4136e378   65.54.227.120, the server\n    \
                 63bf       turned over 9c40, port 40000\n    \
                 3ffffdd2   turned over c000022d, 192.0.2.45, the translator",
        advice: "It is hardly in use any more, and its servers are mostly switched off. Where a network has IPv6 of its own, switch it off \
                 (on Windows: netsh interface teredo set state disabled). A firewall that looks into UDP only by its port does not see what \
                 is inside.",
    },
    Lesson {
        rule: "address.martian",
        title: "An address that cannot stand where it stands",
        seen: "A packet comes from a group or from everybody (224.0.0.0/4, 255.255.255.255, ff00::/8), goes to no address (0.0.0.0, ::), has an \
               address of a network without a number (0.0.0.1 to 0.255.255.255), or is on a cable though it is for a group of the host alone \
               (ff01::/16).",
        why: "A source says who sent the packet and where an answer goes. A group or everybody sends nothing, and an answer to it would go to many who \
              never asked: that is how some attacks multiply their traffic. No address, all zeros, can only be the source of a host that has \
              none yet. Hosts and routers drop such packets without an answer (RFC 1122 3.2.1.3, RFC 1812 5.3.7); their makers call them martian.",
        worked: "    source 224.0.0.5         1110 0000 ..   the first four bits are 1110: a group, and no sender\n    \
                 source 255.255.255.255   1111 1111 ..   everybody: an answer would go to all\n    \
                 destination 0.0.0.0      0000 0000 ..   nobody",
        advice: "The link address of the frame's sender says which host, or by which router, it came. Filter such sources where they come in (RFC 2827).",
    },
    Lesson {
        rule: "address.out-of-place",
        title: "An address without a meaning where it stands",
        seen: "An address is reserved (240.0.0.0/4), site-local (fec0::/10) or for what shall be thrown away (100::/64); a link-local one sends to \
               the internet; one of 6to4 or of 64:ff9b::/96 holds an IPv4 address that the internet has no route to; or a packet on a cable goes \
               to its own sender.",
        why: "Packets with such addresses can be sent and captured, but nobody outside can answer them. Often an administrator has taken a block \
              that seemed free, a translator or a tunnel was given a private address, or a host has no other address because DHCP did not answer. \
              A packet that is to its own sender was made up (an old attack), or a router that translates sent it back.",
        worked: "    2002:c0a8:101::1    the bits 17 to 48, c0a8:0101, are 192.168.1.1: private\n    64:ff9b::c0a8:101   the last 32 bits are the same\n    \
                 240.1.1.1           11110000 ..: the first four bits are 1111, as all of 240.0.0.0/4",
        advice: "Where it comes from within, give the host an address of its network. Where it comes from outside, filter it there (RFC 2827).",
    },
    Lesson {
        rule: "address.translated",
        title: "A router puts its own address into packets (NAT)",
        seen: "A packet that opens a connection is in the capture twice: with the same first sequence number, destination and port, but the second time \
               from another address, and with fewer hops left.",
        why: "Private addresses mean nothing outside of their own network. A router that stands between writes an address of its own into what leaves, and \
              often another port, and remembers the pair. What comes back to that address and port it changes back and passes on. So a whole home \
              is one address to the rest of the world, and nobody can begin a connection into it: there is no pair for that yet.\n\n\
              It is inferred: the first sequence number of a connection is chosen at random from 2^32, so that two packets with the same are one \
              packet, before and behind the router.",
        worked: "    inside    192.168.1.11:43210 > 10.130.1.4:80   sequence 1191629559   TTL 64\n    \
                 outside   10.25.1.65:43210   > 10.130.1.4:80   sequence 1191629559   TTL 63\n\n\
                 Source, TTL and checksums differ, and nothing else.",
        advice: "To find who is behind such an address, capture inside, or ask the router for its table (conntrack -L).",
    },
    Lesson {
        rule: "address.private-outside",
        title: "A private address that came from outside",
        seen: "On a link where every neighbour has a public address, packets from a private address came through a router with a public one, for a public \
               address of this link, and nothing ever went back.",
        why: "A private address means something in its own network alone. When its packets leave that network, the router must put a public address in its \
              place; where it forgets to, they go out with the private one, and whoever gets them has no way to answer: its own network may have \
              the same address, and the internet has no route to it. The other explanation is that somebody made the address up.\n\n\
              It is inferred: that the link is public, from the addresses of those who are on it; that the packet was routed, from its TTL, which \
              is none that hosts begin with; and that nothing went back, from what was captured. Errors that routers report (ICMP) are passed \
              over: they may come from whatever address the router has.",
        worked: "    10.0.3.7     0000 1010 | ..             the first 8 bits are 10: private\n    \
                 source      10.0.3.7, 63 hops left      it has passed a router\n    \
                 answer to   10.0.3.7                    which of the thousands of networks that have this address?",
        advice: "Look at the rule that translates addresses (masquerade, source NAT) on the router that is named: does it hold for this network and this \
                 interface? Drop private sources where they come in from outside (RFC 2827).",
    },
];
