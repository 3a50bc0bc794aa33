//! Asks for the parameters of the service that are not set, and stores them as settings.

use crate::actions::{ActionError, Target};
use crate::cli::app::{App, run_to_completion};
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
        let key = format!("parameter.{name}.{}", target.name);
        // Read again, because the file has the earlier values.
        let config = app.context()?.config.with(&key, &value);
        let config = config.map_err(ActionError::from)?;
        let path = app.paths()?.config_file();
        run_to_completion(|| async { Ok(config.write(&path).map_err(ActionError::from)?) })?;
    }
    Ok(())
}
