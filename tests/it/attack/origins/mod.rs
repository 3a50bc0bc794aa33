//! Origins: which server receives which secret.

#[cfg(feature = "sandbox")]
mod env_keys;
