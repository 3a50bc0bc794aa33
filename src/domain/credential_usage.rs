//! What a credential was used for, as far as this program saw it: the requests that succeeded, and the programs that got the
//! credential itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::path_pattern::{below_first_segment, path_pattern};

/// Beyond this number of requests, further ones are recorded by their first segment.
const MAX_REQUESTS: usize = 500;
/// Beyond this number, further first segments are recorded as one.
const MAX_FIRST_SEGMENTS: usize = 550;
const MAX_HANDOVERS: usize = 50;

/// A longer method is not one of HTTP.
const MAX_METHOD: usize = 16;

/// A method and a pattern of paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedRequest {
    pub method: String,
    /// Below the API base URL. From the root of the server, it begins with two slashes.
    pub path: String,
    /// The first and the last day, in UTC.
    pub first: Date,
    pub last: Date,
}

impl UsedRequest {
    pub fn new(method: &str, path: &str, day: Date) -> Self {
        let is_method =
            method.len() <= MAX_METHOD && method.bytes().all(|it| it.is_ascii_uppercase());
        let from_root = if path.starts_with("//") { "/" } else { "" };
        Self {
            method: if is_method { method } else { "OTHER" }.to_owned(),
            path: format!("{from_root}{}", path_pattern(path)),
            first: day,
            last: day,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.method == other.method && self.path == other.path
    }

    /// Returns `true` if the path is the one of a single resource, which can be requested again.
    pub fn is_concrete(&self) -> bool {
        !self.path.contains('*') && !self.path.starts_with("//")
    }
}

/// A program that got the credential, and may have sent any request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOut {
    /// The command or the protocol: `exec`, `credential print`, `git`.
    pub to: String,
    pub first: Date,
    pub last: Date,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialUsage {
    #[serde(default)]
    pub requests: Vec<UsedRequest>,
    #[serde(default)]
    pub handed_out: Vec<HandedOut>,
}

impl CredentialUsage {
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.handed_out.is_empty()
    }

    /// Returns the first and the last recorded day.
    pub fn days(&self) -> Option<(Date, Date)> {
        let requests = self.requests.iter().map(|it| (it.first, it.last));
        let handed_out = self.handed_out.iter().map(|it| (it.first, it.last));
        let widen =
            |one: (Date, Date), other: (Date, Date)| (one.0.min(other.0), one.1.max(other.1));
        requests.chain(handed_out).reduce(widen)
    }

    /// Returns `true` if [`Self::record`] would change nothing.
    pub fn contains(&self, new: &Self) -> bool {
        let mut recorded = self.clone();
        recorded.record(new);
        recorded == *self
    }

    /// Adds a use of today. A later day of the same use is from a wrong clock, and is replaced.
    pub fn record(&mut self, new: &Self) {
        for request in &new.requests {
            if let Some(known) = self.find(request) {
                replace_later_day(&mut known.last, request.last);
            }
        }
        for handed_out in &new.handed_out {
            if let Some(known) = self.find_handover(&handed_out.to) {
                replace_later_day(&mut known.last, handed_out.last);
            }
        }
        self.merge(new);
    }

    /// Replaces days after `today`, which are from a wrong clock: by the first day of the use, or else by `today`.
    pub fn limit_days(&mut self, today: Date) {
        let requests = self.requests.iter_mut();
        let requests = requests.map(|it| (&mut it.first, &mut it.last));
        let handed_out = self.handed_out.iter_mut();
        let handed_out = handed_out.map(|it| (&mut it.first, &mut it.last));
        for (first, last) in requests.chain(handed_out) {
            *first = (*first).min(today);
            if *last > today {
                *last = *first;
            }
        }
    }

    pub fn add_request(&mut self, mut request: UsedRequest) {
        if self.requests.len() >= MAX_REQUESTS && self.find(&request).is_none() {
            request.path = below_first_segment(&request.path);
            if self.requests.len() >= MAX_FIRST_SEGMENTS && self.find(&request).is_none() {
                "OTHER".clone_into(&mut request.method);
                "/**".clone_into(&mut request.path);
            }
        }
        let Some(known) = self.find(&request) else {
            self.requests.push(request);
            return;
        };
        known.first = known.first.min(request.first);
        known.last = known.last.max(request.last);
    }

    fn find(&mut self, request: &UsedRequest) -> Option<&mut UsedRequest> {
        self.requests.iter_mut().find(|it| it.is_same(request))
    }

    fn find_handover(&mut self, to: &str) -> Option<&mut HandedOut> {
        self.handed_out.iter_mut().find(|it| it.to == to)
    }

    pub fn add_handover(&mut self, handed_out: HandedOut) {
        if let Some(known) = self.find_handover(&handed_out.to) {
            known.first = known.first.min(handed_out.first);
            known.last = known.last.max(handed_out.last);
        } else if self.handed_out.len() < MAX_HANDOVERS {
            self.handed_out.push(handed_out);
        }
    }

