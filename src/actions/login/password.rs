//! Login with user name and password, or with the cookie of a web session.

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::storage_location::profile_with_storage;
use crate::actions::login::device::rehearse;
use crate::actions::login::replace;
use crate::actions::login::save::{LoginResult, NewLogin, save_login, save_session};
use crate::actions::login::unauthenticated::Unauthenticated;
use crate::actions::login::verify::verify_credential;
use crate::actions::{ActionError, Context, ProfileSession, Target, Verification};
use crate::domain::{Credential, CredentialKind, Expiry, Scopes, Secret, StoredCredential};
use crate::service::Service;
use crate::vault::Storage;

/// Signs in with user name and password. Sends one request and stores neither.
///
/// # Errors
/// `CREDENTIAL_REJECTED` for a wrong password, `UNSUPPORTED` if the service has no password login, and errors of the
/// settings, the service, the network or the disk. A stored credential stays until the new one is written.
pub async fn login_with_password(
    context: &Context,
    username: &str,
    password: &Secret,
    storage: Option<Storage>,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    let method = "user name and password";
    let login = target.descriptor.login.password.as_ref();
    let login = login.ok_or_else(|| unsupported_method(&target, method))?;
    let base = target.base()?.clone();
    replace::check_replacement(session, &base.origin())?;
    report_profile_file(session);
    rehearse(session, storage).await?;
    let channel = Unauthenticated {
        context,
        origin: &base.origin(),
    };
    let service = Service {
        descriptor: &target.descriptor,
        base_url: base.clone(),
        transport: &channel,
    };
    let granted = service.password_login(username, password).await?;
    let credential = Credential {
        kind: login.kind,
        secret: granted.secret.clone(),
    };
    let mut new = unverified_credential(session, credential, storage)?;
    new.stored = StoredCredential {
        expiry: granted.expiry(context.clock_reading_for(&new.stored)),
        refresh_token: granted.refresh_token,
        account: granted.account.or_else(|| Some(username.to_owned())),
        token_id: granted.token_id,
        ..new.stored
    };
    new.verified = true;
    Box::pin(save_session(session, new)).await
}

/// Stores the cookie of a web session after the service confirms it. `pasted` is the value as browsers show it:
/// `name=value`, or several separated by `; `.
///
/// # Errors
/// `UNSUPPORTED` if the service accepts no cookie, `USAGE` if the text is not a cookie or the service rejects it, and
/// errors of the settings or the disk.
pub async fn login_with_cookie(
    context: &Context,
    pasted: &Secret,
    storage: Option<Storage>,
    verification: Verification,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    if target.descriptor.login.cookie.is_none() {
        return Err(unsupported_method(&target, "a session cookie"));
    }
    let credential = Credential {
        kind: CredentialKind::Cookie,
        secret: parse_cookie(pasted).ok_or(ActionError::InvalidCookie)?,
    };
    report_profile_file(session);
    let new = unverified_credential(session, credential, storage)?;
    rehearse(session, storage).await?;
    let new = verify_credential(session, new, verification).await?;
    save_login(session, new).await
}

/// Returns the value of the header. Users often copy the name of the header too.
fn parse_cookie(pasted: &Secret) -> Option<Secret> {
    let text = pasted.expose();
    let named = text
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("cookie:"));
    let value = Secret::new(if named { &text[7..] } else { text });
    let is_value = |c: char| c.is_ascii_graphic() || c == ' ';
    let is_cookie = value.expose().split_once('=').is_some_and(|(name, rest)| {
        !name.is_empty() && !rest.is_empty() && !name.contains([' ', ';', ','])
    });
    (is_cookie && value.expose().chars().all(is_value)).then_some(value)
}

/// Binds a credential that the user supplied to the service. Its lifetime is unknown.
pub(crate) fn unverified_credential(
    session: ProfileSession<'_>,
    credential: Credential,
    storage: Option<Storage>,
) -> Result<NewLogin, ActionError> {
    let base = session.target.base()?.clone();
    let mut kept = profile_with_storage(session, storage);
    let stored = StoredCredential {
        provider: session.target.descriptor.id.clone(),
        origin: base.origin(),
        credential,
        refresh_token: None,
        oauth_server: None,
        expiry: Expiry::from_lifetime(session.context.now(), None),
        scopes: Scopes::default(),
        account: None,
        token_id: None,
    };
    if session.target.base_is_explicit {
        kept.api_url = Some(base);
    }
    Ok(NewLogin {
        stored,
        profile: kept,
        requested_scopes: Scopes::default(),
        verified: false,
    })
}

pub(crate) fn unsupported_method(target: &Target, method: &'static str) -> ActionError {
    ActionError::UnsupportedLoginMethod {
        service: target.descriptor.name.clone(),
        method,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_is_accepted_with_or_without_the_header_name() {
        let taken = |text: &str| parse_cookie(&Secret::new(text)).map(|it| it.expose().to_owned());
        for (pasted, expected) in [
            ("session=abc", "session=abc"),
            ("Cookie: a=1; b=2==", "a=1; b=2=="),
            ("cookie:a=1", "a=1"),
        ] {
            assert_eq!(taken(pasted).as_deref(), Some(expected));
        }
        for wrong in [
            "abc",
            "=x",
            "a=",
            "a b=c",
            "a=\u{e9}",
            "a=1\u{1b}",
            "Cookie:",
            "Bearer x=1",
        ] {
            assert_eq!(taken(wrong), None, "{wrong}");
        }
    }
}
