//! `api`: sends one request, or the requests for all pages of a list, to the service's API and prints the responses.

mod body;
mod page_list;
mod sink;
mod step_up;

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use crate::actions::{ApiArguments, ApiField, ApiHeader, AuthenticatedClient, parse_method};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::number;
use crate::domain::{CredentialEvent, Scopes};
use sink::Sink;

#[derive(Debug, Default, Args)]
#[command(
    before_help = "PATH is a path below the API base URL of the profile, or a whole URL of its server. The method is GET, \
        or POST if fields or --input are given. Fields are the query of a GET request, and JSON in the body of others. The \
        body of an error response goes to stderr.",
    override_usage = "brainmaps api [OPTIONS] [METHOD] <PATH>",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps api /api/brains/",
        "brainmaps api POST /api/tokens/ -f name=ci",
        "brainmaps api /api/tokens/ --paginate --jq '.[].id'",
    ],
    see: "brainmaps credential print, brainmaps token list, brainmaps exec"
}
)]
pub struct ApiArgs {
    /// Path or URL, after the method if one is given
    #[arg(required = true, num_args = 1.., value_name = "PATH")]
    request: Vec<String>,
    /// Set the method
    #[arg(short = 'X', long, value_name = "METHOD")]
    method: Option<String>,
    /// Add a field whose value is a string (repeatable)
    #[arg(short = 'f', long, value_name = "KEY=VALUE")]
    raw_field: Vec<String>,
    /// Add a field whose value may be true, false, null, a number or @FILE (repeatable)
    #[arg(short = 'F', long, value_name = "KEY=VALUE")]
    field: Vec<String>,
    /// Add a header (repeatable)
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// Send a file as the body; `-` is stdin
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    input: Option<PathBuf>,
    /// Print the items of all pages of a list as one JSON array; --jq and --format get one page at a time
    #[arg(long)]
    paginate: bool,
    /// Fail if the list has more than N pages [default: 10000]
    #[arg(long, value_name = "N", requires = "paginate", conflicts_with = "include", value_parser = number::<NonZeroU64>("a whole number from 1"))]
    max_pages: Option<NonZeroU64>,
    /// Print status and headers of the response before its body
    #[arg(short, long, conflicts_with = "paginate")]
    include: bool,
    /// Do not print the body of a successful response
    #[arg(long)]
    silent: bool,
    /// Write the body into a file, which is replaced when it is complete; `-` is stdout
    #[arg(short, long, value_name = "FILE", conflicts_with = "silent", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

/// The limit of pages: at 20 items a page, 200,000 items.
const MAX_PAGES: u64 = 10_000;

impl ApiArgs {
    /// Returns the arguments of a request without options.
    pub(crate) fn of_request(words: &[&str]) -> Self {
        Self {
            request: words.iter().map(|word| (*word).to_owned()).collect(),
            ..Self::default()
        }
    }

    fn arguments(&self) -> Result<ApiArguments, Failure> {
        let (method, path) = match (&*self.request, &self.method) {
            ([path], method) => (method.as_ref(), path),
            ([method, path], None) => (Some(method), path),
            ([_, _], Some(_)) => {
                let message = "the method is given twice, before the path and by --method";
                return Err(Failure::new(Code::Usage, message));
            }
            _ => {
                let message = "too many arguments: expected [METHOD] PATH";
                return Err(Failure::new(Code::Usage, message));
            }
        };
        if path.is_empty() {
            let message = "the path is empty: expected [METHOD] PATH";
            return Err(Failure::new(Code::Usage, message));
        }
        let raw = self.raw_field.iter().map(|it| ApiField::parse_raw(it));
        let typed = self.field.iter().map(|it| ApiField::parse_typed(it));
        let headers = self.header.iter().map(|it| ApiHeader::parse(it));
        Ok(ApiArguments {
            method: method.map(|it| parse_method(it)).transpose()?,
            path: path.clone(),
            fields: raw.chain(typed).collect::<Result<_, _>>()?,
            headers: headers.collect::<Result<_, _>>()?,
            input: self.input.clone(),
        })
    }

    /// A document is printed as a whole, and nothing else with it.
    fn check_document_options(&self, app: &App) -> Result<(), Failure> {
        let others = [
            (self.include, "--include"),
            (self.silent, "--silent"),
            (self.output.is_some(), "--output"),
        ];
        let other = others.into_iter().find(|(is_given, _)| *is_given);
        match (app.globals.document_option(), other) {
            (Some(option), Some((_, other))) => {
                let message = format!("{other} cannot be used with {option}");
                Err(Failure::new(Code::Usage, message))
            }
            _ => Ok(()),
        }
    }
}

pub(crate) fn run(app: &App, args: &ApiArgs) -> Result<ExitStatus, Failure> {
    args.check_document_options(app)?;
    let arguments = args.arguments()?;
    let mut missing = None;
    match send(app, args, &arguments, &mut missing) {
        Err(failure) => match missing {
            Some(scopes) if step_up::offer(app, args, &scopes)? => {
                send(app, args, &arguments, &mut None)
            }
            _ => Err(failure),
        },
        done => done,
    }
}

/// Sends the request and prints the response. Sets `missing` to the scopes that the response requires of the session.
fn send(
    app: &App,
    args: &ApiArgs,
    arguments: &ApiArguments,
    missing: &mut Option<Scopes>,
) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    session.begin_event(CredentialEvent::Api);
    let client = AuthenticatedClient::open(session, arguments.purpose())?;
    let sink = Sink::open(&app.shell, args.output.as_deref(), args.silent)?;
    let exit = if args.paginate {
        let max_pages = args.max_pages.map_or(MAX_PAGES, NonZeroU64::get);
        page_list::print(&client, arguments, max_pages, sink)?
    } else {
        block_on_interruptible(&context, || async {
            let call = client.build_api_call(arguments).await?;
            Ok(body::print(&client, call, sink, args.include, missing).await)
        })??
    };
    if exit == SUCCESS {
        client.record_use(CredentialEvent::Api);
    }
    Ok(exit)
}
