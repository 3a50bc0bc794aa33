//! What a service is, as data: descriptor types, their validation, the catalog. No code per service, no I/O but
//! reading the user's own descriptions.

mod catalog;
mod check;
mod descriptor;
mod disclosure;
mod errors;
mod id_form;
mod import;
mod key_form;
mod key_owner;
mod limits;
mod login;
mod reach;
mod syntax;
mod tokens;

pub use catalog::{Catalog, Entry, ProviderError, Source};
pub use check::{Mistake, check};
pub use descriptor::{
    AccountCall, Descriptor, EnvironmentNames, HeaderForm, HeaderWord, LogoutCall, OAuth,
    SandboxPlace, SchemeWord, SpacePlaces, WorkspaceForm,
};
pub use disclosure::Disclosure;
pub use errors::{ErrorMap, Meaning, SpecialError, first_text, first_words};
pub use id_form::IdForm;
pub use import::{FilePlace, ImportForm, Root};
pub use key_form::{Alphabet, KeyForm, KeyVerdict};
pub use limits::{AtMost, Counted, CreateLimits, DayLimit, NameLimit, PermanentLimit, WordLimit};
pub use login::{
    AccountCalls, CookieLogin, ErrorMark, LoginArgument, LoginBody, Logins, NotedCall,
    PasswordLogin, RefreshCall, SessionPlaces, per_hour,
};
pub use reach::{Overreach, Permitted, reserved_for, variable_prefix};
pub use syntax::{Endpoint, HttpCall, Method, Places, Pointer};
pub use tokens::{
    ActiveRule, CreateArgument, CreateCall, Encoding, GetCall, KindRule, ListCall, Paging,
    RevokeManyCall, TokenFields, TokenVerb, Tokens, UpdateCall,
};
