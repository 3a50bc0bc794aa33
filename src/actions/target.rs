//! The target of a command: the profile, its provider and the API base URL.

use crate::actions::api_base::{configured_base_of, explicit_base, sandbox_base};
use crate::actions::issuer::{parse_issuer_origin, profile_name_for_issuer};
use crate::actions::{ActionError, Context, OriginError, Routing};
use crate::domain::{BaseUrl, Origin, ProfileName, sanitize_line};
use crate::provider::{AllowedReferences, Descriptor, ProviderError};
use crate::vault::{Profile, ProfileIndex, Storage};

/// The default profile. Its provider has the same name.
const DEFAULT_PROFILE: &str = "brainmaps";

/// The provider of profiles that `login --issuer` and `login --resource` create.
pub(super) const ANY_OAUTH2_SERVER: &str = "oauth2";

#[derive(Debug, Clone)]
pub struct Target {
    pub name: ProfileName,
    /// Boxed because it is large, and futures hold it.
    pub descriptor: Box<Descriptor>,
    /// The descriptor with the default kind of token, if the beginning of an id selected another kind.
    pub default_kind: Option<Box<Descriptor>>,
    /// The stored settings, or the defaults.
    pub profile: Profile,
    /// The API base URL. A `.env` with its own URL may override it.
    pub base: Option<BaseUrl>,
    /// Whether an option or the environment named `base`.
    pub is_base_explicit: bool,
    pub routing: Routing,
}

impl Target {
    /// Returns the target that the options, the project file or the default choose.
    ///
    /// # Errors
    /// If the profile does not exist, or its description or a URL is invalid.
    pub fn resolve(context: &Context) -> Result<Self, ActionError> {
        let routing = Routing::find(context)?;
        let index = Self::index(context, routing.bound_profile())?;
        Self::resolve_with(context, &index, routing)
    }

    /// Returns the index. One that cannot be read is only a warning if the environment has a key of the service: such a
    /// key needs no stored profile.
    pub(super) fn index(
        context: &Context,
        bound: Option<&ProfileName>,
    ) -> Result<ProfileIndex, ActionError> {
        let error = match context.vault.index() {
            Ok(index) => return Ok(index),
            Err(error) => error,
        };
        let index = ProfileIndex::default();
        let profile = default_profile(context, &index, bound)?;
        let target = Self::for_profile(context, &index, profile).ok();
        let variable = target.and_then(|it| it.descriptor.environment.api_key);
        let has_key = |it: String| context.secret_files.has_key(&context.environment, &it);
        if !variable.is_some_and(has_key) {
            return Err(error.into());
        }
        // Below a file there is no data directory.
        if !error.is_not_a_directory() {
            context.warn(format!("ignoring the stored profiles: {}", error.to_line()));
        }
        Ok(index)
    }

    pub(super) fn resolve_with(
        context: &Context,
        index: &ProfileIndex,
        routing: Routing,
    ) -> Result<Self, ActionError> {
        let profile = default_profile(context, index, routing.bound_profile())?;
        let target = Self::for_profile(context, index, profile);
        let target = target.map_err(|error| routing.with_file(error))?;
        Ok(Self { routing, ..target })
    }

    /// As [`Target::resolve`], for login: ignores an unreadable index, and accepts any profile name with an issuer.
    ///
    /// # Errors
    /// As [`Target::resolve`].
    pub fn for_login(context: &Context, has_issuer: bool) -> Result<Self, ActionError> {
        let index = context.vault.index().unwrap_or_default();
        let routing = Routing::find_or_warn(context);
        let profile = default_profile(context, &index, routing.bound_profile())?;
        let is_new =
            !index.profiles.contains_key(&profile) && !context.catalog.contains(profile.as_str());
        if is_new && has_issuer {
            let kept = Profile::new(ANY_OAUTH2_SERVER.parse()?);
            return Self::from_profile(context, profile, kept);
        }
        let target = Self::for_profile(context, &index, profile);
        let target = target.map_err(|error| routing.with_file(error))?;
        Ok(Self { routing, ..target })
    }

