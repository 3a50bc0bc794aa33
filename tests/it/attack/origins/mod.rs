//! Which server receives which secret.

#[cfg(feature = "sandbox")]
mod env_keys;
#[cfg(feature = "sandbox")]
mod hints;
mod imports;
mod issuer_profiles;
mod mix_up;
mod replaced_sessions;
mod stored_endpoints;
