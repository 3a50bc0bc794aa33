//! The page where a person lets a device in or keeps it out (RFC 8628 §3.3).

use axum::Router;

use super::oauth::Desk;

pub(super) const SCHEMA: &str = "";
pub(super) const SWEEP: &[&str] = &[];

pub(super) fn routes(_desk: &Desk) -> Router {
    Router::new()
}
