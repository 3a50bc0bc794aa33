//! Records what the credentials of this computer are used for.

pub(crate) mod batch;
mod record;
mod view;

pub use self::view::{RecordedHandover, RecordedRequest, UsageView};
