//! Reads a description that the user named by a file, an id, a URL or `-`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use url::Url;

use crate::actions::{ActionError, Context, DescriptionError};
use crate::domain::{Origin, ProviderId};
use crate::files::FileError;
use crate::http::{Request, ResponseLimits, redact_url};
use crate::provider::{DescriptorSource, ProviderError, gallery_text};

/// A larger file is not a description.
const MAX_SIZE: usize = 1024 * 1024;

const TIMEOUT: Duration = Duration::from_secs(20);

/// A description as text.
#[derive(Debug, Clone)]
pub struct NamedText {
    /// What the user named, for messages.
    pub name: String,
    pub text: String,
    /// The file; `None` for stdin, a URL and descriptions that the program includes.
    pub path: Option<PathBuf>,
    /// The id by which the user named it.
    pub id: Option<ProviderId>,
}

/// Reads `name`: `-` for stdin, a URL, a file, or the id of a service or of the gallery. A name with a slash or with the
/// ending `.toml` is a file; any other one is a file only if no service has it as its id.
///
/// # Errors
/// If it cannot be read.
pub async fn read_description(context: &Context, name: &str) -> Result<NamedText, ActionError> {
    let unnamed = |text| NamedText {
        name: name.to_owned(),
        text,
        path: None,
        id: None,
    };
    if name == "-" {
        let read = || read_limited(std::io::stdin(), Path::new("-"), MAX_SIZE);
        let text = in_thread(read).await.map_err(ProviderError::File)?;
        return Ok(unnamed(text));
    }
    if name.contains("://") {
        let text = fetch_text(context, name, MAX_SIZE).await?;
        return Ok(NamedText {
            name: shown_url(name),
            ..unnamed(text)
        });
    }
    if let Some(named) = read_by_id(context, name)? {
        return Ok(named);
    }
    let path = PathBuf::from(name);
    let text = read_file(&path, MAX_SIZE).await;
    let text = text.map_err(|error| open_error(context, name, error))?;
    let path = Some(path);
    Ok(NamedText {
        path,
        ..unnamed(text)
    })
}

/// A word that is neither a file nor an id is more likely an id.
fn open_error(context: &Context, name: &str, error: FileError) -> ProviderError {
    if looks_like_id(name) && !Path::new(name).exists() {
        return ProviderError::Unknown {
            id: name.to_owned(),
            known: context.catalog.ids(),
        };
    }
    ProviderError::File(error)
}

fn looks_like_id(name: &str) -> bool {
    let is_file = Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "toml");
    !name.contains('/') && !is_file && name.parse::<ProviderId>().is_ok()
}

fn read_by_id(context: &Context, name: &str) -> Result<Option<NamedText>, ProviderError> {
    let id: Option<ProviderId> = name.parse().ok().filter(|_| looks_like_id(name));
    let is_known = |id: &ProviderId| {
        context.catalog.contains(id.as_str()) || gallery_text(id.as_str()).is_some()
    };
    let Some(id) = id.filter(is_known) else {
        return Ok(None);
    };
    let (text, source) = context.catalog.read_text_with_gallery(&id)?;
    let path = match source {
        DescriptorSource::File(path) => Some(path),
        DescriptorSource::BuiltIn | DescriptorSource::Gallery => None,
    };
    let shown = path.as_ref().map(|path| path.display().to_string());
    Ok(Some(NamedText {
        name: shown.unwrap_or_else(|| name.to_owned()),
        text: text.into_owned(),
        path,
        id: Some(id),
    }))
}

/// Reads any file, also a pipe.
pub(super) async fn read_file(path: &Path, max_size: usize) -> Result<String, FileError> {
    let path = path.to_owned();
    let read = move || {
        let file = File::open(&path).map_err(FileError::io("open", &path))?;
        read_limited(file, &path, max_size)
    };
    in_thread(read).await
}

/// Reads in a thread that ends with the program, because a pipe may never be opened or closed at its other end.
async fn in_thread(
    read: impl FnOnce() -> Result<String, FileError> + Send + 'static,
) -> Result<String, FileError> {
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || drop(sender.send(read())));
    let stopped = |_| FileError::io("read", Path::new("-"))(std::io::ErrorKind::Other.into());
    receiver.await.map_err(stopped)?
}

fn read_limited(source: impl Read, path: &Path, max_size: usize) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    let limit = max_size as u64;
    let mut limited = source.take(limit + 1);
    limited
        .read_to_end(&mut bytes)
        .map_err(FileError::io("read", path))?;
    let path = || path.to_owned();
    if bytes.len() > max_size {
        let path = path();
        return Err(FileError::TooLarge { path, limit });
    }
    String::from_utf8(bytes).map_err(|_| FileError::NotText { path: path() })
}

/// Returns the URL without what may be a secret: a password, the query, and all of it if it is invalid.
fn shown_url(url: &str) -> String {
    Url::parse(url).map_or_else(|_| "the URL".to_owned(), |url| redact_url(&url))
}

/// Fetches a document without a credential. A redirect is followed only inside its origin.
pub(super) async fn fetch_text(
    context: &Context,
    url: &str,
    limit: usize,
) -> Result<String, ActionError> {
    let shown = shown_url(url);
    let invalid = || DescriptionError::Url { url: shown.clone() };
    let url = Url::parse(url).map_err(|_| invalid())?;
    Origin::of(&url).map_err(|_| invalid())?;
    let limits = ResponseLimits {
        time: TIMEOUT,
        body: limit,
    };
    // Never the sandbox: a document is not a part of a service.
    let client = &context.workload.network;
    let response = client.send(Request::get(url).with_limits(limits)).await?;
    if !response.is_success() {
        let status = response.status.as_u16();
        return Err(DescriptionError::Status { url: shown, status }.into());
    }
    let text = String::from_utf8(response.body.to_vec());
    Ok(text.map_err(|_| DescriptionError::NotText { url: shown })?)
}
