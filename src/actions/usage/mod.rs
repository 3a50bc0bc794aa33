//! Records what the credentials of this computer are used for, and derives the rights that these uses need.

pub(crate) mod batch;
pub(crate) mod narrowest;
mod record;
mod view;

pub use self::narrowest::NarrowRights;
pub use self::view::{RecordedHandover, RecordedRequest, UsageView};
