//! The option that prints findings where a CI system shows them.

use clap::{Args, ValueEnum};

#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct AnnotationArgs {
    /// Print the findings as annotations of this CI system
    #[arg(long, value_name = "CI")]
    annotations: Option<AnnotationFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnnotationFormat {
    Github,
}

impl AnnotationArgs {
    pub(crate) fn is_requested(self) -> bool {
        self.annotations.is_some()
    }
}
