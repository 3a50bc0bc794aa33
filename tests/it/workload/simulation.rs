//! `sandbox ci`

use super::{SYSTEMS, files, home, run_job};

#[test]
fn exit_status_is_the_commands_and_nothing_remains() {
    for system in SYSTEMS {
        let home = home();
        let done = run_job(&home, &[system], &["/bin/sh", "-c", "exit 7"]);
        assert_eq!(done.code, Some(7), "{done:?}");
        let done = run_job(&home, &[system], &["/bin/sh", "-c", "kill -9 $$"]);
        assert_eq!(done.code, Some(137), "{done:?}");
        let done = run_job(&home, &[system], &["no-such-program"]);
        assert_eq!(done.code, Some(127), "{done:?}");
        assert!(files(&home.path().join("tmp")).is_empty());
    }
}

#[test]
fn job_has_the_variables_of_its_system_and_of_no_other() {
    let mut home = home();
    home.set("GITHUB_ACTIONS", "true").set("GITLAB_CI", "true");
    for (system, claim, script) in [
        (
            "github",
            "repository=octo/app",
            "echo $CI $GITHUB_ACTIONS $GITHUB_REPOSITORY ${GITLAB_CI-none} ${BRAINMAPS_ID_TOKEN-none}",
        ),
        (
            "gitlab",
            "project_path=octo/app",
            "echo $CI $GITLAB_CI $CI_PROJECT_PATH ${GITHUB_ACTIONS-none} ${ACTIONS_ID_TOKEN_REQUEST_URL-none}",
        ),
        (
            "kubernetes",
            "sub=x",
            "echo true true octo/app ${GITHUB_ACTIONS-none} ${GITLAB_CI-none}",
        ),
    ] {
        let done = run_job(
            &home,
            &[system, "--claim", claim],
            &["/bin/sh", "-c", script],
        );
        assert_eq!(done.stdout, "true true octo/app none none\n", "{done:?}");
    }
}

#[test]
fn arguments_are_checked() {
    let home = home();
    for arguments in [
        &["sandbox", "ci"][..],
        &["sandbox", "ci", "github"],
        &["sandbox", "ci", "travis", "--", "/bin/true"],
        &[
            "sandbox",
            "ci",
            "github",
            "--claim",
            "exp=soon",
            "--",
            "/bin/true",
        ],
        &[
            "sandbox",
            "ci",
            "github",
            "--lifetime",
            "long",
            "--",
            "/bin/true",
        ],
        &["--json", "sandbox", "ci", "github", "--", "/bin/true"],
    ] {
        home.run(arguments).expect(2);
    }
}
