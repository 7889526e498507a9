//! Files that are made: anew and for their owner alone, whatever somebody else puts in their place meanwhile.

use super::owner::Owner;
use super::unwritable::unwritable;
use anyhow::bail;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

/// How often it is tried anew where somebody else makes and removes a file of that name.
const TRIES: usize = 8;
/// How often it is looked whether somebody reads a pipe.
const LOOK: Duration = Duration::from_millis(50);

/// Nobody read a pipe before waiting for that was given up.
#[derive(Debug, thiserror::Error)]
#[error("{0}: nobody opened this pipe to read it, and nothing was written")]
pub(super) struct NobodyReads(String);

/// Creates a file that will hold traffic, with the rights of whoever called: for its owner alone, never through a link, never over a file
/// that is there unless `replace` says so. A pipe (mkfifo(1)) is written as it stands once somebody reads it, unless that is `given_up` first;
/// so are /dev/null and /dev/full. No other device is written to.
///
/// What is there is decided on what was opened, not on what stood there before: what somebody puts there in between is refused.
pub(super) fn create(path: &Path, replace: bool, given_up: impl Fn() -> bool) -> anyhow::Result<File> {
    let owner = Owner::caller();
    owner.does(|| created(path, replace, &owner, Some(&given_up)))
}

/// The same, but nothing other than a file: a pipe in its place is as good as a file that is there, and nothing is waited for. The names of a
/// rotation can be known beforehand, and what somebody put there would get the traffic.
pub(super) fn create_file(path: &Path, replace: bool, owner: &Owner) -> anyhow::Result<File> {
    owner.does(|| created(path, replace, owner, None))
}

/// What is no file is written only where there is a way to give it up.
fn created(path: &Path, replace: bool, owner: &Owner, given_up: Option<&dyn Fn() -> bool>) -> anyhow::Result<File> {
    for _ in 0..TRIES {
        match make(path) {
            Ok(file) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(owner.refused(path, &error).into()),
        }
        let there = match path.symlink_metadata() {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(owner.refused(path, &error).into()),
        };
        let (kind, shown) = (there.file_type(), path.display());
        if kind.is_file() || kind.is_symlink() || given_up.is_none() && is_pipe(kind) {
            anyhow::ensure!(!is_of_system(path), "{shown}: is a link of the system's; for standard output the name is -");
            anyhow::ensure!(replace, "{shown}: is there already; --force replaces it");
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(owner.refused(path, &error).into()),
                Ok(()) | Err(_) => {}
            }
        } else if let Some(given_up) = given_up.filter(|_| is_pipe(kind) || is_sink(&there)) {
            #[cfg(target_os = "linux")]
            anyhow::ensure!(
                !is_trap(path, &there),
                "{shown}: this pipe is another user's, in a folder where everybody makes files: its owner would get what is written; name a \
                 pipe of your own (`mkfifo`), or a file"
            );
            if let Some(file) = open_as_it_stands(path, &there, owner, given_up)? {
                return Ok(file);
            }
        } else if kind.is_dir() {
            return Err(unwritable(path, &ErrorKind::IsADirectory.into()).into());
        } else {
            bail!("{shown}: is a device or a socket, and nothing is written to those; name a file");
        }
    }
    bail!("{}: somebody else makes and removes it all the time; name another", path.display())
}

/// Makes a file where nothing stands.
fn make(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Where links are not somebody's, and removing them breaks other programs.
fn is_of_system(path: &Path) -> bool {
    ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder)) && !path.starts_with("/dev/shm")
}

#[cfg(unix)]
fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_kind: FileType) -> bool {
    false
}

/// Whether it is a device that keeps nothing of what it is given: /dev/null, or /dev/full.
#[cfg(unix)]
fn is_sink(there: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    let is_same = |name: &str| std::fs::metadata(name).is_ok_and(|sink| sink.file_type().is_char_device() && sink.rdev() == there.rdev());
    there.file_type().is_char_device() && ["/dev/null", "/dev/full"].into_iter().any(is_same)
}

