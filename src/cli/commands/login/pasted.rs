//! `login --browser --paste`: reads where the browser was redirected to.

use crate::actions::{ActionError, LoginOptions, PastedLogin};
use crate::cli::app::block_on_interruptible;
use crate::cli::failure::Failure;
use crate::domain::Secret;
use crate::oauth::OauthError;
use crate::ui::prompt;

use super::Login;
use super::result::LoginOutput;

/// How often the user may paste.
const ATTEMPTS: usize = 3;

impl Login<'_> {
    pub(super) fn sign_in_with_pasted_code(
        &self,
        login: PastedLogin,
        options: &LoginOptions,
    ) -> Result<LoginOutput, Failure> {
        let code = self.read_code(&login)?;
        let context = &self.context;
        let work = || login.finish(context, options, code);
        let signed_in = block_on_interruptible(context, work)?;
        Ok(self.to_output(signed_in))
    }

    fn read_code(&self, login: &PastedLogin) -> Result<Secret, Failure> {
        let shell = &self.app.shell;
        let text = format!(
            "After you approve, the browser shows a page that does not load. Copy its address, which starts with {}.",
            login.redirect_uri()
        );
        let is_question = shell.terminal().stdin;
        shell.decision_detail(text, is_question);
        let mut remaining = if is_question { ATTEMPTS } else { 1 };
        loop {
            remaining -= 1;
            let text = prompt::read_secret(shell, "Paste the URL or the code")?;
            match login.find_code(&text) {
                Ok(code) => return Ok(code),
                Err(error) if remaining > 0 && error.is_wrong_text() => {
                    shell.question_detail(format!("{error}; paste again"));
                }
                Err(error) => return Err(ActionError::from(OauthError::from(error)).into()),
            }
        }
    }
}
