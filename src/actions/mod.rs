//! What a user can do: the use-cases, where OAuth, service, vault and host meet. Each returns a value; nothing is
//! printed here.

mod argument;
mod authorization_server;
mod client;
mod clock;
mod config;
mod context;
mod create;
mod device;
mod doctor;
mod email_verification;
mod env_file_target;
mod error;
mod expiry_warning;
mod explain;
mod file_choice;
mod fixed_credential;
mod import;
mod inspect;
mod key_check;
mod list;
mod logout;
mod method;
mod origin_error;
mod password;
mod profiles;
mod project;
mod providers;
mod rate_limit;
mod refresh;
mod replace;
mod revoke;
mod revoked_env_key;
mod rotate;
mod save;
mod select;
mod shutdown_guard;
mod status;
mod storage_location;
mod target;
mod tokens;
mod unauthenticated;
mod unfinished;
mod unsaved_session;
mod verify;

pub use argument::{IdFault, TokenArgument, report_file_choice};
pub use client::{AuthenticatedClient, PickedCredential};
pub use config::{Config, ConfigError};
pub use context::{Context, Event, GlobalOptions, RotationStep};
pub use create::{
    Orphan, ShouldRevoke, UndeliveredToken, create_token_with_journal, revoke_if_proven,
};
pub use device::{DeviceLogin, LoginOptions, login_with_device_flow};
pub use doctor::{Check, DoctorOptions, Finding, run_checks};
pub use email_verification::resend_verification;
pub use env_file_target::{SecretTarget, find_directory_using_file, find_existing_key};
pub use error::ActionError;
pub use explain::{SourceReport, Verdict, explain};
pub use file_choice::Purpose;
pub use import::{ImportError, import_session};
pub use inspect::{Inspection, Jwt, ServiceRef, TokenFormat, inspect_token};
pub use key_check::{KeyError, KeyFault};
pub use list::{ListOptions, TokenList, list_tokens, stream_tokens};
pub use logout::{LogoutResult, RevocationOutcome, logout};
pub use method::{
    LoginMethod, PreparedLogin, choose_login_method, login_methods, prepare_cookie_login,
    prepare_password_login,
};
pub use origin_error::OriginError;
pub use password::{login_with_cookie, login_with_password};
pub use profiles::{
    ProfileView, add_profile, get_profile, list_profiles, list_targets, remove_profile,
    set_default_profile,
};
pub use project::{
    BindingMode, ProjectView, Routing, RoutingError, bind_local, bind_profile, describe_project,
};
pub use providers::{
    CheckedDescription, ProviderView, check_provider, get_provider, list_providers,
};
pub use refresh::{RefreshOutcome, RefreshReason, refresh_session};
pub use replace::{Replacement, find_replacement};
pub use revoke::{MAX_CONCURRENT, Revocation, revoke_many, revoke_tokens, revoke_tokens_until};
pub use rotate::{RightsComparison, RotationError, RotationResult, rotate_token};
pub use save::{LoginResult, login_with_api_key};
pub use select::{
    ResolvedCredential, Source, UnusableKey, require_usable_sources, resolve_credential,
};
pub use shutdown_guard::ShutdownGuard;
pub use status::{CredentialState, ProfileStatus, check_status, read_status};
pub use target::Target;
pub use tokens::{create_token, get_token, get_token_by_key, save_secret, update_token};
pub use unfinished::{UnfinishedOperation, unfinished_operations};
pub use unsaved_session::{Fate, NotSaved};
pub use verify::{ENTERED, Verification};
