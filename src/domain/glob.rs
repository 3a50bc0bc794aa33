//! Patterns as shells have them: `*`, `?`, `[abc]`, `[a-z]`, `[!a-z]`, and a backslash before a literal character.

use std::str::FromStr;

/// A pattern for a whole text. Case matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `*`
    Any,
    /// `?`
    One,
    Literal(char),
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

impl Glob {
    /// Parses a pattern. As in shells, a `[` without its `]` is a literal character.
    pub fn new(text: impl Into<String>) -> Self {
        Self::parse(text.into()).0
    }

    /// Returns the pattern, and what is literal in it although it is probably a mistake.
    fn parse(text: String) -> (Self, Option<InvalidGlob>) {
        let mut problem = None;
        let characters: Vec<char> = text.chars().collect();
        let (mut parts, mut at) = (Vec::new(), 0);
        while let Some(&character) = characters.get(at) {
            at += 1;
            let part = match character {
                '*' => Part::Any,
                '?' => Part::One,
                '[' => {
                    if let Some((class, length)) = parse_class(&characters[at..]) {
                        at += length;
                        class
                    } else {
                        problem = Some(InvalidGlob::Unclosed);
                        Part::Literal('[')
                    }
                }
                '\\' => {
                    let escaped = characters.get(at).copied();
                    at += 1;
                    if escaped.is_none() {
                        problem = Some(InvalidGlob::Escape);
                    }
                    Part::Literal(escaped.unwrap_or('\\'))
                }
                other => Part::Literal(other),
            };
            // Several stars match what one matches.
            if part != Part::Any || parts.last() != Some(&Part::Any) {
                parts.push(part);
            }
        }
        (Self { text, parts }, problem)
    }

    /// Returns true if the pattern matches the whole `text`.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let is_star = |part: &Part| *part == Part::Any;
        matches_with_stars(&self.parts, &text, is_star, |part, it| part.matches(*it))
    }
}

/// Returns true if `pattern` matches all `items`: a star matches any number of them, and another part one. The time is at most
/// proportional to both lengths multiplied: after a mismatch, only the last star takes one item more.
pub fn matches_with_stars<P, T>(
    pattern: &[P],
    items: &[T],
    is_star: impl Fn(&P) -> bool,
    is_match: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut part, mut at) = (0, 0);
    // The part behind the last star, and the item behind those that the star matches so far.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(item) = items.get(at) {
        match pattern.get(part) {
            Some(star) if is_star(star) => {
                part += 1;
                retry = Some((part, at));
            }
            Some(other) if is_match(other, item) => {
                part += 1;
                at += 1;
            }
            _ => {
                let Some((behind_star, from)) = retry else {
                    return false;
                };
                retry = Some((behind_star, from + 1));
                (part, at) = (behind_star, from + 1);
            }
        }
    }
    pattern[part..].iter().all(is_star)
}

impl Part {
    fn matches(&self, character: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Literal(literal) => *literal == character,
            Self::Class { ranges, is_negated } => {
                let is_inside = |(from, to): &(char, char)| (*from..=*to).contains(&character);
                ranges.iter().any(is_inside) != *is_negated
            }
        }
    }
}

/// Parses the text after `[`. Returns the class and the number of characters including its `]`.
fn parse_class(text: &[char]) -> Option<(Part, usize)> {
    let is_negated = matches!(text.first(), Some('!' | '^'));
    let first = usize::from(is_negated);
    let (mut ranges, mut at) = (Vec::new(), first);
    loop {
        let character = *text.get(at)?;
        // A bracket in the first position is a member.
        if character == ']' && at > first {
            return Some((Part::Class { ranges, is_negated }, at + 1));
        }
        match (text.get(at + 1), text.get(at + 2)) {
            (Some('-'), Some(&to)) if to != ']' => {
                ranges.push((character, to));
                at += 3;
            }
            _ => {
                ranges.push((character, character));
                at += 1;
            }
        }
    }
}

impl FromStr for Glob {
    type Err = InvalidGlob;

    /// Rejects what is probably a mistake: it would match nothing, or only itself.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_reversed = |part: &Part| match part {
            Part::Class { ranges, .. } => ranges.iter().any(|(from, to)| from > to),
            _ => false,
        };
        match Self::parse(text.to_owned()) {
            _ if text.is_empty() => Err(InvalidGlob::Empty),
            (_, Some(problem)) => Err(problem),
            (glob, None) if glob.parts.iter().any(is_reversed) => Err(InvalidGlob::ReversedRange),
            (glob, None) => Ok(glob),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGlob {
    #[error("the pattern is empty")]
    Empty,
    #[error("the pattern has a range whose end is before its start")]
    ReversedRange,
    #[error("the pattern ends with a backslash (write \\\\ for the character)")]
    Escape,
    #[error("the pattern has a [ without ] (write \\[ for the character)")]
    Unclosed,
}

impl From<&str> for Glob {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, matching, other) in [
            ("ci", &["ci"][..], &["CI", "ci2", "aci", ""][..]),
            ("ci-*", &["ci-", "ci-1", "ci-ü/x"], &["ci", "xci-1"]),
            ("*-prod", &["a-prod", "-prod", "prod-prod"], &["a-prod2"]),
            ("*a*b*", &["ab", "xaxbx", "aab"], &["ba", ""]),
            ("?i", &["ci", "öi"], &["i", "cci"]),
            ("v[0-9]", &["v0", "v9"], &["va", "v", "v10"]),
            ("v[!0-9]", &["va", "v-"], &["v0", "v"]),
            ("v[^ab]", &["vc"], &["va", "vb"]),
            ("[]x]", &["]", "x"], &["[", ""]),
            ("[a-]", &["a", "-"], &["b"]),
            ("a[b", &["a[b"], &["ab"]),
            (r"a\*", &["a*"], &["ab", r"a\*"]),
            ("**", &["", "x"], &[]),
            ("", &[""], &["x"]),
        ] {
            let glob = Glob::new(pattern);
            assert!(matching.iter().all(|text| glob.matches(text)), "{pattern}");
            assert!(!other.iter().any(|text| glob.matches(text)), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let glob = Glob::new(format!("{}b", "a*".repeat(200)));
        assert!(!glob.matches(&"a".repeat(5_000)));
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        for (pattern, expected) in [
            ("", InvalidGlob::Empty),
            ("[z-a]", InvalidGlob::ReversedRange),
            ("a[", InvalidGlob::Unclosed),
            ("[]", InvalidGlob::Unclosed),
            ("a\\", InvalidGlob::Escape),
        ] {
            assert_eq!(pattern.parse::<Glob>(), Err(expected), "{pattern}");
        }
        for pattern in ["*", "a]", r"\[", r"a\\", "[a-z]*", "[[]", "[]x]"] {
            assert_eq!(pattern.parse(), Ok(Glob::new(pattern)), "{pattern}");
        }
    }
}