#[cfg(not(unix))]
fn is_sink(_there: &Metadata) -> bool {
    false
}

/// Whether a pipe may have been put there to get at what somebody else writes: it is neither ours nor the folder's owner's, in a folder where
/// everybody makes files and only owners remove them. The kernel refuses such a pipe to whoever would make a file there (proc_sys_fs(5),
/// `protected_fifos`), and not to whoever opens it as it stands.
#[cfg(target_os = "linux")]
fn is_trap(path: &Path, there: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    /// Everybody makes files, and only owners remove them (inode(7), `S_ISVTX` and `S_IWOTH`).
    const SHARED: u32 = 0o1002;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_ours = |user: u32| user == rustix::process::geteuid().as_raw();
    is_pipe(there.file_type())
        && !is_ours(there.uid())
        && folder.metadata().is_ok_and(|folder| folder.mode() & SHARED == SHARED && folder.uid() != there.uid())
}

/// Opens what is no file, where it is still what it was; `None` where it is not.
#[cfg(target_os = "linux")]
fn open_as_it_stands(path: &Path, there: &Metadata, owner: &Owner, given_up: &dyn Fn() -> bool) -> anyhow::Result<Option<File>> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
    let alone = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    loop {
        match OpenOptions::new().write(true).custom_flags(alone.bits().cast_signed()).open(path) {
            Ok(file) => {
                let opened = file.metadata()?;
                let identity = |of: &Metadata| (of.dev(), of.ino(), of.file_type());
                if identity(&opened) != identity(there) {
                    return Ok(None);
                }
                // From now on who writes waits until there is room.
                let flags = rustix::fs::fcntl_getfl(&file).map_err(io::Error::from)?;
                rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK).map_err(io::Error::from)?;
                return Ok(Some(file));
            }
            // Nobody reads the pipe yet (fifo(7)).
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
                anyhow::ensure!(!given_up(), NobodyReads(path.display().to_string()));
                std::thread::sleep(LOOK);
            }
            Err(error) => match path.symlink_metadata() {
                Ok(now) if now.file_type() == there.file_type() => return Err(owner.refused(path, &error).into()),
                Ok(_) | Err(_) => return Ok(None),
            },
        }
    }
}

