//! What is tried, and what still goes.

use std::env;
use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use wirelore::source::privilege::{self, Enforced};

/// What has this program try, in a folder.
const TRIES: &str = "--tries-in";

pub(super) fn main() {
    if let [_, word, folder] = env::args_os().collect::<Vec<_>>().as_slice()
        && word == TRIES
    {
        return given_up(Path::new(folder));
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("there"), b"readable").expect("a file");
    // Whoever it is then might do everything here, but for what is given up.
    for (path, mode) in [(folder.path().to_owned(), 0o777), (folder.path().join("there"), 0o666)] {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }
    // What is given up is gone for good: a process of its own gives it up, and the folder is removed by this one.
    let own = env::current_exe().expect("a program");
    let tried = Command::new(own).arg(TRIES).arg(folder.path()).status().expect("it runs");
    assert!(tried.success(), "{tried}");
    assert_eq!(fs::read(folder.path().join("there")).expect("it is still there"), b"readable");
    assert!(!folder.path().join("new").exists());
}

/// Whether something was refused, and not merely failed.
fn refused<T>(tried: std::io::Result<T>) -> bool {
    tried.err().is_some_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

fn given_up(folder: &Path) {
    let receiving = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let sending = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    sending.connect(receiving.local_addr().expect("an address")).expect("connected");
    sending.send(b"before").expect("sent");
    let (there, new) = (folder.join("there"), folder.join("new"));
    let mut open = File::open(&there).expect("a file");
    let mut written = File::create(folder.join("written")).expect("a file");
    let own = env::current_exe().expect("a program");

    let dropped = privilege::drop(&[receiving.as_raw_fd(), sending.as_raw_fd()]).expect("given up");
    // Where the kernel has no such wall there is nothing to try it on; the run says so to whoever captures.
    if dropped.file_system != Enforced::No {
        assert!(refused(File::open(&there)) && refused(fs::read_dir(folder)), "what is there is opened");
        assert!(refused(File::create(&new)) && refused(fs::create_dir(&new)) && refused(fs::write(&there, b"over")), "files are made");
        assert!(refused(fs::remove_file(&there)) && refused(fs::rename(&there, &new)), "files are removed");
    }
    if dropped.system_calls != Enforced::No {
        assert!(refused(Command::new(own).spawn()), "a program is begun");
        assert!(refused(UdpSocket::bind("127.0.0.1:0")) && refused(TcpListener::bind("127.0.0.1:0")), "a socket is opened");
        assert!(refused(TcpStream::connect("127.0.0.1:9")) && refused(UnixDatagram::unbound()), "a socket is opened");
        assert!(refused(sending.send(b"after")), "the socket sends");
        let target = receiving.local_addr().expect("an address");
        assert!(refused(receiving.send_to(b"after", target)), "the socket sends to somebody");
        let mut as_file = File::from(OwnedFd::from(sending));
        assert!(refused(as_file.write(b"after")), "what is written to the socket is sent");
        assert!(refused(receiving.connect(target)) && refused(receiving.set_broadcast(true)), "the socket is changed");
        assert!(refused(fs::set_permissions(&there, fs::metadata(&there).expect("it is seen").permissions())), "rights are changed");
    }

    // What a run needs goes on: what is open, memory, threads, time.
    let mut bytes = [0; 64];
    assert_eq!(receiving.recv(&mut bytes).expect("received"), 6);
    let mut text = String::new();
    open.read_to_string(&mut text).expect("read");
    assert_eq!(text, "readable");
    written.write_all(&vec![7; 1 << 20]).expect("written");
    written.set_len(4_096).expect("shortened");
    assert_eq!(std::thread::spawn(|| 6 * 7).join().expect("a thread"), 42);
}
