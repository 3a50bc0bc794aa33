//! Rendering: the only writer of streams.
//!
//! [`Shell`] owns stdout and stderr: the result goes to stdout, everything else to stderr. The rest makes text of
//! values: [`Line`] and [`Span`] (text with a meaning), [`Table`] and [`Facts`] (columns and name–value lists),
//! [`humane`] (times and durations), [`qr()`], [`Progress`]; [`ask`] reads what the user types. No logic: what is asked
//! or shown is said elsewhere.

pub mod ask;
mod capture;
mod defect;
mod facts;
pub mod humane;
mod json;
mod line;
mod long_document;
mod look;
mod progress;
mod qr;
#[cfg(feature = "tui")]
mod screen;
mod sessions;
mod shell;
mod streams;
mod table;
mod tokens;
mod width;
mod wrap;

pub use capture::Captured;
pub use defect::hide_panics;
pub use facts::Facts;
pub use line::{Line, Span, Style};
pub use long_document::LongDocument;
pub use look::{ColorWhen, Look};
pub use progress::Progress;
pub use qr::qr;
#[cfg(feature = "tui")]
pub use screen::Screen;
pub use sessions::session_words;
pub use shell::{Options, Shell};
pub use streams::OutputError;
pub use table::{Column, Table};
pub use tokens::{Life, life, token_facts};
pub use width::{fitted, tail};
