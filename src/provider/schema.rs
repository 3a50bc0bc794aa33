//! The JSON schema of the format, for editors. A test derives it from the types and from the table of members.

#[cfg(test)]
mod generate;
#[cfg(test)]
mod types;

/// The schema, as JSON without white space.
pub const FORMAT_SCHEMA: &str = include_str!(concat!(env!("OUT_DIR"), "/provider.schema.json"));
