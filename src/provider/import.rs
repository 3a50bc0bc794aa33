//! Where the service's own client keeps its session, so that it can be taken over.

use serde::Deserialize;

use super::Pointer;

/// The token file of the service's own client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionImport {
    /// Where it may be; the first that is there counts.
    pub files: Vec<PathTemplate>,
    /// Where the access token stands in it.
    pub access_token: Pointer,
    /// Where the refresh token stands, which may be null.
    pub refresh_token: Option<Pointer>,
    /// Where the end stands: Unix seconds or RFC 3339.
    pub expires_at: Option<Pointer>,
    /// Where the token's type stands; `Bearer` is the one that is known.
    pub token_type: Option<Pointer>,
}

/// A file below a directory that the environment names: `$XDG_CONFIG_HOME/tool/token.json`, `~/.tool/token.json`, or an
/// absolute path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PathTemplate {
    /// What the path begins with.
    pub root: PathRoot,
    /// The rest of it; never climbs out.
    pub relative_path: String,
}

/// What a path begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathRoot {
    /// `~`: the home directory.
    Home,
    /// `$NAME`: the directory that the variable names; where it is not set, the place is none.
    Variable(String),
    /// `/`.
    FilesystemRoot,
}

impl TryFrom<String> for PathTemplate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no such place: write ~/.tool/token.json, $VARIABLE/token.json or an absolute path"
            )
        };
        let (first, below) = text.split_once('/').ok_or_else(wrong)?;
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let root = match (first, first.strip_prefix('$')) {
            ("", _) => PathRoot::FilesystemRoot,
            ("~", _) => PathRoot::Home,
            (_, Some(name)) if is_name(name) => PathRoot::Variable(name.to_owned()),
            _ => return Err(wrong()),
        };
        let climbs = |part: &str| matches!(part, "" | "." | "..") || part.starts_with(['$', '~']);
        if below.split('/').any(climbs) {
            return Err(wrong());
        }
        Ok(Self {
            root,
            relative_path: below.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_template_starts_at_home_a_variable_or_the_root_and_has_no_dotdot() {
        for (text, root, below) in [
            ("~/.tool/t.json", PathRoot::Home, ".tool/t.json"),
            (
                "$XDG_CONFIG_HOME/tool/t.json",
                PathRoot::Variable("XDG_CONFIG_HOME".into()),
                "tool/t.json",
            ),
            ("/etc/tool.json", PathRoot::FilesystemRoot, "etc/tool.json"),
        ] {
            let place = PathTemplate::try_from(text.to_owned()).unwrap();
            assert_eq!((place.root, place.relative_path.as_str()), (root, below));
        }
        for bad in [
            "t.json", "~", "~x/t", "$/t", "$A-B/t", "~/../t", "~//t", "$A/$B/t", "~/",
        ] {
            assert!(PathTemplate::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
