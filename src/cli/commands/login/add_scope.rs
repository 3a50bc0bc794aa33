//! `login --add-scope`: signs in again for the granted and the added scopes.

use super::Login;
use super::result::{LoginOutput, NotNeeded};
use crate::actions::{InteractiveLogin, Target, find_extension};
use crate::cli::failure::Failure;
use crate::domain::{InteractiveMethod, Scopes};

impl Login<'_> {
    /// Signs in again for the granted and the added scopes, by the method of the session unless another is named.
    pub(super) fn add_scopes(&mut self) -> Result<LoginOutput, Failure> {
        let added = Scopes::parse(&self.args.add_scope.join(" "));
        let target = Target::for_login(&self.context, false)?;
        let session = self.context.session(&target);
        session.refuse_session_of_program(&added)?;
        let extension = find_extension(&self.context, &added)?;
        if extension.is_granted {
            let target = Target::resolve(&self.context)?;
            let status = self.context.session(&target).read_status()?;
            let text = format!("the session has these scopes already: {added}");
            return Ok(LoginOutput::NotNeeded(NotNeeded { status, text }));
        }
        self.context.options.profile = Some(extension.profile.clone());
        self.context.options.replace = self.args.replace;
        self.extension = Some(extension);
        let options = self.options();
        self.sign_in_at_server(&options)
    }

    /// Returns the method of the session that scopes are added to.
    pub(super) fn extended_page(&self) -> Option<InteractiveLogin> {
        let method = self.extension.as_ref()?.method?;
        Some(match method {
            InteractiveMethod::Device => InteractiveLogin::Device,
            InteractiveMethod::Browser => InteractiveLogin::Browser,
        })
    }
}
