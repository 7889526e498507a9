//! Other network namespaces.

#[cfg(target_os = "linux")]
use crate::source::privilege;

/// Runs `action` of a verb in a network namespace, and here where none is named.
///
/// # Errors
/// There is no such namespace, or it may not be entered.
#[cfg(target_os = "linux")]
pub(super) fn within<T: Send>(namespace: Option<&str>, verb: &str, action: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
    match namespace {
        Some(namespace) => Ok(privilege::in_network_namespace(namespace, verb, action)?),
        None => Ok(action()),
    }
}

/// Runs `action` here: there is nowhere else.
///
/// # Errors
/// A namespace is named.
#[cfg(not(target_os = "linux"))]
pub(super) fn within<T: Send>(namespace: Option<&str>, _verb: &str, action: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
    anyhow::ensure!(namespace.is_none(), "--netns: there are network namespaces on Linux alone");
    Ok(action())
}
