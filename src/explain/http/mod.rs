//! Lessons on HTTP: what was asked, what was answered, and what took the time.

mod exchange;
mod gate;
mod login;
mod redirect;
mod unanswered;
mod watch;

pub use login::Credentials;
pub(crate) use login::without_passwords;
pub use unanswered::{Asked, WaitEnd};
pub(super) use watch::HttpWatch;

use super::{Fact, Rule, Stated, Tell};
use crate::conversation::body::decode::Coding;
use crate::conversation::http1::Flag;

/// What a status says.
static STATUS: Rule = Rule::information("http.status", "RFC 9110 15");
/// The server says that it failed.
static SERVER_ERROR: Rule = Rule::warning("http.server-error", "RFC 9110 15.6");
/// The page is elsewhere.
static REDIRECT: Rule = Rule::information("http.redirect", "RFC 9110 10.2.2, 15.4");
/// The client goes there.
static FOLLOWED: Rule = Rule::information("http.redirect-followed", "RFC 9110 15.4");
/// Redirects lead back to where they began.
static LOOP: Rule = Rule::warning("http.redirect-loop", "RFC 9110 15.4");
/// A connection is used again.
static KEEP_ALIVE: Rule = Rule::lesson("http.keep-alive", "RFC 9112 9.3");
/// A connection is not to be used again.
static CLOSE: Rule = Rule::lesson("http.close", "RFC 9112 9.3, 9.6");
/// A body in chunks.
static CHUNKED: Rule = Rule::lesson("http.chunked", "RFC 9112 7.1");
/// A body was compressed.
static COMPRESSED: Rule = Rule::lesson("http.compressed", "RFC 9110 8.4");
/// The client has it already.
static NOT_MODIFIED: Rule = Rule::information("http.not-modified", "RFC 9110 13.1.2, 13.1.3, 15.4.5");
/// A cache answered.
static FROM_CACHE: Rule = Rule::information("http.from-cache", "RFC 9111 5.1");
/// The answer may be kept.
static FRESH_FOR: Rule = Rule::lesson("http.may-be-kept", "RFC 9111 5.2.2.1");
/// The server took the time.
static SLOW_SERVER: Rule = Rule::information("http.slow-server", "RFC 9110 3.4, RFC 9112 9.2");
/// The server wrote its answer bit by bit.
static SLOW_BODY: Rule = Rule::information("http.slow-body", "RFC 9112 7.1, RFC 6928 2");
/// The network, or the receiver, took the time.
static SLOW_NETWORK: Rule = Rule::information("http.slow-transfer", "RFC 5681 3, RFC 9293 3.8.6");
/// Who logs in can be read by everybody on the way.
static CREDENTIALS: Rule = Rule::warning("http.credentials-in-clear", "RFC 7617 4, RFC 6750 5.3, RFC 9110 17.9, 17.16.1");
/// A cookie is set in clear.
static COOKIE: Rule = Rule::lesson("http.cookie-in-clear", "RFC 6265 8.3");
/// Two readers may disagree.
static AMBIGUOUS: Rule = Rule::warning("http.ambiguous", "RFC 9112 6.3, 11.2");
/// A body ended before its end.
static INCOMPLETE: Rule = Rule::warning("http.incomplete", "RFC 9112 8");
/// A request was taken, and nobody answered.
static UNANSWERED: Rule = Rule::warning("http.unanswered", "RFC 9110 3.4, RFC 9112 9.5");

/// A server closed the connection instead of answering.
static CLOSED_UNANSWERED: Rule = Rule::warning("http.closed-unanswered", "RFC 9110 3.4, RFC 9112 9.5, 9.6");
/// A server closed a connection that it had used before, just as the next request came.
static CLOSED_AS_ASKED: Rule = Rule::information("http.closed-as-asked", "RFC 9112 9.5, 9.3.1, RFC 9110 9.2.2");

/// The rules.
pub(super) static RULES: &[&Rule] = &[
    &STATUS,
    &SERVER_ERROR,
    &REDIRECT,
    &FOLLOWED,
    &LOOP,
    &KEEP_ALIVE,
    &CLOSE,
    &CHUNKED,
    &COMPRESSED,
    &NOT_MODIFIED,
    &FROM_CACHE,
    &FRESH_FOR,
    &SLOW_SERVER,
    &SLOW_BODY,
    &SLOW_NETWORK,
    &CREDENTIALS,
    &COOKIE,
    &AMBIGUOUS,
    &INCOMPLETE,
    &UNANSWERED,
    &CLOSED_UNANSWERED,
    &CLOSED_AS_ASKED,
];

