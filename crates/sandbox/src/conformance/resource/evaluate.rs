//! Evaluates what the server received. Pure.

use serde_json::Value;
use url::Url;

use super::super::common::{
    Case, Evaluation, Exchange, Finding, Observation, RESOURCE_METADATA, exit_status,
};

/// Evaluates all rules that one case can show.
pub(crate) fn case(case: &Case, observation: &Observation) -> Vec<Finding> {
    let mut evaluation = Evaluation::new(case, observation);
    exit_status::check(&mut evaluation);
    metadata(&mut evaluation);
    registration(&mut evaluation);
    client_id(&mut evaluation);
    resource(&mut evaluation);
    evaluation.findings
}

fn metadata(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let asked = observation.resource_metadata_requests().next();
    if let Some(asked) = asked.filter(|_| case.rule == "9728-3.1") {
        let is_in_place = asked.path == format!("{RESOURCE_METADATA}/resource");
        evaluation.check(
            "9728-3.1",
            is_in_place,
            "the well-known part is in the wrong place",
        );
    }
    let is_used =
        observation.authorization_requests().next().is_some() || registered(observation).is_some();
    if case.rule == "9728-3.3" && is_used {
        evaluation.fail("9728-3.3", "it used the metadata");
    }
}

fn registered(observation: &Observation) -> Option<&Exchange> {
    let mut all = observation.exchanges.iter();
    all.find(|it| it.path == "/oauth2/register")
}

fn registration(evaluation: &mut Evaluation<'_>) {
    let Some(request) = registered(evaluation.observation) else {
        return;
    };
    let text = |member: &str| request.body[member].as_str();
    let is_native = text("application_type") == Some("native")
        && text("token_endpoint_auth_method") == Some("none");
    evaluation.check(
        "7591-2",
        is_native,
        "the client is not registered as native and public",
    );
    let uris = request.body["redirect_uris"].as_array();
    let is_loopback = |uri: &Value| {
        let url = uri.as_str().and_then(|uri| Url::parse(uri).ok());
        let host = url.as_ref().and_then(Url::host_str);
        host.is_some_and(|host| ["127.0.0.1", "[::1]", "localhost"].contains(&host))
    };
    let is_local = uris.is_some_and(|uris| !uris.is_empty() && uris.iter().all(is_loopback));
    evaluation.check(
        "7591-2",
        is_local,
        "a redirect URI is missing, or not on loopback",
    );
}

fn client_id(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "7591-3.2.1";
    let observation = evaluation.observation;
    let Some(issued) = registered(observation).and_then(|it| it.response["client_id"].as_str())
    else {
        return;
    };
    let requests = observation
        .authorization_requests()
        .chain(observation.token_requests());
    // A client may authenticate by HTTP Basic instead.
    for id in requests.filter_map(|it| it.field("client_id")) {
        evaluation.check(RULE, id == issued, "a request has another client id");
    }
}

fn resource(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let Some(resource) = &observation.resource else {
        return;
    };
    let requests = observation
        .authorization_requests()
        .chain(observation.token_requests());
    for request in requests {
        let is_same = request.field("resource") == Some(resource);
        evaluation.check("8707-2", is_same, "a request without the resource");
    }
}
