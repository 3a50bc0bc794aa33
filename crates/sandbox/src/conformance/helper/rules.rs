//! The rules of each protocol.

use super::protocol::HelperProtocol::{self, Cargo, Docker, Git, Goauth, Kubectl};

type Rule = (&'static str, &'static str);

static RULES: [(Rule, &[HelperProtocol]); 17] = [
    (
        ("answer", "the bound server gets a credential"),
        &HelperProtocol::ALL,
    ),
    (
        ("protocol", "stdout holds the protocol and nothing else"),
        &HelperProtocol::ALL,
    ),
    (
        ("exit", "the exit status is the one of the protocol"),
        &HelperProtocol::ALL,
    ),
    (
        ("host", "a look-alike of the host gets nothing"),
        &HelperProtocol::ALL,
    ),
    (("port", "another port gets nothing"), &HelperProtocol::ALL),
    (
        ("scheme", "another scheme gets nothing"),
        &HelperProtocol::ALL,
    ),
    (
        ("control", "a value with CR, LF or NUL gets nothing"),
        &HelperProtocol::ALL,
    ),
    (
        ("long", "a line of 70 kB causes neither a crash nor a hang"),
        &HelperProtocol::ALL,
    ),
    (
        ("empty", "an empty request gets nothing"),
        &[Git, Docker, Kubectl, Cargo],
    ),
    (
        ("endless", "a stdin that is never closed does not block it"),
        &[Git, Docker, Kubectl, Goauth],
    ),
    (
        ("unknown", "unknown keys are ignored"),
        &[Git, Kubectl, Cargo],
    ),
    (
        (
            "version",
            "the version of the response is the requested one",
        ),
        &[Git, Kubectl, Cargo],
    ),
    (
        ("expiry", "an expiry is a time in the future"),
        &[Git, Kubectl, Cargo],
    ),
    (
        (
            "operation",
            "other operations are accepted, or refused as the protocol requires",
        ),
        &[Git, Docker, Cargo, Goauth],
    ),
    (("text", "the fixed error texts are on stdout"), &[Docker]),
    (
        ("user", "the user `<token>` marks refresh tokens only"),
        &[Docker],
    ),
    (
        ("stderr", "stderr shows no credential"),
        &HelperProtocol::ALL,
    ),
];

/// Returns the rules of a protocol.
pub(super) fn rules_for(protocol: HelperProtocol) -> impl Iterator<Item = &'static Rule> {
    let own = RULES.iter().filter(move |(_, of)| of.contains(&protocol));
    own.map(|(rule, _)| rule)
}
