//! `sandbox conformance`: runs a client or a credential helper in each case, and prints the result of each rule.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use jiff::SignedDuration;

use crate::cli::app::embedded_sandbox::settings;
use crate::cli::app::{App, CommandOutput, run_to_completion};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::number;
use crate::host::shutdown_signal;
use crate::sandbox::{
    ClientError, ClientFlow, ClientUnderTest, HelperHost, HelperProtocol, HelperUnderTest, Report,
    RuleResult, Verdict, check_client, check_helper,
};
use crate::ui::{Column, OutputError, Shell, Span, Table};

/// Variables that would lead our own program out of an empty home.
const HIDDEN_VARIABLES: &[&str] = &["BRAINMAPS_DATA_DIR"];

#[derive(Debug, Args)]
#[command(
    before_help = "Runs the client once per case against a sandbox and reports which rules of the flow it follows. Exits with 1 if it breaks a rule, or never signs in. In the command, {issuer} and {client_id} are replaced by the values of the case, which are also in the variables ISSUER and CLIENT_ID. Each case is approved or denied automatically; the client has no terminal and an empty home directory. With --flow browser, the client signs in by an authorization code: it starts the program in BROWSER or prints the URL, and receives the response on loopback. With --flow resource, it signs in to {resource} (RESOURCE), and with --flow workload, it exchanges the token in {subject_token_file} (SUBJECT_TOKEN_FILE). With --helper, it runs a credential helper with valid and invalid requests instead, in your home directory: name a host for which it has a credential.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps sandbox conformance -- ./my-client.sh",
            "brainmaps sandbox conformance -- my-cli --issuer {issuer} --client {client_id}",
            "brainmaps sandbox conformance --helper git --host example.com -- ./my-helper",
        ],
    see: "brainmaps sandbox serve, brainmaps sandbox faults"
}
)]
pub struct ConformanceArgs {
    /// Set the flow of the client
    #[arg(long, value_name = "FLOW", default_value = "device", conflicts_with = "helper", value_parser = client_flow())]
    flow: ClientFlow,
    /// Set the time limit of a case
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "60s")]
    limit: SignedDuration,
    /// Run N cases in parallel
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = number::<usize>("a whole number"))]
    jobs: usize,
    /// Let the client use your home directory
    #[arg(long)]
    keep_home: bool,
    /// Check a credential helper of this protocol instead of a client
    #[arg(long, value_name = "PROTOCOL", requires = "host", conflicts_with = "keep_home", value_parser = helper_protocol())]
    helper: Option<HelperProtocol>,
    /// Set the server for which the helper has a credential
    #[arg(long, value_name = "HOST", requires = "helper")]
    host: Option<HelperHost>,
    /// Client or helper to run, with its arguments
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

fn client_flow() -> impl clap::builder::TypedValueParser<Value = ClientFlow> {
    let names = ClientFlow::ALL.map(ClientFlow::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<ClientFlow>())
}

fn helper_protocol() -> impl clap::builder::TypedValueParser<Value = HelperProtocol> {
    let names = HelperProtocol::ALL.map(HelperProtocol::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<HelperProtocol>())
}

pub(super) fn run(app: &App, path: &Path, args: &ConformanceArgs) -> Result<Report, Failure> {
    let settings = settings(path)?;
    if let (Some(protocol), Some(host)) = (args.helper, &args.host) {
        let helper = HelperUnderTest {
            protocol,
            host: host.clone(),
            command: args.command.clone(),
            time_limit: time_limit(args),
            jobs: args.jobs,
        };
        let on_start = |case| app.shell.status(format!("case: {case}"));
        let now = (settings.clock)();
        return run_to_completion(|| async {
            tokio::select! {
                report = check_helper(&helper, now, on_start) => Ok(report?),
                () = shutdown_signal() => Err(Failure::interrupted()),
            }
        });
    }
    let client = ClientUnderTest {
        command: args.command.clone(),
        time_limit: time_limit(args),
        jobs: args.jobs,
        keep_home: args.keep_home,
        hidden_variables: HIDDEN_VARIABLES,
    };
    let on_start = |case| app.shell.status(format!("case: {case}"));
    let report = run_to_completion(|| async {
        tokio::select! {
            report = check_client(args.flow, &client, &settings, on_start) => Ok(report?),
            () = shutdown_signal() => Err(Failure::interrupted()),
        }
    })?;
    Ok(report)
}

fn time_limit(args: &ConformanceArgs) -> Duration {
    args.limit.try_into().unwrap_or(Duration::from_mins(1))
}

impl CommandOutput for Report {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let titles = ["RESULT", "ROW"].map(Column::fixed);
        let mut table = Table::new(titles.into_iter().chain([Column::wrapped("RULE")]));
        for row in &self.rows {
            table.add_row(cells(row));
        }
        shell.table(&table)?;
        for (rules, why) in self.reasons() {
            shell.status(format!("{}  {why}", rules.join(", ")));
        }
        shell.status(format!(
            "{} kept, {} broken, {} could not be judged",
            self.passed, self.failed, self.unjudged
        ));
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        if self.failed == 0 {
            SUCCESS
        } else {
            Code::Failed.exit()
        }
    }
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
                "write the command behind `--`: brainmaps sandbox conformance -- ./my-client",
            ),
            ClientError::Unresponsive { .. } => Self::from_error(Code::Failed, error).with_hint(
                "run the helper with a request of its protocol on stdin; it must not wait for a person",
            ),
            ClientError::SetUp(_) => Self::from_error(Code::Failed, error),
            ClientError::Sandbox(error) => error.into(),
        }
    }
}
