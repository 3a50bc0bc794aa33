//! Forms: fields that are filled in one after the other and submitted together.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::new_secret::NewSecret;
use super::text_input::TextInput;
use crate::domain::{TokenId, format_count};
use crate::provider::{CreateArgument, CreateLimits, DayLimit, Descriptor, ListLimit};
use crate::service::NewToken;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormPurpose {
    Password,
    Cookie,
    ApiKey,
    Create,
    Rotate(TokenId),
    /// Saves the secret to a file. Its dialog opens again afterwards.
    Save(Box<NewSecret>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) purpose: FormPurpose,
    pub(crate) title: String,
    pub(crate) fields: Vec<Field>,
    /// The field that receives the keys.
    pub(crate) focus: usize,
    pub(crate) error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) value: FieldValue,
    pub(crate) hint: String,
    /// The property of the new token that this field sets.
    property: Option<TokenProperty>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenProperty {
    Argument(CreateArgument),
    Space,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldValue {
    Text(TextInput),
    /// Text that is not echoed.
    Hidden(TextInput),
    SingleChoice {
        options: Vec<String>,
        selected: usize,
    },
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
            Field::hidden("password", "Sent once, never stored."),
        ];
        let title = format!("Sign in to {service}");
        Self::new(FormPurpose::Password, title, fields)
    }

    pub(crate) fn cookie_login(service: &str, hint: Option<&str>) -> Self {
        let hint = hint.unwrap_or("As shown in the browser's developer tools.");
        let fields = vec![Field::hidden("cookie", hint)];
        Self::new(FormPurpose::Cookie, format!("Sign in to {service}"), fields)
    }

    pub(crate) fn api_key_login(service: &str) -> Self {
        let fields = vec![Field::hidden("API key", "Paste the key. It is not shown.")];
        Self::new(FormPurpose::ApiKey, format!("Sign in to {service}"), fields)
    }

    /// `credential_file` is the env file that the credential in use comes from, `targets` is where the key was written.
    pub(crate) fn rotate_token(
        id: TokenId,
        name: &str,
        variable: Option<&str>,
        credential_file: Option<&str>,
        targets: &[String],
    ) -> Self {
        let places = match targets {
            [] => "the profile's stored key".to_owned(),
            targets => format!("the remembered targets: {}", targets.join(", ")),
        };
        let hint = match variable {
            Some(variable) => {
                format!("The file that sets {variable} to this token. Leave it empty for {places}.")
            }
            None if !targets.is_empty() => format!("Leave it empty for {places}."),
            None => "Leave it empty: the service has no environment variable for keys.".to_owned(),
        };
        let mut field = Field::text("env file", &hint);
        field.value = FieldValue::Text(TextInput::from_text(credential_file.unwrap_or_default()));
        let title = format!("Rotate {name}");
        Self::new(FormPurpose::Rotate(id), title, vec![field])
    }

    pub(crate) fn save_secret(new_secret: NewSecret) -> Self {
        let hint = "A new file gets mode 0600. Other lines of an existing file are kept.";
        let mut field = Field::text("env file", hint);
        field.value = FieldValue::Text(TextInput::from_text(".env"));
        let purpose = FormPurpose::Save(Box::new(new_secret));
        Self::new(purpose, "Save the secret", vec![field])
    }

    /// Returns a form with the fields that the provider defines for a new token.
    pub(crate) fn create_token(provider: &Descriptor) -> Self {
        let call = provider.tokens.create.as_ref();
        let limits = call.map(|call| call.limits.clone()).unwrap_or_default();
        let is_accepted =
            |argument: &CreateArgument| call.is_some_and(|call| call.takes(*argument));
        let arguments = CreateArgument::ALL.into_iter().filter(is_accepted);
        let fields = arguments.map(|argument| Field::for_argument(argument, &limits));
        let has_spaces = call.is_some_and(|call| call.space.is_some());
        let fields = fields.chain(has_spaces.then(Field::space));
        let title = format!("New {} token", provider.name);
        Self::new(FormPurpose::Create, title, fields.collect())
    }

    pub(crate) fn focused_field(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    pub(crate) fn env_file_path(&self) -> Option<PathBuf> {
        self.fields.first()?.value.entered_text().map(Into::into)
    }

    /// Returns the token that the fields describe. The caller checks it against the limits of the service.
    ///
    /// # Errors
    /// If the lifetime is not a number of days.
    pub(crate) fn new_token(&self) -> Result<NewToken, String> {
        use TokenProperty::Argument;
        let mut token = NewToken::default();
        for field in &self.fields {
            match (field.property, &field.value) {
                (Some(TokenProperty::Space), value) => token.space = value.entered_text(),
                (Some(Argument(CreateArgument::Name)), value) => {
                    token.name = value.entered_text().unwrap_or_default();
                }
                (
                    Some(Argument(CreateArgument::Permanent)),
                    FieldValue::SingleChoice { selected, .. },
                ) => token.permanent = Some(*selected == 1),
                (Some(Argument(CreateArgument::Permissions)), value) => {
                    token.permissions = value.entered_values();
                }
                (Some(Argument(CreateArgument::Scopes)), value) => {
                    token.scopes = value.entered_values();
                }
                (Some(Argument(CreateArgument::Expiry)), FieldValue::Text(input)) => {
                    token.expires_in = parse_days(input.text())?;
                }
                _ => {}
            }
        }
        Ok(token)
    }
}

