//! What is fuzzed: one function a target, each with the promises that hold for any input. `fuzz/fuzz_targets/` hands them to
//! libFuzzer, `tests/it/fuzz_corpus.rs` runs them over the corpus and its mutations in every `cargo test`.

mod descriptor;
mod environment;
mod files;
mod headers;
mod inspect;
mod oauth;
mod poll;
#[cfg(feature = "scan")]
mod scan;
mod service;
mod terminal;
mod wire;

/// A target: it panics where a promise is broken.
pub(crate) type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("vault", files::vault),
    ("dotenv", files::dotenv),
    ("env_encoding", environment::env_encoding),
    ("no_proxy", environment::no_proxy),
    ("header_block", headers::header_block),
    ("dates", headers::dates),
    ("settings", files::settings),
    ("descriptor", descriptor::descriptor),
    ("inspect", inspect::inspect),
    ("metadata", oauth::metadata),
    ("device", oauth::device),
    ("token", oauth::token),
    ("refresh", oauth::refresh),
    ("service", service::service),
    ("poll", poll::poll),
    #[cfg(feature = "scan")]
    ("scan", scan::scan),
    ("terminal", terminal::terminal),
];

/// Runs the target called `name`.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.expect("a target of this name");
    target(bytes);
}
