//! Evaluates the content of the device requests and the polls.

use super::super::common::Evaluation;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Checks that there is exactly one valid device authorization request (RFC 8628 §3.1).
pub(super) fn device_request(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    for device in observation.device_requests() {
        let is_valid = device.is_valid_form() && device.names_client();
        let why = "not a valid form, or no client_id, at the device authorization endpoint";
        evaluation.check("8628-3.1a", is_valid, why);
    }
    match observation.device_requests().count() {
        0 => {}
        count => evaluation.check("8628-3.1b", count == 1, &format!("{count} device requests")),
    }
}

/// Checks every poll (RFC 8628 §3.4).
pub(super) fn polls(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let issued = observation
        .device_response()
        .and_then(|it| it["device_code"].as_str());
    for poll in observation.token_requests() {
        let is_complete = poll.field("grant_type") == Some(DEVICE_CODE)
            && poll.field("device_code").is_some()
            && poll.field("device_code") == issued
            && poll.names_client();
        let why = "a poll without grant_type, device_code or client_id, or not a valid form";
        evaluation.check("8628-3.4", is_complete && poll.is_valid_form(), why);
    }
}
