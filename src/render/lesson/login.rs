//! Lessons on logins.

use super::Lesson;

/// The lessons.
pub(super) const LESSONS: &[Lesson] = &[
    Lesson {
        rule: "login.in-clear",
        title: "Who logs in to mail, files or a terminal can be read on the way",
        seen: "A client says a password over a connection that is not encrypted: PASS in FTP and POP3, LOGIN in IMAP, AUTH with PLAIN or LOGIN in \
           SMTP, or what is typed behind the prompt of Telnet. Where everybody is let in (anonymous FTP) it is no secret, and nothing is said.",
        why: "These languages are from a time when all who had access to a network knew each other. Everybody on the way can read the password: \
          whoever runs a wireless network, a router, a provider. Who has read it can log in, and where it is used for other things too, there \
          as well. Base64, which mail uses, is no encryption: it only writes bytes with letters, and everybody can undo it.",
        worked: "    C: AUTH PLAIN AGFubmEAc2VjcmV0\n\n    AGFu     bmEA     c2Vj     cmV0\n    . a n    n a .    s e c    r e t      (. is the byte 0)",
        advice: "Use the encrypted form: POP3 on port 995, IMAP on 993, mail submission on 465, or STARTTLS before the login; SFTP or HTTPS instead \
             of FTP; SSH instead of Telnet. Change the password: consider it known. wirelore shows the name and never the password in a note or a story, \
             but the bytes are in the capture: take care whom you give it to.",
    },
    Lesson {
        rule: "login.link-in-clear",
        title: "Who logs in to a line can be read on it",
        seen: "A station on a PPP link, such as a modem on a DSL line (PPPoE), says its name and its password as they are (PAP).",
        why: "PPP can ask who is at the other end before it lets packets pass. With PAP the station says a password, which everybody on the line can \
          read. On a cable between two machines nobody else is; but PPPoE runs on an Ethernet, and behind a DSL line often on a network that \
          many share. CHAP does not have that: the other side sends a random number, and the station answers with a digest of it and the \
          password. The password says whose line it is, and often opens the provider's mail and accounts too.",
        worked: "    01 01 00 1c   a request, its number, 28 bytes\n    \
             0e            14 bytes of name\n    \
             68 31 40 69 73 70 2e 65 78 61 6d 70 6c 65   h 1 @ i s p . e x a m p l e\n    \
             08            8 bytes of password, in clear",
        advice: "Let the station offer CHAP alone (in pppd: refuse-pap), where the provider allows it. Consider the password known to whoever had \
             this capture, and use it for nothing else.",
    },
    Lesson {
        rule: "login.link-refused",
        title: "Who takes in a line does not let somebody in",
        seen: "The answer to a login over PPP, or to EAP on a LAN, is a no: code 3 of PAP, 4 of CHAP, 4 of EAP.",
        why: "The name or the password is not what the other side knows, the account is closed, or it is in use elsewhere. No packet passes until \
          a login succeeds: no address is given, and nothing else works.",
        worked: "    c2 23         CHAP\n    \
             04            code 4: failure (3 would be: success)\n    \
             07            the number of the challenge that it is about\n    \
             00 25         37 bytes, of which 33 are words for who looks into the log",
        advice: "Compare name and password with what the provider wrote; mind what stands behind the @. Read the words of the refusal \
             (wirelore read -v). Where they were right yesterday, ask the provider.",
    },
];
