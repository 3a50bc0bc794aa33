//! The examples in docs/guide/ci.md: the YAML parses, and the steps run against the sandbox as their runner runs them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use super::{read_step_file, run, step_file};
use crate::support::sandbox::write_private;
use crate::support::test_home::TestHome;

const GUIDE: &str = include_str!("../../../docs/guide/ci.md");

pub(super) type Variables = BTreeMap<String, String>;

/// Returns the YAML under this heading.
fn example(heading: &str) -> Yaml {
    let text = block(heading, "yaml");
    YamlLoader::load_from_str(text).unwrap().remove(0)
}

/// Returns the first block of a language under this heading.
fn block(heading: &str, language: &str) -> &'static str {
    let section = GUIDE.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let fence = format!("```{language}\n");
    let text = section.split(&fence).nth(1).unwrap();
    text.split("```").next().unwrap()
}

#[test]
fn every_example_is_valid_yaml() {
    let blocks: Vec<&str> = GUIDE.split("```yaml\n").skip(1).collect();
    assert_eq!(blocks.len(), 9);
    for block in blocks {
        let text = block.split("```").next().unwrap();
        let parsed = YamlLoader::load_from_str(text);
        assert!(parsed.is_ok_and(|documents| documents.len() == 1), "{text}");
    }
}

/// A home for jobs on the sandbox, and an API key of it.
fn home_with_key() -> (TestHome, String) {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_SANDBOX", "1");
    let login = [
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
    ];
    home.run_with_input(&login, "demo").expect(0);
    let created = run(&home, &["token", "create", "ci"], &[]);
    home.run(&["logout", "--local"]).expect(0);
    (home, created.stdout.trim().to_owned())
}

/// Runs a line of a step, and returns what it prints.
pub(super) fn run_line(home: &TestHome, line: &str, variables: &Variables) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_brainmaps"));
    let (own, built) = (home.path().join("bin"), program.parent().unwrap());
    let path = format!("{}:{}:/usr/bin:/bin", own.display(), built.display());
    let base = home.command(&[]);
    let base = base
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", line])
        .env_clear()
        .envs(base)
        .envs(variables)
        .env("PATH", path)
        .current_dir(home.work())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{line}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// This program is not installed from a registry here.
fn is_installation(line: &str) -> bool {
    line.starts_with("cargo install")
}

/// Returns the `env` of a job or step, with its expressions evaluated.
fn environment(yaml: &Yaml, evaluate: impl Fn(&str) -> String) -> Variables {
    let entries = yaml["env"].as_hash().into_iter().flatten();
    let entries = entries.map(|(name, value)| {
        let (name, value) = (name.as_str().unwrap(), value.as_str().unwrap());
        (name.to_owned(), evaluate(value))
    });
    entries.collect()
}

