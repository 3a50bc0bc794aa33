//! Which credential is used: the precedence of the sources, and the explanation of each.

use brainmaps::actions::{ActionError, Context, KeyError, Source, Verdict};
use brainmaps::domain::Secret;
use brainmaps::host::Environment;

use super::fixture::{
    API, Fixture, assert_no_secret, canary, error_chain, key, session, target, write_private_file,
};

/// A context with a key in the environment, if `name` is not empty.
fn with_variable(fixture: &Fixture, name: &str) -> Context {
    let mut context = fixture.context();
    let key = [("BRAINMAPS_API_KEY", canary(name))];
    if !name.is_empty() {
        context.environment = Environment::from_vars(key);
    }
    context
}

fn chosen(context: &Context) -> (String, String, String) {
    let selected = context
        .session(&target(context))
        .resolve_credential()
        .unwrap();
    let source = match selected.source {
        Source::Environment { .. } => "environment",
        Source::MountedFile { .. } => "mounted file",
        Source::DotEnv { .. } => ".env",
        Source::Stored => "stored",
        Source::Workload => "workload",
    };
    let secret = selected.credential.secret.expose().to_owned();
    (source.to_owned(), secret, selected.base.to_string())
}

/// Without those of the mounted secrets, which `mounted_secrets` tests, and of the workload identity, which `workload` tests.
fn verdicts(context: &Context) -> Vec<Verdict> {
    let mut all = context.session(&target(context)).explain();
    assert_no_secret(&all);
    assert!(all.drain(1..3).all(|one| one.verdict == Verdict::Absent));
    let workload = all.pop().unwrap();
    assert_eq!(workload.verdict, Verdict::Absent);
    all.iter().map(|one| one.verdict).collect()
}

fn reasons(context: &Context) -> String {
    let error = context
        .session(&target(context))
        .resolve_credential()
        .unwrap_err();
    error_chain(&error);
    let ActionError::LoginRequired { reasons, .. } = error else {
        panic!("{error}")
    };
    reasons.join("\n")
}

fn unusable(context: &Context) -> String {
    let error = context
        .session(&target(context))
        .resolve_credential()
        .unwrap_err();
    assert!(
        matches!(error, ActionError::Key(KeyError::Unusable(_))),
        "{error}"
    );
    error_chain(&error)
}

