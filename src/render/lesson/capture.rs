//! Lessons on what is an artefact of where and how the capture was made.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "capture.checksum-offload",
        title: "Wrong checksums that the network card fills in later",
        seen: "Every checksum that one host sent is wrong, and every one that it received is right. Often the wrong ones hold the sum of the \
               addresses alone.",
        why: "The capture was made on that host. Its operating system leaves checksums to the network card, and the capture shows packets \
              before the card has seen them. On the cable they are right.",
        worked: "",
        advice: "Nothing is wrong. Whoever wants right checksums in captures switches the work of the card off while capturing:\n    \
                 ethtool -K eth0 tx off",
    },
    Lesson {
        rule: "capture.checksum-bad",
        title: "Packets whose checksum is wrong",
        seen: "Some packets of a host have a wrong checksum and others have a right one.",
        why: "The checksum is the sum of all 16-bit words, in which a carry is added again, with all bits turned over. The receiver adds \
              everything and must get 65,535. Where it does not, a bit was changed after the sender computed the sum: by a bad cable, faulty \
              memory, or a machine on the way that changed the packet and not the sum. The receiver throws the packet away in silence, \
              and TCP sends it again.",
        worked: "    4500 + 003c + .. = 2c6ef, the carry 2 is added: c6f1, turned over: 390e",
        advice: "See whether the wrong packets were sent again, and whether the host counts errors (ip -s link, nstat). Capture nearer to \
                 the sender: where the checksum is right there, the fault lies between the two places.",
    },
    Lesson {
        rule: "capture.checksum-limit",
        title: "Too many hosts to count the checksums of each",
        seen: "There are more hosts in the capture than are counted one by one, and some of the others sent wrong checksums.",
        why: "Whether a network card fills checksums in is only certain when all packets of a host were seen. Counting them takes memory, so \
              that it has a limit.",
        worked: "",
        advice: "Read the capture with a filter for the host in question (host 192.0.2.1).",
    },
];
