//! System calls that a capture never makes, refused (seccomp(2)).
//!
//! The list is of what is refused, not of what is allowed. Which calls memory, threads and output take is chosen by the C library and the
//! standard library, and changes with them: a list of what is allowed turns their next version into captures that break. Capabilities,
//! identity and Landlock confine the process already; this list takes away what reaches farther: other programs and processes, namespaces
//! and mounts, sockets, what could be sent, and the parts of the kernel in which most holes were found. A refused call fails with "not
//! permitted", as it does for anybody without the privilege. What is newer than the list is answered as by an older kernel, which every
//! library can live with.
//!
//! A packet socket sends whatever is written to it, so that writing is refused on the descriptors of such sockets, and no descriptor may get
//! a second number.

use super::Enforced;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    sock_filter,
};
use std::env::consts::ARCH;
use std::os::fd::RawFd;

/// The first number that the list does not know. On x86-64 it also bars the numbers of the x32 calls, which are the same calls again.
const UNKNOWN: u32 = 463;

/// Types a character into a terminal (ioctl_tty(2)).
const TIOCSTI: u64 = 0x5412;
/// Selects and pastes on a console (ioctl_console(2)).
const TIOCLINUX: u64 = 0x541c;

/// `fchmodat2` (Linux 6.6), the same on every processor; the C library does not name it everywhere.
const FCHMODAT2: i64 = 452;

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
    // Sockets: what is open is received from, and nothing is sent. Options are set, and filters with them.
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_bind,
    libc::SYS_connect,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_setsockopt,
    libc::SYS_sendto,
    libc::SYS_sendmmsg,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_tee,
    // At place -1 it writes to a socket as write does.
    libc::SYS_pwritev2,
    // A second number of a descriptor; by fcntl as well, which is below.
    libc::SYS_dup,
    libc::SYS_dup3,
    // Reading and writing that is handed to the kernel to be done later: a packet socket would send by it.
    libc::SYS_io_setup,
    libc::SYS_io_submit,
    libc::SYS_io_destroy,
    libc::SYS_io_cancel,
    libc::SYS_io_getevents,
    // Whose files are, and who may do what with them: Landlock does not ask about that.
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    // Memory, locks and messages that other programs of the same user share; and signals to those.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
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
    libc::SYS_dup2,
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_mknod,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_uselib,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[i64] = &[KEXEC_FILE_LOAD];
/// Its number where calls have the numbers that all newer processors share (asm-generic/unistd.h).
#[cfg(not(target_arch = "x86_64"))]
const KEXEC_FILE_LOAD: i64 = 294;

/// What is still sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sends<'a> {
    /// Nothing. These descriptors are of sockets that send what is written to them.
    Nothing {
        /// Their numbers.
        sockets: &'a [RawFd],
    },
    /// Descriptors, to another process (unix(7), `SCM_RIGHTS`): there is no socket but the one to it.
    Descriptors,
}

/// Has the kernel refuse them, to every thread.
pub(super) fn refuse(sends: Sends<'_>) -> Enforced {
    let Some(program) = TargetArch::try_from(ARCH).ok().and_then(|processor| program(processor, sends).ok()) else { return Enforced::No };
    match seccompiler::apply_filter_all_threads(&program) {
        Ok(()) => Enforced::Fully,
        Err(_) => Enforced::No,
    }
}