#[tokio::test(start_paused = true)]
async fn precedence_is_environment_dotenv_stored() {
    use Verdict::{Absent, Shadowed, Used};
    let rows = [
        (
            "env",
            "BRAINMAPS_API_KEY",
            true,
            "environment",
            [Used, Shadowed, Absent, Shadowed],
        ),
        (
            "",
            "BRAINMAPS_API_KEY",
            true,
            ".env",
            [Absent, Used, Absent, Shadowed],
        ),
        ("", "OTHER", true, "stored", [Absent, Absent, Absent, Used]),
        (
            "env",
            "OTHER",
            false,
            "environment",
            [Used, Absent, Absent, Absent],
        ),
        (
            "",
            "BRAINMAPS_API_KEY",
            false,
            ".env",
            [Absent, Used, Absent, Absent],
        ),
    ];
    for (variable, in_file, stored, source, expected) in rows {
        let fixture = Fixture::new();
        fixture.write_dotenv(&format!("{in_file}={}", canary("file")));
        if stored {
            fixture
                .store("brainmaps", &key("brainmaps", API, "stored"))
                .await;
        }
        let context = with_variable(&fixture, variable);
        assert_eq!(chosen(&context).0, source);
        assert_eq!(
            verdicts(&context),
            expected,
            "{variable} {in_file} {stored}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_credential_is_explained_source_by_source() {
    let fixture = Fixture::new();
    let context = fixture.context();
    assert_eq!(reasons(&context), "");
    assert_eq!(verdicts(&context), [Verdict::Absent; 4]);
    let all = context.session(&target(&context)).explain();
    assert_eq!(all[0].source, "environment variable BRAINMAPS_API_KEY");
    assert_eq!(all[0].reason, "not set");
    assert_eq!(all[4].source, ".brainmaps.toml");
    assert_eq!(
        all[5].reason,
        "no credential is stored for profile \"brainmaps\""
    );
}

#[tokio::test(start_paused = true)]
async fn empty_variables_and_variables_of_other_services_are_ignored() {
    let fixture = Fixture::new();
    let mut context = fixture.context();
    for (name, value) in [
        ("BRAINMAPS_API_KEY", " "),
        ("BASIC_MEMORY_CLOUD_API_KEY", "x"),
    ] {
        context.environment = Environment::from_vars([(name, value)]);
        assert!(
            context
                .session(&target(&context))
                .resolve_credential()
                .is_err(),
            "{name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_nearest_dotenv_is_used() {
    let fixture = Fixture::new();
    fixture.write_dotenv(&format!("BRAINMAPS_API_KEY={}", canary("above")));
    let mut context = fixture.context();
    context.directory = fixture.path("work/a/b");
    std::fs::create_dir_all(&context.directory).unwrap();
    assert_eq!(chosen(&context).1, canary("above"));
    write_private_file(&fixture.path("work/a/.env"), "OTHER=1");
    assert!(
        context
            .session(&target(&context))
            .resolve_credential()
            .is_err(),
        "the nearest .env has no key, and the one above is not used"
    );
}

#[tokio::test(start_paused = true)]
async fn a_url_in_dotenv_applies_only_to_a_key_in_the_same_file() {
    let fixture = Fixture::new();
    fixture.write_dotenv("BRAINMAPS_API_URL=https://evil.test");
    fixture
        .store("brainmaps", &key("brainmaps", API, "stored"))
        .await;
    assert_eq!(
        chosen(&fixture.context()),
        ("stored".into(), canary("stored"), API.into())
    );
    let (source, _, base) = chosen(&with_variable(&fixture, "env"));
    assert_eq!((source.as_str(), base.as_str()), ("environment", API));

    let both = format!(
        "BRAINMAPS_API_URL=https://own.test/v1\nBRAINMAPS_API_KEY={}",
        canary("file")
    );
    fixture.write_dotenv(&both);
    let own = (".env".into(), canary("file"), "https://own.test/v1".into());
    assert_eq!(chosen(&fixture.context()), own);
    assert_eq!(chosen(&with_variable(&fixture, "env")).2, API);
}

#[tokio::test(start_paused = true)]
async fn a_key_with_a_url_in_dotenv_is_sent_there_only() {
    let fixture = Fixture::new();
    let key = format!("BRAINMAPS_API_KEY={}\n", canary("file"));
    fixture.write_dotenv(&format!("{key}BRAINMAPS_API_URL=https://own.test"));
    let mut context = fixture.context();
    context.options.api_url = Some("https://other.test".parse().unwrap());
    assert!(
        reasons(&context)
            .contains("belongs to https://own.test and is not sent to https://other.test")
    );
    context.options.api_url = Some("https://own.test/deeper".parse().unwrap());
    assert_eq!(chosen(&context).1, canary("file"));
    let mut sandbox = fixture.in_sandbox("brainmaps");
    assert!(reasons(&sandbox).contains("is not sent to http://localhost:8000"));

    for bad in [
        "http://own.test",
        "nonsense",
        "https://u:p@own.test",
        "file:///etc",
    ] {
        fixture.write_dotenv(&format!("{key}BRAINMAPS_API_URL={bad}"));
        let error = unusable(&fixture.context());
        assert!(error.contains("the URL beside it is invalid"), "{error}");
    }
    fixture.write_dotenv(&format!("{key}BRAINMAPS_API_URL=http://localhost:8000"));
    assert_eq!(chosen(&sandbox).1, canary("file"));
    fixture.write_dotenv(&key);
    sandbox.options.api_url = Some("https://ignored.test".parse().unwrap());
    assert_eq!(chosen(&sandbox).2, "http://localhost:8000");
}

#[tokio::test(start_paused = true)]
async fn dotenv_does_not_expand_variables() {
    let fixture = Fixture::new();
    for text in ["a-${OUTER}-b", "a$OUTER", "\"a${OUTER}\""] {
        fixture.write_dotenv(&format!("BRAINMAPS_API_KEY={text}"));
        let mut context = fixture.context();
        context.environment = Environment::from_vars([("OUTER", canary("outer"))]);
        let value = chosen(&context).1;
        assert!(
            value.contains("OUTER") && !value.contains(&canary("outer")),
            "{value}"
        );
    }
    for placeholder in ["${OUTER}", "$OUTER", "\"${OUTER}\""] {
        fixture.write_dotenv(&format!("BRAINMAPS_API_KEY={placeholder}"));
        let mut context = fixture.context();
        context.environment = Environment::from_vars([("OUTER", canary("outer"))]);
        let error = unusable(&context);
        assert!(error.contains("placeholder"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_dotenv_is_an_error() {
    let fixture = Fixture::new();
    fixture.write_dotenv(&format!("BRAINMAPS_API_KEY=\"{}", canary("half")));
    fixture
        .store("brainmaps", &key("brainmaps", API, "stored"))
        .await;
    let error = unusable(&fixture.context());
    assert!(
        error.contains("BRAINMAPS_API_KEY") && error.contains("line 1"),
        "{error}"
    );
    assert_eq!(verdicts(&fixture.context())[1], Verdict::Refused);
    assert_eq!(verdicts(&fixture.context())[3], Verdict::Shadowed);
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn a_stored_credential_of_another_service_is_rejected() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &key("basic-memory", API, "stored"))
        .await;
    let context = fixture.context();
    let name: brainmaps::domain::ProfileName = "brainmaps".parse().unwrap();
    let relabel = |index: &mut brainmaps::vault::ProfileIndex| {
        index.profiles.get_mut(&name).unwrap().provider = "brainmaps".parse().unwrap();
    };
    context.vault.update_index(relabel).await.unwrap();
    assert!(reasons(&context).contains("belongs to provider \"basic-memory\""));
    assert_eq!(verdicts(&context)[3], Verdict::Refused);
}

#[tokio::test(start_paused = true)]
async fn a_damaged_credential_is_reported_with_the_other_sources() {
    let fixture = Fixture::new();
    write_private_file(&fixture.credential_file("brainmaps"), &canary("half"));
    let context = fixture.context();
    let error = context
        .session(&target(&context))
        .resolve_credential()
        .unwrap_err();
    assert!(error_chain(&error).contains("is damaged"), "{error}");
    let context = with_variable(&fixture, "env");
    assert_eq!(chosen(&context).0, "environment");
    let expected = [
        Verdict::Used,
        Verdict::Absent,
        Verdict::Absent,
        Verdict::Refused,
    ];
    assert_eq!(verdicts(&context), expected);
}

#[tokio::test(start_paused = true)]
async fn explanations_contain_no_secret() {
    let fixture = Fixture::new();
    fixture.write_dotenv(&format!("BRAINMAPS_API_KEY={}", canary("file")));
    fixture
        .store("brainmaps", &session("access", "refresh", 60))
        .await;
    let context = with_variable(&fixture, "env");
    let target = target(&context);
    let selected = context.session(&target).resolve_credential().unwrap();
    assert_no_secret(&selected);
    assert_no_secret(&target);
    assert_no_secret(&context.session(&target).explain());
    assert_eq!(selected.credential.secret, Secret::new(canary("env")));
}
