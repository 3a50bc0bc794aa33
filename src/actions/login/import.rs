//! Imports the session that another client of the service keeps in a file.
//!
//! The file is read and never changed. The session is bound to the issuer and client in effect: those that the user
//! names, or those of the description. The file has no influence on where its refresh token is sent.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::storage_location::profile_with_storage;
use crate::actions::login::authorization_server::{Requirement, configured_issuer, find_server};
use crate::actions::login::client::configured_client_id;
use crate::actions::login::replace;
use crate::actions::login::save::{NewLogin, save_login};
use crate::actions::{
    ActionError, Context, ImportError, LoginOptions, LoginResult, ProfileSession, Target,
};
use crate::domain::{
    BaseUrl, Credential, CredentialKind, Expiry, JsonTime, OAuthServer, RefreshMethod, Scopes,
    Secret, StoredCredential, parse_json, sanitize_line,
};
use crate::files;
use crate::files::{FileError, Requirements, TrustedFile};
use crate::provider::{PathRoot, PathTemplate, Pointer, SessionImport};
use crate::vault::Profile;

/// The size limit is larger than any token file.
const REQUIREMENTS: Requirements =
    Requirements::unchangeable_by_others(64 * 1024).ignoring_directories();

const READABLE_BY_OTHERS: u32 = 0o044;

/// Imports and stores the session of another client. Returns the file and the login. Without `file`, uses the first
/// file of the description that lies in a directory of the service.
///
/// # Errors
/// [`ImportError`], `UNSUPPORTED` if the description names no such file, and errors of the settings or the disk.
pub async fn import_session(
    context: &Context,
    file: Option<&Path>,
    options: &LoginOptions,
) -> Result<(PathBuf, LoginResult), ActionError> {
    let target = Target::for_login(context, false)?;
    let session = context.session(&target);
    let service = target.descriptor.name.clone();
    let Some(form) = &target.descriptor.login.import else {
        let method = "an imported session";
        return Err(ActionError::UnsupportedLoginMethod { service, method });
    };
    if context.options.sandbox {
        return Err(ImportError::Sandbox { service }.into());
    }
    let base = target.base()?.clone();
    replace::check_replacement(session, &base.origin())?;
    let (path, imported) = open_session(session, form, file)?;
    report_profile_file(session);
    let authority = resolve_authority(session, options).await?;
    let is_refreshable = imported.refresh_token.is_some();
    let new = NewLogin {
        stored: imported.into_credential(session, &base, authority),
        profile: profile_settings(session, options),
        requested_scopes: Scopes::default(),
        verified: false,
        is_extension: false,
    };
    let login = save_login(session, new).await?;
    if is_refreshable {
        context.warn(format!(
            "use this session only here from now on: refreshing it may invalidate the copy in {}",
            path.display()
        ));
    }
    Ok((path, login))
}

/// Returns the profile settings that later logins use.
fn profile_settings(session: ProfileSession<'_>, options: &LoginOptions) -> Profile {
    let api_url = session
        .target
        .base
        .clone()
        .filter(|_| session.target.is_base_explicit);
    let profile = profile_with_storage(session, options.storage);
    Profile {
        issuer: configured_issuer(session, options),
        client_id: configured_client_id(session, options),
        api_url: api_url.or(profile.api_url),
        ..profile
    }
}

