//! What a terminal still holds after a login with `--qr`. The output is replayed like a terminal does, with everything
//! that was overwritten, erased or styled.

use std::fs;

use crate::{
    faults::FaultServer,
    support::{leak::CANARY, test_home::TestHome},
    terminal::on_a_terminal,
};

/// The lines of screen and scrollback. Columns are unlimited: wrapping would split a secret.
#[derive(Default)]
struct Terminal {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Terminal {
    fn replay(bytes: &str) -> Self {
        let mut terminal = Self::default();
        let mut rest = bytes.chars();
        while let Some(c) = rest.next() {
            match c {
                '\u{1b}' => terminal.escape(&mut rest),
                '\r' => terminal.column = 0,
                '\n' => terminal.row += 1,
                '\u{8}' => terminal.column = terminal.column.saturating_sub(1),
                c if c.is_control() => {}
                c => terminal.put(c),
            }
        }
        terminal
    }

    fn line(&mut self) -> &mut Vec<char> {
        if self.lines.len() <= self.row {
            self.lines.resize(self.row + 1, Vec::new());
        }
        &mut self.lines[self.row]
    }

    fn put(&mut self, c: char) {
        let column = self.column;
        let line = self.line();
        if line.len() <= column {
            line.resize(column + 1, ' ');
        }
        line[column] = c;
        self.column += 1;
    }

    /// Parses a sequence of ECMA-48: `CSI parameters final`, or an OSC up to its end.
    fn escape(&mut self, rest: &mut std::str::Chars<'_>) {
        match rest.next() {
            Some('[') => {}
            Some(']') => {
                let _title = rest.find(|c| matches!(c, '\u{7}' | '\\'));
                return;
            }
            _ => return,
        }
        let mut parameters = String::new();
        let Some(last) = rest.by_ref().find(|c| {
            let is_last = ('@'..='~').contains(c);
            if !is_last {
                parameters.push(*c);
            }
            is_last
        }) else {
            return;
        };
        let count: usize = parameters.parse().unwrap_or(0);
        let moved = count.max(1);
        match last {
            'A' | 'F' => self.row = self.row.saturating_sub(moved),
            'B' | 'E' => self.row += moved,
            'C' => self.column += moved,
            'D' => self.column = self.column.saturating_sub(moved),
            'G' => self.column = moved - 1,
            'J' => self.erase_below(count),
            'K' => self.erase_line(count),
            'm' | 'h' | 'l' => {}
            other => panic!("a sequence that this terminal does not know: {other} {parameters}"),
        }
        if matches!(last, 'E' | 'F') {
            self.column = 0;
        }
    }

    fn erase_line(&mut self, which: usize) {
        let column = self.column;
        let line = self.line();
        match which {
            0 => line.truncate(column),
            1 => line.iter_mut().take(column + 1).for_each(|c| *c = ' '),
            _ => line.clear(),
        }
    }

    /// Lines that scrolled away stay, as in every terminal with a scrollback.
    fn erase_below(&mut self, which: usize) {
        assert_eq!(which, 0, "unsupported erase mode");
        self.erase_line(0);
        self.lines.truncate(self.row + 1);
    }

    fn text(&self) -> String {
        let lines = self
            .lines
            .iter()
            .map(|line| line.iter().collect::<String>());
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn the_replay_keeps_scrolled_lines() {
    let seen = Terminal::replay(
        "one\r\ntwo\rTW\r\n\u{1b}[1mthr\u{1b}[0mee\u{1b}[2K\r\u{1b}[1A!\u{1b}[1B4",
    );
    assert_eq!(seen.text(), "one\n!Wo\n 4");
    let split = Terminal::replay("c4n\u{1b}[1m4ry\u{1b}[0m");
    assert!(split.text().contains(CANARY));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_scrollback_of_a_login_with_a_qr_code_contains_no_secret() {
    let (server, mut home) = (FaultServer::start(&[]), TestHome::new());
    home.set("BRAINMAPS_API_URL", &server.url());
    let login = ["login", "--device", "--no-browser", "--qr", "--replace"];
    for words in [&login[..], &[&login[..], &["-vv"]].concat()] {
        let ended = on_a_terminal(&home, words, "").wait().expect(0);
        let kept = Terminal::replay(&ended.stdout).text();
        assert!(kept.contains('█') || kept.contains('▀'), "{kept}");
        assert!(kept.contains("Enter code"), "{kept}");
        // Lines may be broken anywhere.
        let squeezed: String = kept.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(!squeezed.contains(CANARY), "{kept}");
        let stored = fs::read_to_string(home.data().join("credentials/brainmaps.json")).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
        for member in ["secret", "refresh_token"] {
            let secret = stored[member].as_str().unwrap();
            // A third of it would be too much.
            let part = &secret[secret.len() / 3..2 * secret.len() / 3];
            assert!(!squeezed.contains(part), "{member}: {kept}");
        }
    }
}
