//! The values that all other modules share: credentials, tokens, names, URLs, times. No I/O, no clock, no environment, and
//! no import from another module of the program.

mod address;
mod api_token;
mod audit_log_setting;
mod audit_member;
mod audit_settings;
mod auth_header;
mod ci_platform;
mod config_format;
mod count;
mod credential;
mod credential_event;
mod credential_usage;
mod document_url;
mod duration_text;
pub mod env_text;
mod expiry;
mod glob;
mod helper_program;
mod hint;
mod interactive_method;
mod json_text;
mod json_time;
mod jwt_claims;
mod key_path;
mod names;
mod oauth_client;
mod origin;
mod path_pattern;
mod path_reading;
mod refresh_method;
mod request_pattern;
mod resource_url;
mod sanitize;
mod scopes;
mod secret;
mod stored_credential;
mod text_encoding;
pub mod time_format;
mod token_fact;
mod token_state;
mod workload;

pub use address::{has_private_host, is_private_address};
pub use api_token::{ApiToken, CreatedToken, TokenExpiry, TokenKind};
pub use audit_log_setting::AuditLogSetting;
pub use audit_member::AuditMember;
pub use audit_settings::{AuditRule, AuditSettings, IgnoredFinding, Severity};
pub use auth_header::AuthHeader;
pub use ci_platform::CiPlatform;
pub use config_format::ConfigFormat;
pub use count::{format_count, plural};
pub use credential::{Credential, CredentialKind};
pub use credential_event::{CallingProcess, CredentialEvent, EventRecord};
pub use credential_usage::{CredentialUsage, HandedOut, UsedRequest};
pub use document_url::DocumentUrl;
pub use duration_text::{DurationText, parse_duration};
pub use expiry::{ClockReading, Expiry, Freshness};
pub use glob::{Glob, InvalidGlob, matches_with_stars};
pub use helper_program::{HelperHost, HelperProgram};
pub use hint::{CommandLine, Hint, RepeatedOptions, Warning};
pub use interactive_method::InteractiveMethod;
pub use json_text::parse_json;
pub use json_time::{JsonTime, json_seconds, json_time};
pub use jwt_claims::JwtClaims;
pub use key_path::{InvalidKeyPath, KeyPath, Segment};
pub use names::{InvalidName, ProfileName, ProviderId, TokenId};
pub use oauth_client::{
    AssertionAudience, ClientAuthMethod, ClientAuthentication, ClientKey, ClientParameters,
    ClientRegistration, ClientSecret, SigningAlgorithm,
};
pub use origin::{BaseUrl, InvalidUrl, Origin, differing_hosts, is_loopback};
pub use path_reading::{AmbiguousPath, check_path, path_readings};
pub use refresh_method::RefreshMethod;
pub use request_pattern::RequestPattern;
pub use resource_url::ResourceUrl;
pub use sanitize::{
    quote_for_shell, sanitize_line, sanitize_line_to, sanitize_line_untrimmed, sanitize_text,
    shell_argument,
};
pub use scopes::Scopes;
pub use secret::Secret;
pub use stored_credential::{OAuthServer, StoredCredential};
pub use text_encoding::{decode_text, is_utf16, is_utf32, remove_byte_order_mark};
pub use time_format::{format_countdown, format_duration, format_relative, format_wait};
pub use token_fact::TokenFact;
pub use token_state::{TokenState, token_state};
pub use workload::{SubjectTokenType, WorkloadGrant, WorkloadIdentity};
