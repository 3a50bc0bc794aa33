//! `token list --all` and `api --paginate` need the memory of one page, however many pages there are; measured while the
//! last response is held.

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
fn peak(pages: u64, arguments: &[&str]) -> u64 {
    let (holds, held) = channel();
    let (response, may_answer) = channel();
    let server = server(pages, holds, may_answer);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "key")
        .set("BRAINMAPS_API_URL", &server.url);
    let command = home.start(arguments);
    held.recv_timeout(crate::support::process::LIMIT).unwrap();
    let peak = command.running.peak_memory();
    response.send(()).unwrap();
    let shown = command.wait().expect(0).stdout;
    let last = format!("{pages}-{}", TOKENS - 1);
    assert!(shown.contains(&last), "the last token is shown, too");
    peak
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_list_of_many_pages_needs_the_memory_of_one_page() {
    for arguments in [
        &["token", "list", "--all"][..],
        &["token", "list", "--all", "--json"],
        &["api", "/api/tokens/", "--paginate"],
        &["api", "/api/tokens/", "--paginate", "--jq", ".[].id"],
    ] {
        let (one, many) = (peak(1, arguments), peak(40, arguments));
        assert!(
            many < one + MOST_KIB,
            "{arguments:?}: {one} KiB for one page, {many} for 40"
        );
    }
}

/// The size of a body, in 64 KiB.
const BLOCKS: usize = 1_600;

/// Sends and receives 100 MiB.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn api_needs_the_same_memory_for_bodies_of_any_size() {
    use std::io::{Read as _, Write as _};

    let peak = |upload: usize, download: usize| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let (sent, received) = channel();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut block = vec![0; 64 * 1024];
            let mut left = upload * block.len();
            while left > 0 {
                // The head is short.
                left = left.saturating_sub(stream.read(&mut block).unwrap());
            }
            let length = download * block.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
            )
            .unwrap();
            for _ in 1..download {
                stream.write_all(&block).unwrap();
            }
            sent.send(stream).unwrap();
        });
        let mut home = TestHome::new();
        home.set("BRAINMAPS_API_KEY", "key")
            .set("BRAINMAPS_API_URL", &url);
        let data = vec![b'd'; upload * 64 * 1024];
        std::fs::write(home.work().join("data"), &data).unwrap();
        let arguments = ["api", "PUT", "/x", "--input", "data", "--output", "out"];
        let command = home.start(&arguments);
        let mut stream = received
            .recv_timeout(crate::support::process::LIMIT)
            .unwrap();
        let peak = command.running.peak_memory();
        stream.write_all(&vec![0; 64 * 1024]).unwrap();
        command.wait().expect(0);
        let length = home.work().join("out").metadata().unwrap().len();
        assert_eq!(length, (download * 64 * 1024) as u64);
        peak
    };
    let (small, large) = (peak(1, 2), peak(BLOCKS, BLOCKS));
    assert!(
        large < small + MOST_KIB,
        "{small} KiB for small bodies, {large} for large ones"
    );
}