/// Opens what is no file. Waiting for somebody to read it ends with the program.
#[cfg(not(target_os = "linux"))]
fn open_as_it_stands(path: &Path, _there: &Metadata, owner: &Owner, _given_up: &dyn Fn() -> bool) -> anyhow::Result<Option<File>> {
    Ok(Some(OpenOptions::new().write(true).open(path).map_err(|error| owner.refused(path, &error))?))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

    const WAITS: fn() -> bool = || false;

    fn said(path: &Path, replace: bool) -> String {
        create(path, replace, WAITS).expect_err("refused").to_string()
    }

    #[test]
    fn a_file_is_made_for_its_owner_alone_and_replaces_what_it_is_told_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link, precious) = (folder.path().join("file"), folder.path().join("link"), folder.path().join("precious"));
        create(&file, false, WAITS).expect("made").write_all(b"one").expect("written");
        assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        assert!(said(&file, false).ends_with("is there already; --force replaces it"));
        std::fs::write(&precious, "precious").expect("written");
        for target in [precious.as_path(), Path::new("nothing")] {
            std::os::unix::fs::symlink(target, &link).expect("a link");
            assert!(said(&link, false).ends_with("is there already; --force replaces it"));
            create(&link, true, WAITS).expect("made").write_all(b"new").expect("written");
            assert!(std::fs::symlink_metadata(&link).expect("a file").is_file());
            std::fs::remove_file(&link).expect("removed");
        }
        assert_eq!(std::fs::read(&precious).expect("a file"), b"precious");
        assert!(!folder.path().join("nothing").exists());
    }

    #[test]
    fn devices_and_links_of_the_system_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(said(folder.path(), true).contains("this is a folder"));
        // A tape that rewinds, a disk that is overwritten, a terminal that is written to.
        for device in ["/dev/tty", "/dev/zero", "/dev/random"] {
            assert!(said(Path::new(device), true).ends_with("is a device or a socket, and nothing is written to those; name a file"));
        }
        assert!(said(Path::new("/dev/stdout"), true).contains("for standard output the name is -"));
        assert!(std::fs::symlink_metadata("/dev/stdout").is_ok());
        create(Path::new("/dev/null"), false, WAITS).expect("opened").write_all(b"gone").expect("written");
        let socket = folder.path().join("socket");
        let _listens = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        assert!(said(&socket, true).contains("is a device or a socket"));
    }

    #[test]
    fn a_pipe_waits_for_its_reader_and_can_be_given_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let done = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(done.success());
        let refused = create(&pipe, false, || true).expect_err("nobody reads");
        assert!(refused.downcast_ref::<NobodyReads>().is_some(), "{refused}");
        std::thread::scope(|scope| {
            let written = scope.spawn(|| {
                let mut file = create(&pipe, false, WAITS).expect("opened");
                // More than a pipe holds: who writes waits for who reads.
                file.write_all(&[7; 200_000]).expect("written");
            });
            let mut read = Vec::new();
            File::open(&pipe).expect("opened").read_to_end(&mut read).expect("read");
            assert_eq!(read.len(), 200_000);
            written.join().expect("written");
        });
        assert!(std::fs::symlink_metadata(&pipe).expect("there").file_type().is_fifo());
    }

    #[test]
    fn where_a_file_is_asked_for_a_pipe_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let done = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(done.success());
        // Nobody reads it: to open it would be to wait for ever.
        let refused = |path: &Path, replace| create_file(path, replace, &Owner::caller()).expect_err("refused").to_string();
        assert!(refused(&pipe, false).ends_with("is there already; --force replaces it"));
        create_file(&pipe, true, &Owner::caller()).expect("made").write_all(b"a file").expect("written");
        assert!(std::fs::symlink_metadata(&pipe).expect("there").is_file());
        assert!(refused(Path::new("/dev/null"), true).contains("is a device or a socket"));
    }

    #[test]
    fn a_pipe_that_somebody_else_put_there_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let done = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        let mode = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).expect("it is ours");
        let said = || create(&pipe, true, || true).expect_err("refused").to_string();
        assert!(done.success());
        mode(0o1777);
        assert!(said().ends_with("nobody opened this pipe to read it, and nothing was written"), "it is our own: {}", said());
        if std::os::unix::fs::chown(&pipe, Some(12_345), None).is_err() {
            // Only root gives a pipe away.
            return;
        }
        assert!(said().contains("this pipe is another user's, in a folder where everybody makes files"), "{}", said());
        // Where not everybody makes files, and where the pipe is the folder's owner's, it is meant.
        mode(0o1775);
        assert!(said().contains("nobody opened this pipe"), "{}", said());
        mode(0o1777);
        std::os::unix::fs::chown(folder.path(), Some(12_345), None).expect("root may");
        assert!(said().contains("nobody opened this pipe"), "{}", said());
    }

    #[test]
    fn what_is_no_longer_what_it_was_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let (pipe, precious) = (folder.path().join("pipe"), folder.path().join("precious"));
        let done = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(done.success());
        let there = std::fs::symlink_metadata(&pipe).expect("a pipe");
        std::fs::write(&precious, "precious").expect("written");
        std::fs::remove_file(&pipe).expect("removed");
        assert!(open_as_it_stands(&pipe, &there, &Owner::caller(), &WAITS).expect("not there").is_none());
        std::os::unix::fs::symlink(&precious, &pipe).expect("a link");
        assert!(open_as_it_stands(&pipe, &there, &Owner::caller(), &WAITS).expect("a link").is_none());
        std::fs::remove_file(&pipe).expect("removed");
        std::fs::hard_link(&precious, &pipe).expect("a second name");
        assert!(open_as_it_stands(&pipe, &there, &Owner::caller(), &WAITS).expect("another file").is_none());
        assert_eq!(std::fs::read(&precious).expect("a file"), b"precious");
    }
}
