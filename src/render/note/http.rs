//! Notes on HTTP: what was asked, what was answered, and what took the time, in words.

use crate::explain::{Asked, Credentials, HttpFacts, WaitEnd};
use crate::render::http::words;
use crate::render::sentence::{Counted, Grouped, Sentence, Shown, Took};

/// Statuses (IANA, HTTP status codes), and what each says.
const STATUSES: [(u16, &str); 59] = [
    (100, "Continue: the head is well, the body may follow"),
    (101, "Switching Protocols: from here on another language is spoken"),
    (102, "Processing: the server works on it, and the answer follows"),
    (103, "Early Hints: what the page will need, before the answer itself"),
    (200, "OK: here is what was asked for"),
    (201, "Created: what was sent is stored, at the place that Location names"),
    (202, "Accepted: it will be done, and is not done yet"),
    (203, "Non-Authoritative Information: what was asked for, changed by a proxy on the way"),
    (204, "No Content: done, and there is nothing to show"),
    (205, "Reset Content: done, and the form is to be emptied"),
    (206, "Partial Content: the part that was asked for"),
    (207, "Multi-Status: several results, told in the body"),
    (208, "Already Reported: told in this answer already"),
    (226, "IM Used: only what has changed since"),
    (300, "Multiple Choices: there are several, choose one"),
    (301, "Moved Permanently: it is elsewhere, for good"),
    (302, "Found: it is elsewhere, for now"),
    (303, "See Other: the result is to be fetched elsewhere"),
    (304, "Not Modified: what the client has is still right"),
    (307, "Temporary Redirect: elsewhere for now, to be asked for in the same way"),
    (308, "Permanent Redirect: elsewhere for good, to be asked for in the same way"),
    (400, "Bad Request: the server does not understand the request"),
    (401, "Unauthorized: the server wants to know who asks"),
    (402, "Payment Required: kept for later, and used for whatever costs money"),
    (403, "Forbidden: the server knows what is asked for, and refuses"),
    (404, "Not Found: the server has nothing at this place"),
    (405, "Method Not Allowed: not with this method"),
    (406, "Not Acceptable: not in a form that the client takes"),
    (407, "Proxy Authentication Required: the proxy wants to know who asks"),
    (408, "Request Timeout: the request was too long in coming"),
    (409, "Conflict: somebody else has changed it meanwhile"),
    (410, "Gone: it was there, and will not come back"),
    (411, "Length Required: the server wants to know the length beforehand"),
    (412, "Precondition Failed: what the client made a condition does not hold"),
    (413, "Content Too Large: the server does not take so much"),
    (414, "URI Too Long: the server does not read so long a URL"),
    (415, "Unsupported Media Type: the server does not take this kind"),
    (416, "Range Not Satisfiable: there is no such part"),
    (417, "Expectation Failed: the server cannot do what the client expects"),
    (421, "Misdirected Request: this server does not answer for that name"),
    (422, "Unprocessable Content: the server understands it, and cannot act on it"),
    (423, "Locked: somebody holds it for himself"),
    (424, "Failed Dependency: another step that it needs has failed"),
    (425, "Too Early: the request might be a repeated one, and is to be sent again after the handshake"),
    (426, "Upgrade Required: not in this version of the protocol"),
    (428, "Precondition Required: the request must say under which condition"),
    (429, "Too Many Requests: the client asks too often"),
    (431, "Request Header Fields Too Large: the server does not take so long a head"),
    (451, "Unavailable For Legal Reasons: a law or a court forbids it"),
    (500, "Internal Server Error: the server failed, and does not say why"),
    (501, "Not Implemented: the server cannot do this"),
    (502, "Bad Gateway: the server behind this one answered wrongly"),
    (503, "Service Unavailable: not now, too busy or under repair"),
    (504, "Gateway Timeout: the server behind this one did not answer in time"),
    (505, "HTTP Version Not Supported: not in this version"),
    (506, "Variant Also Negotiates: the server is set up wrongly"),
    (507, "Insufficient Storage: the server has no room for it"),
    (508, "Loop Detected: the server came round in a circle"),
    (511, "Network Authentication Required: the network wants a login first, and the server was not asked"),
];

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &HttpFacts) {
    match facts {
        HttpFacts::Status { status } => push_status(sentence, *status),
        HttpFacts::ServerError { status, target } => {
            write!(sentence, "the server fails on {}: ", Shown(target));
            push_status(sentence, *status);
        }
        HttpFacts::Redirect { status, from, to, secured } => {
            write!(sentence, "{status} sends the client from {} to {}", Shown(from), Shown(to));
            if *secured {
                sentence.say(": from there on all is encrypted");
            }
        }
        HttpFacts::Followed { url, steps, .. } => {
            write!(sentence, "the client follows, and after {} asks for {}", Counted(*steps, "redirect"), Shown(url));
        }
        HttpFacts::Loop { url, times } => {
            write!(sentence, "redirects in a circle: the client asked for {} {}, ", Shown(url), Counted(*times, "time"));
            sentence.say("and is sent there again");
        }
        HttpFacts::KeepAlive { round_trip } => {
            sentence.say("the connection is used for a further request: that saves a new handshake");
            if let Some(round_trip) = round_trip {
                write!(sentence, ", {} here", Took(*round_trip));
            }
        }
        HttpFacts::Close { by_client, by_version } => match (by_client, by_version) {
            (_, true) => sentence.say("HTTP/1.0 ends a connection after the answer: a further request needs a new one"),
            (true, _) => sentence.say("the client asks the server to close the connection after the answer (Connection: close)"),
            (false, _) => sentence.say("the server will close the connection after the answer (Connection: close)"),
        },
        HttpFacts::Chunked { chunks, length, added } => {
            write!(sentence, "the body came in {}, its length not known beforehand: ", Counted(*chunks, "chunk"));
            write!(sentence, "{} and {} around them", Counted(*length, "byte"), Grouped(*added));
        }
        HttpFacts::Compressed { coding, sent, decoded } => {
            write!(sentence, "{} were sent for {} ({}): ", Counted(*sent, "byte"), Grouped(*decoded), coding.name());
            if sent <= decoded {
                write!(sentence, "compression saved {} %", percent(decoded - sent, *decoded));
            } else {
                write!(sentence, "compression made it {} % longer", percent(sent - decoded, *decoded));
            }
        }
        HttpFacts::NotModified { tag } => {
            sentence.say("the client has this already, and it has not changed: no body is sent");
            if let Some(tag) = tag {
                write!(sentence, " (ETag {})", Shown(tag));
            }
        }
        HttpFacts::FromCache { age } => {
            write!(sentence, "a cache on the way gave this answer: it has had it for {} (Age)", Counted(*age, "second"));
        }
        HttpFacts::FreshFor { seconds } => {
            write!(sentence, "the answer may be used again for {} without asking (max-age)", Counted(*seconds, "second"));
        }
        HttpFacts::SlowServer { waited, round_trip } => {
            write!(sentence, "the answer came after {}, and there and back takes {}: ", Took(*waited), Took(*round_trip));
            sentence.say("the server took its time");
        }
        HttpFacts::SlowBody { took, length, round_trip } => {
            write!(sentence, "{} took {} to come: ", Counted(*length, "byte"), Took(*took));
            write!(sentence, "the server wrote them bit by bit, there and back takes {}", Took(*round_trip));
        }
        HttpFacts::SlowTransfer { took, length, retransmitted, zero_windows } => {
            write!(sentence, "{} took {} to arrive: ", Counted(*length, "byte"), Took(*took));
            if *retransmitted > 0 {
                write!(sentence, "{} sent again", Counted(*retransmitted, "segment"));
            }
            if *zero_windows > 0 {
                sentence.say(if *retransmitted > 0 { ", " } else { "" });
                write!(sentence, "the client could take no more, {}", Counted(*zero_windows, "time"));
            }
        }
        HttpFacts::Credentials(credentials) => push_credentials(sentence, credentials),
        HttpFacts::Cookie { name } => {
            write!(sentence, "the cookie {} is set in clear: whoever reads it can send it too", Shown(name));
        }
        HttpFacts::Ambiguous { flags } => {
            sentence.say("two readers may disagree on this message: ");
            sentence.list(flags.iter().map(|flag| words::flag(*flag)));
        }
        HttpFacts::Incomplete { announced, came, reset, waited } => {
            sentence.say(match (reset, waited) {
                (true, _) => "the connection was reset",
                (false, Some(_)) => "the client closed the connection",
                (false, None) => "the server closed the connection",
            });
            match announced {
                Some(announced) => write!(sentence, " when {} of {} of the answer had come", Grouped(*came), Counted(*announced, "byte")),
                None => write!(sentence, " before the end of the answer: {} had come", Counted(*came, "byte")),
            }
            if let Some(waited) = waited {
                write!(sentence, ", {} before", Took(*waited));
            }
        }
        HttpFacts::Unanswered { asked: Asked { client, server, method, target, waited }, end } => {
            let (client, server) = (sentence.host(*client), sentence.host(*server));
            write!(sentence, "{client} sent {} {} to {server}, which took it: no answer", Shown(method), Shown(target));
            match end {
                WaitEnd::Closed => write!(sentence, " in {}, so it gave up", Took(*waited)),
                WaitEnd::Reset => write!(sentence, " in {}, so it gave up (reset)", Took(*waited)),
                WaitEnd::Capture => write!(sentence, " in the {} until the capture ended", Took(*waited)),
            }
        }
        HttpFacts::ClosedUnanswered { asked: Asked { server, method, target, waited, .. }, reset } => {
            let server = sentence.host(*server);
            let how = if *reset { "reset" } else { "closed" };
            write!(sentence, "{server} took {} {} and {how} the connection ", Shown(method), Shown(target));
            write!(sentence, "{} later, without an answer", Took(*waited));
        }
        HttpFacts::ClosedAsAsked { asked: Asked { server, method, target, .. }, reset } => {
            let server = sentence.host(*server);
            let how = if *reset { "reset" } else { "closed" };
            write!(sentence, "{server} {how} the connection just as {} {} came: the client asks again", Shown(method), Shown(target));
        }
    }
}

