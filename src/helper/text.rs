//! The credential as text for shells, configuration files and other programs.

use serde_json::{Map, Value};

use super::Grant;
use crate::domain::{Origin, Secret, env_text, quote_for_shell};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// `NAME='…'` for a `.env` file.
    Env,
    /// `export NAME='…'` for POSIX shells.
    Export,
    /// `set -gx NAME '…'`
    Fish,
    /// `$env:NAME = '…'`
    PowerShell,
    /// `Name: value`
    Header,
    /// `{"Name":"value"}`
    HeaderJson,
    /// A line of a curl configuration file, for `curl -K -`.
    Curl,
    /// A line of a netrc file.
    Netrc,
}

/// What a text may need beside the credential.
#[derive(Debug, Clone, Copy)]
pub struct TextContext<'a> {
    /// The variable of the service.
    pub variable: Option<&'a str>,
    pub origin: &'a Origin,
}

impl TextFormat {
    /// Returns `true` if the text names the service's variable.
    pub fn needs_variable(self) -> bool {
        matches!(
            self,
            Self::Env | Self::Export | Self::Fish | Self::PowerShell
        )
    }

    /// Returns the text without a line end.
    pub fn render(self, grant: &Grant, context: TextContext<'_>) -> Secret {
        let secret = grant.secret().expose();
        let name = context.variable.unwrap_or_default();
        Secret::verbatim(match self {
            Self::Env => format!("{name}={}", env_text::quote(secret)),
            Self::Export => format!("export {name}={}", quote_for_shell(secret)),
            Self::Fish => format!("set -gx {name} {}", quote_for_fish(secret)),
            Self::PowerShell => format!("$env:{name} = {}", quote_for_powershell(secret)),
            Self::Header => return grant.header.line(),
            Self::HeaderJson => header_json(grant),
            Self::Curl => format!("header = {}", quote_for_curl(grant.header.line().expose())),
            Self::Netrc => format!(
                "machine {} login {} password {}",
                host_name(context.origin),
                quote_for_netrc(grant.user()),
                quote_for_netrc(secret)
            ),
        })
    }
}

fn quote_for_fish(text: &str) -> String {
    format!("'{}'", escape(text, &['\\', '\'']))
}

/// PowerShell reads typographic quotation marks as plain ones.
fn quote_for_powershell(text: &str) -> String {
    let quotes = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    let doubled = text.chars().flat_map(|c| {
        let count = if quotes.contains(&c) { 2 } else { 1 };
        std::iter::repeat_n(c, count)
    });
    format!("'{}'", doubled.collect::<String>())
}

fn quote_for_curl(text: &str) -> String {
    format!("\"{}\"", escape(text, &['\\', '"']))
}

/// A plain word stays without quotation marks, which older readers do not support.
fn quote_for_netrc(text: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !['"', '\\', '#'].contains(&c);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("\"{}\"", escape(text, &['\\', '"']))
}

/// Puts a backslash before each of `special`.
fn escape(text: &str, special: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn header_json(grant: &Grant) -> String {
    let value = Value::String(grant.header.value().expose().to_owned());
    Value::Object(Map::from_iter([(grant.header.name.clone(), value)])).to_string()
}

/// A netrc file has no ports.
fn host_name(origin: &Origin) -> &str {
    let host = origin.host();
    let without_port = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if host.ends_with(']') {
        host
    } else {
        without_port
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AuthHeader;

    fn render(format: TextFormat, secret: &str) -> String {
        let grant = Grant {
            header: AuthHeader {
                name: "Authorization".to_owned(),
                scheme: Some("Bearer".to_owned()),
                secret: Secret::new(secret),
            },
            expires_at: None,
            account: Some("my name".to_owned()),
        };
        let context = TextContext {
            variable: Some("KEY"),
            origin: &"http://localhost:8000".parse().unwrap(),
        };
        format.render(&grant, context).expose().to_owned()
    }

    #[test]
    fn plain_secret_is_quoted_where_readers_expect_it() {
        for (format, expected) in [
            (TextFormat::Env, "KEY=x"),
            (TextFormat::Export, "export KEY='x'"),
            (TextFormat::Fish, "set -gx KEY 'x'"),
            (TextFormat::PowerShell, "$env:KEY = 'x'"),
            (TextFormat::Header, "Authorization: Bearer x"),
            (TextFormat::HeaderJson, r#"{"Authorization":"Bearer x"}"#),
            (TextFormat::Curl, r#"header = "Authorization: Bearer x""#),
            (
                TextFormat::Netrc,
                r#"machine localhost login "my name" password x"#,
            ),
        ] {
            assert_eq!(render(format, "x"), expected, "{format:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn odd_characters_are_quoted_for_each_reader() {
        for (format, expected) in [
            (TextFormat::Env, r#"KEY='a'\''b"c'\\'d$e`f'"#),
            (TextFormat::Export, r#"export KEY='a'\''b"c\d$e`f'"#),
            (TextFormat::Fish, r#"set -gx KEY 'a\'b"c\\d$e`f'"#),
            (TextFormat::PowerShell, r#"$env:KEY = 'a''b"c\d$e`f'"#),
            (TextFormat::Header, r#"Authorization: Bearer a'b"c\d$e`f"#),
            (TextFormat::HeaderJson, r#"{"Authorization":"Bearer a'b\"c\\d$e`f"}"#),
            (TextFormat::Curl, r#"header = "Authorization: Bearer a'b\"c\\d$e`f""#),
            (TextFormat::Netrc, r#"machine localhost login "my name" password "a'b\"c\\d$e`f""#),
        ] {
            assert_eq!(render(format, r#"a'b"c\d$e`f"#), expected, "{format:?}");
        }
        let typographic = render(TextFormat::PowerShell, "a\u{2019}b");
        assert_eq!(typographic, "$env:KEY = 'a\u{2019}\u{2019}b'");
    }

    #[test]
    fn env_file_line_is_read_back_unchanged() {
        for secret in ["x", "a'b", "a'b\"c\\d$e`f", "a#b c", "$HOME"] {
            let line = render(TextFormat::Env, secret);
            let assignment = env_text::assignments(line.as_bytes()).next().unwrap();
            assert_eq!(assignment.value().unwrap().expose(), secret, "{line}");
        }
    }

    #[test]
    fn netrc_machine_has_no_port() {
        for (origin, expected) in [
            ("https://a.example", "a.example"),
            ("https://a.example:8443", "a.example"),
            ("https://[::1]", "[::1]"),
            ("https://[::1]:8443", "[::1]"),
        ] {
            assert_eq!(host_name(&origin.parse().unwrap()), expected);
        }
    }
}
