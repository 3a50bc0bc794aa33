//! The lines in which two texts differ.

use std::collections::VecDeque;

/// More lines than a description has; longer texts are compared as a whole.
const MAX_LINES: usize = 2000;

/// Returns the lines that differ: `- ` before one that only `old` has, `+ ` before one that only `new` has.
pub(super) fn line_changes(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let removed = |line: &&str| format!("- {line}");
    let added = |line: &&str| format!("+ {line}");
    if old.len() > MAX_LINES || new.len() > MAX_LINES {
        return old
            .iter()
            .map(removed)
            .chain(new.iter().map(added))
            .collect();
    }
    let mut changes = Vec::new();
    let (mut left, mut right) = (0, 0);
    for (at_old, at_new) in common_lines(&old, &new) {
        changes.extend(old[left..at_old].iter().map(removed));
        changes.extend(new[right..at_new].iter().map(added));
        (left, right) = (at_old + 1, at_new + 1);
    }
    changes.extend(old[left..].iter().map(removed));
    changes.extend(new[right..].iter().map(added));
    changes
}

/// Returns the positions of a longest common subsequence.
fn common_lines(old: &[&str], new: &[&str]) -> VecDeque<(usize, usize)> {
    let width = new.len() + 1;
    let mut lengths = vec![0_usize; (old.len() + 1) * width];
    for at_old in 0..old.len() {
        for at_new in 0..new.len() {
            lengths[(at_old + 1) * width + at_new + 1] = if old[at_old] == new[at_new] {
                lengths[at_old * width + at_new] + 1
            } else {
                lengths[at_old * width + at_new + 1].max(lengths[(at_old + 1) * width + at_new])
            };
        }
    }
    let (mut at_old, mut at_new) = (old.len(), new.len());
    let mut common = VecDeque::new();
    while at_old > 0 && at_new > 0 {
        if old[at_old - 1] == new[at_new - 1] {
            (at_old, at_new) = (at_old - 1, at_new - 1);
            common.push_front((at_old, at_new));
        } else if lengths[(at_old - 1) * width + at_new] >= lengths[at_old * width + at_new - 1] {
            at_old -= 1;
        } else {
            at_new -= 1;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_differ_are_listed() {
        for (old, new, expected) in [
            ("a\nb\nc", "a\nb\nc", vec![]),
            ("a\nb\nc", "a\nx\nc", vec!["- b", "+ x"]),
            ("a\nb", "b\nc", vec!["- a", "+ c"]),
            ("", "a", vec!["+ a"]),
            ("a\na", "a", vec!["- a"]),
        ] {
            assert_eq!(line_changes(old, new), expected, "{old:?} {new:?}");
        }
    }
}
