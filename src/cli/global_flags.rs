//! Global options in the commands that hints and warnings name.

/// Adds `options` to each command in backquotes in `text` that lacks them. A command that names its own profile gets
/// `--sandbox` alone, because the other options are about another profile.
pub(super) fn add_global_flags(text: &str, options: &[String]) -> String {
    const PROGRAM: &str = "`brainmaps ";
    let mut parts = text.split(PROGRAM);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let command = part.split('`').next().unwrap_or_default();
        result.push_str(PROGRAM);
        for option in options.iter().filter(|option| is_missing(command, option)) {
            result.push_str(option);
            result.push(' ');
        }
        result.push_str(part);
    }
    result
}

fn is_missing(command: &str, option: &str) -> bool {
    let name = option.split(' ').next().unwrap_or_default();
    let has = |name: &str| command.split_whitespace().any(|word| word == name);
    let takes_profile_argument = command.starts_with("profile ") && name == "--profile";
    !has(name) && !takes_profile_argument && (name == "--sandbox" || !has("--profile"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_gets_the_options_that_it_lacks() {
        let options = ["--sandbox".to_owned(), "--profile work".to_owned()];
        for (text, expected) in [
            ("no command", "no command"),
            (
                "run `brainmaps login`, or `brainmaps token list`",
                "run `brainmaps --sandbox --profile work login`, or `brainmaps --sandbox --profile work token list`",
            ),
            (
                "run `brainmaps --profile x logout`",
                "run `brainmaps --sandbox --profile x logout`",
            ),
            (
                "run `brainmaps profile add x`",
                "run `brainmaps --sandbox profile add x`",
            ),
            (
                "run `brainmaps --sandbox --profile work login`",
                "run `brainmaps --sandbox --profile work login`",
            ),
        ] {
            assert_eq!(add_global_flags(text, &options), expected);
        }
    }
}
