//! Plain tables on stdout.

use std::io::Write;

/// Rows of text under a head, the columns as wide as they must be.
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        Self(vec![head.iter().map(|it| (*it).to_owned()).collect()])
    }

    pub(crate) fn row(&mut self, cells: &[String]) {
        self.0.push(cells.to_vec());
    }

    pub(crate) fn print(&self) {
        let width = |column: usize| {
            self.0
                .iter()
                .filter_map(|row| row.get(column))
                .map(String::len)
                .max()
                .unwrap_or(0)
        };
        for row in &self.0 {
            let cells: Vec<_> = row
                .iter()
                .enumerate()
                .map(|(column, cell)| format!("{cell:<width$}", width = width(column)))
                .collect();
            note(cells.join("  ").trim_end());
        }
        note("");
    }
}

/// One line on stdout. A reader that went away is no failure of a measurement.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