/// The program that the kernel asks of every call.
fn program(processor: TargetArch, sends: Sends<'_>) -> Result<BpfProgram, BackendError> {
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        REFUSED.iter().chain(REFUSED_HERE).map(|call| (*call, Vec::new())).collect();
    let any_of = |argument: u8, values: &[u64]| -> Result<Vec<SeccompRule>, BackendError> {
        values.iter().map(|value| SeccompRule::new(vec![condition(argument, SeccompCmpOp::Eq, *value)?])).collect()
    };
    if let Sends::Nothing { sockets } = sends {
        rules.insert(libc::SYS_sendmsg, Vec::new());
        // An empty list would refuse every writing.
        if !sockets.is_empty() {
            let sockets: Vec<u64> = sockets.iter().map(|socket| *socket as u64).collect();
            rules.insert(libc::SYS_write, any_of(0, &sockets)?);
            rules.insert(libc::SYS_writev, any_of(0, &sockets)?);
        }
    }
    rules.insert(libc::SYS_fcntl, any_of(1, &[libc::F_DUPFD as u64, libc::F_DUPFD_CLOEXEC as u64])?);
    // A process of its own, and with it every new namespace; a thread is none.
    let is_process = condition(0, SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64), 0)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_process])?]);
    // A signal to oneself ends a program that is broken; it goes to nobody else.
    let to_others = condition(0, SeccompCmpOp::Ne, std::process::id().into())?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![to_others])?]);
    // What types into the terminal that the capture was started from.
    rules.insert(libc::SYS_ioctl, any_of(1, &[TIOCSTI, TIOCLINUX])?);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel answers a call (linux/seccomp.h): it runs the program over number, processor and arguments.
    fn answer(program: &[sock_filter], call: i64, arguments: &[u64]) -> u32 {
        let processor: u32 = if cfg!(target_arch = "x86_64") { 0xc000_003e } else { 0xc000_00b7 };
        let mut data = vec![call as u32, processor, 0, 0];
        (0..6).map(|at| arguments.get(at).copied().unwrap_or_default()).for_each(|value| data.extend([value as u32, (value >> 32) as u32]));
        let (mut place, mut accumulator) = (0, 0);
        loop {
            let sock_filter { code, jt, jf, k } = program[place];
            let jump = |is: bool| usize::from(if is { jt } else { jf });
            place += 1 + match code {
                0x20 => {
                    accumulator = data[k as usize / 4];
                    0
                }
                0x54 => {
                    accumulator &= k;
                    0
                }
                0x05 => k as usize,
                0x15 => jump(accumulator == k),
                0x25 => jump(accumulator > k),
                0x35 => jump(accumulator >= k),
                0x45 => jump(accumulator & k != 0),
                0x06 => return k,
                other => panic!("{other:#x}"),
            };
        }
    }

    const REFUSED_ANSWER: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;

    fn here(sends: Sends<'_>) -> BpfProgram {
        program(TargetArch::try_from(ARCH).expect("a processor that is known"), sends).expect("a program")
    }

    #[test]
    fn nothing_is_sent_and_no_socket_is_changed() {
        let program = here(Sends::Nothing { sockets: &[7, 9] });
        let refused = |call: i64, arguments: &[u64]| answer(&program, call, arguments) == REFUSED_ANSWER;
        for call in [libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_sendmmsg, libc::SYS_sendfile, libc::SYS_splice, libc::SYS_pwritev2] {
            assert!(refused(call, &[7]) && refused(call, &[1]), "{call}");
        }
        for call in [libc::SYS_socket, libc::SYS_socketpair, libc::SYS_bind, libc::SYS_connect, libc::SYS_setsockopt, libc::SYS_dup3] {
            assert!(refused(call, &[]), "{call}");
        }
        for call in [libc::SYS_write, libc::SYS_writev] {
            assert_eq!([1, 2, 6, 7, 8, 9, 10].map(|socket| refused(call, &[socket])), [false, false, false, true, false, true, false]);
        }
        // A second number of a descriptor would be one that may be written to.
        let by_fcntl = [libc::F_DUPFD, libc::F_DUPFD_CLOEXEC, libc::F_SETFL].map(|what| refused(libc::SYS_fcntl, &[7, what as u64]));
        assert_eq!(by_fcntl, [true, true, false]);
        for call in [libc::SYS_read, libc::SYS_recvfrom, libc::SYS_getsockopt, libc::SYS_ppoll, libc::SYS_ftruncate, libc::SYS_mmap] {
            assert_eq!(answer(&program, call, &[7]), libc::SECCOMP_RET_ALLOW, "{call}");
        }
    }

    #[test]
    fn what_is_done_later_counts_as_done_and_files_of_others_stay_theirs() {
        let (capturing, making) = (here(Sends::Nothing { sockets: &[7] }), here(Sends::Descriptors));
        let [shared, killing] = [libc::SYS_shmget, libc::SYS_kill];
        for call in
            [libc::SYS_io_setup, libc::SYS_io_submit, libc::SYS_fchmodat, FCHMODAT2, libc::SYS_fchown, libc::SYS_fchownat, shared, killing]
        {
            assert_eq!([&capturing, &making].map(|program| answer(program, call, &[])), [REFUSED_ANSWER; 2], "{call}");
        }
        let own = u64::from(std::process::id());
        assert_eq!(
            [own, own + 1].map(|process| answer(&capturing, libc::SYS_tgkill, &[process])),
            [libc::SECCOMP_RET_ALLOW, REFUSED_ANSWER]
        );
    }

    #[test]
    fn a_process_is_begun_by_nobody_and_a_thread_may_be() {
        let program = here(Sends::Nothing { sockets: &[] });
        assert_eq!(answer(&program, libc::SYS_clone, &[libc::SIGCHLD as u64]), REFUSED_ANSWER);
        assert_eq!(answer(&program, libc::SYS_clone, &[(libc::CLONE_THREAD | libc::CLONE_VM) as u64]), libc::SECCOMP_RET_ALLOW);
        assert_eq!(answer(&program, libc::SYS_clone3, &[]), libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32);
        assert_eq!(answer(&program, i64::from(UNKNOWN), &[]), libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32);
        assert_eq!(answer(&program, libc::SYS_execve, &[]), REFUSED_ANSWER);
        // Where frames come from no socket, everything may be written to.
        assert_eq!(answer(&program, libc::SYS_write, &[7]), libc::SECCOMP_RET_ALLOW);
    }

    #[test]
    fn who_hands_on_descriptors_sends_by_one_call() {
        let program = here(Sends::Descriptors);
        assert_eq!(answer(&program, libc::SYS_sendmsg, &[0]), libc::SECCOMP_RET_ALLOW);
        for call in [libc::SYS_sendto, libc::SYS_socket, libc::SYS_execve, libc::SYS_setresuid, libc::SYS_mknodat] {
            assert_eq!(answer(&program, call, &[]), REFUSED_ANSWER, "{call}");
        }
    }
}
