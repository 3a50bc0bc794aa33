//! Finds long runs of base64 characters without reading every byte.

use std::ops::Range;

use super::alphabet::is_base64;

const CLASS: [bool; 256] = {
    let mut class = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
        let is_inside = is_base64(byte as u8);
        class[byte] = is_inside;
        byte += 1;
    }
    class
};

/// The runs of at least `min` base64 characters in a text.
///
/// Looks at every `min`-th byte only, until one is inside a run.
pub(super) struct Runs<'t> {
    text: &'t [u8],
    min: usize,
    /// Where the next run begins at the earliest.
    from: usize,
}

impl<'t> Runs<'t> {
    pub(super) fn new(text: &'t [u8], min: usize) -> Self {
        Self { text, min, from: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_inside = |byte: &u8| CLASS[usize::from(*byte)];
        loop {
            let probe = self.from + self.min;
            let candidate = self.text.get(self.from..probe)?;
            if let Some(outside) = candidate.iter().rposition(|byte| !is_inside(byte)) {
                self.from += outside + 1;
                continue;
            }
            let rest = self.text[probe..].iter().position(|byte| !is_inside(byte));
            let end = rest.map_or(self.text.len(), |length| probe + length);
            let start = std::mem::replace(&mut self.from, end);
            return Some(start..end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_complete_and_at_least_as_long_as_the_minimum() {
        let found = |text: &str| {
            let runs = Runs::new(text.as_bytes(), 4);
            runs.map(|run| text[run].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("abc abcd ab.abcdefghi"), ["abcd", "abcdefghi"]);
        assert_eq!(found("abcd"), ["abcd"]);
        assert_eq!(found("a.b.c.d"), Vec::<String>::new());
        assert_eq!(found(""), Vec::<String>::new());
        assert_eq!(found("(a+/-_b)"), ["a+/-_b"]);
    }
}
