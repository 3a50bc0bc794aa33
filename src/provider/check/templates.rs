//! Checks the placeholders of all calls, and the bodies that they are in.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::spans::{Findings, path_from};
use crate::provider::{
    CreateArgument, CreateCall, Descriptor, HttpCall, Method, Parameter, Placeholder,
    RequestTemplate, TokenCalls,
};

/// A call, the member that it is in, and the placeholders that it can have.
struct Request<'a> {
    at: &'static str,
    template: RequestTemplate<'a>,
    /// The placeholders that have a value.
    known: fn(&Placeholder) -> bool,
    /// Placeholders without which the call has another meaning.
    required: &'static [Placeholder],
}

/// The members that are bodies.
const BODIES: [&str; 5] = ["json", "form", "body", "active", "field"];

pub(super) fn check(service: &Descriptor, document: &DeTable<'_>, findings: &mut Findings) {
    for request in requests(service) {
        check_placeholders(&request, findings);
        check_headers(service, &request, findings);
        let path = path_from(request.at);
        let bodies = BODIES
            .iter()
            .filter(|name| has_member(document, &path, name));
        if bodies.count() > 1 {
            let text = "expected one body: `json` or `form`";
            findings.push((path, text.to_owned()));
        }
    }
    check_parameters(service, findings);
    check_reads(service, findings);
    if let Some(call) = &service.tokens.create {
        check_create(call, findings);
    }
    if let Some(call) = &service.tokens.rotate {
        check_rotate(service, call.request().call.method, findings);
    }
}

/// Checks that calls that only read are GET.
fn check_reads(service: &Descriptor, findings: &mut Findings) {
    let reads = [
        ("whoami.call", service.whoami.as_ref().map(|it| &it.call)),
        (
            "tokens.list.call",
            service.tokens.list.as_ref().map(|it| &it.call),
        ),
        (
            "tokens.get.call",
            service.tokens.get.as_ref().map(|it| &it.call),
        ),
    ];
    let with = service.whoami.iter().flat_map(|call| &call.with);
    let with = with.map(|(kind, call)| (format!("whoami.with.{}", kind.name()), call));
    let reads = reads
        .into_iter()
        .filter_map(|(at, call)| Some((at.to_owned(), call?)));
    for (at, call) in reads.chain(with) {
        if call.method != Method::Get {
            let text = "expected GET: this call changes nothing, and may be repeated";
            findings.push((path_from(&at), text.to_owned()));
        }
    }
}

fn has_member(document: &DeTable<'_>, path: &[String], name: &str) -> bool {
    let mut table = document;
    for step in path {
        match table.get(step.as_str()).map(Spanned::get_ref) {
            Some(DeValue::Table(below)) => table = below,
            _ => return false,
        }
    }
    table.contains_key(name)
}

fn requests(service: &Descriptor) -> Vec<Request<'_>> {
    let with_body = token_requests(service).chain(session_requests(service));
    with_body.chain(plain_requests(service)).collect()
}

/// Returns the calls that change tokens.
fn token_requests(service: &Descriptor) -> impl Iterator<Item = Request<'_>> {
    let tokens = &service.tokens;
    let create = tokens.create.as_ref().map(|it| Request {
        at: "tokens.create",
        template: it.request(),
        known: |placeholder| {
            CreateArgument::of(placeholder).is_some() || placeholder.is_confirmation()
        },
        required: &[],
    });
    let update = tokens.update.as_ref().map(|it| Request {
        at: "tokens.update",
        template: it.request(),
        known: |placeholder| {
            matches!(placeholder, Placeholder::Id | Placeholder::Active)
                || placeholder.is_confirmation()
        },
        required: &[Placeholder::Id, Placeholder::Active],
    });
    let rotate = tokens.rotate.as_ref().map(|it| Request {
        at: "tokens.rotate",
        template: it.request(),
        known: |placeholder| is_id_or_argument(placeholder) || placeholder.is_confirmation(),
        required: &[Placeholder::Id],
    });
    let revoke_self = tokens.revoke_self.as_ref().map(|it| Request {
        at: "tokens.revoke_self",
        template: it.request(),
        known: Placeholder::is_confirmation,
        required: &[],
    });
    let others = [create, update, rotate, revoke_self];
    others
        .into_iter()
        .flatten()
        .chain(requests_about_one(tokens))
}

/// Returns the calls that change one token and have the form of `revoke`.
fn requests_about_one(tokens: &TokenCalls) -> impl Iterator<Item = Request<'_>> {
    let one_token = [
        ("tokens.revoke", &tokens.revoke),
        ("tokens.enable", &tokens.enable),
        ("tokens.disable", &tokens.disable),
    ];
    one_token.into_iter().filter_map(|(at, call)| {
        Some(Request {
            at,
            template: call.as_ref()?.request(),
            known: |placeholder| is_id(placeholder) || placeholder.is_confirmation(),
            required: &[Placeholder::Id],
        })
    })
}