/// What a note on HTTP states.
#[derive(Clone, Debug, PartialEq)]
pub enum HttpFacts {
    /// What a status says.
    Status {
        /// The status.
        status: u16,
    },
    /// The server says that it failed.
    ServerError {
        /// The status.
        status: u16,
        /// What was asked for, as it was sent.
        target: Box<[u8]>,
    },
    /// What was asked for is elsewhere.
    Redirect {
        /// The status.
        status: u16,
        /// The URL that was asked for.
        from: Box<[u8]>,
        /// The URL that the answer names, made whole.
        to: Box<[u8]>,
        /// Whether what follows is encrypted, and cannot be read here.
        secured: bool,
    },
    /// The client asks for what a redirect named.
    Followed {
        /// The URL that was asked for at first.
        begin: Box<[u8]>,
        /// The URL that is asked for now.
        url: Box<[u8]>,
        /// How many redirects lie between.
        steps: u64,
    },
    /// Redirects lead to a URL again and again.
    Loop {
        /// The URL.
        url: Box<[u8]>,
        /// How often it was asked for.
        times: u64,
    },
    /// A connection is used for a further request.
    KeepAlive {
        /// The time to the server and back that this saves, in nanoseconds, where it is known.
        round_trip: Option<i64>,
    },
    /// A connection is not to be used for another request.
    Close {
        /// Whether the client says so.
        by_client: bool,
        /// Whether nobody says so, and it follows from the version.
        by_version: bool,
    },
    /// A body came in chunks.
    Chunked {
        /// How many.
        chunks: u64,
        /// Bytes of the body.
        length: u64,
        /// Bytes that sizes and line ends add.
        added: u64,
    },
    /// A body was compressed.
    Compressed {
        /// How.
        coding: Coding,
        /// Bytes that were sent.
        sent: u64,
        /// Bytes that they stand for.
        decoded: u64,
    },
    /// The client has it already.
    NotModified {
        /// The tag that it is known by, where there is one.
        tag: Option<Box<[u8]>>,
    },
    /// A cache on the way answered.
    FromCache {
        /// For how many seconds it has kept the answer.
        age: u64,
    },
    /// The answer may be kept and used again.
    FreshFor {
        /// For how many seconds.
        seconds: u64,
    },
    /// The answer was long in coming, and not because of the network.
    SlowServer {
        /// Nanoseconds from the end of the request to the first byte of the answer.
        waited: i64,
        /// Nanoseconds to the server and back.
        round_trip: i64,
    },
    /// The server was long in writing what one round trip could carry.
    SlowBody {
        /// Nanoseconds from its first to its last byte.
        took: i64,
        /// Bytes of its body.
        length: u64,
        /// Nanoseconds to the server and back.
        round_trip: i64,
    },
    /// The answer took long to arrive.
    SlowTransfer {
        /// Nanoseconds from its first to its last byte.
        took: i64,
        /// Bytes of its body.
        length: u64,
        /// Segments that the server sent again meanwhile.
        retransmitted: u64,
        /// How often the client said that it can take no more.
        zero_windows: u64,
    },
    /// Who logs in can be read by everybody on the way.
    Credentials(Credentials),
    /// A cookie is set in clear.
    Cookie {
        /// Its name.
        name: Box<[u8]>,
    },
    /// Two readers may disagree on where a message ends, or on what it is.
    Ambiguous {
        /// What is odd.
        flags: Vec<Flag>,
    },
    /// A body ended before its end.
    Incomplete {
        /// Bytes that were announced, where they were.
        announced: Option<u64>,
        /// Bytes that came.
        came: u64,
        /// Whether the connection was reset.
        reset: bool,
        /// Where the client closed it first: nanoseconds from the last byte to that.
        waited: Option<i64>,
    },
    /// A request was sent whole and acknowledged, and no byte of an answer came.
    Unanswered {
        /// The request.
        asked: Asked,
        /// Who ended the wait.
        end: WaitEnd,
    },
    /// A request was sent whole and acknowledged, and the server closed the connection without a byte of an answer.
    ClosedUnanswered {
        /// The request.
        asked: Asked,
        /// Whether it was reset.
        reset: bool,
    },
    /// A connection that was used before was closed as a further request came.
    ClosedAsAsked {
        /// The request.
        asked: Asked,
        /// Whether it was reset.
        reset: bool,
    },
}

