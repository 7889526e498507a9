//! The process that makes files, and who asks it to.
//!
//! They speak over a socket that keeps messages apart (unix(7), `SOCK_SEQPACKET`). A question is one byte. The answer to [`NEXT`] is a byte
//! and text: [`MADE`], the name of the file, and the file itself beside it, or [`FAILED`] and why. Its end is the end of the socket.

use super::Series;
use crate::limits::Limits;
use crate::source::privilege;
use anyhow::{Context, anyhow, bail};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, Shutdown,
    SocketFlags, SocketType, recvmsg, sendmsg, shutdown, socketpair,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What the process is called: who is run by this name makes files.
pub(in crate::cli) const NAME: &str = "wirelore-file-maker";

/// The questions.
const NEXT: u8 = b'n';
const KEEP: u8 = b'k';
const DISCARD: u8 = b'd';
/// The answers.
const MADE: u8 = b'+';
const FAILED: u8 = b'-';
/// The argument that says to replace files.
const REPLACE: &str = "replace";

/// Asks the process that makes files.
pub(in crate::cli::capture) struct FileMaker {
    socket: OwnedFd,
    process: Child,
}

impl FileMaker {
    /// Begins the process.
    pub(in crate::cli::capture) fn new(series: Series) -> anyhow::Result<Self> {
        let begun = || -> io::Result<Self> {
            let (socket, other) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
            let mut command = Command::new("/proc/self/exe");
            command.arg0(NAME).arg(&series.path).arg(series.keep.unwrap_or(0).to_string());
            command.args(series.replaces.then_some(REPLACE)).stdin(other).stdout(Stdio::null());
            // Ctrl-C ends the capture, and that its files.
            Ok(Self { socket, process: command.process_group(0).spawn()? })
        };
        begun().context("beginning a process that makes files")
    }

    /// Has the next file made.
    pub(in crate::cli::capture) fn next(&mut self) -> anyhow::Result<(PathBuf, File)> {
        self.ask(NEXT)?;
        let mut message = [0; Limits::FILE_REQUEST];
        let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut room);
        let length = loop {
            match recvmsg(&self.socket, &mut [IoSliceMut::new(&mut message)], &mut beside, RecvFlags::CMSG_CLOEXEC) {
                Ok(received) => break received.bytes,
                Err(Errno::INTR) => {}
                Err(_) => return Err(gone()),
            }
        };
        let descriptors = beside.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
            _ => None,
        });
        let file = descriptors.flatten().next().map(File::from);
        match (message.get(..length).and_then(<[u8]>::split_first), file) {
            (Some((&MADE, path)), Some(file)) => Ok((PathBuf::from(OsStr::from_bytes(path)), file)),
            (Some((_, why)), _) => bail!("{}", String::from_utf8_lossy(why)),
            (None, _) => Err(gone()),
        }
    }

    /// Has the file kept that was made last.
    pub(in crate::cli::capture) fn keep(&mut self) {
        // Where it is gone, the next question says so.
        let _unheard = self.ask(KEEP);
    }

    /// Has the file removed that was made last.
    pub(in crate::cli::capture) fn discard(&mut self) {
        let _unheard = self.ask(DISCARD);
    }

    fn ask(&self, question: u8) -> anyhow::Result<()> {
        // Not by the calls that send: those are refused.
        rustix::io::write(&self.socket, &[question]).map(drop).map_err(|_| gone())
    }
}

impl Drop for FileMaker {
    fn drop(&mut self) {
        // It does what it was asked for before, and ends.
        let _ended = shutdown(&self.socket, Shutdown::Both);
        let _ended = self.process.wait();
    }
}

/// Not an error of a pipe, of which nobody would be told.
fn gone() -> anyhow::Error {
    anyhow!("the process that makes the next files has ended; what was captured before is whole")
}

/// Makes files until nobody asks any longer: the whole of the process.
pub(in crate::cli) fn run(arguments: &[OsString]) -> ExitCode {
    let stdin = io::stdin();
    let socket = stdin.as_fd();
    let mut series = confined(arguments);
    loop {
        let mut question = [0];
        match rustix::io::read(socket, &mut question) {
            Ok(1) => {}
            Err(Errno::INTR) => continue,
            Ok(_) | Err(_) => return ExitCode::SUCCESS,
        }
        let answered = match (question, &mut series) {
            ([NEXT], Ok(series)) => match series.next() {
                Ok((path, file)) => answer(socket, MADE, path.as_os_str().as_bytes(), Some(file.as_fd())),
                Err(error) => answer(socket, FAILED, error.to_string().as_bytes(), None),
            },
            ([NEXT], Err(error)) => answer(socket, FAILED, error.to_string().as_bytes(), None),
            ([KEEP], Ok(series)) => {
                series.keep();
                Ok(())
            }
            ([DISCARD], Ok(series)) => {
                series.discard();
                Ok(())
            }
            _ => Ok(()),
        };
        if answered.is_err() {
            return ExitCode::FAILURE;
        }
    }
}

/// The files that are asked for, and nothing else that could be done.
fn confined(arguments: &[OsString]) -> anyhow::Result<Series> {
    let [path, keep, replaces @ ..] = arguments else { bail!("{NAME} is begun by `wirelore capture --rotate`, and by nobody else") };
    let keep = keep.to_str().and_then(|keep| keep.parse().ok()).filter(|keep| *keep > 0);
    let series = Series::new(path.as_ref(), keep, replaces == [REPLACE])?;
    // Who asks decides when it ends.
    let unheeded = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] {
        signal_hook::flag::register(signal, Arc::clone(&unheeded))?;
    }
    privilege::keep_folder(&series.folder, series.owner.caller.as_ref())?;
    Ok(series)
}

fn answer(socket: BorrowedFd<'_>, kind: u8, text: &[u8], file: Option<BorrowedFd<'_>>) -> rustix::io::Result<()> {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut room);
    let files = file.as_slice();
    if !files.is_empty() {
        beside.push(SendAncillaryMessage::ScmRights(files));
    }
    let text = text.get(..Limits::FILE_REQUEST - 1).unwrap_or(text);
    sendmsg(socket, &[IoSlice::new(&[kind]), IoSlice::new(text)], &mut beside, SendFlags::NOSIGNAL).map(drop)
}
