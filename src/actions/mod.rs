//! Use cases: the only layer that combines OAuth, services, the vault and the host. Each returns a value and must not
//! print.

mod account;
mod api;
mod api_base;
mod audit;
mod ci;
mod clock;
mod config;
mod context;
mod credential;
mod doctor;
mod error;
mod event_recorder;
mod exchanged_tokens;
mod exec;
mod helper;
mod issuer;
mod login;
mod pending_events;
mod provider;
mod proxy;
mod routing;
#[cfg(feature = "scan")]
mod scan;
mod session;
mod shutdown_guard;
mod target;
mod token;
mod usage;
mod workload;
mod workload_sessions;

pub use account::logout::LogoutResult;
pub use account::profile_settings::EffectiveSetting;
pub use account::profile_settings::{find_setting, profile_of_login_method, set_login_method};
pub use account::profiles::{
    ProfileView, add_profile, get_profile, list_profiles, list_targets, remove_profile,
    set_default_profile,
};
pub use account::project::{
    Binding, BindingMode, ProjectView, Unbound, bind_local, bind_profile, describe_project, unbind,
};
pub use account::providers::{DescribedProvider, ProviderView, get_provider, list_providers};
pub use account::rename::{Renamed, rename_profile};
pub use account::settings::{
    check_setting_name, find_effective_setting, find_overriding_variable, list_settings,
    name_parameter_profile,
};
pub use account::status::{CredentialState, ProfileStatus, unusable_project_status};
pub use api::call::{ApiArguments, ApiCall, parse_method};
pub use api::field::ApiField;
pub use api::header::ApiHeader;
pub use api::pages::{ApiPages, PageError, ReceivedPage};
pub use audit::{
    Audit, AuditFacts, AuditFinding, AuditPolicy, AuditReport, FailedProfile, LocalUse,
    OwnCredential, Remedy, ServiceFacts, TokenUsage, UnknownFact, audit, audit_profiles,
    effective_policy,
};
pub use ci::{RunnerFile, require_ci_job};
pub use config::{CompletionSource, Config, SingleSetting, Switch, setting_names};
pub use context::{
    Context, Event, GlobalOptions, RotationStep, TARGET_COMMAND_LIMIT, TypedSecrets,
};
pub use credential::client::{AuthenticatedClient, PickedCredential};
pub use credential::environment_key::has_environment_key_of_any;
pub use credential::explain::{SourceReport, Verdict};
pub use credential::file_choice::Purpose;
pub use credential::handover::Handover;
pub use credential::lookup::{ResolvedCredential, Source};
pub use credential::refresh::{RefreshOutcome, RefreshReason};
pub use credential::revoke_session::RevocationOutcome;
pub use doctor::{Check, DoctorOptions, Finding, run_checks};
pub(crate) use error::SETTING_KEYS;
pub use error::{
    ActionError, ApiCallError, BrowserLoginError, CiError, ClientError, ClientProof, ConfigError,
    CreationError, DescriptionError, ExecError, IdFault, ImportError, InstallError, KeyError,
    KeyFault, NarrowError, NotSaved, OriginError, Replacement, RotationError, RoutingError,
    ScanError, ScopeChange, SecretKind, SessionError, TargetError, TargetOutcome, Undecided,
    UnsavedSession, UnusableKey, WorkloadError, error_line,
};
pub use event_recorder::{AUDIT_LOG, audit_log_warning};
pub use exchanged_tokens::ExchangedTokens;
pub use exec::{
    BrokerVariables, CiVariableName, Delivery, DeliveryMethod, Form, ProgramVariable, VariableName,
};
pub use helper::install::{
    Installation, Plan, Step, configured_programs, plan_install, plan_uninstall,
};
pub use login::api_key::login_with_api_key;
pub use login::browser::{BrowserLogin, PastedLogin, login_with_browser};
pub use login::callback::PastedTexts;
pub use login::choice::{
    Choice, InteractiveLogin, LoginFacts, Preference, PreferredBy, choose_interactive_login,
};
pub use login::client::{read_client_key, read_client_secret};
pub use login::client_credentials::{ClientCredentialsLogin, MissingSecret};
pub use login::cookie::login_with_cookie;
pub use login::device::{DeviceLogin, login_with_device_flow};
pub use login::extend::{Extension, find_extension};
pub use login::import::import_session;
pub use login::method::{
    ChosenLogin, LoginMethod, Participation, PreparedLogin, TypedLogin, choose_login_method,
    login_methods, prepare_client_credentials, prepare_cookie_login, prepare_interactive_login,
    prepare_password_login,
};
pub use login::options::{LoginOptions, NamedClientKey};
pub use login::password::login_with_password;
pub use login::replace::{ActiveLogin, find_active_login, find_replacement};
pub use login::resource::{ResourceParticipation, prepare_resource_login};
pub use login::resource_target::resource_to_discover;
pub use login::save::LoginResult;
pub use login::verify::{ENTERED, Verification};
pub use login::workload::{WorkloadOptions, login_with_workload, open_workload_session};
pub use pending_events::{EventRecorder, PendingEvents};
pub use provider::add::{Addition, add_description, plan_addition};
pub use provider::check::{CheckedDescription, check_description};
pub use provider::export_rules::{GitleaksRule, GitleaksRules, export_rules};
pub use provider::location::{NamedText, read_description};
pub use provider::openapi::draft_from_openapi;
pub use provider::skeleton::{Skeleton, create_file, empty_draft};
pub use provider::trial::{Trial, TrialCall, TrialOptions, TrialValue, run_trial};
pub use proxy::{DescribeError, ProxyUpstream};
pub use routing::Routing;
#[cfg(feature = "scan")]
pub use scan::{
    FirstStep, FoundKey, HookOutcome, KeyState, KeyStates, PlannedRevocation, RevocationPlan,
    RevocationStep, Revoked, ScanOptions, ScanReport, ScanSource, find_sendable_keys, install_hook,
    plan_revocation, revoke_keys, scan, uninstall_hook, verify_keys, write_baseline,
};
pub use session::ProfileSession;
pub use shutdown_guard::ShutdownGuard;
pub use target::Target;
pub use token::argument::TokenArgument;
pub use token::create::{CreationTargets, DeliveredToken, UndeliveredToken, revoke_if_proven};
pub use token::destination::env_file::SecretTarget;
pub use token::destination::existing_key::ExistingKey;
pub use token::filter::{ListOptions, StateFilter};
pub use token::found_tokens::FoundTokens;
pub use token::inspect::{Inspection, Jwt, ServiceRef, TokenFormat, inspect_token};
pub use token::list::{ListSummary, TokenList};
pub use token::order::{SortField, SortOrder};
pub use token::orphans::{Orphan, ShouldRevoke};
pub use token::revoke::{MAX_CONCURRENT, Revocation};
pub use token::rotate::{DueToken, NarrowPlan, RightsComparison, RotationRequest, RotationResult};
pub use token::target_list::TokenTargets;
pub use token::unfinished::{UnfinishedOperation, delivery_state, unfinished_operations};
pub use usage::{NarrowRights, RecordedHandover, RecordedRequest, UsageView};
pub use workload_sessions::{SignIn, Workload, WorkloadSessions};
