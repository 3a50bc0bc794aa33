//! Descriptions of services that the program does not ship, against scripted servers.

mod confirmation;
mod defects;
mod documents;
mod exchange;
mod fixture;
mod headers;
mod kinds;
mod paging;
mod parameters;
mod secret_ids;
mod separate_calls;
#[cfg(feature = "sandbox")]
mod service_rotation;
mod session_location;
mod templates;
mod transcripts;
mod two_values;
mod unique_names;
