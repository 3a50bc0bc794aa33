//! Creates, lists, inspects, rotates and revokes API tokens.

pub(crate) mod argument;
pub(crate) mod create;
pub(crate) mod created_keys;
pub(crate) mod creation_record;
pub(crate) mod credential_hint;
pub(crate) mod destination;
mod deviation;
mod existing;
pub(crate) mod filter;
pub(crate) mod found_tokens;
pub(crate) mod get;
pub(crate) mod inspect;
mod kind;
pub(crate) mod list;
pub(crate) mod lookup;
pub(crate) mod order;
pub(crate) mod orphans;
mod propagation;
pub(crate) mod remembered;
pub(crate) mod revoke;
#[cfg(feature = "scan")]
mod revoke_found;
pub(crate) mod revoked_env_key;
pub(crate) mod rotate;
mod seen;
pub(crate) mod target_list;
pub(crate) mod unfinished;
