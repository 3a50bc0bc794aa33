//! Questions that are answered together.

use std::path::PathBuf;

use super::Made;
use super::input::Input;
use crate::domain::TokenId;
use crate::provider::{CreateArgument, CreateLimits, DayLimit, Descriptor, WordLimit};
use crate::service::NewToken;

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    Password,
    Cookie,
    Token,
    Create,
    Rotate(TokenId),
    /// Where the secret of a token just made goes; the token's window comes back afterwards.
    Save(Box<Made>),
}

/// Some questions, one of which has the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) purpose: Purpose,
    pub(crate) title: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) focus: usize,
    /// Why the answers were not taken.
    pub(crate) wrong: Option<String>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) answer: Answer,
    /// What helps to answer it.
    pub(crate) note: String,
    /// Which of a new token's facts it is.
    about: Option<About>,
}

/// What a question about a new token is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Fact(CreateArgument),
    /// Whose it is.
    Space,
}

/// What was answered so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Text(Input),
    /// Typed unseen.
    Hidden(Input),
    /// One of some words.
    One {
        words: Vec<String>,
        chosen: usize,
    },
    /// Some of some words.
    Some {
        words: Vec<(String, bool)>,
        cursor: usize,
    },
}

impl Form {
    fn new(purpose: Purpose, title: impl Into<String>, fields: Vec<Field>) -> Self {
        Self {
            purpose,
            title: title.into(),
            fields,
            focus: 0,
            wrong: None,
        }
    }

    pub(crate) fn password(service: &str, name: &str) -> Self {
        let fields = vec![
            Field::text(name, ""),
            Field::hidden("password", "it is sent once and not kept"),
        ];
        Self::new(Purpose::Password, format!("Sign in to {service}"), fields)
    }

    pub(crate) fn cookie(service: &str, note: Option<&str>) -> Self {
        let note = note.unwrap_or("as the browser's developer tools show it");
        let fields = vec![Field::hidden("cookie", note)];
        Self::new(Purpose::Cookie, format!("Sign in to {service}"), fields)
    }

    pub(crate) fn token(service: &str) -> Self {
        let fields = vec![Field::hidden("API key", "paste it here; it is not shown")];
        Self::new(Purpose::Token, format!("Sign in to {service}"), fields)
    }

    /// `found` is the file in which the credential in use was found, if it was in one.
    pub(crate) fn rotate(
        id: TokenId,
        name: &str,
        variable: Option<&str>,
        found: Option<&str>,
    ) -> Self {
        let note = match variable {
            Some(variable) => format!(
                "the file in which {variable} holds this token; empty for the key that is stored here"
            ),
            None => "leave it empty: the service names no variable".to_owned(),
        };
        let mut field = Field::text("env file", &note);
        field.answer = Answer::Text(Input::of(found.unwrap_or_default()));
        Self::new(Purpose::Rotate(id), format!("Rotate {name}"), vec![field])
    }

    pub(crate) fn save(made: Made) -> Self {
        let note = "a new file gets mode 0600; the other lines stay";
        let mut field = Field::text("env file", note);
        field.answer = Answer::Text(Input::of(".env"));
        let purpose = Purpose::Save(Box::new(made));
        Self::new(purpose, "Save the secret", vec![field])
    }

    /// What the service lets a new token be.
    pub(crate) fn create(service: &Descriptor) -> Self {
        use CreateArgument as Argument;
        let call = service.tokens.create.as_ref();
        let limits = call.map(|call| call.limits.clone()).unwrap_or_default();
        let takes =
            |it: &Argument| call.is_some_and(|call| call.body.values().any(|taken| taken == it));
        let asked = [
            Argument::Name,
            Argument::Permanent,
            Argument::Permissions,
            Argument::Scopes,
            Argument::ExpiresInDays,
        ];
        let asked = asked.into_iter().filter(takes);
        let fields = asked.map(|argument| Field::about(argument, &limits));
        let has_spaces = call.is_some_and(|call| call.space.is_some());
        let fields = fields.chain(has_spaces.then(Field::space));
        let title = format!("New {} token", service.name);
        Self::new(Purpose::Create, title, fields.collect())
    }

    pub(crate) fn focused(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// The path that was typed, if any.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.fields.first()?.answer.word().map(Into::into)
    }

