//! The cases: each request to a helper, and the expected response.

use serde_json::json;

use super::exchange::HelperRequest;
use super::host::HelperHost;
use super::protocol::HelperProtocol;
use super::{cargo, docker, git, goauth, kubectl};

#[derive(Debug, Clone)]
pub(super) enum Expect {
    /// Print a credential, and this text.
    Credential(String),
    /// If it prints a credential, stdout must contain this text.
    With(&'static str),
    /// If it prints a credential, stdout must not contain this text.
    Without(&'static str),
    /// Print no credential.
    Nothing,
    /// Print no credential, and exit with another status than 0.
    Failure,
    Exit,
    /// Print nothing, and exit with 0.
    Silence,
    /// Print exactly this line, and exit with another status than 0.
    Error(&'static str),
    /// Print an object of strings.
    Object,
}

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) rule: &'static str,
    pub(super) request: HelperRequest,
    pub(super) expect: Expect,
}

fn case(name: &'static str, rule: &'static str, request: HelperRequest, expect: Expect) -> Case {
    Case {
        name,
        rule,
        request,
        expect,
    }
}

/// A host that cannot exist (RFC 6761).
const INVALID: &str = "conformance.invalid";

/// Longer than git's longest line.
const LONG: usize = 70_000;

/// The first case is the one with a credential.
pub(super) fn cases_for(protocol: HelperProtocol, host: &HelperHost) -> Vec<Case> {
    let own = match protocol {
        HelperProtocol::Git => git_cases(host),
        HelperProtocol::Docker => docker_cases(host),
        HelperProtocol::Kubectl => kubectl_cases(host),
        HelperProtocol::Cargo => cargo_cases(host),
        HelperProtocol::Goauth => goauth_cases(host),
    };
    let bound = protocol.request(&host.scheme, &host.authority());
    let bound = match protocol {
        HelperProtocol::Goauth => {
            let url = format!("https://{}", host.authority());
            case(
                "the bound server",
                "answer",
                goauth::first_request(),
                Expect::Credential(url),
            )
        }
        _ => case(
            "the bound server",
            "answer",
            bound,
            Expect::Credential(String::new()),
        ),
    };
    let mut cases = vec![bound];
    cases.extend(other_servers(protocol, host));
    cases.extend(own);
    cases
}

/// Servers that a careless comparison takes for the bound one.
fn other_servers(protocol: HelperProtocol, host: &HelperHost) -> impl Iterator<Item = Case> {
    let (scheme, own) = (&host.scheme, host.authority());
    let requests = look_alikes(protocol, host).into_iter();
    let requests = requests.filter(move |other| other.authority != own);
    let others = requests.map(move |other| {
        let request = protocol.request(scheme, &other.authority);
        case(other.name, other.rule, request, Expect::Nothing)
    });
    let request = match (protocol, host.is_https()) {
        // Docker's clients name no scheme, and mean https or http.
        (HelperProtocol::Docker, false) => {
            HelperRequest::with_input(&["get"], format!("https://{}", host.authority()))
        }
        (_, true) => protocol.request("http", &host.authority()),
        (_, false) => protocol.request("https", &host.authority()),
    };
    others.chain([case("another scheme", "scheme", request, Expect::Nothing)])
}

struct OtherServer {
    name: &'static str,
    rule: &'static str,
    /// The host with its port.
    authority: String,
}

impl OtherServer {
    fn new(name: &'static str, rule: &'static str, authority: String) -> Self {
        Self {
            name,
            rule,
            authority,
        }
    }
}

#[rustfmt::skip]
fn look_alikes(protocol: HelperProtocol, host: &HelperHost) -> [OtherServer; 13] {
    let (authority, name) = (host.authority(), &host.name);
    let port = host.port.map(|port| format!(":{port}")).unwrap_or_default();
    let other_port = host.port.map_or(8443, |port| port ^ 1);
    // No argument of a program contains NUL, and a line feed ends a line of git.
    let nul = if protocol == HelperProtocol::Goauth { "\n" } else { "\0" };
    let line_feed = if protocol == HelperProtocol::Git { "\r\r" } else { "\n" };
    let cyrillic = authority.replacen(['a', 'e', 'o', 'c'], "\u{430}", 1);
    [
        OtherServer::new("a domain below another", "host", format!("{authority}.{INVALID}")),
        OtherServer::new("a longer name", "host", format!("x{authority}")),
        OtherServer::new("a subdomain", "host", format!("x.{authority}")),
        OtherServer::new("a trailing dot", "host", format!("{name}.{port}")),
        OtherServer::new("the host as a user", "host", format!("{authority}@{INVALID}")),
        OtherServer::new("the host as a path", "host", format!("{INVALID}/{authority}")),
        OtherServer::new("a backslash", "host", format!("{INVALID}\\@{authority}")),
        OtherServer::new("a fragment", "host", format!("{INVALID}#{authority}")),
        OtherServer::new("a letter of another script", "host", cyrillic),
        OtherServer::new("another port", "port", format!("{name}:{other_port}")),
        OtherServer::new("a carriage return", "control", format!("{authority}\r.{INVALID}")),
        OtherServer::new("a line feed", "control", format!("{authority}{line_feed}.{INVALID}")),
        OtherServer::new("a zero byte", "control", format!("{authority}{nul}.{INVALID}")),
    ]
}

#[rustfmt::skip]
fn git_cases(host: &HelperHost) -> Vec<Case> {
    let bound = format!("protocol={}\nhost={}\n", host.scheme, host.authority());
    let with = |more: &str| git::with_lines(&format!("capability[]=authtype\n{bound}{more}"));
    let carriage_return = format!("protocol={}\nhost={}\r\n", host.scheme, host.authority());
    vec![
        case("an unknown key", "unknown", with("x-conformance=1\nx-list[]=2\n"), Expect::Credential(String::new())),
        case("a second host", "host", with(&format!("host={INVALID}\n")), Expect::Nothing),
        case("a carriage return at the end", "control", git::with_lines(&carriage_return), Expect::Nothing),
        case("70 kB in a line", "long", with(&format!("path={}\n", "x".repeat(LONG))), Expect::Nothing),
        case("no input", "empty", git::with_lines(""), Expect::Nothing),
        case("a stdin that is not closed", "endless", git::with_lines("protocol=https\n").endless(), Expect::Exit),
        case("git without authtype", "version", git::with_lines(&bound), Expect::Without("authtype=")),
        case("store", "operation", git::operation("store"), Expect::Silence),
        case("an unknown operation", "operation", git::operation("conformance"), Expect::Silence),
        case("erase", "operation", git::operation("erase"), Expect::Silence),
    ]
}

#[rustfmt::skip]
fn docker_cases(host: &HelperHost) -> Vec<Case> {
    let long = format!("{}/{}", host.authority(), "x".repeat(LONG));
    let stored = json!({ "ServerURL": INVALID, "Username": "conformance", "Secret": "nothing" });
    let request = |operation: &str, input: &str| HelperRequest::with_input(&[operation], input);
    vec![
        case("another server", "text", request("get", INVALID), Expect::Error(docker::NOT_FOUND)),
        case("no server", "text", request("get", ""), Expect::Error(docker::NO_SERVER)),
        case("no input", "empty", request("get", ""), Expect::Failure),
        case("70 kB in a line", "long", request("get", &long), Expect::Exit),
        case("a stdin that is not closed", "endless", request("get", &host.authority()).endless(), Expect::Exit),
        case("list", "operation", request("list", "unused"), Expect::Object),
        case("an unknown operation", "operation", request("conformance", ""), Expect::Failure),
        case("store", "operation", request("store", &stored.to_string()), Expect::Exit),
        case("erase", "operation", request("erase", INVALID), Expect::Exit),
    ]
}

#[rustfmt::skip]
fn kubectl_cases(host: &HelperHost) -> Vec<Case> {
    let server = format!("{}://{}", host.scheme, host.authority());
    let mut unknown = kubectl::document("v1", &server);
    unknown["conformance"] = json!({ "x": [1] });
    unknown["spec"]["conformance"] = json!(1);
    let mut long = kubectl::document("v1", &server);
    long["spec"]["cluster"]["config"] = "x".repeat(LONG).into();
    let other = kubectl::request("v1", &format!("https://{INVALID}"));
    let beta = Expect::With("client.authentication.k8s.io/v1beta1");
    vec![
        case("another cluster", "exit", other, Expect::Failure),
        case("unknown members", "unknown", kubectl::with_text(&unknown.to_string()), Expect::Credential(String::new())),
        case("70 kB in a line", "long", kubectl::with_text(&long.to_string()), Expect::Exit),
        case("no variable", "empty", HelperRequest::default(), Expect::Failure),
        case("no document", "empty", kubectl::with_text("{"), Expect::Failure),
        case("a stdin that is not closed", "endless", kubectl::request("v1", &server).endless(), Expect::Exit),
        case("version v1beta1", "version", kubectl::request("v1beta1", &server), beta),
        case("version v1alpha1", "version", kubectl::request("v1alpha1", &server), Expect::Failure),
        case("version v2", "version", kubectl::request("v2", &server), Expect::Failure),
    ]
}

#[rustfmt::skip]
fn cargo_cases(host: &HelperHost) -> Vec<Case> {
    let index = format!("sparse+{}://{}/index/", host.scheme, host.authority());
    let mut unknown = cargo::document(1, "get", &index);
    unknown["conformance"] = json!({ "x": [1] });
    unknown["registry"]["conformance"] = json!(1);
    let mut long = cargo::document(1, "get", &index);
    long["registry"]["headers"] = json!(["x".repeat(LONG)]);
    let kind = cargo::document(1, "conformance", &index);
    let line = |document: &serde_json::Value| cargo::with_lines(&format!("{document}\n"));
    vec![
        case("unknown members", "unknown", line(&unknown), Expect::Credential(String::new())),
        case("70 kB in a line", "long", line(&long), Expect::Exit),
        case("no input", "empty", cargo::with_lines(""), Expect::Nothing),
        case("version 2", "version", cargo::request(2, &index), Expect::Nothing),
        case("an unknown kind", "operation", line(&kind), Expect::Nothing),
    ]
}

#[rustfmt::skip]
fn goauth_cases(host: &HelperHost) -> Vec<Case> {
    let url = format!("https://{}/", host.authority());
    let long = format!("401 Unauthorized\r\nx: {}", "x".repeat(LONG));
    let not_found = goauth::with_response(&url, "404 Not Found");
    vec![
        case("70 kB in a line", "long", goauth::with_response(&url, &long), Expect::Exit),
        case("a stdin that is not closed", "endless", goauth::repeated_request(&url).endless(), Expect::Exit),
        case("a first call with an open stdin", "endless", goauth::first_request().endless(), Expect::Exit),
        case("a second call after 404", "operation", not_found, Expect::Exit),
    ]
}