    /// As [`Target::for_login`], at an issuer that the user named. A session of that issuer is bound to the service only if
    /// the user named both or the issuer belongs to the service. Otherwise it gets its own profile.
    ///
    /// # Errors
    /// As [`Target::for_login`], and [`OriginError::IssuerProfileTaken`] if the profile name of the issuer is in use.
    pub fn for_login_at_issuer(
        context: &Context,
        issuer: Option<&str>,
    ) -> Result<Self, ActionError> {
        let chosen = Self::for_login(context, issuer.is_some())?;
        let Some(issuer) = issuer else {
            return Ok(chosen);
        };
        let origin = parse_issuer_origin(issuer)?;
        let is_named = context.options.profile.is_some() || context.options.sandbox;
        if is_named || chosen.is_for_issuer(issuer, &origin) {
            return Ok(chosen);
        }
        let name: ProfileName = profile_name_for_issuer(issuer).parse()?;
        let index = context.vault.index().unwrap_or_default();
        match index.profiles.get(&name) {
            Some(kept) if kept.issuer.as_deref() == Some(issuer) => {
                Self::for_profile(context, &index, name)
            }
            None if !context.catalog.contains(name.as_str()) => {
                let kept = Profile::new(ANY_OAUTH2_SERVER.parse()?);
                Self::from_profile(context, name, kept)
            }
            _ => Err(OriginError::IssuerProfileTaken {
                issuer: sanitize_line(issuer),
                name: name.to_string(),
            }
            .into()),
        }
    }

    /// Returns true if sessions of `issuer` belong to this service: the user or the description says so, or both have
    /// one origin.
    fn is_for_issuer(&self, issuer: &str, origin: &Origin) -> bool {
        let described = self.descriptor.oauth.as_ref();
        let described = described.and_then(|oauth| oauth.issuer.as_deref());
        let base = self.base.as_ref().map(BaseUrl::origin);
        self.is_base_explicit
            || self.profile.issuer.as_deref() == Some(issuer)
            || described == Some(issuer)
            || base.as_ref() == Some(origin)
    }

    /// As [`Target::for_login`], for logout: a credential file is sufficient, even if the index is damaged or does not
    /// list the profile.
    ///
    /// # Errors
    /// As [`Target::resolve`].
    pub fn for_logout(context: &Context, local: bool) -> Result<Self, ActionError> {
        let index = context.vault.index().unwrap_or_default();
        match Self::for_login(context, false) {
            Err(error @ ActionError::NoSuchProfile { .. }) => {
                let named = context.options.profile.clone().ok_or(error)?;
                Self::for_stored_profile(context, &index, named, local)
            }
            Err(ActionError::Provider(error)) if local => {
                let routing = Routing::find_or_warn(context);
                let profile = default_profile(context, &index, routing.bound_profile())?;
                Self::undescribed(context, &index, profile, error)
            }
            other => other,
        }
    }

    /// The profile called `profile` without its provider's description, which was deleted or is invalid: enough to delete
    /// its credential.
    fn undescribed(
        context: &Context,
        index: &ProfileIndex,
        profile: ProfileName,
        error: ProviderError,
    ) -> Result<Self, ActionError> {
        let provider = ANY_OAUTH2_SERVER.parse()?;
        let stored = context
            .vault
            .profiles_with_credential_file()?
            .contains(&profile);
        let kept = index.profiles.get(&profile).cloned();
        if kept.is_none() && !stored {
            return Err(error.into());
        }
        let mut target = Self::from_profile(context, profile, Profile::new(provider))?;
        target.profile = kept.unwrap_or(target.profile);
        Ok(target)
    }

    /// Returns the target of `profile`. The credential file describes a profile that the index does not list.
    ///
    /// # Errors
    /// As [`Target::resolve`], and if the credential file cannot be read.
    pub fn for_stored_profile(
        context: &Context,
        index: &ProfileIndex,
        profile: ProfileName,
        local: bool,
    ) -> Result<Self, ActionError> {
        match Self::of_file(context, index, profile.clone()) {
            Err(ActionError::Provider(error)) if local => {
                Self::undescribed(context, index, profile, error)
            }
            other => other,
        }
    }

    fn of_file(
        context: &Context,
        index: &ProfileIndex,
        profile: ProfileName,
    ) -> Result<Self, ActionError> {
        if index.profiles.contains_key(&profile) {
            return Self::for_profile(context, index, profile);
        }
        let stored = match context.vault.read(&profile, Storage::File) {
            Ok(Some(stored)) => stored,
            // Nothing is known about a damaged file, and logout only quarantines it.
            Ok(None) => return Self::for_profile(context, index, profile),
            Err(error) if error.is_damage() => {
                let provider = ANY_OAUTH2_SERVER.parse()?;
                return Self::from_profile(context, profile, Profile::new(provider));
            }
            Err(error) => return Err(error.into()),
        };
        let mut kept = Profile::new(stored.provider);
        kept.api_url = stored.origin.to_string().parse().ok();
        Self::from_profile(context, profile, kept)
    }

