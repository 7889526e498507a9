//! Captures that do not begin and end together.

use super::*;

#[test]
fn what_a_capture_ends_before_is_neither_changed_nor_added() {
    let [left, whole] = ["h1", "www"].map(|name| capture(&format!("diff/loss/{name}.pcapng.gz")));
    let folder = TempDir::new().expect("a folder");
    let cut = folder.path().join("cut.pcapng");
    // Between a loss and its repair, and elsewhere: the scene loses five packets and changes none but by routers and translation.
    for count in (20..248).step_by(12) {
        let words = ["read", "-q", "--force", "-c", &count.to_string(), "-w"];
        let ran: Ran = wirelore().args(words).args([&cut, &whole]).output().expect("wirelore runs").into();
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let ran: Ran = wirelore().args(["diff", "--points"]).args([&left, &cut]).output().expect("wirelore runs").into();
        assert_eq!(ran.status, Some(1), "{}", ran.err);
        for wrong in ["added on the way", "changed by something between", "unexplained"] {
            assert!(!ran.out.contains(wrong), "{count} frames: {}", ran.out);
        }
    }
}
