//! The steps of a token's life: made, used, revoked, refused.

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
    stage: &Fixture,
    narrator: &mut Reporter<'_>,
) -> StepResult<CreatedToken> {
    const NAME: &str = "nightly build";
    narrator.start_step(
        "Make a token for a program",
        "A key of its own, shown once; to end it later touches nothing else.",
        format!("brainmaps token create \"{NAME}\""),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    let wanted = NewToken {
        name: NAME.to_owned(),
        ..NewToken::default()
    };
    let created = context.session(&target).create_token(&wanted, None).await?;
    ensure(!created.secret.is_empty(), "the token has no secret")?;
    narrator.finish_step(format!(
        "made {}, its secret: {}",
        token_id(&created)?,
        redact_secret(&created.secret)
    ))?;
    Ok(created)
}

pub(super) async fn call_with_key(
    stage: &Fixture,
    narrator: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    narrator.start_step(
        "Call the API with it",
        "A script, a container or a CI job needs this one variable and no sign-in.",
        whoami_command(created),
    )?;
    let context = stage.context_with_key(&created.secret);
    let target = Target::resolve(&context)?;
    let source = context.session(&target).resolve_credential()?.source;
    ensure(
        matches!(source, Source::Environment { .. }),
        "the key in the environment was not the one that was used",
    )?;
    let account = verify_account(&context, &target).await?;
    narrator.finish_step(format!("{account}, by the key in {}", source.label()))?;
    Ok(())
}

pub(super) async fn revoke_token(
    stage: &Fixture,
    narrator: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    let id = token_id(created)?;
    narrator.start_step(
        "Revoke the token",
        "It leaked, or the job is gone: one call ends this key and no other.",
        format!("brainmaps token revoke {id}"),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    for revocation in context
        .session(&target)
        .revoke_tokens(std::slice::from_ref(id))
        .await?
    {
        revocation.outcome?;
    }
    narrator.finish_step(format!("revoked {id}"))?;
    Ok(())
}

pub(super) async fn call_with_revoked_key(
    stage: &Fixture,
    narrator: &mut Reporter<'_>,
    created: &CreatedToken,
) -> StepResult {
    narrator.start_step(
        "Try it again",
        "Revoked means refused, at once; the session beside it is not used instead.",
        whoami_command(created),
    )?;
    let context = stage.context_with_key(&created.secret);
    let target = Target::resolve(&context)?;
    let result = verify_account(&context, &target).await;
    let refused = expect_failure(result, Code::CredentialRejected)?;
    narrator.finish_step(describe_failure(&refused))?;
    Ok(())
}

fn whoami_command(created: &CreatedToken) -> String {
    format!(
        "{KEY_VARIABLE}={} brainmaps whoami",
        redact_secret(&created.secret)
    )
}

/// What kind of secret it is, and nothing of the secret: `bm_pat_••••`.
fn redact_secret(secret: &Secret) -> String {
    let kind = secret.expose().rsplit_once('_').map(|(kind, _)| kind);
    let kind = kind.filter(|kind| kind.len() <= 8 && !kind.contains(|c: char| c.is_ascii_digit()));
    kind.map_or_else(|| "••••".to_owned(), |kind| format!("{kind}_••••"))
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
        for (secret, shown) in [
            ("bm_pat_4f9sdjkfh34hf", "bm_pat_••••"),
            ("4f9sdjkfh34hf", "••••"),
            ("4f_sdj", "••••"),
            ("longer_than_a_kind_is_f34hf", "••••"),
            ("", "••••"),
        ] {
            assert_eq!(redact_secret(&Secret::new(secret)), shown);
        }
    }
}
