//! The values of the placeholders of a call, and requests with them.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{ApiTransport, Service, ServiceError, http_method};
use crate::domain::{Secret, TokenId, sanitize_line};
use crate::http::{HttpError, Request};
use crate::provider::{
    CallHeader, Descriptor, Encoding, Placeholder, RequestBody, RequestTemplate, UnusablePath,
    Values,
};

/// The values of the placeholders of one call.
#[derive(Debug, Default)]
pub(super) struct CallValues {
    values: Vec<(Placeholder, Value)>,
    lifetime: Option<(SignedDuration, Timestamp)>,
    /// What the user typed for this call.
    confirmations: Vec<Secret>,
}

impl CallValues {
    pub(super) fn with(mut self, placeholder: Placeholder, value: impl Into<Value>) -> Self {
        self.values.push((placeholder, value.into()));
        self
    }

    /// Sets the id of a token.
    ///
    /// # Errors
    /// [`ServiceError::SecretId`] if ids are secrets and this one was not read from the service.
    pub(super) fn with_token_id(
        self,
        descriptor: &Descriptor,
        id: &TokenId,
    ) -> Result<Self, ServiceError> {
        if descriptor.tokens.fields.id_is_secret && !id.is_secret() {
            return Err(ServiceError::SecretId {
                service: descriptor.name.clone(),
            });
        }
        let id = descriptor.tokens.local_id(id.expose());
        Ok(self.with(Placeholder::Id, id))
    }

    /// Sets a secret that confirms the call.
    pub(super) fn with_confirmation(mut self, placeholder: Placeholder, secret: Secret) -> Self {
        let value = secret.expose().to_owned();
        self.confirmations.push(secret);
        self.with(placeholder, value)
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
    pub(super) async fn request<'t>(
        &self,
        template: impl Into<RequestTemplate<'t>>,
        values: CallValues,
    ) -> Result<Request, C::Error> {
        let template = template.into();
        let call = template.call;
        // Boxed to keep the futures of all calls small.
        let values = Box::pin(self.with_parameters(template, values)).await?;
        let values = Box::pin(self.with_confirmations(template, values)).await?;
        let get = |placeholder: &Placeholder| values.get(placeholder);
        let path = call.path(&get);
        let path = path.map_err(|path| self.unusable_path_error(path))?;
        let url = self.base_url.join(&path).map_err(ServiceError::from)?;
        let mut request = Request::new(http_method(call), url);
        if self.descriptor.tokens.fields.id_is_secret && call.needs_id() {
            request = request.hide_path();
        }
        if let Some(body) = template.body {
            request = fill_body(request, body, &get);
        }
        if template.requires_confirmation() {
            request = request.confirmed_by_user();
        }
        for secret in &values.confirmations {
            request = request.redact_if_echoed(secret);
        }
        let request = self.add_fixed_headers(request)?;
        let request = add_headers(request, template.headers, &get);
        Ok(request.map_err(ServiceError::from)?)
    }

    /// Adds the headers that the description gives every request.
    pub(super) fn add_fixed_headers(&self, mut request: Request) -> Result<Request, C::Error> {
        for (name, value) in self.descriptor.headers.always() {
            let added = request.header(name.name().clone(), value);
            request = added.map_err(ServiceError::from)?;
        }
        Ok(request)
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

/// Adds the headers of the call whose placeholders have values.
fn add_headers(
    mut request: Request,
    headers: &[CallHeader],
    values: Values<'_>,
) -> Result<Request, HttpError> {
    for header in headers {
        let name = header.name.name().clone();
        let Ok(value) = header.value.text(values, str::to_owned) else {
            continue;
        };
        let is_secret = header.value.placeholders().any(Placeholder::is_secret);
        request = if is_secret {
            request.secret_header(name, &Secret::verbatim(value))?
        } else {
            request.header(name, &value)?
        };
    }
    Ok(request)
}

fn fill_body(request: Request, body: RequestBody<'_>, values: Values<'_>) -> Request {
    match body.encoding {
        Encoding::Json => match body.template.fill(values) {
            Some(value) => request.json(&value),
            None => request,
        },
        Encoding::Form => request.form_with_empty_fields(&body.template.fill_form(values)),
    }
}
