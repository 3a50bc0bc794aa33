//! Lists the values that the shell completes for an argument: from local files, and from the server only if the setting
//! `completion` permits it. Prints nothing, so that the command line is not disturbed.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use clap_complete::engine::CompletionCandidate;

use super::session::CompletionSession;
use crate::actions::{CompletionSource, ListOptions, ProfileSession, SingleSetting, setting_names};
use crate::cli::app::run_to_completion;
use crate::domain::{Severity, sanitize_line};
use crate::host::disable_core_dumps_and_ptrace;
use crate::vault::{JournaledOperation, SeenToken};

/// The user waits for the completion, so that it must not take longer.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// Where the values of an argument come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Profiles,
    Providers,
    /// Ids and names of the tokens that this program saw in the last hour.
    Tokens,
    Permissions,
    TokenScopes,
    LoginScopes,
    Settings,
    SettingValues,
    SandboxCodes,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Value {
    text: String,
    help: String,
}

impl Source {
    /// Returns no values if a file cannot be read.
    pub(super) fn candidates(self, session: &CompletionSession) -> Vec<CompletionCandidate> {
        let values = match self {
            Self::Profiles => profiles(session),
            Self::Providers => {
                session.with_context(|context| Some(without_descriptions(context.catalog.ids())))
            }
            Self::Tokens => tokens(session),
            Self::Permissions => session.with_target(|_, target| {
                let create = target.descriptor.tokens.create.as_ref()?;
                Some(without_descriptions(
                    create.limits.permissions.allowed.clone(),
                ))
            }),
            Self::TokenScopes => session.with_target(|_, target| {
                let create = target.descriptor.tokens.create.as_ref()?;
                Some(without_descriptions(create.limits.scopes.allowed.clone()))
            }),
            Self::LoginScopes => session.with_target(|_, target| {
                let oauth = target.descriptor.oauth.as_ref()?;
                Some(without_descriptions(oauth.scopes.clone()))
            }),
            Self::Settings => settings(session),
            Self::SettingValues => setting_values(session),
            Self::SandboxCodes => sandbox_codes(session),
        };
        let values = values.unwrap_or_default().into_iter();
        let values = values.filter(|value| is_safe_word(&value.text));
        values.map(Value::into_candidate).collect()
    }
}

impl Value {
    fn into_candidate(self) -> CompletionCandidate {
        let help = sanitize_line(&self.help);
        let help = (!help.is_empty()).then(|| help.into());
        CompletionCandidate::new(self.text).help(help)
    }
}

/// Returns `true` for a word that no shell interprets, even without quotation marks. Names come from a server: any other word could
/// make a shell run a command.
fn is_safe_word(text: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+');
    text.starts_with(char::is_alphanumeric) && text.chars().all(is_inside)
}

/// Leaves letters, digits and harmless punctuation of a name from a server.
fn plain_text(name: &str) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '+' | ',' | '#');
    let name = sanitize_line(name);
    let replaced = name.chars().map(|c| if is_plain(c) { c } else { '?' });
    replaced.take(60).collect()
}

fn without_descriptions(names: impl IntoIterator<Item = String>) -> Vec<Value> {
    let values = names.into_iter().map(|text| Value {
        text,
        ..Value::default()
    });
    values.collect()
}

/// Returns the stored profiles, and the ids of services, because each service has a profile with its id.
fn profiles(session: &CompletionSession) -> Option<Vec<Value>> {
    session.with_context(|context| {
        let ids = context.catalog.ids().into_iter();
        let mut names: BTreeMap<String, String> = ids.map(|id| (id, String::new())).collect();
        let index = context.vault.index().unwrap_or_default();
        for (name, profile) in index.profiles {
            names.insert(name.to_string(), profile.provider.to_string());
        }
        let names = names.into_iter();
        Some(names.map(|(text, help)| Value { text, help }).collect())
    })
}

/// Returns the names of all settings, with `login_method` for each stored profile.
fn settings(session: &CompletionSession) -> Option<Vec<Value>> {
    session.with_context(|context| {
        let profiles = context.vault.index().unwrap_or_default().profiles;
        let methods = profiles.keys().map(|name| format!("login_method.{name}"));
        let names = setting_names(&context.catalog).into_iter();
        Some(without_descriptions(names.chain(methods)))
    })
}

/// Returns the values of the setting after `set`, if it has a fixed list of them.
fn setting_values(session: &CompletionSession) -> Option<Vec<Value>> {
    let mut words = session.words.iter().skip_while(|word| *word != "set");
    let key = words.nth(1)?.to_str()?;
    Some(match key {
        "audit.fail_on" => {
            without_descriptions(Severity::ALL.map(|severity| severity.name().to_owned()))
        }
        "audit.all_profiles" => without_descriptions(["true", "false"].map(str::to_owned)),
        key => {
            // As `login_method`, `login_method.PROFILE` accepts a method.
            let name = key
                .strip_prefix("login_method.")
                .map_or(key, |_| "login_method");
            let words = SingleSetting::find(name)?.words().iter();
            without_descriptions(words.map(|word| (*word).to_owned()))
        }
    })
}

