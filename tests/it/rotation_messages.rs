//! What `token create` and `token rotate` report about targets, names and interruptions.

use std::fs;

use serde_json::Value;

use crate::contract::{Contract, text};
use crate::rotation_hints::run_hint;
use crate::rotation_targets::{interrupt, signed_in};
use crate::support::sandbox::write_private;
use crate::terminal::{interrupt_at_prompt, on_a_terminal};

/// Ends after the file `go` exists.
const WAITING: &str = "touch started; until test -e go; do sleep 0.02; done";
const STILL_HAS_OLD_KEY: &str = "still has the old key, which is now revoked";

fn create(contract: &Contract, name: &str, targets: &[&str]) -> String {
    let create = [&["token", "create", name, "--json"], targets].concat();
    let created = contract.home.run(&create).expect(0).json();
    text(&created, "id").to_owned()
}

#[test]
fn omitted_targets_are_reported_after_the_revocation() {
    let contract = signed_in();
    let home = &contract.home;
    create(&contract, "ci", &["--env-file", "a.env"]);
    let missing = ["token", "rotate", "ci", "--env-file", "missing.env"];
    let failed = home.run(&missing).expect(2);
    assert!(!failed.stderr.contains("revoked"), "{failed}");

    fs::copy(home.work().join("a.env"), home.work().join("b.env")).unwrap();
    let other = ["token", "rotate", "ci", "--env-file", "b.env"];
    let rotated = home.run(&other).expect(0);
    let warning = format!("a.env {STILL_HAS_OLD_KEY}");
    assert!(rotated.stderr.contains(&warning), "{rotated}");
    let order = ["Revoked the old token", &warning].map(|it| rotated.stderr.find(it));
    assert!(order[0] < order[1], "{rotated}");
}

#[test]
fn differently_spelled_paths_are_the_same_target() {
    let contract = signed_in();
    let home = &contract.home;
    fs::create_dir(home.work().join("sub")).unwrap();
    std::os::unix::fs::symlink(home.work(), home.work().join("link")).unwrap();
    create(&contract, "ci", &["--env-file", "sub/../a.env"]);
    let remembered = || fs::read_to_string(home.data().join("rotations.toml")).unwrap();
    assert!(!remembered().contains(".."), "{}", remembered());
    for path in ["a.env", "sub/../a.env", "link/a.env"] {
        let rotated = home.run(&["token", "rotate", "ci", "--env-file", path]);
        let rotated = rotated.expect(0);
        assert!(!rotated.stderr.contains(STILL_HAS_OLD_KEY), "{rotated}");
    }
    assert!(!remembered().contains(".."), "{}", remembered());
    #[rustfmt::skip]
    let twice = ["token", "rotate", "ci", "--env-file", "a.env", "--env-file", "link/a.env"];
    let refused = home.run(&twice).expect(2);
    assert!(refused.stderr.contains("named twice"), "{refused}");
}

#[test]
fn name_without_a_token_is_not_found_and_an_ambiguous_name_lists_the_tokens() {
    let contract = signed_in();
    let home = &contract.home;
    let missing = home.run(&["token", "rotate", "nosuch"]).expect(7);
    assert!(
        missing.stderr.contains("lists no token nosuch"),
        "{missing}"
    );
    let first = create(&contract, "twin", &["--env-file", "a.env"]);
    let second = create(&contract, "twin", &["--env-file", "b.env"]);
    let ambiguous = home.run(&["token", "rotate", "twin"]).expect(2);
    for id in [&first, &second] {
        assert!(ambiguous.stderr.contains(id), "{ambiguous}");
    }
    home.run(&["token", "revoke", &first, "--yes"]).expect(0);
    let rotated = home.run(&["token", "rotate", "twin", "--json"]).expect(0);
    assert_eq!(rotated.json()["replaces"], Value::String(second));
}

#[test]
fn interrupted_command_reports_what_it_did() {
    let contract = signed_in();
    let id = create(&contract, "ci", &["--to", "true"]);
    let rotated = interrupt(&contract, &["token", "rotate", &id, "--to", WAITING]);
    assert!(
        rotated.stderr.contains("the rotation is complete"),
        "{rotated}"
    );
    assert!(!rotated.stderr.contains("may exist"), "{rotated}");

    let created = interrupt(&contract, &["token", "create", "new", "--to", WAITING]);
    assert!(created.stderr.contains("was created; if"), "{created}");
    assert!(!created.stderr.contains("may have created"), "{created}");
    run_hint(&contract.home, &created).expect(0);

    let failing = format!("{WAITING}; exit 1");
    let undone = interrupt(&contract, &["token", "create", "failing", "--to", &failing]);
    assert!(undone.stderr.contains("it was revoked"), "{undone}");
    assert!(!undone.stderr.contains("hint:"), "{undone}");

    let rotate = ["token", "rotate", "new", "--to", &failing];
    let unfinished = interrupt(&contract, &rotate);
    assert!(
        unfinished.stderr.contains("run the same command again"),
        "{unfinished}"
    );
}

