//! Lessons on HTTP: what was asked, what was answered, and what took the time.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "http.status",
        title: "What a status says",
        seen: "The first line of each answer has a number of three digits. The note says what it means, once for each number.",
        why: "The first digit tells the kind: 1 is word that more is to come, 2 is success, 3 means that more is to be done, 4 that the client did \
              something that the server does not accept, 5 that the server failed. The words after the number are for people; programs \
              read the number alone.",
        worked: "    HTTP/1.1 404 Not Found\n             \
                 |\n             \
                 4   the first digit is the class:\n                 \
                 1 wait, 2 done, 3 look elsewhere, 4 the client's mistake, 5 the server's\n\n\
                 A client that does not know 418 treats it as 400.",
        advice: "Nothing for 2xx and 3xx. For 4xx look at the request: the path (404), the login (401, 403), its form (400). For 5xx look \
                 into the server's log at this time.",
    },
    Lesson {
        rule: "http.server-error",
        title: "The server says that it failed",
        seen: "An answer has a status from 500 to 599.",
        why: "The request was understood and the server, or one behind it, could not do it. 502 and 504 come from a gateway: it stands before \
              the server that does the work, and that one answered wrongly or not in time. 503 is said by a server that has too much to do.",
        worked: "    500   a program failed, and did not say how\n    \
                 502   the gateway in front got no sense from the server behind it\n    \
                 503   not now: too busy, or switched off for work; Retry-After says when\n    \
                 504   the gateway waited for the server behind it in vain",
        advice: "The network did its work: look into the log of the server, at this time and for this URL. For 502 and 504 capture between \
                 the gateway and the server behind it.",
    },
    Lesson {
        rule: "http.redirect",
        title: "What was asked for is elsewhere",
        seen: "The status is 301, 302, 303, 307 or 308, and the header Location says where to go.",
        why: "A page has moved, or a site wants to be called by another name, or over an encrypted connection. The client asks again, at \
              the new place: one more round trip, and where the name is another one also a look-up and a connection. Location may be a \
              part of a URL; it is completed from the URL that was asked for.",
        worked: "    asked for   http://www.example.com/old\n    Location    /new\n    together    http://www.example.com/new",
        advice: "Use the new URL in links and programs: each redirect costs time.",
    },
    Lesson {
        rule: "http.redirect-followed",
        title: "The client follows a redirect",
        seen: "The client that was sent elsewhere asks for the URL that it was sent to.",
        why: "Programs follow redirects by themselves. That the request is made because of the redirect is inferred: it is the same client, \
              and it asks for just this URL after it was told.",
        worked: "    GET http://www.example.com/old\n    \
                 301, Location: /new\n\n\
                 /new is taken with the request's own scheme and host: http://www.example.com/new. It costs one way there and back, and a \
                 look-up and a connection more where the host is another.",
        advice: "Nothing for one step. Where a page takes several, let the links point to where the last one leads, and the server send \
                 there at once: http and without www, to https and with www, in one redirect.",
    },
    Lesson {
        rule: "http.redirect-loop",
        title: "Redirects go round in a circle",
        seen: "A redirect leads to a URL that the same chain of redirects has led to before, for the second time.",
        why: "Two rules of a server contradict each other: one sends everybody from a to b, the other from b to a. Often one of them is \
              about http and https, and a gateway in between makes one of the other. The client gives up after some rounds (browsers after \
              20).",
        worked: "    /      > /login   not logged in\n    \
                 /login > /        logged in: so says another part of the program\n    \
                 /      > /login   seen before: a circle\n\n\
                 Browsers give up after about 20.",
        advice: "Look at the Locations in turn, and at what the server believes about who asks and how (the headers X-Forwarded-Proto, Host, \
                 a cookie that is not sent back).",
    },
    Lesson {
        rule: "http.keep-alive",
        title: "A connection is used again",
        seen: "A second request goes over a connection that had one before.",
        why: "To open a connection takes a packet there and one back before the first byte of a request can leave. With HTTP/1.1 a connection \
              stays open after an answer, so that the next request needs no handshake, and TCP already knows how fast it may send.",
        worked: "A server that is 80 ms away, ten small files:\n\n    ten connections   10 x (80 ms handshake + 80 ms) = 1600 ms\n    one connection    80 ms \
                 + 10 x 80 ms             =  880 ms",
        advice: "Nothing: it is as it should be. A client that opens a connection for each request (http.close) should be made to use one \
                 again: in programs, take one session or client object for all requests.",
    },
    Lesson {
        rule: "http.close",
        title: "A connection is used for one request only",
        seen: "The header Connection: close stands in the request or in the answer, or the answer is HTTP/1.0, which closes unless it says \
               otherwise.",
        why: "Whoever says it wants the connection to end: a server that has many clients, a program that asks once. It is also how a server of \
              HTTP/1.0 says where the body ends.",
        worked: "With 50 ms there and back, ten requests:\n\n    \
                 a connection each    10 x (50 ms handshake + 50 ms request) = 1000 ms\n    \
                 one for all          50 ms + 10 x 50 ms = 550 ms\n    \
                 over TLS             one way there and back more for each connection, or two",
        advice: "If the same client asks again at once, each time over a new connection, find out who says \"close\" and why.",
    },
    Lesson {
        rule: "http.chunked",
        title: "A body in chunks",
        seen: "The answer has the header Transfer-Encoding: chunked.",
        why: "A server that makes a page while it sends it does not know its length beforehand. So it sends pieces: the length of each in \
              hexadecimal digits and a line end before it, a line end after it; a piece of length 0 is the end. So both sides know where \
              the body ends, and the connection can be used again.",
        worked: "    400 CR LF       0x400 = 1024 bytes follow\n    .. 1024 bytes .. CR LF\n    0 CR LF CR LF   the end",
        advice: "Nothing is wrong with it. Where an answer ends before the chunk of length 0 came, it is not whole (http.incomplete): a \
                 program must look for that, and not for the closed connection.",
    },
    Lesson {
        rule: "http.compressed",
        title: "What compression saved",
        seen: "The answer has the header Content-Encoding, and its body was decoded.",
        why: "The client says what it can undo (Accept-Encoding); the server compresses and says how. Text becomes a quarter or less. What is \
              compressed already (pictures, films) gains nothing.",
        worked: "    1352 bytes sent, 20,000 bytes decoded\n    (20,000 - 1352) / 20,000 = 93 % saved",
        advice: "Nothing: it is as it should be. What is compressed already (pictures, archives) gains nothing and costs time: leave it \
                 out. Text that is always the same can be compressed once and kept so (nginx: gzip_static).",
    },
    Lesson {
        rule: "http.not-modified",
        title: "The client has it already",
        seen: "The client asks with If-None-Match or If-Modified-Since, and the answer is 304 without a body.",
        why: "The client kept an earlier answer with its tag (ETag) or its date. It asks: has it changed? If not, the server sends the head \
              alone, and the client uses what it has. That saves the body, not the round trip.",
        worked: "    GET /logo.png\n    \
                 If-None-Match: \"5f3a\"        what the client has\n    \
                 304 Not Modified             the server has the same: no body\n\n\
                 Instead of 40,000 bytes some 200 were sent.",
        advice: "Nothing: it saves the transfer, though not the question. Where the same files are asked for on every page, give them a \
                 name that changes with them and let them be kept for a year (Cache-Control: max-age=31536000, immutable).",
    },
    Lesson {
        rule: "http.from-cache",
        title: "A cache on the way gave the answer",
        seen: "The answer has the header Age, with more than 0 seconds.",
        why: "Between client and server may stand caches that keep answers and give them to everybody who asks for the same. Age says for how \
              long this one has been kept. What the client sees is as old as that.",
        worked: "    max-age 60, Age 42: fresh for 60 - 42 = 18 seconds more",
        advice: "When a page is not what the server has now, look here. The header Via may name the cache.",
    },
    Lesson {
        rule: "http.may-be-kept",
        title: "An answer may be used again",
        seen: "The answer has Cache-Control: max-age, and neither no-store nor no-cache.",
        why: "For so many seconds the client may use the answer again without asking. So may every cache on the way, unless the answer says \
              \"private\".",
        worked: "    Cache-Control: max-age=3600    may be used again for 3600 s\n    \
                 Age: 600                       a cache has kept it for 600 s already\n    \
                 3600 - 600 = 3000 s            are left",
        advice: "Nothing is wrong. What is one person's must not be kept for others: private, or no-store. What changes seldom may be kept \
                 for long, with a name that changes when it does.",
    },
    Lesson {
        rule: "http.slow-server",
        title: "The server took the time",
        seen: "Half a second or more lies between the end of a request and the first byte of its answer, and that is at least ten times what a \
               packet needs there and back.",
        why: "The time for the way is known from the handshake. What is left of the wait was spent at the server: it computed, asked a \
              database, or waited for another server. (Some answers are meant to come late: a client that waits for news keeps a request \
              open.) It is not said where something was sent again on the connection: then the wait may be the network's.",
        worked: "    wait          2000 ms\n    round trip       1 ms\n    server        2000 - 1 = 1999 ms",
        advice: "A faster network would not help. Look at what the server does for this URL.",
    },
    Lesson {
        rule: "http.slow-body",
        title: "The server was long in writing its answer",
        seen: "Half a second or more lies between the first and the last byte of an answer, and at least ten times the way there and back. The body is no \
               larger than what a server may send at once, nothing on the connection was sent again, and the client had room.",
        why: "So little needs no acknowledgement in between: the network would have carried it in one go. That it came bit by bit is the server's doing: \
              its program writes what it has and works on the rest, waits for another server, or holds the answer open on purpose, to send news as \
              they come (streaming).\n\n\
              It is inferred: the pauses are the server's, or lie between it and something in front of it (a proxy).",
        worked: "    0.0 s   10 bytes\n    \
                 0.5 s   10 bytes\n    \
                 1.0 s   10 bytes ..   50 bytes in 2 s, where there and back takes 0.04 ms\n\n\
                 A server may send ten segments, 10 x 1460 = 14,600 bytes, before it hears from the client.",
        advice: "Look at the server's program: what does it wait for between its writes? Where it is meant to stream, nothing is wrong.",
    },
    Lesson {
        rule: "http.slow-transfer",
        title: "The answer took long to arrive",
        seen: "Half a second or more lies between the first and the last byte of an answer, and on this connection the server had to send \
               segments again, or the client said that it could take no more.",
        why: "Two things slow a transfer that has begun. Segments get lost: the server notices late and sends them again. Or the program at \
              the client reads too slowly: its buffer is full, and TCP tells the server to wait (a window of zero).",
        worked: "    1,000,000 bytes in 8 s = 125,000 bytes, or 1 megabit, in a second\n\n\
                 With a window of 64 kB and 500 ms there and back no more is possible: 65,536 / 0.5 s = 131,072 bytes in a second.",
        advice: "For losses see the lessons on loss. For a full buffer look at the client: what is it doing while data wait?",
    },
    Lesson {
        rule: "http.credentials-in-clear",
        title: "A login can be read on the way",
        seen: "A request over HTTP without encryption carries a password or a token: in the header Authorization (Basic, Bearer), in a form, \
               or in the URL.",
        why: "Everybody on the way can read it: whoever runs a wireless network, a router, a provider. Base64 is no encryption: it only writes \
              bytes as letters, and everybody can undo it. Whoever has read it can log in.",
        worked: "Base64 takes 3 bytes, 24 bits, as 4 groups of 6 bits, and writes a letter for each:\n\n    \
                 a        n        n\n    01100001 01101110 01101110\n    011000 010110 111001 101110\n    Y      W      5      u",
        advice: "Use https. Change the password: consider it known. wirelore shows the name and never the password in a note or a story, but the bytes \
                 are in the capture: take care whom you give it to.",
    },
    Lesson {
        rule: "http.cookie-in-clear",
        title: "A cookie over a connection that is not encrypted",
        seen: "An answer over HTTP without encryption has the header Set-Cookie.",
        why: "With a cookie a server knows a client again. Where it stands for somebody who is logged in, whoever reads it on the way can send \
              it too and is that somebody. Where it stands for a language or a basket, not much is lost.",
        worked: "    GET /account HTTP/1.1\n    \
                 Cookie: session=8f1c..      whoever sends this line is taken for this person\n\n\
                 The server's Set-Cookie had no Secure: so the client sends it without encryption too.",
        advice: "Use https, and set the attribute Secure, so that the client never sends it in clear.",
    },
    Lesson {
        rule: "http.ambiguous",
        title: "Two readers may disagree on a message",
        seen: "A message breaks a rule of the grammar in a way that programs read differently: two lengths, a length and chunks, a space before \
               a colon, a chunk size that is none, bytes that came in two versions.",
        why: "Between client and server often stand others: a proxy, a balancer, a firewall. Where two of them disagree on where a request \
              ends, somebody can hide a second request in the body of the first: the first reader sees one request and lets it pass, the \
              second one sees two. This is called request smuggling. It may also be nothing but a program with a fault.",
        worked: "    Content-Length: 6\n    Transfer-Encoding: chunked\n\n    0 CR LF CR LF G\n\nWho goes by the chunks sees an empty body, and the beginning of \
                 another request, G. Who goes by the length sees a body of six bytes.",
        advice: "See who sent it. A server should refuse such a message (400) and close the connection.",
    },
    Lesson {
        rule: "http.incomplete",
        title: "The answer ended before its end",
        seen: "The connection was closed or reset when the body of an answer was not over: bytes that Content-Length announced are missing, or \
               the last chunk is; or nothing more came for a second or longer, and the client closed it. The capture is not at fault: it \
               has everything up to the end of the connection.",
        why: "The server stopped in the middle (it crashed, hangs, ran into a limit of time, or lost the server behind it), or the client had \
              enough and closed. What the client has is a part.",
        worked: "    Content-Length  20,000\n    came             5,000\n    missing         15,000",
        advice: "See who ended the connection first: the server (look into its log) or the client (did somebody press stop?).",
    },
    Lesson {
        rule: "http.unanswered",
        title: "A request that nobody answered",
        seen: "A request was sent whole, TCP at the server acknowledged it, and no byte of an answer is in the capture. Then the client gave \
               up, a second or more behind the acknowledgement, or the capture ended, three seconds or more behind it. It is not said \
               where the capture lacks bytes, where the server closed the connection itself (http.closed-unanswered), and of CONNECT.",
        why: "The acknowledgement (ACK) comes from the server's kernel. It says that the machine has the request, and nothing of the program \
              that shall answer. Two things look the same from here. The program hangs: it waits for a lock, a database, another server, \
              or it never reads what its kernel has. Or it did answer, and its answer is lost on the way to where you captured: small \
              packets pass (the handshake, the ACK) and large ones do not (a path-MTU black hole), or a firewall drops them. (Some \
              requests are meant to wait: a client that wants to hear of news keeps one open.)",
        worked: "Where the answer is seen, and what that says:\n\n    at the server     at the client\n    no answer         no answer      the \
                 program hangs\n    sent, repeated    no answer      the way loses it",
        advice: "Capture on the server too. If it sends no answer, its program hangs: see its log, its threads, the servers behind it. If it \
                 sends one, the way loses it: `wirelore explain` of that capture names what does not pass. See mtu.black-hole-possible and \
                 loss.timeout.",
    },
    Lesson {
        rule: "http.closed-unanswered",
        title: "The server closed the connection instead of answering",
        seen: "A request was sent whole, TCP at the server acknowledged it, and then the server ended the connection (FIN), or broke it off \
               (RST), without a byte of an answer. curl calls that \"Empty reply from server\" or \"Connection reset by peer\", Python \
               \"Remote end closed connection without response\". It is not said where the capture lacks bytes, where the client had closed \
               its own side before, of requests that were sent before the earlier answer had come, and of CONNECT.",
        why: "Every request is to be answered, be it with an error. Who closes without a word most often is a program that failed on this \
              very request (it crashed, or was killed), one that only its port makes look like a web server (it speaks TLS, or something \
              else, and does not understand the request), or a proxy or a firewall that refuses. A reset (RST) comes from a kernel whose \
              program went before it had read everything.",
        worked: "    client  GET /empty ..   27 bytes\n    server  ACK             the kernel has it\n    server  FIN             the program \
                 closes: 0 bytes of an answer",
        advice: "Look into the server's log at this time, and for a crash (dmesg, journalctl). Ask the same again: does it fail each time, with \
                 other requests too? Does the port speak TLS (https instead of http)? Capture behind the proxy, if there is one: who closes \
                 first?",
    },
    Lesson {
        rule: "http.closed-as-asked",
        title: "The connection was closed as a request came",
        seen: "A connection that was used before, or on which nothing was said for a second or more, carries a request, and the server ends it without an answer: before it \
               acknowledged the request, or less than a tenth of a second behind it.",
        why: "Connections are kept for a next request (http.keep-alive), but not for ever: after a while of silence a server closes them. If \
              the client asks just then, both cross on the way. For the server the connection was idle; for the client a request is lost. \
              Nobody did anything wrong, and the client has to expect it: it asks again on a new connection. It may do so by itself only \
              where asking twice does no harm (GET, HEAD, PUT, DELETE, not POST). It is inferred: a server that fails on this request \
              looks the same.",
        worked: "    client at 60.000 s   GET /next   ->\n    server at 60.001 s               <-   FIN, for 60 s had passed\n    server at 60.002 s               <-   \
                 RST, as the request meets nobody",
        advice: "If programs report it (\"connection reset\", \"server disconnected\", 502 from a proxy): let the side that asks close idle \
                 connections sooner than the other side does, and let it ask again.",
    },
];
