//! The steps of a token's life: made, used, revoked, refused.

use super::check::{Done, account, expect, missed, refused, told};
use super::narrator::Narrator;
use super::stage::{KEY_VARIABLE, Stage};
use crate::actions::{Source, Target, create_token, revoke_tokens, select};
use crate::cli::Code;
use crate::domain::{MintedToken, Secret, TokenId};
use crate::service::NewToken;

pub(super) async fn make_token(stage: &Stage, narrator: &mut Narrator<'_>) -> Done<MintedToken> {
    const NAME: &str = "nightly build";
    narrator.begin(
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
    let minted = create_token(&context, &target, &wanted, None).await?;
    expect(!minted.secret.is_empty(), "the token has no secret")?;
    narrator.end(format!(
        "made {}, its secret: {}",
        id_of(&minted)?,
        masked(&minted.secret)
    ))?;
    Ok(minted)
}

pub(super) async fn call_with_key(
    stage: &Stage,
    narrator: &mut Narrator<'_>,
    minted: &MintedToken,
) -> Done {
    narrator.begin(
        "Call the API with it",
        "A script, a container or a CI job needs this one variable and no sign-in.",
        with_key(minted),
    )?;
    let context = stage.context_with_key(&minted.secret);
    let target = Target::resolve(&context)?;
    let source = select(&context, &target)?.source;
    expect(
        matches!(source, Source::Environment { .. }),
        "the key in the environment was not the one that was used",
    )?;
    let account = account(&context, &target).await?;
    narrator.end(format!("{account}, by the key in {}", source.label()))?;
    Ok(())
}

pub(super) async fn revoke_token(
    stage: &Stage,
    narrator: &mut Narrator<'_>,
    minted: &MintedToken,
) -> Done {
    let id = id_of(minted)?;
    narrator.begin(
        "Revoke the token",
        "It leaked, or the job is gone: one call ends this key and no other.",
        format!("brainmaps token revoke {id}"),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    for revocation in revoke_tokens(&context, &target, std::slice::from_ref(id)).await? {
        revocation.outcome?;
    }
    narrator.end(format!("revoked {id}"))?;
    Ok(())
}

pub(super) async fn call_with_revoked_key(
    stage: &Stage,
    narrator: &mut Narrator<'_>,
    minted: &MintedToken,
) -> Done {
    narrator.begin(
        "Try it again",
        "Revoked means refused, at once; the session beside it is not used instead.",
        with_key(minted),
    )?;
    let context = stage.context_with_key(&minted.secret);
    let target = Target::resolve(&context)?;
    let answer = account(&context, &target).await;
    let refused = refused(answer, Code::CredentialRejected)?;
    narrator.end(told(&refused))?;
    Ok(())
}

fn with_key(minted: &MintedToken) -> String {
    format!("{KEY_VARIABLE}={} brainmaps whoami", masked(&minted.secret))
}

/// What kind of secret it is, and nothing of the secret: `bm_pat_••••`.
fn masked(secret: &Secret) -> String {
    let kind = secret.expose().rsplit_once('_').map(|(kind, _)| kind);
    let kind = kind.filter(|kind| kind.len() <= 8 && !kind.contains(|c: char| c.is_ascii_digit()));
    kind.map_or_else(|| "••••".to_owned(), |kind| format!("{kind}_••••"))
}

fn id_of(minted: &MintedToken) -> Done<&TokenId> {
    minted
        .token
        .id
        .as_ref()
        .ok_or_else(|| missed("the token has no id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_secret_only_its_kind_is_shown() {
        for (secret, shown) in [
            ("bm_pat_4f9sdjkfh34hf", "bm_pat_••••"),
            ("4f9sdjkfh34hf", "••••"),
            ("4f_sdj", "••••"),
            ("longer_than_a_kind_is_f34hf", "••••"),
            ("", "••••"),
        ] {
            assert_eq!(masked(&Secret::new(secret)), shown);
        }
    }
}
