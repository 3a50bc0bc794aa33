//! Prints all pages of a list: one JSON array, which is complete also after a page failed.

use serde_json::value::RawValue;

use super::body::print_error_response;
use super::sink::Sink;
use crate::actions::{ApiArguments, ApiPages, AuthenticatedClient, PageError};
use crate::cli::app::block_on_interruptible;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS, report_on_stderr};
use crate::domain::{Hint, quote_for_shell};

/// The array that is being printed.
struct ArrayWriter<'a> {
    sink: Sink<'a>,
    /// Whether its beginning is printed.
    is_open: bool,
    has_items: bool,
}

/// Prints the pages. Each is printed when it is there.
pub(super) fn print(
    client: &AuthenticatedClient<'_>,
    arguments: &ApiArguments,
    max_pages: u64,
    sink: Sink<'_>,
) -> Result<ExitStatus, Failure> {
    let mut array = ArrayWriter {
        sink,
        is_open: false,
        has_items: false,
    };
    let mut resume_at = None;
    let context = client.session.context;
    let ended = block_on_interruptible(context, || async {
        let call = client.build_api_call(arguments).await?;
        let mut pages = ApiPages::new(client, call, max_pages)?;
        let ended = print_pages(client, &mut pages, &mut array, &mut resume_at).await;
        Ok(ended)
    });
    match ended.and_then(|ended| ended) {
        Ok(()) => {
            array.close()?;
            array.sink.finish()?;
            Ok(SUCCESS)
        }
        Err(failure) => {
            let failure = match resume_at {
                Some(url) => {
                    let has_options =
                        array.sink.shell.has_filter() || !arguments.headers.is_empty();
                    failure.with_hint(resume_hint(&url, has_options))
                }
                None => failure,
            };
            array.fail(failure)
        }
    }
}

async fn print_pages(
    client: &AuthenticatedClient<'_>,
    pages: &mut ApiPages<'_>,
    array: &mut ArrayWriter<'_>,
    resume_at: &mut Option<String>,
) -> Result<(), Failure> {
    loop {
        let page = match pages.next_page().await {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(()),
            Err(PageError::Refused(response)) => {
                return Err(print_error_response(client, &response, &array.sink).await);
            }
            Err(PageError::Failed(error)) => return Err(error.into()),
        };
        let items = page
            .items(pages.list())
            .map_err(crate::actions::ActionError::from)?;
        array.push(&items)?;
        *resume_at = pages.resume_at().map(ToString::to_string);
    }
}

/// The next page is the one that failed, or the first one beyond the limit.
fn resume_hint(url: &str, has_options: bool) -> Hint {
    let command = format!("api --paginate {}", quote_for_shell(url));
    let hint = Hint::from("continue with the next page: ").command(command);
    if has_options {
        // Headers are not repeated: they may contain secrets.
        return hint.text(", with the other options of this command");
    }
    hint
}

impl ArrayWriter<'_> {
    /// Writes the items of a page; with a filter what it makes of their array.
    fn push(&mut self, items: &[&RawValue]) -> Result<(), Failure> {
        let texts: Vec<&str> = items.iter().map(|item| item.get()).collect();
        let text = texts.join(",\n");
        if self.sink.shell.has_filter() {
            return Ok(self.sink.shell.filtered(format!("[{text}]").as_bytes())?);
        }
        let before = match (self.is_open, self.has_items) {
            (false, _) => "[",
            (true, true) if !items.is_empty() => ",\n",
            (true, _) => "",
        };
        self.sink.write(format!("{before}{text}").as_bytes())?;
        self.is_open = true;
        self.has_items |= !items.is_empty();
        Ok(())
    }

    fn close(&mut self) -> Result<(), Failure> {
        if self.sink.shell.has_filter() {
            return Ok(());
        }
        self.sink.write(if self.is_open { b"]\n" } else { b"[]\n" })
    }

    /// Closes the array. After its beginning was printed, the failure is not a document on stdout.
    fn fail(mut self, failure: Failure) -> Result<ExitStatus, Failure> {
        if !self.is_open {
            return Err(failure);
        }
        self.close()?;
        Ok(report_on_stderr(self.sink.shell, &failure))
    }
}
