//! HTTP for all services: the host check, JSON request bodies, and requests to other local servers.

pub(crate) mod host_guard;
pub(crate) mod json_body;
pub(crate) mod loopback;
