//! Questions that are answered together.

use std::path::PathBuf;

use super::NewSecret;
use super::text_input::TextInput;
use crate::domain::TokenId;
use crate::provider::{CreateArgument, CreateLimits, DayLimit, Descriptor, ListLimit};
use crate::service::NewToken;

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormPurpose {
    Password,
    Cookie,
    ApiKey,
    Create,
    Rotate(TokenId),
    /// Where the secret of a token just made goes; the token's window comes back afterwards.
    Save(Box<NewSecret>),
}

/// Some questions, one of which has the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) purpose: FormPurpose,
    pub(crate) title: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) focus: usize,
    /// Why the answers were not taken.
    pub(crate) error: Option<String>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) value: FieldValue,
    /// What helps to answer it.
    pub(crate) hint: String,
    /// Which of a new token's facts it is.
    new_token_field: Option<NewTokenField>,
}

/// What a question about a new token is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NewTokenField {
    Argument(CreateArgument),
    /// Whose it is.
    Space,
}

/// What was answered so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldValue {
    Text(TextInput),
    /// Typed unseen.
    Hidden(TextInput),
    /// One of some words.
    SingleChoice {
        options: Vec<String>,
        selected: usize,
    },
    /// Some of some words.
    MultipleChoice {
        options: Vec<(String, bool)>,
        cursor: usize,
    },
}

impl Form {
    fn new(purpose: FormPurpose, title: impl Into<String>, fields: Vec<Field>) -> Self {
        Self {
            purpose,
            title: title.into(),
            fields,
            focus: 0,
            error: None,
        }
    }

    pub(crate) fn password_login(service: &str, name: &str) -> Self {
        let fields = vec![
            Field::text(name, ""),
            Field::hidden("password", "it is sent once and not kept"),
        ];
        Self::new(
            FormPurpose::Password,
            format!("Sign in to {service}"),
            fields,
        )
    }

    pub(crate) fn cookie_login(service: &str, note: Option<&str>) -> Self {
        let note = note.unwrap_or("as the browser's developer tools show it");
        let fields = vec![Field::hidden("cookie", note)];
        Self::new(FormPurpose::Cookie, format!("Sign in to {service}"), fields)
    }

    pub(crate) fn api_key_login(service: &str) -> Self {
        let fields = vec![Field::hidden("API key", "paste it here; it is not shown")];
        Self::new(FormPurpose::ApiKey, format!("Sign in to {service}"), fields)
    }

    /// `found` is the file in which the credential in use was found, if it was in one.
    pub(crate) fn rotate_token(
        id: TokenId,
        name: &str,
        variable: Option<&str>,
        credential_file: Option<&str>,
    ) -> Self {
        let note = match variable {
            Some(variable) => format!(
                "the file in which {variable} holds this token; empty for the key that is stored here"
            ),
            None => "leave it empty: the service names no variable".to_owned(),
        };
        let mut field = Field::text("env file", &note);
        field.value = FieldValue::Text(TextInput::from_text(credential_file.unwrap_or_default()));
        Self::new(
            FormPurpose::Rotate(id),
            format!("Rotate {name}"),
            vec![field],
        )
    }

    pub(crate) fn save_secret(made: NewSecret) -> Self {
        let note = "a new file gets mode 0600; the other lines stay";
        let mut field = Field::text("env file", note);
        field.value = FieldValue::Text(TextInput::from_text(".env"));
        let purpose = FormPurpose::Save(Box::new(made));
        Self::new(purpose, "Save the secret", vec![field])
    }

    /// What the service lets a new token be.
    pub(crate) fn create_token(service: &Descriptor) -> Self {
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
        let fields = asked.map(|argument| Field::for_argument(argument, &limits));
        let has_spaces = call.is_some_and(|call| call.space.is_some());
        let fields = fields.chain(has_spaces.then(Field::space));
        let title = format!("New {} token", service.name);
        Self::new(FormPurpose::Create, title, fields.collect())
    }

