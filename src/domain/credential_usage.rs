//! The uses of a credential that this program recorded: the requests that succeeded, and the programs that received the
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

    /// Returns `true` if [`Self::merge`] would change nothing.
    pub fn contains(&self, other: &Self) -> bool {
        let mut merged = self.clone();
        merged.merge(other);
        merged == *self
    }

    /// Replaces days after `today` by `today`. A clock was wrong; the use may have been today.
    pub fn limit_days(&mut self, today: Date) {
        let requests = self.requests.iter_mut();
        let requests = requests.map(|it| (&mut it.first, &mut it.last));
        let handed_out = self.handed_out.iter_mut();
        let handed_out = handed_out.map(|it| (&mut it.first, &mut it.last));
        for (first, last) in requests.chain(handed_out) {
            *first = (*first).min(today);
            *last = (*last).min(today);
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

    pub fn add_handover(&mut self, handed_out: HandedOut) {
        let known = self.handed_out.iter_mut();
        let known = known.into_iter().find(|it| it.to == handed_out.to);
        if let Some(known) = known {
            known.first = known.first.min(handed_out.first);
            known.last = known.last.max(handed_out.last);
        } else if self.handed_out.len() < MAX_HANDOVERS {
            self.handed_out.push(handed_out);
        }
    }

    /// Adds the requests and handovers of `other`.
    pub fn merge(&mut self, other: &Self) {
        for request in &other.requests {
            self.add_request(request.clone());
        }
        for handed_out in &other.handed_out {
            self.add_handover(handed_out.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2026, 11, day)
    }

    #[test]
    fn day_in_the_future_counts_as_today() {
        let handover = |first, last| HandedOut {
            to: "git".to_owned(),
            first: day(first),
            last: day(last),
        };
        for (recorded, shown) in [((2, 20), (2, 5)), ((19, 20), (5, 5)), ((2, 4), (2, 4))] {
            let mut usage = CredentialUsage::default();
            usage.add_handover(handover(recorded.0, recorded.1));
            for on in [recorded.0, recorded.1] {
                usage.add_request(UsedRequest::new("GET", "/a", day(on)));
            }
            usage.limit_days(day(5));
            assert_eq!(usage.days(), Some((day(shown.0), day(shown.1))));
            assert_eq!(usage.handed_out, [handover(shown.0, shown.1)]);
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
