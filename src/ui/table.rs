//! Rows and columns: aligned for people, separated by tabs for programs.

use crate::domain::sanitize_line;

use super::line::style_text;
use super::{KeyValues, Span, StreamStyle, width};

const GAP: &str = "  ";
/// Below this a table is no use, and each row becomes a list.
const MIN_TABLE_WIDTH: usize = 60;
/// A flexible column is not shrunk below this.
const MIN_COLUMN_WIDTH: usize = 8;

/// A column: its title, and whether its text may be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    title: String,
    is_flexible: bool,
}

impl Column {
    /// A column that is always shown whole, such as an id that gets copied.
    pub fn fixed(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            is_flexible: false,
        }
    }

    /// A column that is cut where space is short.
    pub fn flexible(title: impl Into<String>) -> Self {
        Self {
            is_flexible: true,
            ..Self::fixed(title)
        }
    }
}

/// A table. On a terminal it has titles and keeps to the width; where it cannot, each row becomes a list of names and
/// values. Elsewhere it has no titles, its cells are whole and separated by tabs, one row a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Span>>,
    /// The widths of the rows that were shown before, for a table that is shown page by page.
    previous_widths: Option<Vec<usize>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            previous_widths: None,
        }
    }

    /// Adds a row; missing cells are empty, those without a column are dropped.
    pub fn add_row(&mut self, cells: impl IntoIterator<Item = Span>) {
        let mut row: Vec<_> = cells.into_iter().collect();
        row.resize_with(self.columns.len(), Span::default);
        for cell in &mut row {
            cell.text = sanitize_line(&cell.text);
        }
        self.rows.push(row);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as a stream with this `look` shows it, every line ended.
    pub fn render(&self, stream: &StreamStyle) -> String {
        if self.is_empty() {
            return String::new();
        }
        if !stream.terminal {
            return self.render_tsv(stream);
        }
        match self.widths(stream) {
            Some(widths) => self.render_aligned(&widths, stream),
            None => self.render_lists(stream),
        }
    }

    /// The rows so far, which are then forgotten; the next ones go on below them, under the same titles. Columns only
    /// ever grow.
    pub fn render_page(&mut self, stream: &StreamStyle) -> String {
        let text = self.render(stream);
        if !self.is_empty() {
            self.previous_widths = Some(self.widths(stream).unwrap_or_default());
            self.rows.clear();
        }
        text
    }

    fn render_tsv(&self, stream: &StreamStyle) -> String {
        let row = |cells: &Vec<Span>| {
            let cells: Vec<_> = cells
                .iter()
                .map(|cell| style_text(&cell.text, cell.style, stream))
                .collect();
            cells.join("\t") + "\n"
        };
        self.rows.iter().map(row).collect()
    }

    fn render_lists(&self, stream: &StreamStyle) -> String {
        let list = |cells: &Vec<Span>| {
            let named = self.columns.iter().zip(cells);
            let facts = named.filter(|(_, cell)| !cell.text.is_empty());
            let facts: KeyValues = facts
                .map(|(column, cell)| (column.title.to_lowercase(), cell.clone()))
                .collect();
            facts.render(stream)
        };
        let lists: Vec<_> = self.rows.iter().map(list).collect();
        let gap = if self.previous_widths.is_some() {
            "\n"
        } else {
            ""
        };
        gap.to_owned() + &lists.join("\n")
    }

    fn render_aligned(&self, widths: &[usize], stream: &StreamStyle) -> String {
        let titles: Vec<_> = self
            .columns
            .iter()
            .map(|column| Span::bold(&*column.title))
            .collect();
        let titles = self.previous_widths.is_none().then_some(&titles);
        let rows = titles.into_iter().chain(&self.rows);
        rows.map(|row| render_row(row, widths, stream)).collect()
    }

    /// The widths that fit; `None` where none do.
    fn widths(&self, stream: &StreamStyle) -> Option<Vec<usize>> {
        let mut widths: Vec<_> = (0..self.columns.len())
            .map(|at| self.natural_width(at, stream))
            .collect();
        let gaps = GAP.len() * self.columns.len().saturating_sub(1);
        let available = stream.width.checked_sub(gaps)?;
        if stream.width < MIN_TABLE_WIDTH {
            return None;
        }
        let is_shrinkable = |at: usize, width: usize| {
            self.columns[at].is_flexible
                && width > MIN_COLUMN_WIDTH.max(width::display_width(&self.columns[at].title))
        };
        while widths.iter().sum::<usize>() > available {
            let flexible = (0..widths.len()).filter(|at| is_shrinkable(*at, widths[*at]));
            let widest = flexible.max_by_key(|at| widths[*at])?;
            widths[widest] -= 1;
        }
        Some(widths)
    }

    /// The widest cell of a column.
    fn natural_width(&self, at: usize, stream: &StreamStyle) -> usize {
        let cells = self.rows.iter().map(|row| row[at].text.as_str());
        let texts = cells.chain([self.columns[at].title.as_str()]);
        let before = self
            .previous_widths
            .iter()
            .filter_map(|widths| widths.get(at));
        texts
            .map(|text| width::display_width(&stream.to_charset(text)))
            .chain(before.copied())
            .max()
            .unwrap_or(0)
    }
}