fn tokens(session: &CompletionSession) -> Option<Vec<Value>> {
    session.with_target(|context, target| {
        let session = context.session(target);
        let mut seen_tokens = session.seen_tokens();
        if seen_tokens.is_empty() && context.config.completion == Some(CompletionSource::Server) {
            list_from_server(session);
            seen_tokens = session.seen_tokens();
        }
        let mut values = token_values(&seen_tokens);
        let journals = context.vault.unfinished_journals(Some(&target.name));
        for journal in journals {
            if let Ok(JournaledOperation::Rotation(rotation)) = journal.content {
                values.push(Value {
                    text: rotation.old.as_str().to_owned(),
                    help: "unfinished rotation".to_owned(),
                });
            }
        }
        let created_keys = context.vault.created_keys().unwrap_or_default();
        let origin = target.base.as_ref()?.origin();
        let created_keys = created_keys.ids(session.issuing_profile(&origin));
        values.extend(without_descriptions(
            created_keys.map(|id| id.as_str().to_owned()),
        ));
        let mut offered = HashSet::new();
        values.retain(|value| offered.insert(value.text.clone()));
        Some(values)
    })
}

/// Lists the tokens at the server, which records them for this and later completions. At the time limit, a refresh that has
/// begun is still completed.
fn list_from_server(session: ProfileSession<'_>) {
    disable_core_dumps_and_ptrace();
    let guard = &session.context.shutdown_guard;
    let work = || async {
        let options = ListOptions::default();
        let mut list = std::pin::pin!(session.list_tokens(&options));
        tokio::select! {
            _ = &mut list => {}
            () = tokio::time::sleep(TIME_LIMIT) => tokio::select! {
                _ = &mut list => {}
                () = guard.begin_shutdown() => {}
            },
        }
        Ok(())
    };
    let _incomplete = run_to_completion(work);
}

/// Returns each id with the name, and each name that only one active token has with the id.
fn token_values(seen: &[SeenToken]) -> Vec<Value> {
    let state = |token: &SeenToken| if token.active { "" } else { " (inactive)" };
    let ids = seen.iter().map(|token| Value {
        text: token.id.as_str().to_owned(),
        help: plain_text(token.name.as_deref().unwrap_or_default()) + state(token),
    });
    let active = || seen.iter().filter(|token| token.active);
    let is_unique = |name: &str| {
        let same = active().filter(|token| token.name.as_deref() == Some(name));
        let is_id = seen.iter().any(|token| token.id.as_str() == name);
        same.count() == 1 && !is_id
    };
    let names = active().filter_map(|token| {
        let name = token.name.as_deref().filter(|name| is_unique(name))?;
        Some(Value {
            text: name.to_owned(),
            help: format!("id {}", plain_text(token.id.as_str())),
        })
    });
    ids.chain(names).collect()
}

/// Returns the user codes that wait for an approval. Opens the state of the sandbox only if it exists, so that a completion never
/// creates it.
#[cfg(feature = "sandbox")]
fn sandbox_codes(session: &CompletionSession) -> Option<Vec<Value>> {
    use crate::cli::app::embedded_sandbox::{settings, state_path};
    use crate::sandbox::Sandbox;
    let path = state_path(&session.app()?.paths().ok()?);
    if !path.is_file() {
        return None;
    }
    let sandbox = Sandbox::open(settings(&path).ok()?).ok()?;
    Some(without_descriptions(sandbox.pending_codes().ok()?))
}

#[cfg(not(feature = "sandbox"))]
fn sandbox_codes(_session: &CompletionSession) -> Option<Vec<Value>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiToken, TokenId};

    #[test]
    fn only_words_without_a_meaning_in_any_shell_are_safe() {
        for safe in ["ci", "12", "nightly-build", "a.b_c/d+e", "größe", "日本"] {
            assert!(is_safe_word(safe), "{safe}");
        }
        for unsafe_word in [
            "",
            "-rf",
            "a b",
            "$(id)",
            "`id`",
            "a;b",
            "a|b",
            "a&b",
            "a'b",
            "a\"b",
            "a\\b",
            "a\nb",
            "a\tb",
            "a\u{1b}[31m",
            "a:b",
            "a=b",
            "a@b",
            "~",
            "~root",
            "*",
            "a?",
            "[a]",
            "{a,b}",
            "!x",
            "#x",
            "%x",
            "a<b",
            "a>b",
            "\u{202e}a",
            "a\u{200b}",
            "^x",
            "(a)",
            "a,b",
        ] {
            assert!(!is_safe_word(unsafe_word), "{unsafe_word:?}");
        }
    }

    #[test]
    fn ids_are_described_by_names_and_unique_names_of_active_tokens_by_ids() {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let token = |id: &str, name: &str, active: bool| {
            let token = ApiToken {
                id: Some(TokenId::new(id)),
                name: Some(name.to_owned()),
                active: Some(active),
                ..ApiToken::default()
            };
            SeenToken::new(&token, now).unwrap()
        };
        let seen = [
            token("1", "ci", true),
            token("2", "old", false),
            token("3", "twice", true),
            token("4", "twice", true),
            token("5", "1", true),
            token("6", "$(id)\n:x", true),
        ];
        let values = token_values(&seen);
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|value| (value.text.as_str(), value.help.as_str()))
            .collect();
        let expected = [
            ("1", "ci"),
            ("2", "old (inactive)"),
            ("3", "twice"),
            ("4", "twice"),
            ("5", "1"),
            ("6", "??id? ?x"),
            ("ci", "id 1"),
            ("$(id)\n:x", "id 6"),
        ];
        assert_eq!(values, expected);
    }
}
