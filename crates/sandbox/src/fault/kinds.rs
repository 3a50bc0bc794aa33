//! The kinds of fault, and the effects that they are parsed into.

use std::time::Duration;

use axum::http::HeaderValue;
use jiff::SignedDuration;
use serde_json::Value;

/// A kind of fault.
pub struct Kind {
    /// Its name in a fault: `ENDPOINT=NAME`.
    pub name: &'static str,
    /// The form of its argument, in brackets if optional; empty for none.
    pub argument: &'static str,
    /// The effect, for the documentation.
    pub meaning: &'static str,
    /// Parses the argument, which is empty if missing.
    pub(super) parse: fn(&str) -> Option<Effect>,
}

/// The effect of a fault. All matching mutations apply; of the other effects the first one wins.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// Lets the request through.
    Pass,
    /// Responds without calling the service.
    Respond(SyntheticResponse),
    /// Breaks the connection instead of responding.
    Break(ConnectionFault),
    /// Changes the response.
    Mutate(Mutation),
}

/// A response that does not come from the service. Each variant begins with its status.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SyntheticResponse {
    /// An OAuth error with this status and code.
    Error(u16, String),
    /// An OAuth error whose code fits the status.
    Json(u16),
    Html(u16),
    /// No body.
    Empty(u16),
    RetryAfter {
        seconds: u32,
        status: u16,
        /// Sends `Retry-After` as a date instead of seconds.
        is_date: bool,
    },
    /// Redirects to this location; `None` redirects to the same URL.
    Redirect(u16, Option<HeaderValue>),
    /// This many megabytes of JSON.
    Big(u64),
    /// This many megabytes after decompression.
    GzipBomb(u64),
}

/// How a connection ends without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConnectionFault {
    /// Resets after the head of the request.
    Reset,
    /// Resets after the whole request, which the service does not receive.
    ResetAfter,
    /// Closes after the whole request, which the service does not receive.
    Close,
    /// Resets after the service processed the request.
    Lost,
    /// Sends nothing and stays open.
    Stall,
}

/// A change to a response, or to its request.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mutation {
    /// Adds an offset to the server's clock.
    Clock(SignedDuration),
    Delay(Duration),
    /// Removes a parameter of the request, before the service receives it.
    Ignore(String),
    /// Removes a member of the JSON response, or a parameter of a redirect.
    Without(String),
    /// Sets a member of the JSON response, or a parameter of a redirect.
    Set(String, Value),
    /// Replaces the content type.
    Type(HeaderValue),
    Encode(BodyEncoding),
    /// Continues a header on a second line.
    Folded,
    /// Sends the whole body and closes without the end of the message.
    NoEnd,
    /// Sends half of the body.
    Cut,
    /// Sends one byte per interval.
    Drip(Duration),
}

/// How a body is encoded, although the client did not ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyEncoding {
    ByteOrderMark,
    Gzip,
    Latin1,
}

const fn kind(
    name: &'static str,
    argument: &'static str,
    meaning: &'static str,
    parse: fn(&str) -> Option<Effect>,
) -> Kind {
    Kind {
        name,
        argument,
        meaning,
        parse,
    }
}

