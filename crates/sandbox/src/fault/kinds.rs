//! What can happen to a request: the table of kinds, and the values that they are read into.

use std::time::Duration;

use axum::http::HeaderValue;
use jiff::SignedDuration;
use serde_json::Value;

/// A kind of fault.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// How its argument is written, in brackets where it may be left out; empty for none.
    pub argument: &'static str,
    /// What happens.
    pub meaning: &'static str,
    /// Reads the argument, which is empty where none was written.
    pub(super) read: fn(&str) -> Option<Act>,
}

/// What a fault does. The shapes of all faults that fit add up; the first of the others decides.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    /// Nothing: the real answer.
    Pass,
    /// Another answer; the service is not asked.
    Answer(Canned),
    /// No answer.
    Break(Break),
    /// The answer, changed.
    Shape(Shape),
}

/// An answer that no service gave.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Canned {
    /// An OAuth error, with this status.
    Error(u16, String),
    Json(u16),
    Html(u16),
    Empty(u16),
    RetryAfter {
        seconds: u32,
        status: u16,
        dated: bool,
    },
    /// To this place; to itself, where there is none.
    Redirect(u16, Option<HeaderValue>),
    /// So many megabytes of JSON.
    Big(u64),
    /// So many megabytes once it is inflated.
    GzipBomb(u64),
}

/// How a connection ends without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    Reset,
    ResetAfter,
    Close,
    Lost,
    Stall,
}

/// A change to an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Clock(SignedDuration),
    Delay(Duration),
    Without(String),
    Set(String, Value),
    Type(HeaderValue),
    Cut,
    Drip(Duration),
}

const fn kind(
    name: &'static str,
    argument: &'static str,
    meaning: &'static str,
    read: fn(&str) -> Option<Act>,
) -> Kind {
    Kind {
        name,
        argument,
        meaning,
        read,
    }
}

/// All of them.
pub static KINDS: [Kind; 25] = [
    kind(
        "pass",
        "",
        "the real answer; lets the first requests through to the faults behind it",
        |it| bare(it, Act::Pass),
    ),
    kind("pending", "", "400 `authorization_pending`", |it| {
        bare(it, oauth(400, "authorization_pending"))
    }),
    kind("slow_down", "", "400 `slow_down`", |it| {
        bare(it, oauth(400, "slow_down"))
    }),
    kind("error", "CODE", "400 with this OAuth error code", |it| {
        word(it).map(|code| oauth(400, code))
    }),
    kind(
        "error_in_200",
        "CODE",
        "the same with status 200, as GitHub answers",
        |it| word(it).map(|code| oauth(200, code)),
    ),
    kind("json", "STATUS", "this status with a JSON body", |it| {
        status(it).map(|it| Act::Answer(Canned::Json(it)))
    }),
    kind("html", "STATUS", "this status with an HTML page", |it| {
        status(it).map(|it| Act::Answer(Canned::Html(it)))
    }),
    kind("empty", "STATUS", "this status without a body", |it| {
        status(it).map(|it| Act::Answer(Canned::Empty(it)))
    }),
    kind(
        "retry_after",
        "SECONDS[,STATUS]",
        "429, or this status, with `Retry-After` in seconds",
        |it| retry(it, false),
    ),
    kind(
        "retry_date",
        "SECONDS[,STATUS]",
        "the same with `Retry-After` as a date",
        |it| retry(it, true),
    ),
    kind(
        "redirect",
        "loop, a path or a URL, and perhaps ,STATUS",
        "307, or this status, to itself, to another path, or to another host",
        redirect,
    ),
    kind("big", "[MEGABYTES]", "200 with 50 MB of JSON", |it| {
        number_or(it, 50).map(|it| Act::Answer(Canned::Big(it)))
    }),
    kind(
        "gzip_bomb",
        "[MEGABYTES]",
        "200 with a small body that inflates to 1000 MB",
        |it| number_or(it, 1000).map(|it| Act::Answer(Canned::GzipBomb(it))),
    ),
    kind(
        "reset",
        "",
        "the connection is reset when the head of the request is read",
        |it| bare(it, Act::Break(Break::Reset)),
    ),
    kind(
        "reset_after",
        "",
        "reset when the whole request is read; the service does not see it",
        |it| bare(it, Act::Break(Break::ResetAfter)),
    ),
    kind(
        "close",
        "",
        "closed when the whole request is read; the service does not see it",
        |it| bare(it, Act::Break(Break::Close)),
    ),
    kind(
        "lost",
        "",
        "the service does what it was asked, and the answer is lost in a reset",
        |it| bare(it, Act::Break(Break::Lost)),
    ),
    kind(
        "stall",
        "",
        "the request is read and never answered",
        |it| bare(it, Act::Break(Break::Stall)),
    ),
    kind("delay", "TIME", "the answer comes so much later", |it| {
        time(it).map(|it| Act::Shape(Shape::Delay(it)))
    }),
    kind(
        "drip",
        "[TIME]",
        "the body comes byte by byte, one each 500 ms",
        |it| {
            let pace = if it.is_empty() { "500ms" } else { it };
            time(pace).map(|it| Act::Shape(Shape::Drip(it)))
        },
    ),
    kind(
        "cut",
        "",
        "the connection breaks in the middle of the body",
        |it| bare(it, Act::Shape(Shape::Cut)),
    ),
    kind(
        "type",
        "[MEDIA TYPE]",
        "the answer says that it is text/plain, or this",
        |it| {
            let kind = if it.is_empty() { "text/plain" } else { it };
            let kind = HeaderValue::from_str(kind).ok()?;
            Some(Act::Shape(Shape::Type(kind)))
        },
    ),
    kind(
        "without",
        "MEMBER",
        "the JSON answer lacks this member",
        |it| word(it).map(|it| Act::Shape(Shape::Without(it.to_owned()))),
    ),
    kind(
        "set",
        "MEMBER=JSON",
        "the JSON answer has this member; what is no JSON is a text",
        set,
    ),
    kind(
        "clock",
        "TIME or -TIME",
        "the server's clock is wrong by so much, in `Date` and in all that it does",
        |it| offset(it).map(|it| Act::Shape(Shape::Clock(it))),
    ),
];

