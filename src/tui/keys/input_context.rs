//! The contexts in which keys have different meanings.

use crate::tui::model::{Dialog, LoginStep, Model, Screen};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum InputContext {
    Tokens,
    Filter,
    Timeline,
    Sessions,
    Findings,
    LoginProfiles,
    LoginMethods,
    LoginForm,
    LoginWaiting,
    LoginApproval,
    Help,
    Details,
    Form,
    Confirm,
    NewSecret,
    InProgress,
    BulkResults,
}

impl InputContext {
    /// Returns the context of the top dialog, or else of the screen.
    pub(in crate::tui) fn current(model: &Model) -> Self {
        let top = model.dialogs.last();
        top.map_or_else(|| Self::for_screen(model), Self::for_dialog)
    }

    /// Returns the context that the help describes.
    pub(in crate::tui) fn below_help(model: &Model) -> Self {
        let mut dialogs = model.dialogs.iter().rev();
        let below = dialogs.find(|dialog| !matches!(dialog, Dialog::Help(_)));
        below.map_or_else(|| Self::for_screen(model), Self::for_dialog)
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
            Screen::Findings => Self::Findings,
            Screen::Login => match model.login.step {
                LoginStep::ChooseProfile => Self::LoginProfiles,
                LoginStep::ChooseMethod(_) => Self::LoginMethods,
                LoginStep::Form(_) => Self::LoginForm,
                LoginStep::Waiting(_) => Self::LoginWaiting,
                LoginStep::Approve(_) => Self::LoginApproval,
            },
        }
    }

    /// Returns whether printable keys are text here.
    pub(in crate::tui) fn accepts_text(self) -> bool {
        matches!(self, Self::Filter | Self::Form | Self::LoginForm)
    }

    /// Returns the heading in the help and in the manual.
    pub(in crate::tui) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Filter => "Filter",
            Self::Timeline => "Timeline",
            Self::Sessions => "Sessions",
            Self::Findings => "Audit",
            Self::LoginProfiles => "Sign in: profile",
            Self::LoginMethods => "Sign in: method",
            Self::LoginForm | Self::Form => "Form",
            Self::LoginWaiting | Self::InProgress => "In progress",
            Self::LoginApproval => "Sign in: approval",
            Self::Help => "Help",
            Self::Details => "Token details",
            Self::Confirm => "Confirmation",
            Self::NewSecret => "New secret",
            Self::BulkResults => "Results",
        }
    }
}
