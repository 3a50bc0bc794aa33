//! The steps about the API token: it is created, used, revoked, and rejected.

use super::assertions::{
    StepResult, describe_failure, ensure, expect_failure, step_failure, verify_account,
};
use super::fixture::{Fixture, KEY_VARIABLE};
use super::reporter::Reporter;
use crate::actions::{Source, Target};
use crate::cli::Code;
use crate::domain::{CreatedToken, Secret, TokenId};
use crate::service::NewToken;

pub(super) async fn create_demo_token(
    fixture: &Fixture,
    reporter: &mut Reporter<'_>,
) -> StepResult<CreatedToken> {
    const NAME: &str = "nightly build";
    reporter.start_step(
        "Create a token for a program",
        "Each program gets its own key, so that it can be revoked alone. Its secret is shown once.",
        format!("brainmaps token create \"{NAME}\""),
    )?;
    let context = fixture.context();
    let target = Target::resolve(&context)?;
    let new_token = NewToken {
        name: NAME.to_owned(),
        ..NewToken::default()
    };
    let created = context
        .session(&target)
        .create_token(&new_token, None)
        .await?;
    ensure(!created.secret.is_empty(), "the token has no secret")?;
    reporter.finish_step(format!(
        "Created token {}, secret {}",
        token_id(&created)?,
        redact_secret(&created.secret)
    ))?;
    Ok(created)
}

pub(super) async fn call_with_key(
    fixture: &Fixture,
    reporter: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    reporter.start_step(
        "Call the API with the token",
        "A script, a container or a CI job needs only this variable.",
        whoami_command(created),
    )?;
    let context = fixture.context_with_key(&created.secret);
    let target = Target::resolve(&context)?;
    let source = context.session(&target).resolve_credential()?.source;
    ensure(
        matches!(source, Source::Environment { .. }),
        "the key in the environment was not used",
    )?;
    let account = verify_account(context.session(&target)).await?;
    reporter.finish_step(format!(
        "Called as {account}, with the key in {}",
        source.label()
    ))?;
    Ok(())
}

pub(super) async fn revoke_token(
    fixture: &Fixture,
    reporter: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    let id = token_id(created)?;
    reporter.start_step(
        "Revoke the token",
        "It leaked, or the program is gone. Other keys and the session are not affected.",
        format!("brainmaps token revoke {id}"),
    )?;
    let context = fixture.context();
    let target = Target::resolve(&context)?;
    for revocation in context
        .session(&target)
        .revoke_tokens(std::slice::from_ref(id))
        .await?
    {
        revocation.outcome?;
    }
    reporter.finish_step(format!("Revoked token {id}"))?;
    Ok(())
}

pub(super) async fn call_with_revoked_key(
    fixture: &Fixture,
    reporter: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    reporter.start_step(
        "Call the API with the revoked token",
        "The service rejects it at once. The stored session is not used instead.",
        whoami_command(created),
    )?;
    let context = fixture.context_with_key(&created.secret);
    let target = Target::resolve(&context)?;
    let result = verify_account(context.session(&target)).await;
    let failure = expect_failure(result, Code::CredentialRejected)?;
    reporter.finish_step(describe_failure(&failure))?;
    Ok(())
}

fn whoami_command(created: &CreatedToken) -> String {
    format!(
        "{KEY_VARIABLE}={} brainmaps whoami",
        redact_secret(&created.secret)
    )
}

/// Keeps the prefix that names the kind of the key: `bm_pat_••••`.
fn redact_secret(secret: &Secret) -> String {
    let prefix = secret.expose().rsplit_once('_').map(|(prefix, _)| prefix);
    let is_kind =
        |prefix: &&str| prefix.len() <= 8 && !prefix.contains(|c: char| c.is_ascii_digit());
    let prefix = prefix.filter(is_kind);
    prefix.map_or_else(|| "••••".to_owned(), |prefix| format!("{prefix}_••••"))
}

fn token_id(created: &CreatedToken) -> StepResult<&TokenId> {
    created
        .token
        .id
        .as_ref()
        .ok_or_else(|| step_failure("the token has no id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacted_secret_shows_only_its_prefix() {
        for (secret, expected) in [
            ("bm_pat_4f9sdjkfh34hf", "bm_pat_••••"),
            ("4f9sdjkfh34hf", "••••"),
            ("4f_sdj", "••••"),
            ("longer_than_a_kind_is_f34hf", "••••"),
            ("", "••••"),
        ] {
            assert_eq!(redact_secret(&Secret::new(secret)), expected);
        }
    }
}