fn push_status(sentence: &mut Sentence<'_>, status: u16) {
    write!(sentence, "{status} ");
    match STATUSES.iter().find(|(known, _)| *known == status) {
        Some((_, words)) => sentence.say(words),
        None => sentence.say(match status / 100 {
            1 => "is a word in between: the answer follows",
            2 => "says that it went well",
            3 => "says that more is to be done",
            4 => "says that the client did something wrong",
            5 => "says that the server failed",
            _ => "is no status that is known",
        }),
    }
}

fn push_credentials(sentence: &mut Sentence<'_>, credentials: &Credentials) {
    match credentials {
        Credentials::Basic { user, password, proxy } => {
            let whom = if *proxy { " to the proxy" } else { "" };
            write!(sentence, "{} logs in{whom} with a password that anybody on the way can read (Basic, ", Shown(user));
            write!(sentence, "{} in base64)", Counted(*password, "character"));
        }
        Credentials::Token { length } => {
            write!(
                sentence,
                "a token of {} is sent in clear: whoever reads it on the way can use it (Bearer)",
                Counted(*length, "character")
            );
        }
        Credentials::Form { field } => {
            write!(sentence, "a form sends a password in clear, in its field {}: anybody on the way can read it", Shown(field));
        }
        Credentials::Query { field } => {
            write!(sentence, "a password is in the URL, in {}: anybody on the way can read it, and logs keep it", Shown(field));
        }
    }
}

/// A share in per cent, rounded.
fn percent(part: u64, whole: u64) -> u64 {
    (u128::from(part) * 200 / u128::from(whole.max(1)) + 1).checked_div(2).and_then(|share| u64::try_from(share).ok()).unwrap_or_default()
}
