//! Tests of the requests that descriptions lead to.

mod template_generator;
mod template_properties;
