//! Asks for the parameters of the service that are not set, and stores them as settings.

use crate::actions::Target;
use crate::cli::app::App;
use crate::cli::commands::config;
use crate::cli::failure::Failure;
use crate::ui::prompt;

/// Asks for each parameter that the user has to set. Without a prompt, the first call that needs one reports it.
pub(super) fn ask_missing(app: &App) -> Result<(), Failure> {
    if !app.can_prompt() {
        return Ok(());
    }
    let context = app.context()?;
    // The login itself reports a profile that cannot be used.
    let Ok(target) = Target::for_login(&context, false) else {
        return Ok(());
    };
    let session = context.session(&target);
    for (name, parameter) in &target.descriptor.parameters {
        let Some(label) = parameter.label.as_ref() else {
            continue;
        };
        if parameter.is_reported() || session.parameter(name).is_some() {
            continue;
        }
        let value = prompt::line(&app.shell, label)?;
        config::set(app, format!("parameter.{name}.{}", target.name), value)?;
    }
    Ok(())
}
