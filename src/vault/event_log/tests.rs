use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::*;

fn record(profile: &str) -> EventRecord {
    EventRecord {
        event: "print".to_owned(),
        result: EventRecord::OK.to_owned(),
        profile: Some(profile.to_owned()),
        ..EventRecord::default()
    }
}

fn log() -> (tempfile::TempDir, PathBuf, EventLog) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state/audit.jsonl");
    let log = EventLog::File(path.clone());
    (home, path, log)
}

fn read(log: &EventLog) -> EventLogContent {
    log.read().unwrap().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test changes the file as another program"
)]
fn overwrite(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).unwrap();
}

fn profiles(content: &EventLogContent) -> Vec<&str> {
    let events = content.events.iter();
    events.filter_map(|it| it.profile.as_deref()).collect()
}

#[test]
fn appended_records_are_read_in_order_and_the_file_is_private() {
    let (_home, path, log) = log();
    assert_eq!(read(&log).lines, 0);
    assert!(!path.exists(), "reading creates nothing");
    for profile in ["a", "b", "c"] {
        log.append(&record(profile)).unwrap();
    }
    let content = read(&log);
    assert_eq!(profiles(&content), ["a", "b", "c"]);
    assert!(content.broken.is_empty() && content.damaged == 0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    log.check().unwrap();
}

#[test]
fn changed_deleted_and_inserted_lines_are_reported() {
    let (_home, path, log) = log();
    for profile in ["a", "b", "c"] {
        log.append(&record(profile)).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let broken = |text: String| {
        overwrite(&path, text);
        let broken = read(&log).broken;
        broken.into_iter().map(|it| it.line).collect::<Vec<_>>()
    };
    let [a, b, c] = lines.as_slice() else {
        panic!("{text}");
    };
    assert_eq!(broken(text.replacen("\"b\"", "\"x\"", 1)), [3]);
    assert_eq!(broken(format!("{a}\n{c}\n")), [2]);
    assert_eq!(
        broken(format!("{b}\n{c}\n")),
        [1],
        "the beginning is missing"
    );
    assert_eq!(broken(format!("{a}\n{a}\n{b}\n{c}\n")), [2]);
    assert_eq!(broken(format!("{a}\nnoise\n{b}\n{c}\n")), [3]);
    assert_eq!(broken(text.clone()), [0; 0]);
}

#[test]
fn line_that_a_crash_cut_is_counted_and_the_next_one_follows_it() {
    let (_home, path, log) = log();
    log.append(&record("a")).unwrap();
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("{\"time\":");
    overwrite(&path, text);
    log.append(&record("b")).unwrap();
    let content = read(&log);
    assert_eq!(profiles(&content), ["a", "b"]);
    assert_eq!((content.damaged, content.lines), (1, 3));
    assert!(content.broken.is_empty(), "{:?}", content.broken);
}

#[test]
fn full_file_is_rotated_and_the_chain_goes_on() {
    let (_home, path, log) = log();
    log.append(&record("first")).unwrap();
    for number in 0..6 {
        // A file of the largest size, whose last line is an event.
        let kept = fs::read(&path).unwrap();
        let padding = usize::try_from(MAX_FILE).unwrap() - MAX_LINE - kept.len();
        let mut text = vec![b'x'; padding];
        text.push(b'\n');
        text.extend(kept);
        overwrite(&path, text);
        log.append(&record(&number.to_string())).unwrap();
        log.append(&record(&number.to_string())).unwrap();
    }
    let names = crate::files::names(path.parent().unwrap()).unwrap();
    assert_eq!(names.len(), MAX_FILES);
    let content = read(&log);
    let broken: Vec<_> = content.broken.iter().map(|it| it.line).collect();
    assert!(
        profiles(&content).ends_with(&["4", "5", "5"]),
        "{content:?}"
    );
    assert!(!profiles(&content).contains(&"first"));
    // Only the padding of this test is between the lines.
    assert!(broken.iter().all(|line| *line > 1), "{broken:?}");
}

#[test]
fn concurrent_writers_keep_the_chain() {
    let (_home, _, log) = log();
    thread::scope(|scope| {
        for writer in 0..8 {
            let log = &log;
            scope.spawn(move || {
                for _ in 0..20 {
                    log.append(&record(&writer.to_string())).unwrap();
                }
            });
        }
    });
    let content = read(&log);
    assert_eq!((content.events.len(), content.damaged), (160, 0));
    assert!(content.broken.is_empty(), "{:?}", content.broken);
}

#[test]
fn reader_waits_for_the_line_after_a_rotation() {
    for creates_first in [false, true] {
        let (_home, path, log) = log();
        log.append(&record("a")).unwrap();
        // As a writer that rotates the files: the renamed file stays locked.
        let renamed = fs::File::open(&path).unwrap();
        renamed.try_lock().unwrap();
        fs::rename(&path, path.with_file_name("audit.jsonl.1")).unwrap();
        if creates_first {
            log.prepare().unwrap();
        }
        let content = thread::scope(|scope| {
            let reader = scope.spawn(|| read(&log));
            thread::sleep(Duration::from_millis(50));
            log.append(&record("b")).unwrap();
            drop(renamed);
            reader.join().unwrap()
        });
        assert_eq!(profiles(&content), ["a", "b"]);
        assert!(!content.is_newest_missing && content.broken.is_empty());
    }
}

#[test]
fn links_directories_and_files_of_others_are_refused() {
    let (home, path, log) = log();
    log.append(&record("a")).unwrap();
    let refused = |expected: &str| {
        let error = log.append(&record("b")).unwrap_err();
        assert!(error.to_line().contains(expected), "{}", error.to_line());
        assert!(log.check().is_err());
    };
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    refused("accessible to other users");
    fs::remove_file(&path).unwrap();
    let elsewhere = home.path().join("elsewhere");
    symlink(&elsewhere, &path).unwrap();
    refused("symbolic link");
    assert!(!elsewhere.exists());
    fs::remove_file(&path).unwrap();
    overwrite(&elsewhere, "my file\n");
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).unwrap();
    fs::hard_link(&elsewhere, &path).unwrap();
    refused("2 hard links");
    assert!(log.read().is_err());
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "my file\n");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    refused("");
    fs::remove_dir(&path).unwrap();
    let directory = path.parent().unwrap();
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).unwrap();
    refused("writable by other users");
}

