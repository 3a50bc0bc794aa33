//! The formats of configuration files in which a single value can be replaced.

use std::path::Path;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfigFormat {
    Yaml,
    Toml,
    Json,
    Ini,
    Properties,
}

impl ConfigFormat {
    pub const ALL: [Self; 5] = [
        Self::Yaml,
        Self::Toml,
        Self::Json,
        Self::Ini,
        Self::Properties,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Ini => "ini",
            Self::Properties => "properties",
        }
    }

    /// Returns the format that the extension of `path` names.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "yaml" | "yml" => Self::Yaml,
            "toml" => Self::Toml,
            "json" => Self::Json,
            "ini" | "cfg" => Self::Ini,
            "properties" => Self::Properties,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_is_chosen_by_the_extension() {
        for (path, expected) in [
            ("a/b.yml", Some(ConfigFormat::Yaml)),
            ("b.YAML", Some(ConfigFormat::Yaml)),
            ("setup.cfg", Some(ConfigFormat::Ini)),
            ("b.properties", Some(ConfigFormat::Properties)),
            ("app.conf", None),
            (".json", None),
            ("yaml", None),
        ] {
            assert_eq!(ConfigFormat::of_path(Path::new(path)), expected, "{path}");
        }
    }
}