    /// Adds what `other` has.
    pub fn merge(&mut self, other: &Self) {
        for request in &other.requests {
            self.add_request(request.clone());
        }
        for handed_out in &other.handed_out {
            self.add_handover(handed_out.clone());
        }
    }
}

/// Replaces `last` by `today` if it is in the future. The next day is kept: another process recorded it after midnight.
fn replace_later_day(last: &mut Date, today: Date) {
    if today.tomorrow().is_ok_and(|tomorrow| *last > tomorrow) {
        *last = today;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2026, 11, day)
    }

    #[test]
    fn day_in_the_future_is_replaced_by_the_next_use_and_not_returned_before() {
        let request = |on| UsedRequest::new("GET", "/a", on);
        let handover = |on| HandedOut {
            to: "git".to_owned(),
            first: on,
            last: on,
        };
        let used = |on: &[i8]| {
            let mut usage = CredentialUsage::default();
            for on in on {
                usage.add_request(request(day(*on)));
                usage.add_handover(handover(day(*on)));
            }
            usage
        };
        for (recorded, shown, used_again) in [
            (&[2, 20][..], (2, 2), (2, 7)),
            (&[19, 20], (5, 5), (7, 7)),
            (&[2, 5], (2, 5), (2, 7)),
        ] {
            let expected = |(first, last)| Some((day(first), day(last)));
            let mut limited = used(recorded);
            limited.limit_days(day(5));
            assert_eq!(limited.days(), expected(shown), "{recorded:?}");
            let mut again = used(recorded);
            assert!(!again.contains(&used(&[7])), "{recorded:?}");
            again.record(&used(&[7]));
            assert_eq!(again.days(), expected(used_again), "{recorded:?}");
        }
    }

    #[test]
    fn equal_requests_are_one_with_the_first_and_the_last_day() {
        let mut usage = CredentialUsage::default();
        usage.add_request(UsedRequest::new("GET", "/api/items/7?x=1", day(3)));
        usage.add_request(UsedRequest::new("GET", "/api/items/8", day(5)));
        usage.add_request(UsedRequest::new("POST", "/api/items/8", day(4)));
        usage.add_request(UsedRequest::new("brew me", "//other/api", day(4)));
        let shown = usage.requests.iter();
        let shown: Vec<_> = shown
            .map(|it| (it.method.as_str(), it.path.as_str(), it.first, it.last))
            .collect();
        assert_eq!(
            shown,
            [
                ("GET", "/api/items/*", day(3), day(5)),
                ("POST", "/api/items/*", day(4), day(4)),
                ("OTHER", "//other/api", day(4), day(4)),
            ]
        );
        assert_eq!(usage.days(), Some((day(3), day(5))));
        assert!(!usage.requests[0].is_concrete() && !usage.requests[2].is_concrete());
    }

    #[test]
    fn number_of_requests_is_bounded_and_the_rest_is_merged_by_first_segment() {
        let mut usage = CredentialUsage::default();
        let word = |number: usize| {
            let letter =
                |shift: usize| char::from(b'a' + u8::try_from(number / shift % 26).unwrap());
            format!("o{}u{}", letter(26), letter(1))
        };
        for number in 0..MAX_REQUESTS + 20 {
            usage.add_request(UsedRequest::new(
                "GET",
                &format!("/api/{}", word(number)),
                day(1),
            ));
        }
        assert_eq!(usage.requests.len(), MAX_REQUESTS + 1);
        assert_eq!(usage.requests.last().unwrap().path, "/api/**");
        for number in 0..200 {
            usage.add_request(UsedRequest::new(
                "GET",
                &format!("/{}/x", word(number)),
                day(1),
            ));
        }
        assert_eq!(usage.requests.len(), MAX_FIRST_SEGMENTS + 1);
        assert_eq!(usage.requests.last().unwrap().path, "/**");
        let mut again = CredentialUsage::default();
        again.add_request(UsedRequest::new("GET", "/new/x", day(1)));
        assert!(usage.contains(&again));
    }

    #[test]
    fn handover_is_recorded_once_for_each_program() {
        let mut usage = CredentialUsage::default();
        let handover = |to: &str, on| HandedOut {
            to: to.to_owned(),
            first: day(on),
            last: day(on),
        };
        usage.add_handover(handover("git", 1));
        let before = usage.clone();
        usage.add_handover(handover("git", 2));
        assert!(usage.contains(&before) && !before.contains(&usage));
        usage.add_handover(handover("exec", 2));
        assert_eq!(usage.handed_out.len(), 2);
        assert_eq!(usage.days(), Some((day(1), day(2))));
        let mut merged = CredentialUsage::default();
        merged.merge(&usage);
        assert_eq!(merged, usage);
    }
}