/// All kinds of fault.
pub static KINDS: [Kind; 32] = [
    kind(
        "pass",
        "",
        "the real response; lets requests pass before the next fault",
        |it| no_argument(it, Effect::Pass),
    ),
    kind("pending", "", "400 `authorization_pending`", |it| {
        no_argument(it, oauth_error(400, "authorization_pending"))
    }),
    kind("slow_down", "", "400 `slow_down`", |it| {
        no_argument(it, oauth_error(400, "slow_down"))
    }),
    kind("error", "CODE", "400 with this OAuth error code", |it| {
        identifier(it).map(|code| oauth_error(400, code))
    }),
    kind(
        "error_in_200",
        "CODE",
        "the same with status 200, as GitHub responds",
        |it| identifier(it).map(|code| oauth_error(200, code)),
    ),
    kind("json", "STATUS", "this status with a JSON body", |it| {
        status(it).map(|it| Effect::Respond(SyntheticResponse::Json(it)))
    }),
    kind("html", "STATUS", "this status with an HTML page", |it| {
        status(it).map(|it| Effect::Respond(SyntheticResponse::Html(it)))
    }),
    kind("empty", "STATUS", "this status without a body", |it| {
        status(it).map(|it| Effect::Respond(SyntheticResponse::Empty(it)))
    }),
    kind(
        "retry_after",
        "SECONDS[,STATUS]",
        "429, or this status, with `Retry-After` in seconds",
        |it| retry_after(it, false),
    ),
    kind(
        "retry_date",
        "SECONDS[,STATUS]",
        "the same with `Retry-After` as a date",
        |it| retry_after(it, true),
    ),
    kind(
        "redirect",
        "loop, a path or a URL[,STATUS]",
        "307, or this status, to itself, to another path, or to another host",
        redirect,
    ),
    kind("big", "[MEGABYTES]", "200 with 50 MB of JSON", |it| {
        number_or(it, 50).map(|it| Effect::Respond(SyntheticResponse::Big(it)))
    }),
    kind(
        "gzip_bomb",
        "[MEGABYTES]",
        "200 with a small body that inflates to 1000 MB",
        |it| number_or(it, 1000).map(|it| Effect::Respond(SyntheticResponse::GzipBomb(it))),
    ),
    kind(
        "reset",
        "",
        "the connection is reset after the request head is read",
        |it| no_argument(it, Effect::Break(ConnectionFault::Reset)),
    ),
    kind(
        "reset_after",
        "",
        "reset after the whole request is read; the service does not receive it",
        |it| no_argument(it, Effect::Break(ConnectionFault::ResetAfter)),
    ),
    kind(
        "close",
        "",
        "closed after the whole request is read; the service does not receive it",
        |it| no_argument(it, Effect::Break(ConnectionFault::Close)),
    ),
    kind(
        "lost",
        "",
        "the service processes the request, and the connection is reset instead of responding",
        |it| no_argument(it, Effect::Break(ConnectionFault::Lost)),
    ),
    kind(
        "stall",
        "",
        "the request is read, but no response is sent",
        |it| no_argument(it, Effect::Break(ConnectionFault::Stall)),
    ),
    kind("delay", "TIME", "the response is delayed", |it| {
        duration(it).map(|it| Effect::Mutate(Mutation::Delay(it)))
    }),
    kind(
        "drip",
        "[TIME]",
        "the body is sent byte by byte, one every 500 ms",
        |it| {
            let interval = if it.is_empty() { "500ms" } else { it };
            duration(interval).map(|it| Effect::Mutate(Mutation::Drip(it)))
        },
    ),
    kind(
        "cut",
        "",
        "the connection breaks in the middle of the body",
        |it| no_argument(it, Effect::Mutate(Mutation::Cut)),
    ),
    kind(
        "type",
        "[MEDIA TYPE]",
        "the content type is text/plain, or this",
        |it| {
            let media_type = if it.is_empty() { "text/plain" } else { it };
            let media_type = HeaderValue::from_str(media_type).ok()?;
            Some(Effect::Mutate(Mutation::Type(media_type)))
        },
    ),
    kind(
        "ignore",
        "PARAMETER",
        "the service does not receive this parameter of the form",
        |it| identifier(it).map(|it| Effect::Mutate(Mutation::Ignore(it.to_owned()))),
    ),
    kind(
        "without",
        "MEMBER",
        "removes this member from the JSON response, or this parameter from the URL of a redirect",
        |it| identifier(it).map(|it| Effect::Mutate(Mutation::Without(it.to_owned()))),
    ),
    kind(
        "set",
        "MEMBER=JSON",
        "sets this member of the JSON response, or this parameter in the URL of a redirect; a value that is not JSON is a string",
        set,
    ),
    kind("bom", "", "a byte order mark before the body", |it| {
        no_argument(it, encode(BodyEncoding::ByteOrderMark))
    }),
    kind(
        "gzip",
        "",
        "the body is compressed, although the client did not ask for it",
        |it| no_argument(it, encode(BodyEncoding::Gzip)),
    ),
    kind(
        "charset",
        "",
        "the JSON is in ISO-8859-1, with a member that is not ASCII",
        |it| no_argument(it, encode(BodyEncoding::Latin1)),
    ),
    kind(
        "error_null",
        "",
        "adds `\"error\": null` to the JSON response",
        |it| {
            let set = Mutation::Set("error".to_owned(), Value::Null);
            no_argument(it, Effect::Mutate(set))
        },
    ),
    kind(
        "folded",
        "",
        "a header is continued on a second line (obsolete line folding)",
        |it| no_argument(it, Effect::Mutate(Mutation::Folded)),
    ),
    kind(
        "no_close_notify",
        "",
        "the whole body is sent, and the connection is closed without the end of the message, as TLS without `close_notify`",
        |it| no_argument(it, Effect::Mutate(Mutation::NoEnd)),
    ),
    kind(
        "clock",
        "TIME or -TIME",
        "the server's clock is wrong by this much, in `Date` and in all it does",
        |it| signed_duration(it).map(|it| Effect::Mutate(Mutation::Clock(it))),
    ),
];