    /// The token that the answers describe.
    ///
    /// # Errors
    /// For a number of days that is none. What the service takes is checked elsewhere.
    pub(crate) fn new_token(&self) -> Result<NewToken, String> {
        use About::Fact;
        let mut token = NewToken::default();
        for field in &self.fields {
            match (field.about, &field.answer) {
                (Some(About::Space), answer) => token.space = answer.word(),
                (Some(Fact(CreateArgument::Name)), answer) => {
                    token.name = answer.word().unwrap_or_default();
                }
                (Some(Fact(CreateArgument::Permanent)), Answer::One { chosen, .. }) => {
                    token.permanent = Some(*chosen == 1);
                }
                (Some(Fact(CreateArgument::Permissions)), answer) => {
                    token.permissions = answer.list();
                }
                (Some(Fact(CreateArgument::Scopes)), answer) => token.scopes = answer.list(),
                (Some(Fact(CreateArgument::ExpiresInDays)), Answer::Text(input)) => {
                    token.expires_in_days = days(input.text())?;
                }
                _ => {}
            }
        }
        Ok(token)
    }
}

fn days(text: &str) -> Result<Option<u32>, String> {
    let text = text.trim().trim_end_matches(['d', ' ']);
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| "the days it lives are a whole number".to_owned();
    text.parse().map(Some).map_err(wrong)
}

impl Answer {
    /// What was typed, if anything was.
    fn word(&self) -> Option<String> {
        let (Self::Text(input) | Self::Hidden(input)) = self else {
            return None;
        };
        let word = input.text().trim();
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn list(&self) -> Vec<String> {
        match self {
            Self::Some { words, .. } => {
                let on = words.iter().filter(|(_, on)| *on);
                on.map(|(word, _)| word.clone()).collect()
            }
            Self::Text(input) => input.text().split_whitespace().map(str::to_owned).collect(),
            Self::Hidden(_) | Self::One { .. } => Vec::new(),
        }
    }
}

impl Field {
    fn with(label: &str, answer: Answer, note: &str) -> Self {
        Self {
            label: label.to_owned(),
            answer,
            note: note.to_owned(),
            about: None,
        }
    }

    fn text(label: &str, note: &str) -> Self {
        Self::with(label, Answer::Text(Input::default()), note)
    }

    fn hidden(label: &str, note: &str) -> Self {
        Self::with(label, Answer::Hidden(Input::default()), note)
    }

    fn one(label: &str, words: &[&str], chosen: usize) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self::with(
            label,
            Answer::One { words, chosen },
            "left and right choose",
        )
    }

    /// A choice where the service lists its words, else free text.
    fn words(label: &str, limit: &WordLimit) -> Self {
        if limit.allowed.is_empty() {
            return Self::text(label, "separated by spaces");
        }
        let is_on = |word: &String| limit.default.contains(word);
        let words = limit.allowed.iter().map(|word| (word.clone(), is_on(word)));
        let answer = Answer::Some {
            words: words.collect(),
            cursor: 0,
        };
        Self::with(label, answer, "left and right move, space marks")
    }

    /// Whose the new token is.
    fn space() -> Self {
        let field = Self::text("space", "its id; empty for one of whoever is signed in");
        Self {
            about: Some(About::Space),
            ..field
        }
    }

    /// The question about one of a new token's facts.
    fn about(argument: CreateArgument, limits: &CreateLimits) -> Self {
        let field = match argument {
            CreateArgument::Name => {
                let most = limits
                    .name
                    .map(|name| format!("at most {} characters", name.longest));
                Self::text("name", &most.unwrap_or_default())
            }
            CreateArgument::Permanent => {
                let is_permanent = limits.permanent.is_some_and(|it| it.default);
                Self::one(
                    "kind",
                    &["temporary", "permanent"],
                    usize::from(is_permanent),
                )
            }
            CreateArgument::Permissions => Self::words("permissions", &limits.permissions),
            CreateArgument::Scopes => Self::words("scopes", &limits.scopes),
            CreateArgument::ExpiresInDays => {
                let note = limits.expires_in_days.map(day_note);
                Self::text("days it lives", &note.unwrap_or_default())
            }
        };
        Self {
            about: Some(About::Fact(argument)),
            ..field
        }
    }
}

fn day_note(days: DayLimit) -> String {
    let usual = days
        .default
        .map(|usual| format!("; {usual} when left empty"));
    format!(
        "from {} to {}{}",
        days.least,
        days.most,
        usual.unwrap_or_default()
    )
}
