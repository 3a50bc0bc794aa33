//! Options, option values and help texts that several commands share. Must not import a command.

mod annotations;
pub(super) mod duration;
mod globals;
pub(super) mod help_text;
mod number;
pub(super) mod text;
mod workload;

pub(super) use annotations::AnnotationArgs;
pub(super) use globals::Globals;
pub(super) use number::number;
pub(super) use workload::WorkloadArgs;
