//! Lessons on ICMP: what routers and hosts report.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "icmp.no-route",
        title: "A router knows no way to the destination",
        seen: "An ICMP message comes back: network unreachable (type 3 code 0, 6 or 11; with IPv6 type 1 code 0, no route). It quotes the \
               beginning of the packet that it is about, which tells the conversation.",
        why: "Each router looks the destination up in its table of routes. If no route matches, not even a default route, it drops the \
              packet and tells the sender. The sender's TCP goes on trying for a while, as routes come back; a program that uses UDP is told at \
              its next call, if it connected its socket.",
        worked: "    packet     192.168.1.11 > 203.0.113.9\n    \
                 message    from 10.1.2.1: type 3, code 0, with the first bytes of that packet\n\n\
                 The router that sends it is the last that got the packet: the missing route is its own.",
        advice: "Look at who reports it: the route is missing there. On Linux: ip route get DESTINATION on that router.",
    },
    Lesson {
        rule: "icmp.no-host",
        title: "A router cannot hand the packet to the host",
        seen: "An ICMP message comes back: host unreachable (type 3 code 1, 7 or 12; with IPv6 type 1 code 3, address unreachable).",
        why: "The packet came as far as the network that the host should be on. There the last router asked for the host's hardware address \
              (ARP, or neighbour discovery with IPv6), nobody answered, and after some time (Linux: three seconds) it reports so. The host is \
              off, its cable is out, it has another address, or the address was mistyped. It may also be the next router that did not answer. Where \
              a host reports it of itself, its own question was not answered.\n\n\
              A message that comes at once tells of something else: of a firewall that was told to refuse like this, or of a route that \
              forbids (on Linux a route of the kind unreachable). Then the host may be there.",
        worked: "    the router asks its link   who has 10.130.1.9?    0 s\n                               \
                 who has 10.130.1.9?    1 s\n                               \
                 who has 10.130.1.9?    2 s\n    \
                 no answer: it sends        type 3, code 1         3 s\n\n\
                 That the message came after about three seconds shows that it asked, and nobody answered. At once, it did not ask.",
        advice: "Check that the host is up and has this address. On the router that reports it: ip route get ADDRESS tells a route that forbids, and ip \
                 neigh shows as FAILED who did not answer.",
    },
    Lesson {
        rule: "icmp.prohibited",
        title: "A firewall forbids it, and says so",
        seen: "An ICMP message comes back: administratively prohibited (type 3 code 9, 10 or 13; with IPv6 type 1 code 1, 5 or 6).",
        why: "Somebody wrote a rule that such packets are not to pass. This one answers; others drop without a word, and then the sender \
              waits until it gives up.",
        worked: "    type 3   code 13   a filter forbids it (communication administratively prohibited)\n             \
                 code 10   this host is forbidden\n             \
                 code 9    this network is forbidden\n    \
                 ICMPv6   type 1, code 1",
        advice: "The reporter's address tells whose rule it is. Ask there, or use what the rule allows.",
    },
    Lesson {
        rule: "icmp.no-protocol",
        title: "The host does not speak the protocol that the packet carries",
        seen: "An ICMP message comes back: protocol unreachable (type 3 code 2; with IPv6 type 4 code 1, unknown next header).",
        why: "The number in the IP header says what the packet carries: 6 is TCP, 17 UDP, 47 GRE, 50 ESP. The host received the packet and has \
              nobody to give such a payload to.",
        worked: "    packet    protocol 89 (OSPF)\n    \
                 message   type 3, code 2: the host has no program for number 89\n\n\
                 It is the number in the IPv4 header that is meant, and not a port.",
        advice: "Switch the protocol on there (a tunnel's other end, a routing daemon), or do not send it.",
    },
    Lesson {
        rule: "icmp.port-closed",
        title: "Nobody listens at the port",
        seen: "An ICMP message comes back: port unreachable (type 3 code 3; with IPv6 type 1 code 4), and nothing else came from that port.",
        why: "The host is there and received the packet, but no program has the port. For UDP this is the ordinary answer. A TCP port that nobody \
              has is answered with a reset; where ICMP comes instead, or another machine says it, see icmp.port-filtered.",
        worked: "    packet    UDP 40000 > 7\n    \
                 message   type 3, code 3, and in it the first 8 bytes of UDP behind the IP header:\n              \
                 9c 40  00 07  ..    0x9c40 = 40000, 0x0007 = 7\n\n\
                 By these two numbers the sender's system finds the program that it is for.",
        advice: "Start the program, or see which port and which address it listens at: ss -ulnp.",
    },
    Lesson {
        rule: "icmp.port-filtered",
        title: "A firewall says that a port cannot be reached",
        seen: "An ICMP message comes back: port unreachable (type 3 code 3; with IPv6 type 1 code 4). It comes from another address than the one that \
               was asked, or it is about TCP. Of what was sent to a broadcast or multicast address it is not told: there each host speaks for itself.",
        why: "Of its ports only the host itself knows, and for a closed port of TCP it sends a reset, not ICMP. So it was a firewall that refused the \
              packet, on a router or on the host: \"reject\" does that unless it is told otherwise. The program may well listen.\n\n\
              A host with several addresses may also report by another one than the one that was asked.",
        worked: "    packet    192.168.1.11 > 45.33.7.20   UDP port 53\n    \
                 message   192.168.1.1  > 192.168.1.11 type 3, code 3: the gateway speaks, not 45.33.7.20",
        advice: "Look at the firewall of whoever reports it, at the rules that reject: nft list ruleset, iptables -S. Only then see whether the program \
                 runs and at which address it listens: ss -ulnp, ss -tlnp for TCP.",
    },
    Lesson {
        rule: "icmp.port-left",
        title: "The program that used this port does not listen there any more",
        seen: "Port unreachable comes back for a packet to a port that has sent something before.",
        why: "The program has closed its socket. Often it asked something, had its answer (or lost patience), and went; a second or a late answer \
              finds nobody. It harms nothing.",
        worked: "    0 s   question   port 40000 > 53, and the program waits 5 s\n    \
                 5 s   the program gives up and closes port 40000\n    \
                 6 s   answer     port 53 > 40000\n    \
                 6 s   message    type 3, code 3: nobody is at 40000 any more",
        advice: "Nothing at the port: its program was there. See why the answer took so long (name.slow), and whether the program should \
                 wait longer.",
    },
    Lesson {
        rule: "icmp.port-probed",
        title: "A probe of traceroute has arrived",
        seen: "Port unreachable comes back for a UDP datagram to one of the ports from 33434 on, or for one that was sent with a small time to \
               live.",
        why: "traceroute sends to ports where nobody listens, so that the destination answers like that. It is how the program knows that \
              it has reached the end.",
        worked: "    probe     UDP to port 33434 + number of the probe, with TTL 1, 2, 3, ..\n    \
                 routers   time exceeded (type 11)\n    \
                 host      port unreachable (type 3, code 3): no program uses such a high port\n\n\
                 So the message says: the way is at its end.",
        advice: "Nothing: this is how a trace is meant to end. hops.traceroute has the whole way.",
    },
    Lesson {
        rule: "icmp.not-delivered",
        title: "A packet was not delivered, for a rare reason",
        seen: "An ICMP message comes back: destination unreachable with a code that is seldom used. The note says it in words.",
        why: "Among them: a source route that cannot be followed (code 5; with IPv6 code 7), a sender that is cut off from the network (8), a \
              priority that is not allowed (14, 15), an IPv6 address that has no meaning beyond its link (code 2).",
        worked: "The message's type and code say what is the matter, and the packet in it, whose it was. Type 3:\n\n    \
                 4   too big, and must not be cut (mtu.too-big)     5   the route that the sender wrote down fails\n    \
                 6   the network is not known                       7   the host is not known\n    \
                 11, 12   not with this type of service             14, 15   its priority is too low",
        advice: "Look at the packet that the message quotes: it is in the layers behind the message (-v).",
    },
    Lesson {
        rule: "icmp.reassembly-timeout",
        title: "Fragments were thrown away because others did not come",
        seen: "An ICMP message comes back: fragment reassembly time exceeded (type 11 code 1; with IPv6 type 3 code 1).",
        why: "A datagram came in fragments, and after 15 seconds to two minutes (Linux: 30 seconds, with IPv6 60) some are still missing. The \
              receiver throws away what it has, and, if the first fragment is among it, says so. One fragment that is lost costs the whole datagram.",
        worked: "    0 s    first fragment, bytes 0 - 1479, of 3008\n    \
                 30 s   the rest has not come: thrown away, and type 11, code 1 is sent (Linux waits 30 s, others 60 s)\n\n\
                 One lost fragment of three costs the whole datagram: with 1 % lost, about 3 % of such datagrams.",
        advice: "See fragments.incomplete: find out where fragments are lost, or send less in a datagram.",
    },
    Lesson {
        rule: "icmp.parameter-problem",
        title: "A header makes no sense to who got it",
        seen: "An ICMP message comes back: parameter problem (type 12; with IPv6 type 4), often with the place of the byte that is wrong.",
        why: "A router or host could not read the header: an option is wrong, or missing, or unknown and not to be passed over.",
        worked: "    type 12, code 0, pointer 22\n    \
                 byte 22 of the packet: 20 are the header, so it is the third byte of the options\n\n\
                 In ICMPv6 the pointer has four bytes: code 0 a field, 1 an unknown next header, 2 an unknown option.",
        advice: "Look at the byte that the message points to, counted from 0, in the packet that it quotes.",
    },
    Lesson {
        rule: "icmp.source-quench",
        title: "Somebody asks to send more slowly, and nobody obeys",
        seen: "An ICMP message of type 4, source quench.",
        why: "Once a router that was overrun could ask senders like that. It made more packets at the worst time and was easily forged, so since \
              2012 it is to be neither sent nor obeyed; TCP notices lost packets, and congestion marks (ECN) do what this was meant for.",
        worked: "    type 4, code 0, and the packet that it is about\n\n\
                 It has no number that says how slowly to send: the sender would have to guess.",
        advice: "Nothing, but the sender is old or made up.",
    },
    Lesson {
        rule: "icmp.about-unseen",
        title: "An error about a packet that is not in the capture",
        seen: "An ICMP error quotes a packet, and no such conversation is in the capture.",
        why: "The capture began after the packet was sent, has a filter that leaves it out, or sees only what comes back, by another way. Or \
              somebody sent packets with this host's address as their source: then the answers come to a host that asked nothing.",
        worked: "    message   from 203.0.113.9: port unreachable\n    \
                 in it     192.168.1.11 port 40005 > 203.0.113.9 port 4500\n\n\
                 No such packet is in the capture before it.",
        advice: "Where it is one: the packet went out before the capture began, or another way. Where there are many, from many hosts: \
                 somebody sends packets elsewhere in this address's name, and the answers come here. Nothing can be done about it at this \
                 end but to drop them.",
    },
    Lesson {
        rule: "icmp.echo",
        title: "An echo is answered",
        seen: "An echo request (ping) and the reply with the same identifier and number.",
        why: "Every host should send back what an echo request brings. It proves that packets find their way there and back, and the time \
              between the two is that way's, where the capture was made at the asker.",
        worked: "    request   identifier 7, sequence number 1, 56 bytes   0.000 ms\n    \
                 reply     identifier 7, sequence number 1, the same   20.100 ms\n\n\
                 Identifier and number tell which request a reply is to. The bytes come back as they were.",
        advice: "Nothing is wrong: the host is there, and the time is the way there and back. That it answers says nothing about its \
                 services: call their ports.",
    },
    Lesson {
        rule: "icmp.echo-unanswered",
        title: "Echoes are not answered",
        seen: "An echo request, and no reply with its number within a second or more. Others, to the same host, may have been answered.",
        why: "The request or the reply was lost, or the host limits how many it answers.",
        worked: "    sent 5, answered 4\n\n    \
                 1 2 . 4 5       one of five is lost: 20 %\n    \
                 1 2 3 . .       the last may still be under way when the capture ends",
        advice: "A single one means little. Where many are missing look for a link with too much traffic or with errors.",
    },
    Lesson {
        rule: "icmp.echo-silent",
        title: "None of several echoes is answered",
        seen: "Three echo requests or more, and not one reply, though the capture sees both directions of other conversations. Or the host answers small \
               ones, and none that is larger.",
        why: "The host is down, packets do not find their way there or back, or something on the way (or the host itself) drops echoes: many \
              firewalls do, so that silence proves little alone. No router reports that it could not pass them on.",
        worked: "    sent 4, answered 0, a second apart\n\n\
                 If each were lost by chance, one of five on this way, four in a row would be 0.2 x 0.2 x 0.2 x 0.2 = 0.0016: hardly \
                 chance.",
        advice: "Try what the host is for, such as its web port. See how far packets come: traceroute. If smaller echoes are answered and larger ones \
                 are not, the way is too narrow for them and nobody says so: see mtu.black-hole where a router lies between, and mtu.mismatch where \
                 both are on one link.",
    },
    Lesson {
        rule: "icmp.message",
        title: "An ICMP message that is no error",
        seen: "A message of a type that is told neither as an error nor as an echo, a redirect, or a neighbour's.",
        why: "ICMP carries more than errors: the time of day, masks, routers that say they are there. Most of it is history; the note says what \
              the type is for.",
        worked: "    type   code   checksum   and then what the type says\n    \
                 13     0      ....       identifier, number, three times of day in ms since midnight UTC\n    \
                 9      0      ....       routers, each with how much it is preferred",
        advice: "Nothing: it is for your information. Times and masks (13 to 18) tell a stranger something about a host and are no use to \
                 anybody today: a firewall may drop them.",
    },
];