impl Stated for HttpFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Status { .. } => &STATUS,
            Self::ServerError { .. } => &SERVER_ERROR,
            Self::Redirect { .. } => &REDIRECT,
            Self::Followed { .. } => &FOLLOWED,
            Self::Loop { .. } => &LOOP,
            Self::KeepAlive { .. } => &KEEP_ALIVE,
            Self::Close { .. } => &CLOSE,
            Self::Chunked { .. } => &CHUNKED,
            Self::Compressed { .. } => &COMPRESSED,
            Self::NotModified { .. } => &NOT_MODIFIED,
            Self::FromCache { .. } => &FROM_CACHE,
            Self::FreshFor { .. } => &FRESH_FOR,
            Self::SlowServer { .. } => &SLOW_SERVER,
            Self::SlowBody { .. } => &SLOW_BODY,
            Self::SlowTransfer { .. } => &SLOW_NETWORK,
            Self::Credentials(_) => &CREDENTIALS,
            Self::Cookie { .. } => &COOKIE,
            Self::Ambiguous { .. } => &AMBIGUOUS,
            Self::Incomplete { .. } => &INCOMPLETE,
            Self::Unanswered { .. } => &UNANSWERED,
            Self::ClosedUnanswered { .. } => &CLOSED_UNANSWERED,
            Self::ClosedAsAsked { .. } => &CLOSED_AS_ASKED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Status { status } => tell("status", Fact::Number((*status).into())),
            Self::ServerError { status, target } => {
                tell("status", Fact::Number((*status).into()));
                tell("target", Fact::Text(target));
            }
            Self::Redirect { status, from, to, secured } => {
                tell("status", Fact::Number((*status).into()));
                tell("from", Fact::Text(from));
                tell("to", Fact::Text(to));
                tell("secured", Fact::Flag(*secured));
            }
            Self::Followed { begin, url, steps } => {
                tell("begin", Fact::Text(begin));
                tell("url", Fact::Text(url));
                tell("steps", Fact::Number(*steps));
            }
            Self::Loop { url, times } => {
                tell("url", Fact::Text(url));
                tell("times", Fact::Number(*times));
            }
            Self::KeepAlive { round_trip } => {
                if let Some(round_trip) = round_trip {
                    tell("round_trip_ms", Fact::Took(*round_trip));
                }
            }
            Self::Close { by_client, by_version } => {
                tell("by_client", Fact::Flag(*by_client));
                tell("by_version", Fact::Flag(*by_version));
            }
            Self::Chunked { chunks, length, added } => {
                tell("chunks", Fact::Number(*chunks));
                tell("length", Fact::Number(*length));
                tell("added", Fact::Number(*added));
            }
            Self::Compressed { coding, sent, decoded } => {
                tell("coding", Fact::Word(coding.name()));
                tell("sent", Fact::Number(*sent));
                tell("decoded", Fact::Number(*decoded));
            }
            Self::NotModified { tag } => {
                if let Some(tag) = tag {
                    tell("tag", Fact::Text(tag));
                }
            }
            Self::FromCache { age } => tell("age_seconds", Fact::Number(*age)),
            Self::FreshFor { seconds } => tell("seconds", Fact::Number(*seconds)),
            Self::SlowServer { waited, round_trip } => {
                tell("waited_ms", Fact::Took(*waited));
                tell("round_trip_ms", Fact::Took(*round_trip));
            }
            Self::SlowBody { took, length, round_trip } => {
                tell("took_ms", Fact::Took(*took));
                tell("length", Fact::Number(*length));
                tell("round_trip_ms", Fact::Took(*round_trip));
            }
            Self::SlowTransfer { took, length, retransmitted, zero_windows } => {
                tell("took_ms", Fact::Took(*took));
                tell("length", Fact::Number(*length));
                tell("retransmitted", Fact::Number(*retransmitted));
                tell("zero_windows", Fact::Number(*zero_windows));
            }
            Self::Credentials(credentials) => {
                tell("kind", Fact::Word(credentials.kind()));
                match credentials {
                    Credentials::Basic { user, password, .. } => {
                        tell("user", Fact::Text(user));
                        tell("password_length", Fact::Number(*password));
                    }
                    Credentials::Token { length } => tell("token_length", Fact::Number(*length)),
                    Credentials::Form { field } | Credentials::Query { field } => tell("field", Fact::Text(field)),
                }
            }
            Self::Cookie { name } => tell("name", Fact::Text(name)),
            Self::Ambiguous { flags } => flags.iter().for_each(|flag| tell(flag.id(), Fact::Flag(true))),
            Self::Incomplete { announced, came, reset, waited } => {
                if let Some(announced) = announced {
                    tell("announced", Fact::Number(*announced));
                }
                tell("came", Fact::Number(*came));
                tell("reset", Fact::Flag(*reset));
                if let Some(waited) = waited {
                    tell("client_waited_ms", Fact::Took(*waited));
                }
            }
            Self::Unanswered { asked, end } => {
                asked.members(tell);
                tell("ended_by", Fact::Word(end.name()));
            }
            Self::ClosedUnanswered { asked, reset } | Self::ClosedAsAsked { asked, reset } => {
                asked.members(tell);
                tell("reset", Fact::Flag(*reset));
            }
        }
    }
}
