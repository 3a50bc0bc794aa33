//! The servers for which a profile's credential is given to a program: the server of the API, and those that `helper
//! install` recorded. Needs no network and no lock, because programs ask every helper about every server.

use crate::actions::{ActionError, Context, ProfileSession, Routing, Target};
use crate::domain::{BaseUrl, HelperHost, HelperProgram, Origin, ProfileName};
use crate::vault::{Profile, ProfileIndex};

impl ProfileSession<'_> {
    /// Returns the servers for which `program` gets the credential.
    pub fn bound_origins(self, program: HelperProgram) -> Vec<Origin> {
        let Some(api) = self.target.base.as_ref().map(BaseUrl::origin) else {
            return Vec::new();
        };
        let recorded = self.target.profile.helper_hosts.iter();
        let recorded = recorded.filter(|it| it.program == program && it.api == api);
        let mut origins: Vec<Origin> = recorded.map(|it| it.host.clone()).collect();
        // A program that names no server may ask only for those that its user configured.
        if program != HelperProgram::Pnpm && !origins.contains(&api) {
            origins.insert(0, api);
        }
        origins
    }

    /// Records or removes servers for which `program` gets the credential. Returns `false` if nothing changes.
    ///
    /// # Errors
    /// Errors of the index.
    pub async fn update_helper_hosts(
        self,
        added: &[HelperHost],
        removed: &[HelperHost],
    ) -> Result<(), ActionError> {
        let name = self.target.name.clone();
        let unlisted = self.target.profile.clone();
        let change = |index: &mut ProfileIndex| {
            if added.is_empty() && !index.profiles.contains_key(&name) {
                return;
            }
            let hosts = &mut index.profiles.entry(name).or_insert(unlisted).helper_hosts;
            hosts.retain(|it| !removed.contains(it));
            hosts.extend(added.iter().cloned());
            hosts.sort();
            hosts.dedup();
        };
        Ok(self.vault().update_index(change).await?)
    }
}

impl Target {
    /// Returns the profile that gives its credential to `program` for a server that `is_requested` accepts. Without a named
    /// profile, one for which the server was recorded precedes the active profile.
    ///
    /// # Errors
    /// As [`Target::resolve`].
    pub fn resolve_for_program(
        context: &Context,
        program: HelperProgram,
        is_requested: impl Fn(&Origin) -> bool,
    ) -> Result<Option<Box<Self>>, ActionError> {
        let is_bound = |target: &Self| {
            let mut origins = context.session(target).bound_origins(program).into_iter();
            origins.any(|origin| is_requested(&origin))
        };
        let routing = Routing::find(context)?;
        let index = Self::index(context, routing.bound_profile())?;
        if context.options.profile.is_none() {
            let is_recorded = |profile: &Profile| {
                let mut hosts = profile.helper_hosts.iter();
                hosts.any(|it| it.program == program && is_requested(&it.host))
            };
            let recorded = index.profiles.iter().filter(|it| is_recorded(it.1));
            let mut targets = recorded.filter_map(|it| boxed_target(context, &index, it.0));
            if let Some(found) = targets.find(|it| is_bound(it)) {
                return Ok(Some(found));
            }
        }
        let active = Self::resolve_with(context, &index, routing).map(Box::new)?;
        Ok(Some(active).filter(|it| is_bound(it)))
    }
}

/// An invalid description of another profile is not reported.
///
/// Not inlined: otherwise every helper would reserve stack for it.
#[inline(never)]
fn boxed_target(
    context: &Context,
    index: &ProfileIndex,
    name: &ProfileName,
) -> Option<Box<Target>> {
    let target = Target::for_profile(context, index, name.clone()).ok()?;
    Some(Box::new(target))
}
