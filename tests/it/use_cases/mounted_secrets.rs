//! Keys in `$CREDENTIALS_DIRECTORY` and `/run/secrets`: their place among the sources.

use brainmaps::actions::{ActionError, Context, Source, Verdict};
use brainmaps::host::Environment;

use super::fixture::{Fixture, assert_no_secret, canary, target, write_private_file};

/// Creates the sources of these names.
fn with_sources(fixture: &Fixture, names: &[&str]) -> Context {
    let mut variables = Vec::new();
    for name in names {
        match *name {
            "variable" => variables.push(("BRAINMAPS_API_KEY", canary(name))),
            "service" => {
                write_private_file(&fixture.path("service/brainmaps_api_key"), &canary(name));
                let directory = fixture.path("service").display().to_string();
                variables.push(("CREDENTIALS_DIRECTORY", directory));
            }
            "container" => {
                write_private_file(&fixture.path("secrets/BRAINMAPS_API_KEY"), &canary(name));
            }
            _ => write_private_file(
                &fixture.path("work/.env"),
                &format!("BRAINMAPS_API_KEY={}", canary(name)),
            ),
        }
    }
    let mut context = fixture.context();
    context.environment = Environment::from_vars(variables);
    context
}

#[tokio::test(start_paused = true)]
async fn mounted_key_precedes_files_of_the_directory_and_follows_variables() {
    for (names, used) in [
        (
            &["variable", "service", "container", ".env"][..],
            "variable",
        ),
        (&["service", "container", ".env"], "service"),
        (&["container", ".env"], "container"),
        (&[".env"], ".env"),
    ] {
        let fixture = Fixture::new();
        let context = with_sources(&fixture, names);
        let target = target(&context);
        let session = context.session(&target);
        let selected = session.resolve_credential().unwrap();
        assert_eq!(selected.credential.secret.expose(), canary(used));
        let all = session.explain();
        assert_no_secret(&all);
        let shadowed = all.iter().filter(|one| one.verdict == Verdict::Shadowed);
        assert_eq!(shadowed.count(), names.len() - 1, "{names:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn mounted_key_is_named_by_its_path() {
    let fixture = Fixture::new();
    let context = with_sources(&fixture, &["container"]);
    let target = target(&context);
    let session = context.session(&target);
    let path = fixture.path("secrets/BRAINMAPS_API_KEY");
    let selected = session.resolve_credential().unwrap();
    assert_eq!(selected.source, Source::MountedFile { path: path.clone() });
    assert_eq!(selected.source.id(), format!("file:{}", path.display()));
    let used = session.explain().into_iter();
    let mut used = used.filter(|one| one.verdict == Verdict::Used);
    assert_eq!(used.next().unwrap().source, format!("`{}`", path.display()));
}

#[tokio::test(start_paused = true)]
async fn mounted_key_that_cannot_be_used_is_an_error_and_no_other_source_is_used() {
    let fixture = Fixture::new();
    let context = with_sources(&fixture, &["container", ".env"]);
    for text in [
        "",
        "two words",
        "\"quoted\"",
        "${KEY}",
        "op://vault/item/key",
    ] {
        write_private_file(&fixture.path("secrets/BRAINMAPS_API_KEY"), text);
        let target = target(&context);
        let error = context.session(&target).resolve_credential().unwrap_err();
        assert!(matches!(error, ActionError::Key(_)), "{text}: {error}");
        assert!(
            error.to_string().contains("/secrets/BRAINMAPS_API_KEY"),
            "{error}"
        );
    }
    fixture.assert_events_have_no_secret();
}

#[tokio::test(start_paused = true)]
async fn mounted_key_of_one_service_is_not_used_for_another() {
    let fixture = Fixture::new();
    write_private_file(&fixture.path("secrets/neuroio_api_key"), &canary("neuroio"));
    let context = fixture.context();
    let own = context.session(&target(&context)).resolve_credential();
    assert!(own.is_err());
    let context = fixture.profile("neuroio");
    let selected = context.session(&target(&context)).resolve_credential();
    assert_eq!(
        selected.unwrap().credential.secret.expose(),
        canary("neuroio")
    );
}
