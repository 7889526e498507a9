//! The head of a message as it was sent: its bytes, and where its parts stand in them.

/// A range of a head's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Where the parts of a start line stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum StartSpans {
    /// There is no start line: trailers, and what an HTTP/0.9 server answers.
    #[default]
    None,
    /// A request line.
    Request { method: Span, target: Span, version: Span },
    /// A status line.
    Status { version: Span, status: Span, reason: Span },
}

/// A request line (RFC 9112 section 3), as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// The method.
    pub method: &'a [u8],
    /// The target, whatever its form.
    pub target: &'a [u8],
    /// The version, as `HTTP/1.1`; empty for HTTP/0.9.
    pub version: &'a [u8],
}

/// A status line (RFC 9112 section 4), as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLine<'a> {
    /// The version, as `HTTP/1.1`.
    pub version: &'a [u8],
    /// The status; digits, if all is well.
    pub status: &'a [u8],
    /// The reason phrase; often empty.
    pub reason: &'a [u8],
}

impl StatusLine<'_> {
    /// The status as a number, where it is three digits.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self.status {
            digits @ [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] => {
                let digit = |byte: &u8| u16::from(byte.saturating_sub(b'0'));
                Some(digits.iter().fold(0, |sum: u16, byte| sum.saturating_mul(10).saturating_add(digit(byte))))
            }
            _ => None,
        }
    }
}

/// A header field, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Its name, without the colon; a line without a colon is a name without a value.
    pub name: &'a [u8],
    /// Its value without the spaces around it. Where it goes on in further lines (obs-fold) the line ends stand in it.
    pub value: &'a [u8],
}

/// The head of a message: its bytes, from the start line to the empty line, and where its parts stand.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Head {
    pub(super) bytes: Box<[u8]>,
    pub(super) start: StartSpans,
    /// Name and value of each header.
    pub(super) headers: Box<[[Span; 2]]>,
}

impl Head {
    /// All of it as it was sent, from the first byte of the start line to the end of the empty line.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its request line, where it is a request's.
    #[must_use]
    pub fn request_line(&self) -> Option<RequestLine<'_>> {
        match self.start {
            StartSpans::Request { method, target, version } => {
                let [method, target, version] = [method, target, version].map(|span| span.of(&self.bytes));
                Some(RequestLine { method, target, version })
            }
            StartSpans::Status { .. } | StartSpans::None => None,
        }
    }

    /// Its status line, where it is an answer's.
    #[must_use]
    pub fn status_line(&self) -> Option<StatusLine<'_>> {
        match self.start {
            StartSpans::Status { version, status, reason } => {
                let [version, status, reason] = [version, status, reason].map(|span| span.of(&self.bytes));
                Some(StatusLine { version, status, reason })
            }
            StartSpans::Request { .. } | StartSpans::None => None,
        }
    }

    /// The version, as `HTTP/1.1`; empty where there is none.
    #[must_use]
    pub fn version(&self) -> &[u8] {
        match self.start {
            StartSpans::Request { version, .. } | StartSpans::Status { version, .. } => version.of(&self.bytes),
            StartSpans::None => &[],
        }
    }

    /// Its headers in the order in which they were sent, repeats included.
    #[must_use]
    pub fn headers(&self) -> Headers<'_> {
        Headers { bytes: &self.bytes, spans: self.headers.iter() }
    }

    /// The value of the first header with this name; case does not matter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The values of all headers with this name, in order; case does not matter.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.headers().filter(move |header| header.name.eq_ignore_ascii_case(name.as_bytes())).map(|header| header.value)
    }

    /// The members of a comma-separated list that all headers with this name make together (RFC 9110 section 5.6.1): trimmed, none empty.
    pub fn list<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.all(name).flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).filter(|member| !member.is_empty())
    }
}

/// The headers of a head, in order.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    bytes: &'a [u8],
    spans: std::slice::Iter<'a, [Span; 2]>,
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        let [name, value] = self.spans.next()?;
        Some(Header { name: name.of(self.bytes), value: value.of(self.bytes) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.spans.size_hint()
    }
}

impl ExactSizeIterator for Headers<'_> {}
