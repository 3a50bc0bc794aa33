//! Commands for the runner of a CI job, which finds them in the lines that a step prints, and the blocks of the files in which
//! GitHub Actions reads variables.
//!
//! GitHub: "Workflow commands for GitHub Actions". Azure: "Logging commands"; its runner has decoded `%AZP25` since 2021.

use crate::domain::{CiPlatform, Secret};

/// Returns the lines that make the runner hide `value` in everything that the job prints later. A value of several lines is
/// hidden line by line.
pub fn mask(platform: CiPlatform, value: &Secret) -> Secret {
    let lines = value.expose().split(['\r', '\n']);
    let lines = lines.filter(|line| !line.trim().is_empty());
    let commands = lines.map(|line| match platform {
        CiPlatform::GitHub => format!("::add-mask::{}\n", escape(line, "%25")),
        CiPlatform::Azure => format!("##vso[task.setsecret]{}\n", escape(line, "%AZP25")),
    });
    Secret::verbatim(commands.collect::<String>())
}

/// Returns the line that sets a secret variable of an Azure job.
pub fn set_azure_variable(name: &str, value: &Secret) -> Secret {
    let value = escape(value.expose(), "%AZP25");
    Secret::verbatim(format!(
        "##vso[task.setvariable variable={name};issecret=true]{value}\n"
    ))
}

/// Returns the block that sets `name` in a file of a GitHub job. `delimiter` must be unguessable, so that no value contains
/// it.
pub fn github_file_block(name: &str, value: &Secret, delimiter: &str) -> Secret {
    Secret::verbatim(format!(
        "{name}<<{delimiter}\n{}\n{delimiter}\n",
        value.expose()
    ))
}

fn escape(text: &str, percent: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str(percent),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_masked_with_the_escapes_of_the_platform() {
        let value = Secret::verbatim("a%b\r\n\nc::d".to_owned());
        let github = mask(CiPlatform::GitHub, &value);
        assert_eq!(github.expose(), "::add-mask::a%25b\n::add-mask::c::d\n");
        let azure = mask(CiPlatform::Azure, &value);
        assert_eq!(
            azure.expose(),
            "##vso[task.setsecret]a%AZP25b\n##vso[task.setsecret]c::d\n"
        );
        let nothing = mask(CiPlatform::GitHub, &Secret::verbatim(" \n".to_owned()));
        assert_eq!(
            nothing.expose(),
            "",
            "a mask of white space would hide everything"
        );
    }

    #[test]
    fn value_cannot_end_a_command_or_a_block() {
        let value = Secret::verbatim("a\n##vso[task.complete]%0A]x".to_owned());
        assert_eq!(
            set_azure_variable("KEY", &value).expose(),
            "##vso[task.setvariable variable=KEY;issecret=true]a%0A##vso[task.complete]%AZP250A]x\n"
        );
        let block = github_file_block("KEY", &Secret::new("a=b<<EOF"), "end_1f");
        assert_eq!(block.expose(), "KEY<<end_1f\na=b<<EOF\nend_1f\n");
    }
}
