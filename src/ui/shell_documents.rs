//! The part of [`Shell`] that writes JSON documents, and bytes of other programs and servers.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Document, Evaluation, OutputError, Shell, StreamedJson, jq_filter};
use crate::domain::Secret;

impl Shell {
    /// Writes a JSON document with a list that is too long for memory.
    ///
    /// # Errors
    /// As [`Shell::result`], and if its temporary file cannot be read.
    pub fn streamed_json(&self, document: StreamedJson) -> Result<(), OutputError> {
        if self.filter.is_none() {
            return document.write_to(|text| self.to_stdout(text));
        }
        let mut whole = String::new();
        document.write_to(|text| {
            whole.push_str(text);
            Ok(())
        })?;
        self.filtered(whole.as_bytes())
    }

    /// Writes `value` to stdout as a JSON document: filtered, or indented on a terminal, else on one line.
    ///
    /// # Errors
    /// As [`Shell::result`], and [`OutputError::Filter`].
    pub fn document(&self, value: &impl Serialize) -> Result<(), OutputError> {
        self.evaluated_document(&Document::new(value)?, Evaluation::Here)
    }

    /// As [`Shell::document`]; the filter is evaluated where `evaluation` says.
    ///
    /// # Errors
    /// As [`Shell::document`].
    pub fn evaluated_document(
        &self,
        document: &Document,
        evaluation: Evaluation,
    ) -> Result<(), OutputError> {
        let Some(filter) = &self.filter else {
            return self.unfiltered_document(document);
        };
        let mut write = |text: &str| self.to_stdout(text);
        filter.run(
            document.bytes(),
            &self.stdout_style(),
            evaluation,
            &mut write,
        )
    }

    pub fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// Returns `true` if the filter prints the same for another secret in the document, so that it does not print the whole
    /// secret.
    pub fn filter_omits_secret(&self, document: &Document) -> bool {
        let Some(filter) = &self.filter else {
            return false;
        };
        // Comparing the output with the secret would miss a secret that is encoded, such as in base64.
        let digest_of = |document: &Document| {
            let mut digest = Sha256::new();
            let mut write = |text: &str| {
                digest.update(text);
                Ok(())
            };
            let style = &self.stdout_style();
            let done = filter.run(document.bytes(), style, Evaluation::Elsewhere, &mut write);
            done.ok().map(|()| digest.finalize())
        };
        let printed = digest_of(document);
        let other = document.with_other_secret();
        printed.is_some() && printed == other.and_then(|other| digest_of(&other))
    }

    /// Writes a JSON document of a server to stdout: indented on a terminal, else unchanged.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn json_text(&self, text: &[u8]) -> Result<(), OutputError> {
        if self.indented_json(text)? {
            return Ok(());
        }
        self.bytes(text)?;
        self.to_stdout("\n")
    }

    /// Writes JSON indented if stdout is a terminal. Returns `false`, and writes nothing, for anything else.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn indented_json(&self, text: &[u8]) -> Result<bool, OutputError> {
        let stream = self.stdout_style();
        let is_object = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
        if !stream.terminal || !is_object {
            return Ok(false);
        }
        let Ok(indented) = jq_filter::indent(text, &stream) else {
            return Ok(false);
        };
        self.to_stdout(&indented)?;
        Ok(true)
    }

    /// Writes what the filter makes of a JSON document to stdout; without a filter the document.
    ///
    /// # Errors
    /// As [`Shell::document`].
    pub fn filtered(&self, document: &[u8]) -> Result<(), OutputError> {
        let Some(filter) = &self.filter else {
            return self.to_stdout(&String::from_utf8_lossy(document));
        };
        let mut write = |text: &str| self.to_stdout(text);
        filter.run(document, &self.stdout_style(), Evaluation::Here, &mut write)
    }

    /// Writes the JSON document to stdout, whatever the filter is.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn unfiltered_document(&self, document: &Document) -> Result<(), OutputError> {
        if self.indented_json(document.bytes())? {
            return Ok(());
        }
        let mut text = document.text(false);
        text.push('\n');
        self.to_stdout(&text)
    }

    /// Writes bytes to stdout, unchanged in a pipe or a file. On a terminal, control characters are removed.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), OutputError> {
        if self.terminal().stdout {
            let text = String::from_utf8_lossy(bytes).replace('\t', "    ");
            return self.to_stdout(&crate::domain::sanitize_text(&text));
        }
        self.streams().stdout_bytes(bytes)
    }

    /// Writes the response of a protocol to stdout, byte by byte.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn verbatim(&self, response: &Secret) -> Result<(), OutputError> {
        self.to_stdout(response.expose())
    }

    /// Writes a script or a manual page of this program to stdout, unchanged.
    ///
    /// # Errors
    /// As [`Shell::result`].
    pub fn script(&self, bytes: &[u8]) -> Result<(), OutputError> {
        self.to_stdout(&String::from_utf8_lossy(bytes))
    }
}
