//! Under sudo(8): frames are root's matter, and files are the caller's.

use super::*;
use crate::support::capture as recorded;

/// Who calls: a user whom nothing else knows.
const CALLER: (u32, u32) = (1234, 1235);
/// A group that has the caller among its members.
const MEDIA: u32 = 1500;
/// What is asked of root where the caller may not.
const ADVICE: &str = "or have root write it: `sudo env -u SUDO_UID wirelore ..`";

/// A shell as sudo(8) begins it for the caller, where users and groups are those of the machine and the caller.
fn sudo(place: &Place, commands: &str) -> Command {
    let etc = place.path("etc");
    let mut shell = shell(&format!(
        "mkdir -p {0}\necho anna:x:{1}:{2}::/:/bin/sh | cat /etc/passwd - > {0}/passwd\necho media:x:{MEDIA}:berta,anna | cat /etc/group - > {0}/group\n\
         mount --bind {0} /etc\n{commands}",
        etc.display(),
        CALLER.0,
        CALLER.1
    ));
    shell.env("SUDO_UID", CALLER.0.to_string()).env("SUDO_GID", CALLER.1.to_string());
    shell
}

/// Makes a folder.
fn folder(place: &Place, name: &str, owner: (u32, u32), mode: u32) -> PathBuf {
    let path = place.path(name);
    fs::create_dir(&path).expect("a folder");
    std::os::unix::fs::chown(&path, Some(owner.0), Some(owner.1)).expect("root may");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("root may");
    path
}

/// What is in a folder: the owners of the files, and how many there are.
fn owners(folder: &Path) -> (Vec<(u32, u32)>, usize) {
    let files: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.metadata().expect("it is there")).collect();
    let mut owners: Vec<_> = files.iter().map(|file| (file.uid(), file.gid())).collect();
    owners.dedup();
    (owners, files.len())
}

/// All the ways to a file, the last word of each being its name.
fn ways(program: &Path) -> [String; 4] {
    let (program, of_http) = (program.display(), recorded("http-geocode.pcapng"));
    [
        format!("{program} capture -i lo --no-host --for 100ms -w"),
        format!("{program} capture -i lo --no-host --for 100ms --rotate 2k -w"),
        format!("{program} read -q {} -w", of_http.display()),
        format!("{program} http {} --har", of_http.display()),
    ]
}

#[test]
fn root_by_sudo_is_the_caller_once_it_captures_and_so_is_the_file() {
    let Some(place) = Place::new() else { return };
    let (program, file) = (place.program(None), place.path("file.pcapng"));
    let running = Running::new(&mut sudo(&place, &format!("exec {}", capture(&program, &format!("-w {}", file.display())))));
    running.has_nothing_left();
    assert_eq!(running.users(), "1234\t1234\t1234\t1234");
    assert_eq!(field(running.0.id(), "Gid"), "1235\t1235\t1235\t1235");
    let owner = fs::metadata(&file).expect("the file is there");
    assert_eq!((owner.uid(), owner.gid()), CALLER);
}

