//! Rows and columns: aligned for people, separated by tabs for programs.

use crate::domain::sanitize_line;

use super::line::style_text;
use super::{KeyValues, Span, StreamStyle, Style, width};

const GAP: &str = "  ";
/// Narrower terminals get one list per row.
const MIN_TABLE_WIDTH: usize = 60;
/// A column that can shrink keeps this width.
const MIN_COLUMN_WIDTH: usize = 8;
/// Optional columns are dropped before another column shrinks below this.
const COMFORTABLE_WIDTH: usize = 20;

/// What happens to a column that does not fit the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Truncate,
    Wrap,
    Drop,
}

/// A column: its title, and what happens to it on a narrow terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    title: String,
    fit: Fit,
}

impl Column {
    fn new(title: impl Into<String>, fit: Fit) -> Self {
        let title = title.into();
        Self { title, fit }
    }

    /// Creates a column that is always shown whole, such as an id that users copy.
    pub fn fixed(title: impl Into<String>) -> Self {
        Self::new(title, Fit::Whole)
    }

    /// Creates a column that is truncated where space is short.
    pub fn flexible(title: impl Into<String>) -> Self {
        Self::new(title, Fit::Truncate)
    }

    /// Creates a column whose text continues on the next line where space is short.
    pub fn wrapped(title: impl Into<String>) -> Self {
        Self::new(title, Fit::Wrap)
    }

    /// Creates a column that is dropped where space is short, the last one first.
    pub fn optional(title: impl Into<String>) -> Self {
        Self::new(title, Fit::Drop)
    }
}

/// The widths of the columns; `None` marks a dropped one.
type Widths = Vec<Option<usize>>;

/// A table. A terminal gets titles and lines that fit its width, or one list per row if no table fits. A pipe gets no
/// titles and whole cells separated by tabs, one row per line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Span>>,
    is_wide: bool,
    /// The widths of the previous page of a table that is printed page by page.
    previous_widths: Option<Widths>,
}

