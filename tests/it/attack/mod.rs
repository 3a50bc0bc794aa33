//! Attacks on the real program, one file for each kind.

mod env_files;
mod failed_saves;
mod origins;
mod output;
mod rotation_rights;
mod trusted_files;
mod unintended_input;
