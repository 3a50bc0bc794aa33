//! Origins: which server receives which secret.

#[cfg(feature = "sandbox")]
mod env_keys;
mod mix_up;
mod stored_endpoints;
