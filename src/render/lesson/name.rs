//! Lessons on names: where an address came from.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "name.from-lookup",
        title: "The address came from a look-up",
        seen: "A host asked a name server for a name, the answer gave an address, and then the host sent its first packet to that address.",
        why: "People use names, packets carry addresses. Before anything else can happen, a program has its system ask a name server: \
              \"which address has www.example.com?\" The answer says too for how long it holds: its time to live (TTL), in seconds. Within \
              that time the system may use the address again without asking.\n\n\
              That the packet goes there because of the answer is inferred: the same host asked, the answer came before, and the address \
              is the same. Where several names have one address, the capture does not show which of them the program had in mind.",
        worked: "An answer in frame 4 with a TTL of 300 s, a first packet in frame 5, 2 ms after it:\n\n    \
                 may be kept   300.000 s\n    is            0.002 s old: fresh\n\n\
                 Where the name is an alias of another, each step has a TTL of its own, and the least of them counts.",
        advice: "Nothing is wrong. Where a program goes to an old address, compare the time of the look-up and its TTL with the time of the \
                 connection (name.expired), and ask anew: dig NAME.",
    },
    Lesson {
        rule: "name.expired",
        title: "An address is used after its time to live",
        seen: "A host begins a conversation with an address that an answer gave, but the time to live of that answer was over, and no newer \
               answer for it is in the capture.",
        why: "Whoever runs a name says with the TTL how soon he may want to move it. A program that keeps the address for longer (some keep \
              it for as long as they run) goes on to the old one when the name has moved. Or the host learned the address in a way that the \
              capture does not show: it asked over an encrypted connection or by another interface, or a file tells it.\n\n\
              A second beyond the TTL is not counted: who has just looked up connects a moment later.",
        worked: "An answer with a TTL of 60 s, used 100 s later:\n\n    100 s - 60 s = 40 s too late",
        advice: "Nothing, while the address is right. When a service has moved and some clients still go to the old place, look here first: \
                 restart the program, or have it look up again.",
    },
    Lesson {
        rule: "name.no-such-name",
        title: "There is no such name",
        seen: "The answer has the code 3 (NXDOMAIN).",
        why: "The server that is responsible for the domain says that nothing has this name: no address and no other record either. Often \
              it is a typing error. Often it is nothing to worry about: a system tries a name with its search domains first, or asks for \
              the name of an address that nobody gave one (see name.search-domain, name.reverse).",
        worked: "    the header's second word   81 83\n    \
                 1000 0001 1000 0011\n    \
                 |              ----  the last four bits: 3, there is no such name\n    \
                 an answer",
        advice: "Read the name letter by letter, to its end: a search domain may stand behind it. Name servers remember this answer for some \
                 time, so that a name that was just made is not found at once (RFC 2308).",
    },
    Lesson {
        rule: "name.no-record",
        title: "The name exists, but has no record of that type",
        seen: "The answer says that all is well (code 0), and holds nothing of what was asked for.",
        why: "A name may have records of several types: A is an IPv4 address, AAAA an IPv6 address, MX says who takes its mail. A program that \
              asks for AAAA and gets an empty answer learns that the name has no IPv6 address; programs ask for both and use what there is. It is \
              not the same as a name that does not exist.",
        worked: "    question     www.example.com  AAAA\n    \
                 answer       code 0, 0 answers, and the zone's SOA: for so long the \"no\" may be kept\n    \
                 question     www.example.com  A\n    \
                 answer       10.130.1.4: so the name exists",
        advice: "Nothing, if the other type was answered. A program that finds no address at all needs a record made by whoever runs the \
                 domain.",
    },
    Lesson {
        rule: "name.server-failed",
        title: "A name server did not do what it was asked",
        seen: "The answer has an error code that is not \"no such name\": SERVFAIL (2), REFUSED (5), FORMERR (1), NOTIMP (4) or another one.",
        why: "SERVFAIL: the server tried and could not find out, because the servers that know do not answer it, or because their \
              signatures (DNSSEC) do not hold. REFUSED: it does not serve this client, or not this domain. FORMERR and NOTIMP: it does not \
              understand the question, which happens with old servers and new kinds of questions.\n\n\
              Nothing is known about the name then. Programs ask the next server, or give up.",
        worked: "    the header's second word   81 82, its last four bits 2: SERVFAIL\n                               \
                 81 85, its last four bits 5: REFUSED\n\n\
                 Codes above 15 have their upper eight bits in the OPT record.",
        advice: "Ask the same of another server (dig @SERVER NAME). If that one answers, the first is at fault or not meant for you. If all \
                 fail, try dig +cd: when that works, the domain's signatures are broken.",
    },
    Lesson {
        rule: "name.asked-again",
        title: "A question is asked again",
        seen: "The same host asks the same once more, with the same number, because no answer has come; perhaps it asks another server now.",
        why: "Questions and answers travel in single datagrams, and nothing makes sure that they arrive. The asker waits for some seconds and \
              asks again. The question, the answer, or the server itself was lost. The program that wants the address stands still \
              meanwhile: a page that takes five seconds to begin has often waited for this.",
        worked: "    0.000 s   question 0x1a2b to 10.1.1.1\n    \
                 5.005 s   question 0x1a2b to 10.1.1.1, the same number: the first is given up\n    \
                 5.006 s   answer: it took 1 ms, and the program waited 5.006 s",
        advice: "Once is bad luck. If it happens often, capture at the name server and see whether the questions arrive there. Put a server \
                 that answers first in the list of name servers.",
    },
    Lesson {
        rule: "name.no-answer",
        title: "A name server does not answer",
        seen: "A host asked the same several times, with waits between, and no answer is in the capture. That it asked again shows that it \
               got none: it is not the capture alone that lacks the answer. Or it asked another server after a second or so, which answered, and the \
               first answered nobody in all of the capture.",
        why: "The server is down, or not at that address, or something on the way drops the questions or the answers (a firewall that \
              does not let UDP port 53 pass). While a host waits for a name, nothing else happens.",
        worked: "With Linux's settings of old, two servers, 5 s each, two rounds:\n\n    \
                 0 s   first server     5 s   second     10 s   first     15 s   second     20 s   given up\n\n\
                 If only the first is silent, every name costs 5 s.",
        advice: "ping the server. Ask it by hand (dig @SERVER NAME), also over TCP (dig +tcp). Look at the list of name servers that the host \
                 was given, and by whom.",
    },
    Lesson {
        rule: "name.search-domain",
        title: "A name was asked for with a search domain, and without",
        seen: "A name does not exist, and right after that the same host asks for the same name with a domain more or less at its end.",
        why: "A system may know search domains (\"home.lan\"), so that people can type \"printer\" for printer.home.lan. It cannot know what \
              is meant, and tries one after the other. The wrong ones are answered with \"no such name\". It costs a question and an answer \
              for each.",
        worked: "The system tries, in some order:\n\n    www.example.com.home.lan   no such name\n    www.example.com            found",
        advice: "Nothing. Where it happens for every name and costs time, write names with a dot at the end (www.example.com.), which says \
                 that they are complete, or take search domains away that nobody needs (with Kubernetes: ndots).",
    },
    Lesson {
        rule: "name.ipv6-first",
        title: "IPv6 and IPv4 tried one after the other",
        seen: "A name has addresses of both kinds. The host opened a connection to one, and when that was refused or did not answer soon, \
               another one to the other.",
        why: "Where both ways lead to a server, programs prefer IPv6. But there are networks where IPv6 looks as if it worked and does not. \
              So nobody waits for long: after a moment (the standard recommends 250 ms) the program tries IPv4 as well, and uses what \
              answers first. It is called \"happy eyeballs\".",
        worked: "    0 ms     SYN to 2001:db8::1\n    250 ms   no answer yet: SYN to 192.0.2.1\n    251 ms   SYN-ACK from 192.0.2.1: this one is used",
        advice: "When IPv6 loses each time, it is broken somewhere: each connection costs the wait. Find out where its packets are lost \
                 (traceroute -6), or switch it off until it works.",
    },
    Lesson {
        rule: "name.truncated",
        title: "The answer does not fit into a datagram",
        seen: "The answer has the bit TC (truncated) set.",
        why: "Over UDP an answer may have 512 bytes, or as many as the question allowed. Where there is more to say the server sends less and \
              sets TC: \"ask again over TCP\". There an answer has up to 65,535 bytes, with its length in two bytes before it.",
        worked: "    the header's second word   83 80\n    \
                 1000 0011 1000 0000\n           \
                 |   TC: there is more than fits\n    \
                 over UDP 512 bytes, or what the OPT record allows (mostly 1232); over TCP 65,535",
        advice: "A firewall that lets UDP port 53 pass and not TCP port 53 breaks exactly these names. Let both pass.",
    },
    Lesson {
        rule: "name.alias",
        title: "A name that stands for another one",
        seen: "The answer has a CNAME record: the name is an alias. The records of the name that it stands for follow.",
        why: "A web site that others serve for its owner (a content delivery network) is an alias: its owner keeps the name, and who serves \
              it may change the address whenever he likes. Each step has a time to live, and an address is good for as long as the \
              shortest of them.",
        worked: "    www.example.com   CNAME  cdn.example.net   TTL 3600\n    cdn.example.net   A      192.0.2.7         TTL 30\n    the address may be \
                 kept for 30 seconds, the least of 3600 and 30",
        advice: "Nothing is wrong. To move a service, change the last name in the chain, and lower its TTL some hours before. A chain of \
                 many steps costs time: each may be another server's.",
    },
    Lesson {
        rule: "name.reverse",
        title: "An address is asked for its name",
        seen: "A question of type PTR for a name under in-addr.arpa (IPv4) or ip6.arpa (IPv6).",
        why: "Names are read from the right: com, then example, then www. Addresses are read from the left. So that whoever has a network \
              can be responsible for the names of its addresses, the address is written backwards and put under in-addr.arpa. Programs ask \
              that to show names in a list of connections; mail servers ask who is calling. Nothing promises that the name leads back to \
              the address.",
        worked: "    10.130.1.4  ->  4.1.130.10.in-addr.arpa\n    2001:db8::1 ->  each of the 32 hexadecimal digits, last one first: 1.0.0.0. .. .8.b.d.0.1.0.0.2.ip6.arpa",
        advice: "Tools ask this for every address that they show: -n switches it off in most of them.",
    },
    Lesson {
        rule: "name.local",
        title: "A name is asked of the link and not of a name server",
        seen: "A question by multicast DNS (port 5353), LLMNR (port 5355) or the NetBIOS name service (port 137).",
        why: "At home nobody runs a name server for the printer. So hosts ask everybody on their link: \"who is printer.local?\", and \
              whoever has the name answers. Apple and Linux systems do it with multicast DNS for names that end in .local; Windows does it \
              with LLMNR, and before that with NetBIOS, for names without a dot that no name server knows. Routers do not pass such \
              questions on.",
        worked: "    multicast DNS   224.0.0.251, ff02::fb    UDP port 5353\n    LLMNR           224.0.0.252, ff02::1:3   UDP port 5355\n    \
                 NetBIOS         the broadcast address    UDP port 137",
        advice: "Anybody on the link may answer, also falsely: LLMNR and NetBIOS are used to steal logins. Switch them off where nobody needs \
                 them.",
    },
    Lesson {
        rule: "name.slow",
        title: "The answer of a name server took long",
        seen: "A second or more lies between a question and its answer.",
        why: "A name server that has the answer at hand gives it in the time that a packet needs there and back. One that has not asks others, \
              from the root down: root, com, example.com. If one of those does not answer, it waits and asks the next one. The second \
              question for the same name is fast: the server remembers.",
        worked: "    question > answer       1.250 s\n    \
                 the way there and back  0.020 s\n    \
                 the server itself       1.230 s: it asked others, and one of them was slow or silent",
        advice: "Ask the same again: if it is fast now, the servers of the domain are slow. If every question takes long, try another name \
                 server.",
    },
];