#[test]
fn link_in_place_of_an_older_file_is_refused() {
    let (home, path, log) = log();
    let older = path.with_file_name("audit.jsonl.1");
    let elsewhere = home.path().join("elsewhere");
    log.append(&record("a")).unwrap();
    let refused = |expected: &str| {
        for error in [log.read().unwrap_err(), log.check().unwrap_err()] {
            assert!(error.to_line().contains(expected), "{}", error.to_line());
        }
        // The first line of a file follows the last one of the older file.
        overwrite(&path, "");
        let error = log.append(&record("b")).unwrap_err();
        assert!(error.to_line().contains(expected), "{}", error.to_line());
        fs::remove_file(&older).unwrap();
        log.append(&record("a")).unwrap();
        assert_eq!(profiles(&read(&log)), ["a"]);
    };
    fs::copy(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &older).unwrap();
    refused("symbolic link");
    fs::hard_link(&elsewhere, &older).unwrap();
    refused("2 hard links");
}

#[test]
fn system_log_receives_one_datagram_without_the_chain() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log");
    let log = EventLog::Syslog(path.clone());
    assert!(log.check().is_err() && log.append(&record("a")).is_err());
    let daemon = UnixDatagram::bind(&path).unwrap();
    log.append(&record("a")).unwrap();
    let mut buffer = [0; MAX_LINE];
    let length = daemon.recv(&mut buffer).unwrap();
    let text = std::str::from_utf8(&buffer[..length]).unwrap();
    assert!(text.starts_with("<86>brainmaps[0]: {\"time\""), "{text}");
    assert!(!text.contains("prev") && !text.contains('\n'), "{text}");
    assert!(log.read().unwrap().is_none());
}

#[test]
fn system_log_that_hangs_does_not_delay_the_command() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log");
    let _daemon = UnixDatagram::bind(&path).unwrap();
    let log = EventLog::Syslog(path);
    let full = (0..100_000).find_map(|_| log.append(&record("a")).err());
    assert!(full.is_some(), "the buffer of the socket is limited");
}
