mod check;
mod endpoint;
mod headers;
mod location;
mod path;
mod rejection;
mod rule;
pub use rule::AllowRule;