    /// As [`Target::resolve`], ignoring the project file.
    ///
    /// # Errors
    /// As [`Target::resolve`].
    pub fn ignoring_project(context: &Context) -> Result<Self, ActionError> {
        let index = Self::index(context, None)?;
        let profile = default_profile(context, &index, None)?;
        Self::for_profile(context, &index, profile)
    }

    /// Returns the target of `profile`.
    ///
    /// # Errors
    /// As [`Target::resolve`].
    pub fn for_profile(
        context: &Context,
        index: &ProfileIndex,
        profile: ProfileName,
    ) -> Result<Self, ActionError> {
        let kept = match index.profiles.get(&profile) {
            Some(kept) => kept.clone(),
            None if context.catalog.contains(profile.as_str()) => {
                Profile::new(profile.as_str().parse()?)
            }
            None => return Err(unknown_profile(context, index, &profile)),
        };
        Self::from_profile(context, profile, kept)
    }

    /// Re-reads from the index where the credential is stored. Call while holding the profile lock, which prevents it
    /// from moving. Boxed to keep the futures of all callers small.
    pub(super) fn reload_storage(&self, context: &Context) -> Box<Self> {
        let mut target = Box::new(self.clone());
        let now = context.vault.index().ok();
        if let Some(now) = now.and_then(|mut it| it.profiles.remove(&self.name)) {
            target.profile.storage = now.storage;
            target.profile.has_stale_copy = now.has_stale_copy;
        }
        target
    }

    pub(super) fn from_profile(
        context: &Context,
        profile: ProfileName,
        kept: Profile,
    ) -> Result<Self, ActionError> {
        let descriptor = confine_descriptor(context, &kept)?;
        let explicit = explicit_base(context, &descriptor)?;
        let is_base_explicit = explicit.is_some();
        let base = match explicit {
            Some(base) => Some(base),
            None if context.options.sandbox => Some(sandbox_base(&descriptor)?),
            None => configured_base_of(context, &kept, &descriptor),
        };
        Ok(Self {
            default_kind: None,
            name: profile,
            descriptor: Box::new(descriptor),
            profile: kept,
            base,
            is_base_explicit,
            routing: Routing::Unbound,
        })
    }

    /// Returns the base URL without options and environment variables.
    pub(super) fn configured_base(&self, context: &Context) -> Option<BaseUrl> {
        configured_base_of(context, &self.profile, &self.descriptor)
    }

    /// Returns the API base URL.
    ///
    /// # Errors
    /// If no base URL is known.
    pub fn base(&self) -> Result<&BaseUrl, ActionError> {
        self.base.as_ref().ok_or_else(|| ActionError::NoApiUrl {
            profile: self.name.to_string(),
        })
    }
}

/// Returns the description after checking that it names no variables or servers of others. Everything that a command
/// reads or sends depends on this.
fn confine_descriptor(context: &Context, kept: &Profile) -> Result<Descriptor, ActionError> {
    let entry = context.catalog.find(&kept.provider)?;
    let issuer = kept.issuer.as_deref().map(parse_issuer_origin).transpose();
    let named = [
        context.options.api_url.as_ref().map(BaseUrl::origin),
        kept.api_url.as_ref().map(BaseUrl::origin),
        context
            .config
            .api_url(&kept.provider)
            .map(|url| url.origin()),
        issuer.ok().flatten(),
    ];
    let named: Vec<Origin> = named.into_iter().flatten().collect();
    let permitted = AllowedReferences {
        variables: context.config.allowed_variables(&kept.provider),
        origins: &named,
    };
    context.catalog.enforce_access(&entry, permitted)?;
    Ok(entry.descriptor)
}

/// Precedence: `--profile`, its variable, the project file, `profile use`, the default.
fn default_profile(
    context: &Context,
    index: &ProfileIndex,
    bound: Option<&ProfileName>,
) -> Result<ProfileName, ActionError> {
    let named = context.options.profile.as_ref().or(bound);
    let chosen = named.or(index.default_profile.as_ref()).cloned();
    Ok(chosen.map_or_else(|| DEFAULT_PROFILE.parse(), Ok)?)
}

fn unknown_profile(context: &Context, index: &ProfileIndex, name: &ProfileName) -> ActionError {
    let made = index.profiles.keys().map(ToString::to_string);
    let mut known: Vec<String> = made.chain(context.catalog.ids()).collect();
    known.sort();
    known.dedup();
    ActionError::NoSuchProfile {
        name: name.to_string(),
        known,
    }
}
