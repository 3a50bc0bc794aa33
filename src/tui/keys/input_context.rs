//! Where the keys go.

use crate::tui::model::{Dialog, LoginStep, Model, Screen};

/// A place where keys mean something of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum InputContext {
    Tokens,
    Filter,
    Timeline,
    Sessions,
    LoginProfiles,
    LoginMethods,
    LoginForm,
    LoginWaiting,
    LoginDevice,
    Help,
    Details,
    Form,
    Confirm,
    NewSecret,
    InProgress,
    BulkResults,
}

impl InputContext {
    /// Where the next key goes: to the window on top, else to the screen.
    pub(in crate::tui) fn current(model: &Model) -> Self {
        model
            .dialogs
            .last()
            .map_or_else(|| Self::for_screen(model), Self::for_dialog)
    }

    /// Where the keys go that the help is about.
    pub(in crate::tui) fn below_help(model: &Model) -> Self {
        let mut others = model.dialogs.iter().rev();
        let other = others.find(|dialog| !matches!(dialog, Dialog::Help(_)));
        other.map_or_else(|| Self::for_screen(model), Self::for_dialog)
    }

    fn for_dialog(dialog: &Dialog) -> Self {
        match dialog {
            Dialog::Help(_) => Self::Help,
            Dialog::Details(..) => Self::Details,
            Dialog::Form(_) => Self::Form,
            Dialog::Confirm(_) => Self::Confirm,
            Dialog::NewSecret(_) => Self::NewSecret,
            Dialog::InProgress(_) => Self::InProgress,
            Dialog::BulkResults(_) => Self::BulkResults,
        }
    }

    fn for_screen(model: &Model) -> Self {
        match model.screen {
            Screen::Tokens if model.tokens.is_filtering => Self::Filter,
            Screen::Tokens if model.tokens.is_timeline => Self::Timeline,
            Screen::Tokens => Self::Tokens,
            Screen::Sessions => Self::Sessions,
            Screen::Login => match model.login.step {
                LoginStep::ChooseProfile => Self::LoginProfiles,
                LoginStep::ChooseMethod(_) => Self::LoginMethods,
                LoginStep::Form(_) => Self::LoginForm,
                LoginStep::Waiting(_) => Self::LoginWaiting,
                LoginStep::ApproveDevice(_) => Self::LoginDevice,
            },
        }
    }

    /// Whether letters are typed here rather than commands.
    pub(in crate::tui) fn accepts_text(self) -> bool {
        matches!(self, Self::Filter | Self::Form | Self::LoginForm)
    }

    /// What the help calls it.
    pub(in crate::tui) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Filter => "Filter",
            Self::Timeline => "Expiries",
            Self::Sessions => "Sessions",
            Self::LoginProfiles => "Sign in: the profile",
            Self::LoginMethods => "Sign in: the way",
            Self::LoginForm | Self::Form => "Forms",
            Self::LoginWaiting | Self::InProgress => "While one waits",
            Self::LoginDevice => "Sign in: the code",
            Self::Help => "Help",
            Self::Details => "One token",
            Self::Confirm => "A question",
            Self::NewSecret => "A new secret",
            Self::BulkResults => "What became of it",
        }
    }
}
