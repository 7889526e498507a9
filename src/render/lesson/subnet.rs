//! Lessons on subnets: who is on which network, and who disagrees.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "subnet.same",
        title: "Two hosts are in the same subnet",
        seen: "A host asks for another's hardware address, or sends to it, and under the first one's mask both addresses give the same network.",
        why: "An address has two parts: the first bits name the network (the subnet), the others the host in it. The mask says how many bits \
              the first part has: its bits are 1 there and 0 in the rest. A host compares its own address with another's under its mask. Where \
              the first parts are equal the other host is a neighbour, on the same link: the host asks for its hardware address (ARP, or neighbour \
              discovery with IPv6) and sends to it without help.\n\n\
              The mask is told by the capture, by a DHCP server or by a router, or it follows from what hosts do. Where nothing of that is \
              in the capture, and the addresses are private, wirelore takes the usual mask of 24 bits and says so.",
        worked: "An AND keeps a bit where the mask has a 1:\n\n    \
                 192.168.1.11    11000000 10101000 00000001 00001011\n    \
                 255.255.255.0   11111111 11111111 11111111 00000000  AND\n    \
                 192.168.1.0     11000000 10101000 00000001 00000000\n\n    \
                 192.168.1.140   11000000 10101000 00000001 10001100\n    \
                 255.255.255.0   11111111 11111111 11111111 00000000  AND\n    \
                 192.168.1.0     11000000 10101000 00000001 00000000  the same",
        advice: "Nothing is wrong. Where the two cannot reach each other all the same, see whether the question for the hardware address is \
                 answered (subnet.unanswered): the mask is not at fault.",
    },
    Lesson {
        rule: "subnet.other",
        title: "Two hosts are in different subnets",
        seen: "A host sends to another, or asks for it, and under the first one's mask their addresses give different networks. Where the \
               packet goes to a gateway that is known, route.gateway says the same and where to, and this is not said as well.",
        why: "The first bits of an address, as many as the mask has ones, name the network. Where they differ in a single bit the other host \
              is on another network, however near the numbers look: the host does not ask for the other's hardware address, which nobody on \
              its link could tell, but sends the packet to its gateway (see route.gateway).",
        worked: "    10.130.1.4      00001010 10000010 00000001 00000100\n    \
                 255.255.255.0   11111111 11111111 11111111 00000000  AND\n    \
                 10.130.1.0      00001010 10000010 00000001 00000000\n    \
                 192.168.1.0     11000000 10101000 00000001 00000000  of 192.168.1.11: another\n\n\
                 With 25 bits even these are in different subnets:\n\n    \
                 192.168.1.11    11000000 10101000 00000001 0|0001011\n    \
                 192.168.1.140   11000000 10101000 00000001 1|0001100",
        advice: "Nothing is wrong, where the host has a route. Where both should be neighbours, one has a wrong mask or a wrong address: \
                 compare them bit by bit as above, or with wirelore explain ADDRESS/BITS.",
    },
    Lesson {
        rule: "subnet.network-address",
        title: "A host has the address that names its subnet",
        seen: "Packets or answers come from an address whose host part has only zeros under the mask that the link uses.",
        why: "The address with a host part of zeros names the subnet itself, and no host may have it. Old systems took it for the broadcast \
              address. Some systems play along (Linux from 5.14 on), others drop such packets or never answer them, so that the host reaches some \
              and not others. An address that ends in .0 is not always such: in a subnet of 23 bits one in the middle does too.",
        worked: "With 24 bits:\n\n    192.168.1.0   11000000 10101000 00000001 | 00000000   all zeros\n\n\
                 With 23 bits it is a host's:\n\n    192.168.1.0   11000000 10101000 0000000 | 1 00000000",
        advice: "Give the host another address, or see whether its mask is the one that the others have.",
    },
    Lesson {
        rule: "subnet.broadcast-address",
        title: "A host has the address that stands for all of its subnet",
        seen: "Packets or answers come from an address whose host part has only ones under the mask that the link uses.",
        why: "The address with a host part of ones is the broadcast address: a packet for it is for every host of the subnet. It must never be \
              a source. Whoever answers such a host speaks to everybody, or to nobody. Mostly the host has a wrong mask.",
        worked: "With 24 bits:\n\n    192.168.1.255   11000000 10101000 00000001 | 11111111   all ones",
        advice: "Compare the masks: the host's own (ip addr) and the one that DHCP gives to the others.",
    },
    Lesson {
        rule: "subnet.masks-disagree",
        title: "Two hosts disagree about the mask",
        seen: "One host asks for the other's hardware address and so takes it for a neighbour. The other answers through a gateway and so takes \
               the first one for a stranger. Both are on this link: each told its hardware address here.",
        why: "The mask is set on each host. If one has 24 bits and its neighbour 25, the first finds the second in its own subnet, and the second \
              finds the first in another. Packets go one way straight and come back by the gateway. That mostly works, until a firewall \
              sees only half of a conversation, or there is no gateway.\n\n\
              It is inferred: a special route on the second host would look the same.",
        worked: "    192.168.1.11    11000000 10101000 00000001 00001011\n    \
                 192.168.1.140   11000000 10101000 00000001 10001100\n    \
                 24 bits         ^^^^^^^^ ^^^^^^^^ ^^^^^^^^            equal: a neighbour\n    \
                 25 bits         ^^^^^^^^ ^^^^^^^^ ^^^^^^^^ ^          not equal: through the gateway",
        advice: "Compare the masks of both hosts (ip addr) and make them the same; best let DHCP give them.",
    },
    Lesson {
        rule: "subnet.duplicate-address",
        title: "Two cards answer for one address",
        seen: "One question who has an address gets two answers within a second, with different hardware addresses.",
        why: "Two machines were given the same address, by hand or by two DHCP servers. Whoever asks keeps one of the two answers, and it is chance \
              which: connections work at one time and break at another.\n\n\
              It also happens that one machine has two cards on the same network and answers on both. Where they answer for a second address \
              too it is told as that (subnet.two-cards), and not here. Routers that share an address with a hardware address of its own (VRRP, HSRP, CARP) are no duplicates, and a machine that takes \
              an address over when another failed is none either: there the old one is silent.",
        worked: "    question   who has 192.168.1.12?         0.000 ms\n    \
                 answer     02:00:c0:a8:01:0c has it      0.020 ms\n    \
                 answer     02:00:c0:a8:01:63 has it      0.031 ms   one address, two cards\n\n\
                 Most systems keep the last: today this one, tomorrow the other.",
        advice: "Find both by their hardware addresses: the switch knows at which port each is. Give one of them another address, or let DHCP give both \
                 theirs. Ask who has the address: answers of two hardware addresses are two owners.\n    arping -c 3 -I eth0 192.168.1.12",
    },
    Lesson {
        rule: "subnet.two-cards",
        title: "Two cards answer for the same addresses: one machine, or a copy of it",
        seen: "Who has an address is answered by two cards within a second, and for another address the same two cards answer. \
               Asked for any address, none of them answers without the other.",
        why: "An address belongs to a machine, not to a card. Linux answers ARP for any of its addresses on every card that hears the question, with \
              the hardware address of that card. Where two of its cards are on the same link both hear it, and both answer (ARP flux). Whoever asked \
              keeps the last answer: frames for one address come in by the other's card. That works, but one card carries all, and a firewall or a \
              switch that ties an address to a card drops them.\n\n\
              Two machines of which one is a copy of the other (a clone), addresses and all, look the same: then the switch has learned the two \
              cards at different places, and connections break. Two routers that share some addresses and have others for themselves are told as \
              subnet.duplicate-address.",
        worked: "    who has 192.168.1.12?   02:00:c0:a8:01:0c has it\n    \
                 the same question       02:00:c0:a8:01:0d has it\n    \
                 who has 192.168.1.13?   02:00:c0:a8:01:0c has it     the same two cards:\n    \
                 the same question       02:00:c0:a8:01:0d has it     one machine, or a clone",
        advice: "See on the switch where the two cards are. Are they two machines, give one of them other addresses. Is it one, let each card answer \
                 for its own address alone:\n\n    \
                 sysctl net.ipv4.conf.all.arp_ignore=1\n    sysctl net.ipv4.conf.all.arp_announce=2\n\n\
                 Or join the two cards to one (bond), or give each a network of its own.",
    },
    Lesson {
        rule: "subnet.address-taken",
        title: "An address that a host wants is another's",
        seen: "A host asks whether an address is free, and another answers that it has it.",
        why: "Before a host uses an address it asks, in nobody's name, who has it: with ARP from 0.0.0.0, with IPv6 from ::. Silence means that it \
              is free. An answer means that it is not: the host must not use it. With DHCP it declines the address and gets another; an address \
              that was set by hand stays unusable.",
        worked: "    question   who has 192.168.1.11? tell 0.0.0.0   nobody's question: a probe\n    \
                 answer     192.168.1.11 is at 02:00:c0:a8:01:0b\n\n\
                 The probe's sender is 02:00:c0:a8:01:63: the two are not the same, so it may not have the address.",
        advice: "Give the host that wants it another address, or find out by its hardware address who has this one and whether it should.",
    },
    Lesson {
        rule: "subnet.address-probe",
        title: "A host looks whether an address is free",
        seen: "A question who has an address, asked in nobody's name: the sender's address is 0.0.0.0, or :: with IPv6.",
        why: "The host has been given an address, or has made one up, and does not use it before it is sure that nobody else does. It names no \
              sender, so that nobody remembers a wrong hardware address for it. IPv4 hosts may ask, IPv6 hosts must (duplicate address \
              detection). Where nobody answers within a second, or a few, the address is theirs.",
        worked: "    operation   1 (question)\n    \
                 sender      02:00:c0:a8:01:0b   0.0.0.0        \"I say not who I am\"\n    \
                 target      00:00:00:00:00:00   192.168.1.11   \"does anybody have this?\"\n\n\
                 Three of them, one to two seconds apart (RFC 5227); with IPv6 one, and a second of waiting.",
        advice: "Nothing is wrong: that is how it should be. Where an answer comes, see subnet.address-taken.",
    },
    Lesson {
        rule: "subnet.gratuitous-arp",
        title: "A host tells everybody its hardware address",
        seen: "An ARP packet in which the sender's and the target's address are the same, or with IPv6 an advertisement that nobody asked for.",
        why: "Hosts remember each other's hardware addresses for minutes. One that begins to use an address, or uses it with another card, says so to \
              all: whoever remembers the address corrects the hardware address. It is called gratuitous ARP because nobody asked.",
        worked: "    sender   02:00:c0:a8:01:0b   192.168.1.11\n    \
                 target   00:00:00:00:00:00   192.168.1.11   the same address: it asks for itself\n\n\
                 All who have 192.168.1.11 in their table write 02:00:c0:a8:01:0b beside it.",
        advice: "Nothing, when a host comes up or takes over. Where it goes on for long, two cards may quarrel about the address, or one \
                 pretends: see subnet.duplicate-address and subnet.arp-spoofing.",
    },
    Lesson {
        rule: "subnet.address-moved",
        title: "An address has another hardware address now",
        seen: "A host tells everybody, or who asks, a hardware address for an address that had another one earlier in the capture.",
        why: "A card was changed, a virtual machine moved, or a second machine took the address over from one that failed (that is how clusters \
              and pairs of routers do it). It tells everybody at once, because each neighbour would send to the old hardware address until it \
              forgets it.\n\n\
              The same frame is how an attacker draws traffic to himself: who is expected to move is fine, who is not is worth a look.",
        worked: "    before   192.168.1.1 is at 02:00:c0:a8:01:01\n    \
                 now      192.168.1.1 is at 02:00:00:00:00:99\n\n\
                 The address has the same 32 bits; of the hardware address the first three bytes name the maker, where the card has its \
                 maker's.",
        advice: "If nobody should have moved, look up both hardware addresses at the switch.",
    },
    Lesson {
        rule: "subnet.proxy-arp",
        title: "A router answers for a host behind it",
        seen: "A card answers ARP for an address and for one of its own, and what comes from the first address has passed a router: its hop limit is no \
               longer one that senders begin with. Where the card shows no address of its own, the answer to a ping must show it.",
        why: "The host that asks takes the address for one of its own subnet: its mask is too short, or it has none. The address is elsewhere, and \
              nobody on the link could answer. A router that knows the way answers in its place with its own hardware address (proxy ARP), \
              gets the packet and passes it on. Everything works, and the wrong mask stays hidden.\n\n\
              It is inferred from the hop limit.",
        worked: "A sender begins with 64, and each router takes one off: 63 has passed one router. A machine with two addresses would send both with 64.",
        advice: "Nothing is broken. Still, correct the mask of the host that asks: without this router it would be cut off.",
    },
    Lesson {
        rule: "subnet.arp-spoofing",
        title: "A card claims an address that is another's",
        seen: "A card says that it has an address that is another's, and one of five things shows that it only pretends. It asks for that address \
               itself, under another of its own, and it is a gateway's. Or it tells one host five times or more, over four seconds or longer and \
               without being asked, that it has what another card has. Or it tells each of two hosts that it is the other. Or it and the owner \
               say in turn that they have the address, six times within a minute each. Or it answers, when everybody is asked, for several \
               addresses for which another card answers as well, for each a different one.",
        why: "ARP has no proof: a host believes whoever answers, and whoever answers last. A machine that tells a host that it is the gateway, and \
              tells the gateway that it is the host, gets all that they send to each other. It reads it, passes it on, and nobody notices (ARP \
              spoofing, or poisoning). Neighbour discovery of IPv6 can be deceived in the same way.\n\n\
              An address that moves to another card is nothing unusual: a machine was replaced, or a cluster hands its address on. Then the old \
              owner is silent, and the new one has no question and says so once, to all. Who only pretends still has to reach the real owner, and \
              must say its lie again and again: what a host believes lasts for a minute or so, and the owner goes on speaking. Routers that share \
              an address have a hardware address for it (VRRP, HSRP, CARP); what carries such a one is not counted.\n\n\
              It is inferred: who looks over the network with a tool of this kind does the same, and two machines that were given one address \
              can look like the fourth of them, and a router that answers for others (proxy ARP) and thinks too many addresses far away like \
              the last.",
        worked: "One question, and one answer to it; then answers to no question:\n\n    \
                 0.000 s  192.168.1.11 > all            who has 192.168.1.1?\n    \
                 0.001 s  02:..:01     > 192.168.1.11   192.168.1.1 is at 02:..:01    asked: in order\n    \
                 1.001 s  02:..:42     > 192.168.1.11   192.168.1.1 is at 02:..:42    nobody asked\n    \
                 2.001 s  02:..:42     > 192.168.1.11   192.168.1.1 is at 02:..:42    again, each second",

        advice: "Find the machine: ask the switch at which port it learned the hardware address. Where it is a router that answers for \
                 others, let it do so no more. Else take it off the network: what was sent in clear since then was read, change those passwords. Switches can check ARP against DHCP's leases (dynamic ARP inspection); a fixed \
                 entry for the gateway helps one host (ip neigh replace .. nud permanent).",
    },
    Lesson {
        rule: "subnet.unanswered",
        title: "Nobody answers who has an address",
        seen: "A host asks three times or more for the hardware address of another, and no answer comes. The capture would have seen one: it has \
               other frames that are for the asker alone.",
        why: "Before a host can send to a neighbour it must know its hardware address. Where nobody answers, the neighbour is switched off, on another \
              network, or never existed; or the asker's mask is wrong and the address is no neighbour at all. The packet cannot be sent: after \
              some questions (Linux: three, a second apart) the program is told that the host cannot be reached.",
        worked: "    0 s   who has 192.168.1.99?\n    \
                 1 s   who has 192.168.1.99?\n    \
                 2 s   who has 192.168.1.99?\n    \
                 3 s   given up: the program is told \"no route to host\"\n\n\
                 A host that is there answers in less than a millisecond on a cable.",
        advice: "See whether the address is right and its host is on. See whether it really is in the asker's subnet: wirelore explain ADDRESS/BITS. \
                 If it is there and does not answer, look at the switch (VLAN, port security) and at wireless networks that keep clients apart.",
    },
];
