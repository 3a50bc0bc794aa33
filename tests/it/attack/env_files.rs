//! Env files: concurrent writers, byte-for-byte preservation, and keys that must not be replaced silently.
