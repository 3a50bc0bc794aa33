//! The parts of the help texts that every command shares.

/// Shows details between the summary and the usage.
///
/// clap's own place for details, `long_about`, would print every option on lines of its own.
pub(crate) const WITH_DETAILS: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// The text after the options: examples, related commands and the global options.
macro_rules! after_help {
    (examples: [$($example:literal),+ $(,)?], see: $see:literal) => {
        concat!(
            "Examples:\n",
            $("  ", $example, "\n",)+
            "\nSee also: ", $see, "\n\n",
            $crate::cli::options::help_text::after_help!()
        )
    };
    () => {
        "Global options (`brainmaps help global`): -p/--profile NAME, --sandbox, --api-url URL, --ca-cert FILE, \
         --json, --jq EXPR, --format TEMPLATE, --no-input, -q/--quiet, -v/--verbose, --color WHEN"
    };
}
pub(crate) use after_help;
