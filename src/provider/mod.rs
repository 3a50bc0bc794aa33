//! Provider descriptions: services as data, read from TOML. Their types, their validation and the catalog of all
//! descriptions. There is no code for a single service, and no I/O but reading the user's own descriptions.

mod access_policy;
mod catalog;
mod check;
mod descriptor;
mod disclosure;
mod error_map;
mod id_format;
mod import;
mod key_format;
mod key_owner;
mod limits;
mod login;
mod tokens;
mod value_types;

pub use access_policy::{
    AccessViolation, AllowedReferences, find_reserving_service, variable_prefix,
};
pub use catalog::{Catalog, CatalogEntry, DescriptorSource, ProviderError};
pub use check::{Diagnostic, check};
pub use descriptor::{
    AccountCall, AuthScheme, Descriptor, EnvironmentNames, HeaderFormat, HeaderSpelling,
    LogoutCall, OAuth, SandboxAddress, SpaceFields, WorkspaceHeader,
};
pub use disclosure::Disclosure;
pub use error_map::{ErrorMap, ErrorMeaning, SpecialError, first_text, first_texts};
pub use id_format::IdFormat;
pub use import::{PathRoot, PathTemplate, SessionImport};
pub use key_format::{Charset, KeyClass, KeyFormat};
pub use limits::{CreateLimits, DayLimit, ListLimit, NameLimit, PermanentLimit, Quota, QuotaScope};
pub use login::{
    AccountCalls, CallWithNote, CookieLogin, ErrorMarker, LoginArgument, LoginBody, PasswordLogin,
    RefreshCall, ServiceLogins, SessionFields, format_hourly_limit,
};
pub use tokens::{
    ActiveRule, CreateArgument, CreateCall, Encoding, GetCall, KindRule, ListCall, Paging,
    RevokeManyCall, TokenCalls, TokenFields, TokenVerb, UpdateCall,
};
pub use value_types::{Endpoint, HttpCall, Method, Pointer, Pointers};
