//! Lessons on packet sizes: what fits, what was cut, and what vanished because it did not fit.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "mtu.df",
        title: "The sender forbids routers to cut its packets",
        seen: "The bit DF (don't fragment) is set in the IPv4 header.",
        why: "Every link takes packets up to some size, its MTU (maximum transmission unit): 1500 bytes on an Ethernet. A router whose next link \
              takes less may cut a packet in two, which is slow and fragile. So TCP sets DF in nearly all its packets: the router drops one that \
              is too big and sends an ICMP message that says what fits. The sender makes its segments smaller, and after a few such messages \
              knows the smallest MTU of the whole path. This is path MTU discovery. IPv6 has no such bit: there no router ever cuts.",
        worked: "The bit is in the byte after the identification:\n\n    010x xxxx   DF is set: 0x40\n    \
                 001x xxxx   MF is set: 0x20, more fragments follow",
        advice: "Nothing is wrong: it is as it should be. It needs ICMP type 3 code 4 to come back to the sender: a firewall must let that \
                 pass, or large packets vanish without a word (mtu.black-hole).",
    },
    Lesson {
        rule: "mtu.mss",
        title: "What a SYN says of its sender's link",
        seen: "The first segment of each side carries the option MSS, maximum segment size.",
        why: "Each side says how much payload it wants in one segment: what its own link takes, less the headers of IP and TCP (without options, \
              which come out of the payload). Neither knows the links in between: for those there is path MTU discovery.",
        worked: "An Ethernet:\n\n    IPv4: 1500 - 20 (IP) - 20 (TCP) = 1460\n    IPv6: 1500 - 40 (IP) - 20 (TCP) = 1440\n\n\
                 With the timestamps that are in each segment (12 bytes) 1448 and 1428 are left.\n\n\
                 Jumbo frames: 9000 - 40 = 8960. On the loopback interface of Linux: 65,535 - 40 = 65,495.",
        advice: "All hosts of one LAN must agree on jumbo frames: a switch that does not know them drops them without a word.",
    },
    Lesson {
        rule: "mtu.mss-small",
        title: "A SYN says less than an Ethernet takes",
        seen: "The option MSS of a SYN is below 1460 (IPv4) or 1440 (IPv6). Where a router of the link has advertised just that MTU before, it is named as \
               the cause.",
        why: "Either the sender's own link takes less than an Ethernet (its card is set so, or a router advertises it, RFC 4861 4.6.4). Or a router on \
              the way knows that one of its links does and has written a smaller number into the SYN. That is called MSS clamping, and saves TCP \
              from depending on ICMP messages that a firewall may drop. Or the sender remembers that an ICMP message told it what the way to \
              this address takes: Linux then announces no more than that, for ten minutes (ip route get ADDRESS shows it). From the number one \
              can often tell what the link is.",
        worked: "    MSS 1452 + 40 = 1492   PPPoE (DSL): 1500 - 8\n    MSS 1440 + 40 = 1480   IP in IP, 6in4: 1500 - 20\n    \
                 MSS 1436 + 40 = 1476   GRE: 1500 - 24\n    MSS 1410 + 40 = 1450   VXLAN: 1500 - 50\n    \
                 MSS 1380 + 40 = 1420   WireGuard: 1500 - 80\n    MSS 1220 + 60 = 1280   the least of IPv6",
        advice: "Nothing, where you know the link (DSL, a tunnel, a VPN). Otherwise find out which it is: ping with DF and growing sizes \
                 shows the largest that passes (ping -M do -s 1464 HOST, then more).",
    },
    Lesson {
        rule: "mtu.mss-clamped",
        title: "A router wrote a smaller MSS into a SYN",
        seen: "The same SYN is captured twice, with two values of its option MSS.",
        why: "The router knows that its next link takes less, and changes what the two ends agree on. No segment will be too big for that link, \
              so nobody needs to be told by ICMP. It helps TCP alone: UDP has no such option.",
        worked: "    SYN before the router   MSS 1460   1460 + 40 = 1500\n    \
                 SYN behind it           MSS 1452   1452 + 40 = 1492: what PPPoE leaves of 1500\n\n\
                 The checksum of TCP was changed with it.",
        advice: "Nothing: it is done on purpose (nftables: tcp option maxseg size set rt mtu). For UDP and tunnels it does not help: let \
                 ICMP pass as well.",
    },
    Lesson {
        rule: "mtu.tunnel",
        title: "A tunnel takes some bytes of each packet",
        seen: "A packet stands inside of another one: its headers come after those of the outer packet.",
        why: "What carries a packet through a tunnel puts headers of its own in front. The outer packet must fit into the link, so the inner one \
              has to be smaller. If nobody tells the sender (by the MTU of the tunnel's interface, by ICMP, or by clamping the MSS), its full-sized \
              packets do not fit.",
        worked: "    PPPoE          8 (6 + 2 PPP)           1492 left\n    IP in IP, 6in4 20 (outer IPv4)         1480 left\n    \
                 GRE            24 (20 + 4)             1476 left\n    VXLAN          50 (20 + 8 + 8 + 14)    1450 left\n    \
                 WireGuard      60, over IPv6 80        1420 left (1500 - 80, its default)\n    IPsec ESP      50 to 75, by its ciphers",
        advice: "Set the MTU of the tunnel's interface to what is left, and clamp the MSS there.",
    },
    Lesson {
        rule: "mtu.cut",
        title: "A packet was cut into fragments",
        seen: "Fragments with one identification, which together are one packet. The note says how long each is.",
        why: "The packet was larger than a link takes. With IPv4 the sender cuts what its program gave it, or a router does where the next link takes \
              less and DF is not set; with IPv6 only senders cut. Every fragment has an IP header, and its payload is a multiple of 8 bytes, but for \
              the last. Who cut is seen where the capture has the packet whole as well; else it is inferred: fragments with a time to live of \
              64, 128 or 255 have passed no router, and fragments that differ in size, but for the last, were cut twice.",
        worked: "3528 bytes on an Ethernet of 1500:\n\n    3528 - 20 (header) = 3508 bytes to send\n    1500 - 20 = 1480 in a fragment \
                 (185 x 8)\n    3508 = 1480 + 1480 + 548\n    fragments of 1500, 1500 and 568 bytes, at 0, 1480 and 2960",
        advice: "One lost fragment loses all of it. A program that uses UDP does well to send no more than fits: 1232 bytes are safe nearly everywhere.",
    },
    Lesson {
        rule: "mtu.too-big",
        title: "A router says that a packet is too big",
        seen: "An ICMP message, fragmentation needed (type 3 code 4), or with IPv6 packet too big (type 2). It quotes the packet and says what \
               the next link takes. Where it quotes a packet that would fit, the note doubts it.",
        why: "The packet must not be cut (DF, or IPv6) and does not fit, so the router dropped it. This is how path MTU discovery works and no \
              fault: the sender is to send the same again in smaller packets.",
        worked: "    the packet     1500 bytes\n    the next link  1400 bytes\n    segments then  1400 - 20 (IP) - 32 (TCP with timestamps) = 1348",
        advice: "Nothing. Never drop these messages in a firewall.",
    },
    Lesson {
        rule: "mtu.learned",
        title: "The sender has learned what fits, and obeys",
        seen: "After the message that a packet was too big the sender's packets are as large as the message says, and no larger.",
        why: "The system keeps the path MTU for the destination (Linux for ten minutes: ip route get shows it) and cuts its segments to it.",
        worked: "    sent       1500 bytes, DF\n    \
                 message    fits: 1400\n    \
                 sent       1400 bytes = 20 IP + 20 TCP + 1360 of payload, where it was 1460 before",
        advice: "Nothing: this is how it is meant. Where every new connection loses time with it, clamp the MSS on the router before the \
                 narrow link (mtu.mss-clamped).",
    },
    Lesson {
        rule: "mtu.ignored",
        title: "The sender is told what fits and goes on as before",
        seen: "The message that a packet is too big is in the capture, and the sender repeats the same packet, as large, several times.",
        why: "The message did not reach the system that should read it: between the point of capture and the sender a firewall drops ICMP, or its own \
              does, or an address translator did not find whose it is. For the connection it is a path-MTU black hole (mtu.black-hole).",
        worked: "    1500 bytes > message: 1400 fit\n    \
                 1500 bytes > message: 1400 fit     0.2 s later\n    \
                 1500 bytes > message: 1400 fit     0.4 s later: the same size, so it was not heard",
        advice: "Let ICMP type 3 code 4 (ICMPv6 type 2) pass to the sender.",
    },
    Lesson {
        rule: "mtu.black-hole",
        title: "Large packets vanish and nobody says so: a path-MTU black hole",
        seen: "Small packets arrive: the connection opens, short requests and answers work. Every full-sized one that must not be cut is sent \
               again and again, with waits that double, and no ICMP message comes. Seen from the receiver: the end of an answer is there, what \
               should stand before it never comes, though the sender still is there.\n\n\
               It is inferred. Against it speak: any packet of that size that arrives, a small one that is lost too, a receiver that takes no \
               more. Then nothing is told.",
        why: "A link on the way takes less than the sender thinks. The router in front of it drops the packet and sends the message of how much \
              fits, but a firewall drops that message, or the router sends none, or what is in the way is no router at all (a tunnel or a switch, which \
              cannot send ICMP). Where both ends are on one link it is another thing: see mtu.mismatch. The sender believes in a lost packet and repeats it as it was: it will never fit.",
        worked: "Sent, and repeated after\n\n    0.2 s, 0.4 s, 0.8 s, 1.7 s ..   always 1500 bytes\n\n\
                 What fits lies between the largest that passed and the smallest that did not. Test it:\n\n    \
                 ping -M do -s 1472 HOST   1472 + 8 (ICMP) + 20 (IP) = 1500\n    ping -M do -s 1372 HOST   = 1400",
        advice: "Let ICMP type 3 code 4 (ICMPv6 type 2) pass in every firewall on the way.\n\n\
                 Or clamp the MSS on the router in front of the narrow link:\n\n    \
                 nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu\n\n\
                 Or give the sender's interface or route a smaller MTU: ip route .. mtu 1400.\n\n\
                 Or let senders find out by themselves: sysctl net.ipv4.tcp_mtu_probing=1.",
    },
    Lesson {
        rule: "mtu.black-hole-possible",
        title: "Large packets get no answer, and then nothing more is heard",
        seen: "The connection opened, or small packets were acknowledged. Then a full-sized segment that must not be cut was sent again three times \
               or more, with waits that double, and nothing that was sent behind it is smaller. Seen from the receiver: after a while without data \
               a packet comes whose sequence number is behind bytes that never came, and no full segment ever did.\n\n\
               It is inferred, and it is one of two: nothing in the capture shows that small packets still arrived.",
        why: "Either a link on the way takes less than the sender thinks and the message that says so is lost (mtu.black-hole), or the other side, or \
              the way to it, broke down just then. Who captures sees the same in both cases.",
        worked: "    40, 120 and 576 bytes      acknowledged\n    \
                 1500 bytes                 no answer\n    \
                 1500 bytes, 0.3 s later    no answer\n    \
                 1500 bytes, 0.6 s later    no answer\n    \
                 smaller than 1500 then     none was sent, so nothing shows whether it would have passed",
        advice: "From the side that sends, ask with a packet of that size and with a small one:\n\n    \
                 ping -M do -s 1472 HOST   1472 + 8 (ICMP) + 20 (IP) = 1500\n    ping -s 56 HOST\n\n\
                 Where the small one is answered and the large one is not it is a black hole: wirelore explain mtu.black-hole says what to do. A \
                 capture at the other side shows it too: there the large packets never come.",
    },
    Lesson {
        rule: "mtu.mismatch",
        title: "Two MTUs on one link",
        seen: "Small packets arrive; full-sized ones are sent again and again and never do, as in a path-MTU black hole (mtu.black-hole). But the frames \
               go from the sender's card to the receiver's own: both are on one link, and no router lies between them.\n\n\
               It is inferred, from the same proof as a black hole.",
        why: "All that is on a link must take frames of the same size. One end was set to jumbo frames and the other was not, or a switch or a bridge \
              between them (a VPN, a virtual network) takes less than both. A card or a switch drops a frame that is too long without a word: only \
              routers send ICMP messages, and here is none. So no firewall is at fault, and nothing tells the sender.",
        worked: "    192.168.1.4    MTU 9000: sends packets of 9000 bytes\n    \
                 192.168.1.11   MTU 9000 as well, or its SYN would ask for less\n    \
                 the switch     takes frames of 1518 bytes: packets of 1500\n\n\
                 Test it, with DF set:\n\n    \
                 ping -M do -s 1472 192.168.1.11   1472 + 8 (ICMP) + 20 (IP) = 1500: answered\n    \
                 ping -M do -s 8972 192.168.1.11   8972 + 8 + 20 = 9000: no answer",
        advice: "Give both hosts the same MTU, one that every switch and bridge between them takes (ip link set DEVICE mtu 1500), or turn jumbo frames on \
                 in all of them.",
    },
    Lesson {
        rule: "mtu.probed",
        title: "The sender found out by itself what fits",
        seen: "After a full-sized segment was repeated several times in vain the sender sends the same bytes in smaller segments, and those are \
               acknowledged. No ICMP message told it.",
        why: "Some systems do not rely on ICMP (packetization layer path MTU discovery, in Linux tcp_mtu_probing): when large segments are lost \
              again and again they try a small one, and if that arrives, go on from there. The connection survives, but it stood still until then.",
        worked: "    1500 bytes, three times    no answer\n    \
                 1064 bytes                 acknowledged: 1024 of payload and 40 of headers\n    \
                 what fits                  lies between 1064 and 1500",
        advice: "The black hole is still there (mtu.black-hole): mend it, as others suffer from it without knowing.",
    },
];
