//! Compares the clock of this computer with those of the servers that responded.

use super::{Check, Finding};
use crate::actions::Context;
use crate::actions::clock::{SKEW_THRESHOLD, describe_skew};

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
                let seconds = offset.abs().as_secs();
                Finding::Ok(format!("within {} s of the clock of {origin}", seconds.max(1)))
            };
            finding.into_check("clock")
        })
        .collect();
    context.suppress_clock_warning();
    checks
}
