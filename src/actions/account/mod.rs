//! Profiles, their status and sign-out, the profile of a directory, settings, and providers.

pub(crate) mod logout;
pub(crate) mod profile_settings;
pub(crate) mod profiles;
pub(crate) mod project;
pub(crate) mod providers;
pub(crate) mod rename;
pub(crate) mod settings;
pub(crate) mod status;
