//! Lists and revocations of many tokens, compared with `xargs -P 8` over `curl` doing the same calls, and how the time
//! grows with their number. Nothing fails on a figure. See `../README.md`.

mod fixture;
mod raw;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use fixture::{By, Fixture, Owner};
use support::measure::{Case, interleaved, peak_memory, peak_of_one_run};
use support::table::{Table, note};
use support::{MEBIBYTE, verdict};

/// How many tokens the three lists have.
const LISTED: [usize; 3] = [10_000, 1_000, 100];

/// How many tokens are revoked, and how often that is measured.
const REVOKED: [(usize, usize); 3] = [(10_000, 1), (1_000, 5), (100, 5)];

/// The most calls for which each gets a process of its own: more take minutes, and the ratio no longer changes.
const CURL_MOST: usize = 1_000;

/// Rounds for lists; each runs every program once.
const ROUNDS: usize = 5;

/// Rounds for a list that `curl` reads in a loop, which takes seconds.
const PAGE_ROUNDS: usize = 3;

/// At most this part of what `xargs -P 8 curl` takes.
const TIME_GOAL: f64 = 0.5;

/// At most this much more memory than one page takes, in MiB.
const MEMORY_GOAL: f64 = 5.0;

fn main() -> ExitCode {
    support::main(run)
}

fn run() -> Result<()> {
    let mut fixture = Fixture::set()?;
    let owners = fixture.owners(LISTED)?;
    let mut table = Table::new(&[
        "time",
        "tokens",
        "by",
        "median ms",
        "us a token",
        "ratio",
        "goal",
        "",
    ]);
    for owner in &owners {
        let cases = By::ALL.map(|by| fixture.list(owner, by));
        let cases: Vec<Case> = cases.into_iter().collect::<Result<_>>()?;
        let took = interleaved(&cases, ROUNDS)?;
        let took: Vec<Took> = By::ALL
            .into_iter()
            .zip(took.iter().map(|it| it.1))
            .collect();
        rows(&mut table, "token list --all", owner.tokens, &took);
    }
    let [most, _, fewest] = &owners;
    let cases = [fixture.pages(most), fixture.list(most, By::Loop)?];
    let took = interleaved(&cases, PAGE_ROUNDS)?;
    let took: Vec<Took> = [By::Mine, By::Loop]
        .into_iter()
        .zip(took.iter().map(|it| it.1))
        .collect();
    rows(&mut table, "api --paginate", most.tokens, &took);
    for (count, rounds) in REVOKED {
        let took = revocations(&mut fixture, fewest, count, rounds)?;
        rows(&mut table, "token revoke", count, &took);
    }
    table.print();
    memory(&mut fixture, most, fewest)
}

/// Who did it, and how long that took.
type Took = (By, Duration);

/// The medians; the tokens to revoke are made before the clock runs.
fn revocations(
    fixture: &mut Fixture,
    owner: &Owner,
    count: usize,
    rounds: usize,
) -> Result<Vec<Took>> {
    let takes_part = |by: &By| *by != By::Curl || count <= CURL_MOST;
    let all = By::ALL.into_iter().filter(takes_part);
    let mut took: Vec<(By, Vec<Duration>)> = all.map(|by| (by, Vec::new())).collect();
    for _ in 0..rounds {
        for (by, times) in &mut took {
            let ids = fixture.make(&owner.key, count)?;
            times.push(fixture.revoke(owner, &ids, *by)?.once()?);
        }
    }
    let median = |(by, mut times): (By, Vec<Duration>)| {
        times.sort_unstable();
        (by, times[times.len() / 2])
    };
    Ok(took.into_iter().map(median).collect())
}

fn rows(table: &mut Table, verb: &str, count: usize, took: &[Took]) {
    let is_base = |by: By| matches!(by, By::Curl | By::Loop);
    let base = took.iter().find(|(by, _)| is_base(*by));
    for (by, took) in took {
        let seconds = took.as_secs_f64();
        let each = took.as_micros() / count.max(1) as u128;
        let mut row = vec![
            verb.to_owned(),
            count.to_string(),
            by.name().to_owned(),
            format!("{:.0}", seconds * 1000.0),
            each.to_string(),
        ];
        if let Some(ratio) = base.map(|(_, base)| seconds / base.as_secs_f64()) {
            row.push(format!("{ratio:.2}"));
            if *by == By::Mine {
                row.extend([TIME_GOAL.to_string(), verdict(ratio, TIME_GOAL)]);
            }
        }
        table.row(&row);
    }
}

/// How much more memory many tokens take than one page of them.
fn memory(fixture: &mut Fixture, most: &Owner, fewest: &Owner) -> Result<()> {
    let ids = fixture.make(&fewest.key, 1_000)?;
    let revoking = peak_of_one_run(&fixture.revoke(fewest, &ids, By::Mine)?)?;
    let page = peak_memory(&fixture.one_page(most))?;
    let listing = peak_memory(&fixture.list(most, By::Mine)?)?;
    let pages = peak_memory(&fixture.pages(most))?;
    let found = (page, listing, revoking, pages);
    let (Some(page), Some(listing), Some(revoking), Some(pages)) = found else {
        note("peak memory is not measured: /usr/bin/time is missing (apt-get install time)");
        return Ok(());
    };
    let mut table = Table::new(&["peak memory", "MiB", "more than one page", "goal", ""]);
    for (name, peak) in [
        ("one page", page),
        ("token list --all of 10000", listing),
        ("api --paginate of 10000", pages),
        ("token revoke of 1000", revoking),
    ] {
        let more = (peak - page) / MEBIBYTE;
        table.row(&[
            name.to_owned(),
            format!("{:.1}", peak / MEBIBYTE),
            format!("{more:.1}"),
            MEMORY_GOAL.to_string(),
            verdict(more, MEMORY_GOAL),
        ]);
    }
    table.print();
    Ok(())
}
