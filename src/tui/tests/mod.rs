//! Tests of the interface without a terminal: every key in every context, every screen in three sizes, and what follows from
//! the results of tasks.

mod dialogs;
mod driver;
mod env_files;
mod findings;
mod fixture;
mod frames;
mod keys;
mod login;
mod manual;
mod rotation;
mod task_results;
mod tokens;
