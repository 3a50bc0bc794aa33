//! What the caller provides to the interface, and what the interface returns.

use std::sync::Arc;

use crate::actions::{ActionError, Context, Event};
use crate::domain::{ProfileName, RepeatedOptions};
use crate::host::Clock;
use crate::tui::msg::ErrorView;
use crate::ui::StreamStyle;

/// Receives the events of an action while it runs.
pub(crate) type EventHandler = Box<dyn Fn(&Event) + Send + Sync>;

pub(crate) type ToErrorView = Arc<dyn Fn(ActionError) -> ErrorView>;

/// What the interface needs from its caller.
pub(crate) struct Dependencies {
    /// Colours and character set of the terminal.
    pub stream_style: StreamStyle,
    /// The profile to start with.
    pub profile: ProfileName,
    /// The options that a shown command must repeat.
    pub repeated_options: RepeatedOptions,
    pub clock: Arc<dyn Clock>,
    /// Creates the context of a task. Every task has its own, so that its events can be distinguished.
    #[expect(clippy::type_complexity, reason = "a factory is a function")]
    pub context: Box<dyn Fn(&ProfileName, EventHandler) -> Result<Context, ErrorView>>,
    /// Turns an error into the message and the hints of the commands.
    pub to_error_view: ToErrorView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitReason {
    Quit,
    /// Ctrl-C or a signal.
    Interrupted,
}
