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
/// A column that wraps between words keeps this width: sentences in a narrower one are hard to read.
const MIN_SENTENCE_WIDTH: usize = 16;

/// What happens to a column that does not fit the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Truncate,
    Wrap,
    WrapWords,
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

    /// Creates a column whose text continues on the next line where space is short, but only between words: ids and commands
    /// that users copy stay whole.
    pub fn wrapped_between_words(title: impl Into<String>) -> Self {
        Self::new(title, Fit::WrapWords)
    }

    /// Creates a column that is dropped where space is short, the last one first.
    pub fn optional(title: impl Into<String>) -> Self {
        Self::new(title, Fit::Drop)
    }
}

/// The widths of the columns; `None` marks a dropped one.
type Widths = Vec<Option<usize>>;

/// A cell of a row, fitted into its column.
struct FittedCell {
    lines: Vec<String>,
    style: Style,
    width: usize,
}

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

    /// Shows every column whole, even if the lines are longer than the terminal is wide.
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

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Renders the table for `stream`. Every line ends with a line feed.
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

    /// Renders the rows and removes them. The next page continues below, under the same titles; columns only grow.
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
                    Fit::Wrap | Fit::WrapWords => width::wrap(&text, width),
                    _ => vec![width::truncate(&text, width, stream).into_owned()],
                };
                let style = cell.style;
                Some(FittedCell {
                    lines,
                    style,
                    width,
                })
            })
            .collect();
        let height = cells.iter().map(|cell| cell.lines.len()).max();
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
            let minimum = last.map_or(MIN_COLUMN_WIDTH, |_| COMFORTABLE_WIDTH);
            if let Some(fitting) = self.shrink(widths.clone(), minimum, stream) {
                return Some(fitting);
            }
            widths[last?] = None;
        }
    }

    /// Narrows the widest columns that may shrink, down to `minimum`, until the row fits the terminal.
    fn shrink(&self, mut widths: Widths, minimum: usize, stream: &StreamStyle) -> Option<Widths> {
        let gaps = GAP.len() * widths.iter().flatten().count().saturating_sub(1);
        let available = stream.width.checked_sub(gaps)?;
        let columns = 0..self.columns.len();
        let minimums: Vec<_> = columns.map(|at| self.minimum_width(at, stream)).collect();
        let can_shrink = |at: usize, width: Option<usize>| {
            minimums[at].is_some_and(|own| width > Some(minimum.max(own)))
        };
        while widths.iter().flatten().sum::<usize>() > available {
            let flexible = (0..widths.len()).filter(|at| can_shrink(*at, widths[*at]));
            let widest = flexible.max_by_key(|at| widths[*at])?;
            widths[widest] = widths[widest].map(|width| width - 1);
        }
        Some(widths)
    }

    /// Returns the width below which a column must not shrink; `None` if it must not shrink at all.
    fn minimum_width(&self, at: usize, stream: &StreamStyle) -> Option<usize> {
        let column = &self.columns[at];
        let title = width::display_width(&column.title);
        match column.fit {
            Fit::Whole | Fit::Drop => None,
            Fit::Truncate | Fit::Wrap => Some(title),
            Fit::WrapWords => {
                let texts = self.rows.iter().map(|row| stream.to_charset(&row[at].text));
                let narrowest = |text: std::borrow::Cow<'_, str>| {
                    let words = text.split(' ').map(width::display_width);
                    let sentence = width::display_width(&text).min(MIN_SENTENCE_WIDTH);
                    words.chain([sentence]).max()
                };
                texts.filter_map(narrowest).chain([title]).max()
            }
        }
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

fn render_line(cells: &[FittedCell], at: usize, stream: &StreamStyle) -> String {
    let mut line = String::new();
    let mut missing = 0;
    for cell in cells {
        let text = cell.lines.get(at).map_or("", String::as_str);
        if !text.is_empty() {
            line.push_str(&" ".repeat(missing));
            line.push_str(&style_text(text, cell.style, stream));
            missing = 0;
        }
        missing += cell.width.saturating_sub(width::display_width(text)) + GAP.len();
    }
    line + "\n"
}

#[cfg(test)]
mod tests;
