//! Helps to write descriptions of services: checks, adds and tries them.

pub(crate) mod add;
pub(crate) mod check;
pub(crate) mod export_rules;
mod line_changes;
pub(crate) mod location;
pub(crate) mod openapi;
pub(crate) mod skeleton;
pub(crate) mod trial;
