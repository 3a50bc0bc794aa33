//! Replaces the ids in a path, so that a record of requests neither grows with every id nor contains one.

/// A longer path is not a path of an API.
const MAX_PATH: usize = 200;
const MAX_SEGMENT: usize = 40;
/// A longer run of letters is not a word.
const MAX_WORD: usize = 20;
/// Shorter hexadecimal words are English: `facade`.
const MIN_HEX: usize = 8;

/// Returns the path with `*` in place of each segment that may be an id, a hash, a key or an address. A query is dropped. A
/// path that is too long becomes its first segment and `**`.
pub(super) fn path_pattern(path: &str) -> String {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = path[..end].trim_start_matches('/');
    let segments: Vec<&str> = path.split('/').map(pattern_of).collect();
    let pattern = format!("/{}", segments.join("/"));
    if pattern.len() > MAX_PATH {
        return below_first_segment(&pattern);
    }
    pattern
}

/// Returns the pattern of all paths with the same first segment.
pub(super) fn below_first_segment(pattern: &str) -> String {
    let first = pattern.trim_start_matches('/').split('/').next();
    match first {
        Some(first) if !first.is_empty() && first != "**" => format!("/{first}/**"),
        _ => "/**".to_owned(),
    }
}

fn pattern_of(segment: &str) -> &str {
    if segment.is_empty() || is_name(segment) {
        return segment;
    }
    "*"
}

/// Returns `true` for words, as `api-keys` and `listUsers`, and versions, as `v1` and `oauth2`.
fn is_name(segment: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | ':');
    if segment.len() > MAX_SEGMENT || !segment.chars().all(is_plain) {
        return false;
    }
    if segment.bytes().any(|byte| byte.is_ascii_digit()) {
        return is_version(segment);
    }
    let mut words = segment.split(|c: char| !c.is_ascii_alphabetic());
    words.all(is_word)
}

/// Returns `true` for letters and at most two digits, such as `v1`, `s3` and `base64`; and for `v1beta2`.
fn is_version(segment: &str) -> bool {
    let has_form = |text: &str| {
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = text.len() - letters.len();
        let is_short = (1..=6).contains(&letters.len()) && (1..=2).contains(&digits);
        is_short && letters.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let parts = ["alpha", "beta"].into_iter();
    let mut parts = parts.filter_map(|word| segment.split_once(word));
    let is_preview = parts.any(|(version, number)| {
        has_form(version) && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    has_form(segment) || is_preview
}

fn is_word(word: &str) -> bool {
    let is_hex = word.len() >= MIN_HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.len() <= MAX_WORD && !is_hex && !is_random(word)
}

/// Returns `true` for letters that people do not write: many changes of case, or many consonants in a row.
fn is_random(word: &str) -> bool {
    let bytes = word.as_bytes();
    let rises = bytes.windows(2);
    let rises = rises.filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let is_vowel = |c: char| "aeiouyAEIOUY".contains(c);
    let longest = word.split(is_vowel).map(str::len).max().unwrap_or(0);
    rises.count() > 4 || longest > 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_versions_of_a_path_are_kept() {
        for path in [
            "/",
            "/api/v1/articles",
            "/api/v1/api-keys/",
            "/api/v1/user/credits",
            "/apis/apps/v1beta2/namespaces",
            "/oauth2/token",
            "/s3/buckets",
            "/v2/_catalog",
            "/users/listUsersByName",
            "/.well-known/openid-configuration",
            "/documents:search",
            "/facade/base64",
        ] {
            assert_eq!(path_pattern(path), path);
        }
    }

    #[test]
    fn ids_hashes_keys_and_addresses_are_replaced() {
        for (path, pattern) in [
            ("/api/tokens/12/revoke/", "/api/tokens/*/revoke/"),
            ("/a/123e4567-e89b-12d3-a456-426614174000", "/a/*"),
            ("/articles/art_12", "/articles/*"),
            ("/articles/deadbeef", "/articles/*"),
            ("/b/9f86d081884c7d65", "/b/*"),
            ("/u/ada@example.org/posts", "/u/*/posts"),
            ("/u/ada%40example.org", "/u/*"),
            ("/p/group%2Fproject", "/p/*"),
            ("/k/bp_0123456789abcdef", "/k/*"),
            ("/k/dbm_ak_one_two3", "/k/*"),
            ("/k/QwErTyUiOpAsDfGh", "/k/*"),
            ("/k/abcdefghijklmnopqrstuvwxyz", "/k/*"),
            ("/k/xkcdqwrtplm", "/k/*"),
            ("/k/eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "/k/*"),
            ("/r/2026-11-30", "/r/*"),
            ("/r/report-7.csv", "/r/*"),
            ("/x;token=abc/y", "/*/y"),
            ("/x/a=b", "/x/*"),
            ("/gr\u{fc}n", "/*"),
            ("/v100/x", "/*/x"),
            ("/a/*/b", "/a/*/b"),
        ] {
            assert_eq!(path_pattern(path), pattern);
        }
    }

    #[test]
    fn query_and_fragment_are_dropped_and_long_paths_are_shortened() {
        assert_eq!(path_pattern("/a/b?key=c4n4ry"), "/a/b");
        assert_eq!(path_pattern("/a/b#c4n4ry"), "/a/b");
        assert_eq!(
            path_pattern(&format!("/api{}", "/word".repeat(60))),
            "/api/**"
        );
        assert_eq!(below_first_segment("/"), "/**");
        assert_eq!(below_first_segment("/**"), "/**");
    }
}
