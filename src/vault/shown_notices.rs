//! Records which notices were shown on which day. The file contains no secret, and nothing else relies on it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Vault, atomic, secret_file};

const FILE: &str = "shown-notices.json";
/// Older entries are dropped, in days.
const KEPT: i32 = 2;

#[derive(Debug, Default, Serialize, Deserialize)]
struct ShownNotices {
    days: BTreeMap<String, Date>,
}

impl Vault {
    /// Records that the notice `key` is shown on `day`; returns `false` if it was shown on that day. Takes no lock, and a file
    /// that cannot be read or written is ignored: a notice that is shown twice does no harm.
    pub fn record_shown_notice(&self, key: &str, day: Date) -> bool {
        let path = self.directory().join(FILE);
        let read = secret_file::read(&path).ok().flatten();
        let read = read.and_then(|bytes| serde_json::from_slice::<ShownNotices>(&bytes).ok());
        let mut shown = read.unwrap_or_default();
        if shown.days.get(key) == Some(&day) {
            return false;
        }
        let is_recent = |shown: &Date| {
            let age = day.since(*shown).map_or(i32::MAX, |age| age.get_days());
            (0..=KEPT).contains(&age)
        };
        shown.days.retain(|_, day| is_recent(day));
        shown.days.insert(key.to_owned(), day);
        if self.directory().is_dir()
            && let Ok(bytes) = serde_json::to_vec(&shown)
        {
            let _lost = atomic::write(self.directory(), FILE, &bytes);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notice_is_new_once_a_day_and_old_entries_are_dropped() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        let day = |day: i8| Date::constant(2026, 1, day);
        assert!(vault.record_shown_notice("a", day(1)));
        assert!(vault.record_shown_notice("a", day(1)), "nothing is created");
        super::super::permissions::ensure_private_directory(vault.directory()).unwrap();
        let shown = [("a", 1), ("a", 1), ("b", 1), ("a", 2), ("b", 9), ("a", 9)];
        let shown = shown.map(|(key, on)| vault.record_shown_notice(key, day(on)));
        assert_eq!(shown, [true, false, true, true, true, true]);
        let text = std::fs::read_to_string(vault.directory().join(FILE)).unwrap();
        assert_eq!(text, r#"{"days":{"a":"2026-01-09","b":"2026-01-09"}}"#);
    }
}
