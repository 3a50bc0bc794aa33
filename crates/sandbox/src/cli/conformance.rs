//! `brainmaps-sandbox conformance`

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use brainmaps_sandbox::{ClientUnderTest, Report, State, Verdict, check_client};

use super::args::ConformanceArgs;
use super::serve::{runtime, shutdown_signal};
use super::{Result, settings};

pub(crate) fn run(args: ConformanceArgs) -> Result<ExitCode> {
    let settings = settings(State::Memory)?;
    let client = ClientUnderTest {
        command: args.command,
        time_limit: Duration::from_secs(args.limit),
        jobs: args.jobs,
        keep_home: args.keep_home,
        hidden_variables: &[],
    };
    let report = runtime()?.block_on(async {
        let interrupted = shutdown_signal()?;
        tokio::select! {
            report = check_client(&client, &settings, |_| {}) => Ok::<_, Box<dyn std::error::Error>>(report?),
            () = interrupted => Err("interrupted".into()),
        }
    })?;
    if args.json {
        writeln!(io::stdout(), "{}", serde_json::to_string(&report)?)?;
    } else {
        print(&report)?;
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
        for why in &rule.why {
            writeln!(out, "{:<27}{why}", "")?;
        }
    }
    writeln!(
        out,
        "{} passed, {} failed, {} inconclusive",
        report.passed, report.failed, report.unjudged
    )
}