/// Returns the issuer, client and endpoints in effect, none of which the file can change.
async fn resolve_authority(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Result<OAuthServer, ActionError> {
    let oauth = session.target.descriptor.oauth.as_ref();
    if oauth.is_none() {
        let service = session.target.descriptor.name.clone();
        return Err(ImportError::MissingOauthDescription { service }.into());
    }
    let (server, _) = find_server(session, options, Requirement::Token).await?;
    Ok(server.into_details())
}

fn open_first_file(
    session: ProfileSession<'_>,
    form: &SessionImport,
) -> Result<(PathBuf, TrustedFile), ImportError> {
    let id = &session.target.descriptor.id;
    let (own, others): (Vec<&PathTemplate>, Vec<&PathTemplate>) =
        form.files.iter().partition(|template| template.is_own(id));
    let resolve_all = |templates: Vec<&PathTemplate>| -> Result<Vec<PathBuf>, ImportError> {
        templates
            .into_iter()
            .filter_map(|template| resolve_path(session.context, template))
            .collect()
    };
    let service = || session.target.descriptor.name.clone();
    let own_paths = resolve_all(own)?;
    for path in &own_paths {
        if let Some(file) = files::open(path, &REQUIREMENTS)? {
            return Ok((path.clone(), file));
        }
    }
    match resolve_all(others)?.into_iter().find(|path| path.is_file()) {
        Some(path) => Err(ImportError::OutsideServiceDirectory {
            service: service(),
            path,
        }),
        None => Err(ImportError::NotFound {
            service: service(),
            searched: own_paths,
        }),
    }
}

fn open_named_file(context: &Context, path: &Path) -> Result<(PathBuf, TrustedFile), ImportError> {
    let path = context.directory.join(path);
    let missing = || FileError::io("open", &path)(rustix::io::Errno::NOENT.into());
    let file = files::open(&path, &REQUIREMENTS)?.ok_or_else(missing)?;
    Ok((path, file))
}

/// Reads the session from `file`, or from the first file that the description names.
fn open_session(
    session: ProfileSession<'_>,
    form: &SessionImport,
    file: Option<&Path>,
) -> Result<(PathBuf, ImportedSession), ImportError> {
    let (path, file) = match file {
        Some(path) => open_named_file(session.context, path)?,
        None => open_first_file(session, form)?,
    };
    warn_if_readable_by_others(session.context, &path, file.mode());
    let imported = ImportedSession::parse(form, &file.read_text()?, &path)?;
    if imported.refresh_token.is_none()
        && imported
            .expires_at
            .is_some_and(|end| end <= session.context.now())
    {
        return Err(ImportError::Expired { path });
    }
    Ok((path, imported))
}

/// Returns the path of a token file; `None` if the variable in it is not set. Relative directories in `XDG_*` variables are
/// ignored, as the XDG specification requires.
fn resolve_path(
    context: &Context,
    template: &PathTemplate,
) -> Option<Result<PathBuf, ImportError>> {
    let root = match &template.root {
        PathRoot::Home => context.environment.home()?.to_owned(),
        PathRoot::Variable(name) => match context.environment.path(name)? {
            root if root.is_absolute() => root,
            _ if name.starts_with("XDG_") => return None,
            _ => {
                let variable = name.clone();
                return Some(Err(ImportError::RelativePath { variable }));
            }
        },
        PathRoot::FilesystemRoot => PathBuf::from("/"),
    };
    Some(Ok(root.join(&template.relative_path)))
}

/// Only warns, because other clients create such files with the default mode of the umask.
fn warn_if_readable_by_others(context: &Context, path: &Path, mode: u32) {
    if mode & READABLE_BY_OTHERS != 0 {
        let word = files::shell_word(path);
        context.warn(format!(
            "other users can read the session in {word}; run `chmod 600 {word}`"
        ));
    }
}

/// The session in the file, not bound to a server yet.
struct ImportedSession {
    access_token: Secret,
    refresh_token: Option<Secret>,
    expires_at: Option<Timestamp>,
}

impl ImportedSession {
    fn parse(form: &SessionImport, text: &str, path: &Path) -> Result<Self, ImportError> {
        let malformed = |what: String| ImportError::Malformed {
            path: path.to_owned(),
            what,
        };
        let value: Value =
            parse_json(text.as_bytes()).map_err(|_| malformed("not valid JSON".to_owned()))?;
        let text_at = |pointer: &Pointer| {
            let found = pointer.find_in(&value).and_then(Value::as_str);
            found.map(Secret::new).filter(|it| !it.is_empty())
        };
        let access_token =
            text_at(&form.access_token).ok_or_else(|| malformed("no access token".to_owned()))?;
        let kind = form
            .token_type
            .as_ref()
            .and_then(|pointer| pointer.text_in(&value));
        if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let kind = sanitize_line(&kind.chars().take(20).collect::<String>());
            return Err(malformed(format!(
                "token type \"{kind}\" instead of Bearer"
            )));
        }
        let end = form
            .expires_at
            .as_ref()
            .and_then(|pointer| pointer.find_in(&value));
        Ok(Self {
            access_token,
            refresh_token: form.refresh_token.as_ref().and_then(text_at),
            expires_at: match end.map_or(JsonTime::None, JsonTime::read) {
                JsonTime::None => None,
                JsonTime::At(time) => Some(time),
                JsonTime::Unreadable => return Err(malformed("invalid expiry time".to_owned())),
            },
        })
    }

    fn into_credential(
        self,
        session: ProfileSession<'_>,
        base: &BaseUrl,
        authority: OAuthServer,
    ) -> StoredCredential {
        let now = session.context.now();
        StoredCredential {
            provider: session.target.descriptor.id.clone(),
            origin: base.origin(),
            credential: Credential {
                kind: CredentialKind::AccessToken,
                secret: self.access_token,
            },
            refresh_token: self.refresh_token,
            refresh_method: RefreshMethod::default(),
            oauth_server: Some(authority),
            expiry: Expiry {
                issued_at: self.expires_at.map_or(now, |end| end.min(now)),
                expires_at: self.expires_at,
                clock_offset: None,
            },
            scopes: Scopes::default(),
            account: None,
            subject: None,
            login_method: None,
            token_id: None,
        }
    }
}
