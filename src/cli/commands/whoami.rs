//! `whoami`: shows the account of the current credential.

use serde::Serialize;

use crate::actions::{AuthenticatedClient, Purpose};
use crate::cli::app::{App, CommandOutput, OfProfile, block_on_interruptible};
use crate::cli::failure::Failure;
use crate::service::{Identity, Space};
use crate::ui::{OutputError, Shell};

#[derive(Serialize)]
pub(crate) struct WhoamiResult {
    account: Option<String>,
    space: Option<Space>,
    #[serde(skip)]
    service: String,
    /// Whether the service reports the space of a token that belongs to one.
    #[serde(skip)]
    reports_spaces: bool,
}

pub(crate) fn run(app: &App) -> Result<OfProfile<WhoamiResult>, Failure> {
    let (context, target) = app.context_and_target()?;
    let client = AuthenticatedClient::open(context.session(&target), Purpose::Read)?;
    let account = block_on_interruptible(&context, || async {
        let service = client.service().await;
        let Identity { account, space } = client.whoami().await?;
        Ok(WhoamiResult {
            account,
            space,
            service: target.descriptor.name.clone(),
            reports_spaces: service.reports_spaces(),
        })
    })?;
    Ok(OfProfile::new(&target, account))
}

impl CommandOutput for OfProfile<WhoamiResult> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let WhoamiResult { service, space, .. } = &self.result;
        let nameless =
            || format!("signed in to {service}; the service does not report the account");
        let account = self.result.account.clone().unwrap_or_else(nameless);
        match space {
            Some(space) => shell.result(format!("{account}, {space}"))?,
            None => shell.result(account)?,
        }
        if self.result.reports_spaces && space.is_none() {
            shell.note("the token belongs to the account or its management, not to a space");
        }
        Ok(())
    }
}
