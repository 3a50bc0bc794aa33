//! Adds uses to the record. A failure must not end the command: a record that misses it is reported, because it looks
//! complete.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::actions::config::Switch;
use crate::actions::{Context, ProfileSession, ResolvedCredential};
use crate::domain::{
    BaseUrl, CredentialEvent, CredentialKind, CredentialUsage, HandedOut, Secret, StoredCredential,
    UsedRequest,
};
use crate::http::{Request, StatusCode};
use crate::vault::{CredentialInUse, TokenServer};

impl ProfileSession<'_> {
    /// Records a request that was sent with `selected`, if it succeeded.
    pub(crate) fn record_request(
        self,
        selected: &ResolvedCredential,
        request: &Request,
        status: StatusCode,
    ) {
        let Some(used) = self.used_request(selected, request, status) else {
            return;
        };
        let mut usage = CredentialUsage::default();
        usage.add_request(used);
        self.record_usage(selected, &usage);
    }

    /// Returns the request in the form of the record; `None` if it failed.
    pub(super) fn used_request(
        self,
        selected: &ResolvedCredential,
        request: &Request,
        status: StatusCode,
    ) -> Option<UsedRequest> {
        if !status.is_success() && !status.is_redirection() {
            return None;
        }
        let path = path_below(&selected.base, request.url().path());
        Some(UsedRequest::new(
            request.method().as_str(),
            &path,
            self.context.today(),
        ))
    }

    /// Records in the audit log and the record of uses that the program or the command `to` got the credential. Its requests
    /// are not known.
    pub fn record_handover(self, event: CredentialEvent, selected: &ResolvedCredential, to: &str) {
        self.record_use(event, selected);
        let today = self.context.today();
        let mut usage = CredentialUsage::default();
        usage.add_handover(HandedOut {
            to: to.to_owned(),
            first: today,
            last: today,
        });
        self.record_usage(selected, &usage);
    }

    pub(super) fn record_usage(self, selected: &ResolvedCredential, usage: &CredentialUsage) {
        let is_off = self.context.config.usage_record == Some(Switch::Off);
        let server = self.usage_server(&selected.base);
        let of = CredentialInUse {
            profile: &self.target.name,
            server: &server,
            key: recorded_key(selected),
        };
        let recorded = if is_off {
            // A record with a gap would look complete later.
            self.vault().clear_usage(None).map(drop)
        } else {
            self.vault().add_usage(of, usage)
        };
        if let Err(error) = recorded
            && self.vault().has_usage_record()
        {
            let text = format!("cannot record the use of the credential: {error}");
            self.context.warn_once("usage record", text);
        }
    }

    pub(crate) fn usage_server(self, base: &BaseUrl) -> TokenServer {
        TokenServer {
            provider: self.target.descriptor.id.clone(),
            origin: base.origin(),
        }
    }
}

/// Returns `None` for a session: its secrets change, and it is not a token of the list.
fn recorded_key(selected: &ResolvedCredential) -> Option<&Secret> {
    let stored = selected.stored.as_ref();
    let is_session = match selected.credential.kind {
        CredentialKind::Cookie | CredentialKind::SessionToken => true,
        CredentialKind::AccessToken => stored.is_some(),
        CredentialKind::ApiKey => stored.is_some_and(StoredCredential::is_refreshable),
    };
    (!is_session).then_some(&selected.credential.secret)
}

/// Returns the path below `base`; with two slashes the path of a URL that is not below it.
fn path_below(base: &BaseUrl, path: &str) -> String {
    let base = base.path();
    match path.strip_prefix(base) {
        Some(below) if below.starts_with('/') => below.to_owned(),
        Some("") => "/".to_owned(),
        _ => format!("/{path}"),
    }
}

impl Context {
    /// Returns the day in UTC.
    pub(crate) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.now()).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Source;
    use crate::domain::Credential;

    #[test]
    fn session_is_recorded_without_a_key() {
        for (kind, has_key) in [
            (CredentialKind::ApiKey, true),
            (CredentialKind::AccessToken, true),
            (CredentialKind::SessionToken, false),
            (CredentialKind::Cookie, false),
        ] {
            let selected = ResolvedCredential {
                source: Source::Stored,
                base: "https://a.test".parse().unwrap(),
                credential: Credential {
                    kind,
                    secret: Secret::new("a"),
                },
                stored: None,
            };
            assert_eq!(recorded_key(&selected).is_some(), has_key, "{kind:?}");
        }
    }

    #[test]
    fn path_is_recorded_below_the_base_url() {
        for (base, path, expected) in [
            ("https://a.test", "/api/x", "/api/x"),
            ("https://a.test/api", "/api/x", "/x"),
            ("https://a.test/api", "/api", "/"),
            ("https://a.test/api", "/apis/x", "//apis/x"),
            ("https://a.test/api", "/other", "//other"),
        ] {
            assert_eq!(path_below(&base.parse().unwrap(), path), expected, "{path}");
        }
    }
}
