//! Use cases: the only layer that combines OAuth, services, the vault and the host. Each returns a value and must not
//! print.

mod account;
mod clock;
mod context;
mod credential;
mod doctor;
mod error;
mod login;
mod origin_error;
mod session;
mod shutdown_guard;
mod target;
mod token;

pub use account::config::{Config, ConfigError};
pub use account::logout::{LogoutResult, RevocationOutcome};
pub use account::profiles::{
    ProfileView, add_profile, get_profile, list_profiles, list_targets, remove_profile,
    set_default_profile,
};
pub use account::project::{
    BindingMode, ProjectView, Routing, RoutingError, bind_local, bind_profile, describe_project,
};
pub use account::providers::{
    CheckedDescription, ProviderView, check_provider, get_provider, list_providers,
};
pub use account::status::{CredentialState, ProfileStatus};
pub use context::{Context, Event, GlobalOptions, RotationStep};
pub use credential::client::{AuthenticatedClient, PickedCredential};
pub use credential::explain::{SourceReport, Verdict};
pub use credential::file_choice::Purpose;
pub use credential::key_check::{KeyError, KeyFault};
pub use credential::refresh::{RefreshOutcome, RefreshReason};
pub use credential::select::{ResolvedCredential, Source, UnusableKey};
pub use credential::unsaved_session::{Fate, NotSaved};
pub use doctor::{Check, DoctorOptions, Finding, run_checks};
pub use error::ActionError;
pub use login::device::{DeviceLogin, LoginOptions, login_with_device_flow};
pub use login::import::{ImportError, import_session};
pub use login::method::{
    LoginMethod, PreparedLogin, choose_login_method, login_methods, prepare_cookie_login,
    prepare_password_login,
};
pub use login::password::{login_with_cookie, login_with_password};
pub use login::replace::{Replacement, find_replacement};
pub use login::save::{LoginResult, login_with_api_key};
pub use login::verify::{ENTERED, Verification};
pub use origin_error::OriginError;
pub use session::ProfileSession;
pub use shutdown_guard::ShutdownGuard;
pub use target::Target;
pub use token::argument::{IdFault, TokenArgument};
pub use token::create::{Orphan, ShouldRevoke, UndeliveredToken, revoke_if_proven};
pub use token::env_file_target::SecretTarget;
pub use token::inspect::{Inspection, Jwt, ServiceRef, TokenFormat, inspect_token};
pub use token::list::{ListOptions, TokenList};
pub use token::revoke::{MAX_CONCURRENT, Revocation};
pub use token::rotate::{RightsComparison, RotationError, RotationRequest, RotationResult};
pub use token::unfinished::{UnfinishedOperation, unfinished_operations};
