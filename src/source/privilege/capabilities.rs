//! Capabilities (capabilities(7)), given up in all of a thread's sets.

use super::PrivilegeError;
use rustix::io::Errno;
use rustix::thread::{CapabilitySet, CapabilitySets};

/// Empties the bounding set: no program that is executed later can bring a capability back. `false` where that is not allowed.
pub(super) fn empty_bounding_set() -> bool {
    // The kernel may know more capabilities than we do: it says which number is none.
    for capability in (0..64).map(|bit| CapabilitySet::from_bits_retain(1 << bit)) {
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            Ok(()) => {}
            Err(Errno::INVAL) => break,
            Err(_) => return false,
        }
    }
    true
}

/// What root's files are made with: in any folder, and removed again from where only owners remove.
const MAKING_FILES: CapabilitySet = CapabilitySet::DAC_OVERRIDE.union(CapabilitySet::FOWNER);

/// Gives up all but those that root makes files with.
pub(super) fn keep_making_files() -> Result<(), PrivilegeError> {
    let had = rustix::thread::capabilities(None).map_err(PrivilegeError::kernel("reading capabilities"))?;
    keep(had.effective & had.permitted & MAKING_FILES)
}

/// Gives up all the others.
pub(super) fn clear() -> Result<(), PrivilegeError> {
    keep(CapabilitySet::empty())
}

fn keep(kept: CapabilitySet) -> Result<(), PrivilegeError> {
    // Kernels before 4.3 have no ambient set; where there is one it empties as the permitted set does.
    let _no_such_set = rustix::thread::clear_ambient_capability_set();
    let sets = CapabilitySets { effective: kept, permitted: kept, inheritable: CapabilitySet::empty() };
    rustix::thread::set_capabilities(None, sets).map_err(PrivilegeError::kernel("dropping capabilities"))?;
    let left = rustix::thread::capabilities(None).map_err(PrivilegeError::kernel("reading capabilities"))?;
    let left = (left.effective | left.permitted | left.inheritable).difference(kept);
    if left.is_empty() { Ok(()) } else { Err(PrivilegeError::Remain { capabilities: left.bits() }) }
}
