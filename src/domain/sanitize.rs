//! Makes text from servers, files and the environment safe to print: without escape sequences, and without characters that
//! hide or reorder what a user reads.

/// Removes control characters and invisible ones, except line feeds.
pub fn sanitize_text(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || !is_invisible_or_control(*c))
        .collect()
}

/// As [`sanitize_text`], with line feeds, carriage returns and tabs replaced by spaces: the text cannot start a line of its
/// own. Keeps spaces at both ends.
pub fn sanitize_line_untrimmed(text: &str) -> String {
    let spaced = text.chars().map(|c| match c {
        '\n' | '\r' | '\t' => ' ',
        other => other,
    });
    spaced.filter(|c| !is_invisible_or_control(*c)).collect()
}

/// As [`sanitize_line_untrimmed`], without spaces at both ends.
pub fn sanitize_line(text: &str) -> String {
    sanitize_line_untrimmed(text).trim().to_owned()
}

/// As [`sanitize_line`], with `…` in place of what follows `max_chars` characters.
pub fn sanitize_line_to(max_chars: usize, text: &str) -> String {
    let line = sanitize_line(text);
    if line.chars().count() <= max_chars {
        return line;
    }
    line.chars().take(max_chars).chain(['…']).collect()
}

/// Quotes `text` as one word of a shell, so that a command in a hint can be pasted. A word with control characters is
/// written with escapes (`$'…'`: bash, zsh, ksh and POSIX 2024).
pub fn quote_for_shell(text: &str) -> String {
    if !text.chars().any(is_invisible_or_control) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            c if is_invisible_or_control(c) => {
                // An octal escape ends after three digits, whatever follows.
                let bytes = c.encode_utf8(&mut [0; 4]).as_bytes().to_vec();
                word.extend(bytes.into_iter().map(|byte| format!("\\{byte:03o}")));
            }
            c => word.push(c),
        }
    }
    word + "'"
}

/// Returns `true` for the general category Cc, the properties `Bidi_Control` and `Default_Ignorable_Code_Point`
/// (`PropList.txt` and `DerivedCoreProperties.txt` of Unicode 16.0), the line and paragraph separators, and the interlinear
/// annotation characters.
fn is_invisible_or_control(c: char) -> bool {
    c.is_control()
        || !c.is_ascii()
            && matches!(
                c,
                '\u{AD}'
                    | '\u{34F}'
                    | '\u{61C}'
                    | '\u{115F}'..='\u{1160}'
                    | '\u{17B4}'..='\u{17B5}'
                    | '\u{180B}'..='\u{180F}'
                    | '\u{200B}'..='\u{200F}'
                    | '\u{2028}'..='\u{202E}'
                    | '\u{2060}'..='\u{206F}'
                    | '\u{3164}'
                    | '\u{FE00}'..='\u{FE0F}'
                    | '\u{FEFF}'
                    | '\u{FFA0}'
                    | '\u{FFF0}'..='\u{FFFB}'
                    | '\u{1BCA0}'..='\u{1BCA3}'
                    | '\u{1D173}'..='\u{1D17A}'
                    | '\u{E0000}'..='\u{E0FFF}'
            )
}

/// Quotes text for a command that is pasted or run, unless it is one plain word.
pub fn shell_argument(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    quote_for_shell(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidi_controls_are_removed() {
        assert_eq!(sanitize_line("a\u{1b}[2Jb\u{202e}c\nd\u{7}"), "a[2Jbc d");
        assert_eq!(sanitize_text("a\nb\u{9b}31m"), "a\nb31m");
        assert_eq!(sanitize_line_untrimmed(" a\r\nb\t"), " a  b ");
    }

    #[test]
    fn invisible_characters_are_removed() {
        for invisible in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{200b}',
            '\u{2028}',
            '\u{2066}',
            '\u{206a}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{e0fff}',
        ] {
            let text = format!("a{invisible}b");
            assert_eq!(sanitize_line(&text), "ab", "{:x}", u32::from(invisible));
            assert_eq!(sanitize_text(&text), "ab", "{:x}", u32::from(invisible));
        }
        let visible = "José 日本 🔑 \u{a0}é\u{301}ا";
        assert_eq!(sanitize_line(visible), visible);
    }

    #[test]
    fn quoted_text_is_one_shell_word() {
        for (text, word) in [
            ("/home/a/.env", "'/home/a/.env'"),
            ("/home/o'neill/x y", r"'/home/o'\''neill/x y'"),
            ("$(id)", "'$(id)'"),
            ("", "''"),
            ("a\nb'\\\u{202e}c", r"$'a\012b\'\\\342\200\256c'"),
        ] {
            assert_eq!(quote_for_shell(text), word);
        }
    }
}
