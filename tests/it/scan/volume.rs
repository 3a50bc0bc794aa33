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

#[cfg(target_os = "linux")]
fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
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
    let peak = peak_of(child.id());
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

/// Creates a history of `commits` commits, each with a file of 2 MB, the first with a key.
#[cfg(target_os = "linux")]
fn write_history(scene: &Scene, commits: usize) {
    use std::io::Write as _;

    let mut import = std::process::Command::new("git")
        .args(["fast-import", "--quiet", "--depth=0"])
        .current_dir(scene.tree.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stream = std::io::BufWriter::new(import.stdin.take().unwrap());
    for number in 0..commits {
        let key = if number == 0 { bmc(1) } else { String::new() };
        let line = format!("line of version {number}, as in any large log file\n");
        let text = line.repeat(2_000_000 / line.len()) + &key;
        write!(
            stream,
            "commit refs/heads/main\ncommitter t <t@example.com> {} +0000\ndata 1\nx\n\
             M 644 inline large.log\ndata {}\n{text}\n",
            1_700_000_000 + number,
            text.len()
        )
        .unwrap();
    }
    drop(stream);
    assert!(import.wait().unwrap().success());
}

/// Puts a `git` into `PATH` that creates the file `read` after it wrote all objects, and then waits for the file `gate`.
#[cfg(target_os = "linux")]
fn hold_git(scene: &mut Scene, bin: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let (read, gate) = (bin.join("read"), bin.join("gate"));
    let script = format!(
        "#!/bin/sh\n/usr/bin/git \"$@\"\nstatus=$?\ncase \"$*\" in *cat-file*)\n\
         touch '{}'\nuntil [ -e '{}' ]; do sleep 0.05; done;; esac\nexit $status\n",
        read.display(),
        gate.display()
    );
    let git = bin.join("git");
    std::fs::write(&git, script).unwrap();
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    scene.home.set("PATH", &path);
}

/// Returns the peak memory of a scan of a history, in KiB, after it read all objects.
#[cfg(target_os = "linux")]
fn history_peak(commits: usize) -> u64 {
    let mut scene = Scene::repository();
    write_history(&scene, commits);
    let bin = crate::support::temp_dir::temp_dir();
    hold_git(&mut scene, bin.path());
    let mut command = scene
        .home
        .command(&["token", "scan", "--history", "--json"]);
    command.current_dir(scene.tree.path());
    let child = command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let read = bin.path().join("read");
    let limit = std::time::Duration::from_mins(5);
    let is_read = crate::support::process::holds_within(limit, || read.exists());
    assert!(is_read, "timed out");
    let peak = peak_of(child.id());
    std::fs::write(bin.path().join("gate"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(9));
    peak
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "slow: run by ./tests/run"]
fn a_scan_of_a_history_needs_the_same_memory_for_any_size() {
    const MOST_KIB: u64 = 5 * 1024;
    let (small, large) = (history_peak(5), history_peak(40));
    assert!(
        large < small + MOST_KIB,
        "{small} KiB for 10 MB, {large} KiB for 80 MB"
    );
}
