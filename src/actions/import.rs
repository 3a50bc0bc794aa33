//! Taking over the session that a service's own client keeps in a file.
//!
//! The file is read and never changed. The session is bound to the issuer and the client in effect: those that the user
//! names, or those of the service's description. Nothing in the file can send its refresh token elsewhere.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::choice::report_profile;
use super::inspect::numeric_date;
use super::keeping::at_place;
use super::replace;
use super::server::{Need, find, named_client, named_issuer};
use super::sign_in::{NewSignIn, SignedIn, store};
use super::{ActionError, Context, LoginOptions, Target};
use crate::domain::{
    Authority, BaseUrl, Credential, CredentialKind, Expiry, Scopes, Secret, StoredCredential,
    one_line,
};
use crate::files::{self, FileError, Requirements, TrustedFile};
use crate::provider::{FilePlace, ImportForm, Pointer, Root};
use crate::vault::Profile;

/// No token file is larger. A directory of that name is none.
const REQUIREMENTS: Requirements =
    Requirements::unchangeable_by_others(64 * 1024).ignoring_directories();

/// The bits that let group or others read.
const READABLE_BY_OTHERS: u32 = 0o044;

/// Why a session cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such file.
    #[error("there is no session of {service}'s own client to take over")]
    Nowhere {
        /// The service's name.
        service: String,
        /// Where it was looked for.
        places: Vec<PathBuf>,
    },
    /// A place that the description names and that is not the service's own is read only when the user names it.
    #[error("`{}` lies outside the directories of {service}", path.display())]
    Outside {
        /// The service's name.
        service: String,
        /// The file.
        path: PathBuf,
    },
    /// The sandbox must not see a real session.
    #[error("a session of the real {service} is not taken into the sandbox")]
    Sandbox {
        /// The service's name.
        service: String,
    },
    /// The description does not say what the session is bound to.
    #[error(
        "the description of {service} does not name the client and the token endpoint of the session"
    )]
    Unbound {
        /// The service's name.
        service: String,
    },
    /// It is another user's, can be written by others, or cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not what the description says.
    #[error("`{}` holds no session that can be taken over: {what}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong; nothing of the file's own text.
        what: String,
    },
    /// It is over, and nothing renews it.
    #[error("the session in `{}` has expired and cannot be renewed", path.display())]
    Over {
        /// The file.
        path: PathBuf,
    },
}

/// Takes over the session of the service's own client and stores it; where it was found, and what it is. The session is
/// in `file`, or in the first of the described places that lies in a directory of the service's own.
///
/// # Errors
/// [`ImportError`], `UNSUPPORTED` where no such file is described, and whatever the settings or the disk says.
pub async fn import_login(
    context: &Context,
    file: Option<&Path>,
    options: &LoginOptions,
) -> Result<(PathBuf, SignedIn), ActionError> {
    let target = Target::for_login(context, false)?;
    let service = target.descriptor.name.clone();
    let Some(form) = &target.descriptor.login.import else {
        let method = "importing another client's session";
        return Err(ActionError::NoSuchLogin { service, method });
    };
    if context.choice.sandbox {
        return Err(ImportError::Sandbox { service }.into());
    }
    let base = target.base()?.clone();
    replace::check(context, &target, &base.origin())?;
    let (path, session) = open_session(context, &target, form, file)?;
    report_profile(context, &target);
    let authority = authority(context, &target, options).await?;
    let renews = session.refresh_token.is_some();
    let new = NewSignIn {
        stored: session.bound(context, &target, &base, authority),
        kept: kept(context, &target, options),
        asked: Scopes::default(),
        verified: false,
    };
    let signed_in = store(context, &target, new).await?;
    if renews {
        context.warn(format!(
            "from now on use this session here: when it is renewed, the copy in {} may end",
            path.display()
        ));
    }
    Ok((path, signed_in))
}

/// What the next login should know, as after any other sign-in.
fn kept(context: &Context, target: &Target, options: &LoginOptions) -> Profile {
    let api_url = target.base.clone().filter(|_| target.base_is_explicit);
    let kept = at_place(context, target, options.storage);
    Profile {
        issuer: named_issuer(context, target, options),
        client_id: named_client(context, target, options),
        api_url: api_url.or(kept.api_url),
        ..kept
    }
}

