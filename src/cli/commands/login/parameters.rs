//! Asks for the parameters of the service that are not set, and stores them as settings after the login.

use super::Login;
use crate::actions::{ActionError, Config, Target};
use crate::cli::app::run_to_completion;
use crate::cli::failure::{Code, Failure};
use crate::domain::Secret;
use crate::provider::{Descriptor, KeyClass};
use crate::ui::prompt;

impl Login<'_> {
    /// Asks for the parameters before the server is asked how to sign in. Without an OAuth 2.0 server, the user types a
    /// secret, which is asked for first.
    pub(super) fn ask_parameters_before_server(&mut self) -> Result<(), Failure> {
        let target = Target::for_login(&self.context, false);
        if target.is_ok_and(|target| target.descriptor.oauth.is_some()) {
            self.ask_parameters()?;
        }
        Ok(())
    }

    /// Asks for each parameter that the user has to set. Without a prompt, the first call that needs one reports it.
    pub(super) fn ask_parameters(&mut self) -> Result<(), Failure> {
        if !self.app.can_prompt() {
            return Ok(());
        }
        // The login itself reports a profile that cannot be used.
        let Ok(target) = Target::for_login(&self.context, false) else {
            return Ok(());
        };
        for (name, parameter) in &target.descriptor.parameters {
            let Some(label) = parameter.label.as_ref() else {
                continue;
            };
            let is_set = self.context.session(&target).parameter(name).is_some();
            if parameter.is_reported() || is_set {
                continue;
            }
            let question = format!("{} {label}", target.descriptor.name);
            let value = prompt::line(&self.app.shell, &question)?;
            self.refuse_key(&target.descriptor, label, &value)?;
            let key = format!("parameter.{name}.{}", target.name);
            let config = self.context.config.clone();
            self.context.config = with_setting(config, &key, &value)?;
            self.typed_parameters.push((key, value));
        }
        Ok(())
    }

    /// Fails if `value`, which becomes part of URLs and a setting, is a key.
    fn refuse_key(&self, descriptor: &Descriptor, label: &str, value: &str) -> Result<(), Failure> {
        let secret = Secret::new(value.trim());
        let format = descriptor.key.as_ref();
        let is_key = format.is_some_and(|format| format.classify(&secret) != KeyClass::Foreign)
            || self.context.catalog.find_key_owner(&secret).is_some();
        if !is_key {
            return Ok(());
        }
        let text = format!("the {label} cannot be an API key, and nothing was stored");
        let hint =
            "the terminal showed the key: clear its screen, or revoke the key if others can see it";
        Err(Failure::new(Code::Usage, text).with_hint(hint))
    }

    /// Stores the parameters that the user typed.
    pub(super) fn save_parameters(&self) -> Result<(), Failure> {
        if self.typed_parameters.is_empty() {
            return Ok(());
        }
        let path = self.app.paths()?.config_file();
        let change = |config: Config| {
            let mut typed = self.typed_parameters.iter();
            typed.try_fold(config, |config, (key, value)| config.with(key, value))
        };
        run_to_completion(|| async {
            let changed = Config::change(&self.context.vault, &path, change).await;
            changed.map_err(ActionError::from)?;
            Ok(())
        })
    }
}

fn with_setting(config: Config, key: &str, value: &str) -> Result<Config, Failure> {
    Ok(config.with(key, value).map_err(ActionError::from)?)
}