fn bare(argument: &str, act: Act) -> Option<Act> {
    argument.is_empty().then_some(act)
}

fn oauth(status: u16, code: &str) -> Act {
    Act::Answer(Canned::Error(status, code.to_owned()))
}

fn word(text: &str) -> Option<&str> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (!text.is_empty() && text.chars().all(fine)).then_some(text)
}

/// A final status that HTTP knows.
fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|it| (200..600).contains(it))
}

fn number_or(text: &str, usual: u64) -> Option<u64> {
    // A terabyte of zeros helps nobody.
    const MOST: u64 = 100_000;
    if text.is_empty() {
        return Some(usual);
    }
    text.parse().ok().filter(|it| (1..=MOST).contains(it))
}

/// Takes a `,STATUS` off the end of an argument.
fn with_status(text: &str, usual: u16) -> (&str, u16) {
    let split = text.rsplit_once(',');
    let split = split.and_then(|(before, it)| Some((before, status(it)?)));
    split.unwrap_or((text, usual))
}

fn retry(text: &str, dated: bool) -> Option<Act> {
    let (seconds, status) = with_status(text, 429);
    Some(Act::Answer(Canned::RetryAfter {
        seconds: seconds.parse().ok()?,
        status,
        dated,
    }))
}

fn redirect(text: &str) -> Option<Act> {
    let (target, status) = with_status(text, 307);
    let place = match target {
        "" => return None,
        "loop" => None,
        place => Some(HeaderValue::from_str(place).ok()?),
    };
    Some(Act::Answer(Canned::Redirect(status, place)))
}

fn set(text: &str) -> Option<Act> {
    let (member, value) = text.split_once('=')?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Some(Act::Shape(Shape::Set(word(member)?.to_owned(), value)))
}

/// Whatever is longer is a slip, and would leave the calendar.
const CENTURY: u64 = 100 * 366 * 86_400_000;

/// `500ms`, `90` or `90s`, `5m`, `2h`, `3d`.
fn time(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let factor = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let length = number.parse::<u64>().ok()?.checked_mul(factor)?;
    (length <= CENTURY).then(|| Duration::from_millis(length))
}

fn offset(text: &str) -> Option<SignedDuration> {
    let (back, length) = match text.strip_prefix('-') {
        Some(length) => (true, length),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let length = SignedDuration::try_from(time(length)?).ok()?;
    Some(if back { -length } else { length })
}
