//! The project's own files, and large inputs.

use std::path::Path;

use super::{Scene, bmc};

#[test]
fn the_project_contains_no_key() {
    let scene = Scene::new();
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scanned = scene.scan_in(project, &[], "");
    assert_eq!(scanned.code, Some(0), "{scanned}");
}

/// Returns the peak memory of a scan of a file with this many lines, in KiB.
#[cfg(target_os = "linux")]
fn peak(scene: &Scene, lines: usize) -> u64 {
    use std::io::Write as _;

    let line = "a line of text without a key, like any other line of a large log file\n";
    let mut file = std::io::BufWriter::new(std::fs::File::create(scene.path("large.log")).unwrap());
    for _ in 0..lines {
        file.write_all(line.as_bytes()).unwrap();
    }
    file.write_all(bmc(1).as_bytes()).unwrap();
    drop(file);
    // Stdin stays open, so that the process can be measured after it read everything else.
    let script = format!("cat {}; read -r _", scene.path("large.log").display());
    let mut command = scene.home.command(&["token", "scan", "--stdin", "--json"]);
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdin(reader);
    let mut source = std::process::Command::new("/bin/sh")
        .args(["-c", &script])
        .stdin(std::process::Stdio::piped())
        .stdout(writer)
        .spawn()
        .unwrap();
    let child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(command);
    let read = || {
        let io = std::fs::read_to_string(format!("/proc/{}/io", child.id())).unwrap_or_default();
        let count = io.lines().find_map(|line| line.strip_prefix("rchar: "));
        count
            .and_then(|count| count.parse::<usize>().ok())
            .unwrap_or(0)
    };
    crate::support::process::wait_until("the input is read", || read() >= lines * line.len());
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    drop(source.stdin.take());
    source.wait().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(9));
    peak
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "slow: run by ./tests/run"]
fn a_scan_needs_the_same_memory_for_inputs_of_any_size() {
    const MOST_KIB: u64 = 5 * 1024;
    let scene = Scene::new();
    let (small, large) = (peak(&scene, 100_000), peak(&scene, 2_000_000));
    assert!(
        large < small + MOST_KIB,
        "{small} KiB for 7 MB, {large} KiB for 140 MB"
    );
}