/// The issuer, the client and the endpoints in effect; the file has no say in them.
async fn authority(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Result<Authority, ActionError> {
    let oauth = target.descriptor.oauth.as_ref();
    if oauth.is_none() {
        let service = target.descriptor.name.clone();
        return Err(ImportError::Unbound { service }.into());
    }
    let (server, _) = find(context, target, options, Need::Token).await?;
    Ok(server.into_authority())
}

/// Opens the first of the described files that exists.
fn first_file(
    context: &Context,
    target: &Target,
    form: &ImportForm,
) -> Result<(PathBuf, TrustedFile), ImportError> {
    let id = &target.descriptor.id;
    let (own, others): (Vec<&FilePlace>, Vec<&FilePlace>) =
        form.files.iter().partition(|place| place.is_own(id));
    let paths = |places: Vec<&FilePlace>| -> Vec<PathBuf> {
        let paths = places.into_iter();
        paths.filter_map(|place| resolved(context, place)).collect()
    };
    let service = || target.descriptor.name.clone();
    let places = paths(own);
    for path in &places {
        if let Some(file) = files::open(path, &REQUIREMENTS)? {
            return Ok((path.clone(), file));
        }
    }
    match paths(others).into_iter().find(|path| path.is_file()) {
        Some(path) => Err(ImportError::Outside {
            service: service(),
            path,
        }),
        None => Err(ImportError::Nowhere {
            service: service(),
            places,
        }),
    }
}

/// Opens the file that the user named.
fn named_file(context: &Context, path: &Path) -> Result<(PathBuf, TrustedFile), ImportError> {
    let path = context.directory.join(path);
    let missing = || FileError::io("open", &path)(ErrorKind::NotFound.into());
    let file = files::open(&path, &REQUIREMENTS)?.ok_or_else(missing)?;
    Ok((path, file))
}

/// The session in `file`, or in the first place that the description names.
fn open_session(
    context: &Context,
    target: &Target,
    form: &ImportForm,
    file: Option<&Path>,
) -> Result<(PathBuf, Session), ImportError> {
    let (path, file) = match file {
        Some(path) => named_file(context, path)?,
        None => first_file(context, target, form)?,
    };
    warn_if_readable_by_others(context, &path, file.mode());
    let session = Session::parse(form, &file.read_text()?, &path)?;
    if session.refresh_token.is_none() && session.expires_at.is_some_and(|end| end <= context.now())
    {
        return Err(ImportError::Over { path });
    }
    Ok((path, session))
}

/// Only absolute directories count, as the XDG specification has it.
fn resolved(context: &Context, place: &FilePlace) -> Option<PathBuf> {
    let root = match &place.root {
        Root::Home => context.environment.home(),
        Root::Variable(name) => context.environment.path(name),
        Root::System => Some(Path::new("/")),
    };
    Some(root.filter(|root| root.is_absolute())?.join(&place.below))
}

/// Other clients create such files with the mode that the umask leaves.
fn warn_if_readable_by_others(context: &Context, path: &Path, mode: u32) {
    if mode & READABLE_BY_OTHERS != 0 {
        let word = files::shell_word(path);
        context.warn(format!(
            "other users can read the session in {word}; run `chmod 600 {word}`"
        ));
    }
}

/// What the file holds.
struct Session {
    access_token: Secret,
    refresh_token: Option<Secret>,
    expires_at: Option<Timestamp>,
}

impl Session {
    fn parse(form: &ImportForm, text: &str, path: &Path) -> Result<Self, ImportError> {
        let malformed = |what: String| ImportError::Malformed {
            path: path.to_owned(),
            what,
        };
        let value: Value =
            serde_json::from_str(text).map_err(|_| malformed("it is no JSON".to_owned()))?;
        let text_at = |place: &Pointer| {
            let found = place.of(&value).and_then(Value::as_str);
            found.map(Secret::new).filter(|it| !it.is_empty())
        };
        let access_token = text_at(&form.access_token)
            .ok_or_else(|| malformed("there is no access token in it".to_owned()))?;
        let kind = form
            .token_type
            .as_ref()
            .and_then(|place| place.text(&value));
        if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let kind = one_line(&kind.chars().take(20).collect::<String>());
            return Err(malformed(format!("its token type is `{kind}`, not Bearer")));
        }
        let end = form.expires_at.as_ref().and_then(|place| place.of(&value));
        Ok(Self {
            access_token,
            refresh_token: form.refresh_token.as_ref().and_then(text_at),
            expires_at: end
                .map(|end| moment(end).ok_or_else(|| malformed("its end is no time".to_owned())))
                .transpose()?,
        })
    }

    fn bound(
        self,
        context: &Context,
        target: &Target,
        base: &BaseUrl,
        authority: Authority,
    ) -> StoredCredential {
        let now = context.now();
        StoredCredential {
            provider: target.descriptor.id.clone(),
            origin: base.origin(),
            credential: Credential {
                kind: CredentialKind::AccessToken,
                secret: self.access_token,
            },
            refresh_token: self.refresh_token,
            authority: Some(authority),
            expiry: Expiry {
                issued_at: self.expires_at.map_or(now, |end| end.min(now)),
                expires_at: self.expires_at,
                clock_offset: None,
            },
            scopes: Scopes::default(),
            account: None,
            token_id: None,
        }
    }
}

/// Unix seconds, perhaps with a fraction, or RFC 3339.
fn moment(value: &Value) -> Option<Timestamp> {
    if let Some(text) = value.as_str() {
        return text.parse().ok();
    }
    numeric_date(value)
}