fn render_row(cells: &[Span], widths: &[usize], stream: &StreamStyle) -> String {
    let mut line = String::new();
    let mut missing = 0;
    for (cell, columns) in cells.iter().zip(widths) {
        let fitted = stream.to_charset(&cell.text);
        let text = width::truncate(&fitted, *columns, stream);
        if !text.is_empty() {
            line.push_str(&" ".repeat(missing));
            line.push_str(&style_text(&text, cell.style, stream));
            missing = 0;
        }
        missing += columns - width::display_width(&text) + GAP.len();
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: StreamStyle = StreamStyle {
        terminal: true,
        width: 80,
        colour: false,
        utf8: true,
    };

    fn tokens() -> Table {
        let mut table = Table::new([
            Column::fixed("ID"),
            Column::flexible("NAME"),
            Column::fixed("EXPIRES"),
        ]);
        table.add_row(["1".into(), Span::bold("laptop"), "in 3 days".into()]);
        table.add_row([
            "22".into(),
            "a name\tthat is\u{1b}[31m long enough to be in the way of others".into(),
            "never".into(),
        ]);
        table
    }

    #[test]
    fn a_program_gets_whole_cells_between_tabs_and_no_titles() {
        let text = tokens().render(&StreamStyle::PLAIN);
        assert_eq!(
            text,
            "1\tlaptop\tin 3 days\n22\ta name that is[31m long enough to be in the way of others\tnever\n"
        );
    }

    #[test]
    fn a_terminal_gets_aligned_columns_within_its_width() {
        let text = tokens().render(&StreamStyle {
            width: 60,
            ..TERMINAL
        });
        let expected = "\
ID  NAME                                           EXPIRES
1   laptop                                         in 3 days
22  a name that is[31m long enough to be in the…   never
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_narrow_terminal_gets_lists() {
        let text = tokens().render(&StreamStyle {
            width: 40,
            ..TERMINAL
        });
        let expected = "\
id:       1
name:     laptop
expires:  in 3 days

id:       22
name:     a name that is[31m long enough to be in the way of others
expires:  never
";
        assert_eq!(text, expected);
    }

    #[test]
    fn fixed_columns_that_do_not_fit_become_lists_instead_of_being_cut() {
        let mut table = Table::new([Column::fixed("ID"), Column::flexible("NAME")]);
        let id = "x".repeat(90);
        table.add_row([id.clone().into(), "n".into()]);
        assert_eq!(table.render(&TERMINAL), format!("id:    {id}\nname:  n\n"));
    }

    #[test]
    fn wide_characters_keep_the_columns_straight() {
        let mut table = Table::new([Column::flexible("NAME"), Column::fixed("X")]);
        table.add_row(["日本".into(), "1".into()]);
        table.add_row(["".into(), "2".into()]);
        assert_eq!(table.render(&TERMINAL), "NAME  X\n日本  1\n      2\n");
    }

    #[test]
    fn without_rows_nothing_is_written() {
        assert_eq!(Table::new([Column::fixed("ID")]).render(&TERMINAL), "");
    }

    #[test]
    fn styles_surround_the_text_and_not_the_padding() {
        let look = StreamStyle {
            colour: true,
            ..TERMINAL
        };
        let text = tokens().render(&look);
        assert!(text.contains("\u{1b}[1mlaptop\u{1b}[0m "), "{text:?}");
    }

    #[test]
    fn later_pages_keep_titles_and_column_widths() {
        let mut table = tokens();
        let first = table.render_page(&TERMINAL);
        table.add_row(["1".into(), "short".into(), "never".into()]);
        let second = table.render_page(&TERMINAL);
        assert!(first.starts_with("ID  NAME"), "{first}");
        assert!(second.starts_with("1   short"), "{second}");
        assert_eq!(
            first.find("in 3 days"),
            first
                .lines()
                .next()
                .unwrap()
                .find("EXPIRES")
                .map(|at| at + first.lines().next().unwrap().len() + 1)
        );
        assert_eq!(
            second.find("never"),
            first.lines().next().unwrap().find("EXPIRES")
        );
        assert_eq!(table.render_page(&TERMINAL), "");
    }
}
