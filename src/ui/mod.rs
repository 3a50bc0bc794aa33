//! Rendering: the only writer of streams.
//!
//! [`Shell`] owns stdout and stderr: the result goes to stdout, everything else to stderr. The rest makes text of
//! values: [`Line`] and [`Span`] (text with a meaning), [`Table`] and [`KeyValues`] (columns and name–value lists),
//! [`qr()`], [`Progress`]; [`prompt`] reads what the user types. Callers decide what is asked and shown.

mod annotation;
mod filter_error;
mod jq_filter;
mod jq_process;
mod jq_run;
mod json;
mod key_values;
mod line;
mod output_filter;
mod panic_hook;
mod progress;
pub mod prompt;
mod qr;
#[cfg(feature = "tui")]
mod screen;
mod shell;
mod shell_documents;
mod status_label;
mod stream_style;
mod streamed_json;
mod streams;
mod table;
mod template;
mod test_buffer;
mod tokens;
mod width;
mod wrap;

pub use annotation::Annotation;
pub use filter_error::FilterError;
pub use jq_filter::JqFilter;
pub use jq_process::run_jq_process;
pub use jq_run::Evaluation;
pub use json::Document;
pub use key_values::KeyValues;
pub use line::{Line, Span, Style};
pub use output_filter::OutputFilter;
pub use panic_hook::install_panic_hook;
pub use progress::Progress;
pub use qr::qr;
#[cfg(feature = "tui")]
pub use screen::Screen;
pub use shell::{Mask, Options, Shell, TestShell};
pub use status_label::{profile_status_label, status_label};
pub use stream_style::{ColorWhen, StreamStyle};
pub use streamed_json::StreamedJson;
pub use streams::OutputError;
pub use table::{Column, Table};
pub use template::Template;
pub use test_buffer::TestBuffer;
pub use tokens::{format_expiry, token_key_values, token_state_label};
pub use width::{pad_or_truncate, tail};
