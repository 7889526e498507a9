//! Lessons on wireless networks: who is not let in.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "wireless.keys-failed",
        title: "A station and an access point do not agree on keys: most likely a wrong passphrase",
        seen: "The access point sends the first of the four messages that agree on keys, the station answers with the second, and the access point \
               begins again with the first. That repeats, until the access point sends the station away. The third message never comes.",
        why: "In a network with a passphrase (WPA, WPA2) nobody says the passphrase. Both ends make a key of it and of the network's name, and of \
              that and two random numbers the keys of this connection. The first message brings the access point's number, the second the \
              station's, with a check (MIC) that only who has the same key can make. Where the check does not fit, the access point may not \
              say so, which would help who guesses: it keeps silent, waits for a second, and begins again. After some rounds it sends the \
              station away (reason 15, the handshake took too long, or 2, the authentication is not valid).\n\n\
              It is inferred: where every second message is lost on the air between both, though it was captured, the same is seen. That is rare.",
        worked: "    message 1   access point > station   its random number\n    \
                 message 2   station > access point   its random number, and a check by its key\n    \
                 message 3   access point > station   the key for groups: only if the check fits\n    \
                 message 4   station > access point   done\n\n\
                 A network that works shows 1, 2, 3, 4. Here it is 1, 2, then 1, 2 again, each a second later:\n\n    \
                 8   0.000 s   1      9   0.003 s   2\n    \
                 10  1.001 s   1      11  1.003 s   2\n    \
                 12  2.002 s   1      13  2.004 s   2\n    \
                 14  3.003 s   1      15  3.006 s   2      16  sent away",
        advice: "Type the passphrase anew on the station; mind capital letters, and that it is this network's. Let the station forget the network \
                 first, so that it does not use the old one. Where the passphrase is right, look whether the access point wants WPA3 and the \
                 station speaks WPA2, and whether a filter of hardware addresses keeps it out.",
    },
    Lesson {
        rule: "wireless.refused",
        title: "An access point does not let a station in",
        seen: "The access point answers a request to authenticate or to associate with a status that is not 0.",
        why: "A station joins a wireless network in steps: it finds the access point, authenticates (in most networks a formality, in networks \
              with WEP keys or WPA3 the proof of the key), associates, and only then sends data. The access point can say no at both steps, \
              and its answer has a number that says why: the key does not fit (15), it has no room (17), it does not know the way of \
              authentication (13), or the station lacks something that the network asks for.",
        worked: "The body of an authentication is three numbers of two bytes, the lower byte first:\n\n    \
                 01 00   algorithm 1: with a shared key\n    \
                 04 00   the fourth message: the answer\n    \
                 0f 00   status 15: the challenge was not answered with the right key\n\n\
                 Status 0 would be a yes.",
        advice: "Take the number for what it says: with 15 look at the key, with 17 at how many stations the access point may have, with 13 and 40 \
                 to 43 at the kinds of encryption that both are set to. Where the station finds another access point of the same network and \
                 gets in there, this is how busy networks spread their stations, and nothing has to be done.",
    },
];
