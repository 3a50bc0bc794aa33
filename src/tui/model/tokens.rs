//! The loaded tokens of one profile, and how the list shows them: order, filter, marks and cursor.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::text_input::TextInput;
use crate::actions::TokenTargets;
use crate::domain::{ApiToken, TokenId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Loading {
    #[default]
    NotStarted,
    /// The number of the task that loads the pages.
    InProgress(u64),
    Done,
    /// Loading stopped before the last page.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SortOrder {
    /// As the service lists them.
    #[default]
    Service,
    Name,
    Created,
    Expires,
    LastUsed,
}

impl SortOrder {
    const ALL: [Self; 5] = [
        Self::Service,
        Self::Name,
        Self::Created,
        Self::Expires,
        Self::LastUsed,
    ];

    pub(crate) fn next(self) -> Self {
        let index = Self::ALL.iter().position(|it| *it == self).unwrap_or(0);
        Self::ALL[(index + 1) % Self::ALL.len()]
    }

    /// Returns the title of the column that the table is sorted by.
    pub(crate) fn column(self) -> Option<&'static str> {
        match self {
            Self::Service => None,
            Self::Name => Some("NAME"),
            Self::Created => Some("CREATED"),
            Self::Expires => Some("EXPIRES"),
            Self::LastUsed => Some("LAST USED"),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct TokenList {
    all: Vec<ApiToken>,
    /// Indexes into `all`, filtered and sorted.
    visible: Vec<usize>,
    pub(crate) loading: Loading,
    pub(crate) order: SortOrder,
    pub(crate) is_reversed: bool,
    pub(crate) filter: TextInput,
    /// Whether the keys go into the filter.
    pub(crate) is_filtering: bool,
    pub(crate) marked: HashSet<TokenId>,
    /// The selected row among the visible ones.
    pub(crate) cursor: usize,
    /// The first row on the screen.
    pub(crate) top: usize,
    pub(crate) is_timeline: bool,
    /// Where the keys of tokens were written.
    pub(crate) targets: Vec<TokenTargets>,
}

impl TokenList {
    pub(super) fn all(&self) -> &[ApiToken] {
        &self.all
    }

    pub(crate) fn total_count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn visible_count(&self) -> usize {
        self.visible.len()
    }

    /// Returns the rows from `top` on, with their row numbers.
    pub(crate) fn visible_rows(&self, count: usize) -> impl Iterator<Item = (usize, &ApiToken)> {
        let rows = self.visible.iter().enumerate().skip(self.top).take(count);
        rows.filter_map(|(row, index)| Some((row, self.all.get(*index)?)))
    }

    pub(crate) fn selected(&self) -> Option<&ApiToken> {
        self.all.get(*self.visible.get(self.cursor)?)
    }

    pub(crate) fn find(&self, id: &TokenId) -> Option<&ApiToken> {
        self.all.iter().find(|token| token.id.as_ref() == Some(id))
    }

    /// Returns where the key of a token was written; empty if that is unknown.
    pub(crate) fn targets_of(&self, id: &TokenId) -> &[String] {
        let found = self.targets.iter().find(|entry| entry.id == *id);
        found.map_or(&[], |entry| &entry.targets)
    }

    /// Returns `true` if the key of any token was written to `target`.
    pub(crate) fn is_target(&self, target: &str) -> bool {
        let mut targets = self.targets.iter().flat_map(|entry| &entry.targets);
        targets.any(|it| it == target)
    }

    /// Returns the marked tokens in the order of the list, or the selected one if none is marked.
    pub(crate) fn command_targets(&self) -> Vec<TokenId> {
        if self.marked.is_empty() {
            let selected = self.selected().and_then(|token| token.id.clone());
            return selected.into_iter().collect();
        }
        let ids = self.all.iter().filter_map(|token| token.id.clone());
        ids.filter(|id| self.marked.contains(id)).collect()
    }

    /// Marks all visible tokens, or clears their marks if all of them are marked.
    pub(crate) fn mark_all(&mut self) {
        let ids = self.visible.iter();
        let ids = ids.filter_map(|index| self.all[*index].id.clone());
        let ids: HashSet<_> = ids.collect();
        if ids.is_subset(&self.marked) {
            self.marked.retain(|id| !ids.contains(id));
        } else {
            self.marked.extend(ids);
        }
    }

    /// Starts to load the list again. The old rows stay until the first page arrives, so that the table does not flicker.
    pub(crate) fn start_reload(&mut self, task: u64) {
        self.loading = Loading::InProgress(task);
    }

    /// Adds a page. The first page of a list replaces the old list.
    pub(crate) fn add_page(&mut self, page: Vec<ApiToken>, is_first: bool) {
        if is_first {
            self.all.clear();
            self.visible.clear();
        }
        let start = self.all.len();
        self.all.extend(page);
        let filter = self.normalized_filter();
        let new =
            (start..self.all.len()).filter(|index| matches_filter(&self.all[*index], &filter));
        self.visible.extend(new);
        self.sort();
    }

    /// Ends the loading, and clears the marks of tokens that are not in the list any more.
    pub(crate) fn finish_loading(&mut self, has_pages: bool) {
        if !has_pages {
            self.all.clear();
            self.visible.clear();
        }
        self.loading = Loading::Done;
        let ids: HashSet<_> = self.all.iter().filter_map(|it| it.id.as_ref()).collect();
        self.marked.retain(|id| ids.contains(id));
        self.clamp_cursor();
    }

    pub(crate) fn by_id(&self) -> HashMap<&TokenId, &ApiToken> {
        let tokens = self.all.iter();
        tokens
            .filter_map(|token| Some((token.id.as_ref()?, token)))
            .collect()
    }

    /// Removes and updates tokens after a bulk action, and clears their marks.
    pub(crate) fn apply_changes(&mut self, removed: &HashSet<TokenId>, updated: Vec<ApiToken>) {
        let updated = updated.into_iter();
        let mut updated: HashMap<_, _> = updated
            .filter_map(|token| Some((token.id.clone()?, token)))
            .collect();
        self.marked
            .retain(|id| !removed.contains(id) && !updated.contains_key(id));
        self.all
            .retain(|token| token.id.as_ref().is_none_or(|id| !removed.contains(id)));
        for token in &mut self.all {
            let update = token.id.as_ref().and_then(|id| updated.remove(id));
            *token = update.unwrap_or_else(|| std::mem::take(token));
        }
        self.apply_filter_and_order();
    }

    /// Filters and sorts again. The cursor stays on its token while that is visible.
    pub(crate) fn apply_filter_and_order(&mut self) {
        let selected = self.selected().and_then(|token| token.id.clone());
        let filter = self.normalized_filter();
        self.visible = (0..self.all.len())
            .filter(|index| matches_filter(&self.all[*index], &filter))
            .collect();
        self.sort();
        let row = selected.and_then(|id| {
            let is_selected = |index: &usize| self.all[*index].id.as_ref() == Some(&id);
            self.visible.iter().position(is_selected)
        });
        self.cursor = row.unwrap_or(self.cursor);
        self.clamp_cursor();
    }

    fn normalized_filter(&self) -> String {
        self.filter.text().trim().to_lowercase()
    }

    /// Sorts the visible rows. This is called after each page: sorting nearly sorted rows takes nearly linear time.
    fn sort(&mut self) {
        let Self {
            all,
            order,
            is_reversed,
            ..
        } = self;
        if *order == SortOrder::Service {
            self.visible.sort_unstable();
        } else {
            self.visible
                .sort_by(|a, b| compare_tokens(*order, &all[*a], &all[*b]).then(a.cmp(b)));
        }
        if *is_reversed {
            self.visible.reverse();
        }
    }

    pub(crate) fn move_by(&mut self, rows: isize) {
        self.cursor = self.cursor.saturating_add_signed(rows);
        self.clamp_cursor();
    }

    fn clamp_cursor(&mut self) {
        self.cursor = self.cursor.min(self.visible.len().saturating_sub(1));
    }

    /// Scrolls so that the cursor is among the `height` rows on the screen.
    pub(crate) fn scroll_to_cursor(&mut self, height: usize) {
        let height = height.max(1);
        let last_top = self.visible.len().saturating_sub(height);
        let lowest = (self.cursor + 1).saturating_sub(height);
        self.top = self
            .top
            .clamp(lowest, self.cursor.max(lowest))
            .min(last_top.max(lowest));
    }
}

/// Compares two tokens in this order. Missing values are last.
fn compare_tokens(order: SortOrder, a: &ApiToken, b: &ApiToken) -> Ordering {
    let time = |get: fn(&ApiToken) -> Option<Timestamp>| {
        let key = |token| get(token).map_or((true, None), |time| (false, Some(time)));
        key(a).cmp(&key(b))
    };
    match order {
        SortOrder::Service => Ordering::Equal,
        SortOrder::Name => {
            let is_missing = a.name.is_none().cmp(&b.name.is_none());
            is_missing.then_with(|| a.name.cmp(&b.name))
        }
        SortOrder::Created => time(|token| token.created_at),
        SortOrder::Expires => time(|token| token.expires_at),
        SortOrder::LastUsed => time(|token| token.last_used_at),
    }
}

/// `filter` is in lower case.
fn matches_filter(token: &ApiToken, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let contains = |text: &str| text.to_lowercase().contains(filter);
    let any_contains = |list: &Option<Vec<String>>| list.iter().flatten().any(|it| contains(it));
    token.name.as_deref().is_some_and(contains)
        || token.id.as_ref().is_some_and(|id| contains(id.as_str()))
        || token.kind.is_some_and(|kind| contains(kind.label()))
        || token.prefix.as_deref().is_some_and(contains)
        || any_contains(&token.permissions)
        || any_contains(&token.scopes)
}

/// Returns the name of the token, or `token ID` if it has none or is unknown.
pub(crate) fn display_name_or_id(id: &TokenId, token: Option<&ApiToken>) -> String {
    token.map_or_else(|| format!("token {id}"), display_name)
}

pub(crate) fn display_name(token: &ApiToken) -> String {
    let name = token.name.clone().filter(|name| !name.is_empty());
    let id = || token.id.as_ref().map(|id| format!("token {id}"));
    name.or_else(id).unwrap_or_else(|| "a token".to_owned())
}
