//! A key from stdin at each service: verified before it is stored, unless `--no-verify` is set, and sent in the
//! documented header.

use super::{Contract, call, text};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_key_from_stdin_is_verified_and_sent_in_the_services_header() {
    #[rustfmt::skip]
    let rows = [
        ("brainmaps", "key-c4n4ry", "authorization: Token key-c4n4ry", "GET /api/auth/me/"),
        ("basic-memory", "bmc_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4",
            "authorization: Bearer bmc_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4", "GET /proxy/health"),
        ("neuroio", "key-c4n4ry", "authorization: Token key-c4n4ry", "GET /v1/whoami/"),
        ("brainpercent", "bp_c4a4a12ec4a4acffdfb17bd6f8075e20681bde55015d086ebebc14f7c4a4a12e", // brainmaps:allow
            "authorization: Bearer bp_c4a4a12ec4a4acffdfb17bd6f8075e20681bde55015d086ebebc14f7c4a4a12e", // brainmaps:allow
            "GET /api/v1/user/credits"),
        ("basira", "dbm_ak_1_c4n4ry", "x-api-key: dbm_ak_1_c4n4ry", "GET /api/v1/databases"),
    ];
    for (service, key, header, who) in rows {
        let contract = Contract::new(service, &["--memory"]);
        // The sandbox never issued this key.
        let login = ["login", "--with-token", "--json"];
        let refused = contract.home.run_with_input(&login, &format!("{key}\n"));
        let refused = contract.check(refused, 4, &[call(who, header)]);
        assert_eq!(refused.error_code(), "CREDENTIAL_REJECTED", "{service}");
        contract.expect_signed_out();
        let login = ["login", "--with-token", "--no-verify", "--json"];
        let stored = contract.home.run_with_input(&login, &format!("{key}\n"));
        let shown = contract.check(stored, 0, &[]).json();
        assert_eq!(text(&shown, "kind"), "api_key", "{service}: {shown}");
        let printed = contract.run(&["credential", "print", "--header"], 0, &[]);
        assert_eq!(printed.stdout.trim().to_lowercase(), header.to_lowercase());
        let refused = contract.json(&["whoami"], 4, &[call(who, header)]);
        assert_eq!(
            refused["error"]["code"], "CREDENTIAL_REJECTED",
            "{service}: {refused}"
        );
        assert!(
            text(&refused["error"], "message").contains("stored credential"),
            "{service}: {refused}"
        );
        contract.run(&["logout"], 0, &[]);
        contract.expect_signed_out();
    }
}
