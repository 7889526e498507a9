//! What of a run is compared: fields by their names, why they differ, and whether that counts.

use crate::diff::{Cause, UnknownName};
use crate::explain::{Severity, rules};
use crate::nearest::nearest;

/// What becomes of a difference, where nobody asked for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It is told beside what counts, for it may explain that.
    Told,
    /// It is another one every time: it is counted in a line, and compared only where everything is.
    Apart,
}

/// Declares the fields: name, cause and standing, and the other names that it goes by.
macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $id:literal, $cause:ident, $standing:ident, [$($other:literal),*];)*) => {
        /// What is compared, in the order in which differences of one thing are told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $($(#[$doc])* $field,)*
        }

        impl Field {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$field),*];

            /// Its name: Wireshark's where it has the field. Of what has a name of its own (headers, parameters) it is the family.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$field => $id,)*
                }
            }

            /// The other names that `--ignore` and `--only` take for it.
            #[must_use]
            pub const fn other_ids(self) -> &'static [&'static str] {
                match self {
                    $(Self::$field => &[$($other),*],)*
                }
            }

            /// Why it differs.
            #[must_use]
            pub const fn cause(self) -> Cause {
                match self {
                    $(Self::$field => Cause::$cause,)*
                }
            }

            /// What becomes of a difference in it.
            #[must_use]
            pub const fn standing(self) -> Standing {
                match self {
                    $(Self::$field => Standing::$standing,)*
                }
            }
        }
    };
}

