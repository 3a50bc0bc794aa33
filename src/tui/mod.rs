//! The terminal interface (`--visual`): the same values as the commands show, through the same actions.
//!
//! [`run()`] is the loop. What happens is a `Msg`; `update` takes it into the `Model`, without touching the world, and says
//! in `Effect`s what is to be done; the views are functions of the model. `keys` is the one table of keys, `layout` says
//! where things stand, for the views and for the mouse. No logic that the commands do not have.

mod keys;
mod layout;
mod model;
mod msg;
mod run;
#[cfg(test)]
mod tests;
mod update;
mod view;

use std::io;
use std::sync::Arc;

use crate::actions::{ActionError, Context, Event};
use crate::domain::ProfileName;
use crate::host::Clock;
use crate::ui::StreamStyle;

pub(crate) use msg::ErrorView;

/// Told what happens while an action runs.
pub(crate) type EventHandler = Box<dyn Fn(&Event) + Send + Sync>;

/// What the interface is given.
pub(crate) struct Dependencies {
    /// How the terminal shows text.
    pub stream_style: StreamStyle,
    /// The profile to begin with.
    pub profile: ProfileName,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// What an action for a profile works with.
    #[expect(clippy::type_complexity, reason = "a factory is a function")]
    pub context: Box<dyn Fn(&ProfileName, EventHandler) -> Result<Context, ErrorView>>,
    /// What went wrong, as the commands tell it.
    pub to_error_view: fn(ActionError) -> ErrorView,
}

/// How the interface ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitReason {
    /// The user was done.
    Quit,
    /// By Ctrl-C or a signal.
    Interrupted,
}

/// Shows the interface until the user is done. Needs a terminal and a runtime.
///
/// # Errors
/// When the terminal cannot be read or written.
pub(crate) async fn run(given: &Dependencies) -> io::Result<ExitReason> {
    let now = given.clock.now();
    let profile = given.profile.clone();
    let mut model = model::Model::new(given.stream_style, (80, 24), now, profile);
    run::run(given, &mut model).await
}
