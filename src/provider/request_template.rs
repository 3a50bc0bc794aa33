//! The request of a description: a call, its body and its headers, with placeholders.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{HeaderSpelling, HttpCall, Placeholder, RequestBody, TextTemplate, carries_credential};

/// A call with its body and its own headers.
#[derive(Debug, Clone, Copy)]
pub struct RequestTemplate<'a> {
    pub call: &'a HttpCall,
    pub body: Option<RequestBody<'a>>,
    pub headers: &'a [CallHeader],
}

/// A header that one call has. It is omitted if a placeholder has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallHeader {
    pub name: HeaderSpelling,
    pub value: TextTemplate,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, TextTemplate>")]
pub struct CallHeaders(Vec<CallHeader>);

impl CallHeaders {
    pub fn as_slice(&self) -> &[CallHeader] {
        &self.0
    }
}

impl TryFrom<BTreeMap<String, TextTemplate>> for CallHeaders {
    type Error = &'static str;

    fn try_from(members: BTreeMap<String, TextTemplate>) -> Result<Self, Self::Error> {
        let headers = members.into_iter().map(|(name, value)| {
            let name = HeaderSpelling::try_from(name)?;
            if carries_credential(name.name()) {
                return Err("expected no header that carries a credential");
            }
            if !value.fits_header() {
                return Err("expected visible ASCII characters and placeholders");
            }
            Ok(CallHeader { name, value })
        });
        headers.collect::<Result<_, _>>().map(Self)
    }
}

impl<'a> RequestTemplate<'a> {
    pub(super) fn new(call: &'a HttpCall, body: Option<RequestBody<'a>>) -> Self {
        Self {
            call,
            body,
            headers: &[],
        }
    }

    pub(super) fn with_headers(self, headers: &'a CallHeaders) -> Self {
        let headers = headers.as_slice();
        Self { headers, ..self }
    }

    pub fn header_placeholders(&self) -> impl Iterator<Item = &'a Placeholder> + use<'a> {
        let headers = self.headers.iter();
        headers.flat_map(|header| header.value.placeholders())
    }

    pub fn body_placeholders(&self) -> impl Iterator<Item = &'a Placeholder> + use<'a> {
        let body = self.body.map(|body| body.template.placeholders());
        body.into_iter().flatten()
    }

    /// Returns the placeholders of the path, the query, the headers and the body.
    pub fn placeholders(&self) -> impl Iterator<Item = &'a Placeholder> + use<'a> {
        let rest = self.header_placeholders().chain(self.body_placeholders());
        self.call.placeholders().chain(rest)
    }

    /// Returns `true` if the user has to type a password or a one-time password for the request.
    pub fn requires_confirmation(&self) -> bool {
        self.needs(&Placeholder::Password) || self.needs(&Placeholder::Otp)
    }

    /// Returns `true` if the request cannot express a lifetime that is not whole days.
    pub fn needs_whole_days(&self) -> bool {
        let mut placeholders = self.placeholders();
        placeholders.any(|it| matches!(it, Placeholder::Expires(form) if form.is_whole_days()))
    }

    pub fn needs(&self, placeholder: &Placeholder) -> bool {
        self.placeholders().any(|found| found == placeholder)
    }
}

impl<'a> From<&'a HttpCall> for RequestTemplate<'a> {
    fn from(call: &'a HttpCall) -> Self {
        Self::new(call, None)
    }
}
