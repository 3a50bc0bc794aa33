//! Saves that fail: no credential is lost, and a created token that nobody holds is reported.

mod calls;
mod creations;
mod index;
mod journals;
mod locks;
