//! What can be wrong with a host file: each message says where, what was expected and what was found.

/// What can be wrong with a host file.
#[derive(Debug, thiserror::Error)]
pub enum HostFileError {
    /// It cannot be read.
    #[error("{name}: {}", io_words(cause))]
    Io {
        /// The file.
        name: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It is longer than a host file can be.
    #[error("{name}: longer than the {} MiB that a host file may have", limit >> 20)]
    TooLong {
        /// The file.
        name: String,
        /// The limit, in bytes.
        limit: usize,
    },
    /// There is nothing in it.
    #[error("{name}: is empty; what `wirelore host` or `ip -j addr` prints was expected")]
    Empty {
        /// The file.
        name: String,
    },
    /// Its bytes are not UTF-8.
    #[error(
        "{name}: line {line}: what `wirelore host` or `ip -j addr` prints (JSON) was expected, found byte 0x{byte:02x}, which is not UTF-8"
    )]
    NotText {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The first byte that is no character's.
        byte: u8,
    },
    /// Something in it is not what it must be.
    #[error("{name}: line {line}, column {column}: {problem}")]
    Nonsense {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
        /// What was found, and what was expected.
        problem: String,
    },
}

fn io_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a folder; what `wirelore host` or `ip -j addr` prints was expected".to_owned(),
        _ => error.to_string(),
    }
}
