//! OAuth2 for a public client: RFC 8414, 8628, 7636, 6749 §6, 7009. No service's own JSON, no storage.
