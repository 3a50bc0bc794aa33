//! Configures programs to ask this one for the credential, and undoes that. One file per program plans the changes; a plan
//! can be printed or carried out.

mod cargo;
mod docker;
mod git;
mod goauth;
mod keyring;
mod kubectl;
mod link;
mod pnpm;
mod step;
mod terraform;

use std::path::{Path, PathBuf};

use crate::actions::{ActionError, InstallError, ProfileSession, Target};
use crate::domain::{BaseUrl, HelperHost, HelperProgram, Origin};
use crate::files::{self, Requirements, quote_path};
use crate::helper::config_text::{EditError, Remainder};
use crate::host::{Environment, Tool};

use step::FileEdit;
pub use step::{Plan, Step};

/// Larger files are not configuration files.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(1024 * 1024);

pub struct Installation<'a> {
    pub session: ProfileSession<'a>,
    /// The absolute path of this program.
    pub program: PathBuf,
    /// The servers that the user named; none for the default.
    pub origins: Vec<Origin>,
    /// Where to put the link, instead of the default.
    pub directory: Option<PathBuf>,
    /// Whether docker's file for podman, buildah and skopeo is meant.
    pub containers: bool,
}

type PlanResult = Result<Plan, InstallError>;

struct Installer {
    install: fn(&Installation<'_>) -> PlanResult,
    uninstall: fn(&Installation<'_>) -> PlanResult,
    /// Returns the servers whose entries name the profile; `None` without an entry for each server.
    configured: Option<FindServers>,
}

type FindServers = fn(&Installation<'_>) -> Result<Vec<Origin>, InstallError>;

fn installer(program: HelperProgram) -> Installer {
    match program {
        HelperProgram::Git => git::INSTALLER,
        HelperProgram::Docker => docker::INSTALLER,
        HelperProgram::Kubectl => kubectl::INSTALLER,
        HelperProgram::Cargo => cargo::INSTALLER,
        HelperProgram::Keyring => keyring::INSTALLER,
        HelperProgram::Goauth => goauth::INSTALLER,
        HelperProgram::Pnpm => pnpm::INSTALLER,
        HelperProgram::Terraform => terraform::INSTALLER,
    }
}

/// Returns the changes that make `program` ask for the credential of the profile.
///
/// # Errors
/// [`InstallError`] if a setting of another program is in the way.
pub fn plan_install(
    program: HelperProgram,
    mut wanted: Installation<'_>,
) -> Result<Plan, ActionError> {
    let api = api_origin(wanted.session)?;
    if wanted.origins.is_empty() {
        wanted.origins.push(api.clone());
    }
    wanted.check_records(program)?;
    let mut plan = (installer(program).install)(&wanted)?;
    let recorded = &wanted.session.target.profile.helper_hosts;
    let hosts = wanted.origins.into_iter().map(|host| HelperHost {
        program,
        host,
        api: api.clone(),
    });
    let needed = hosts.filter(|it| it.host != api || program.needs_record());
    let added: Vec<HelperHost> = needed.filter(|it| !recorded.contains(it)).collect();
    plan.steps.extend(added.into_iter().map(Step::Allow));
    Ok(plan)
}

/// Returns the changes that undo [`plan_install`], for the named servers or for all.
///
/// # Errors
/// As [`plan_install`].
pub fn plan_uninstall(
    program: HelperProgram,
    mut wanted: Installation<'_>,
) -> Result<Plan, ActionError> {
    let recorded = wanted.session.target.profile.helper_hosts.iter();
    let recorded = recorded.filter(|it| it.program == program);
    let is_named = |host: &Origin| wanted.origins.is_empty() || wanted.origins.contains(host);
    let removed: Vec<HelperHost> = recorded.filter(|it| is_named(&it.host)).cloned().collect();
    if wanted.origins.is_empty() {
        // A deleted or renamed profile has no server and no records.
        let own = wanted.session.target.base.as_ref().map(BaseUrl::origin);
        let recorded = removed.iter().map(|it| it.host.clone());
        let configured = installer(program).configured.map(|find| find(&wanted));
        let configured = configured.transpose()?.unwrap_or_default();
        wanted.origins = own.into_iter().chain(recorded).chain(configured).collect();
        wanted.origins.sort();
        wanted.origins.dedup();
    }
    let plan = (installer(program).uninstall)(&wanted)?;
    // The permission ends first.
    let mut steps: Vec<Step> = removed.into_iter().map(Step::Forbid).collect();
    steps.extend(plan.steps);
    Ok(Plan { steps, ..plan })
}

/// Returns the programs whose configuration depends on the profile. An unreadable configuration is ignored.
pub fn configured_programs(session: ProfileSession<'_>, path: &Path) -> Vec<HelperProgram> {
    let is_recorded = |program| {
        let mut hosts = session.target.profile.helper_hosts.iter();
        hosts.any(|it| it.program == program)
    };
    let is_configured = |program, containers| {
        let plan = plan_uninstall(
            program,
            Installation {
                session,
                program: path.to_owned(),
                origins: Vec::new(),
                directory: None,
                containers,
            },
        );
        plan.is_ok_and(|plan| plan.changes_configuration())
    };
    let is_named = |program: &HelperProgram| {
        let program = *program;
        is_recorded(program)
            || !program.has_shared_link() && is_configured(program, false)
            || program == HelperProgram::Docker && is_configured(program, true)
    };
    HelperProgram::ALL.into_iter().filter(is_named).collect()
}

fn api_origin(session: ProfileSession<'_>) -> Result<Origin, InstallError> {
    let base = session.target.base.as_ref().map(BaseUrl::origin);
    base.ok_or_else(|| InstallError::NoServer {
        profile: session.target.name.to_string(),
    })
}

impl Installation<'_> {
    fn environment(&self) -> &Environment {
        &self.session.context.environment
    }

    fn profile(&self) -> &str {
        self.session.target.name.as_str()
    }

    fn home(&self) -> Result<&Path, InstallError> {
        self.environment().home().ok_or(InstallError::NoHome)
    }

    fn tool(&self, name: &'static str) -> Option<Tool> {
        Tool::find(self.environment(), name)
    }

    /// Returns the options that select the profile, in the command of a program that accepts arguments.
    fn options(&self) -> Vec<String> {
        let sandbox = self.session.context.options.sandbox;
        let sandbox = sandbox.then(|| "--sandbox".to_owned());
        let profile = ["--profile".to_owned(), self.profile().to_owned()];
        sandbox.into_iter().chain(profile).collect()
    }

    /// Changes the text of the file at `path` for each server, one after the other; `None` means that the file does not exist.
    fn edit_for_servers(
        &self,
        path: &Path,
        setting: String,
        edit: impl FnMut(Option<String>, &Origin) -> Result<Option<String>, InstallError>,
    ) -> Result<FileEdit, InstallError> {
        let before = read(path)?;
        let mut servers = self.origins.iter();
        let after = servers.try_fold(before.clone(), edit)?;
        Ok(FileEdit {
            path: path.to_owned(),
            before,
            after,
            setting,
            is_removal: false,
        })
    }

    /// As [`Self::edit_for_servers`], to remove what an installation added.
    fn removal_for_servers(
        &self,
        path: &Path,
        setting: String,
        remove: impl Fn(&str, &Origin) -> Result<Remainder, InstallError>,
    ) -> Result<FileEdit, InstallError> {
        let edit = self.edit_for_servers(path, setting, |text, origin| match text {
            Some(text) => Ok(remove(&text, origin)?.apply_to(text)),
            None => Ok(None),
        })?;
        Ok(FileEdit {
            is_removal: true,
            ..edit
        })
    }

    /// Fails for the sandbox, which the name of a link cannot select.
    fn require_service(&self, program: &'static str) -> Result<(), InstallError> {
        if self.session.context.options.sandbox {
            return Err(InstallError::Sandbox { program });
        }
        Ok(())
    }

    /// Returns `true` also for a profile without a server, such as a deleted one.
    fn includes_own_server(&self) -> bool {
        let own = self.session.target.base.as_ref().map(BaseUrl::origin);
        own.is_none_or(|own| self.origins.contains(&own))
    }

    /// Fails if another profile has a server of a program that cannot select between profiles.
    fn check_records(&self, program: HelperProgram) -> Result<(), InstallError> {
        let index = self.session.context.vault.index().unwrap_or_default();
        let others = index.profiles.iter();
        let others =
            others.filter(|it| program.has_shared_link() && it.0 != &self.session.target.name);
        for (name, profile) in others {
            let mut hosts = profile.helper_hosts.iter();
            let taken = hosts.find(|it| it.program == program && self.origins.contains(&it.host));
            if let Some(taken) = taken {
                return Err(other_profile(program, &taken.host, name.as_str()));
            }
        }
        Ok(())
    }

    /// Returns the servers for which `program` gets the credential of another profile; none if it does not exist.
    fn bound_origins_of(&self, profile: &str, program: HelperProgram) -> Vec<Origin> {
        let context = self.session.context;
        let index = context.vault.index().unwrap_or_default();
        let target = profile.parse().ok();
        let target = target.and_then(|name| Target::for_profile(context, &index, name).ok());
        target.map_or_else(Vec::new, |it| context.session(&it).bound_origins(program))
    }

    /// Fails if `program` would never ask, because a server is not https.
    fn require_https(&self, program: &'static str) -> Result<(), InstallError> {
        let is_https = |origin: &Origin| origin.to_string().starts_with("https://");
        if self.origins.iter().all(is_https) {
            return Ok(());
        }
        Err(InstallError::HttpsOnly { program })
    }

    /// Returns `true` if a server of `program` stays recorded for this profile.
    fn is_profile_used(&self, program: HelperProgram) -> bool {
        let hosts = self.session.target.profile.helper_hosts.iter();
        let mut hosts = hosts.filter(|it| it.program == program);
        hosts.any(|it| !self.origins.contains(&it.host))
    }

    /// Returns `true` if a server of `program` stays recorded, here or for another profile: they share a link.
    fn is_still_used(&self, program: HelperProgram) -> bool {
        let index = self.session.context.vault.index().unwrap_or_default();
        let mut profiles = index.profiles.iter();
        profiles.any(|(name, profile)| {
            let mut hosts = profile
                .helper_hosts
                .iter()
                .filter(|it| it.program == program);
            hosts.any(|it| name != &self.session.target.name || !self.origins.contains(&it.host))
        })
    }
}

fn other_profile(program: HelperProgram, host: &Origin, profile: &str) -> InstallError {
    InstallError::OtherProfile {
        program: program.name(),
        host: host.clone(),
        profile: profile.to_owned(),
    }
}

/// Returns the text of a configuration file; `None` if it does not exist.
fn read(path: &Path) -> Result<Option<String>, InstallError> {
    let file = files::open(path, &REQUIREMENTS).map_err(InstallError::Read)?;
    let Some(file) = file else {
        return Ok(None);
    };
    let bytes = file.read().map_err(InstallError::Read)?;
    let text = str::from_utf8(&bytes).map_err(|_| InstallError::Malformed {
        path: path.to_owned(),
    })?;
    Ok(Some(text.to_owned()))
}

/// Names the file in the error of an edit.
fn edit_failed(
    path: &Path,
    subject: &str,
    wanted: &str,
) -> impl Fn(EditError) -> InstallError + use<> {
    let (path, subject, wanted) = (path.to_owned(), subject.to_owned(), wanted.to_owned());
    move |error| match error {
        EditError::Malformed => InstallError::Malformed { path: path.clone() },
        EditError::Taken => InstallError::Taken {
            place: quote_path(&path),
            subject: subject.clone(),
            wanted: wanted.clone(),
        },
    }
}
