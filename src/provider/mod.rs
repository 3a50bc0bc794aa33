//! Provider descriptions: services as data, read from TOML. Their types, their validation and the catalog of all
//! descriptions. There is no code for a single service, and no I/O but reading the user's own descriptions.

mod arguments;
mod catalog;
mod check;
mod coverage;
mod descriptor;
mod disclosure;
mod error_map;
mod exchange;
mod header_format;
mod headers;
mod http_call;
mod id_format;
mod import;
mod key_checksum;
mod key_format;
mod key_pattern;
mod limits;
mod login;
mod member_reference;
mod paging;
mod parameters;
mod placeholder;
mod request_need;
mod request_template;
mod response_field;
mod revoke_call;
mod schema;
mod secret_location;
mod source;
mod template;
mod token_kinds;
mod token_verb;
mod tokens;
mod value_types;

pub use arguments::{CreateArgument, Encoding, LoginArgument};
pub use catalog::{
    AccessViolation, AllowedReferences, Catalog, CatalogEntry, DescriptorSource, ProviderError,
    find_reserving_service, gallery_ids, gallery_text, variable_prefix,
};
pub use check::{Diagnostic, check};
pub use coverage::Gap;
pub use descriptor::{
    AccountCall, AccountProof, Descriptor, EnvironmentNames, LogoutCall, OAuth, SandboxAddress,
    SpaceFields, WorkspaceHeader,
};
pub use disclosure::Disclosure;
pub use error_map::{ErrorCall, ErrorMap, ErrorMeaning, SpecialError, first_text, first_texts};
pub use exchange::ExchangeCall;
pub use header_format::{
    AuthScheme, HeaderFormat, HeaderSpelling, SecondHeader, is_connection_header,
};
pub use headers::{Headers, carries_credential};
pub use http_call::{HttpCall, Method, UnusablePath};
pub use id_format::IdFormat;
pub use import::{PathRoot, PathTemplate, SessionImport};
pub use key_checksum::KeyChecksum;
pub use key_format::{Charset, KeyClass, KeyFormat};
pub use key_pattern::variable_pattern;
pub use limits::{CreateLimits, DayLimit, ListLimit, NameLimit, PermanentLimit, Quota, QuotaScope};
pub use login::{
    AccountCalls, CallWithNote, CookieLogin, ErrorMarker, PasswordLogin, RefreshCall,
    ServiceLogins, SessionFields, format_hourly_limit,
};
pub use member_reference::{FORMAT_REFERENCE, MemberReference, members};
pub use paging::{PageNumbers, PageRule, Paging};
pub use parameters::{Parameter, ParameterSource};
pub use placeholder::{Placeholder, TextTemplate, TimeForm, Values};
pub use request_need::RequestNeed;
pub use request_template::{CallHeader, CallHeaders, RequestTemplate};
pub use response_field::{ResponseField, TimeUnit};
pub use revoke_call::RevokeCall;
pub use schema::FORMAT_SCHEMA;
pub use secret_location::SecretLocation;
pub use source::{PageUrl, Source, SourceDate};
pub use template::{ActiveField, CreateBody, LoginBody, RefreshField, RequestBody, Template};
pub use token_verb::TokenVerb;
pub use tokens::{
    ActiveRule, CreateCall, GetCall, KindRule, ListCall, RevokeManyCall, RotateCall, TokenCalls,
    TokenFields, UpdateCall,
};
pub use value_types::{Endpoint, Pointer, Pointers};
