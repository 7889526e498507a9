//! TLS: what its handshake says in clear, put together from records and segments.

mod handshake;
mod records;
mod summary;
#[cfg(test)]
mod tests;
mod watch;

pub use summary::{Alert, Certificate, Resumption, TlsSummary};
pub use watch::TlsWatch;
