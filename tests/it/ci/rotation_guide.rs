//! The commands of docs/guide/rotation.md, typed block by block at the sandbox.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::documented::{Variables, run_line};
use crate::contract::Contract;

const GUIDE: &str = include_str!("../../../docs/guide/rotation.md");

/// Returns the command lines of each block under this heading.
fn blocks(heading: &str) -> Vec<Vec<&'static str>> {
    let section = GUIDE.split(&format!("# {heading}\n")).nth(1).unwrap();
    let section = section.split("\n#").next().unwrap();
    let blocks = section.split("```console\n").skip(1).map(|block| {
        let block = block.split("```").next().unwrap();
        let lines = block.lines().filter_map(|line| line.strip_prefix("$ "));
        lines.collect()
    });
    blocks.collect()
}

/// Puts programs into `PATH` that store what they read in a file of their name.
fn install_receivers(contract: &Contract, names: &[&str]) {
    for name in names {
        let program = contract.home.path().join("bin").join(name);
        let script = format!("#!/bin/sh\numask 077; cat > {name}.received\n");
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn commands_of_the_rotation_guide_run() {
    let contract = Contract::with_password("brainmaps");
    let receivers = ["gh", "docker", "kubectl"];
    install_receivers(&contract, &receivers);
    for (heading, count) in [
        ("Manage and rotate tokens", 4),
        ("Write a secret where it is used", 2),
        ("Commands", 3),
        ("Rotate on a schedule", 3),
    ] {
        let lines = blocks(heading).remove(0);
        assert_eq!(lines.len(), count, "{heading}");
        for line in lines {
            let id = contract.active_token_ids().pop().unwrap_or_default();
            let line = line.replace(" ID", &format!(" {id}"));
            run_line(&contract.home, &line, &Variables::new());
        }
        for name in receivers.iter().filter(|_| heading == "Commands") {
            let file = format!("{name}.received");
            let received = fs::read_to_string(contract.home.work().join(file)).unwrap();
            // kubectl gets the document that another kubectl prints.
            assert!(*name == "kubectl" || received.contains("c4n4ry"), "{name}");
        }
        for entry in fs::read_dir(contract.home.work()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }
}