impl Table {
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Shows every column whole, also where the lines get longer than the terminal is wide.
    #[must_use]
    pub fn wide(self, is_wide: bool) -> Self {
        Self { is_wide, ..self }
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

    fn render_aligned(&self, widths: &Widths, stream: &StreamStyle) -> String {
        let titles: Vec<_> = self
            .columns
            .iter()
            .map(|column| Span::bold(&*column.title))
            .collect();
        let titles = self.previous_widths.is_none().then_some(&titles);
        let rows = titles.into_iter().chain(&self.rows);
        rows.map(|row| self.render_row(row, widths, stream))
            .collect()
    }

    fn render_row(&self, cells: &[Span], widths: &Widths, stream: &StreamStyle) -> String {
        let shown = cells.iter().zip(&self.columns).zip(widths);
        let cells: Vec<_> = shown
            .filter_map(|((cell, column), width)| {
                let width = (*width)?;
                let text = stream.to_charset(&cell.text);
                let lines = match column.fit {
                    Fit::Wrap => width::wrap(&text, width),
                    _ => vec![width::truncate(&text, width, stream).into_owned()],
                };
                Some((lines, cell.style, width))
            })
            .collect();
        let height = cells.iter().map(|(lines, ..)| lines.len()).max();
        (0..height.unwrap_or(0))
            .map(|at| render_line(&cells, at, stream))
            .collect()
    }

    /// Returns the widths that fit, or `None` if none do.
    fn widths(&self, stream: &StreamStyle) -> Option<Widths> {
        let mut widths: Widths = (0..self.columns.len())
            .map(|at| self.natural_width(at, stream))
            .collect();
        if self.is_wide {
            return Some(widths);
        }
        if stream.width < MIN_TABLE_WIDTH {
            return None;
        }
        loop {
            let droppable =
                |at: &usize| self.columns[*at].fit == Fit::Drop && widths[*at].is_some();
            let last = (0..widths.len()).rev().find(droppable);
            let least = last.map_or(MIN_COLUMN_WIDTH, |_| COMFORTABLE_WIDTH);
            if let Some(fitting) = self.shrink(widths.clone(), least, stream.width) {
                return Some(fitting);
            }
            widths[last?] = None;
        }
    }

    /// Narrows the widest columns that may shrink, down to `least`, until the row fits into `available` columns.
    fn shrink(&self, mut widths: Widths, least: usize, available: usize) -> Option<Widths> {
        let gaps = GAP.len() * widths.iter().flatten().count().saturating_sub(1);
        let available = available.checked_sub(gaps)?;
        let can_shrink = |at: usize, width: Option<usize>| {
            let column = &self.columns[at];
            matches!(column.fit, Fit::Truncate | Fit::Wrap)
                && width > Some(least.max(width::display_width(&column.title)))
        };
        while widths.iter().flatten().sum::<usize>() > available {
            let flexible = (0..widths.len()).filter(|at| can_shrink(*at, widths[*at]));
            let widest = flexible.max_by_key(|at| widths[*at])?;
            widths[widest] = widths[widest].map(|width| width - 1);
        }
        Some(widths)
    }

    /// Returns the width of the widest cell of a column, or `None` if the previous page dropped it.
    fn natural_width(&self, at: usize, stream: &StreamStyle) -> Option<usize> {
        let previous = self.previous_widths.iter().find_map(|it| it.get(at));
        let previous = match previous {
            Some(None) => return None,
            Some(Some(width)) => *width,
            None => 0,
        };
        let cells = self.rows.iter().map(|row| row[at].text.as_str());
        let texts = cells.chain([self.columns[at].title.as_str()]);
        texts
            .map(|text| width::display_width(&stream.to_charset(text)))
            .chain([previous])
            .max()
    }
}

fn render_line(cells: &[(Vec<String>, Style, usize)], at: usize, stream: &StreamStyle) -> String {
    let mut line = String::new();
    let mut missing = 0;
    for (lines, style, columns) in cells {
        let text = lines.get(at).map_or("", String::as_str);
        if !text.is_empty() {
            line.push_str(&" ".repeat(missing));
            line.push_str(&style_text(text, *style, stream));
            missing = 0;
        }
        missing += columns.saturating_sub(width::display_width(text)) + GAP.len();
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
    fn wrapped_columns_lose_no_text() {
        let mut table = Table::new([Column::fixed("VERDICT"), Column::wrapped("WHY")]);
        let reason = "the variable is set and takes precedence over every source that follows it in the list";
        table.add_row(["used".into(), reason.into()]);
        let expected = "\
VERDICT  WHY
used     the variable is set and takes precedence over every source that follows
         it in the list
";
        assert_eq!(table.render(&TERMINAL), expected);
        assert_eq!(
            table.render(&StreamStyle::PLAIN),
            format!("used\t{reason}\n")
        );
    }

    fn with_optional_columns() -> Table {
        let mut table = Table::new([
            Column::fixed("ID"),
            Column::flexible("NAME"),
            Column::optional("CREATED"),
            Column::fixed("EXPIRES"),
            Column::optional("LAST USED"),
        ]);
        let id = "0".repeat(36);
        let cells = [
            "a rather long name",
            "2 days ago",
            "in 23 hours",
            "just now",
        ];
        table.add_row([id.into()].into_iter().chain(cells.map(Span::from)));
        table
    }

    #[test]
    fn optional_columns_are_dropped_from_the_end_and_the_id_stays_whole() {
        let id = "0".repeat(36);
        assert_eq!(
            with_optional_columns().render(&TERMINAL),
            format!(
                "{:36}  {:18}  EXPIRES\n{id}  a rather long name  in 23 hours\n",
                "ID", "NAME"
            )
        );
    }

    #[test]
    fn a_wide_table_shows_every_column() {
        let text = with_optional_columns().wide(true).render(&TERMINAL);
        assert!(text.contains("2 days ago  in 23 hours  just now"), "{text}");
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
