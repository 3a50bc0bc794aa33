//! `brainmaps-sandbox conformance`: checks a client against the rules of the RFCs and prints the report.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use brainmaps_sandbox::{
    ClientUnderTest, HelperUnderTest, Report, State, Verdict, check_client, check_helper,
};

use super::args::ConformanceArgs;
use super::serve::{runtime, shutdown_signal};
use super::{Result, settings};

pub(crate) fn run(args: ConformanceArgs) -> Result<ExitCode> {
    let settings = settings(State::Memory)?;
    let time_limit = Duration::from_secs(args.limit);
    if let (Some(protocol), Some(host)) = (args.helper, args.host) {
        let helper = HelperUnderTest {
            protocol,
            host,
            command: args.command,
            time_limit,
            jobs: args.jobs,
        };
        let now = (settings.clock)();
        let check = async { Ok(check_helper(&helper, now, |_| {}).await?) };
        return finish(&until_interrupted(check)?, args.json);
    }
    let client = ClientUnderTest {
        command: args.command,
        time_limit,
        jobs: args.jobs,
        keep_home: args.keep_home,
        hidden_variables: &[],
    };
    let check = async { Ok(check_client(args.flow, &client, &settings, |_| {}).await?) };
    finish(&until_interrupted(check)?, args.json)
}

fn until_interrupted(check: impl Future<Output = Result<Report>>) -> Result<Report> {
    runtime()?.block_on(async {
        let interrupted = shutdown_signal()?;
        tokio::select! {
            report = check => report,
            () = interrupted => Err("interrupted".into()),
        }
    })
}

/// Prints the report, and returns the exit status: failure if a rule is broken.
fn finish(report: &Report, is_json: bool) -> Result<ExitCode> {
    if is_json {
        writeln!(io::stdout(), "{}", serde_json::to_string(report)?)?;
    } else {
        print(report)?;
    }
    Ok(if report.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for rule in &report.rows {
        let result = match rule.result {
            Verdict::Pass => "pass",
            Verdict::Fail => "FAIL",
            Verdict::Inconclusive => "inconclusive",
        };
        writeln!(out, "{result:<14}{:<13}{}", rule.id, rule.rule)?;
    }
    for (rules, why) in report.reasons() {
        writeln!(out, "{}  {why}", rules.join(", "))?;
    }
    writeln!(
        out,
        "{} passed, {} failed, {} inconclusive",
        report.passed, report.failed, report.unjudged
    )
}
