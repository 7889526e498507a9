//! Lessons on how TCP conversations begin and end.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "handshake.three-way",
        title: "A connection opens with three segments",
        seen: "A segment with SYN, one with SYN and ACK back, and an ACK.",
        why: "Before two programs speak over TCP, their hosts agree on what to count from. Each tells the sequence number that its bytes begin \
              with (SYN: synchronize), and each acknowledges the other's. The answer does both at once, so that three segments are enough. The \
              numbers are chosen so that nobody can guess them and no straggler of an earlier connection fits.\n\n\
              The SYNs also say what each side can do: how many bytes of payload it takes in a segment (MSS), by how much its windows are to be \
              multiplied (window scale), whether it understands acknowledgements with gaps (SACK), and whether it sends timestamps. What only one \
              side offers is not used; the MSS holds for each direction by itself.\n\n\
              The time from the SYN to the last ACK is the way there and back, wherever the capture was made.",
        worked: "An MSS of 1460 is a packet of 1500 bytes without its headers:\n\n    1500 - 20 (IPv4) - 20 (TCP) = 1460\n    \
                 1500 - 40 (IPv6) - 20 (TCP) = 1440\n\nA window of 501 with a shift of 7 is\n\n    501 x 2^7 = 501 x 128 = 64,128 bytes",
        advice: "Nothing is wrong. The time from the first to the third segment is the way to the server and back, wherever it was \
                 captured: compare it with how long the server takes for an answer, to see which of both is slow.",
    },
    Lesson {
        rule: "handshake.refused",
        title: "The connection was refused",
        seen: "A SYN was answered with a reset (RST).",
        why: "The host was reached, and no program listens on that port: its operating system says so at once. A firewall that is told to reject \
              does the same in the host's name.\n\n\
              A refusal is an answer: the name, the route and the host are right. Silence (see handshake.silence) would be another matter.",
        worked: "    client > server   SYN        seq 1000\n    \
                 server > client   RST, ACK   ack 1001: this very call is meant\n\n\
                 It took one way there and back: the host is there, and awake.",
        advice: "On the server, see who listens: ss -ltn. The program is not running, listens on another port, or only on 127.0.0.1. Then look at \
                 the firewall's rules that reject.",
    },
    Lesson {
        rule: "handshake.silence",
        title: "Nobody answers",
        seen: "A SYN was sent several times, and nothing came back: no answer, no refusal, no ICMP message.",
        why: "A host that is up answers a SYN, be it with a refusal, unless it has no room for another connection. Where nothing comes back at \
              all, the packet was thrown away without a word: by a firewall that drops, or on the way, or because the host is down and no router \
              says so. From one place these look the same.\n\n\
              The caller cannot know whether the SYN or the answer was lost, so it asks again after a second, then waits twice as long each time. \
              Linux from 6.5 on, macOS and iOS ask four times more, a second apart, before the waits double. Linux gives up after about two \
              minutes.\n\n\
              A capture that only sees one direction shows the same. wirelore keeps silent where the capture shows other signs of that.",
        worked: "The waits of Linux, added up, until connect() fails with a timeout:\n\n    1 + 2 + 4 + 8 + 16 + 32 + 64 = 127 s\n    \
                 4 x 1 + 127                  = 131 s from 6.5 on",
        advice: "Ping the host, and trace the way to the port: traceroute -T -p PORT HOST. Where the last hop that answers is the host's own network, \
                 look for a firewall on the host. Capture there as well: do the SYNs arrive?",
    },
    Lesson {
        rule: "handshake.syn-repeated",
        title: "The connection needed more than one SYN",
        seen: "A SYN was sent again, and an answer came then.",
        why: "The first SYN was lost, or the answer to it was, or the server had no room for another connection at that moment. As nothing is \
              known yet of how long the way is, the caller waits a whole second before it asks again: short connections feel that most.",
        worked: "    0.000 s   SYN, lost\n    \
                 1.000 s   SYN, the same port and number; the first wait is 1 s (RFC 6298)\n    \
                 1.020 s   SYN/ACK: the way takes 20 ms, and the program waited 1.02 s\n\n\
                 A third SYN would come 2 s later, a fourth 4 s after that.",
        advice: "Once is chance. If it happens often, look for losses on the way, and on the server for a queue that is full: nstat -az \
                 TcpExtListenOverflows TcpExtListenDrops.",
    },
    Lesson {
        rule: "handshake.answer-repeated",
        title: "The answer to a SYN was sent again",
        seen: "A server sent the same SYN/ACK more than once.",
        why: "It waits for the third segment of the handshake. Either the SYN/ACK or that ACK was lost; or the ACK arrived, and the server does not \
              take it: the queue of connections that its program has not accepted yet is full, so that the ACK is ignored in the hope that there \
              is room later. Some servers also wait for the first data on purpose (TCP_DEFER_ACCEPT).\n\n\
              The note says whether the capture has the ACK. A caller that never sends one, again and again, is somebody who scans or floods.",
        worked: "    0.000 s   SYN       client\n    \
                 0.001 s   SYN/ACK   server\n    \
                 0.002 s   ACK       client: for it the connection is open\n    \
                 1.003 s   SYN/ACK   server, again: for it the connection is not\n\n\
                 Linux repeats it after 1, 2, 4, 8 and 16 s and gives up after 63 s in all.",
        advice: "On the server: ss -ltn shows the queue (Recv-Q) against its size (Send-Q); nstat -az TcpExtListenOverflows counts. A program that \
                 is slow to accept needs a larger backlog or more workers.",
    },
    Lesson {
        rule: "handshake.simultaneous-open",
        title: "Both sides called each other at once",
        seen: "Two SYNs without an ACK cross, between the same two ports.",
        why: "TCP allows it: both SYNs together open one connection, with each side acknowledging the other's. It is rare, because both must choose \
              the other's port as their own target. Programs that find a way through two NATs do it on purpose.",
        worked: "    A > B   SYN       seq 100\n    \
                 B > A   SYN       seq 300   they cross\n    \
                 A > B   SYN/ACK   seq 100, ack 301\n    \
                 B > A   SYN/ACK   seq 300, ack 101\n\n\
                 Four segments and one connection; in the usual handshake it is three.",
        advice: "Nothing is wrong. Where two programs do it that should not, both call a fixed port from the same fixed port: let one of \
                 them listen and the other take any port.",
    },
    Lesson {
        rule: "handshake.ports-reused",
        title: "The same ports, another connection",
        seen: "A SYN between two ports whose earlier connection is over, with a new sequence number.",
        why: "A connection is known by both addresses and both ports. When it is over they may be used again. Whoever closed first remembers the \
              old connection for a while (TIME_WAIT: 60 seconds with Linux, four minutes by the standard), so that stragglers of it are not \
              taken for the new one. It may accept a new SYN earlier, if the new sequence number or timestamp is greater than all old ones.\n\n\
              A client that has few ports left, because it opens many short connections to one server, or a NAT that has few for many clients, \
              takes up old ones soon (see handshake.ports-exhausted). Some programs bind to a fixed port.",
        worked: "    40000 > 80   SYN seq 1000, .., FIN    the first connection\n    \
                 40000 > 80   SYN seq 9,000,000        60 s later: a higher number, so no straggler of the first\n\n\
                 With 28,232 ports (Linux: 32768 to 60999) and 100 connections in a second each port comes again after 282 s.",
        advice: "If SYNs to such ports are not answered, see ss -s for the number of connections in TIME_WAIT. Keep connections open and use them \
                 again, or widen net.ipv4.ip_local_port_range.",
    },
    Lesson {
        rule: "handshake.ports-exhausted",
        title: "A host has no port left for a server",
        seen: "A host opened connections to one port of one server from every port of a range, and none of these ports was free again. Then it opened \
               nothing for a while, and went on with the same ports as they became free; or the range is all that its system takes ports from.",
        why: "A connection is known by both addresses and both ports. For connections to one port of one server a host has as many as it has ports of \
              its own, and it takes these from a range: Linux from 32,768 to 60,999, others from 49,152 to 65,535. Whoever closes first keeps its \
              port for a while (TIME_WAIT: Linux 60 seconds, the standard four minutes). A client that opens and closes connections quickly has \
              used them all before the first is free: then the program's connect fails (EADDRNOTAVAIL, cannot assign requested address), and \
              nothing of that is on the wire. A router that translates addresses can run out in the same way, for all hosts behind it.\n\n\
              It is inferred: a program that chooses its ports itself, and rests in between, looks the same.",
        worked: "Linux takes ports from 32,768 to 60,999, and each rests for 60 s:\n\n    \
                 28,232 / 60 s = 470 connections a second to one server and port, and no more",
        advice: "Keep connections open and use them again (keep-alive, a pool), or let the server close first. Otherwise widen \
                 net.ipv4.ip_local_port_range, allow net.ipv4.tcp_tw_reuse, or spread the connections over several addresses. To count what waits: \
                 ss -tan state time-wait.",
    },
    Lesson {
        rule: "handshake.port-scan",
        title: "A host tries the ports of another",
        seen: "A host called 20 ports of another or more, among them ten of services or more, and three of four at least were refused or not \
               answered.",
        why: "A port scan finds out what a host offers. Whoever uses a service knows its port and is answered; whoever looks for services calls \
              one port after the other. An open port answers with SYN/ACK, which the scanner mostly resets at once, before there is a \
              connection to be logged. A closed port answers with a reset. Where a firewall drops the SYN, nothing comes back.\n\n\
              It is inferred: an administrator's inventory looks the same as an attacker's first step, and only who it is tells one from the \
              other.\n\n\
              With UDP there is no SYN. A closed port is refused by ICMP (port unreachable); an open one answers only what it understands, so \
              that silence says little. It is told where ten of the ports or more are refused, or below 1024 where no client's own ports are.\n\n\
              Some scanners send no SYN, so that nothing is logged, but a segment with no flags, with FIN alone, or with FIN, PSH and URG. No \
              connection begins or goes on like that. A closed port resets it; an open one says nothing, and neither does a firewall.",
        worked: "          open                closed                          silent\n    \
                 TCP   SYN, then SYN/ACK   SYN, then RST                   SYN alone: filtered, or lost\n    \
                 UDP   data, then data     data, then ICMP type 3 code 3   data alone: open, or filtered\n    \
                 FIN   nothing             FIN, then RST                   FIN alone: open, or filtered",
        advice: "Ask who runs the scanner. Where nobody does, it is to be taken as an attack's beginning: see what the open ports answered \
                 afterwards (wirelore conversations), close what nobody needs, and let a firewall drop the rest.",
    },
    Lesson {
        rule: "handshake.host-scan",
        title: "A host tries one port of many hosts",
        seen: "A host called the same port of 20 hosts or more whose addresses are alike but for the last 8 bits, and three of four at least \
               refused or did not answer.",
        why: "A scan for one port finds out which hosts of a network offer a service. Worms spread so, and so do programs that look for printers \
              or for a weak password. Addresses of which nobody has most are no list that a program was given: it counts them.\n\n\
              It is inferred: an inventory, or a monitor of a network that was switched off, looks the same. On the scanner's own link most of \
              it is not seen as calls, but as questions for hardware addresses that nobody answers (subnet.unanswered).",
        worked: "    192.168.2.1  port 445   SYN, and nothing\n    \
                 192.168.2.2  port 445   SYN, and nothing\n    \
                 192.168.2.3  port 445   SYN, then RST: a host is there, and does not serve it\n    \
                 ..\n    \
                 192.168.2.20 port 445   SYN, then SYN/ACK: open\n\n\
                 20 hosts, and of four calls three at least in vain: a program with a list of servers knows better.",
        advice: "Ask who runs the scanner. Where nobody does, take the calling host off the network and see which program calls (ss -tnp). Then \
                 see what the hosts that took the call were sent: wirelore conversations.",
    },
    Lesson {
        rule: "handshake.half-open-probe",
        title: "A call whose answer is reset: no connection was made",
        seen: "A SYN, the SYN/ACK that answers it, and then a reset from who called, which has acknowledged nothing before. How often that came between the \
               same two is told at the end; where it is part of a scan, the scan is told alone.",
        why: "Who only wants to know whether a port is open, or how far away a host is, needs the answer and no connection: scanners (a SYN scan), \
              programs that trace the way by TCP, and some monitors. They send the SYN past their own system. That knows of no connection, and \
              resets the answer by itself.\n\n\
              The same is seen where a program has given up just before the answer came. An answer that does not acknowledge the number of the SYN \
              is none to it. The caller must reset that, and it is not told here.",
        worked: "    client > server   SYN                   is port 80 open?\n    \
                 server > client   SYN/ACK               it is\n    \
                 client > server   RST, without ACK      and that was all\n\n\
                 A handshake would end with an ACK: then there is a connection, and only then data.",
        advice: "Nothing is wrong for the server: its program never hears of the call. Where nobody should test that port, ask who runs the program \
                 that calls. Where a program gave up, look at how long the answer took: wirelore conversations.",
    },
    Lesson {
        rule: "handshake.syn-flood",
        title: "Many calls that nobody goes on with",
        seen: "A server gets a hundred SYNs or more, ten in a second or more and from ten addresses or more, each once. Three of four calls at \
               least end there: no acknowledgement follows, and no second SYN. Of a capture that shows nothing but SYNs it is told only from a \
               thousand in a second on, for a filter that keeps SYNs alone makes every server look so.",
        why: "A SYN costs its sender nothing, and the server keeps room for the connection until the third segment of the handshake comes or a \
              minute has passed. Who sends many SYNs from addresses that are made up fills that room, and who really calls is not served any \
              more. A client that is real goes on within the way there and back, and where it hears nothing it sends its SYN again after a \
              second: such calls are not counted.",
        worked: "A queue of 256 places, each kept for 63 s while the SYN/ACK is sent again after 1, 2, 4, 8 and 16 s:\n\n    \
                 256 / 63 s = about 4 SYNs in a second are enough to keep it full\n\n\
                 A SYN has 40 bytes of headers, so that is less than a modem of old can send.",
        advice: "On the server let SYN cookies be on (sysctl net.ipv4.tcp_syncookies = 1, which is usual): then it keeps nothing until the third \
                 segment comes. See how many half-open connections it has (ss -n state syn-recv). The addresses are mostly made up, so that \
                 blocking them helps little: ask the provider, who sees from which side they come.",
    },
    Lesson {
        rule: "handshake.half-open",
        title: "One end has forgotten the connection",
        seen: "After a silence one side says something on an open connection and is answered with a reset that acknowledges nothing; or one side \
               sends a SYN on it, and the other answers with the numbers of the old connection.",
        why: "One end restarted, or another machine took its place (a failover), or a firewall or NAT on the way removed the \
              connection because nothing was said for long. The other end was never told: it takes the connection for open until it says \
              something. A host answers what belongs to no connection that it knows with a reset, which takes its sequence number from the \
              segment's acknowledgement.\n\n\
              Where the one who forgot calls again from the same port, the other end does not believe the SYN at once: it answers with what it \
              knows (a challenge ACK), is told by a reset that this is over, and the next SYN is welcome.",
        worked: "    client              server\n    \
                 open, seq 1500      was started anew, and knows of nothing\n    \
                 100 bytes    >\n                 \
                 <      RST, with the number that the client expects: there is no such connection",
        advice: "If it happens after the same idle time each time (5, 30, 60 minutes), a firewall or NAT forgets: let the program send keep-alives \
                 more often than that. Otherwise see whether the server restarted.",
    },
    Lesson {
        rule: "handshake.peer-gone",
        title: "The other side does not answer any more",
        seen: "Several keep-alives in a row have no answer, and perhaps the connection is given up with a reset. Or the same bytes are sent three \
               times or more, a second or longer apart, and the receiver, which had answered before, says nothing at all any more.",
        why: "A keep-alive asks whether the other end still has the connection. A host that is up always answers: with an acknowledgement, or with \
              a reset if it knows nothing of it. So does a host that gets bytes. No answer at all means that it is gone, or that the way to it or back is cut.",
        worked: "Linux asks after two hours of silence, then 9 times, 75 s apart:\n\n    7200 s + 9 x 75 s = 7875 s, a little more than two hours and eleven minutes",
        advice: "Ping the other side and trace the way to it.",
    },
    Lesson {
        rule: "handshake.half-closed",
        title: "One direction is closed, the other stays open",
        seen: "One side has sent its FIN, the other has not for a minute or more, and nothing else is said.",
        why: "Each direction of a connection is closed by itself. It is in order to go on sending for a while after the other side has finished. But \
              where nothing is sent and nothing closed, the program on the open side has most likely not noticed: it did not close its socket \
              (CLOSE_WAIT), which costs it one more open file with each connection.",
        worked: "    client > server   FIN       the client has said everything\n    \
                 server > client   ACK       heard; its own direction stays open\n                                \
                 the client waits in FIN_WAIT_2, the server in CLOSE_WAIT\n    \
                 60 s and more     nothing",
        advice: "On the open side: ss -tn state close-wait. If the number grows, the program forgets to close what its peer has closed.",
    },
    Lesson {
        rule: "handshake.reset-data",
        title: "The connection was broken off while data was under way",
        seen: "One side sends a reset (RST) before it has acknowledged everything that it was sent, and neither had closed.",
        why: "A reset ends a connection at once, in both directions: what is under way is thrown away, and the program on the other side is told that \
              the connection was reset. It is sent when a program closes a socket that still has unread data, when it is killed or aborts on \
              purpose (a download that is cancelled), or by a firewall in the middle.\n\n\
              The note says how many bytes had been sent and not acknowledged. Whether the program had read them by then is not known; most often \
              it had not.",
        worked: "    server sent up to    4001\n    \
                 client acknowledged  1001\n    \
                 client > server      RST\n    \
                 lost                 3000 bytes: on the way, or thrown away as they arrived",
        advice: "Ask the program that reset why: its log at that time. If it knows nothing of it, compare the TTL of the reset with that of the host's \
                 other packets (hops.other-reset).",
    },
    Lesson {
        rule: "handshake.reset-late",
        title: "Data came after the receiver had closed",
        seen: "A side that had sent its FIN gets more data, and answers with a reset.",
        why: "Its program closed the socket: nobody is there to read. The operating system says so with a reset. Often what came late is of no \
              importance, such as the farewell of TLS. If it is part of an answer, the client closed too early.",
        worked: "    client > server   FIN           it will read no more, and has closed its socket\n    \
                 server > client   20 bytes      sent before it knew, or though it knew\n    \
                 client > server   RST           nobody is there to read them",
        advice: "Nothing, unless the program on the other side reports errors: then let the one that closes read until the end first.",
    },
    Lesson {
        rule: "handshake.reset",
        title: "The connection was broken off without being closed",
        seen: "One side sends a reset (RST), though neither had said that it was finished. All bytes that the other had sent were acknowledged.",
        why: "Some programs end every connection like that, to be rid of it at once (SO_LINGER with 0 seconds, many load balancers and scanners). An \
              operating system does it in a program's name if the program closes a socket with bytes that it has not read: they were acknowledged, \
              which says that the host has them, not that the program does.",
        worked: "    server sent up to   5005, and the client acknowledged 5005\n    \
                 client > server     RST\n\n\
                 Nothing was under way, so nothing of the server's is lost. Whether the program read it is another question.",
        advice: "If a program reports a reset by its peer, look at the last thing that it sent: did the peer's program read it?",
    },
    Lesson {
        rule: "handshake.reset-by-server",
        title: "The server broke the connection off in the midst of it",
        seen: "Who was called sends a reset (RST) less than two seconds after the last word, though neither side had said that it was finished. \
               What the client had sent was acknowledged.",
        why: "A server that has no more to say closes its side (FIN), and what it sent before arrives. A reset says that the connection is gone: \
              what is still on its way to the client, or waits there to be read, may be thrown away. Operating systems send it in the name of a \
              program that closes its socket though bytes wait in it that it has not read, or that crashed; some programs ask for it (SO_LINGER \
              with 0 seconds). A firewall or a balancer between both can do it too: hops.other-reset tells where that shows.\n\n\
              That bytes are acknowledged says that the server's system has them, not that its program has read them.",
        worked: "    6   0.094 ms   client > server   300 bytes\n    \
                 7   0.108 ms   server > client   ACK: its system has all 300\n    \
                 8   200.7 ms   server > client   5 bytes: the program has read some\n    \
                 10  200.9 ms   server > client   RST, and no FIN before: closed with bytes unread",
        advice: "Look at the server's log at this time: did the program end, or refuse the request before it had read it whole? A server that \
                 refuses a large upload must read it to its end, or close its sending side first and wait (shutdown, then read, then close).",
    },
    Lesson {
        rule: "handshake.reset-to-close",
        title: "A reset in place of a farewell",
        seen: "A reset (RST) after a FIN, when all bytes had been acknowledged.",
        why: "Both sides had everything that they wanted. Whoever sends the reset saves the last segments of the farewell and the minute of TIME_WAIT. \
              Web browsers and busy servers do it all the time.",
        worked: "    server > client   FIN   it has said everything\n    \
                 client > server   RST   all acknowledged: instead of ACK, FIN and a last ACK\n\n\
                 Three segments are saved, and the minute in TIME_WAIT.",
        advice: "Nothing is wrong.",
    },
    Lesson {
        rule: "handshake.closed",
        title: "Both sides have closed",
        seen: "Each side has sent a FIN.",
        why: "A FIN says: I have said everything. Each side says it for its own direction, and each FIN is acknowledged like a byte. When both are, the \
              connection is over.\n\n\
              Whoever closed first keeps the ports for a while (TIME_WAIT: 60 seconds with Linux). Its last acknowledgement may be lost, and \
              then the other's FIN comes again and must find somebody who acknowledges it; and stragglers must not be taken for a later connection \
              between the same ports.",
        worked: "    A > B   FIN   seq 500    \"I have said everything\"\n    \
                 B > A   ACK   ack 501    a FIN counts as one byte\n    \
                 B > A   FIN   seq 900\n    \
                 A > B   ACK   ack 901    A keeps the port for a minute or more, lest this last one be lost",
        advice: "A server that closes first collects thousands of connections in TIME_WAIT (ss -s). They do no harm; if they must go, let clients close.",
    },
];
