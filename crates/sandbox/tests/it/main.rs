//! Tests of the sandbox: its services in process, through the router, and the binary `brainmaps-sandbox`.

#![expect(
    clippy::disallowed_methods,
    reason = "tests act as other programs: they create and list files"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a table of cases is one thing, however long"
)]

#[cfg(test)]
mod authorization;
#[cfg(test)]
mod basic_memory;
#[cfg(test)]
mod basira;
#[cfg(test)]
mod brainmaps;
#[cfg(test)]
mod brainpercent;
#[cfg(test)]
mod client_assertion;
#[cfg(test)]
mod client_credentials;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod device_flow;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod host_guard;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod neuroio;
#[cfg(test)]
mod oauth_errors;
#[cfg(test)]
mod openid;
#[cfg(test)]
mod page;
#[cfg(test)]
mod protected_resource;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod services;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod state;
#[cfg(test)]
mod workload;
