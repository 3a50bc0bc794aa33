//! Which commands the bottom line and the help offer: none that the service cannot do, and none that has no effect on
//! the selected token or profile. A key that is not offered still works and prints the reason.

use super::Command;
use crate::provider::TokenVerb;
use crate::tui::model::Model;

pub(in crate::tui) fn is_available(model: &Model, command: Command) -> bool {
    let session = || model.selected_session();
    match command {
        Command::Create => supports(model, TokenVerb::Create),
        Command::Rotate => supports(model, TokenVerb::Rotate) && has_target(model),
        Command::Revoke => supports(model, TokenVerb::Revoke) && has_target(model),
        Command::Activate | Command::Deactivate => {
            supports(model, TokenVerb::Update) && has_target(model)
        }
        Command::RefreshSession => session().is_none_or(|it| it.status.refreshable),
        Command::LogOut => session().is_none_or(|it| it.is_stored),
        Command::CopyCode => model
            .login
            .approval()
            .is_none_or(|it| it.user_code.is_some()),
        Command::GoTo(screen) => model.screen != screen,
        Command::MakeDefault => session().is_none_or(|it| !it.is_default),
        _ => true,
    }
}

fn supports(model: &Model, verb: TokenVerb) -> bool {
    let state = model.profile_state.as_ref();
    state.is_none_or(|state| state.provider.supports(verb))
}

/// Returns whether one of the tokens that a command would change is not revoked yet.
fn has_target(model: &Model) -> bool {
    !model.unrevoked_targets().is_empty()
}
