//! `sandbox conformance`

use std::path::Path;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::cli::app::{App, run_to_completion};
use crate::cli::duration_arg;
use crate::cli::embedded_sandbox::settings;
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::host::told_to_stop;
use crate::sandbox::{ClientError, ClientUnderTest, Report, RuleResult, Verdict, check_client};
use crate::ui::{Column, Span, Table};

/// Variables that would lead our own program out of an empty home.
const HIDDEN_VARIABLES: &[&str] = &["BRAINMAPS_DATA_DIR"];

/// Runs any client of the device flow against the sandbox, one case after another, and tells which rules of RFC 8628 and
/// its neighbours it keeps. Exits with 1 when one is broken.
///
/// `{issuer}` and `{client_id}` in the command stand for those of the case, and so do the variables
/// `ISSUER` and `CLIENT_ID`.
/// Each case is approved or refused by itself. The client has no terminal and an empty home.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps sandbox conformance -- brainmaps login --issuer {issuer} --client-id {client_id} --no-browser\n  \
    brainmaps sandbox conformance --json -- ./my-client.sh | jq '.rows[] | select(.result == \"fail\")'")]
pub struct ConformanceArgs {
    /// How long the client may take for one case
    #[arg(long, value_name = "TIME", value_parser = duration_arg::parse, default_value = "60s")]
    limit: SignedDuration,
    /// How many cases run at once
    #[arg(long, value_name = "N", default_value_t = 4)]
    jobs: usize,
    /// Let the client use your home directory
    #[arg(long)]
    keep_home: bool,
    /// The client and its arguments
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

pub(super) fn run(app: &App, path: &Path, args: &ConformanceArgs) -> Result<ExitStatus, Failure> {
    let settings = settings(path)?;
    let client = ClientUnderTest {
        command: args.command.clone(),
        time_limit: args.limit.try_into().unwrap_or(Duration::from_mins(1)),
        jobs: args.jobs,
        keep_home: args.keep_home,
        hidden_variables: HIDDEN_VARIABLES,
    };
    let on_start = |case| app.shell.status(format!("case: {case}"));
    let report = run_to_completion(|| async {
        tokio::select! {
            report = check_client(&client, &settings, on_start) => Ok(report?),
            () = told_to_stop() => Err(Failure::interrupted()),
        }
    })?;
    show(app, &report)
}

fn show(app: &App, report: &Report) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(report)?;
    } else {
        let titles = ["RESULT", "ROW"].map(Column::fixed);
        let mut table = Table::new(titles.into_iter().chain([Column::flexible("RULE")]));
        for row in &report.rows {
            table.add_row(cells(row));
        }
        app.shell.table(&table)?;
        for row in report.rows.iter().filter(|row| !row.why.is_empty()) {
            for why in &row.why {
                app.shell.status(format!("{}  {why}", row.id));
            }
        }
        app.shell.status(format!(
            "{} kept, {} broken, {} could not be judged",
            report.passed, report.failed, report.unjudged
        ));
    }
    Ok(if report.failed == 0 {
        SUCCESS
    } else {
        Code::Failed.exit()
    })
}

fn cells(row: &RuleResult) -> [Span; 3] {
    let result = match row.result {
        Verdict::Pass => Span::good("pass"),
        Verdict::Fail => Span::bad("FAIL"),
        Verdict::Inconclusive => Span::dim("not judged"),
    };
    [result, Span::bold(row.id), Span::plain(row.rule)]
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Start { .. } => Self::from_error(Code::Failed, error).with_hint(
                "write the command behind `--`: brainmaps sandbox conformance -- ./my-client"
                    .to_owned(),
            ),
            ClientError::SetUp(_) => Self::from_error(Code::Failed, error),
            ClientError::Sandbox(error) => error.into(),
        }
    }
}
