//! The file of a new key does not fit on the disk. A limit of the file size has the same effect, and needs no rights.

use crate::contract::text;
use crate::rotation_targets::signed_in;
use crate::support::recorder::Hold;
use crate::support::sandbox::write_private;

/// More than any other file that the program writes, and less than the file of the key.
const LIMIT: u64 = 32 * 1024;

/// Each target, its file, and the file's first line.
const TARGETS: [(&[&str], &str, &str); 2] = [
    (&["--env-file", "app.env"], "app.env", "A=1\n"),
    (
        &["--config", "app.yml", "--key", "key"],
        "app.yml",
        "a: 1\n",
    ),
];

fn large(line: &str) -> String {
    format!("{line}{}", "# comment\n".repeat(8 * 1024))
}

#[test]
fn nothing_is_sent_if_the_disk_is_full() {
    let contract = signed_in();
    let home = &contract.home;
    for (target, name, line) in TARGETS {
        let file = home.work().join(name);
        write_private(&file, &large(line));
        // In units of 512 bytes.
        home.wrap(&["/bin/sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"]);
        let full = home.run(&[&["token", "create", "ci", "--json"], target].concat());
        home.wrap(&[]);
        assert_eq!(full.code, Some(1), "{full}");
        assert_eq!(full.error_code(), "STORAGE");
        assert!(full.stdout.contains("free some disk space"), "{full}");
        assert!(contract.recorder.take_requests().is_empty(), "{full}");
        assert_eq!(std::fs::read_to_string(file).unwrap(), large(line));
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn disk_that_gets_full_during_a_rotation_keeps_both_tokens_until_the_next_run() {
    for (target, name, line) in TARGETS {
        let contract = signed_in();
        let home = &contract.home;
        let file = home.work().join(name);
        let read = || std::fs::read_to_string(&file).unwrap();
        write_private(&file, &large(line));
        let command = ["--to", "umask 077; cat > to.txt"];
        let create = ["token", "create", "ci", "--json"];
        let created = home.run(&[&create[..], target, &command].concat());
        let created = created.expect(0).json();
        let before = read();

        // After the list, the new token is created.
        contract.recorder.hold(1, Hold::Response);
        let rotate = ["token", "rotate", text(&created, "id"), "--json"];
        let rotation = home.start(&rotate);
        contract.recorder.wait_until_held();
        rotation.running.limit_file_size(LIMIT);
        contract.recorder.release();
        let full = rotation.wait().expect(1);
        assert!(full.stdout.contains("free some disk space"), "{full}");
        assert_eq!(read(), before);
        assert_eq!(contract.active_token_ids().len(), 2, "{full}");

        assert_eq!(home.run(&rotate).expect(0).json()["resumed"], true);
        assert_eq!(contract.active_token_ids().len(), 1);
        let key = std::fs::read_to_string(home.work().join("to.txt")).unwrap();
        assert!(read().contains(&key));
        assert_eq!(read().lines().count(), before.lines().count());
    }
}
