//! One interface that frames come from.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(test, not(target_os = "linux")))]
mod portable;

#[cfg(target_os = "linux")]
pub(super) use linux::Port;
#[cfg(not(target_os = "linux"))]
pub(super) use portable::Port;