fields! {
    /// A conversation, where only one of the runs has it.
    Conversation = "conversation", Application, Counts, [];
    /// Whether a connection came about, and how it did not.
    Outcome = "conversation.state", Application, Counts, ["tcp.flags.reset", "icmp.type"];
    /// The address of the server.
    Server = "ip.dst", Application, Counts, ["ipv6.dst", "ip.addr", "ipv6.addr"];
    /// The port of the server.
    ServerPort = "tcp.dstport", Application, Apart, ["udp.dstport", "tcp.port", "udp.port"];
    /// The port of the client.
    ClientPort = "tcp.srcport", Application, Apart, ["udp.srcport", "tcp.port", "udp.port"];
    /// The address of the client.
    Client = "ip.src", Application, Apart, ["ipv6.src", "ip.addr", "ipv6.addr"];
    /// An exchange of HTTP, where only one of the runs has it.
    Exchange = "http", Application, Counts, ["http.request"];
    /// What was asked, where only one of the runs has it of an exchange.
    Asked = "http.request_in", Application, Counts, ["http.request"];
    /// The method.
    Method = "http.request.method", Application, Counts, [];
    /// Who is asked: the name or address of the URL or of Host.
    Host = "http.host", Application, Counts, ["http.request.full_uri"];
    /// The path.
    Path = "http.request.uri.path", Application, Counts, ["http.request.full_uri"];
    /// A parameter of the query, with its name.
    Query = "http.request.uri.query", Application, Counts, ["http.request.uri.query.parameter", "http.request.full_uri"];
    /// The order of the query's parameters.
    QueryOrder = "http.request.uri.query.order", Application, Apart, [];
    /// How the target of the request is written, where it is the same in its parts.
    Target = "http.request.uri", Application, Apart, ["http.request.full_uri"];
    /// The version that the request is in.
    RequestVersion = "http.request.version", Application, Counts, [];
    /// A header of the request, with its name.
    RequestHeader = "http.request.header", Application, Counts, ["http.request.line"];
    /// A cookie that the client sends, with its name.
    Cookie = "http.cookie", Application, Counts, ["http.cookie_pair"];
    /// The order of the request's headers.
    RequestHeaderOrder = "http.request.header.order", Application, Apart, [];
    /// A parameter of a form, with its name.
    Form = "urlencoded-form", Application, Counts, ["urlencoded-form.key", "urlencoded-form.value", "http.file_data"];
    /// What is sent with the request.
    RequestBody = "http.request.file_data", Application, Counts, ["http.file_data"];
    /// Whether the request was answered.
    Answered = "http.response", Application, Counts, ["http.response_in"];
    /// The answers before the final one: to go on, hints.
    Interim = "http.response.code.interim", Application, Told, [];
    /// The status of the answer.
    Status = "http.response.code", Application, Counts, [];
    /// The words for the status.
    Phrase = "http.response.phrase", Application, Counts, [];
    /// The version that the answer is in.
    ResponseVersion = "http.response.version", Application, Counts, [];
    /// A header of the answer, with its name.
    ResponseHeader = "http.response.header", Application, Counts, ["http.response.line"];
    /// A cookie that the server sets, with its name.
    SetCookie = "http.set_cookie", Application, Counts, [];
    /// The order of the answer's headers.
    ResponseHeaderOrder = "http.response.header.order", Application, Apart, [];
    /// What is answered.
    ResponseBody = "http.response.file_data", Application, Counts, ["http.file_data"];
    /// How many bytes followed in another language, once both had agreed on it.
    Tunnel = "http.tunnel", Application, Told, [];
    /// How long the request took from its first to its last byte.
    Sending = "http.time.request", Time, Told, ["http.time"];
    /// How long the answer took to begin.
    Wait = "http.time", Time, Told, [];
    /// How long the answer took from its first to its last byte.
    Receiving = "http.time.response", Time, Told, ["http.time"];
    /// A question of DNS, where only one of the runs has it.
    Lookup = "dns", Application, Counts, ["dns.qry.name"];
    /// Whether the question was answered.
    LookupAnswered = "dns.response_in", Application, Counts, [];
    /// How it went.
    ResponseCode = "dns.flags.rcode", Application, Counts, [];
    /// The addresses that were answered.
    Address = "dns.a", Application, Counts, ["dns.aaaa"];
    /// The order of these addresses.
    AddressOrder = "dns.answers.order", Application, Apart, [];
    /// How long a record that was answered may be kept, in seconds: a cache counts it down.
    Lifetime = "dns.resp.ttl", Application, Apart, [];
    /// The names that were answered.
    Alias = "dns.cname", Application, Counts, ["dns.ptr.domain_name"];
    /// How many other records answer.
    Records = "dns.count.answers", Application, Counts, [];
    /// Whether the answer did not fit.
    Truncated = "dns.flags.truncated", Application, Counts, [];
    /// How often the question was asked again.
    AskedAgain = "dns.retransmission", Loss, Told, [];
    /// How long the answer took.
    LookupTime = "dns.time", Time, Told, [];
    /// A handshake of TLS, where only one of the runs has it.
    Handshake = "tls.handshake", Application, Counts, ["tls"];
    /// The host that the client wants.
    ServerName = "tls.handshake.extensions_server_name", Application, Counts, [];
    /// The highest version that the client offers.
    OfferedVersion = "tls.handshake.extensions.supported_version", Application, Counts, [];
    /// The cipher suites that the client offers: each that is only in one list.
    OfferedSuites = "tls.handshake.ciphersuites", Application, Counts, [];
    /// The groups that the client can exchange keys in.
    OfferedGroups = "tls.handshake.extensions_supported_groups", Application, Counts, ["tls.handshake.extensions_supported_group"];
    /// The order of the cipher suites: what the client would rather have.
    SuiteOrder = "tls.handshake.ciphersuites.order", Application, Apart, [];
    /// The order of the groups.
    GroupOrder = "tls.handshake.extensions_supported_groups.order", Application, Apart, [];
    /// The application protocols that the client offers.
    OfferedProtocols = "tls.handshake.extensions_alpn_str", Application, Counts, [];
    /// Whether the server answered with a hello.
    HandshakeAnswered = "tls.handshake.type", Application, Counts, [];
    /// The version that both speak.
    TlsVersion = "tls.handshake.version", Application, Counts, ["tls.record.version"];
    /// The cipher suite that the server chose.
    CipherSuite = "tls.handshake.ciphersuite", Application, Counts, [];
    /// The application protocol that the server chose.
    Protocol = "tls.handshake.extensions_alpn_chosen", Application, Counts, ["tls.handshake.extensions_alpn_str"];
    /// Whether it goes on with the keys of an earlier connection.
    Resumption = "tls.resumed", Application, Apart, [];
    /// Whose certificate the server has.
    Subject = "x509af.subject", Application, Counts, ["tls.handshake.certificate"];
    /// Who signed it.
    Issuer = "x509af.issuer", Application, Counts, ["tls.handshake.certificate"];
    /// The hosts that it is good for.
    CertificateHosts = "x509ce.dNSName", Application, Counts, ["tls.handshake.certificate"];
    /// Until when it counts.
    NotAfter = "x509af.notAfter", Application, Counts, ["tls.handshake.certificate"];
    /// The key that it is for.
    PublicKey = "x509af.subjectPublicKey", Application, Counts, ["tls.handshake.certificate"];
    /// What went wrong, in clear.
    Alert = "tls.alert_message.desc", Application, Counts, ["tls.alert_message"];
    /// A line of a dialogue.
    Line = "text", Application, Counts, ["smtp", "ftp", "pop", "imap", "irc", "telnet"];
    /// What the one who began it said, where no language is known.
    Sent = "tcp.payload.sent", Application, Counts, ["tcp.payload", "udp.payload", "data", "data.data"];
    /// What was said to it.
    Received = "tcp.payload.received", Application, Counts, ["tcp.payload", "udp.payload", "data", "data.data"];
    /// Whether echoes come back.
    EchoAnswered = "icmp.resp_in", Application, Counts, ["icmp", "icmpv6", "icmpv6.echo.response_to"];
    /// How many echoes did not come back, where others did.
    EchoesLost = "icmp.resp_to", Loss, Told, ["icmp", "icmpv6"];
    /// How many echoes were asked for.
    Echoes = "icmp.seq", Application, Apart, ["icmp", "icmpv6"];
    /// The order in which the same was said.
    Order = "conversation.order", Application, Counts, [];
    /// Over which connection the same was said.
    Reuse = "tcp.stream", Application, Apart, ["udp.stream"];
    /// A connection that was reset, where the other was not.
    Reset = "tcp.connection.rst", Application, Counts, ["conversation.state"];
    /// Who closed the connection, and whether it was.
    Close = "tcp.connection.fin", Application, Apart, ["conversation.state"];
    /// How many bytes the originator said, where they are not read.
    BytesSent = "tcp.len.sent", Application, Told, ["tcp.len", "udp.length"];
    /// How many the responder said.
    BytesReceived = "tcp.len.received", Application, Told, ["tcp.len", "udp.length"];
    /// The largest segment that both take.
    MaximumSegmentSize = "tcp.options.mss_val", Middlebox, Told, [];
    /// The way there and back, from the handshake.
    RoundTrip = "tcp.analysis.initial_rtt", Time, Told, [];
    /// Segments that were sent again.
    Retransmissions = "tcp.analysis.retransmission", Loss, Told, [];
    /// Bytes that the capture lacks.
    Missing = "tcp.analysis.lost_segment", Capture, Told, [];
    /// A note of a problem that only one of two conversations has, with the rule's id as name.
    Problem = "conversation.problem", Application, Counts, ["_ws.expert"];
    /// What hides whether it differs: holes in the capture, limits.
    Unread = "frame.cap_len", Capture, Apart, [];
}

