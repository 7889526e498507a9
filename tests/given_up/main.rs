//! What a process can still do once it has given up every privilege: it tries.
//!
//! A program of its own, and no test beside others: giving up is of one thread, and there must be no other.

#[cfg(target_os = "linux")]
mod linux;

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
}
