//! Where the keys go.

use crate::tui::model::{Dialog, Model, Screen, Step};

/// A place where keys mean something of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum Place {
    Tokens,
    Filter,
    Timeline,
    Sessions,
    Profiles,
    Ways,
    LoginForm,
    Waiting,
    Device,
    Help,
    Details,
    Form,
    Confirm,
    Made,
    Underway,
    Outcomes,
}

impl Place {
    /// Where the next key goes: to the window on top, else to the screen.
    pub(in crate::tui) fn of(model: &Model) -> Self {
        model
            .dialogs
            .last()
            .map_or_else(|| Self::of_screen(model), Self::of_dialog)
    }

    /// Where the keys go that the help is about.
    pub(in crate::tui) fn below_help(model: &Model) -> Self {
        let mut others = model.dialogs.iter().rev();
        let other = others.find(|dialog| !matches!(dialog, Dialog::Help(_)));
        other.map_or_else(|| Self::of_screen(model), Self::of_dialog)
    }

    fn of_dialog(dialog: &Dialog) -> Self {
        match dialog {
            Dialog::Help(_) => Self::Help,
            Dialog::Details(..) => Self::Details,
            Dialog::Form(_) => Self::Form,
            Dialog::Confirm(_) => Self::Confirm,
            Dialog::Made(_) => Self::Made,
            Dialog::Underway(_) => Self::Underway,
            Dialog::Outcomes(_) => Self::Outcomes,
        }
    }

    fn of_screen(model: &Model) -> Self {
        match model.screen {
            Screen::Tokens if model.tokens.is_filtering => Self::Filter,
            Screen::Tokens if model.tokens.is_timeline => Self::Timeline,
            Screen::Tokens => Self::Tokens,
            Screen::Sessions => Self::Sessions,
            Screen::Login => match model.login.step {
                Step::Profiles => Self::Profiles,
                Step::Ways(_) => Self::Ways,
                Step::Form(_) => Self::LoginForm,
                Step::Waiting(_) => Self::Waiting,
                Step::Device(_) => Self::Device,
            },
        }
    }

    /// Whether letters are typed here rather than commands.
    pub(in crate::tui) fn takes_text(self) -> bool {
        matches!(self, Self::Filter | Self::Form | Self::LoginForm)
    }

    /// What the help calls it.
    pub(in crate::tui) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Filter => "Filter",
            Self::Timeline => "Expiries",
            Self::Sessions => "Sessions",
            Self::Profiles => "Sign in: the profile",
            Self::Ways => "Sign in: the way",
            Self::LoginForm | Self::Form => "Forms",
            Self::Waiting | Self::Underway => "While one waits",
            Self::Device => "Sign in: the code",
            Self::Help => "Help",
            Self::Details => "One token",
            Self::Confirm => "A question",
            Self::Made => "A new secret",
            Self::Outcomes => "What became of it",
        }
    }
}
