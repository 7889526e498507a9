//! Lessons on routes: which way a packet goes, and why.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "route.itself",
        title: "The packet stays in its machine",
        seen: "A packet on the loopback interface, which leads back to the machine itself.",
        why: "A host has three rules for a packet. The first: if the receiver's address is one of its own, or a loopback address (127.0.0.1 and all \
              others of 127.0.0.0/8, ::1), the packet goes back up inside the machine. No card sees it, no cable carries it, nobody is asked for a \
              hardware address; where a capture shows one, it is all zeros.\n\n\
              The other two rules are route.direct and route.gateway.",
        worked: "Also a packet to the address of its own Ethernet card takes this way:\n    \
                 ip route get 192.168.1.11   on 192.168.1.11 says: local, dev lo",
        advice: "Capture on the loopback interface (dumpcap -i lo) to see it; on the Ethernet card it never appears.",
    },
    Lesson {
        rule: "route.direct",
        title: "The packet goes straight to its receiver",
        seen: "The frame's receiver is the hardware address of the very host that the packet is for.",
        why: "The second rule: if the receiver's address is in the sender's own subnet (see subnet.same), it is on the same link. The sender asks for \
              its hardware address (with ARP, or with IPv6 by neighbour discovery), remembers the answer, and sends the frame straight there. \
              Hardware address and IP address name the same machine, and no router has to do with it.",
        worked: "    frame   to 02:00:c0:a8:01:0c   h2's card\n    packet  to 192.168.1.12        h2",
        advice: "Nothing is wrong. Where a host does so with an address that is elsewhere, its mask is too short: see subnet.masks-disagree \
                 and wirelore explain ADDRESS.",
    },
    Lesson {
        rule: "route.gateway",
        title: "The packet goes to the gateway",
        seen: "The frame's receiver is the hardware address of a router, and the packet in it is for an address elsewhere.",
        why: "The third rule: if the receiver is not in the sender's subnet (see subnet.other), nobody on the link could tell its hardware address. The \
              sender looks into its table of routes for the gateway that leads there, mostly the default gateway, asks for the gateway's hardware \
              address, and sends the frame to that. The packet inside is not changed: it still names the receiver far away. The gateway takes the \
              packet out of its frame, follows the same three rules, and sends it on in a new frame. So hardware addresses change on every link, \
              and IP addresses stay.\n\n\
              Of several routes that match the one with the longest prefix wins; the default route has length 0 and matches everything.\n\n\
              Where nothing in the capture tells the mask, wirelore takes the usual one and says so: with any mask that fits what the hosts \
              do the packet would go the same way. A file that `wirelore host` printed on the sender (--host FILE) tells it.",
        worked: "    192.168.1.0/24   11000000 10101000 00000001 | ........\n    \
                 10.130.1.4       00001010 10000010 00000001 | 00000100   the first 24 bits differ\n\n    \
                 frame   to 02:00:c0:a8:01:01   the gateway's card\n    packet  to 10.130.1.4          the receiver",
        advice: "To see which route a machine takes: ip route get 10.130.1.4, or wirelore explain 10.130.1.4.",
    },
    Lesson {
        rule: "route.gateway-recognized",
        title: "A router is recognized",
        seen: "A DHCP server or a router advertisement names the gateway, or packets of several addresses come from one hardware address with fewer \
               hops left than senders begin with.",
        why: "Hosts learn their gateway in these ways, so the capture shows it too. Where it shows none of them the packets do: a router puts its \
              own hardware address on what it passes on, and takes one off the hop limit (the TTL) of each. A card that sends packets of \
              many addresses, none with a limit that senders begin with (64, 128, 255), is a router's.",
        worked: "    57 hops left: 64 - 57 = 7 routers were passed\n    64 hops left: none was",
        advice: "Nothing. Where a card is told to be a gateway that should be none, somebody set it up to forward packets, or it puts \
                 itself between others: see subnet.arp-spoofing.",
    },
    Lesson {
        rule: "route.asymmetric",
        title: "There and back are two ways",
        seen: "Packets to a host elsewhere go to one hardware address, and its packets come from another.",
        why: "Each router decides for itself and for each direction, so a packet and its answer need not take the same way. With two routers on a link it \
              is common and allowed. It matters where something on the way must see both directions: a firewall that knows connections, or \
              a router that translates addresses, drops what it saw no beginning of.\n\n\
              It is inferred from the hardware addresses. Routers that share one hardware address (VRRP, HSRP) are left out: they send with their \
              own and are sent to by the shared one.",
        worked: "    there   192.168.1.11 > 02:..:01 (192.168.1.1)   SYN\n    \
                 back    02:..:02 (192.168.1.2) > 192.168.1.11   SYN/ACK\n\n\
                 A firewall on 192.168.1.1 sees the SYN and never the answer.",
        advice: "If connections hang that go this way, look for a firewall on one of the two ways. Otherwise nothing needs to be done.",
    },
    Lesson {
        rule: "route.gateway-changed",
        title: "Packets go to another gateway than before",
        seen: "A host's packets for a receiver elsewhere go to another hardware address than earlier in the capture, and no redirect told it so.",
        why: "The gateway's card was replaced, a second router took its address over when it failed, or somebody gave the host another route. All of \
              that is ordinary.\n\n\
              It is also what an attack looks like that puts a machine between a host and its gateway: it tells the host by ARP, unasked and \
              again and again, that the gateway's address has its own hardware address (ARP poisoning), reads everything, and passes it on.",
        worked: "    frame 10   to 10.130.1.4 by 02:00:c0:a8:01:01\n    \
                 frame 50   to 10.130.1.4 by 02:00:c0:a8:01:42   the same receiver, another card\n\n\
                 The IP header is the same in both: only the frame's receiver tells.",
        advice: "Look at the ARP frames right before: subnet.address-moved names who announced the address. If nobody should have moved, find the new \
                 hardware address at the switch.",
    },
    Lesson {
        rule: "route.redirect",
        title: "A gateway tells a shorter way",
        seen: "A router sends an ICMP redirect: for this receiver use another gateway on the same link, or send straight.",
        why: "The router noticed that it has to send the packet on over the link on which it came. The sender could have reached the next router \
              itself. The router passes the packet on all the same, and tells the sender, so that the following ones are spared the detour.\n\n\
              Redirects can be forged to draw traffic away, so many systems ignore them.",
        worked: "    frame 3   h1 > gateway 1        for 10.130.1.4\n    \
                 frame 4   gateway 1 > h1        redirect (type 5, code 1): for 10.130.1.4 use gateway 2\n    \
                 frame 5   gateway 1 > gateway 2 the packet itself, over the same cable once more",
        advice: "If many come, give the hosts a better route, or send them to the right gateway at once. Whether Linux takes them: \
                 sysctl net.ipv4.conf.all.accept_redirects.",
    },
    Lesson {
        rule: "route.redirect-followed",
        title: "The host takes the shorter way",
        seen: "After a redirect the host's packets for that receiver go to the hardware address of the gateway that it was told.",
        why: "The host has put a route for this one receiver into its table. It is forgotten after some time, or when the new gateway fails.",
        worked: "    before   default via 192.168.1.1                 0 bits fit 10.130.1.4\n    \
                 after    10.130.1.4/32 via 192.168.1.2           32 bits fit: the longer prefix wins\n             \
                 default via 192.168.1.1",
        advice: "Nothing: the detour is over. To have it last, give the host the route itself (ip route add 10.130.0.0/16 via 192.168.1.2), \
                 or let DHCP do it (option 121).",
    },
    Lesson {
        rule: "route.redirect-ignored",
        title: "The host goes on as before",
        seen: "A second or more after a redirect, and with the third packet at least, what the host sends to that receiver still goes to the hardware \
               address of the router that told it a shorter way.",
        why: "Most often the host is set up so, and with good reason: whoever can send a host a redirect can draw its traffic to himself, so that guides \
              to safe systems tell to switch them off. A host that is a router itself goes by its own routes alone.\n\n\
              A host also has to ignore a redirect that does not come from the gateway that it uses, or that names a gateway on another network; \
              with IPv6 it must come from the router's link-local address, with a hop limit of 255. And a firewall may drop it before the \
              host sees it.\n\n\
              Nothing is lost: the router passes each packet on, over the link on which it came. That is inferred to be the host's choice, \
              because some time has passed.",
        worked: "    0.000 s   redirect: for 10.130.1.4 use 192.168.1.2\n    \
                 1.293 s   to 10.130.1.4 by the card of 192.168.1.1, as before\n\n\
                 Each such packet crosses the link twice.",
        advice: "If the detour matters, give the host a route: ip route add 10.130.1.0/24 via 192.168.1.1. Whether Linux takes redirects: \
                 sysctl net.ipv4.conf.all.accept_redirects, and .secure_redirects, which takes only those that name a gateway that it has.",
    },
    Lesson {
        rule: "route.asks-beyond",
        title: "A host asks its link for an address that is not on it",
        seen: "A host asks with ARP for an address outside of the subnet that a DHCP server gave it.",
        why: "For such an address it should have sent the packet to its gateway. Either it does not use the mask that it was given (set by hand, too \
              short), or it has no gateway and takes the whole world for its link. Only a router with proxy ARP (see subnet.proxy-arp) would answer.\n\n\
              It is inferred: a host may have a second address whose subnet the other one is in.",
        worked: "    192.168.1.11   given with 24 bits: 192.168.1.0/24\n    192.168.2.20   first 22 bits equal, 24 would have to be",
        advice: "Compare the mask that the host uses (ip addr) with the one it was given, and see whether it has a default route (ip route).",
    },
];
