//! What a user can do: the use-cases, where OAuth, service, vault and host meet. Each returns a value; nothing is
//! printed here.

mod access;
mod account;
mod alone;
mod by_hand;
mod choice;
mod clock;
mod config;
mod context;
mod create;
mod dead_env_key;
mod doctor;
mod ending;
mod env_place;
mod error;
mod explain;
mod import;
mod inspect;
mod keeping;
mod key_check;
mod login;
mod logout;
mod origin_error;
mod pace;
mod profiles;
mod project;
mod providers;
mod renew;
mod replace;
mod revoke;
mod rotate;
mod select;
mod server;
mod shield;
mod sign_in;
mod status;
mod target;
mod token_argument;
mod token_list;
mod tokens;
mod unfinished;
mod unsaved;
mod unsigned;
mod verify;
mod way;

pub use access::{Access, Held};
pub use account::resend_verification;
pub use by_hand::{cookie_login, password_login};
pub use choice::Purpose;
pub use config::{Config, ConfigError};
pub use context::{Choice, Context, Event, RotationStep};
pub use create::{Created, Decide, Orphan, create_recorded, revoke_proven};
pub use doctor::{Check, Examination, Finding, examine};
pub use env_place::{SecretTarget, key_to_replace, used_below};
pub use error::ActionError;
pub use explain::{Candidate, Verdict, explain};
pub use import::{ImportError, import_login};
pub use inspect::{Belonging, Inspection, Jwt, TokenForm, inspect_token};
pub use key_check::{KeyError, KeyFault};
pub use login::{DeviceLogin, LoginOptions, device_login};
pub use logout::{AtServer, LoggedOut, logout};
pub use origin_error::OriginError;
pub use profiles::{
    ProfileView, add_profile, profile, profiles, remove_profile, targets, use_profile,
};
pub use project::{
    Mode, ProjectView, Routing, RoutingError, bind_to_nothing, bind_to_profile, project_view,
};
pub use providers::{CheckedDescription, ProviderView, check_provider, provider, providers};
pub use renew::{Renewed, Why, renew};
pub use replace::{Replacement, replacement};
pub use revoke::{AT_ONCE, Revocation, revoke_many, revoke_tokens, revoke_tokens_until};
pub use rotate::{Comparison, Rotated, RotationError, rotate_token};
pub use select::{Selected, Source, UnusableKey, require_usable_sources, select};
pub use shield::Shield;
pub use sign_in::{SignedIn, token_login};
pub use status::{ProfileStatus, State, checked_status, local_status};
pub use target::Target;
pub use token_argument::{IdFault, TokenArgument, report_choice};
pub use token_list::{ListOptions, TokenList, list_tokens, stream_tokens};
pub use tokens::{create_token, get_token, save_secret, token_by_key, update_token};
pub use unfinished::{Leftover, leftovers};
pub use unsaved::{Fate, NotSaved};
pub use verify::{ENTERED, Verification};
pub use way::{Way, WayName, best_way, cookie_way, password_way, ways};
