//! Lessons on what TCP sent again, and why it waited.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "loss.lost",
        title: "A segment was lost on the way",
        seen: "Bytes were sent again and acknowledged then, and nothing says that the first copy arrived.",
        why: "A router whose queue is full throws packets away: that is how networks say that there is too much. A radio link garbles some. TCP \
              notices, because the receiver acknowledges only what came without a gap, and sends the missing bytes again.\n\n\
              Where the first copy is in the capture it was lost behind the point of capture, on the side of the receiver. Where it is not, and the \
              receiver asked for it, it was lost before that, on the side of the sender. The receiver names the gap: by acknowledging the \
              same number again and again, and with SACK by the blocks that it has after the gap.\n\n\
              This is inferred: a capture that dropped the frame itself would look alike. So wirelore says nothing of the losses of a side where \
              the capture lacks what was acknowledged (capture.missed).",
        worked: "A receiver has 1 to 4344 and 5793 to 7240, with segments of 1448 bytes:\n\n    ACK 4345, SACK 5793-7241\n    \
                 missing: 4345 to 5792 = 1448 bytes, one segment",
        advice: "A loss now and then is how TCP finds its speed. If it is more than one in a hundred, capture at both ends to find the side, and look \
                 for errors and drops: ip -s link, ethtool -S, and what the switches count.",
    },
    Lesson {
        rule: "loss.acknowledgement-lost",
        title: "The acknowledgement was lost, not the data",
        seen: "Bytes were sent again, though the first copy had arrived: the receiver reports a second copy in its first answer, or its \
               acknowledgement is in the capture long before the sender repeats.",
        why: "Acknowledgements are lost like other packets. It does little harm, because the next one says the same and more. Only where no next one \
              comes, at the end of a message, the sender waits for its timer and sends again.\n\n\
              A receiver that understands SACK says that something came twice: the first block of the option names bytes that it has acknowledged \
              already (D-SACK).",
        worked: "The acknowledgement is 301, and the first SACK block says 1-301: bytes 1 to 300 came twice.",
        advice: "Look for losses on the way back, from the receiver to the sender. That way may be another one.",
    },
    Lesson {
        rule: "loss.spurious",
        title: "Sent again for nothing",
        seen: "Bytes were sent again, and both copies arrived, or the acknowledgement of the first was on its way.",
        why: "A sender waits for so long before it sends again as the way there and back usually takes, and some more. Where the way suddenly takes \
              longer (a radio link that pauses, a queue that fills) the acknowledgement comes after the timer ran out. Where packets overtake each \
              other, the receiver seems to ask for what is only late.\n\n\
              Four things prove it: the receiver reports a second copy (D-SACK); the acknowledgement echoes a timestamp that is older than the \
              second copy (Eifel); it comes sooner than the second copy could have been answered; or it stands in the capture just before the \
              second copy.",
        worked: "The way there and back takes at least 50 ms, and the acknowledgement comes 3 ms after the second copy:\n\n    \
                 3 ms < 50 ms / 2: it is the answer to the first",
        advice: "Nothing was lost, but the sender slowed down for it. Look at what delays packets: round-trip times that jump point at a queue that is \
                 too long, or at a radio link.",
    },
    Lesson {
        rule: "loss.fast-retransmit",
        title: "Three duplicate acknowledgements ask for a segment",
        seen: "A receiver acknowledged the same place at least three times more, and the sender sent what stands there again at once.",
        why: "A receiver acknowledges each segment that comes after a gap by the number where the gap begins. One or two such duplicates may mean \
              that packets overtook each other. After three the sender takes the segment for lost, and does not wait for its timer, which takes \
              200 ms or more. With SACK it also knows which bytes did arrive, and sends only the others.",
        worked: "    sent           1001, 2001, 3001, 4001, 5001   a thousand bytes each; 2001 is lost\n    \
                 acknowledged   2001   (for 1001)\n                   \
                 2001   for 3001: still 2001\n                   \
                 2001   for 4001\n                   \
                 2001   for 5001: the third time the same\n    \
                 sent           2001, at once\n\n\
                 A timer would have waited 200 ms or more.",
        advice: "Nothing at one place: this is how TCP mends a loss without a pause. Where it happens often, see what loses segments: \
                 loss.lost says on which side of the capture.",
    },
    Lesson {
        rule: "loss.timeout",
        title: "The same bytes again and again, with growing waits",
        seen: "A segment was sent again several times, and each wait was longer than the one before.",
        why: "Nothing came back that would say what arrived, so that only the timer is left. It starts at the usual time there and back and some \
              more (at least 200 ms with Linux). It doubles each time, lest a network that delivers nothing be given still more. Linux gives up \
              after 15 times, about a quarter of an hour.\n\n\
              Either the way is cut, or the other end is gone, or what is sent does not fit: where small segments pass and large ones never do, see \
              the path-MTU black hole among the lessons on mtu.",
        worked: "    200 ms, 400 ms, 800 ms, 1.6 s, 3.2 s ..: together 6.2 s after five times",
        advice: "Ping the other end, then with full-sized packets that must not be cut: ping -M do -s 1472 HOST. See whether anything else from there \
                 arrives in the same seconds.",
    },
    Lesson {
        rule: "loss.tail-probe",
        title: "The last segment as a question",
        seen: "The last segment that was sent is sent again while others before it are not acknowledged either, and no duplicate acknowledgement had come.",
        why: "If the end of a message is lost, nothing follows that would make the receiver ask for it, and the sender would have to wait for its timer. So \
              after about two times the way there and back it sends its last segment once more. The answer tells what arrived, and the rest \
              can be sent again at once (tail loss probe, part of RACK-TLP).",
        worked: "    sent       1001, 2001, 3001; the last two are lost, and nothing comes behind them that would show it\n    \
                 wait       twice the way there and back, and no acknowledgement\n    \
                 sent       3001 again: the answer says that 2001 is missing\n\n\
                 With 20 ms there and back it takes 40 ms, where a timer would take 200 ms or more.",
        advice: "Nothing: it saves a long wait. That the last segments were lost is worth a look: loss.lost.",
    },
    Lesson {
        rule: "loss.out-of-order",
        title: "A segment was overtaken",
        seen: "A segment came after others that were sent later: the identification of its packet or its timestamp says so, or it came sooner than \
               anything could that the receiver asks for.",
        why: "Packets of one connection may take different ways, or wait in different queues, so that a later one arrives first. The receiver puts \
              them in order by their numbers. Also the capture itself may swap neighbours, where several processors take packets.\n\n\
              If it is three places or more, the sender may take it for a loss and send again for nothing.",
        worked: "    captured   1001   3001   2001    4001\n    \
                 expected   1001   2001   3001    4001\n\n\
                 2001 came one place late. If it comes three places late, the receiver has said three times that it is missing, and it is \
                 sent again for nothing.",
        advice: "Nothing, unless it happens often: then look for links that are shared packet by packet rather than connection by connection.",
    },
    Lesson {
        rule: "loss.zero-window",
        title: "The receiver's program is too slow",
        seen: "A side says that it has room for 0 bytes more, and opens its window later, or never.",
        why: "What arrives waits in the receiver's memory until its program reads it. With each acknowledgement the host says how much room is left (the \
              window). When it is 0 the sender must stop. Now and then it asks whether there is room, with a probe.\n\n\
              The network is not the cause: everything arrived. The program on that side does something else instead of reading.",
        worked: "    buffer                    65,535 bytes\n    \
                 arrived, and not read     65,535 bytes\n    \
                 window told               65,535 - 65,535 = 0: send no more\n    \
                 the program reads 40,000: window 40,000, the sender goes on",
        advice: "Find out what the program at the full side waits for: a disk, a database, a lock. On Linux ss -tmi shows what waits in Recv-Q. If it reads \
                 as fast as it can, larger buffers only delay the moment.",
    },
    Lesson {
        rule: "loss.nagle-delayed-ack",
        title: "Two savings that wait for each other",
        seen: "A small segment, then nothing for 40 ms (or 200 ms) until its acknowledgement comes alone, then at once the next small segment, and only \
               then an answer.",
        why: "Nagle's algorithm spares the network small segments: as long as one is not acknowledged, a sender keeps what is less than a full \
              segment. The delayed acknowledgement spares it empty ones: a receiver waits a little whether it has something to send back anyway.\n\n\
              A program that writes a message in two parts and then waits for the answer meets both: the second part waits for the acknowledgement of the \
              first, and the receiver, whose program waits for the second part, has nothing to acknowledge it with until its timer runs out. Each \
              message costs 40 ms with Linux, 200 ms with others, however fast the network is.",
        worked: "With one message after the other:\n\n    1 s / 40 ms = 25 messages in a second at most\n    1 s / 0.2 ms = 5000 without the wait",
        advice: "In the sender: write the whole message at once (one buffer, writev), or switch the algorithm off with TCP_NODELAY.",
    },
    Lesson {
        rule: "loss.keep-alive",
        title: "A keep-alive is no loss",
        seen: "A segment with no data, or one byte, whose sequence number is one before what comes next.",
        why: "A host asks whether the other end still has the connection. It sends the number of a byte that is acknowledged already, which the other \
              must answer with what it expects. It looks as if a byte were sent again, and is none.\n\n\
              Programs switch it on to notice that the other end is gone, or to keep firewalls and NATs from forgetting a connection on which nothing is \
              said.",
        worked: "The next byte has number 301, the keep-alive says 300, and the answer: ACK 301",
        advice: "Nothing is wrong. Where they come every few seconds, a program set the time short, which keeps radios of phones awake: \
                 minutes are enough for most firewalls.",
    },
    Lesson {
        rule: "loss.summary",
        title: "What was sent again, and why",
        seen: "A side sent several segments of a connection again; the note counts them by their cause when the connection is over.",
        why: "One loss is told in full (loss.lost, loss.acknowledgement-lost, loss.spurious); the others of the same kind are counted. What was never \
              acknowledged has no cause that the capture would show.",
        worked: "5 segments again of 500 frames:\n\n    5 / 500 = 1 in 100. Where losses limit it, TCP's speed falls with the root of that:\n    \
                 at 4 in 100 it is half, as the root of 4 is 2",
        advice: "See the lessons of the causes that are counted.",
    },
];
