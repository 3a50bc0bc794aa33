//! The terminal interface, measured from outside on a pseudo-terminal: how soon it shows something, how many pictures a
//! second it draws among 10,000 tokens, and how much memory that takes. Nothing fails on a figure. See `../README.md`.

#[path = "../support/bench.rs"]
mod bench;
mod driven;
#[path = "../support/floor.rs"]
mod floor;
#[path = "../../tests/it/support/pty.rs"]
mod pty;
#[path = "../many_tokens/raw.rs"]
mod raw;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/table.rs"]
mod table;

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;
use tempfile::TempDir;

use bench::{MEBIBYTE, verdict};
use driven::{Driven, whole};
use raw::Raw;
use server::{Server, brainmaps};
use table::Table;

const TOKENS: usize = 10_000;

/// Rounds for the start; each runs both programs once.
const ROUNDS: usize = 41;

/// How often each key is pressed, and the window's corner dragged.
const PRESSES: u32 = 600;
const DRAGS: u16 = 100;

/// At most so long from the start of the process to its first picture, in ms.
const FIRST_GOAL: f64 = 50.0;
/// At least so many pictures a second.
const PICTURES_GOAL: f64 = 60.0;
/// At most so much memory, in MiB.
const MEMORY_GOAL: f64 = 32.0;

fn main() -> ExitCode {
    bench::main(run)
}

fn run() -> Result<()> {
    let home = TempDir::with_prefix("brainmaps-bench-")?;
    let serve = brainmaps(
        home.path(),
        &["sandbox", "serve", "--port", "0", "--memory"],
    );
    let sandbox = Server::start(serve, "http://localhost:")?;
    let key = key_with_tokens(&sandbox.url)?;
    let url = format!("{}/neuroio", sandbox.url);
    let mut visual = brainmaps(
        home.path(),
        &["--profile", "neuroio", "--api-url", &url, "--visual"],
    );
    visual.env("NEUROIO_API_KEY", key);
    visual.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    start(&Command::new(floor::floor(home.path())?), &visual)?;
    scrolling(&visual)
}

/// A key whose owner has many tokens, itself among them.
fn key_with_tokens(url: &str) -> Result<String> {
    let mut raw = Raw::connect(url)?;
    let login = json!({ "username": "demo@brainmaps.test", "password": "demo" });
    let login = raw.post("/neuroio/v1/auth/token/", None, &login)?;
    let key = login["token"]["key"].as_str().context("no key")?.to_owned();
    for _ in 1..TOKENS {
        let body = json!({ "permanent": false });
        raw.post("/neuroio/v1/tokens/", Some(&key), &body)?;
    }
    Ok(key)
}

fn start(floor: &Command, visual: &Command) -> Result<()> {
    let (mut floors, mut firsts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(whole(floor)?);
        let driven = Driven::start(visual)?;
        firsts.push(driven.first_picture()?);
        driven.end()?;
    }
    let (floor, first) = (median(floors), median(firsts));
    let mut table = Table::new(&["start", "median ms", "times the floor", "goal ms", ""]);
    table.row(&["floor".to_owned(), format!("{floor:.1}")]);
    table.row(&[
        "first picture".to_owned(),
        format!("{first:.1}"),
        format!("{:.1}", first / floor),
        FIRST_GOAL.to_string(),
        verdict(first, FIRST_GOAL),
    ]);
    table.print();
    Ok(())
}

/// In ms.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

fn scrolling(visual: &Command) -> Result<()> {
    let mut driven = Driven::start(visual)?;
    let all = format!("1 of {TOKENS}");
    driven.wait_for(|screen| screen.contains(&all) && !screen.contains("loading"))?;
    let mut table = Table::new(&["10,000 tokens", "pictures a second", "goal", ""]);
    let mut row = |name: &str, count: u32, took: Duration| {
        let each = took.as_secs_f64() / f64::from(count);
        let verdict = verdict(each, 1.0 / PICTURES_GOAL);
        let figure = format!("{:.0}", 1.0 / each);
        table.row(&[name.to_owned(), figure, PICTURES_GOAL.to_string(), verdict]);
    };
    row("window dragged", DRAGS.into(), driven.windows(DRAGS)?);
    row("row by row", PRESSES, driven.pictures("\x1b[B", PRESSES)?);
    row(
        "page by page",
        PRESSES,
        driven.pictures("\x1b[6~", PRESSES)?,
    );
    row("other order", 20, driven.pictures("s", 20)?);
    table.print();
    let peak = driven.peak_memory()? / MEBIBYTE;
    driven.end()?;
    let mut table = Table::new(&["peak memory", "MiB", "goal", ""]);
    table.row(&[
        format!("{TOKENS} tokens"),
        format!("{peak:.1}"),
        MEMORY_GOAL.to_string(),
        verdict(peak, MEMORY_GOAL),
    ]);
    table.print();
    Ok(())
}
