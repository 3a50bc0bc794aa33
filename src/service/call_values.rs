//! The values of the placeholders of a call, and requests with them.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{ApiTransport, Service, ServiceError, http_method};
use crate::domain::sanitize_line;
use crate::http::Request;
use crate::provider::{Encoding, HttpCall, Placeholder, RequestBody, UnusablePath};

/// The values of the placeholders of one call.
#[derive(Debug, Default)]
pub(super) struct CallValues {
    values: Vec<(Placeholder, Value)>,
    lifetime: Option<(SignedDuration, Timestamp)>,
}

impl CallValues {
    pub(super) fn with(mut self, placeholder: Placeholder, value: impl Into<Value>) -> Self {
        self.values.push((placeholder, value.into()));
        self
    }

    pub(super) fn with_id(self, id: Option<&str>) -> Self {
        match id {
            Some(id) => self.with(Placeholder::Id, id),
            None => self,
        }
    }

    /// Sets the lifetime of a token that is created at `now`.
    pub(super) fn with_lifetime(mut self, lifetime: SignedDuration, now: Timestamp) -> Self {
        self.lifetime = Some((lifetime, now));
        self
    }

    pub(super) fn get(&self, placeholder: &Placeholder) -> Option<Value> {
        if let Placeholder::Expires(form) = placeholder {
            let (lifetime, now) = self.lifetime?;
            return form.value(lifetime, now);
        }
        let found = self.values.iter().find(|(it, _)| it == placeholder);
        found.map(|(_, value)| value.clone())
    }
}

impl<C: ApiTransport> Service<'_, C> {
    /// Returns the request of `call` without a body.
    pub(super) fn build_request(
        &self,
        call: &HttpCall,
        values: &CallValues,
    ) -> Result<Request, ServiceError> {
        let path = call.path(&|placeholder| values.get(placeholder));
        let path = path.map_err(|path| self.unusable_path_error(path))?;
        Ok(Request::new(http_method(call), self.base_url.join(&path)?))
    }

    /// Returns the request of `call` with the body of the template, if there is one.
    pub(super) fn build_request_with_body(
        &self,
        call: &HttpCall,
        body: Option<RequestBody<'_>>,
        values: &CallValues,
    ) -> Result<Request, ServiceError> {
        let request = self.build_request(call, values)?;
        let Some(body) = body else {
            return Ok(request);
        };
        let get = |placeholder: &Placeholder| values.get(placeholder);
        Ok(match body.encoding {
            Encoding::Json => match body.template.fill(&get) {
                Some(value) => request.json(&value),
                None => request,
            },
            Encoding::Form => request.form_with_empty_fields(&body.template.fill_form(&get)),
        })
    }

    fn unusable_path_error(&self, path: UnusablePath) -> ServiceError {
        match (path.placeholder, path.value) {
            (Placeholder::Id, value) => {
                ServiceError::InvalidId(sanitize_line(&value.unwrap_or_default()))
            }
            (placeholder, value) => {
                let name = placeholder.text();
                let problem = match value {
                    Some(_) => format!("cannot have this {name}, which is a part of the path"),
                    None => format!("require a {name}"),
                };
                self.invalid_argument(problem)
            }
        }
    }

    fn invalid_argument(&self, problem: String) -> ServiceError {
        ServiceError::InvalidArgument {
            service: self.descriptor.name.clone(),
            problem,
        }
    }
}
