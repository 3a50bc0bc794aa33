//! Whether this computer's clock agrees with those of the servers that answered.

use super::{Check, Finding};
use crate::actions::Context;
use crate::actions::clock::{WORTH_TELLING, difference};

pub(super) fn look(context: &Context) -> Vec<Check> {
    let now = context.now();
    let times = context.http.server_times().into_iter();
    let checks = times
        .map(|(origin, theirs)| {
            let offset = theirs.duration_since(now);
            let finding = if offset.abs() > WORTH_TELLING {
                Finding::warning(
                    difference(&origin, offset),
                    "set it by the network: `timedatectl set-ntp true` on Linux, `sudo hwclock -s` in WSL",
                )
            } else {
                let seconds = offset.abs().as_secs();
                Finding::Fine(format!("within {} s of that of {origin}", seconds.max(1)))
            };
            finding.named("clock")
        })
        .collect();
    context.spare_the_clock();
    checks
}
