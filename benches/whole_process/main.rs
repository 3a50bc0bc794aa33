//! Whole processes, measured from outside and interleaved, as ratios to a floor of the same run: an empty Rust program
//! and `curl`. Nothing fails on a figure; the table says what was aimed at and whether it was met. See `../README.md`.

mod fixture;
#[path = "../support/floor.rs"]
mod floor;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use anyhow::Result;

use fixture::Fixture;
use support::measure::{Case, interleaved, peak_memory};
use support::table::{Table, note};
use support::{MEBIBYTE, verdict};

/// Rounds; each runs every program once.
const ROUNDS: usize = 41;

/// What is aimed at: the case, what it is compared with, and at most how many times that.
const TIME_GOALS: &[(&str, &str, f64)] = &[
    ("--version", "floor", 1.3),
    ("--help", "floor", 1.4),
    ("credential print", "floor", 1.85),
    ("helper git get", "floor", 1.9),
    ("exec", "env", 1.9),
    ("status", "floor", 1.85),
    ("complete a profile name", "floor", 1.5),
    ("api, http", "curl, http", 0.35),
    ("whoami, http", "curl, http", 0.35),
    ("whoami, https", "curl, https", 1.0),
    ("token scan", "rg", 1.5),
];

/// The case, and its peak resident memory in MiB at most. Resident memory includes the file-backed pages of the binary,
/// which processes share.
const MEMORY_GOALS: &[(&str, f64)] = &[
    ("--version", 7.0),
    ("--help", 7.0),
    ("credential print", 7.0),
    ("helper git get", 7.0),
    ("status", 7.0),
    ("api, http", 10.0),
    ("whoami, http", 10.0),
    ("whoami, https", 10.0),
];

const SIZE_GOAL: f64 = 12.0;

fn main() -> ExitCode {
    support::main(run)
}

fn run() -> Result<()> {
    let fixture = Fixture::set()?;
    let cases = fixture.cases();
    times(&cases)?;
    memory(&cases)?;
    let size = fixture::binary_size()? / MEBIBYTE;
    let mut table = Table::new(&["binary", "MiB", "goal", ""]);
    table.row(&[
        "all features, stripped".to_owned(),
        format!("{size:.1}"),
        format!("{SIZE_GOAL}"),
        verdict(size, SIZE_GOAL),
    ]);
    table.print();
    Ok(())
}

fn times(cases: &[Case]) -> Result<()> {
    let medians = interleaved(cases, ROUNDS)?;
    let of = |name: &str| {
        medians
            .iter()
            .find(|(it, _)| *it == name)
            .map(|(_, median)| median.as_secs_f64() * 1000.0)
    };
    let mut table = Table::new(&["time", "median ms", "compared with", "ratio", "goal", ""]);
    for (name, _) in &medians {
        let mut row = vec![
            (*name).to_owned(),
            format!("{:.2}", of(name).unwrap_or_default()),
        ];
        if let Some((_, base, goal)) = TIME_GOALS.iter().find(|(it, ..)| it == name)
            && let (Some(mine), Some(theirs)) = (of(name), of(base))
        {
            let ratio = mine / theirs;
            row.extend([
                (*base).to_owned(),
                format!("{ratio:.2}"),
                format!("{goal}"),
                verdict(ratio, *goal),
            ]);
        }
        table.row(&row);
    }
    table.print();
    Ok(())
}

fn memory(cases: &[Case]) -> Result<()> {
    let mut table = Table::new(&["peak memory", "MiB", "goal", ""]);
    for case in cases {
        let Some(peak) = peak_memory(case)? else {
            note("peak memory is not measured: /usr/bin/time is missing (apt-get install time)");
            return Ok(());
        };
        let mebibytes = peak / MEBIBYTE;
        let mut row = vec![case.name.to_owned(), format!("{mebibytes:.1}")];
        if let Some((_, goal)) = MEMORY_GOALS.iter().find(|(it, _)| *it == case.name) {
            row.extend([format!("{goal}"), verdict(mebibytes, *goal)]);
        }
        table.row(&row);
    }
    table.print();
    Ok(())
}
