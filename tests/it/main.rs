//! Integration tests in one binary: architecture rules, the real program as a user runs it, and interoperability with
//! third-party clients and servers.

#![expect(
    clippy::disallowed_methods,
    reason = "tests act as the environment of the program: they create files and read the environment of the test run"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a table of cases is one thing, however long"
)]

#[cfg(test)]
mod api;
#[cfg(test)]
mod api_key_variable;
#[cfg(test)]
mod architecture;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod attack;
#[cfg(test)]
mod audit_log;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod broker;
#[cfg(test)]
mod browser_login;
#[cfg(test)]
mod ci;
#[cfg(test)]
mod cli_contract;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod client_credentials;
#[cfg(test)]
mod clock;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod conformance;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod contract;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod crash_recovery;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod demo;
#[cfg(test)]
mod description;
#[cfg(test)]
mod doctor;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod environment;
#[cfg(test)]
mod exec;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod faults;
#[cfg(test)]
mod fuzz_corpus;
#[cfg(test)]
mod helper;
#[cfg(test)]
mod inspect;
#[cfg(test)]
mod interop;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod interrupted_rotation;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod json_documents;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod leaks;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod least_privilege;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod memory_usage;
#[cfg(test)]
mod oauth_client;
#[cfg(test)]
mod origin;
#[cfg(test)]
mod own_service;
#[cfg(test)]
mod printed_output;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod profile_names;
#[cfg(test)]
mod project;
#[cfg(test)]
mod prompted_login;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod resource_login;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod resumed_rotation;
#[cfg(test)]
mod retry;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod rotation_hints;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod rotation_messages;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod rotation_targets;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_workflow;
#[cfg(test)]
#[cfg(feature = "scan")]
mod scan;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod scopes;
#[cfg(test)]
mod session_import;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod shell_completion;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tls;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod token_audit;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod token_lists;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod unreadable_files;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod use_cases;
#[cfg(test)]
#[cfg(all(feature = "sandbox", feature = "tui"))]
mod visual;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod workload;
