//! Shows the record of a profile.

use jiff::civil::Date;
use serde::Serialize;

use crate::actions::config::Switch;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::TokenId;
use crate::vault::UsedCredential;

/// The digits of a fingerprint that distinguish keys.
const SHOWN_DIGITS: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsageView {
    /// Whether further uses are recorded.
    pub recording: bool,
    pub requests: Vec<RecordedRequest>,
    pub handed_out: Vec<RecordedHandover>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    pub method: String,
    pub path: String,
    pub first: Date,
    pub last: Date,
    pub origin: String,
    /// The beginning of the salted hash of the key; `session` for a session.
    pub credential: String,
    /// The token, if this program created its key.
    pub token: Option<TokenId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedHandover {
    pub to: String,
    pub first: Date,
    pub last: Date,
    pub origin: String,
    pub credential: String,
    pub token: Option<TokenId>,
}

impl ProfileSession<'_> {
    /// Returns what the credentials of the profile were used for.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn view_usage(self) -> Result<UsageView, ActionError> {
        let record = self.vault().usage_record(self.context.today())?;
        let mut view = UsageView {
            recording: self.context.config.usage_record != Some(Switch::Off),
            requests: Vec::new(),
            handed_out: Vec::new(),
        };
        for used in record.of_profile(&self.target.name) {
            view.add(used);
        }
        view.requests
            .sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
        Ok(view)
    }

    /// Deletes the record of the profile. Returns the number of credentials that it was about.
    ///
    /// # Errors
    /// If the record cannot be changed.
    pub fn clear_usage(self) -> Result<usize, ActionError> {
        Ok(self.vault().clear_usage(Some(&self.target.name))?)
    }
}

impl UsageView {
    fn add(&mut self, used: &UsedCredential) {
        let fingerprint = used.fingerprint.as_deref();
        let credential = fingerprint.map_or("session", |it| it.get(..SHOWN_DIGITS).unwrap_or(it));
        let origin = used.server.origin.to_string();
        let requests = used.usage.requests.iter().map(|it| RecordedRequest {
            method: it.method.clone(),
            path: it.path.clone(),
            first: it.first,
            last: it.last,
            origin: origin.clone(),
            credential: credential.to_owned(),
            token: used.token.clone(),
        });
        self.requests.extend(requests);
        let handed_out = used.usage.handed_out.iter().map(|it| RecordedHandover {
            to: it.to.clone(),
            first: it.first,
            last: it.last,
            origin: origin.clone(),
            credential: credential.to_owned(),
            token: used.token.clone(),
        });
        self.handed_out.extend(handed_out);
    }
}
