//! The tokens that were loaded, and how they are looked at.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::text_input::TextInput;
use crate::domain::{ApiToken, TokenId};
use crate::ui::{TokenState, token_state};

/// How far the list is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Loading {
    #[default]
    NotStarted,
    /// Pages are coming; the number of the work.
    InProgress(u64),
    Done,
    /// It stopped before the end.
    Failed,
}

/// What rows are sorted by.
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
        let place = Self::ALL.iter().position(|it| *it == self).unwrap_or(0);
        Self::ALL[(place + 1) % Self::ALL.len()]
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Service => "as listed",
            Self::Name => "by name",
            Self::Created => "by age",
            Self::Expires => "by expiry",
            Self::LastUsed => "by last use",
        }
    }
}

/// The tokens of one profile.
#[derive(Debug, Default)]
pub(crate) struct TokenList {
    all: Vec<ApiToken>,
    /// Places in `all`: what is shown, in its order.
    visible: Vec<usize>,
    pub(crate) loading: Loading,
    pub(crate) order: SortOrder,
    pub(crate) is_reversed: bool,
    pub(crate) filter: TextInput,
    /// Whether the keys go into the filter.
    pub(crate) is_filtering: bool,
    pub(crate) marked: HashSet<TokenId>,
    /// The row that is looked at, among those shown.
    pub(crate) cursor: usize,
    /// The first row that is drawn.
    pub(crate) top: usize,
    /// The expiries instead of the table.
    pub(crate) is_timeline: bool,
}

impl TokenList {
    pub(crate) fn total_count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn visible_count(&self) -> usize {
        self.visible.len()
    }

    /// The rows from `top` on, with their places.
    pub(crate) fn visible_rows(&self, count: usize) -> impl Iterator<Item = (usize, &ApiToken)> {
        let places = self.visible.iter().enumerate().skip(self.top).take(count);
        places.filter_map(|(row, place)| Some((row, self.all.get(*place)?)))
    }

    /// The token in the row that is looked at.
    pub(crate) fn selected(&self) -> Option<&ApiToken> {
        self.all.get(*self.visible.get(self.cursor)?)
    }

    pub(crate) fn find(&self, id: &TokenId) -> Option<&ApiToken> {
        self.all.iter().find(|token| token.id.as_ref() == Some(id))
    }

    /// What a command is about: those marked, else the one looked at. In the order of the list.
    pub(crate) fn command_targets(&self) -> Vec<TokenId> {
        if self.marked.is_empty() {
            return self
                .selected()
                .and_then(|token| token.id.clone())
                .into_iter()
                .collect();
        }
        let ids = self.all.iter().filter_map(|token| token.id.clone());
        ids.filter(|id| self.marked.contains(id)).collect()
    }

    /// Marks all that are shown; none where all of them are marked.
    pub(crate) fn mark_all(&mut self) {
        let ids = self
            .visible
            .iter()
            .filter_map(|place| self.all[*place].id.clone());
        let ids: HashSet<_> = ids.collect();
        if ids.is_subset(&self.marked) {
            self.marked.retain(|id| !ids.contains(id));
        } else {
            self.marked.extend(ids);
        }
    }

    /// Forgets the list, to load it anew; how it is looked at stays, and so does what is shown until the first page.
    pub(crate) fn start_reload(&mut self, work: u64) {
        self.loading = Loading::InProgress(work);
    }

    /// Takes a page; the `first` one of a list takes the place of the old list.
    pub(crate) fn add_page(&mut self, page: Vec<ApiToken>, is_first: bool) {
        if is_first {
            self.all.clear();
            self.visible.clear();
        }
        let from = self.all.len();
        self.all.extend(page);
        let needle = self.normalized_filter();
        let new = (from..self.all.len()).filter(|place| matches_filter(&self.all[*place], &needle));
        self.visible.extend(new);
        self.sort();
    }

    /// The list is over: what was marked and is not in it any more is not marked.
    pub(crate) fn finish_loading(&mut self, got_pages: bool) {
        if !got_pages {
            self.all.clear();
            self.visible.clear();
        }
        self.loading = Loading::Done;
        let ids: HashSet<_> = self.all.iter().filter_map(|it| it.id.as_ref()).collect();
        self.marked.retain(|id| ids.contains(id));
        self.clamp_cursor();
    }

    /// Every token by its id, for whoever looks for many.
    pub(crate) fn by_id(&self) -> HashMap<&TokenId, &ApiToken> {
        let ids = self
            .all
            .iter()
            .filter_map(|token| Some((token.id.as_ref()?, token)));
        ids.collect()
    }

