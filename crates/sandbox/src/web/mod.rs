//! What every service needs of HTTP: the check of the host, and JSON request bodies.

pub(crate) mod host_guard;
pub(crate) mod json_body;
