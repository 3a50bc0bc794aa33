//! Chooses between the logins that the user approves on a page, as a pure function of facts.

use crate::host::BrowserObstacle;

/// A login that the user approves on a page of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InteractiveLogin {
    /// A code that works in any browser on any machine.
    Device,
    /// A page that leads the browser back to this machine.
    Browser,
    /// The same, but the user pastes where the browser was led to.
    Paste,
}

/// What the choice depends on.
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
    /// Why a browser on this machine would not be seen.
    pub obstacle: Option<BrowserObstacle>,
    pub offers_device: bool,
    pub offers_browser: bool,
    /// Whether the service's description lists the browser first.
    pub prefers_browser: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub login: InteractiveLogin,
    /// For the user; `None` for the usual method and for a named one.
    pub reason: Option<&'static str>,
}

/// Returns the login to use, or `None` if the program may not wait for the user or the server offers none. The device flow
/// comes first unless the description prefers the browser, and whenever a browser on this machine would not be seen.
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
    let because = |login, reason| {
        Some(Choice {
            login,
            reason: Some(reason),
        })
    };
    match (facts.offers_device, facts.offers_browser, facts.obstacle) {
        (true, true, Some(obstacle)) if facts.prefers_browser => {
            because(InteractiveLogin::Device, describe(obstacle))
        }
        (true, true, None) if facts.prefers_browser => {
            because(InteractiveLogin::Browser, "the service prefers it")
        }
        (true, ..) => Some(Choice {
            login: InteractiveLogin::Device,
            reason: None,
        }),
        (false, true, Some(obstacle)) if facts.has_terminal => {
            because(InteractiveLogin::Paste, describe(obstacle))
        }
        (false, true, _) => because(
            InteractiveLogin::Browser,
            "the server does not offer the device flow",
        ),
        (false, false, _) => None,
    }
}

fn describe(obstacle: BrowserObstacle) -> &'static str {
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
            prefers_browser: false,
        }
    }

    fn chosen(facts: LoginFacts) -> Option<InteractiveLogin> {
        choose_interactive_login(facts).map(|choice| choice.login)
    }

    #[test]
    fn device_flow_comes_first_unless_the_browser_is_preferred_and_visible() {
        let ssh = Some(BrowserObstacle::Ssh);
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
                prefers_browser,
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
        for prefers_browser in [false, true] {
            let facts = LoginFacts {
                can_wait: false,
                prefers_browser,
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
        let facts = LoginFacts {
            prefers_browser: true,
            ..desktop()
        };
        assert!(choose_interactive_login(facts).unwrap().reason.is_some());
    }
}
