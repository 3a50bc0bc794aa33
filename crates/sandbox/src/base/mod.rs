//! Values that every module of the crate uses: errors, secrets and times. Imports no other module.

mod error;
pub(crate) mod jwt_key;
pub(crate) mod secrets;
mod time;

pub use error::SandboxError;
pub use secrets::{CANARY, CANARY_HEX, CANARY_ID_TOKEN, CANARY_JWT};
pub use time::Clock;
pub(crate) use time::{Millis, deadline, rfc3339, to_millis};
