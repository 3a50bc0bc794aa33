//! The JSON schema of the format, checked by a third-party validator.

use std::{fs, path::Path, process::Command};

use crate::support::{peer, test_home::TestHome};

/// Prints the errors of each description: its file, then the messages.
const VALIDATE: &str = "
import json, sys, tomllib
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for path in sys.argv[2:]:
    errors = list(validator.iter_errors(tomllib.load(open(path, 'rb'))))
    print(path, len(errors), *[e.json_path + ': ' + e.message for e in errors])
";

#[test]
#[ignore = "slow: run by ./tests/run"]
fn schema_accepts_every_description_and_rejects_mistakes() {
    let Some(python) = peer::python("schema") else {
        return;
    };
    let home = TestHome::new();
    let schema = home.work().join("provider.schema.json");
    fs::write(&schema, home.run(&["provider", "schema"]).expect(0).stdout).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider");
    let mut files = vec![home.work().join("skeleton.toml")];
    fs::write(
        &files[0],
        home.run(&["provider", "new", "maps"]).expect(0).stdout,
    )
    .unwrap();
    for folder in ["builtin", "gallery"] {
        files.extend(
            root.join(folder)
                .read_dir()
                .unwrap()
                .map(|file| file.unwrap().path()),
        );
    }
    let skeleton = fs::read_to_string(&files[0]).unwrap();
    let valid = files.len();
    for (index, (old, new)) in [
        ("items =", "itmes ="),
        ("secret =", "secret = 7 #"),
        ("id = \"maps\"", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let path = home.work().join(format!("wrong{index}.toml"));
        fs::write(&path, skeleton.replacen(old, new, 1)).unwrap();
        files.push(path);
    }
    let output = Command::new(python)
        .args(["-c", VALIDATE])
        .arg(&schema)
        .args(&files)
        .output();
    let output = output.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for (index, line) in printed.lines().enumerate() {
        assert_eq!(line.ends_with(" 0"), index < valid, "{line}");
    }
    assert_eq!(printed.lines().count(), files.len());
}
