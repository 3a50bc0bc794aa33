//! Saves that fail: no credential is lost, and a created token that nobody holds is reported.
