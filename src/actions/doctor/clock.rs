//! Compares the clock of this computer with those of the servers that responded.

use std::time::Duration;

use super::{Check, Finding};
use crate::actions::Context;
use crate::actions::clock::{SKEW_THRESHOLD, describe_skew};
use crate::domain::format_duration;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let now = context.now();
    let times = context.http.server_times().into_iter();
    let checks = times
        .map(|(origin, theirs)| {
            let offset = theirs.duration_since(now);
            let finding = if offset.abs() > SKEW_THRESHOLD {
                Finding::warning(
                    describe_skew(&origin, offset),
                    "set it by the network: `timedatectl set-ntp true` on Linux, `sudo hwclock -s` in WSL",
                )
            } else {
                let difference = offset.unsigned_abs().max(Duration::from_secs(1));
                let difference = format_duration(difference);
                Finding::Ok(format!("within {difference} of the clock of {origin}"))
            };
            finding.into_check("clock")
        })
        .collect();
    context.suppress_clock_warning();
    checks
}
