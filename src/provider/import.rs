//! The session file of a service's own client, from which `login --import` takes over a session.

use serde::Deserialize;

use super::Pointer;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionImport {
    /// The first file that exists is used.
    pub files: Vec<PathTemplate>,
    pub access_token: Pointer,
    /// May lead to null.
    pub refresh_token: Option<Pointer>,
    /// Unix seconds or RFC 3339.
    pub expires_at: Option<Pointer>,
    /// Only `Bearer` is supported.
    pub token_type: Option<Pointer>,
}

/// A file below a directory of the environment: `$XDG_CONFIG_HOME/tool/token.json`, `~/.tool/token.json`, or an absolute
/// path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct PathTemplate {
    pub root: PathRoot,
    /// Has no `..`, so that the file stays below the root.
    pub relative_path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathRoot {
    /// `~`: the home directory.
    Home,
    /// `$NAME`: the directory in that variable. If it is unset, the template leads to no file.
    Variable(String),
    /// `/`.
    FilesystemRoot,
}

impl TryFrom<String> for PathTemplate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const EXPECTED: &str =
            "expected ~/.tool/token.json, $VARIABLE/token.json or an absolute path, without `..`";
        let (first, relative_path) = text.split_once('/').ok_or(EXPECTED)?;
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let root = match (first, first.strip_prefix('$')) {
            ("", _) => PathRoot::FilesystemRoot,
            ("~", _) => PathRoot::Home,
            (_, Some(name)) if is_name(name) => PathRoot::Variable(name.to_owned()),
            _ => return Err(EXPECTED),
        };
        let is_invalid =
            |part: &str| matches!(part, "" | "." | "..") || part.starts_with(['$', '~']);
        if relative_path.split('/').any(is_invalid) {
            return Err(EXPECTED);
        }
        Ok(Self {
            root,
            relative_path: relative_path.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_template_starts_at_home_a_variable_or_the_root_and_has_no_dotdot() {
        for (text, root, relative_path) in [
            ("~/.tool/t.json", PathRoot::Home, ".tool/t.json"),
            (
                "$XDG_CONFIG_HOME/tool/t.json",
                PathRoot::Variable("XDG_CONFIG_HOME".into()),
                "tool/t.json",
            ),
            ("/etc/tool.json", PathRoot::FilesystemRoot, "etc/tool.json"),
        ] {
            let file = PathTemplate::try_from(text.to_owned()).unwrap();
            assert_eq!(
                (file.root, file.relative_path.as_str()),
                (root, relative_path)
            );
        }
        for bad in [
            "t.json", "~", "~x/t", "$/t", "$A-B/t", "~/../t", "~//t", "$A/$B/t", "~/",
        ] {
            assert!(PathTemplate::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
