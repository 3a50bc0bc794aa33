//! `sandbox conformance --helper` with a session, whose credential expires.

use super::service::{HOST, Service};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_helpers_give_an_expiry_and_pass_every_rule() {
    let service = Service::start();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    service.write(
        ".cargo/config.toml",
        format!("[registries.ours]\nindex = \"sparse+https://{HOST}/\"\n"),
    );
    service.install("cargo");
    let provider = ".local/lib/brainmaps/brainmaps-credential-provider-brainmaps";
    let provider = service.home.path().join(provider);
    for (protocol, command) in [
        ("git", &[program, "helper", "git"][..]),
        ("kubectl", &[program, "helper", "kubectl"]),
        ("cargo", &[provider.to_str().unwrap()]),
    ] {
        let check = ["sandbox", "conformance", "--json", "--helper", protocol];
        let check = [&check[..], &["--host", HOST, "--jobs", "8", "--"], command].concat();
        let outcome = service.home.run(&check).expect(0);
        let report = outcome.json();
        assert_eq!(report["failed"], 0, "{outcome}");
        assert_eq!(report["unjudged"], 0, "{outcome}");
    }
}
