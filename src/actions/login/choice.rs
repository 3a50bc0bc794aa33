//! Chooses between the logins that the user approves on a page, as a pure function of facts.

use crate::domain::InteractiveMethod;
use crate::host::BrowserObstacle;

/// A login that the user approves on a page of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InteractiveLogin {
    /// A code that works in any browser on any machine.
    Device,
    /// A page that redirects the browser to this machine.
    Browser,
    /// As `Browser`, but the user pastes the URL that the browser was redirected to.
    Paste,
}

/// The facts that the choice depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, not the states of one machine"
)]
pub struct LoginFacts {
    /// The method that an option names.
    pub named: Option<InteractiveLogin>,
    /// Whether the program may wait for the user: not in CI and not with `--no-input`.
    pub can_wait: bool,
    /// Whether the user can be prompted.
    pub has_terminal: bool,
    /// Why the user would not see a browser that this machine opens.
    pub obstacle: Option<BrowserObstacle>,
    pub offers_device: bool,
    pub offers_browser: bool,
    /// The preferred method; without a preference, the device flow comes first.
    pub preference: Option<Preference>,
}

/// A preferred method, and whose preference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    pub method: InteractiveMethod,
    pub by: PreferredBy,
}

/// In order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferredBy {
    /// The profile, since `profile add --login-method`.
    Profile,
    /// The setting `login_method`.
    Settings,
    /// The order of the methods in the service's description.
    Service,
}

impl PreferredBy {
    fn reason(self) -> String {
        format!("{} prefers it", self.subject())
    }