#[test]
fn github_job_passes_the_credential_on() {
    let (home, key) = home_with_key();
    let (env_file, output_file) = (step_file(&home, ""), home.path().join("outputs"));
    fs::write(&output_file, "").unwrap();
    let job = &example("GitHub Actions")["jobs"]["publish"];
    let evaluate = |text: &str| match text {
        "${{ secrets.BRAINMAPS_API_KEY }}" => key.clone(),
        "${{ steps.credential.outputs.token }}" => read_step_file(&output_file)[0].1.clone(),
        other => panic!("{other}"),
    };
    let mut variables = environment(job, evaluate);
    for (name, value) in [
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ENV", env_file.to_str().unwrap()),
        ("GITHUB_OUTPUT", output_file.to_str().unwrap()),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    let mut count = 0;
    for step in job["steps"].as_vec().unwrap() {
        let Some(line) = step["run"].as_str().filter(|line| !is_installation(line)) else {
            continue;
        };
        variables.extend(read_step_file(&env_file));
        let mut of_step = variables.clone();
        of_step.extend(environment(step, evaluate));
        let printed = run_line(&home, line, &of_step);
        let hidden = printed.replace(&format!("::add-mask::{key}\n"), "");
        assert!(!hidden.contains(&key), "{line}");
        count += 1;
    }
    assert_eq!(count, 6);
    for file in [env_file, output_file] {
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn gitlab_jobs_pass_the_credential_on() {
    let (home, key) = home_with_key();
    let pipeline = example("GitLab CI");
    let mut variables = Variables::from([
        ("CI".to_owned(), "true".to_owned()),
        ("BRAINMAPS_API_KEY".to_owned(), key.clone()),
    ]);
    for job in ["sync", "credential", "deploy"] {
        let job = &pipeline[job];
        for line in job["script"].as_vec().unwrap() {
            let printed = run_line(&home, line.as_str().unwrap(), &variables);
            assert!(!printed.contains(&key), "{line:?}");
        }
        if let Some(report) = job["artifacts"]["reports"]["dotenv"].as_str() {
            // GitLab reads the value as it is.
            let text = fs::read_to_string(home.work().join(report)).unwrap();
            let lines = text.lines().map(|line| line.split_once('=').unwrap());
            variables = lines.map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(variables["DEPLOY_TOKEN"], key);
        }
    }
}

#[test]
fn azure_job_passes_the_credential_on() {
    let (home, key) = home_with_key();
    let mut secrets = Variables::from([("BRAINMAPS_API_KEY".to_owned(), key.clone())]);
    for step in example("Azure Pipelines")["steps"].as_vec().unwrap() {
        let line = step["script"].as_str().unwrap();
        if is_installation(line) {
            continue;
        }
        let name = |text: &str| {
            text.trim_start_matches("$(")
                .trim_end_matches(')')
                .to_owned()
        };
        let mut variables = environment(step, |text| secrets[&name(text)].clone());
        variables.insert("TF_BUILD".to_owned(), "True".to_owned());
        let printed = run_line(&home, line, &variables);
        let set = printed.lines().filter_map(|line| {
            let rest = line.strip_prefix("##vso[task.setvariable variable=")?;
            rest.split_once(";issecret=true]")
        });
        secrets.extend(set.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    assert_eq!(secrets["DEPLOY_TOKEN"], key);
}

#[test]
fn commands_of_the_jenkins_pipeline_run() {
    let (home, key) = home_with_key();
    let script = home.work().join("deploy.sh");
    fs::write(
        &script,
        "#!/bin/sh\nprintf %s \"$DEPLOY_TOKEN\" >deployed\n",
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let variables = Variables::from([("BRAINMAPS_API_KEY".to_owned(), key.clone())]);
    let lines = block("Jenkins", "groovy").lines().map(str::trim);
    let commands = lines.filter_map(|line| line.strip_prefix("sh '")?.strip_suffix('\''));
    let commands: Vec<_> = commands.collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        assert!(!run_line(&home, command, &variables).contains(&key));
    }
    let deployed = home.work().join("deployed");
    assert_eq!(fs::read_to_string(&deployed).unwrap(), key);
    fs::remove_file(deployed).unwrap();
}

#[test]
fn systemd_service_finds_its_credential() {
    let (home, key) = home_with_key();
    let unit = block("In a container", "ini");
    let value = |name: &str| {
        let mut lines = unit.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    };
    // systemd decrypts the credential into this directory.
    let directory = home.path().join("credentials-directory");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
    let file = directory.join(value("LoadCredentialEncrypted").unwrap());
    write_private(&file, &key);
    let command = value("ExecStart").unwrap();
    let command = command.strip_prefix("/usr/local/bin/").unwrap();
    let path = directory.to_str().unwrap().to_owned();
    let variables = Variables::from([("CREDENTIALS_DIRECTORY".to_owned(), path)]);
    let printed = run_line(&home, command, &variables);
    assert!(printed.contains("brainmaps_api_key"), "{printed}");
    fs::remove_file(file).unwrap();
}
