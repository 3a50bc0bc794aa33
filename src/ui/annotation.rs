//! Annotations of GitHub Actions: lines that the runner shows at a place in a file, and in the summary of the job.
//!
//! GitHub: "Workflow commands for GitHub Actions".

use super::{OutputError, Shell};
use crate::domain::{Severity, sanitize_line};

/// What the runner shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    pub severity: Severity,
    pub title: String,
    pub message: String,
    pub file: Option<String>,
    /// Line and column, from 1.
    pub position: Option<(u64, u64)>,
}

impl Annotation {
    fn line(&self) -> String {
        let command = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = Vec::new();
        if let Some(file) = &self.file {
            properties.push(format!("file={}", escape_property(file)));
        }
        if let Some((line, column)) = self.position {
            properties.push(format!("line={line},col={column}"));
        }
        properties.push(format!("title={}", escape_property(&self.title)));
        let message = escape(&self.message);
        format!("::{command} {}::{message}\n", properties.join(","))
    }
}

/// The line breaks are escaped before the other control characters are removed.
fn escape(text: &str) -> String {
    let text = text.replace('%', "%25");
    let text = text.replace('\r', "%0D").replace('\n', "%0A");
    sanitize_line(&text)
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

impl Shell {
    /// Writes annotations to stdout, or to stderr if stdout has a document: the runner reads both.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn annotations(
        &self,
        annotations: &[Annotation],
        has_document: bool,
    ) -> Result<(), OutputError> {
        let text: String = annotations.iter().map(Annotation::line).collect();
        if has_document {
            self.to_stderr(&text);
            return Ok(());
        }
        self.to_stdout(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_the_runner_expects() {
        let whole = Annotation {
            severity: Severity::Error,
            title: "a: 100%, b".to_owned(),
            message: "one: 1%\r\ntwo::three\u{1b}[2J".to_owned(),
            file: Some("a,b:c%0A\n.txt".to_owned()),
            position: Some((2, 3)),
        };
        let line = "::error file=a%2Cb%3Ac%250A%0A.txt,line=2,col=3,title=a%3A 100%25%2C b\
                    ::one: 1%25%0D%0Atwo::three[2J\n";
        assert_eq!(whole.line(), line);
        let short = Annotation {
            severity: Severity::Info,
            title: "t".to_owned(),
            message: "m".to_owned(),
            file: None,
            position: None,
        };
        assert_eq!(short.line(), "::notice title=t::m\n");
    }
}