    fn subject(self) -> &'static str {
        match self {
            Self::Profile => "the profile",
            Self::Settings => "the setting login_method",
            Self::Service => "the service",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub login: InteractiveLogin,
    /// Why this method was chosen, for the user; `None` for the default method and for one that an option names.
    pub reason: Option<String>,
}

/// Returns the login to use; `None` if the program may not wait for the user, or the server offers no page. The device flow
/// comes first, unless a browser is preferred that the user would see.
pub fn choose_interactive_login(facts: LoginFacts) -> Option<Choice> {
    if let Some(login) = facts.named {
        return Some(Choice {
            login,
            reason: None,
        });
    }
    if !facts.can_wait {
        return None;
    }
    let choose = |login, reason: &str| {
        let reason = Some(reason.to_owned());
        Some(Choice { login, reason })
    };
    if let (true, true, Some(preference)) =
        (facts.offers_device, facts.offers_browser, facts.preference)
    {
        return Some(apply_preference(preference, facts.obstacle));
    }
    match (facts.offers_device, facts.offers_browser, facts.obstacle) {
        (true, ..) => Some(Choice {
            login: InteractiveLogin::Device,
            reason: facts
                .preference
                .and_then(|it| override_reason(it, NOT_OFFERED)),
        }),
        (false, true, Some(obstacle)) if facts.has_terminal => {
            choose(InteractiveLogin::Paste, describe_obstacle(obstacle))
        }
        (false, true, _) => choose(
            InteractiveLogin::Browser,
            "the server does not offer the device flow",
        ),
        (false, false, _) => None,
    }
}

const NOT_OFFERED: &str = "the server does not offer it";

/// Chooses the preferred login of a server that offers both. Without a browser that the user would see, this is the device
/// flow, whatever is preferred.
fn apply_preference(preference: Preference, obstacle: Option<BrowserObstacle>) -> Choice {
    let (login, reason) = match (preference.method, obstacle) {
        (InteractiveMethod::Browser, Some(obstacle)) => {
            let obstacle = describe_obstacle(obstacle);
            let reason =
                override_reason(preference, obstacle).unwrap_or_else(|| obstacle.to_owned());
            (InteractiveLogin::Device, Some(reason))
        }
        (InteractiveMethod::Browser, None) => {
            (InteractiveLogin::Browser, Some(preference.by.reason()))
        }
        (InteractiveMethod::Device, _) => (InteractiveLogin::Device, None),
    };
    Choice { login, reason }
}

/// Returns why the browser is not used although the profile or the settings prefer it; `None` if they do not.
fn override_reason(preference: Preference, explanation: &str) -> Option<String> {
    let is_overridden =
        preference.method == InteractiveMethod::Browser && preference.by != PreferredBy::Service;
    let subject = preference.by.subject();
    is_overridden.then(|| format!("{subject} prefers the browser, but {explanation}"))
}

fn describe_obstacle(obstacle: BrowserObstacle) -> &'static str {
    match obstacle {
        BrowserObstacle::Disabled => "BROWSER=none opens no browser on this machine",
        BrowserObstacle::Ssh => "a browser on this machine is not visible over SSH",
        BrowserObstacle::NoDisplay => "this machine has no display",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use InteractiveLogin::{Browser, Device, Paste};

    /// A person at a desktop; the server offers both.
    fn desktop() -> LoginFacts {
        LoginFacts {
            named: None,
            can_wait: true,
            has_terminal: true,
            obstacle: None,
            offers_device: true,
            offers_browser: true,
            preference: None,
        }
    }

    fn preference_for_browser(by: PreferredBy) -> Preference {
        let method = InteractiveMethod::Browser;
        Preference { method, by }
    }

    fn chosen(facts: LoginFacts) -> Option<InteractiveLogin> {
        choose_interactive_login(facts).map(|choice| choice.login)
    }

    #[test]
    fn device_flow_comes_first_unless_the_browser_is_preferred_and_visible() {
        let ssh = Some(BrowserObstacle::Ssh);
        let service = || preference_for_browser(PreferredBy::Service);
        for (offers_device, offers_browser, prefers_browser, obstacle, expected) in [
            (true, true, false, None, Some(Device)),
            (true, true, true, None, Some(Browser)),
            (true, true, true, ssh, Some(Device)),
            (true, true, false, ssh, Some(Device)),
            (true, false, true, None, Some(Device)),
            (false, true, false, None, Some(Browser)),
            (false, true, true, None, Some(Browser)),
            (false, true, false, ssh, Some(Paste)),
            (
                false,
                true,
                false,
                Some(BrowserObstacle::NoDisplay),
                Some(Paste),
            ),
            (
                false,
                true,
                false,
                Some(BrowserObstacle::Disabled),
                Some(Paste),
            ),
            (false, false, true, None, None),
        ] {
            let facts = LoginFacts {
                obstacle,
                offers_device,
                offers_browser,
                preference: prefers_browser.then(service),
                ..desktop()
            };
            assert_eq!(chosen(facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn named_method_is_used_whatever_else_holds() {
        for login in [Device, Browser, Paste] {
            let facts = LoginFacts {
                named: Some(login),
                can_wait: false,
                has_terminal: false,
                offers_device: false,
                offers_browser: false,
                ..desktop()
            };
            let choice = choose_interactive_login(facts).unwrap();
            assert_eq!((choice.login, choice.reason), (login, None));
        }
    }

    #[test]
    fn nothing_is_started_without_a_person_to_wait_for() {
        for preference in [None, Some(preference_for_browser(PreferredBy::Profile))] {
            let facts = LoginFacts {
                can_wait: false,
                preference,
                ..desktop()
            };
            assert_eq!(chosen(facts), None);
        }
    }

    #[test]
    fn without_a_terminal_nothing_is_pasted() {
        let facts = LoginFacts {
            has_terminal: false,
            offers_device: false,
            obstacle: Some(BrowserObstacle::Ssh),
            ..desktop()
        };
        assert_eq!(chosen(facts), Some(Browser));
    }

    #[test]
    fn only_an_unusual_choice_has_a_reason() {
        assert_eq!(choose_interactive_login(desktop()).unwrap().reason, None);
        for by in [
            PreferredBy::Profile,
            PreferredBy::Settings,
            PreferredBy::Service,
        ] {
            let facts = |method| LoginFacts {
                preference: Some(Preference { method, by }),
                ..desktop()
            };
            let choice = choose_interactive_login(facts(InteractiveMethod::Browser)).unwrap();
            assert_eq!(choice.reason, Some(by.reason()));
            let choice = choose_interactive_login(LoginFacts {
                offers_browser: false,
                ..facts(InteractiveMethod::Browser)
            });
            let has_reason = by != PreferredBy::Service;
            assert_eq!(choice.unwrap().reason.is_some(), has_reason);
            let choice = choose_interactive_login(facts(InteractiveMethod::Device)).unwrap();
            assert_eq!((choice.login, choice.reason), (Device, None));
        }
    }
}
