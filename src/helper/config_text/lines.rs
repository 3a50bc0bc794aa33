//! Adds a line to a file of lines, and removes it.

use super::Remainder;

/// The first line of a file that this program creates.
const CREATED: &str = "# created by brainmaps helper install";

/// Returns `text` with `line` behind it; `None` is a file that does not exist.
pub fn append(text: Option<&str>, line: &str) -> String {
    match text {
        None => format!("{CREATED}\n{line}\n"),
        Some(text) if text.is_empty() || text.ends_with('\n') => format!("{text}{line}\n"),
        // Without a final line feed, so that removing the line leaves the file as it was.
        Some(text) => format!("{text}\n{line}"),
    }
}

pub fn remove(text: &str, line: &str) -> Remainder {
    let is_line = |at: usize| {
        let is_start = at == 0 || text[..at].ends_with('\n');
        let rest = &text[at + line.len()..];
        is_start && (rest.is_empty() || rest.starts_with('\n'))
    };
    let Some(at) = text
        .match_indices(line)
        .map(|it| it.0)
        .find(|at| is_line(*at))
    else {
        return Remainder::Unchanged;
    };
    let (before, after) = (&text[..at], &text[at + line.len()..]);
    let rest = match after.strip_prefix('\n') {
        Some(after) => format!("{before}{after}"),
        None => before.strip_suffix('\n').unwrap_or(before).to_owned(),
    };
    if rest.trim_end_matches('\n') == CREATED {
        return Remainder::Nothing;
    }
    Remainder::Text(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removing_an_appended_line_restores_every_byte() {
        for text in ["", "a=1\n", "a=1", "\n\n", "a=1\r\n# x\r\n", "lline\n"] {
            let added = append(Some(text), "line");
            assert_eq!(
                remove(&added, "line"),
                Remainder::Text(text.to_owned()),
                "{text:?}"
            );
            let more = format!("{added}\nb=2");
            let Remainder::Text(rest) = remove(&more, "line") else {
                panic!("{text:?}");
            };
            assert!(rest.starts_with(text) && rest.ends_with("b=2"), "{rest:?}");
        }
        assert_eq!(remove(&append(None, "line"), "line"), Remainder::Nothing);
        for other in ["", "xline\n", "linex\n", "x\n#line\n"] {
            assert_eq!(remove(other, "line"), Remainder::Unchanged, "{other:?}");
        }
    }
}