fn parse_days(text: &str) -> Result<Option<SignedDuration>, String> {
    let text = text.trim().trim_end_matches(['d', ' ']);
    if text.is_empty() {
        return Ok(None);
    }
    let error = |_| "The lifetime must be a whole number of days.".to_owned();
    let days: u32 = text.parse().map_err(error)?;
    Ok(Some(SignedDuration::from_hours(24 * i64::from(days))))
}

impl FieldValue {
    fn entered_text(&self) -> Option<String> {
        let (Self::Text(input) | Self::Hidden(input)) = self else {
            return None;
        };
        let text = input.text().trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn entered_values(&self) -> Vec<String> {
        match self {
            Self::MultipleChoice { options, .. } => {
                let selected = options.iter().filter(|(_, is_selected)| *is_selected);
                selected.map(|(option, _)| option.clone()).collect()
            }
            Self::Text(input) => input.text().split_whitespace().map(str::to_owned).collect(),
            Self::Hidden(_) | Self::SingleChoice { .. } => Vec::new(),
        }
    }
}

impl Field {
    fn new(label: &str, value: FieldValue, hint: &str) -> Self {
        Self {
            label: label.to_owned(),
            value,
            hint: hint.to_owned(),
            property: None,
        }
    }

    fn text(label: &str, hint: &str) -> Self {
        Self::new(label, FieldValue::Text(TextInput::default()), hint)
    }

    fn hidden(label: &str, hint: &str) -> Self {
        Self::new(label, FieldValue::Hidden(TextInput::default()), hint)
    }

    fn single_choice(label: &str, options: &[&str], selected: usize) -> Self {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let value = FieldValue::SingleChoice { options, selected };
        Self::new(label, value, "Left and Right select.")
    }

    /// Offers the values that the service allows; any text if it does not list them.
    fn multiple_choice_or_text(label: &str, limit: &ListLimit) -> Self {
        if limit.allowed.is_empty() {
            return Self::text(label, "Separate values with spaces.");
        }
        let is_default = |option: &String| limit.default.contains(option);
        let options = limit.allowed.iter();
        let value = FieldValue::MultipleChoice {
            options: options
                .map(|option| (option.clone(), is_default(option)))
                .collect(),
            cursor: 0,
        };
        Self::new(label, value, "Left and Right move, Space selects.")
    }

    fn space() -> Self {
        let hint = "The ID of a space. Leave it empty for a token of your own account.";
        Self {
            property: Some(TokenProperty::Space),
            ..Self::text("space", hint)
        }
    }

    fn for_argument(argument: CreateArgument, limits: &CreateLimits) -> Self {
        let field = match argument {
            CreateArgument::Name => {
                let limit = limits.name.as_ref();
                let hint = limit.map(|name| {
                    let longest = format_count(name.longest, "character");
                    format!("At most {longest}.")
                });
                Self::text("name", &hint.unwrap_or_default())
            }
            CreateArgument::Permanent => {
                let is_permanent = limits.permanent.is_some_and(|it| it.default);
                let options = ["temporary", "permanent"];
                Self::single_choice("kind", &options, usize::from(is_permanent))
            }
            CreateArgument::Permissions => {
                Self::multiple_choice_or_text("permissions", &limits.permissions)
            }
            CreateArgument::Scopes => Self::multiple_choice_or_text("scopes", &limits.scopes),
            CreateArgument::Expiry => {
                let hint = limits.expires_in_days.map(format_day_limit);
                Self::text("lifetime (days)", &hint.unwrap_or_default())
            }
        };
        Self {
            property: Some(TokenProperty::Argument(argument)),
            ..field
        }
    }
}

fn format_day_limit(days: DayLimit) -> String {
    let default = days.default;
    let default = default.map(|default| format!(" The default is {default}."));
    let default = default.unwrap_or_default();
    format!("{} to {} days.{default}", days.least, days.most)
}
