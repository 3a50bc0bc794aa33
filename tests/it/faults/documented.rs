//! docs/sandbox/faults.md lists every kind of fault and every endpoint name.

use brainmaps::sandbox::{FAULT_ENDPOINTS, FAULT_KINDS};

#[test]
fn the_document_lists_every_fault_and_endpoint() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sandbox/faults.md");
    let manual = std::fs::read_to_string(path).unwrap();
    let kinds = FAULT_KINDS
        .iter()
        .map(|kind| format!("| `{}` | {} | {} |", kind.name, kind.argument, kind.meaning));
    let endpoints = FAULT_ENDPOINTS
        .iter()
        .map(|it| format!("| `{}` | {} |", it.name, it.meaning));
    let expected: Vec<String> = endpoints.chain(kinds).collect();
    let missing: Vec<&String> = expected
        .iter()
        .filter(|row| !manual.lines().any(|line| line == row.as_str()))
        .collect();
    assert!(missing.is_empty(), "put into {path}: {missing:#?}");
    let rows = manual
        .lines()
        .filter(|line| line.starts_with("| `"))
        .count();
    assert_eq!(
        rows,
        expected.len(),
        "{path} has a row for a fault or an endpoint that does not exist"
    );
}
