//! The options of a login, from its arguments.

use super::Login;
use crate::actions::{LoginOptions, NamedClientKey, read_client_key, read_client_secret};
use crate::cli::failure::Failure;
use crate::host::CallbackAddress;
use crate::oauth::issuer_from_metadata_url;
use crate::ui::prompt;
use crate::vault::Storage;

impl Login<'_> {
    /// Returns the options with the client's secret or key. The secret may be on stdin, and is read only once.
    pub(super) fn options_with_secret(&self) -> Result<LoginOptions, Failure> {
        let client_secret = match &self.args.client_secret_file {
            Some(file) if file.as_os_str() == "-" => Some(prompt::stdin_secret()?),
            Some(file) => Some(read_client_secret(&self.context, file)?),
            None => None,
        };
        let key = self.args.key.as_ref();
        let key = key.map(|file| read_client_key(&self.context, file));
        let client_key = key.transpose()?.map(|text| NamedClientKey {
            text,
            key_id: self.args.key_id.clone(),
            audience: self.args.assertion_audience.clone(),
        });
        Ok(LoginOptions {
            client_secret,
            client_key,
            ..self.options()
        })
    }

    /// A named browser login needs no terminal to open the page.
    fn may_open_browser(&self) -> bool {
        self.app.can_prompt() || self.args.browser && !self.app.is_input_disabled()
    }

    pub(super) fn options(&self) -> LoginOptions {
        let args = self.args;
        let scopes = args.scope.iter().flat_map(|words| words.split_whitespace());
        let extended = self.extension.as_ref();
        let issuer = args.issuer.as_deref().map(issuer_from_metadata_url);
        LoginOptions {
            issuer: issuer.or_else(|| extended?.issuer.clone()),
            client_id: args
                .client_id
                .clone()
                .or_else(|| extended?.client_id.clone()),
            client_secret: None,
            secret_issuer: None,
            client_key: None,
            registration: None,
            resource: args.resource.clone(),
            omits_resource_parameter: args.no_resource_parameter,
            authorization_server: None,
            may_discover: !args.workload && args.import.is_none(),
            audience: args.audience.clone(),
            scopes: scopes.collect(),
            added_scopes: extended.map(|it| it.scopes.clone()).unwrap_or_default(),
            should_open_browser: !args.no_open && self.may_open_browser(),
            callback: CallbackAddress {
                host: args.callback_host.into(),
                port: args.callback_port,
            },
            storage: args.storage.map(Storage::from),
        }
    }
}
