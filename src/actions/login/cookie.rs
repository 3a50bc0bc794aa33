//! Login with the cookie of a web session.

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::login::save::{check_can_save, save_login, unverified_credential};
use crate::actions::login::verify::verify_credential;
use crate::actions::{ActionError, Context, LoginResult, Target, Verification};
use crate::domain::{Credential, CredentialKind, Secret};
use crate::vault::Storage;

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
        return Err(ActionError::unsupported_login(
            &target.descriptor.name,
            "a session cookie",
        ));
    }
    let credential = Credential {
        kind: CredentialKind::Cookie,
        secret: parse_cookie(pasted).ok_or(ActionError::InvalidCookie)?,
    };
    report_profile_file(session);
    let new = unverified_credential(session, credential, storage)?;
    check_can_save(session, storage).await?;
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