fn no_argument(argument: &str, effect: Effect) -> Option<Effect> {
    argument.is_empty().then_some(effect)
}

fn encode(encoding: BodyEncoding) -> Effect {
    Effect::Mutate(Mutation::Encode(encoding))
}

fn oauth_error(status: u16, code: &str) -> Effect {
    Effect::Respond(SyntheticResponse::Error(status, code.to_owned()))
}

fn identifier(text: &str) -> Option<&str> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (!text.is_empty() && text.chars().all(is_allowed)).then_some(text)
}

/// Parses a final HTTP status.
fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|it| (200..600).contains(it))
}

fn number_or(text: &str, default: u64) -> Option<u64> {
    const MAX: u64 = 100_000;
    if text.is_empty() {
        return Some(default);
    }
    text.parse().ok().filter(|it| (1..=MAX).contains(it))
}

/// Splits a trailing `,STATUS` off an argument.
fn split_status(text: &str, default: u16) -> (&str, u16) {
    let split = text.rsplit_once(',');
    let split = split.and_then(|(before, it)| Some((before, status(it)?)));
    split.unwrap_or((text, default))
}

fn retry_after(text: &str, is_date: bool) -> Option<Effect> {
    let (seconds, status) = split_status(text, 429);
    Some(Effect::Respond(SyntheticResponse::RetryAfter {
        seconds: seconds.parse().ok()?,
        status,
        is_date,
    }))
}

fn redirect(text: &str) -> Option<Effect> {
    let (target, status) = split_status(text, 307);
    let location = match target {
        "" => return None,
        "loop" => None,
        location => Some(HeaderValue::from_str(location).ok()?),
    };
    Some(Effect::Respond(SyntheticResponse::Redirect(
        status, location,
    )))
}

fn set(text: &str) -> Option<Effect> {
    let (member, value) = text.split_once('=')?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Some(Effect::Mutate(Mutation::Set(
        identifier(member)?.to_owned(),
        value,
    )))
}

/// The longest duration in milliseconds, a century. A longer one is a typing error, and would leave the calendar.
const MAX_DURATION: u64 = 100 * 366 * 86_400_000;

/// Parses `500ms`, `90` or `90s`, `5m`, `2h`, `3d`.
fn duration(text: &str) -> Option<Duration> {
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
    (length <= MAX_DURATION).then(|| Duration::from_millis(length))
}

fn signed_duration(text: &str) -> Option<SignedDuration> {
    let (is_negative, length) = match text.strip_prefix('-') {
        Some(length) => (true, length),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let length = SignedDuration::try_from(duration(length)?).ok()?;
    Some(if is_negative { -length } else { length })
}
