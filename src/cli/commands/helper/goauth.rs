//! `helper goauth`

use super::request::{bound_request, read_request};
use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::domain::Origin;

use crate::helper::goauth::{is_rejection, is_supported, response};
use crate::helper::parse_url_origin;

/// Without `url`, the go command asks for all servers before its first request; with it, after a failed one.
pub(super) fn run(app: &App, url: Option<&str>) -> Result<ExitStatus, Failure> {
    let asked = url.map(parse_url_origin);
    if url.is_some() && !is_rejection(&read_request("go", |input| input.contains(&b'\n'))?) {
        return Ok(SUCCESS);
    }
    let is_asked = |origin: &Origin| {
        is_supported(origin) && asked.as_ref().is_none_or(|it| it.as_ref() == Some(origin))
    };
    if let Some(bound) = bound_request(app, is_asked)? {
        app.shell.verbatim(&response(&bound.origin, &bound.grant))?;
    }
    Ok(SUCCESS)
}