    /// Some tokens are gone, some are known better; all of them are done with, so that they are not marked any more.
    pub(crate) fn apply_changes(&mut self, gone: &HashSet<TokenId>, known: Vec<ApiToken>) {
        let known = known
            .into_iter()
            .filter_map(|token| Some((token.id.clone()?, token)));
        let mut known: HashMap<_, _> = known.collect();
        self.marked
            .retain(|id| !gone.contains(id) && !known.contains_key(id));
        self.all
            .retain(|token| token.id.as_ref().is_none_or(|id| !gone.contains(id)));
        for token in &mut self.all {
            let better = token.id.as_ref().and_then(|id| known.remove(id));
            *token = better.unwrap_or_else(|| std::mem::take(token));
        }
        self.apply_filter_and_order();
    }

    /// Applies filter and order anew; the cursor stays on its token where that is still shown.
    pub(crate) fn apply_filter_and_order(&mut self) {
        let at = self.selected().and_then(|token| token.id.clone());
        let needle = self.normalized_filter();
        self.visible = (0..self.all.len())
            .filter(|place| matches_filter(&self.all[*place], &needle))
            .collect();
        self.sort();
        let row = at.and_then(|id| {
            let is_it = |place: &usize| self.all[*place].id.as_ref() == Some(&id);
            self.visible.iter().position(is_it)
        });
        self.cursor = row.unwrap_or(self.cursor);
        self.clamp_cursor();
    }

    fn normalized_filter(&self) -> String {
        self.filter.text().trim().to_lowercase()
    }

    /// Nearly sorted rows are sorted in nearly linear time, so a list may grow page by page.
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

    /// Moves the cursor by rows.
    pub(crate) fn move_by(&mut self, rows: isize) {
        self.cursor = self.cursor.saturating_add_signed(rows);
        self.clamp_cursor();
    }

    fn clamp_cursor(&mut self) {
        self.cursor = self.cursor.min(self.visible.len().saturating_sub(1));
    }

    /// Keeps the cursor among `height` rows.
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

/// What is not known comes last.
fn compare_tokens(order: SortOrder, a: &ApiToken, b: &ApiToken) -> Ordering {
    let time = |get: fn(&ApiToken) -> Option<Timestamp>| {
        let key = |token| get(token).map_or((true, None), |time| (false, Some(time)));
        key(a).cmp(&key(b))
    };
    match order {
        SortOrder::Service => Ordering::Equal,
        SortOrder::Name => a
            .name
            .is_none()
            .cmp(&b.name.is_none())
            .then_with(|| a.name.cmp(&b.name)),
        SortOrder::Created => time(|token| token.created_at),
        SortOrder::Expires => time(|token| token.expires_at),
        SortOrder::LastUsed => time(|token| token.last_used_at),
    }
}

/// Whether any fact of it that one would look for has `needle` in it, which is in small letters.
fn matches_filter(token: &ApiToken, needle: &str) -> bool {
    if needle.is_empty() {
        return true;
    }
    let has = |text: &str| text.to_lowercase().contains(needle);
    let words = |words: &Option<Vec<String>>| words.iter().flatten().any(|word| has(word));
    token.name.as_deref().is_some_and(has)
        || token.id.as_ref().is_some_and(|id| has(id.as_str()))
        || token.kind.is_some_and(|kind| has(kind.label()))
        || token.prefix.as_deref().is_some_and(has)
        || words(&token.permissions)
        || words(&token.scopes)
}

/// How many tokens end when.
pub(crate) const PERIODS: [(&str, i64); 6] = [
    ("within a day", 1),
    ("within a week", 7),
    ("within a month", 30),
    ("within 3 months", 91),
    ("within a year", 366),
    ("later", i64::MAX),
];

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) label: &'static str,
    pub(crate) count: usize,
    /// The one that ends first.
    pub(crate) first: Option<(Timestamp, String)>,
}

impl TokenList {
    /// The expiries of the tokens that work: those that are over, by how soon, those that never end.
    pub(crate) fn timeline(&self, now: Timestamp) -> Vec<Span> {
        let line = |label| Span {
            label,
            count: 0,
            first: None,
        };
        let mut over = line("over");
        let mut spans: Vec<_> = PERIODS.iter().map(|(label, _)| line(label)).collect();
        let mut never = line("never");
        for token in &self.all {
            let line = match (token_state(now, token), token.expires_at) {
                (TokenState::Inactive | TokenState::Revoked, _) => continue,
                (TokenState::Expired, _) => &mut over,
                (_, None) => &mut never,
                (_, Some(end)) => {
                    let days = end.duration_since(now).as_hours() / 24;
                    let place = PERIODS.iter().position(|(_, most)| days < *most);
                    &mut spans[place.unwrap_or(PERIODS.len() - 1)]
                }
            };
            line.count += 1;
            let Some(end) = token.expires_at else {
                continue;
            };
            if line.first.as_ref().is_none_or(|(first, _)| end < *first) {
                line.first = Some((end, super::display_name(token)));
            }
        }
        std::iter::once(over).chain(spans).chain([never]).collect()
    }
}
