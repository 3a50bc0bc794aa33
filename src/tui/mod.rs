//! The full-screen terminal interface (`--visual`). Shows the same values as the commands and changes them through the same
//! actions: it has no business logic of its own.
//!
//! [`run()`] is the loop. Everything that happens is a `Msg`. `update` applies it to the `Model` without side effects and
//! returns `Effect`s, which the loop carries out. The views draw the model. `keys` is the only table of key bindings.

mod keys;
mod model;
mod msg;
mod run;
#[cfg(test)]
mod tests;
mod update;
mod view;

use std::io;

pub(crate) use msg::ErrorView;
pub(crate) use run::{Dependencies, EventHandler, ExitReason};

/// Runs the interface until the user quits. Needs a terminal and an async runtime.
///
/// # Errors
/// If the terminal cannot be read or written.
pub(crate) async fn run(dependencies: &Dependencies) -> io::Result<ExitReason> {
    let now = dependencies.clock.now();
    let profile = dependencies.profile.clone();
    let mut model = model::Model::new(dependencies.stream_style, (80, 24), now, profile);
    model.repeated_options = dependencies.repeated_options.clone();
    run::run(dependencies, &mut model).await
}
