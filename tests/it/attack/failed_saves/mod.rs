//! Failed saves: no credential is lost, and a created token without a saved secret is reported.

mod calls;
mod creations;
#[cfg(target_os = "linux")]
mod full_disk;
mod index;
mod journals;
mod locks;
mod removed_profiles;
mod unlisted_creations;
