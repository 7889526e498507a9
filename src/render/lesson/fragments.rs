//! Lessons on datagrams that came in fragments.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "fragments.incomplete",
        title: "A datagram never became whole",
        seen: "Some fragments of a datagram are in the capture and others are not. The note names the bytes that are missing.",
        why: "A datagram that is too large for a link is cut into fragments, and each travels by itself. Nobody sends a single fragment \
              again: where one is lost, the receiver waits (Linux: 30 seconds, with IPv6 60) and throws the others away. What the \
              datagram was part of has to be sent again as a whole, by whoever notices.\n\n\
              A firewall that lets only fragments with port numbers pass does the same harm: the numbers stand in the first fragment \
              alone. And a capture may lack fragments that did arrive, where it began or ended in between or dropped frames.",
        worked: "Each fragment says where its bytes stand. 1480 and 1480 bytes, and the last one from 2960 on:\n\n    \
                 bytes    0-1479   came\n    bytes 1480-2959   missing: the datagram is lost\n    bytes 2960-3202   came",
        advice: "Capture at the receiver as well and see whether the fragment arrives there. Send less in a datagram (DNS: an EDNS size of \
                 1232), or let the sender find out what fits (path MTU discovery).",
    },
    Lesson {
        rule: "fragments.cut-by-capture",
        title: "The capture lacks what the network may have delivered",
        seen: "All fragments of a datagram are in the capture, but not all of their bytes; or the capture ends, or begins, between the fragments of a \
               datagram.",
        why: "A capture with a snap length keeps only so many bytes of each frame: the receiver got them all, and only whoever reads the capture \
              cannot put the datagram together. And a capture that is switched on or off while a datagram is under way has only some of its \
              fragments. Neither says anything about the network.\n\n\
              The end of the capture is taken for the reason where its very last fragment came less than a tenth of a second before it; its \
              beginning where a fragment is its first frame.",
        worked: "A datagram of 3008 bytes in three fragments, captured with a snap length of 1000:\n\n    \
                 fragment   bytes of it   in the capture\n    \
                 1          0 - 1479      0 - 965\n    \
                 2          1480 - 2959   1480 - 2445\n    \
                 3          2960 - 3007   whole\n\n\
                 All three arrived, and 1028 bytes were not kept.",
        advice: "Capture whole frames (dumpcap -s 0, tcpdump -s 0, which are the defaults), and a moment longer.",
    },
    Lesson {
        rule: "fragments.given-up",
        title: "Many datagrams never became whole",
        seen: "More datagrams lack fragments than are told one by one, or fragments were put away because they waited too long or because \
               there were too many of them.",
        why: "What waits for its missing fragments takes memory, so that there is a limit to how many wait and for how long. Fragments \
              whose datagram never becomes whole are also a way to attack a receiver: they fill its memory.",
        worked: "The limit is on the bytes that wait and on the number of datagrams. A flood of first fragments whose rest never comes:\n\n    \
                 280,000 fragments of 1400 bytes = 392 MB, of which nothing ever becomes whole",
        advice: "If the sender is one that you know, find out where its fragments are lost. If there are many senders that nobody knows, \
                 drop fragments before they reach the host.",
    },
    Lesson {
        rule: "fragments.conflict",
        title: "The same place of a datagram has two versions",
        seen: "Two fragments cover the same bytes of a datagram, and the bytes differ.",
        why: "No program that works does this. It is how an attack is hidden: what inspects the traffic reads one version, and the receiver \
              the other. With IPv4 systems differ in which of the two they use; wirelore uses what came first and shows both. With IPv6 \
              the whole datagram is thrown away (fragments.dropped).",
        worked: "    fragment 1   bytes 0 - 23     \"GET /index.html HTTP/1.1\"\n    \
                 fragment 2   bytes 16 - 39    \"/secret ..\" for bytes 16 - 23, where the first has \"HTTP/1.1\"\n\n\
                 A receiver that keeps what came first, and one that takes what came last, read two requests.",
        advice: "Compare both versions. Look at where the frames come from: the hardware address, the time to live and the identification of \
                 the forged fragment often differ from the others.",
    },
    Lesson {
        rule: "fragments.dropped",
        title: "IPv6 throws away a datagram whose fragments overlap",
        seen: "Fragments of an IPv6 datagram cover the same bytes, and are no exact copies of each other.",
        why: "The standard forbids it, because overlaps serve nothing but attacks: a receiver drops the whole datagram, with all fragments \
              of it that come later.",
        worked: "    fragment 1   bytes 0 - 47\n    \
                 fragment 2   bytes 40 - 83   8 bytes, 40 to 47, are in both\n\n\
                 IPv4 leaves it to the receiver which of them counts. IPv6 says: none of the datagram.",
        advice: "See who sends them. Nothing of the datagram reaches the program that it is for.",
    },
    Lesson {
        rule: "fragments.repeated",
        title: "Fragments came twice",
        seen: "Fragments hold bytes that came before, and the bytes are the same.",
        why: "The network delivered a fragment twice, or the capture saw it at two places. It harms nobody: the bytes are used once.",
        worked: "    fragment 1   bytes 0 - 47     new\n    \
                 fragment 1   bytes 0 - 47     again, the same: nothing is done with it\n    \
                 fragment 2   bytes 48 - 107   the datagram is whole",
        advice: "Nothing, where it is now and then. Where every frame comes twice, the capture was made at two places of the same way \
                 (capture.copies).",
    },
    Lesson {
        rule: "fragments.overlaps",
        title: "Fragments cover bytes that came before, with others",
        seen: "More fragments of the capture have other bytes for a place than the fragment that came first than are told one by one.",
        why: "See fragments.conflict and fragments.dropped: the note counts what those lessons tell of one by one.",
        worked: "    bytes 0 - 23   came first, and are used\n    \
                 bytes 16 - 39  8 of them, 16 to 23, were there and differ\n    \
                 counted        1 fragment with 8 bytes that differ",
        advice: "wirelore explain fragments.conflict",
    },
    Lesson {
        rule: "fragments.refused",
        title: "Fragments that no receiver can use",
        seen: "A fragment is empty, has a length that is no multiple of 8 though more follow, or reaches beyond the end of what a packet may be.",
        why: "The place of a fragment is counted in units of 8 bytes, so that every fragment but the last has a multiple of 8, and no packet is \
              longer than 65,535 bytes. A fragment that breaks these rules was made by a faulty program, was damaged, or is an attack (the \
              ping of death was one that ends beyond 65,535).",
        worked: "The place has 13 bits and counts eights:\n\n    8191 x 8 = 65,528 is the last place; 65,528 + 1480 = 67,008 is too long",
        advice: "See who sends it. wirelore does not use such a fragment, and says so.",
    },
];
