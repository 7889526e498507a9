//! The lesson on logins.

use super::Lesson;

/// The lessons.
pub(super) const LESSONS: &[Lesson] = &[Lesson {
    rule: "login.in-clear",
    title: "Who logs in to mail, files or a terminal can be read on the way",
    seen: "A client says a password over a connection that is not encrypted: PASS in FTP and POP3, LOGIN in IMAP, AUTH with PLAIN or LOGIN in \
           SMTP, or what is typed behind the prompt of Telnet. Where everybody is let in (anonymous FTP) it is no secret, and nothing is said.",
    why: "These languages are from a time when all who had access to a network knew each other. Everybody on the way can read the password: \
          whoever runs a wireless network, a router, a provider. Who has read it can log in, and where it is used for other things too, there \
          as well. Base64, which mail uses, is no encryption: it only writes bytes with letters, and everybody can undo it.",
    worked: "    C: AUTH PLAIN AGFubmEAc2VjcmV0\n\n    AGFu     bmEA     c2Vj     cmV0\n    . a n    n a .    s e c    r e t      (. is the byte 0)",
    advice: "Use the encrypted form: POP3 on port 995, IMAP on 993, mail submission on 465, or STARTTLS before the login; SFTP or HTTPS instead \
             of FTP; SSH instead of Telnet. Change the password: consider it known. wirelore shows the name and never the password in a note, \
             but the bytes are in the capture: take care whom you give it to.",
}];
