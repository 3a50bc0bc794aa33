//! Exit status of the program.

/// The exit status of a command that ran to completion; not 0 if its result is a finding, such as an expired session.
pub(crate) type ExitStatus = u8;

pub(crate) const SUCCESS: ExitStatus = 0;