fn session_requests(service: &Descriptor) -> impl Iterator<Item = Request<'_>> {
    let login = service.login.password.as_ref().map(|it| Request {
        at: "login.password",
        template: it.request(),
        known: |placeholder| matches!(placeholder, Placeholder::Username | Placeholder::Password),
        required: &[Placeholder::Username, Placeholder::Password],
    });
    let refresh = service.refresh.as_ref().map(|it| Request {
        at: "refresh",
        template: it.request(),
        known: |placeholder| *placeholder == Placeholder::RefreshToken,
        required: &[Placeholder::RefreshToken],
    });
    let exchange = service.exchange.as_ref().map(|it| Request {
        at: "exchange",
        template: it.request(),
        known: |placeholder| *placeholder == Placeholder::Key,
        required: &[Placeholder::Key],
    });
    [login, refresh, exchange].into_iter().flatten()
}

/// Returns the calls without a body.
fn plain_requests(service: &Descriptor) -> impl Iterator<Item = Request<'_>> {
    let tokens = &service.tokens;
    let space = tokens.create.as_ref().and_then(|it| it.space.as_ref());
    let get = tokens.get.as_ref().map(|it| &it.call);
    let logout = service.logout.as_ref().map(|it| &it.call);
    let list = tokens.list.as_ref().map(|it| &it.call);
    let many = tokens.revoke_many.as_ref().map(|it| &it.call);
    let whoami = service.whoami.as_ref().map(|it| &it.call);
    let verification = service.account.resend_verification.as_ref();
    let verification = verification.map(|it| &it.call);
    let calls: [PlainCall<'_>; 7] = [
        ("tokens.get", get, is_id),
        ("logout", logout, is_id),
        ("tokens.create.space", space, is_id_or_argument),
        ("tokens.list", list, is_none),
        ("tokens.revoke_many", many, is_none),
        ("whoami", whoami, is_none),
        ("account.resend_verification", verification, is_none),
    ];
    calls.into_iter().filter_map(|(at, call, known)| {
        Some(Request {
            at,
            template: call?.into(),
            known,
            required: &[],
        })
    })
}

fn is_none(_: &Placeholder) -> bool {
    false
}

fn is_id(placeholder: &Placeholder) -> bool {
    *placeholder == Placeholder::Id
}

fn is_id_or_argument(placeholder: &Placeholder) -> bool {
    is_id(placeholder) || CreateArgument::of(placeholder).is_some()
}

/// The member of a call, the call, and the placeholders that it can have.
type PlainCall<'a> = (&'static str, Option<&'a HttpCall>, fn(&Placeholder) -> bool);

fn check_placeholders(request: &Request<'_>, findings: &mut Findings) {
    let mut report = |member: &str, text: String| {
        findings.push((path_from(&format!("{}{member}", request.at)), text));
    };
    let template = request.template;
    for placeholder in template.call.placeholders() {
        // `{id}` has its own messages.
        if !is_known(request, placeholder) && *placeholder != Placeholder::Id {
            report(".call", unexpected(placeholder));
        }
    }
    for placeholder in template.body_placeholders() {
        if !is_known(request, placeholder) {
            report("", unexpected(placeholder));
        }
    }
    for placeholder in template.header_placeholders() {
        if !is_known(request, placeholder) {
            report(".headers", unexpected(placeholder));
        }
    }
    for placeholder in request.required {
        if !template.needs(placeholder) {
            let (member, text) = missing(request.at, placeholder);
            report(member, text);
        }
    }
    if let Some(body) = template.body {
        if !body.can_be_encoded() {
            report(
                ".form",
                "expected members without members of their own".to_owned(),
            );
        }
        if template.call.method == Method::Get {
            report(
                ".call",
                "expected a method with a body, such as POST".to_owned(),
            );
        }
    }
}

/// Checks that the headers of a call do not replace the credential's, and that `{username}` has a source.
fn check_headers(service: &Descriptor, request: &Request<'_>, findings: &mut Findings) {
    let mut report = |member: &str, text: &str| {
        let path = path_from(&format!("{}{member}", request.at));
        findings.push((path, text.to_owned()));
    };
    let mut headers = request.template.headers.iter();
    let is_credential = |name| {
        service
            .headers
            .credential_names()
            .any(|known| known == name)
    };
    if headers.any(|header| is_credential(header.name.name())) {
        report(".headers", "expected no header that carries a credential");
    }
    let whoami = service.whoami.as_ref();
    let has_account =
        whoami.is_some_and(|call| !call.account.is_empty()) || service.login.password.is_some();
    if !has_account && request.template.needs(&Placeholder::Username) {
        report(
            "",
            "`{username}` requires `account` in [whoami], or [login.password]",
        );
    }
}

