//! Lessons on hops: how many routers a packet passed, and which.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "hops.distance",
        title: "How many routers away a host is",
        seen: "The time to live (TTL) of a packet, with IPv6 the hop limit, is a little less than a number that systems begin with.",
        why: "A sender writes a number into each packet, every router takes 1 off, and at 0 the packet is dropped: so none goes round for ever. \
              Systems begin with few values: 64 (Linux, macOS, BSD), 128 (Windows), 255 (many routers), 32 (very old ones). wirelore takes the \
              next of these above what arrived for what it began with: that is inferred, as a host may be set to any number. Packets that arrive \
              with one of these values come from the same link, and wirelore says nothing of them. Nor does it of a SYN alone, \
              or where another packet of the host had another value: who looks for open ports often makes it up.",
        worked: "     64 - 60  = 4 routers\n    \
                 128 - 115 = 13 routers\n    \
                 255 - 253 = 2 routers",
        advice: "It is the way of the packets that come in. Those that go out may take another.",
    },
    Lesson {
        rule: "hops.path-changed",
        title: "The packets of a host take another way now",
        seen: "In mid-conversation the time to live of one side's packets changes, and stays so.",
        why: "Routers have found another way: a link broke or came back, or somebody changed a route. It is inferred: three packets or more \
              before the change agree, and three in a row after it. Where it goes back and forth (several ways at once) nothing is told.",
        worked: "    63, 63, 63, 62, 62, 62   one router more",
        advice: "Nothing, if all works. Losses or another round-trip time from the same moment on have their cause here.",
    },
    Lesson {
        rule: "hops.other-reset",
        title: "A reset came from elsewhere than the other packets",
        seen: "A TCP reset has another time to live than the other packets from the same address.",
        why: "The number of routers between tells machines apart that use one address. A firewall that refuses, or breaks off, a connection in \
              somebody's name sends its own packet from where it stands, and writes the host's address as the sender's. A load balancer in front \
              of a server does so too. It is inferred: some systems send resets with another value than data, and a way may change.",
        worked: "    all packets of the server   60 = 64 - 4\n    the reset                   64 = 64 - 0: from next door",
        advice: "Look at the rules of the firewalls on the way, the nearest first, before you search in the server's log.",
    },
    Lesson {
        rule: "hops.answered-nearer",
        title: "Something nearer answers TCP in the name of a host",
        seen: "The answer to a SYN comes from an address that is not on the link, by the gateway's card, with a hop limit that senders begin with: it has \
               passed no router. The answer to a ping of the same address comes by the same card, and has passed some.",
        why: "The gateway does not pass the connection on: it, or a machine beside it, takes it over and answers in the server's name (a transparent or \
              intercepting proxy; a page where one has to log in first; a firewall that looks into connections). Ping goes on to the host itself. \
              What the proxy says need not be what the host would have said, and that the connection opens says nothing of whether the host is up.\n\n\
              It is inferred from the hop limits.",
        worked: "    ping of 45.33.7.20   answered with TTL 62: 64 - 62 = 2 routers\n    \
                 SYN to 45.33.7.20    answered with TTL 64: 64 - 64 = no router",
        advice: "Nothing, where you know of the proxy. Else ask who runs the gateway (iptables -t nat -L: REDIRECT, DNAT), and compare: the same request \
                 over HTTPS, or from another network.",
    },
    Lesson {
        rule: "hops.expired",
        title: "A packet with little to live was dropped on its way",
        seen: "An ICMP message, time exceeded (type 11 code 0; with IPv6 type 3 code 0), about a packet that set out with a small time to live.",
        why: "Each router takes 1 off. The one that comes to 0 drops the packet and says so, in its own name. A program that sends packets with \
              1, 2, 3 .. learns the routers on the way one by one: that is traceroute.",
        worked: "    sent with        TTL 2\n    \
                 first router     2 - 1 = 1   passes it on\n    \
                 second router    1 - 1 = 0   drops it, and says \"time exceeded\" (ICMP type 11, code 0)\n\n\
                 So the message comes from the router at hop 2.",
        advice: "Nothing, where somebody traces a way (hops.traceroute). Where a program's own packets end so, it sends them with too small \
                 a number on purpose (some routing protocols do, with 1), or they go in a circle: see hops.loop.",
    },
    Lesson {
        rule: "hops.exhausted",
        title: "A packet passed so many routers that nothing was left to live",
        seen: "An ICMP message, time exceeded in transit, about a packet that set out with 64 or more.",
        why: "Ways in the Internet hardly ever have more than 30 routers. Two or more routers each think that the other is nearer to the \
              destination, and pass the packet back and forth until its time to live is used up: a routing loop. It is inferred, since what \
              happens out there is not in the capture.",
        worked: "    64 at the beginning, and one less at each router: after 64 routers nothing is left\n    \
                 a way through the internet seldom has more than 30\n\n\
                 Two routers that pass it to each other take 32 rounds.",
        advice: "Run traceroute to the destination: the two routers that come in turn are in the circle. One of them lacks a route or has a wrong one.",
    },
    Lesson {
        rule: "hops.traceroute",
        title: "Somebody traces a way",
        seen: "Packets to one destination with a time to live of 1, 2, 3 and so on, and a time exceeded from another router for each.",
        why: "This is how traceroute finds the routers on a way. The probes are UDP datagrams to ports where nobody listens (33434 and up), echo \
              requests, or SYNs. A hop that gives no answer may pass packets on all the same: many routers are not allowed to answer, or limit how \
              often they do.",
        worked: "    probe of TTL 1   the first router says \"time exceeded\":  192.168.1.1\n    \
                 probe of TTL 2   the second:                             10.25.1.1\n    \
                 probe of TTL 3   nobody answers: shown as *\n    \
                 probe of TTL 4   the host itself: \"port unreachable\", an echo reply or a SYN/ACK",
        advice: "The addresses are those of the interfaces that the packets came in by. The way back may be another.",
    },
    Lesson {
        rule: "hops.loop",
        title: "Routers pass a packet to each other in a circle",
        seen: "The same packet, to the last byte of what it carries, passes the same link in the same direction three times or more, each time with \
               2 or more less to live.",
        why: "A router sends it to a second one, whose route points back. So it goes until its time to live is used up, and so does every \
              packet to that destination: none arrives, and they fill the link. Common causes are a default route at both ends of a link for \
              addresses that nobody uses, and a route that was changed on one router alone.\n\n\
              A packet that is seen twice is no loop: a router with one cable sends it out where it came in.",
        worked: "    62, 60, 58, 56 ..   two routers: each round takes 2 off",
        advice: "On both routers: ip route get DESTINATION. Give the one that is nearer the route that it lacks, or let it drop what it has no \
                 route for: ip route add unreachable PREFIX.",
    },
];
