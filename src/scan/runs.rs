//! Finds long runs of base64 characters without looking at every byte.

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

/// The number of bytes that are tested at once.
const BLOCK: usize = 16;

/// The runs of at least `min` base64 characters in a text.
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

    /// Skips text without a long run: such a run covers a whole block, wherever it begins.
    fn skip(&mut self) {
        if self.min < 2 * BLOCK - 1 {
            return;
        }
        let (blocks, _) = self.text[self.from..].as_chunks::<BLOCK>();
        let candidate = blocks.iter().position(|block| may_be_inside(*block));
        let before = candidate.unwrap_or(blocks.len()).saturating_sub(1);
        // The run may begin in the block before.
        self.from += before * BLOCK;
    }
}

/// Returns `false` if a byte is less than all base64 characters, as spaces, quotes and brackets are, or not ASCII.
fn may_be_inside(block: [u8; BLOCK]) -> bool {
    const LEAST: u128 = u128::from_ne_bytes([b'+'; BLOCK]);
    const HIGH_BITS: u128 = u128::from_ne_bytes([0x80; BLOCK]);
    let block = u128::from_ne_bytes(block);
    // The subtraction sets the high bit of the first byte that is too small.
    (block.wrapping_sub(LEAST) | block) & HIGH_BITS == 0
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_inside = |byte: &u8| CLASS[usize::from(*byte)];
        loop {
            self.skip();
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

    #[test]
    fn long_runs_are_found_at_every_offset() {
        for outside in [" ", "\n", ".", "é", "\u{0}", "~"] {
            for before in 0..70 {
                let run = "aZ09+/-_".repeat(4);
                let lead = format!("{}{outside}", "x".repeat(before % 31));
                let text = format!("{}{lead}{run}{outside}{run}", outside.repeat(before));
                let runs = Runs::new(text.as_bytes(), 31).map(|found| &text[found]);
                assert!(runs.eq([run.as_str(); 2]), "{before} {outside:?}");
            }
        }
    }
}