#[test]
fn where_the_caller_may_not_write_nothing_is_made_and_nothing_replaced() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let roots = folder(&place, "roots", (0, 0), 0o755);
    let shared = folder(&place, "shared", (0, 0), 0o1777);
    let hidden = folder(&place, "hidden", (0, 0), 0o700);
    let precious =
        [roots.join("precious.pcap"), shared.join("precious.pcap"), shared.join("precious-00001.pcap"), roots.join("precious-00001.pcap")];
    for file in &precious {
        fs::write(file, "precious").expect("written");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("it is ours");
    }
    for way in ways(&program) {
        for name in ["roots/new.pcap", "roots/precious.pcap", "shared/precious.pcap", "hidden/new.pcap", "hidden/deeper/new.pcap"] {
            let ran = run(&mut sudo(&place, &format!("exec {way} {} --force", place.path(name).display())));
            let said = format!("{way} {name}: {ran:?}");
            assert_eq!(ran.status, Some(2), "{said}");
            assert!(ran.err.contains("under sudo files are made for anna, who may not ") && ran.err.contains(ADVICE), "{said}");
        }
    }
    for file in &precious {
        assert_eq!(fs::read_to_string(file).expect("it is there"), "precious");
        assert_eq!(fs::metadata(file).expect("it is there").uid(), 0);
    }
    assert_eq!([&roots, &shared, &hidden].map(|folder| fs::read_dir(folder).expect("a folder").count()), [2, 2, 0]);
    // A link of the caller's leads to what root alone may replace.
    let own = folder(&place, "own", CALLER, 0o700);
    std::os::unix::fs::symlink(&roots, own.join("link")).expect("a link");
    let ran = run(&mut sudo(&place, &format!("exec {} {}", ways(&program)[0], own.join("link/new.pcap").display())));
    assert!(ran.status == Some(2) && ran.err.contains(ADVICE), "{ran:?}");
}

#[test]
fn what_the_caller_may_write_is_made_as_the_callers() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    for (place_of_user, owner, mode) in [("own", CALLER, 0o700), ("group", (0, CALLER.1), 0o770), ("media", (0, MEDIA), 0o730)] {
        let folder = folder(&place, place_of_user, owner, mode);
        for (number, way) in ways(&program).into_iter().enumerate() {
            let ran = run(&mut sudo(&place, &format!("exec {way} {}", folder.join(format!("{number}.pcap")).display())));
            assert_eq!(ran.status, Some(0), "{way}: {ran:?}");
        }
        let bodies = format!(
            "exec {} http {} --save {}",
            program.display(),
            recorded("http-geocode.pcapng").display(),
            folder.join("bodies").display()
        );
        let ran = run(&mut sudo(&place, &bodies));
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert_eq!(owners(&folder), (vec![CALLER], 5), "{place_of_user}");
        let (saved, files) = owners(&folder.join("bodies"));
        assert!(saved == [CALLER] && files > 1, "{saved:?} {files}");
    }
}

#[test]
fn who_makes_the_files_of_a_rotation_is_the_caller_and_has_nothing_left() {
    let Some(place) = Place::new() else { return };
    let (program, own) = (place.program(None), folder(&place, "own", CALLER, 0o700));
    let words = format!("--no-host --rotate 2k --files 2 -w {}", own.join("a.pcapng").display());
    let commands = format!("ping -q -c 400 -i 0.05 127.0.0.1 > /dev/null &\nexec {}", capture(&program, &words));
    let running = Running::new(&mut sudo(&place, &commands));
    let children = || fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.0.id())).unwrap_or_default();
    let is_maker = |process: &u32| field(*process, "Seccomp") == "2";
    let maker = || children().split_whitespace().filter_map(|number| number.parse().ok()).find(is_maker);
    wait("a process makes files", || maker().is_some());
    let maker = maker().expect("it is there");
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(field(maker, set), "0000000000000000", "{set}");
    }
    assert_eq!(field(maker, "Uid"), "1234\t1234\t1234\t1234");
    assert_eq!(field(maker, "Groups").trim(), "1235 1500");
    wait("files come and go", || own.join("a-00004.pcapng").exists());
    assert_eq!(owners(&own).0, [CALLER]);
}

#[test]
fn roots_own_shell_writes_where_root_may() {
    let Some(place) = Place::new() else { return };
    let (program, roots) = (place.program(None), folder(&place, "roots", (0, 0), 0o700));
    for (number, way) in ways(&program).into_iter().enumerate() {
        let ran = ran(&format!("exec {way} {}", roots.join(format!("{number}.pcap")).display()));
        assert_eq!(ran.status, Some(0), "{way}: {ran:?}");
    }
    assert_eq!(owners(&roots), (vec![(0, 0)], 4));
}
