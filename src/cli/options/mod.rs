//! Options, option values and help texts that several commands share. Must not import a command.

pub(super) mod duration;
mod globals;
pub(super) mod help_text;
mod number;
mod workload;

pub(super) use globals::Globals;
pub(super) use number::number;
pub(super) use workload::WorkloadArgs;