    pub(crate) fn focused_field(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// The path that was typed, if any.
    pub(crate) fn env_file_path(&self) -> Option<PathBuf> {
        self.fields.first()?.value.entered_text().map(Into::into)
    }

    /// The token that the answers describe.
    ///
    /// # Errors
    /// For a number of days that is none. What the service takes is checked elsewhere.
    pub(crate) fn new_token(&self) -> Result<NewToken, String> {
        use NewTokenField::Argument;
        let mut token = NewToken::default();
        for field in &self.fields {
            match (field.new_token_field, &field.value) {
                (Some(NewTokenField::Space), answer) => token.space = answer.entered_text(),
                (Some(Argument(CreateArgument::Name)), answer) => {
                    token.name = answer.entered_text().unwrap_or_default();
                }
                (
                    Some(Argument(CreateArgument::Permanent)),
                    FieldValue::SingleChoice {
                        selected: chosen, ..
                    },
                ) => {
                    token.permanent = Some(*chosen == 1);
                }
                (Some(Argument(CreateArgument::Permissions)), answer) => {
                    token.permissions = answer.entered_values();
                }
                (Some(Argument(CreateArgument::Scopes)), answer) => {
                    token.scopes = answer.entered_values()
                }
                (Some(Argument(CreateArgument::ExpiresInDays)), FieldValue::Text(input)) => {
                    token.expires_in_days = parse_days(input.text())?;
                }
                _ => {}
            }
        }
        Ok(token)
    }
}

fn parse_days(text: &str) -> Result<Option<u32>, String> {
    let text = text.trim().trim_end_matches(['d', ' ']);
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| "the days it lives are a whole number".to_owned();
    text.parse().map(Some).map_err(wrong)
}

impl FieldValue {
    /// What was typed, if anything was.
    fn entered_text(&self) -> Option<String> {
        let (Self::Text(input) | Self::Hidden(input)) = self else {
            return None;
        };
        let word = input.text().trim();
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn entered_values(&self) -> Vec<String> {
        match self {
            Self::MultipleChoice { options: words, .. } => {
                let on = words.iter().filter(|(_, on)| *on);
                on.map(|(word, _)| word.clone()).collect()
            }
            Self::Text(input) => input.text().split_whitespace().map(str::to_owned).collect(),
            Self::Hidden(_) | Self::SingleChoice { .. } => Vec::new(),
        }
    }
}

impl Field {
    fn new(label: &str, value: FieldValue, note: &str) -> Self {
        Self {
            label: label.to_owned(),
            value,
            hint: note.to_owned(),
            new_token_field: None,
        }
    }

    fn text(label: &str, note: &str) -> Self {
        Self::new(label, FieldValue::Text(TextInput::default()), note)
    }

    fn hidden(label: &str, note: &str) -> Self {
        Self::new(label, FieldValue::Hidden(TextInput::default()), note)
    }

    fn single_choice(label: &str, words: &[&str], chosen: usize) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self::new(
            label,
            FieldValue::SingleChoice {
                options: words,
                selected: chosen,
            },
            "left and right choose",
        )
    }

    /// A choice where the service lists its words, else free text.
    fn multiple_choice_or_text(label: &str, limit: &ListLimit) -> Self {
        if limit.allowed.is_empty() {
            return Self::text(label, "separated by spaces");
        }
        let is_on = |word: &String| limit.default.contains(word);
        let words = limit.allowed.iter().map(|word| (word.clone(), is_on(word)));
        let answer = FieldValue::MultipleChoice {
            options: words.collect(),
            cursor: 0,
        };
        Self::new(label, answer, "left and right move, space marks")
    }

    /// Whose the new token is.
    fn space() -> Self {
        let field = Self::text("space", "its id; empty for one of whoever is signed in");
        Self {
            new_token_field: Some(NewTokenField::Space),
            ..field
        }
    }

    /// The question about one of a new token's facts.
    fn for_argument(argument: CreateArgument, limits: &CreateLimits) -> Self {
        let field = match argument {
            CreateArgument::Name => {
                let most = limits
                    .name
                    .map(|name| format!("at most {} characters", name.longest));
                Self::text("name", &most.unwrap_or_default())
            }
            CreateArgument::Permanent => {
                let is_permanent = limits.permanent.is_some_and(|it| it.default);
                Self::single_choice(
                    "kind",
                    &["temporary", "permanent"],
                    usize::from(is_permanent),
                )
            }
            CreateArgument::Permissions => {
                Self::multiple_choice_or_text("permissions", &limits.permissions)
            }
            CreateArgument::Scopes => Self::multiple_choice_or_text("scopes", &limits.scopes),
            CreateArgument::ExpiresInDays => {
                let note = limits.expires_in_days.map(format_day_limit);
                Self::text("days it lives", &note.unwrap_or_default())
            }
        };
        Self {
            new_token_field: Some(NewTokenField::Argument(argument)),
            ..field
        }
    }
}

fn format_day_limit(days: DayLimit) -> String {
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
