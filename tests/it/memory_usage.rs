//! `token list --all` needs the memory of one page, however many pages there are; measured while the last response is
//! held.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

/// A page of 1,000 tokens is about 300 KB of JSON.
const TOKENS: u64 = 1_000;

const MOST_KIB: u64 = 5 * 1024;

fn page(number: u64) -> Value {
    let tokens = (0..TOKENS).map(|token| {
        let id = format!("{number}-{token}");
        json!({"id": id, "name": "n".repeat(200), "created_at": "2026-02-01T00:00:00Z", "is_revoked": false})
    });
    let next = format!("/api/tokens/?page={}", number + 1);
    json!({"results": tokens.collect::<Vec<_>>(), "next": next})
}

/// A server with `pages` pages and an empty last one; it reports and holds the last request.
fn server(pages: u64, holds: Sender<()>, may_answer: Receiver<()>) -> ScriptedServer {
    let gate = Mutex::new((holds, may_answer));
    ScriptedServer::start(move |received, _| {
        let number = received
            .path
            .split_once("?page=")
            .map_or(1, |(_, number)| number.parse().unwrap());
        if number <= pages {
            return ScriptedResponse::json(200, &page(number));
        }
        let gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
        gate.0.send(()).unwrap();
        gate.1.recv().unwrap();
        ScriptedResponse::json(200, &json!({"results": [], "next": null}))
    })
}

/// Returns the peak memory of the program, in KiB, after it read `pages` pages.
fn peak(pages: u64, more: &[&str]) -> u64 {
    let (holds, held) = channel();
    let (response, may_answer) = channel();
    let server = server(pages, holds, may_answer);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "key")
        .set("BRAINMAPS_API_URL", &server.url);
    let arguments: Vec<&str> = ["token", "list", "--all"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let underway = home.start(&arguments);
    held.recv_timeout(crate::support::process::LIMIT).unwrap();
    let peak = underway.running.peak_memory();
    response.send(()).unwrap();
    let shown = underway.wait().expect(0).stdout;
    let last = format!("{pages}-{}", TOKENS - 1);
    assert!(shown.contains(&last), "the last token is shown, too");
    peak
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_list_of_many_pages_needs_the_memory_of_one_page() {
    for more in [&[][..], &["--json"]] {
        let (one, many) = (peak(1, more), peak(40, more));
        assert!(
            many < one + MOST_KIB,
            "{more:?}: {one} KiB for one page, {many} for 40"
        );
    }
}