impl Field {
    /// The names of a difference in it, as `--ignore` and `--only` take them; `name` is the header's, the parameter's, the path in a JSON
    /// document; else empty.
    #[must_use]
    pub fn names(self, name: &[u8]) -> Vec<Box<str>> {
        let mut names: Vec<Box<str>> =
            [self.id(), self.cause().word()].into_iter().chain(self.other_ids().iter().copied()).map(Into::into).collect();
        let Ok(name) = str::from_utf8(name) else { return names };
        if name.is_empty() {
            return names;
        }
        names.push([self.id(), ".", name].concat().into());
        names.push(name.into());
        if matches!(self, Self::RequestHeader | Self::ResponseHeader) {
            names.push(header_id(name));
        }
        if matches!(self, Self::RequestBody | Self::ResponseBody) {
            // Of a JSON pointer every key counts.
            let keys = name.split('/').filter(|key| !key.is_empty());
            names.extend(keys.flat_map(|key| [["json.", key].concat().into(), key.into()]));
        }
        if self == Self::Cookie {
            names.push("Cookie".into());
        }
        if self == Self::SetCookie {
            names.push("Set-Cookie".into());
        }
        names
    }
}

/// Wireshark's name of a header: `http.user_agent`.
#[must_use]
pub fn header_id(name: &str) -> Box<str> {
    ["http.", &name.to_ascii_lowercase().replace('-', "_")].concat().into()
}

/// The rules of problems: a difference in one goes by its id, too.
fn problems() -> impl Iterator<Item = &'static str> {
    rules().filter(|rule| rule.severity == Severity::Problem).map(|rule| rule.id)
}

/// Every name that is known whatever the captures hold. Families that take any name behind them are [`FAMILIES`].
pub fn known_names() -> impl Iterator<Item = &'static str> {
    let of_fields = Field::ALL.iter().flat_map(|field| std::iter::once(field.id()).chain(field.other_ids().iter().copied()));
    of_fields.chain(Cause::ALL.iter().map(|cause| cause.word())).chain(problems())
}

/// What may be followed by a dot and any name: that of a parameter, a header, a key.
pub const FAMILIES: [&str; 8] = [
    "http.request.uri.query",
    "http.request.header",
    "http.response.header",
    "http.cookie",
    "http.set_cookie",
    "urlencoded-form",
    "http.file_data",
    "json",
];

/// Whether a name is that of a field, of a family of fields, or of a cause.
#[must_use]
pub fn is_field(name: &str) -> bool {
    let is = |known: &str| {
        known.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
            && !matches!(known.as_bytes().get(name.len()), Some(byte) if *byte != b'.')
    };
    known_names().any(is)
}

/// Refuses what names nothing that can differ between two runs. A word without a dot may be a header, a parameter or a key.
///
/// # Errors
/// The name, with the nearest that is known.
pub fn check_name(name: &str) -> Result<(), UnknownName> {
    let goes_on = |family: &str| {
        name.get(..family.len()).is_some_and(|head| head.eq_ignore_ascii_case(family)) && name.as_bytes().get(family.len()) == Some(&b'.')
    };
    let is_token =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-^_`|~".contains(&byte));
    let is_header = name.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("http.")) && name.get(5..).is_some_and(is_token);
    let is_known = is_field(name) || FAMILIES.into_iter().any(goes_on) || is_token(name) || is_header;
    if is_known {
        return Ok(());
    }
    Err(UnknownName { name: name.into(), nearest: nearest(name, known_names()).map(Into::into) })
}
