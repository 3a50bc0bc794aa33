//! The attacks of the 2026-11 review, replayed against the real binary: one file for each kind of hole.

mod env_files;
mod failed_saves;
mod origins;
mod output;
mod rotation_rights;
mod trusted_files;
mod unintended_input;
