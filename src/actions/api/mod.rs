//! Requests of the user to the API of the profile's service. Must not contain calls of a service, and must not print.

pub(crate) mod call;
pub(crate) mod field;
pub(crate) mod header;
pub(crate) mod pages;