/// Returns the member that lacks the placeholder, and the message.
fn missing(at: &str, placeholder: &Placeholder) -> (&'static str, String) {
    if *placeholder != Placeholder::Id {
        let name = placeholder.text();
        return ("", format!("missing `{{{name}}}` in `json` or `form`"));
    }
    let is_in_body = at != "tokens.update";
    let member = if is_in_body { "" } else { ".call" };
    (member, super::calls::MISSING_ID.to_owned())
}

/// Accepts every parameter: [`check_parameters`] checks those of all calls.
fn is_known(request: &Request<'_>, placeholder: &Placeholder) -> bool {
    matches!(placeholder, Placeholder::Parameter(_)) || (request.known)(placeholder)
}

fn unexpected(placeholder: &Placeholder) -> String {
    format!(
        "unexpected `{{{}}}`: this call lacks such a value",
        placeholder.text()
    )
}

/// Checks that every parameter has a source and a description, and that reading the account needs no parameter of it.
fn check_parameters(service: &Descriptor, findings: &mut Findings) {
    for (name, parameter) in &service.parameters {
        let mut report = |text: &str| {
            findings.push((path_from(&format!("parameters.{name}")), text.to_owned()));
        };
        if !Parameter::is_valid_name(name) {
            report("expected a name of a-z, 0-9, `-` and `_`");
        }
        if parameter.is_reported() == parameter.at.is_empty() {
            report("expected `from` and `at`, or neither");
        }
        if !parameter.is_reported() && parameter.label.is_none() {
            report("expected `label`, which users are asked for, or `from` and `at`");
        }
        if parameter.is_reported() && service.whoami.is_none() {
            report("expected [whoami], which reports it");
        }
    }
    for request in requests(service) {
        // Before the login there is no account.
        let has_account = !matches!(
            request.at,
            "whoami" | "login.password" | "refresh" | "exchange"
        );
        for placeholder in request.template.placeholders() {
            let Placeholder::Parameter(name) = placeholder else {
                continue;
            };
            let text = match service.parameters.get(name) {
                None => {
                    format!("unknown parameter: add {name} = {{ label = \"…\" }} to [parameters]")
                }
                Some(parameter) if parameter.is_reported() && !has_account => {
                    format!("`{{parameter:{name}}}` is known only after this call")
                }
                Some(_) => continue,
            };
            findings.push((path_from(&format!("{}.call", request.at)), text));
        }
    }
}

/// Checks that the request has each argument at most once, and every required one.
fn check_create(call: &CreateCall, findings: &mut Findings) {
    let arguments = call.request().placeholders();
    let arguments: Vec<CreateArgument> = arguments.filter_map(CreateArgument::of).collect();
    for argument in CreateArgument::ALL {
        let count = arguments.iter().filter(|found| **found == argument).count();
        if count > 1 {
            let text = format!("the {} is in the request twice", argument.label());
            findings.push((path_from("tokens.create"), text));
        }
    }
    let limits = [
        (
            "scopes",
            CreateArgument::Scopes,
            call.limits.scopes.required,
        ),
        (
            "permissions",
            CreateArgument::Permissions,
            call.limits.permissions.required,
        ),
    ];
    for (member, argument, is_required) in limits {
        if is_required && !call.takes(argument) {
            let text = format!("required, but the request has no `{{{member}}}`");
            let path = path_from(&format!("tokens.create.limits.{member}.required"));
            findings.push((path, text));
        }
    }
    if matches!(call.call.method, Method::Get | Method::Delete) {
        let text = "expected POST, PUT or PATCH";
        findings.push((path_from("tokens.create.call"), text.to_owned()));
    }
}

/// Checks that the calls that a rotation needs exist: a list to find the old token, `whoami` to verify the new one.
fn check_rotate(service: &Descriptor, method: Method, findings: &mut Findings) {
    if service.tokens.list.is_none() || service.whoami.is_none() {
        let text = "expected [tokens.list], which finds the token, and [whoami], which verifies the new one";
        findings.push((path_from("tokens.rotate"), text.to_owned()));
    }
    if matches!(method, Method::Get | Method::Delete) {
        let text = "expected POST, PUT or PATCH";
        findings.push((path_from("tokens.rotate.call"), text.to_owned()));
    }
}
