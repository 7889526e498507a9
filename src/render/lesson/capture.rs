//! Lessons on what is an artefact of where and how the capture was made.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "capture.checksum-offload",
        title: "Wrong checksums that the network card fills in later",
        seen: "Every checksum that one host sent is wrong, and every one that it received is right. Or the wrong ones hold the sum of the \
               addresses, the protocol and the length alone: that is what an operating system leaves for its card to complete.",
        why: "The capture was made on that host. Its operating system leaves checksums to the network card, and the capture shows packets \
              before the card has seen them. On the cable they are right.\n\n\
              Where such packets have passed a router already, nothing will fill them in: hosts, routers and the point of capture are on one virtual \
              network, which never computes checksums, as no cable is between them. The same holds inside one machine, where both ends leave \
              their sums unfinished.\n\n\
              Who receives much joins segments into larger ones, and leaves the sum of a joined one unfinished too: that says nothing of the \
              sender, and is not told.",
        worked: "What the system leaves in a TCP segment of 192.168.1.11 to 10.130.1.4, 40 bytes long: addresses, protocol and length, two \
                 bytes at a time:\n\n    \
                 c0a8 + 010b + 0a82 + 0104 + 0006 + 0028 = cd67   stands in the capture\n    \
                 the card adds all of the segment and turns the bits: that travels",
        advice: "Nothing is wrong. Whoever wants right checksums in captures switches the work of the card off while capturing:\n    \
                 ethtool -K eth0 tx off",
    },
    Lesson {
        rule: "capture.checksum-bad",
        title: "Packets whose checksum is wrong",
        seen: "Some packets of a host have a wrong checksum. Nothing says that its network card fills them in later \
               (capture.checksum-offload), and nobody acknowledged or answered them as they are (capture.checksum-changed).",
        why: "The checksum is the sum of all 16-bit words, in which a carry is added again, with all bits turned over. The receiver adds \
              everything and must get 65,535. If the result is another, something changed a bit after the sender computed the sum: a bad cable, \
              faulty memory, or a machine on the way that changed the packet and not the sum. The receiver throws the packet away in silence, \
              and TCP sends it again.",
        worked: "The words of an IPv4 header, without the sum itself, in hexadecimal digits:\n\n    \
                 4500 + 003c + 1c46 + 4000 + 4006 + c0a8 + 010b + 0a82 + 0104 = 1aec1\n    the carry 1 is added:      aec1 + 1 = aec2\n    \
                 with all bits turned over: 513d",
        advice: "See whether the wrong packets were sent again, and whether the host counts errors (ip -s link, nstat). Capture nearer to \
                 the sender: where the checksum is right there, the fault lies between the two places.",
    },
    Lesson {
        rule: "capture.checksum-changed",
        title: "Packets whose checksum is wrong in the capture alone",
        seen: "Some packets of a host have a wrong checksum, and their receiver acknowledged or answered them, with nothing sent again between.",
        why: "A receiver throws away what has a wrong checksum, and says nothing to it (RFC 1122 section 4.2.2.7). What it acknowledges has \
              come to it with a right one. So the bytes in the file are not those that it got: somebody put other addresses, another name or \
              another password into the capture and left the sums as they were, as is done before a capture is given to others. Or the sender's \
              network card fills in some checksums after the capture has seen the packet (capture.checksum-offload).",
        worked: "captures/checksum-changed.pcapng, whose status 200 was made 300 in the file:\n\n    \
                 frame 10  422 bytes from 1, checksum 0x7166; their sum says 0x7165\n    \
                 frame 11  ack 423: all 422 arrived, so their sum was right\n\n\
                 The word 0x2032 (\" 2\") became 0x2033 (\" 3\"), one more, so the checksum of the rest is one less.",
        advice: "Nothing was wrong on the wire. Do not trust what these packets say: it may be what was changed. editcap and tcprewrite can \
                 put right sums in (tcprewrite --fixcsum).",
    },
    Lesson {
        rule: "capture.checksum-limit",
        title: "Too many hosts to count the checksums of each",
        seen: "There are more hosts in the capture than are counted one by one, and some of the others sent wrong checksums.",
        why: "Whether a network card fills checksums in is only certain when all packets of a host were seen. Counting them takes memory, so \
              that it has a limit.",
        worked: "Of each host it is counted, for each of its protocols, how many checksums were right and wrong, sent and received. A scan \
                 of a network shows 65,536 hosts and more, and of most of them a single packet: from one packet nothing follows.",
        advice: "Read the capture with a filter for the host in question (host 192.0.2.1).",
    },
    Lesson {
        rule: "capture.segmentation-offload",
        title: "Segments larger than any that travel",
        seen: "A TCP segment has more bytes than its receiver said that it takes in one (its MSS), or more than fit into an Ethernet frame of \
               1500 bytes where it said nothing else.",
        why: "Cutting a stream into segments costs a computer time. So the operating system hands its network card one large piece, and the card \
              cuts it (segmentation offload). A capture on that computer sees the piece before it is cut. At the receiver the opposite \
              happens: several segments that came one after the other are joined before the capture sees them (receive offload).\n\n\
              On the cable all segments are of the usual size. The frame in the capture never was there as one.",
        worked: "A card that is handed 7240 bytes, where the receiver takes 1448 with its options:\n\n    \
                 7240 = 5 x 1448: five segments travel, and often five acknowledgements or fewer come back",
        advice: "Nothing is wrong. Do not take such frames for a wrong MTU. Whoever wants to see what is on the cable switches the work off \
                 while capturing:\n    ethtool -K eth0 tso off gso off gro off lro off",
    },
    Lesson {
        rule: "capture.cut-short",
        title: "Only the first bytes of frames were kept",
        seen: "A frame was longer on the wire than what the capture has of it.",
        why: "Whoever captures may keep only so many bytes of each frame (the snap length): it saves room, and keeps what people wrote out of \
              the file. Headers stand at the beginning, so that they are usually whole.\n\n\
              What came after the last byte that was kept is not known: contents of pages, names in long answers, and whether the checksum \
              of the whole is right.",
        worked: "With a snap length of 96 bytes, of a frame of 1514:\n\n    \
                 14   Ethernet   whole\n    \
                 20   IPv4       whole\n    \
                 32   TCP        whole, with its timestamps\n    \
                 30   of 1448 bytes of payload; 1418 are missing",
        advice: "Where the contents matter, capture again without a limit:\n    dumpcap -s 0 -w new.pcapng",
    },
    Lesson {
        rule: "capture.dropped",
        title: "The capture itself says that it lacks frames",
        seen: "The file's statistics count frames that came and are not in it.",
        why: "Frames wait in a buffer until the program that captures has written them down. Where they come faster than it writes, the buffer \
              is full and frames are dropped. The network did deliver them: only the record of them is missing.\n\n\
              So what looks like a loss in such a capture need not be one. Where a frame is missing whose bytes were acknowledged, it arrived.",
        worked: "The counters of an interface in the file (pcapng):\n\n    \
                 isb_ifrecv   41,202   frames came\n    \
                 isb_ifdrop    1,190   of them found no room: nearly 3 of 100",
        advice: "Capture with a filter, keep fewer bytes of each frame (-s 128), write to a faster disk, or give the capture a larger buffer \
                 (dumpcap -B 64).",
    },
    Lesson {
        rule: "capture.missed",
        title: "What arrived is not in the capture",
        seen: "One side acknowledges bytes that no frame of the capture has.",
        why: "An acknowledgement says that everything before a place of the stream has arrived. No host acknowledges what never came. So the \
              bytes did arrive, and the capture lacks them: it dropped frames because too many came, or some frames took another way that was not \
              captured.\n\n\
              This is no loss in the network. It limits what can be told: contents have holes, and a segment that seems to be missing may \
              only be missing here.",
        worked: "The last byte that was captured is number 2896, and the acknowledgement that comes next says 5793:\n\n    \
                 5793 - 2897 = 2896 bytes, two segments of 1448, arrived and are not in the file",
        advice: "See capture.dropped for how to lose fewer. Where both directions run over different cables or several queues, capture on all of \
                 them.",
    },
    Lesson {
        rule: "capture.begins-in-middle",
        title: "The connection is older than the capture",
        seen: "The first frame of a connection is no SYN.",
        why: "A connection begins with a SYN from each side, which tell the sequence numbers that the streams begin with, how large segments may \
              be, by how much window sizes are to be multiplied, and which options both sides understand. When the capture began these had \
              passed.\n\n\
              So wirelore counts bytes from the first that it sees, does not know how large windows really are, and infers who called whom \
              from the port numbers or from what is said.",
        worked: "A window of 501 in the header may be 501 bytes, or\n\n    501 x 128 = 64,128 bytes, where the SYN said to shift by 7 (2^7 = 128)",
        advice: "Where the beginning matters, start the capture first and the program then.",
    },
    Lesson {
        rule: "capture.ends-in-middle",
        title: "The capture ended before the connections did",
        seen: "Connections are open in the last frame of the capture: neither side has said that it is finished, and nobody reset them.",
        why: "The capture was stopped. What these connections said later is not known; that an answer or an end is missing is no fault of theirs.",
        worked: "    conversation over    FIN and FIN, each acknowledged; or RST\n    \
                 open at the end      SYN, SYN/ACK, ACK, data, and then the last frame of the file",
        advice: "Where the end matters, wait for it before you stop the capture.",
    },
    Lesson {
        rule: "capture.one-way",
        title: "Only one direction was captured",
        seen: "One side of a connection sends data, which nobody does before the other has answered; but no frame of the other is in the capture.",
        why: "Packets of one conversation may take different ways there and back, or run over two cables of which one was tapped. A filter that \
              names a source has the same effect.\n\n\
              Of such a connection little can be told: neither round-trip times nor losses, nor what was answered.",
        worked: "    1   client > server   SYN   seq 1000\n    \
                 2   client > server   ACK   seq 1001   ack 7001\n    \
                 3   client > server   18 bytes\n\n\
                 That frame 2 acknowledges 7001 shows that the server sent a SYN with 7000: it is the capture that lacks it.",
        advice: "Capture on the host itself, or on both cables. Check the filter: host 192.0.2.1 takes both directions, src host 192.0.2.1 one.",
    },
    Lesson {
        rule: "capture.copies",
        title: "A packet was captured twice",
        seen: "Two frames a moment apart hold the same packet: addresses, ports, numbers and identification are equal.",
        why: "The packet was sent once and seen at two places: when it came into a router and when it left it (then its TTL is one less), on two \
              interfaces of one host, or on two ports of a switch that are copied to the same capture.\n\n\
              Where nothing differs at all, the network itself may have delivered it twice, as a bridge or a radio link does that believes its \
              first try failed. Then the receiver has both, and may say so: its next acknowledgement names bytes that it had before (D-SACK, \
              RFC 2883).\n\n\
              It is no retransmission: wirelore counts such a frame as a copy, and its bytes once.",
        worked: "A packet before and after a router:\n\n    before  TTL 64  from 02:00:c0:a8:01:0b\n    after   TTL 63  from 02:00:0a:19:01:41",
        advice: "Nothing is wrong. Capture on one interface, or remove copies that are equal to the last byte: editcap -d in.pcapng out.pcapng",
    },
    Lesson {
        rule: "capture.time-backwards",
        title: "Frames are not in the order of their times",
        seen: "A frame has an earlier time than the one that stands before it in the file.",
        why: "The clock of the computer was set back while it captured, several processors or interfaces wrote into one file, or files were put \
              together one after the other. How long something took from one side of such a place to the other cannot be told.",
        worked: "    frame 7   12:00:05.000\n    \
                 frame 8   12:00:04.500   half a second before frame 7\n\n\
                 From 7 to 8 \"-500 ms\" passed. What it really was nobody can tell from this file.",
        advice: "Where the frames were only written in another order, sort them: reordercap in.pcapng out.pcapng. Where the clock was set, \
                 times before and after cannot be compared.",
    },
    Lesson {
        rule: "capture.coarse-times",
        title: "The clock of the capture has large steps",
        seen: "All times are multiples of one millisecond, ten milliseconds or a second, or all are the same.",
        why: "Some devices and programs that write captures have no finer clock, or none at all. What is shorter than its step cannot be told \
              from nothing: round-trip times, the order of what happened at once, and how long somebody waited.",
        worked: "Two frames 3 ms apart, with a clock that ticks every 10 ms:\n\n    1.000 and 1.003 both become 1.000; 1.009 and 1.012 become 1.000 and 1.010",
        advice: "Capture on a computer of which the clock is finer.",
    },
];
