//! System calls that a capture never makes, refused (seccomp(2)).
//!
//! The list is of what is refused, not of what is allowed. Which calls memory, threads and output take is chosen by the C library and the
//! standard library, and changes with them: a list of what is allowed turns their next version into captures that break. Capabilities,
//! identity and Landlock confine the process already; this list takes away what reaches farther: other programs and processes, namespaces
//! and mounts, other kinds of sockets, and the parts of the kernel in which most holes were found. A refused call fails with "not
//! permitted", as it does for anybody without the privilege. What is newer than the list is answered as by an older kernel, which every
//! library can live with.

use super::Enforced;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    sock_filter,
};
use std::env::consts::ARCH;

/// The first number that the list does not know. On x86-64 it also bars the numbers of the x32 calls, which are the same calls again.
const UNKNOWN: u32 = 463;

/// Types a character into a terminal (ioctl_tty(2)).
const TIOCSTI: u64 = 0x5412;
/// Selects and pastes on a console (ioctl_console(2)).
const TIOCLINUX: u64 = 0x541c;

/// Refused whatever its arguments are.
const REFUSED: &[i64] = &[
    // Other programs and processes.
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_kcmp,
    // Connections: netlink and what is open take none.
    libc::SYS_connect,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // Namespaces and mounts.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_mknodat,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_fanotify_init,
    // Programs in the kernel. A ring of io_uring makes calls that no filter sees.
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    // Keys.
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Identities and capabilities.
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
    libc::SYS_setgroups,
    libc::SYS_capset,
    libc::SYS_personality,
    // The machine as a whole.
    libc::SYS_reboot,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    // Memory of other kinds.
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_remap_file_pages,
    libc::SYS_mbind,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    libc::SYS_vmsplice,
];

/// Those that not every processor has, or that the C library does not name on each.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[i64] = &[
    libc::SYS_kexec_file_load,
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_mknod,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_uselib,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[i64] = &[KEXEC_FILE_LOAD];
/// Its number where calls have the numbers that all newer processors share (asm-generic/unistd.h).
#[cfg(not(target_arch = "x86_64"))]
const KEXEC_FILE_LOAD: i64 = 294;

/// Has the kernel refuse them, to every thread.
pub(super) fn refuse() -> Enforced {
    let Some(program) = TargetArch::try_from(ARCH).ok().and_then(|processor| program(processor).ok()) else { return Enforced::No };
    match seccompiler::apply_filter_all_threads(&program) {
        Ok(()) => Enforced::Fully,
        Err(_) => Enforced::No,
    }
}

/// The program that the kernel asks of every call.
fn program(processor: TargetArch) -> Result<BpfProgram, BackendError> {
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        REFUSED.iter().chain(REFUSED_HERE).map(|call| (*call, Vec::new())).collect();
    // Interfaces are asked by netlink, or by the calls of any socket.
    let family = |operator: SeccompCmpOp, family: i32| condition(0, operator, family as u64);
    let other_family = [libc::AF_NETLINK, libc::AF_UNIX].map(|known| family(SeccompCmpOp::Ne, known));
    rules.insert(libc::SYS_socket, vec![SeccompRule::new(other_family.into_iter().collect::<Result<_, _>>()?)?]);
    // A process of its own, and with it every new namespace; a thread is none.
    let is_process = condition(0, SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64), 0)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_process])?]);
    // What types into the terminal that the capture was started from.
    let typing = [TIOCSTI, TIOCLINUX].map(|request| SeccompRule::new(vec![condition(1, SeccompCmpOp::Eq, request)?]));
    rules.insert(libc::SYS_ioctl, typing.into_iter().collect::<Result<_, _>>()?);
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refused, processor)?.try_into()?;
    Ok(newer().into_iter().chain(program).collect())
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}

/// What stands before the program: calls newer than the list are not there. Nor is `clone3`, whose flags a filter cannot see: libraries
/// take `clone` then.
fn newer() -> [sock_filter; 4] {
    const NUMBER: u32 = 0;
    let absent = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
    [
        sock_filter { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: NUMBER },
        sock_filter { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: 1, jf: 0, k: libc::SYS_clone3 as u32 },
        sock_filter { code: (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16, jt: 0, jf: 1, k: UNKNOWN },
        sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: absent },
    ]
}