#[test]
fn interrupted_command_prints_the_exit_status_of_its_target_command() {
    let contract = signed_in();
    let failing = format!("{WAITING}; exit 17");
    let id = create(&contract, "ci", &["--to", "true"]);
    let rotated = interrupt(&contract, &["token", "rotate", &id, "--to", &failing]);
    assert!(rotated.stderr.contains("exit status 17"), "{rotated}");

    let targets = ["--env-file", "a.env", "--to", &failing];
    let create = [&["token", "create", "new"], &targets[..]].concat();
    let created = interrupt(&contract, &create);
    assert!(created.stderr.contains("exit status 17"), "{created}");
    assert!(created.stderr.contains("was created; if"), "{created}");
}

#[test]
fn interrupted_rotation_is_not_called_unfinished_because_another_one_waits() {
    let contract = signed_in();
    let waiting = create(&contract, "other", &["--to", "true"]);
    let rotate = ["token", "rotate", &waiting, "--to", "exit 1"];
    contract.home.run(&rotate).expect(1);

    let id = create(&contract, "ci", &["--to", "true"]);
    let done = interrupt(&contract, &["token", "rotate", &id, "--to", WAITING]);
    assert!(done.stderr.contains("the rotation is complete"), "{done}");
    assert!(!done.stderr.contains("may exist"), "{done}");

    let failing = format!("{WAITING}; exit 1");
    let again = ["token", "rotate", &waiting, "--to", &failing];
    let unfinished = interrupt(&contract, &again);
    assert!(unfinished.stderr.contains("may exist"), "{unfinished}");
}

#[test]
fn token_whose_key_was_replaced_in_its_file_does_not_fail_the_due_rotations() {
    let contract = signed_in();
    let home = &contract.home;
    let config = home.work().join("c.json");
    write_private(&config, "{\"k\": \"x\"}\n");
    let place = ["--config", "c.json", "--key", "k", "--force"];
    let old = create(&contract, "old", &place);
    create(&contract, "new", &place);
    let due = ["token", "rotate", "--due", "--max-age", "0s", "--json"];
    let rotated = home.run(&due).expect(0);
    let document = rotated.json();
    assert_eq!(
        document["rotated"].as_array().unwrap().len(),
        1,
        "{rotated}"
    );
    let hint = format!("token revoke {old}");
    assert!(rotated.stderr.contains(&hint), "{rotated}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn due_rotations_are_shown_and_confirmed_on_a_terminal() {
    let contract = signed_in();
    let home = &contract.home;
    let id = create(&contract, "ci", &["--env-file", "a.env"]);
    let due = ["token", "rotate", "--due", "--max-age", "0"];
    let with = |option| [&due[..], &[option]].concat();
    let line = format!("token {id} `ci` of profile `brainmaps`: ");
    let planned = home.run(&with("--dry-run")).expect(0);
    assert!(planned.stdout.starts_with(&format!("would rotate {line}")));

    let declined = on_a_terminal(home, &due, "n\n").wait().expect(3);
    for part in [line.as_str(), "Rotate 1 token?", "nothing was rotated"] {
        assert!(declined.stdout.contains(part), "{declined}");
    }
    let declined = on_a_terminal(home, &with("--json"), "n\n").wait();
    assert!(declined.stdout.contains(&line), "{declined}");
    assert_eq!(contract.active_token_ids(), [id.as_str()]);
    on_a_terminal(home, &due, "y\n").wait().expect(0);
    on_a_terminal(home, &with("--yes"), "").wait().expect(0);
    home.run(&due).expect(0);
    let rotated = contract.active_token_ids();
    assert!(!rotated.contains(&id), "{rotated:?}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn key_in_a_file_is_replaced_only_after_a_question() {
    let contract = signed_in();
    let home = &contract.home;
    for (target, text, question) in [
        (
            &["--env-file", "app.env"][..],
            "BRAINMAPS_API_KEY=key-of-another\n",
            "app.env already sets BRAINMAPS_API_KEY. Replace that key?",
        ),
        (
            &["--config", "app.json", "--key", "k"],
            "{\"k\": \"key-of-another\"}\n",
            "app.json already sets k. Replace that key?",
        ),
        (
            &["--config", "b.yml", "--key", "k", "--to", "true"],
            "k: key-of-another\n",
            "b.yml already sets k. Replace that key?",
        ),
    ] {
        let file = home.work().join(target[1]);
        write_private(&file, text);
        let create = [&["token", "create", "ci"], target].concat();
        let line = create.join(" ");
        contract.take_requests();
        for typed in ["n\n", "\n"] {
            let denied = on_a_terminal(home, &create, typed).wait().expect(3);
            assert!(denied.stdout.contains(question), "{denied}");
            assert!(denied.stdout.contains("no token was created"), "{denied}");
        }
        interrupt_at_prompt(home, &line, question, &[]);
        assert!(contract.recorder.take_requests().is_empty(), "{line}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);

        let replaced = on_a_terminal(home, &create, "y\n").wait().expect(0);
        let warning = "which works until it is revoked";
        assert!(replaced.stdout.contains(warning), "{replaced}");
        assert!(!fs::read_to_string(&file).unwrap().contains("another"));
    }
}
