//! What every service needs of HTTP: the check of the host, JSON request bodies, and requests to other local servers.

pub(crate) mod host_guard;
pub(crate) mod json_body;
pub(crate) mod loopback;
